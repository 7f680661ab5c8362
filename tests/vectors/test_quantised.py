"""The compact copy of large collections: small errors, exact results, never silently wrong."""

import os

import numpy as np
import pytest

from imsearch_core import Collection, ImsearchError
from imsearch_core.store import EmbeddingStore
from imsearch_core.vectors.embeddings import Embeddings, best
from imsearch_core.vectors.quantised import read_quantised, write_quantised

D = 64
FINGERPRINT = {"encoder": "e", "weights": "abcdef0123456789", "dimension": D}


def embeddings(n: int, seed: int = 0) -> np.ndarray:
    """Clustered, as those of pictures are, and after a ReLU."""
    rng = np.random.default_rng(seed)
    centres = np.maximum(rng.normal(size=(20, D)), 0)
    rows = np.maximum(centres[rng.integers(0, 20, n)] + 0.3 * rng.normal(size=(n, D)), 0)
    return rows.astype(np.float32)


@pytest.fixture
def copied(tmp_path):
    """3000 embeddings, one of them zeros, and their compact copy."""
    rows = embeddings(3000)
    rows[7] = 0
    rows.tofile(tmp_path / "m.f32")
    write_quantised(tmp_path / "m.f32", 3000, D, lambda first, block: None)
    return rows, read_quantised(tmp_path / "m.f32", 3000, D), tmp_path / "m.f32"


def test_products_are_right_to_half_a_step_of_every_number(copied):
    rows, quantised, _ = copied
    vector = np.random.default_rng(1).normal(size=D).astype(np.float32)
    step = np.abs(rows).max(axis=1) / 127
    assert np.all(np.abs(quantised.dot(vector) - rows @ vector) <= step / 2 * np.abs(vector).sum() + 1e-4)
    assert np.allclose(quantised.squares(vector**2), (rows * vector) ** 2 @ np.ones(D), rtol=0.03, atol=0.02)
    assert np.allclose(quantised.norms, np.linalg.norm(rows, axis=1))


@pytest.mark.parametrize("scattered", [False, True])
def test_the_nearest_are_the_true_ones_with_exact_cosines(copied, scattered):
    rows, quantised, _ = copied
    order = np.random.default_rng(2).permutation(3000)[:2000] if scattered else np.arange(3000)
    approximate, exact = Embeddings(rows, order, quantised), Embeddings(rows, order)
    hits = 0
    for query in range(0, 2000, 20):
        items, cosines = approximate.nearest(exact[query], 10)
        assert np.allclose(cosines, exact.cosines_to(exact[query])[items], atol=1e-6)
        hits += len(set(items.tolist()) & set(exact.nearest(exact[query], 10)[0].tolist()))
    assert hits / 1000 >= 0.99


def test_extending_a_copy_gives_a_new_one_and_reads_only_new_blocks(copied):
    rows, _, path = copied
    more = np.concatenate([rows, embeddings(100, 9)])
    more.tofile(path)
    read = []
    write_quantised(path, 3100, D, lambda first, block: read.append(first))
    assert read == [2048, 3072]
    extended = read_quantised(path, 3100, D)
    anew = path.with_name("n.f32")
    more.tofile(anew)
    write_quantised(anew, 3100, D, lambda first, block: None)
    vector = np.ones(D, np.float32)
    assert np.array_equal(extended.dot(vector), read_quantised(anew, 3100, D).dot(vector))
    assert np.allclose(extended.dot(vector), more.sum(axis=1), rtol=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_a_flipped_bit_of_the_copy_is_found_before_it_is_used(copied, seed):
    _, _, path = copied
    codes = path.with_suffix(".i8")
    content = bytearray(codes.read_bytes())
    position = int(np.random.default_rng(seed).integers(len(content) * 8))
    content[position // 8] ^= 1 << position % 8
    codes.write_bytes(content)
    with pytest.raises(ImsearchError, match="made again"):
        read_quantised(path, 3000, D).dot(np.ones(D, np.float32))
    assert read_quantised(path, 3000, D) is None  # cleared away


@pytest.mark.parametrize("name", ["m.i8", "m.npz"])
@pytest.mark.parametrize("keep", [0, 0.5, 0.99])
def test_a_truncated_copy_is_not_used(copied, name, keep):
    _, _, path = copied
    os.truncate(path.with_name(name), int(path.with_name(name).stat().st_size * keep))
    assert read_quantised(path, 3000, D) is None


@pytest.fixture
def large(monkeypatch):
    """Stores of more than a kilobyte count as large."""
    monkeypatch.setattr("imsearch_core.vectors.quantised.QUANTISE_ABOVE", 1000)


def fill(store: EmbeddingStore, n: int) -> np.ndarray:
    rows = embeddings(n)
    with store.writing() as writer:
        writer.add([(f"{i:03}.jpg", 10 + i, 100 + i) for i in range(n)], rows)
        writer.quantise()
    return rows


def test_a_damaged_embedding_of_a_large_store_is_found_when_it_is_read_and_forgotten(large, tmp_path):
    store = EmbeddingStore(tmp_path / "store", FINGERPRINT)
    rows = fill(store, 50)
    with (tmp_path / "store" / "embeddings-0.f32").open("r+b") as matrix:
        matrix.seek(20 * 4 * D + 17)
        matrix.write(b"\x55")
    snapshot = store.read()
    opened = Embeddings(snapshot.matrix, np.arange(50), snapshot.quantised, snapshot.check)
    assert np.array_equal(opened[19], rows[19])
    with pytest.raises(ImsearchError, match=r"020\.jpg is damaged: open the folder again"):
        opened.nearest(rows[20], 5)
    assert {f"{i:03}.jpg" for i in range(50)} - set(store.read().files) == {"020.jpg"}


def test_a_damaged_embedding_is_dropped_before_it_is_copied(large, tmp_path):
    store = EmbeddingStore(tmp_path / "store", FINGERPRINT)
    fill(store, 50)
    for leftover in (tmp_path / "store").glob("*.npz"):
        leftover.unlink()
    with (tmp_path / "store" / "embeddings-0.f32").open("r+b") as matrix:
        matrix.write(b"\x55")
    assert store.lacks_quantised(store.read())
    with store.writing() as writer:
        assert writer.quantise() == 1
    assert "000.jpg" not in store.read().files
    assert not store.lacks_quantised(store.read())


def test_reclaiming_space_makes_the_copy_again(large, tmp_path):
    store = EmbeddingStore(tmp_path / "store", FINGERPRINT)
    rows = fill(store, 50)
    with store.writing() as writer:
        writer.remove([f"{i:03}.jpg" for i in range(30)])
        writer.compact()
        writer.quantise()
    snapshot = store.read()
    assert [path.name for path in sorted((tmp_path / "store").glob("embeddings-*"))] == [
        "embeddings-1.f32", "embeddings-1.i8", "embeddings-1.npz",
    ]  # fmt: skip
    assert best(snapshot.quantised.dot(rows[40]) / snapshot.quantised.norms, 1).tolist() == [10]


@pytest.mark.parametrize("search", [{}, {"focus": 284}, {"focus": 284, "strength": 0.5}])
def test_a_large_collection_gives_the_results_of_a_small_one(pictures, monkeypatch, search):
    small = Collection.open(pictures).search("red/1.jpg", **search).results
    monkeypatch.setattr("imsearch_core.vectors.quantised.QUANTISE_ABOVE", 1000)
    photos = Collection.open(pictures)
    assert photos.report.embedded == 0
    assert photos.embeddings.candidates(1) > 1
    large = photos.search("red/1.jpg", **search).results
    assert [result.file for result in large] == [result.file for result in small]
    assert np.allclose([r.cosine for r in large], [r.cosine for r in small], atol=1e-6)
    assert Collection.open(pictures).embeddings.candidates(1) > 1
