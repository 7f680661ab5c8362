"""Weighted search equals the tutorial's: multiply everything by a class's weights, then brute force."""

import numpy as np
import pytest

from imsearch_core.embeddings import Embeddings, best
from imsearch_core.focus import reweigh


@pytest.mark.parametrize("dimension", [1280, 4096], ids=["efficientnet-lite0", "vgg16"])
def test_reweighing_equals_multiplying_all_embeddings_and_searching_by_brute_force(dimension):
    rng = np.random.default_rng(dimension)
    matrix = np.maximum(rng.normal(size=(1000, dimension)), 0).astype(np.float32)  # sparse, as after a ReLU
    embeddings = Embeddings(matrix, np.arange(1000))
    for query in (0, 17, 999):
        weights = rng.normal(scale=0.05, size=dimension).astype(np.float32)
        multiplied = matrix.astype(np.float64) * weights
        unit = multiplied / np.linalg.norm(multiplied, axis=1, keepdims=True)
        brute_force = unit @ unit[query]
        found = reweigh(embeddings, matrix[query], weights)
        assert np.abs(found - brute_force).max() < 1e-5
        assert best(found, 10).tolist() == np.argsort(-brute_force)[:10].tolist()
        assert best(found, 1)[0] == query


def test_lengths_that_are_known_already_change_nothing():
    rng = np.random.default_rng(0)
    embeddings = Embeddings(rng.normal(size=(50, 8)).astype(np.float32), np.arange(50))
    query, weights = rng.normal(size=(2, 8)).astype(np.float32)
    known = reweigh(embeddings, query, weights, embeddings.weighted_norms(weights))
    assert np.array_equal(known, reweigh(embeddings, query, weights))


def test_a_class_that_weighs_nothing_finds_nothing_alike():
    embeddings = Embeddings(np.ones((3, 4), np.float32), np.arange(3))
    assert reweigh(embeddings, np.ones(4, np.float32), np.zeros(4, np.float32)).tolist() == [0, 0, 0]
