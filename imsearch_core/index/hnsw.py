"""Approximate search with usearch: a graph that links close embeddings (https://github.com/unum-cloud/usearch).

The graph is HNSW (Malkov and Yashunin 2016, https://arxiv.org/abs/1603.09320). It is read in place from its
file. When pictures come or go, it is changed, not built again.
"""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from imsearch_core.files import atomic_write, checksum, hash_of, read_arrays, write_arrays
from imsearch_core.index.base import EVERYTHING, FEW, Contents, Filter, GraphParameters, importing, parameter

NEEDS = ("usearch",)
_GRAPH = {"metric": "cos", "connectivity": 16, "expansion_add": 128}
_DTYPES = {"float16": "f16", "int8": "i8"}
_BATCH = 10_000  # embeddings in memory at a time while they are added
_OVERFETCH, _WITH_A_FILTER = 4, 8  # candidates for each result; with a filter, for each that it lets through
_MOST_ASKED = 2000  # candidates, and no more than a tenth of all: beyond, comparing every picture is quicker


@dataclass(frozen=True)
class Parameters(GraphParameters):
    """More candidates and more nodes in view find more, more slowly."""

    precision: str = parameter("float16", tuple(_DTYPES), "int8 takes half the memory; cosines are exact")


class HnswIndex:
    """Takes candidates from the graph and ranks them by their exact cosines."""

    def __init__(self, contents: Contents, parameters: Parameters) -> None:
        self.candidates_per_result = parameters.candidates_per_result
        self._contents = contents
        self._graph, keys = _graph_and_keys(contents, parameters)
        self._item_at = np.argsort(keys)
        self._sorted_keys = keys[self._item_at]
        self._lock = threading.Lock()  # the graph answers one query at a time

    def query(self, vector: np.ndarray, k: int, only: Filter = EVERYTHING) -> tuple[np.ndarray, np.ndarray]:
        embeddings, among = self._contents.embeddings, self._contents.matching(only)
        passing = len(embeddings) if among is None else len(among)
        most = 0 if among is not None and passing <= FEW else min(_MOST_ASKED, len(embeddings) // 10)
        asked = (_OVERFETCH if among is None else _WITH_A_FILTER) * k * len(embeddings) // max(passing, 1)
        while asked <= most:
            with self._lock:
                keys = self._graph.search(vector, asked, threads=1).keys
            found = self._item_at[np.searchsorted(self._sorted_keys, keys)]
            if among is not None:  # the graph cannot filter: it is asked for more than are let through
                found = found[among[np.searchsorted(among[:-1], found)] == found]
            if len(found) >= min(k, passing):
                return embeddings.nearest(vector, k, np.sort(found))
            asked *= 4
        return embeddings.nearest(vector, k, among)


def _graph_and_keys(contents: Contents, parameters: Parameters) -> tuple[Any, np.ndarray]:
    """The graph of these embeddings, saved if possible, and the key uint64 [n] of each item in it."""
    dimension, dtype = contents.embeddings.dimension, _DTYPES[parameters.precision]
    graph = graph_type()(ndim=dimension, dtype=dtype, expansion_search=parameters.ef, **_GRAPH)
    path = contents.cache / f"hnsw-{parameters.precision}.usearch"
    made_by = json.dumps([contents.fingerprint, dimension, _GRAPH], sort_keys=True)
    kept = read_arrays(path.with_suffix(".npz"))
    if not path.is_file() or kept.get("made_by") != made_by or kept.get("crc") != checksum(path):
        kept = {"version": "", "keys": np.empty(0, np.uint64)}  # damaged, or of other embeddings
    if kept["version"] == contents.version:
        graph.view(path)
        return graph, kept["keys"]
    # A file that was changed has another key than before.
    keys = np.array([hash_of(item.file, *item.version) for item in contents.items], np.int64).view(np.uint64)
    new, gone = np.flatnonzero(~np.isin(keys, kept["keys"])), np.setdiff1d(kept["keys"], keys)
    if len(new) + len(gone) < len(keys) / 2:
        graph.load(path)
        graph.remove(gone)
    else:
        new = np.arange(len(keys))
    for start in range(0, len(new), _BATCH):
        some = new[start : start + _BATCH]
        graph.add(keys[some], contents.embeddings.rows(some))
    with suppress(OSError):  # it cannot be saved: searched in memory
        with atomic_write(path) as temporary:
            graph.save(temporary)
        about = {"made_by": made_by, "version": contents.version, "crc": checksum(path)}
        write_arrays(path.with_suffix(".npz"), keys=keys, **about)
        graph.view(path)
    return graph, keys


def graph_type() -> type:
    """usearch's index. ONNX Runtime, imported after it for the first time, would crash the process."""
    with suppress(ImportError):
        import onnxruntime  # noqa: F401
    with importing("hnsw", "pip install usearch"):
        from usearch.index import Index
    return Index


open_index = HnswIndex
