"""Engines that stay open: one is built by another process while the others can be used."""

import numpy as np
import pytest

from imsearch_core import index
from imsearch_core.datasets import Item
from imsearch_core.errors import ImsearchError
from imsearch_core.index import Contents, OpenIndexes
from imsearch_core.vectors.embeddings import Embeddings


@pytest.fixture
def contents(tmp_path, monkeypatch):
    """Sixty pictures, which count as many."""
    monkeypatch.setattr(index, "BUILT_HERE", 50)
    matrix = np.random.default_rng(0).normal(size=(60, 16)).astype(np.float32)
    items = [Item(f"{i}.jpg", None, (), i, i) for i in range(60)]
    return Contents(Embeddings(matrix, np.arange(60)), items, {"encoder": "none"}, tmp_path, "1")


def test_an_index_of_many_pictures_is_built_by_another_process_which_tells_how_far_it_is(contents):
    indexes, told = OpenIndexes(contents), []
    assert not indexes.is_open("annoy:trees=3")
    annoy = indexes.get("annoy:trees=3", lambda done, total: told.append((done, total)))
    assert (contents.cache / "annoy-3-0.ann").is_file()
    assert {(1333, 2000), (1666, 2000)} <= set(told)  # trees are grown, the embeddings having been read
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert shares[-1] < 1  # it is still to be saved
    assert indexes.is_open("annoy:trees=3")
    assert annoy.query(contents.embeddings[5], 1)[0].tolist() == [5]


def test_while_an_engine_is_built_another_can_be_used(contents):
    indexes, meanwhile = OpenIndexes(contents), []

    def use_exact(done, total):
        if not meanwhile:
            meanwhile.append(indexes.get("exact").query(contents.embeddings[7], 1)[0].tolist())

    indexes.get("annoy", use_exact)
    assert meanwhile == [[7]]


def test_what_the_other_process_cannot_do_is_said_here(contents, monkeypatch):
    monkeypatch.setattr(index, "open_index", broken)
    with pytest.raises(ImsearchError, match="no room for annoy"):
        OpenIndexes(contents).get("annoy")


def broken(engine, contents):
    raise ImsearchError(f"no room for {engine}")
