"""The engine hnsw: what it keeps, what it changes when pictures come and go, and when it starts afresh."""

import builtins
import os
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from imsearch_core import ImsearchError
from imsearch_core.datasets import Item
from imsearch_core.index import EVERYTHING, Contents, Filter, hnsw, open_index
from imsearch_core.vectors.embeddings import Embeddings
from tests.conftest import ROOT

N, D = 2000, 24
ROWS = np.maximum(np.random.default_rng(0).normal(size=(N + 20, D)), 0).astype(np.float32)


def contents_of(numbers, cache, version):
    """The pictures with these numbers; of every hundred, one is "rare", and half are in "test"."""
    items = [
        Item(f"{i}.jpg", "common" if i % 100 else "rare", (), i, i, "train" if i % 2 else "test")
        for i in numbers
    ]
    made_by = {"encoder": "random", "weights": "none", "dimension": D}
    return Contents(Embeddings(ROWS, np.array(numbers)), items, made_by, cache, version)


def recall(index, contents, only=EVERYTHING):
    """Of the 10 nearest by comparing all, the share found, over 40 queries."""
    exact = open_index("exact", contents)
    return np.mean(
        [
            np.isin(exact.query(ROWS[q], 10, only)[0], index.query(ROWS[q], 10, only)[0]).mean()
            for q in range(40)
        ]
    )


@pytest.fixture
def changes(monkeypatch):
    """How many embeddings are added and removed, call by call."""
    made = {"add": [], "remove": []}

    def noted(name, method):
        def call(index, keys, *rest):
            made[name].append(len(keys))
            return method(index, keys, *rest)

        return call

    for name in made:
        monkeypatch.setattr(hnsw.graph_type(), name, noted(name, getattr(hnsw.graph_type(), name)))
    return made


def test_what_is_saved_is_read_in_place_for_the_same_version(tmp_path, changes):
    contents = contents_of(range(N), tmp_path, "1")
    before = open_index("hnsw", contents).query(ROWS[5], 10)
    assert changes == {"add": [N], "remove": []}
    again = open_index("hnsw", contents)
    assert changes == {"add": [N], "remove": []}
    assert again.query(ROWS[5], 10)[0].tolist() == before[0].tolist()


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_new_pictures_are_added_and_deleted_ones_removed_without_building_again(tmp_path, changes, precision):
    engine = f"hnsw:precision={precision}"
    open_index(engine, contents_of(range(N), tmp_path, "1"))
    changes["add"].clear()
    later = contents_of([*range(N + 9, 39, -1), 7], tmp_path, "2")  # 40 fewer but one, 10 more, other order
    index = open_index(engine, later)
    assert changes == {"add": [10], "remove": [39]}
    assert recall(index, later) > 0.97
    assert sorted(index.query(ROWS[0], len(later.items))[0].tolist()) == list(range(len(later.items)))
    assert later.items[index.query(ROWS[N + 3], 1)[0][0]].file == f"{N + 3}.jpg"
    assert recall(open_index(engine, later), later) > 0.97


def test_a_changed_file_takes_the_place_of_what_it_was(tmp_path, changes):
    contents = contents_of(range(N), tmp_path, "1")
    open_index("hnsw", contents)
    changes["add"].clear()
    items = list(contents.items)
    items[3] = replace(items[3], modified_ns=99)
    rows = ROWS.copy()
    rows[3] = rows[N + 1]
    changed = replace(contents, items=items, embeddings=Embeddings(rows, np.arange(N)), version="2")
    index = open_index("hnsw", changed)
    assert changes == {"add": [1], "remove": [1]}
    items, cosines = index.query(ROWS[N + 1], 1)
    assert (items.tolist(), cosines.round(5).tolist()) == ([3], [1])


def test_it_is_built_again_when_most_pictures_are_new(tmp_path, changes):
    open_index("hnsw", contents_of(range(900), tmp_path, "1"))
    later = contents_of(range(400, N), tmp_path, "2")
    index = open_index("hnsw", later)
    assert changes == {"add": [900, N - 400], "remove": []}
    assert recall(index, later) > 0.97


@pytest.mark.parametrize(
    "only", [Filter(split="test"), Filter("rare"), Filter("rare", "train")], ids=["wide", "narrow", "nothing"]
)
@pytest.mark.parametrize("few", [0, N], ids=["by the graph", "one by one"])
def test_a_filter_keeps_the_recall(tmp_path, monkeypatch, only, few):
    monkeypatch.setattr(hnsw, "FEW", few)
    contents = contents_of(range(N), tmp_path, "1")
    index = open_index("hnsw", contents)
    if len(contents.matching(only)):
        assert recall(index, contents, only) > 0.95  # threads link pictures in another order each time
    else:
        assert len(index.query(ROWS[0], 10, only)[0]) == 0


@pytest.mark.parametrize("suffix", ["usearch", "npz"])
@pytest.mark.parametrize("keep", [0, 100, 0.5])
def test_a_damaged_file_is_built_again(tmp_path, changes, suffix, keep):
    contents = contents_of(range(300), tmp_path, "1")
    open_index("hnsw", contents)
    (saved,) = tmp_path.glob(f"*.{suffix}")
    os.truncate(saved, int(saved.stat().st_size * keep) if keep < 1 else keep)
    assert len(open_index("hnsw", contents).query(ROWS[0], 5)[0]) == 5
    assert changes["add"] == [300, 300]


@pytest.mark.parametrize("changed", ["weights", "dimension"])
def test_a_graph_of_other_embeddings_is_never_used(tmp_path, changes, changed):
    contents = contents_of(range(300), tmp_path, "1")
    other = {
        "weights": replace(contents, fingerprint=contents.fingerprint | {"weights": "others"}),
        "dimension": replace(contents, embeddings=Embeddings(ROWS[:, :12].copy(), np.arange(300))),
    }
    open_index("hnsw", other[changed])
    open_index("hnsw", contents)
    assert changes["add"] == [300, 300]


def test_it_works_from_memory_if_nothing_can_be_saved(tmp_path):
    (tmp_path / "file").write_text("in the way")
    contents = contents_of(range(300), tmp_path / "file", "1")
    assert len(open_index("hnsw", contents).query(ROWS[0], 5)[0]) == 5


def test_threads_may_search_at_once(tmp_path):
    contents = contents_of(range(N), tmp_path, "1")
    index = open_index("hnsw", contents)
    alone = [index.query(row, 10)[0].tolist() for row in ROWS[:200]]
    found = {}

    def search(thread):
        found[thread] = [index.query(row, 10)[0].tolist() for row in ROWS[:200]]

    threads = [threading.Thread(target=search, args=(thread,)) for thread in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[thread] == alone for thread in range(6))


def test_a_hub_model_can_be_loaded_afterwards():
    code = "from imsearch_core.index.hnsw import graph_type; graph_type(); import onnxruntime"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_missing_package_is_explained_with_what_to_install(tmp_path, monkeypatch):
    real_import = builtins.__import__

    def without_usearch(name, *rest):
        if name.startswith("usearch"):
            raise ImportError("No module named 'usearch'")
        return real_import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_usearch)
    with pytest.raises(ImsearchError, match=r"pip install usearch.*exact"):
        open_index("hnsw", contents_of(range(300), tmp_path, "1"))
