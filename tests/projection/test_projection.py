"""The maps: placed well, the same each time, kept on disk, and whole whatever happens to the run."""

import time

import numpy as np
import pytest

from imsearch_core import ImsearchError
from imsearch_core.index import Contents
from imsearch_core.projection import NeighbourMap, pca, tsne
from imsearch_core.projection.base import in_unit_square, neighbours_kept
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.sampling import even_sample


def embeddings_of(rows: np.ndarray) -> Embeddings:
    return Embeddings(rows.astype(np.float32), np.arange(len(rows)))


def clusters(per_cluster: int = 12, count: int = 4, seed: int = 0) -> Embeddings:
    """Embeddings in well separated clusters, one after the other."""
    rng = np.random.default_rng(seed)
    centres = np.repeat(rng.random((count, 32)), per_cluster, axis=0)
    return embeddings_of(centres + 0.03 * rng.random(centres.shape))


def map_of(embeddings: Embeddings, cache, version: str = "1") -> NeighbourMap:
    return NeighbourMap(Contents(embeddings, (), {}, cache, version))


def test_pca_agrees_with_the_singular_vectors_and_repeats_exactly():
    embeddings = clusters()
    made = pca(embeddings)
    rows = embeddings.unit_rows(np.arange(len(embeddings)))
    _, _, directions = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    expected = in_unit_square((rows - rows.mean(axis=0)) @ directions[:2].T)
    for found, wanted in zip(made.points.T, expected.T, strict=True):  # signs are free
        assert min(np.abs(found - wanted).max(), np.abs(found - (1 - wanted)).max()) < 1e-3
    assert np.array_equal(made.points, pca(clusters()).points)


@pytest.mark.parametrize(
    "rows", [np.ones((1, 8)), np.ones((6, 8)), np.zeros((3, 8)), np.eye(2, 8), np.eye(3, 8)]
)
def test_pca_places_collections_in_which_little_or_nothing_differs(rows):
    made = pca(embeddings_of(rows))
    assert made.points.shape == (len(rows), 2)
    assert np.isfinite(made.points).all()
    assert made.points.min() >= 0
    assert made.points.max() <= 1


def test_a_map_keeps_all_neighbours_none_or_those_of_chance():
    rng = np.random.default_rng(1)
    angles = np.sort(rng.random(200)) * np.pi / 2
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert neighbours_kept(rows, np.stack([angles, angles * 0], axis=1)) == 1
    assert neighbours_kept(rows, rng.random((200, 2))) == pytest.approx(9 / 199, abs=0.03)


def test_a_sample_takes_its_share_of_every_part():
    assert np.array_equal(even_sample(5, 10), np.arange(5))
    taken = even_sample(50_000, 4000)
    assert len(np.unique(taken)) == 4000
    assert np.histogram(taken, bins=10, range=(0, 50_000))[0].tolist() == pytest.approx([400] * 10, abs=1)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The folder in which the neighbour map of `clusters()` is kept."""
    folder = tmp_path_factory.mktemp("kept")
    map_of(clusters(), folder).make()
    return folder


def test_a_neighbour_map_keeps_clusters_together(kept):
    made = map_of(clusters(), kept).read()
    cluster = np.repeat(np.arange(4), 12)
    distances = np.linalg.norm(made.points[:, None] - made.points, axis=2) + np.eye(48) * 9
    assert (cluster[distances.argmin(axis=1)] == cluster).all()
    assert made.kept > 0.6


def test_a_neighbour_map_is_kept_for_its_embeddings_and_no_others(kept, monkeypatch):
    assert map_of(clusters(), kept, "2").read() is None
    assert map_of(clusters(11), kept).read() is None
    monkeypatch.setattr(tsne, "PERPLEXITY", 5.0)
    assert map_of(clusters(), kept).read() is None


@pytest.mark.parametrize(
    "damage",
    [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"PK" + b[50:], lambda b: b[:90] + b"?" + b[91:]],
)
def test_a_damaged_map_is_none(tmp_path, kept, damage):
    (saved,) = kept.iterdir()
    (tmp_path / saved.name).write_bytes(damage(saved.read_bytes()))
    assert map_of(clusters(), tmp_path).read() is None


def test_a_stopped_run_leaves_nothing_and_can_begin_again(tmp_path):
    neighbours = map_of(clusters(), tmp_path)
    for _ in range(2):
        neighbours.start()
        assert neighbours.working
        neighbours.stop()
        assert not neighbours.working
        assert (neighbours.read(), neighbours.failure, list(tmp_path.iterdir())) == (None, "", [])


def test_a_killed_run_says_so_and_the_next_gives_the_same_map_even_where_nothing_can_be_kept(tmp_path, kept):
    (tmp_path / "file").touch()
    neighbours = map_of(clusters(), tmp_path / "file")
    neighbours.start()
    patience = time.monotonic() + 60
    while neighbours._process is None and time.monotonic() < patience:
        time.sleep(0.01)
    neighbours._process.stop()
    neighbours._worker.join()  # `make` would begin again if the run had ended before it looks
    assert neighbours.read() is None
    assert "was killed" in neighbours.failure
    steps = []
    again = neighbours.make(lambda done, total: steps.append(done))
    assert steps == sorted(steps)
    made = map_of(clusters(), kept).read()
    assert np.array_equal(again.points, made.points)
    assert again.kept == made.kept


def test_a_damaged_embedding_ends_the_run_with_the_reason(tmp_path):
    def damaged(rows, embeddings):
        raise ImsearchError("the stored embedding of 1.jpg is damaged")

    rows = np.eye(6, dtype=np.float32)
    neighbours = map_of(Embeddings(rows, np.arange(6), check=damaged), tmp_path)
    with pytest.raises(ImsearchError, match=r"no neighbour map: the stored embedding of 1\.jpg is damaged"):
        neighbours.make()


def test_too_few_pictures_have_no_neighbour_map(tmp_path):
    neighbours = map_of(embeddings_of(np.eye(4)), tmp_path)
    assert not neighbours.possible
    with pytest.raises(ImsearchError, match="5 pictures"):
        neighbours.make()
