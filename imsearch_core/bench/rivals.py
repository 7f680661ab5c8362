"""Engines of other libraries, to compare ours with. Each is skipped if its library is not installed.

A rival is written like an engine: its name and how far it looks, as in "faiss-ivf:probes=16". All get
embeddings of length 1, so that the inner product is the cosine. HNSW graphs have the parameters of ours.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from imsearch_core.index import EVERYTHING, Contents, Filter

RIVALS = {"faiss-ivf": "faiss", "faiss-hnsw": "faiss", "hnswlib": "hnswlib"}
"""The library that each needs."""
_LINKS, _EF_CONSTRUCTION = 16, 128
_BATCH = 10_000
_TRAINED_ON = 50  # embeddings for each list of an inverted file, about


class Rival:
    """An index of another library, behind the `Index` protocol."""

    candidates_per_result = 0

    def __init__(self, search: Callable[[np.ndarray, int], tuple[Any, Any]]) -> None:
        """`search(vector [1, d], k)` returns items [1, k] and cosines [1, k]."""
        self._search = search

    def query(self, vector: np.ndarray, k: int, only: Filter = EVERYTHING) -> tuple[np.ndarray, np.ndarray]:
        assert not only, "rivals are compared without filters"
        items, cosines = self._search((vector / np.linalg.norm(vector))[None], k)
        return np.asarray(items[0], np.int64), np.asarray(cosines[0], np.float32)


def installed_rivals() -> tuple[str, ...]:
    return tuple(name for name, library in RIVALS.items() if find_spec(library))


def open_rival(written: str, contents: Contents) -> Rival:
    """Build a rival over `contents`, or read what the same one saved in their cache."""
    name, _, setting = written.partition(":")
    effort = int(setting.partition("=")[2])
    return (_hnswlib if name == "hnswlib" else _faiss)(name, effort, contents)


def _faiss(name: str, effort: int, contents: Contents) -> Rival:
    import faiss

    path, n, dimension = contents.cache / name, len(contents.embeddings), contents.embeddings.dimension
    if path.exists():
        index = faiss.read_index(str(path))
    else:
        if name == "faiss-ivf":
            lists = max(1, round(n**0.5))
            flat = faiss.IndexFlatIP(dimension)
            index = faiss.IndexIVFFlat(flat, dimension, lists, faiss.METRIC_INNER_PRODUCT)
            some = np.random.default_rng(0).permutation(n)[: _TRAINED_ON * lists]
            index.train(contents.embeddings.unit_rows(np.sort(some)))
        else:
            index = faiss.IndexHNSWFlat(dimension, _LINKS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = _EF_CONSTRUCTION
        for items in _batches(n):
            index.add(contents.embeddings.unit_rows(items))
        faiss.write_index(index, str(path))
    if name == "faiss-ivf":
        index.nprobe = effort
    else:
        index.hnsw.efSearch = effort
    return Rival(lambda vector, k: index.search(vector, k)[::-1])


def _hnswlib(name: str, effort: int, contents: Contents) -> Rival:
    import hnswlib

    path, n = contents.cache / name, len(contents.embeddings)
    index = hnswlib.Index("ip", contents.embeddings.dimension)
    if path.exists():
        index.load_index(str(path))
    else:
        index.init_index(n, M=_LINKS, ef_construction=_EF_CONSTRUCTION)
        for items in _batches(n):
            index.add_items(contents.embeddings.unit_rows(items), items)
        index.save_index(str(path))
    index.set_ef(effort)

    def search(vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        items, distances = index.knn_query(vector, k, num_threads=1)
        return items, 1 - distances

    return Rival(search)


def _batches(n: int) -> list[np.ndarray]:
    return [np.arange(start, min(start + _BATCH, n)) for start in range(0, n, _BATCH)]
