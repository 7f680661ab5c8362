"""Conditioned search: reweighing equals the tutorial's by brute force, focus finds the class."""

import numpy as np
import pytest

from imsearch_core.encoders import ClassHead
from imsearch_core.search.focus import focus, related_weights, reweigh
from imsearch_core.vectors.embeddings import Embeddings, best


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


def test_passing_known_lengths_does_not_change_the_result():
    rng = np.random.default_rng(0)
    embeddings = Embeddings(rng.normal(size=(50, 8)).astype(np.float32), np.arange(50))
    query, weights = rng.normal(size=(2, 8)).astype(np.float32)
    known = reweigh(embeddings, query, weights, embeddings.weighted_norms(weights))
    assert np.array_equal(known, reweigh(embeddings, query, weights))


def test_in_a_class_whose_weights_are_zero_every_cosine_is_0():
    embeddings = Embeddings(np.ones((3, 4), np.float32), np.arange(3))
    assert reweigh(embeddings, np.ones(4, np.float32), np.zeros(4, np.float32)).tolist() == [0, 0, 0]


@pytest.fixture
def world():
    """300 embeddings, a class that 30 of them hold (rows 0-29), and its weights; row 0 is the query."""
    rng = np.random.default_rng(0)
    matrix = np.maximum(rng.normal(size=(300, 64)), 0).astype(np.float32)
    weights = rng.normal(size=64).astype(np.float32)
    matrix[:30] += 0.5 * np.maximum(weights, 0)
    return Embeddings(matrix, np.arange(300)), matrix, weights


def test_strength_0_is_the_plain_order_exactly(world):
    embeddings, matrix, weights = world
    found = focus(embeddings, embeddings.cosines_to(matrix[0]), weights, 0, 20)
    plain = embeddings.cosines_to(matrix[0])
    assert found.items.tolist() == best(plain, 20).tolist()
    assert np.array_equal(found.cosines, plain[found.items])
    assert np.array_equal(found.scores, found.cosines)


def test_more_strength_finds_more_of_the_class_and_resembles_the_query_less(world):
    embeddings, matrix, weights = world
    found = [
        focus(embeddings, embeddings.cosines_to(matrix[40]), weights, strength, 9)
        for strength in (0, 0.25, 0.5, 0.75, 1)
    ]
    holding = [(result.items < 30).mean() for result in found]
    assert holding == sorted(holding)
    assert holding[0] < 0.5
    assert holding[-1] == 1
    resemblance = [result.cosines.mean() for result in found]
    assert resemblance[0] == max(resemblance)
    assert resemblance[-1] < resemblance[0]


def test_scores_fall_and_cosines_are_the_plain_ones(world):
    embeddings, matrix, weights = world
    found = focus(embeddings, embeddings.cosines_to(matrix[0]), weights, 0.5, 50)
    assert len(set(found.items.tolist())) == 50
    assert np.all(np.diff(found.scores) <= 0)
    plain = embeddings.cosines_to(matrix[0])
    assert np.array_equal(found.cosines, plain[found.items])


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_tiny_and_uniform_collections_can_be_searched(n):
    embeddings = Embeddings(np.ones((n, 4), np.float32), np.arange(n))
    found = focus(embeddings, np.ones(n, np.float32), np.ones(4, np.float32), 0.5, 9)
    assert found.items.tolist() == list(range(n))
    assert np.isfinite(found.scores).all()


def test_more_results_than_the_pool_can_be_asked_for(world):
    embeddings, matrix, weights = world
    assert len(focus(embeddings, embeddings.cosines_to(matrix[0]), weights, 0.5, 250).items) == 250


def test_classes_are_related_if_their_weights_are_similar():
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(64, 1000)).astype(np.float32)
    columns[:, 1] = columns[:, 0] + 0.1 * rng.normal(size=64)
    weights = related_weights(ClassHead(columns, np.zeros(1000, np.float32)), 0)

    def likeness(index: int) -> float:
        return weights @ columns[:, index] / np.linalg.norm(weights) / np.linalg.norm(columns[:, index])

    assert likeness(0) > 0.9
    assert likeness(1) > 0.9
    assert abs(likeness(500)) < 0.6
