"""Embeddings on disk: written whole, read back equal, never mixed, never silently wrong."""

import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from imsearch_core.encoders import ClassHead
from imsearch_core.errors import ImsearchError
from imsearch_core.store import EmbeddingStore, store_path
from tests.stored import row_of

D = 8
FINGERPRINT = {"encoder": "e", "weights": "abcdef0123456789", "dimension": D}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store"


def embeddings(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, D)).astype(np.float32)


def fill(path: Path, n: int = 6, seed: int = 0) -> np.ndarray:
    rows = embeddings(n, seed)
    with EmbeddingStore(path, FINGERPRINT).writing() as writer:
        writer.add([(f"{i}.jpg", 10 + i, 100 + i) for i in range(n)], rows)
    return rows


def stored(store: EmbeddingStore) -> dict[str, np.ndarray]:
    snapshot = store.read()
    return {file: np.array(snapshot.matrix[row]) for file, row in row_of(snapshot).items()}


def test_what_is_stored_is_read_back_equal(path):
    rows = fill(path)
    snapshot = EmbeddingStore(path, FINGERPRINT).read()
    assert snapshot.files == [f"{i}.jpg" for i in range(6)]
    assert snapshot.stamps[["size", "modified_ns"]].tolist() == [(10 + i, 100 + i) for i in range(6)]
    assert np.array_equal(snapshot.matrix[snapshot.stamps["row"]], rows)


def test_an_absent_store_is_empty_and_reading_it_writes_nothing(path):
    store = EmbeddingStore(path, FINGERPRINT)
    assert len(store.read().files) == 0
    assert not path.exists()
    assert store.notes == []


def test_skipped_files_are_remembered_with_their_reason(path):
    with EmbeddingStore(path, FINGERPRINT).writing() as writer:
        writer.skip([("bad.jpg", 3, 4)], ["the file is empty"])
    snapshot = EmbeddingStore(path, FINGERPRINT).read()
    assert (snapshot.files, row_of(snapshot)) == (["bad.jpg"], {})
    assert snapshot.reasons == {"bad.jpg": "the file is empty"}


@pytest.mark.parametrize(
    "name", ["a\nb.jpg", "'\";--.jpg", "ünï🐈.jpg", os.fsdecode(b"\xff\xfe.jpg"), "x" * 255]
)
def test_any_file_name_survives(path, name):
    with EmbeddingStore(path, FINGERPRINT).writing() as writer:
        writer.add([(name, 1, 2)], embeddings(1))
    assert EmbeddingStore(path, FINGERPRINT).read().files == [name]


def test_a_changed_file_gets_its_new_embedding_and_a_removed_one_goes(path):
    fill(path, 3)
    new = embeddings(1, seed=9)
    with EmbeddingStore(path, FINGERPRINT).writing() as writer:
        writer.add([("1.jpg", 99, 99)], new)
        writer.remove(["0.jpg"])
    found = stored(EmbeddingStore(path, FINGERPRINT))
    assert sorted(found) == ["1.jpg", "2.jpg"]
    assert np.array_equal(found["1.jpg"], new[0])


def test_the_version_changes_with_every_change(path):
    store = EmbeddingStore(path, FINGERPRINT)
    fill(path, 2)
    versions = [store.read().version]
    for change in (lambda w: w.add([("new", 1, 1)], embeddings(1)), lambda w: w.remove(["new"])):
        with store.writing() as writer:
            change(writer)
        versions.append(store.read().version)
    assert len(set(versions)) == 3
    assert store.read().version == versions[-1]


def test_rows_of_an_earlier_reader_stay_as_they_were(path):
    rows = fill(path, 4)
    before = EmbeddingStore(path, FINGERPRINT).read()
    with EmbeddingStore(path, FINGERPRINT).writing() as writer:
        for seed in range(1, 5):
            writer.add([(f"{i}.jpg", 0, seed) for i in range(4)], embeddings(4, seed))
        writer.compact()
    assert np.array_equal(before.matrix[before.stamps["row"]], rows)


def test_compacting_gives_space_back_and_keeps_every_embedding(path):
    for seed in range(5):
        rows = fill(path, 10, seed)
    (matrix,) = path.glob("embeddings-*.f32")
    assert matrix.stat().st_size == 50 * D * 4
    with EmbeddingStore(path, FINGERPRINT).writing() as writer:
        writer.compact()
    (matrix,) = path.glob("embeddings-*.f32")
    assert matrix.stat().st_size == 10 * D * 4
    assert np.array_equal([stored(EmbeddingStore(path, FINGERPRINT))[f"{i}.jpg"] for i in range(10)], rows)


def test_a_store_of_another_fingerprint_is_never_read_and_the_reason_is_given(path):
    fill(path)
    other = {**FINGERPRINT, "preprocessing": "squashed"}
    store = EmbeddingStore(path, other)
    assert len(store.read().files) == 0
    assert "preprocessing None → squashed" in store.notes[0]
    with store.writing() as writer:
        writer.add([("a.jpg", 1, 1)], embeddings(1))
    assert EmbeddingStore(path, other).read().files == ["a.jpg"]


def test_a_store_of_another_format_is_rebuilt_and_said_so(path):
    fill(path)
    with sqlite3.connect(path / "rows.sqlite") as database:
        database.execute("UPDATE facts SET value = 'another' WHERE name = 'format'")
    store = EmbeddingStore(path, FINGERPRINT)
    assert len(store.read().files) == 0
    assert "another version" in store.notes[0]
    rows = fill(path)
    assert np.array_equal([stored(EmbeddingStore(path, FINGERPRINT))[f"{i}.jpg"] for i in range(6)], rows)


def test_stores_of_other_folders_encoders_and_weights_lie_apart(tmp_path):
    paths = {
        store_path(folder, {**FINGERPRINT, "encoder": encoder, "weights": weights})
        for folder in (tmp_path / "a" / "x", tmp_path / "b" / "x")
        for encoder in ("e", "f")
        for weights in ("1" * 64, "2" * 64)
    }
    assert len(paths) == 8


@pytest.mark.parametrize("seed", range(20))
def test_a_flipped_bit_in_the_embeddings_is_found_and_only_that_image_is_dropped(path, seed):
    fill(path)
    matrix = path / "embeddings-0.f32"
    content = bytearray(matrix.read_bytes())
    position = int(np.random.default_rng(seed).integers(len(content) * 8))
    content[position // 8] ^= 1 << position % 8
    matrix.write_bytes(content)
    store = EmbeddingStore(path, FINGERPRINT)
    files = set(store.read().files)
    assert files == {f"{i}.jpg" for i in range(6)} - {f"{position // 8 // (4 * D)}.jpg"}
    assert "1 damaged embedding made again" in store.notes[0]


@pytest.mark.parametrize("length", [0, 1, D * 4, D * 4 * 3 + 5])
def test_a_cut_off_matrix_loses_only_the_rows_that_are_gone(path, length):
    fill(path)
    os.truncate(path / "embeddings-0.f32", length)
    store = EmbeddingStore(path, FINGERPRINT)
    assert list(store.read().files) == [f"{i}.jpg" for i in range(length // (4 * D))]
    with store.writing() as writer:
        writer.add([("5.jpg", 15, 105)], embeddings(1, 7))
    assert np.array_equal(stored(EmbeddingStore(path, FINGERPRINT))["5.jpg"], embeddings(1, 7)[0])


@pytest.mark.parametrize("damage", ["garbage", "empty", "half", "no tables", "no matrix"])
def test_a_damaged_store_is_rebuilt_and_said_so(path, damage):
    fill(path)
    database = path / "rows.sqlite"
    content = database.read_bytes()
    if damage == "garbage":
        database.write_bytes(b"not a database at all" * 100)
    elif damage == "empty":
        database.write_bytes(b"")
    elif damage == "half":
        database.write_bytes(content[: len(content) // 2])
    elif damage == "no tables":
        database.unlink()
        sqlite3.connect(database).close()
    else:
        (path / "embeddings-0.f32").unlink()
    store = EmbeddingStore(path, FINGERPRINT)
    assert len(store.read().files) == 0
    with store.writing() as writer:
        writer.add([("a.jpg", 1, 1)], embeddings(1))
    assert EmbeddingStore(path, FINGERPRINT).read().files == ["a.jpg"]
    if damage not in ("empty", "no tables"):  # those are what a killed first run leaves behind
        assert "damaged" in store.notes[0]


@pytest.mark.parametrize("seed", range(30))
def test_bytes_flipped_in_the_database_never_give_a_wrong_embedding(path, seed):
    rows = fill(path, 40)
    database = path / "rows.sqlite"
    content = bytearray(database.read_bytes())
    rng = np.random.default_rng(seed)
    for position in rng.integers(0, len(content), 40):
        content[position] = rng.integers(256)
    database.write_bytes(content)
    for file, embedding in stored(EmbeddingStore(path, FINGERPRINT)).items():
        assert any(np.array_equal(embedding, row) for row in rows), file
    with EmbeddingStore(path, FINGERPRINT).writing() as writer:
        writer.add([("new.jpg", 1, 1)], embeddings(1, 5))
    assert np.array_equal(stored(EmbeddingStore(path, FINGERPRINT))["new.jpg"], embeddings(1, 5)[0])


def test_an_entry_whose_file_name_is_damaged_goes_with_the_next_change(path):
    rows = fill(path)
    with sqlite3.connect(path / "rows.sqlite") as database:
        database.execute("UPDATE images SET file = CAST('7.jpg' AS BLOB) WHERE file = CAST('3.jpg' AS BLOB)")
    store = EmbeddingStore(path, FINGERPRINT)
    assert stored(store).keys() == {"0.jpg", "1.jpg", "2.jpg", "4.jpg", "5.jpg"}
    assert "1 damaged embedding made again" in store.notes[0]
    with store.writing() as writer:
        writer.add([("3.jpg", 13, 103)], rows[3:4])
    again = EmbeddingStore(path, FINGERPRINT)
    assert stored(again).keys() == {f"{i}.jpg" for i in range(6)}
    assert again.notes == []


def test_the_class_head_is_read_back_equal_and_a_damaged_one_is_none(path):
    store = EmbeddingStore(path, FINGERPRINT)
    assert store.read_head() is None
    head = ClassHead(np.eye(D, 1000, dtype=np.float32), np.arange(1000, dtype=np.float32))
    store.write_head(head)
    saved = store.read_head()
    assert np.array_equal(saved.weights, head.weights)
    assert np.array_equal(saved.bias, head.bias)
    os.truncate(path / "head.npz", 1000)
    assert EmbeddingStore(path, FINGERPRINT).read_head() is None


def test_a_place_that_cannot_be_written_is_named_with_the_way_out(tmp_path):
    (tmp_path / "file").write_text("in the way")
    store = EmbeddingStore(tmp_path / "file" / "store", FINGERPRINT)
    with pytest.raises(ImsearchError, match="IMSEARCH_HOME") as raised, store.writing():
        pass
    assert str(tmp_path / "file") in str(raised.value)


def test_an_encoder_without_a_head_is_remembered_as_such(path):
    store = EmbeddingStore(path, FINGERPRINT)
    assert store.lacks_head()
    store.write_head(None)
    assert store.read_head() is None
    assert not store.lacks_head()


def test_a_store_lies_in_one_folder_whatever_its_encoder_is_called(tmp_path):
    plain = store_path(tmp_path, FINGERPRINT | {"encoder": "efficientnet-lite0"})
    named = store_path(tmp_path, FINGERPRINT | {"encoder": "hub:someone/clip:int8"})
    assert plain.name == "efficientnet-lite0-abcdef01"
    assert named.parent == plain.parent
    assert named.name == "hub-someone-clip-int8-abcdef01"


def test_files_are_found_by_name_in_any_order(path):
    with EmbeddingStore(path, FINGERPRINT).writing() as writer:
        writer.add([("b", 1, 1), ("a", 1, 1), ("c", 1, 1)], embeddings(3))
    snapshot = EmbeddingStore(path, FINGERPRINT).read()
    assert snapshot.rows(["a", "b", "c"]).tolist() == [1, 0, 2]
    assert snapshot.rows(["c", "x", "a"]).tolist() == [2, -1, 1]
