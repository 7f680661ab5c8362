"""Groups of points on a map, and their names."""

import numpy as np
import pytest

from imsearch_core.encoders import ClassHead
from imsearch_core.encoders.imagenet import find_class
from imsearch_core.index import Contents
from imsearch_core.projection import Projection
from imsearch_core.projection import clusters as module
from imsearch_core.projection.clusters import Clusters, clusters_of, looks_of, map_clusters
from imsearch_core.vectors.embeddings import Embeddings

TABBY, LEMON = find_class("tabby").index, find_class("lemon").index


def blobs(centres, each=30, spread=0.004):
    rng = np.random.default_rng(0)
    return np.concatenate([rng.normal(centre, spread, (each, 2)) for centre in centres]).astype(np.float32)


@pytest.fixture
def head():
    """Sees a tabby in the first number of an embedding, and a lemon in the second."""
    weights = np.zeros((2, 1000), np.float32)
    weights[0, TABBY] = weights[1, LEMON] = 20
    return ClassHead(weights, np.zeros(1000, np.float32))


def test_points_that_lie_together_are_a_group_and_finer_groups_are_told_apart():
    pairs = [(x + dx, y) for x, y in ((0.2, 0.2), (0.2, 0.8), (0.8, 0.5)) for dx in (0, 0.03)]
    coarse, _, fine = clusters_of(blobs(pairs, each=6))
    by_pair = [set(coarse[12 * i : 12 * i + 12].tolist()) - {-1} for i in range(3)]
    assert len(set().union(*by_pair)) == sum(map(len, by_pair)) >= 3
    assert fine.max() + 1 >= coarse.max() + 1
    (found,) = {level.dtype for level in (coarse, fine)}
    assert found == np.int16


def test_too_few_points_have_no_groups():
    assert (clusters_of(blobs([(0.5, 0.5)], each=9)) == -1).all()


def test_a_group_looks_like_what_sets_it_apart(head):
    rows = np.array([[1, 0]] * 6 + [[0, 1]] * 6, np.float32)
    of_point = np.array([0] * 5 + [-1] + [1] * 6, np.int16)
    assert looks_of(of_point, rows, head) == ["tabby", "lemon"]


def test_groups_are_named_by_labels_and_by_looks_where_labels_leave_a_choice():
    of_point = np.array([[0] * 4 + [1] * 4 + [2] * 4 + [3] * 4 + [-1]], np.int16)
    clusters = Clusters(of_point, (("tabby", "Persian cat", "minivan", "lemon"),))
    labels = ["cat"] * 8 + ["car", "car", "bus", "bus"] + [None] * 4 + ["dog"]
    assert clusters.names(labels) == [["cat · tabby", "cat · Persian cat", "car, bus", "lemon"]]
    unknown = Clusters(of_point, (("",) * 4,))
    assert unknown.names(labels) == [["cat", "cat", "car, bus", ""]]
    alike = Clusters(of_point[:, :8], (("Cat", "tabby"),))
    assert alike.names(labels[:8]) == [["cat", "cat · tabby"]]


def test_a_look_is_named_beside_a_label_only_if_it_is_a_kind_of_it_and_tells_groups_apart():
    of_point = np.repeat(np.arange(4, dtype=np.int16), 5)[None]
    labels = ["horse"] * 15 + ["horse", "horse", "bicycle", "motorbike", "person"]
    clusters = Clusters(of_point, (("sorrel", "moped", "mountain tent", "moped"),))
    assert clusters.names(labels) == [["horse · sorrel", "horse", "horse", "horse, bicycle, motorbike"]]
    alike = Clusters(of_point[:, :10], (("sorrel", "sorrel"),))
    assert alike.names(labels[:10]) == [["horse", "horse"]]


def test_clusters_are_computed_once_per_map(head, tmp_path, monkeypatch):
    points = blobs([(0.1, 0.1), (0.9, 0.9)])
    rows = np.repeat(np.eye(2, dtype=np.float32), 30, axis=0)
    made, embeddings = Projection(np.arange(60), points, 1.0), Embeddings(rows, np.arange(60))
    contents, later = (Contents(embeddings, (), {}, tmp_path, version) for version in ("1", "2"))
    first = map_clusters(made, contents, head)
    assert {*first.looks[0]} == {"tabby", "lemon"}
    calls = []
    monkeypatch.setattr(module, "clusters_of", lambda points: calls.append(1) or clusters_of(points))
    again = map_clusters(made, contents, head)
    assert calls == []
    assert np.array_equal(again.of_point, first.of_point)
    assert again.looks == first.looks
    assert {*map_clusters(made, contents, None).looks[0]} == {""}
    map_clusters(made, later, head)
    (kept,) = tmp_path.glob("*clusters.npz")
    kept.write_bytes(b"damaged")
    map_clusters(made, later, head)
    assert len(calls) == 3
