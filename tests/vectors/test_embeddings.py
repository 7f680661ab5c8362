"""The linear algebra that searching stands on."""

import pickle

import numpy as np
import pytest

from imsearch_core.vectors.embeddings import Embeddings, best, cosines

rng = np.random.default_rng(0)


@pytest.fixture(params=["in order", "scattered"])
def case(request):
    """An `Embeddings` and the plain matrix [n, d] that it must stand for."""
    matrix = rng.normal(size=(300, 64)).astype(np.float32)
    rows = np.arange(300) if request.param == "in order" else rng.permutation(300)[:170]
    return Embeddings(matrix, rows), matrix[rows]


def test_items_products_and_lengths_follow_item_order(case):
    embeddings, plain = case
    vector = rng.normal(size=64).astype(np.float32)
    assert len(embeddings) == len(plain)
    assert np.array_equal(embeddings[5], plain[5])
    assert np.allclose(embeddings.dot(vector), plain @ vector, atol=1e-5)
    assert np.allclose(embeddings.norms, np.linalg.norm(plain, axis=1))
    assert np.allclose(embeddings.weighted_norms(vector), np.linalg.norm(plain * vector, axis=1))


def test_a_vector_of_zeros_has_cosine_0_to_everything():
    similarities = cosines(np.array([0, 3], np.float32), np.array([0, 3], np.float32), 1.0)
    assert similarities.tolist() == [0, 1]


def test_cosines_stay_within_one():
    assert cosines(np.array([1.0000002], np.float32), np.ones(1, np.float32), 1.0)[0] <= 1


@pytest.mark.parametrize("k", [0, 1, 4, 9, 100])
def test_the_best_are_the_first_of_a_full_stable_sort(k):
    scores = rng.integers(0, 4, 50).astype(np.float32)  # with many ties
    assert best(scores, k).tolist() == np.argsort(-scores, kind="stable")[:k].tolist()


def test_mapped_embeddings_are_pickled_by_the_name_of_their_file(tmp_path):
    matrix = rng.normal(size=(300, 64)).astype(np.float32)
    matrix.tofile(tmp_path / "matrix.f32")
    mapped = np.memmap(tmp_path / "matrix.f32", np.float32, mode="r", shape=matrix.shape)
    sent = pickle.dumps(Embeddings(mapped, np.arange(200, 210)))
    assert len(sent) < 2000
    assert np.array_equal(pickle.loads(sent).rows(np.arange(10)), matrix[200:210])
