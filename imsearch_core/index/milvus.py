"""Search with Milvus, a vector database that scales to several machines (https://milvus.io).

Embedded by default: Milvus Lite, in the folder milvus.db next to the stored embeddings. If
IMSEARCH_MILVUS_URI is set, such as http://host:19530/database, with IMSEARCH_MILVUS_TOKEN, user:password
or an API key, the same code uses a server or a cluster.

There is one Milvus collection per collection and encoder. The fingerprint of its embeddings is one of its
properties, so embeddings of different encoders are never mixed. Opening compares the pictures' stamps with
those in Milvus, inserts what is new or changed and deletes what is gone. If it is interrupted, the next
opening does the rest.
"""

import hashlib
import json
import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from imsearch_core.encoders.base import fingerprint_changes
from imsearch_core.errors import ImsearchError
from imsearch_core.files import hash_of, private_folder
from imsearch_core.index.base import EVERYTHING, Contents, Filter, GraphParameters, importing

NEEDS = ("pymilvus",)
KEEPS_ITSELF = True
URI, TOKEN = "IMSEARCH_MILVUS_URI", "IMSEARCH_MILVUS_TOKEN"

_PROPERTY = "imsearch.fingerprint"
_FILTERED = {"label": attrgetter("given_label"), "split": attrgetter("split")}
_HNSW = {"M": 16, "efConstruction": 200}
_MOST = 16_384  # the most neighbours that Milvus returns
_BATCH_BYTES = 4 << 20  # of embeddings in an insert; Milvus accepts messages of up to 64 MB
_BATCH_KEYS = 1000
_TIMEOUT = 10.0  # seconds for a call, including retries
_LOAD_TIMEOUT = 600.0
_filling = threading.Lock()  # Milvus Lite allows one writer at a time


class Parameters(GraphParameters):
    """More candidates and more nodes in view find more, more slowly."""


class MilvusIndex:
    """Asks Milvus for the nearest neighbours by cosine, at most 16,384."""

    def __init__(self, contents: Contents, parameters: Parameters) -> None:
        self.candidates_per_result = parameters.candidates_per_result
        self._ef = parameters.ef
        self._contents = contents
        self._keys = [_key(item.file) for item in contents.items]
        self._item_of = {key: i for i, key in enumerate(self._keys)}
        self._uri = os.environ.get(URI) or str(contents.cache / "milvus.db")
        self._address = re.sub(r"//[^/]*@", "//", self._uri)  # without the password
        # The store's folder is named for the pictures' folder, the encoder and its weights.
        self._name = re.sub("[^A-Za-z0-9_]", "_", f"imsearch_{'_'.join(contents.cache.parts[-2:])}")
        self._client = None
        try:
            with self._speaking():
                self._client = _connect(self._uri, os.environ.get(TOKEN, ""))
                with _filling:
                    self._prepare()
                    self._fill()
        except BaseException:
            if self._embedded:
                _release(self._uri)
            raise

    def query(self, vector: np.ndarray, k: int, only: Filter = EVERYTHING) -> tuple[np.ndarray, np.ndarray]:
        if only.items is not None:  # too many to name in an expression
            return self._contents.embeddings.nearest(vector, k, self._contents.matching(only))
        limit = min(k, _MOST)
        with self._speaking():
            (hits,) = self._client.search(
                self._name,
                data=[np.asarray(vector, np.float32)],
                anns_field="embedding",
                limit=limit,
                filter=_expression(only),
                output_fields=["key"],
                search_params={"metric_type": "COSINE", "params": {"ef": max(self._ef, limit)}},
                timeout=_TIMEOUT,
            )
        # Another program may have added pictures since we opened; they are not shown.
        found = [(self._item_of[hit["key"]], hit["distance"]) for hit in hits if hit["key"] in self._item_of]
        items = np.array([item for item, _ in found], np.int64)
        return items, np.clip(np.array([cosine for _, cosine in found], np.float32), -1, 1)

    def _prepare(self) -> None:
        """Find or create our collection in Milvus, and load it."""
        client, made_by = self._client, json.dumps(self._contents.fingerprint, sort_keys=True)
        if client.has_collection(self._name, timeout=_TIMEOUT):
            there = client.describe_collection(self._name, timeout=_TIMEOUT)
            found = there["properties"].get(_PROPERTY)
            if found != made_by:
                self._give_way(found)
            elif not {field["name"] for field in there["fields"]}.issuperset(_FILTERED):
                client.drop_collection(self._name, timeout=_TIMEOUT)  # ours, of an older version
        if not client.has_collection(self._name, timeout=_TIMEOUT):
            from pymilvus import DataType

            schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=32)
            schema.add_field("stamp", DataType.INT64)
            for name in _FILTERED:
                schema.add_field(name, DataType.INT64)
            schema.add_field("embedding", DataType.FLOAT_VECTOR, dim=self._contents.embeddings.dimension)
            index = client.prepare_index_params()
            index.add_index("embedding", index_type="HNSW", metric_type="COSINE", params=_HNSW)
            for name in _FILTERED:
                index.add_index(name, index_type="INVERTED")
            client.create_collection(
                self._name,
                schema=schema,
                index_params=index,
                properties={_PROPERTY: made_by},
                consistency_level="Session",  # a reader sees at least what it wrote
                timeout=_TIMEOUT,
            )
        client.load_collection(self._name, timeout=_LOAD_TIMEOUT)

    def _give_way(self, found: str | None) -> None:
        """Drop an embedded collection with a different fingerprint; refuse to touch one on a server."""
        if not self._embedded:
            changes = _changes(found, self._contents.fingerprint)
            raise ImsearchError(
                f"the collection {self._name} of Milvus at {self._address} holds embeddings that were made "
                f"differently ({changes}): they cannot be mixed. Drop that collection, or "
                f"name another database at the end of {URI}"
            )
        self._client.drop_collection(self._name, timeout=_TIMEOUT)

    def _fill(self) -> None:
        """Make Milvus hold exactly our pictures."""
        contents, client = self._contents, self._client
        held: dict[str, int] = {}
        pages = client.query_iterator(
            self._name,
            batch_size=_BATCH_KEYS,
            output_fields=["key", "stamp"],
            consistency_level="Strong",  # including what other programs wrote
            timeout=_TIMEOUT,
        )
        while page := pages.next():
            held |= {row["key"]: row["stamp"] for row in page}
        pages.close()
        stamps = [hash_of(*item.version, item.given_label, item.split) for item in contents.items]
        changed = [i for i, key in enumerate(self._keys) if held.get(key) != stamps[i]]
        step = max(1, _BATCH_BYTES // (4 * contents.embeddings.dimension))
        for start in range(0, len(changed), step):
            rows = [
                {
                    "key": self._keys[i],
                    "stamp": stamps[i],
                    **{name: hash_of(of(contents.items[i])) for name, of in _FILTERED.items()},
                    "embedding": contents.embeddings[i],
                }
                for i in changed[start : start + step]
            ]
            with self._speaking(f"{start} of {len(changed)} pictures were sent and are kept"):
                client.upsert(self._name, rows, timeout=_TIMEOUT)
        gone = [key for key in held if key not in self._item_of]
        for start in range(0, len(gone), _BATCH_KEYS):
            client.delete(self._name, ids=gone[start : start + _BATCH_KEYS], timeout=_TIMEOUT)
        if self._embedded and (changed or gone):
            # Until they are flushed, Milvus Lite searches embeddings without a graph, 100 times more slowly.
            client.flush(self._name, timeout=_LOAD_TIMEOUT)

    @property
    def _embedded(self) -> bool:
        return self._uri.endswith(".db")

    @contextmanager
    def _speaking(self, so_far: str = "") -> Iterator[None]:
        """Turn any error of Milvus into an ImsearchError with the address and a remedy."""
        import grpc  # installed with pymilvus, like the next
        from pymilvus.exceptions import MilvusException

        try:
            yield
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError, ValueError) as error:
            raise ImsearchError(self._explained(error, so_far)) from error

    def _explained(self, error: Exception, so_far: str) -> str:
        import grpc

        status, details = _grpc_status(error)
        said = details or getattr(error, "message", None) or str(error)
        resume = f" {so_far}: search again to continue." if so_far else ""
        if status == grpc.StatusCode.UNAUTHENTICATED or "auth check failure" in said:
            return (
                f"Milvus at {self._address} refuses the token ({said}): set {TOKEN} to user:password "
                f"or an API key"
            )
        if self._embedded:
            if self._client is None and (reason := _why_not_opened(Path(self._uri))):
                return f"the embedded Milvus in {self._uri} cannot be opened: {reason}"
            return (
                f"the embedded Milvus in {self._uri} failed ({said}).{resume} If it fails again, delete that "
                f"folder to have it filled again, or use the engine exact"
            )
        return (
            f"Milvus at {self._address} cannot be reached or failed ({said}).{resume} Start it, "
            f"correct {URI}, or use the engine exact"
        )


def open_index(contents: Contents, parameters: Parameters) -> MilvusIndex:
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # it would write to the terminal when a machine is busy
    with importing("milvus", "pip install -r requirements-milvus.txt"):
        import pymilvus  # noqa: F401
    return MilvusIndex(contents, parameters)


def _connect(uri: str, token: str) -> Any:
    from pymilvus import MilvusClient

    for name in ("pymilvus", "milvus_lite", "grpc._server"):  # our own errors report what goes wrong
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # Without this, gRPC makes a new connection wait as long as the one that was lost.
    options = {"grpc.use_local_subchannel_pool": 1}
    if uri.endswith(".db"):
        private_folder(Path(uri).parent)
        options["grpc.enable_http_proxy"] = 0  # it runs on this machine
    return MilvusClient(uri, token=token, timeout=_TIMEOUT, grpc_options=options)


def _release(uri: str) -> None:
    """Stop the server that Milvus Lite runs in this process, so that its folder can be deleted."""
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_server(uri)


def _why_not_opened(folder: Path) -> str:
    """Why Milvus Lite does not open a folder, which its client does not report; empty if it does."""
    from milvus_lite import MilvusLite
    from milvus_lite.exceptions import DataDirLockedError

    try:
        MilvusLite(str(folder)).close()
    except DataDirLockedError:
        return "another program has it open. End that one, or run a Milvus server and set " + URI
    except Exception as error:  # a damaged folder may raise anything
        return f"{error}. Delete the folder to have it filled again"
    return ""


def _grpc_status(error: BaseException) -> tuple[Any, str]:
    """The status code and details of the gRPC error that caused another; (None, "") if there is none."""
    chain = []
    while error is not None and error not in chain:  # pymilvus raises errors from themselves
        if callable(code := getattr(error, "code", None)):
            return code(), (error.details() or "") if hasattr(error, "details") else ""
        chain.append(error)
        error = error.__cause__
    return None, ""


def _changes(found: str | None, made_by: dict[str, Any]) -> str:
    try:
        return fingerprint_changes(json.loads(found or ""), made_by)
    except (ValueError, AttributeError):
        return "not by Imsearch"


def _key(file: str) -> str:
    """32 hexadecimal digits for a file: names may be too long for Milvus, or invalid text."""
    return hashlib.blake2b(os.fsencode(file), digest_size=16).hexdigest()


def _expression(only: Filter) -> str:
    """The filter in Milvus's language; empty if everything may be found.

    It holds hashes: labels may be hostile text.
    """
    wanted = {name: getattr(only, name) for name in _FILTERED}
    return " and ".join(f"{name} == {hash_of(value)}" for name, value in wanted.items() if value is not None)
