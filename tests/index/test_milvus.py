"""The engine milvus against the real embedded engine, in process and over a network that fails."""

import base64
import builtins
import contextlib
import shutil
import socket
import subprocess
import sys
import threading
from concurrent import futures
from dataclasses import replace
from operator import attrgetter

import grpc
import numpy as np
import pytest
from milvus_lite import MilvusLite
from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.server_manager import server_manager_instance
from pymilvus import MilvusClient
from pymilvus.grpc_gen import milvus_pb2_grpc

from imsearch_core import Collection, ImsearchError, UsageError
from imsearch_core.bench.milvus import bench_milvus
from imsearch_core.datasets import Item
from imsearch_core.index import Contents, Filter, engines, installed_engines, milvus, open_index
from imsearch_core.vectors.embeddings import Embeddings
from tests.conftest import ROOT, draw
from tests.faults.planted import plant

N, D = 300, 16
TOKEN = "imsearch:secret"
HOSTILE = ['cat" or 1 == 1 or "', "o'clock", "a\\", "{x}", "名前", "new\nline", "\udcff", ""]


@pytest.fixture
def contents(tmp_path):
    """300 embeddings whose items bear hostile labels in turn."""
    matrix = np.maximum(np.random.default_rng(0).normal(size=(N, D)), 0).astype(np.float32)
    items = [Item(f"{i}.jpg", HOSTILE[i % len(HOSTILE)], (), i, i) for i in range(N)]
    made_by = {"encoder": "a", "weights": "1", "dimension": D}
    yield Contents(Embeddings(matrix, np.arange(N)), items, made_by, tmp_path / "cache", "v")
    server_manager_instance.release_server(str(tmp_path / "cache" / "milvus.db"))


@pytest.fixture
def written(monkeypatch):
    """The keys that are inserted and deleted, as they are sent."""
    sent = {"upsert": [], "delete": []}
    upsert, delete = MilvusClient.upsert, MilvusClient.delete

    def noted_upsert(client, name, data, **options):
        sent["upsert"] += [row["key"] for row in data]
        return upsert(client, name, data, **options)

    def noted_delete(client, name, ids, **options):
        sent["delete"] += ids
        return delete(client, name, ids, **options)

    monkeypatch.setattr(MilvusClient, "upsert", noted_upsert)
    monkeypatch.setattr(MilvusClient, "delete", noted_delete)
    return sent


@pytest.fixture
def server(tmp_path_factory, monkeypatch):
    """A server that wants a token, at the address in the environment: Milvus Lite behind such a check."""

    class Authorised(grpc.ServerInterceptor):
        def intercept_service(self, go_on, call):
            given = dict(call.invocation_metadata).get("authorization", "")
            if given and base64.b64decode(given).decode() == TOKEN:
                return go_on(call)

            def refuse(request, context):
                context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure, please check the token")

            return grpc.unary_unary_rpc_method_handler(refuse)

    database = MilvusLite(str(tmp_path_factory.mktemp("server") / "data"))
    running = grpc.server(futures.ThreadPoolExecutor(4), interceptors=[Authorised()])
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(database), running)
    port = running.add_insecure_port("127.0.0.1:0")
    running.start()
    monkeypatch.setenv(milvus.URI, f"http://127.0.0.1:{port}")
    monkeypatch.setenv(milvus.TOKEN, TOKEN)
    monkeypatch.setattr(milvus, "_TIMEOUT", 6.0)
    yield port
    running.stop(0).wait()
    database.close()


class Wire:
    """A TCP proxy that can be cut after a number of bytes have gone to the server, and mended again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._left = None
        self._ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, size: int | None) -> None:
        self._left = size

    def close(self) -> None:
        self._listening.close()
        self._hang_up(*self._ends)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = self._listening.accept()[0]
                if self._left is not None and self._left <= 0:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._port))
                self._ends += [client, server]
                threading.Thread(target=self._pump, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, client, False), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                if counted and self._left is not None:
                    self._left -= len(data)
                    if self._left <= 0:
                        break
                target.sendall(data)
        self._hang_up(source, target)  # and nobody else: a new connection may be there by now

    def _hang_up(self, *ends: socket.socket) -> None:
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def wire(server, monkeypatch):
    """A proxy in front of the server, at the address in the environment."""
    wire = Wire(server)
    monkeypatch.setenv(milvus.URI, f"http://127.0.0.1:{wire.port}")
    yield wire
    wire.close()


def held(contents) -> set[str]:
    """The keys that Milvus holds for `contents`."""
    index = open_index("milvus", contents)
    rows = index._client.query(index._name, filter="", output_fields=["key"], limit=10_000)
    return {row["key"] for row in rows}


def test_only_changes_are_inserted_and_removed_pictures_are_deleted(contents, written):
    open_index("milvus", contents)
    assert len(written["upsert"]) == N
    written["upsert"].clear()
    open_index("milvus", contents)
    assert written == {"upsert": [], "delete": []}
    items = list(contents.items)
    items[3] = replace(items[3], modified_ns=99)
    items[5] = replace(items[5], given_label="dog")
    open_index("milvus", replace(contents, items=items))
    assert written["upsert"] == [milvus._key("3.jpg"), milvus._key("5.jpg")]
    fewer = replace(contents, items=items[:-2])
    index = open_index("milvus", fewer)
    assert sorted(written["delete"]) == sorted([milvus._key("298.jpg"), milvus._key("299.jpg")])
    assert sorted(index.query(contents.embeddings[0], N)[0].tolist()) == list(range(N - 2))
    assert index.query(contents.embeddings[0], 5, Filter("dog"))[0].tolist() == [5]


def test_labels_may_hold_any_characters(contents):
    index = open_index("milvus", contents)
    for label in HOSTILE:
        found, _ = index.query(contents.embeddings[0], N, Filter(label))
        assert sorted(found.tolist()) == contents.matching(Filter(label)).tolist()


def test_a_collection_without_splits_from_an_older_version_is_made_again(contents, written, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(milvus, "_FILTERED", {"label": attrgetter("given_label")})
        open_index("milvus", contents)
    written["upsert"].clear()
    items = [replace(item, split="test" if i % 3 else "train") for i, item in enumerate(contents.items)]
    index = open_index("milvus", replace(contents, items=items))
    assert len(written["upsert"]) == N
    found, _ = index.query(contents.embeddings[0], N, Filter(split="train"))
    assert sorted(found.tolist()) == list(range(0, N, 3))


def test_what_is_stored_is_found_again_by_another_process(contents, written, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # no way to an embedded engine
    open_index("milvus", contents)
    server_manager_instance.release_server(str(contents.cache / "milvus.db"))
    written["upsert"].clear()
    assert len(open_index("milvus", contents).query(contents.embeddings[0], 5)[0]) == 5
    assert written["upsert"] == []


def test_an_embedded_collection_of_another_encoder_is_made_again(contents, written):
    open_index("milvus", contents)
    written["upsert"].clear()
    open_index("milvus", replace(contents, fingerprint={**contents.fingerprint, "weights": "2"}))
    assert len(written["upsert"]) == N


def test_a_servers_collection_of_another_encoder_is_refused_and_left_as_it_is(server, contents):
    before = held(contents)
    other = replace(contents, fingerprint={**contents.fingerprint, "encoder": "b"})
    with pytest.raises(
        ImsearchError, match=rf"127\.0\.0\.1:{server} .*encoder a → b.*cannot be mixed.*database"
    ):
        open_index("milvus", other)
    assert held(contents) == before


def test_a_server_is_used_like_the_embedded_engine(server, contents):
    index = open_index("milvus", contents)
    items, cosines = index.query(contents.embeddings[7], 5)
    expected = contents.embeddings.nearest(contents.embeddings[7], 5)
    assert items.tolist() == expected[0].tolist()
    assert np.allclose(cosines, expected[1], atol=1e-5)
    assert not (contents.cache / "milvus.db").exists()


@pytest.mark.parametrize("token", ["imsearch:wrong", ""])
def test_a_wrong_token_is_named_with_the_address_and_the_variable(server, contents, monkeypatch, token):
    monkeypatch.setenv(milvus.TOKEN, token)
    with pytest.raises(
        ImsearchError, match=rf"127\.0\.0\.1:{server} refuses the token.*{milvus.TOKEN}"
    ) as told:
        open_index("milvus", contents)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1:9", "http://me:secret@127.0.0.1:9", "nonsense", "http://h:port"]
)
def test_a_server_that_is_down_is_named_with_what_to_do(contents, monkeypatch, uri):
    monkeypatch.setenv(milvus.URI, uri)
    address = uri.replace("me:secret@", "")
    with pytest.raises(
        ImsearchError, match=rf"{address} cannot be reached.*{milvus.URI}.*engine exact"
    ) as told:
        open_index("milvus", contents)
    assert "secret" not in str(told.value)


def test_a_connection_lost_while_inserting_is_reported_and_the_next_opening_continues(
    wire, contents, written, monkeypatch
):
    monkeypatch.setattr(milvus, "_BATCH_BYTES", 4 * D * 20)  # 20 images at a time
    wire.cut_after(20_000)
    with pytest.raises(
        ImsearchError, match=rf"127\.0\.0\.1:{wire.port} cannot be reached.*are kept: search again"
    ):
        open_index("milvus", contents)
    sent = len(written["upsert"])
    assert 20 < sent < N
    written["upsert"].clear()
    wire.cut_after(None)
    assert held(contents) == {milvus._key(item.file) for item in contents.items}
    assert N - sent <= len(written["upsert"]) <= N - sent + 20  # all but what had arrived


def test_a_connection_lost_between_searches_is_reported_and_made_again(wire, contents):
    index = open_index("milvus", contents)
    wire.cut_after(1)
    with pytest.raises(ImsearchError, match="cannot be reached"):
        index.query(contents.embeddings[0], 5)
    wire.cut_after(None)
    assert len(index.query(contents.embeddings[0], 5)[0]) == 5


def test_an_embedded_engine_that_another_program_has_open_is_explained(contents):
    folder = contents.cache / "milvus.db"
    code = (
        f"import sys; from milvus_lite import MilvusLite; open_one = MilvusLite({str(folder)!r}); "
        "print('open', flush=True); sys.stdin.read()"
    )
    contents.cache.mkdir()
    other = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(ImsearchError, match=rf"{folder} cannot be opened: another program.*{milvus.URI}"):
            open_index("milvus", contents)
    finally:
        other.communicate()
    assert len(open_index("milvus", contents).query(contents.embeddings[0], 5)[0]) == 5


@pytest.mark.parametrize("damaged", ["schema.json", "*.hnsw.idx", "*.parquet"])
def test_a_damaged_embedded_engine_says_what_to_delete_and_is_filled_again(contents, damaged):
    open_index("milvus", contents)
    folder = contents.cache / "milvus.db"
    server_manager_instance.release_server(str(folder))
    for file in folder.rglob(damaged):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(ImsearchError, match=rf"{folder} failed .*delete that folder") as told:
        open_index("milvus", contents)
    assert "another program" not in str(told.value)
    shutil.rmtree(folder)
    assert len(open_index("milvus", contents).query(contents.embeddings[0], 5)[0]) == 5


def test_an_embedded_engine_that_cannot_be_written_is_explained(contents):
    contents.cache.mkdir()
    (contents.cache / "milvus.db").write_text("in the way")
    with pytest.raises(ImsearchError, match=r"milvus\.db cannot be opened: .*Delete"):
        open_index("milvus", contents)


def test_a_missing_milvus_is_explained_with_what_to_install(contents, monkeypatch):
    real_import = builtins.__import__

    def without_pymilvus(name, *rest):
        if name == "pymilvus":
            raise ImportError("No module named 'pymilvus'")
        return real_import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_pymilvus)
    with pytest.raises(ImsearchError, match=r"pip install -r requirements-milvus\.txt"):
        open_index("milvus", contents)


def test_pages_offer_milvus_only_where_it_is_installed(monkeypatch):
    assert "milvus" in installed_engines()
    monkeypatch.setattr("imsearch_core.index.find_spec", lambda name: None)
    assert "milvus" in engines()
    assert "milvus" not in installed_engines()


@pytest.mark.parametrize("parameters", ["candidates_per_result=0", "ef=40000"])
def test_invalid_parameters_are_refused(contents, parameters):
    with pytest.raises(UsageError, match="candidates_per_result is 1 to"):
        open_index(f"milvus:{parameters}", contents)


def test_a_collection_is_searched_as_if_every_image_were_compared_and_measured_so(pictures):
    for seed in range(6):
        draw(100 + seed).save(pictures / "green" / f"more-{seed}.jpg")
    photos = Collection.open(plant(pictures))
    try:
        for way in ({}, {"focus": 284}, {"focus": 284, "strength": 0.5}, {"focus": 284, "strength": 0}):
            for label in (None, "green"):
                exact, fetched = (
                    photos.search("red/1.jpg", label=label, engine=engine, **way)
                    for engine in ("exact", "milvus")
                )
                assert [r.file for r in fetched.results] == [r.file for r in exact.results]
                for one, other in zip(fetched.results, exact.results, strict=True):
                    assert (one.cosine, one.score) == pytest.approx((other.cosine, other.score), abs=1e-4)
                    assert one.percentile == pytest.approx(other.percentile)
        measured = bench_milvus(pictures)
        images, *_, on_disk = measured["filling"]
        assert images.value == 18
        assert on_disk.value > 1280
        assert {row.method: row.recall for row in measured["searches"]} == {
            "plain": 1,
            "reweigh": 1,
            "focus": 1,
        }
    finally:
        server_manager_instance.release_server(str(photos.cache / "milvus.db"))


def test_twelve_pictures_are_too_few_to_measure(pictures):
    with pytest.raises(UsageError, match="at least 18"):
        bench_milvus(plant(pictures))


def test_searching_with_another_engine_does_not_import_milvus(pictures):
    plant(pictures)
    code = (
        "import sys; from imsearch_core import Collection; "
        f"Collection.open({str(pictures)!r}).search('red/1.jpg'); "
        "sys.exit('pymilvus' in sys.modules or 'grpc' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
