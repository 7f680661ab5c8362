"""Every engine, through the one protocol."""

import builtins
import os
from pathlib import Path

import numpy as np
import pytest

from imsearch_core import index as folder
from imsearch_core.datasets import Item
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.index import Contents, Filter, engine_name, engines, open_index, parse_engine
from imsearch_core.vectors.embeddings import Embeddings

N, D = 400, 32


@pytest.fixture
def embeddings():
    matrix = np.maximum(np.random.default_rng(0).normal(size=(N, D)), 0).astype(np.float32)
    matrix[7] = matrix[3]
    matrix[11] = 0
    return Embeddings(matrix, np.random.default_rng(1).permutation(N))


@pytest.fixture(params=engines())
def engine(request):
    return request.param


def opened(engine, embeddings, cache, version):
    """An engine over `embeddings`; every tenth item is "rare", the others "common", every third in "test"."""
    items = [
        Item(f"{i}.jpg", "common" if i % 10 else "rare", (), i, i, "train" if i % 3 else "test")
        for i in range(len(embeddings))
    ]
    made_by = {"encoder": "random", "weights": "none", "dimension": embeddings.dimension}
    return open_index(engine, Contents(embeddings, items, made_by, cache, version))


def true_cosines(embeddings, vector):
    matrix = np.stack([embeddings[i] for i in range(N)]).astype(np.float64)
    lengths = np.linalg.norm(matrix, axis=1) * np.linalg.norm(vector)
    return np.divide(matrix @ vector, lengths, out=np.zeros(N), where=lengths > 0)


def test_the_engines_are_the_files_of_the_folder_and_the_default_comes_first():
    files = {path.stem for path in Path(folder.__path__[0]).glob("*.py")} - {"__init__", "base", "elsewhere"}
    assert engines()[0] == "exact"
    assert set(engines()) == files > {"annoy", "hnsw", "milvus"}


def test_neighbours_come_nearest_first_with_their_true_cosines(engine, embeddings, tmp_path):
    index = opened(engine, embeddings, tmp_path, "v")
    for query in range(20):
        items, similarities = index.query(embeddings[query], 10)
        expected = true_cosines(embeddings, embeddings[query])
        assert len(set(items.tolist())) == 10
        assert np.allclose(similarities, expected[items], atol=1e-4)
        assert np.all(np.diff(similarities) <= 1e-6)
        assert similarities.dtype == np.float32


def test_most_of_the_true_neighbours_are_found(engine, embeddings, tmp_path):
    index = opened(engine, embeddings, tmp_path, "v")
    recall = []
    for query in range(50):
        truth = np.argsort(-true_cosines(embeddings, embeddings[query]), kind="stable")[:10]
        recall.append(len(set(truth) & set(index.query(embeddings[query], 10)[0].tolist())) / 10)
    assert np.mean(recall) > (0.99 if engine == "exact" else 0.9)


def test_more_neighbours_than_items_gives_all_items(engine, embeddings, tmp_path):
    items, _ = opened(engine, embeddings, tmp_path, "v").query(embeddings[0], N + 50)
    assert sorted(items.tolist()) == list(range(N))


@pytest.mark.parametrize("k", [5, N])
@pytest.mark.parametrize(
    ("only", "step"),
    [
        (Filter(label="rare"), 10),
        (Filter(split="test"), 3),
        (Filter(label="rare", split="test"), 30),
        (Filter(items=np.arange(0, N, 7)), 7),
        (Filter(label="rare", items=np.arange(0, N, 4)), 20),
    ],
    ids=["label", "split", "both", "items", "label and items"],
)
def test_only_items_that_pass_a_filter_are_found_and_all_of_them_if_asked(
    engine, embeddings, tmp_path, k, only, step
):
    index = opened(engine, embeddings, tmp_path, "v")
    items, similarities = index.query(embeddings[1], k, only)
    truth = true_cosines(embeddings, embeddings[1])
    passing = np.arange(0, N, step)
    assert len(items) == min(k, len(passing))
    assert set(items.tolist()) <= set(passing.tolist())
    assert np.allclose(similarities, np.sort(truth[passing])[::-1][:k], atol=1e-4)
    assert len(index.query(embeddings[1], k, Filter("none"))[0]) == 0
    assert len(index.query(embeddings[1], k, Filter("rare", "val"))[0]) == 0


def test_a_query_of_zeros_is_answered(engine, embeddings, tmp_path):
    _, similarities = opened(engine, embeddings, tmp_path, "v").query(np.zeros(D, np.float32), 5)
    assert np.allclose(similarities, 0, atol=1e-6)


def test_an_unknown_engine_is_refused_with_the_known_ones(embeddings, tmp_path):
    with pytest.raises(UsageError, match="exact, annoy"):
        opened("faiss", embeddings, tmp_path, "v")


def test_a_saved_annoy_index_is_reused_for_the_same_version_only(embeddings, tmp_path):
    opened("annoy", embeddings, tmp_path, "1")
    (saved,) = tmp_path.glob("*.ann")
    before = saved.stat().st_mtime_ns
    opened("annoy", embeddings, tmp_path, "1")
    assert saved.stat().st_mtime_ns == before
    opened("annoy", embeddings, tmp_path, "2")
    assert saved.stat().st_mtime_ns != before


def test_an_annoy_index_of_another_dimension_is_never_loaded(embeddings, tmp_path):
    opened("annoy", Embeddings(np.ones((N, D // 2), np.float32), np.arange(N)), tmp_path, "1")
    items, _ = opened("annoy", embeddings, tmp_path, "1").query(embeddings[0], 1)
    assert np.array_equal(embeddings[items[0]], embeddings[0])


@pytest.mark.parametrize("keep", [0, 100, 0.5])
def test_a_truncated_annoy_file_is_built_again(embeddings, tmp_path, keep):
    opened("annoy", embeddings, tmp_path, "1")
    (saved,) = tmp_path.glob("*.ann")
    size = saved.stat().st_size
    os.truncate(saved, int(size * keep) if keep < 1 else keep)
    assert len(opened("annoy", embeddings, tmp_path, "1").query(embeddings[0], 5)[0]) == 5
    assert saved.stat().st_size == size


def test_annoy_works_from_memory_if_nothing_can_be_saved(embeddings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    index = opened("annoy", embeddings, tmp_path / "file", "1")
    assert len(index.query(embeddings[0], 5)[0]) == 5


def test_a_missing_annoy_is_explained_with_what_to_install(embeddings, tmp_path, monkeypatch):
    real_import = builtins.__import__

    def without_annoy(name, *rest):
        if name == "annoy":
            raise ImportError("No module named 'annoy'")
        return real_import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_annoy)
    with pytest.raises(ImsearchError, match=r"pip install annoy.*C\+\+ compiler"):
        opened("annoy", embeddings, tmp_path, "1")


def test_an_engine_with_parameters_is_one_word_without_its_defaults():
    assert engine_name("annoy", {"trees": 200, "search_nodes": -1}) == "annoy:trees=200"
    assert parse_engine("annoy:search_nodes=9,trees=200").text == "annoy:search_nodes=9,trees=200"
    assert engine_name("exact", {}) == "exact"
    assert parse_engine("annoy").parameters.trees == 50


@pytest.mark.parametrize(
    ("engine", "message"),
    [
        ("annoy:leaves=3", "no parameter 'leaves': trees"),
        ("annoy:trees=many", "whole number"),
        ("annoy:trees=0", "trees must be 1 to"),
        ("annoy:trees", "whole number"),
        ("exact:trees=3", "no parameter"),
        ("hnsw:precision=int4", "choose from float16, int8"),
        ("hnsw:ef=0", "ef 1 to"),
        ("faiss:trees=3", "exact, annoy"),
    ],
)
def test_an_invalid_parameter_is_refused(engine, message):
    with pytest.raises(UsageError, match=message):
        parse_engine(engine)


def test_more_nodes_searched_find_more_in_the_same_forest(embeddings, tmp_path):
    few, many = (opened(f"annoy:trees=5,search_nodes={n}", embeddings, tmp_path, "v") for n in (1, 4000))
    assert len(list(tmp_path.glob("*.ann"))) == 1

    def recall(index):
        truth = [np.argsort(-true_cosines(embeddings, embeddings[q]), kind="stable")[:10] for q in range(20)]
        return np.mean([np.isin(truth[q], index.query(embeddings[q], 10)[0]).mean() for q in range(20)])

    assert recall(few) < recall(many) > 0.95
