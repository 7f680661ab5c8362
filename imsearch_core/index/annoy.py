"""Approximate search with Annoy: a forest of random projection trees (https://github.com/spotify/annoy)."""

import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imsearch_core.errors import UsageError
from imsearch_core.files import atomic_write, checksum, write_whole
from imsearch_core.index.base import EVERYTHING, Contents, Filter, importing, parameter
from imsearch_core.progress import Progress, silent
from imsearch_core.vectors.embeddings import Embeddings

READS_FIRST = True
_METRIC = "angular"
_BATCH = 500  # embeddings read at a time


@dataclass(frozen=True)
class Parameters:
    """More trees and more nodes searched find more of the true neighbours, more slowly."""

    trees: int = parameter(
        50, (10, 20, 50, 100, 200), "More trees find more; they cost time to build, and size"
    )
    search_nodes: int = parameter(
        -1,
        (-1, 100, 300, 1000, 3000, 10000),
        "Nodes inspected per query: more find more, more slowly; -1 means trees × neighbours asked for",
        at_query=True,
    )
    seed: int = parameter(0, (0,), "Seed of the random planes")

    def __post_init__(self) -> None:
        if not (1 <= self.trees <= 10_000 and self.search_nodes >= -1 and 0 <= self.seed < 1 << 31):
            raise UsageError(
                f"{self} is not possible: trees must be 1 to 10000, search_nodes -1 or more, seed 0 or more"
            )


class AnnoyIndex:
    """Annoy's angular distance d is the Euclidean distance of unit vectors: cosine = 1 − d²/2."""

    candidates_per_result = 0

    def __init__(self, contents: Contents, parameters: Parameters) -> None:
        self._contents, self._parameters = contents, parameters
        embeddings = contents.embeddings
        self._index = _new(embeddings.dimension)  # raises at once if Annoy is not installed
        path = contents.cache / f"annoy-{parameters.trees}-{parameters.seed}.ann"
        built = {"trees": parameters.trees, "seed": parameters.seed}
        manifest = {"version": contents.version, "items": len(embeddings), "metric": _METRIC, **built}
        if not self._load(path, manifest):
            self._build(embeddings, path, manifest)

    def query(self, vector: np.ndarray, k: int, only: Filter = EVERYTHING) -> tuple[np.ndarray, np.ndarray]:
        if not only:
            return self._nearest(vector, k)
        among, everything = self._contents.matching(only), len(self._contents.embeddings)
        wanted = min(k, len(among))
        asked = wanted * everything // max(len(among), 1)
        while True:  # Annoy cannot filter: ask for more until enough of them are let through
            asked = min(2 * asked, everything)
            items, similarities = self._nearest(vector, asked)
            kept = np.isin(items, among)
            if np.count_nonzero(kept) >= wanted or asked == everything:
                return items[kept][:k], similarities[kept][:k]

    def _nearest(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        items, distances = self._index.get_nns_by_vector(
            vector, k, search_k=self._parameters.search_nodes, include_distances=True
        )
        distances = np.asarray(distances, np.float32)
        return np.asarray(items, np.int64), np.clip(1 - distances**2 / 2, -1, 1)

    def _load(self, path: Path, manifest: dict) -> bool:
        """Load the saved index if it is intact and was built from these embeddings with these parameters."""
        try:
            # Annoy would load a file of another dimension or metric, or report a misleading error;
            # a damaged file can crash the process.
            saved = json.loads(path.with_suffix(".json").read_text("utf-8"))
            if saved != {**manifest, "crc": saved["crc"]} or saved["crc"] != checksum(path):
                return False
            return self._index.load(str(path)) and self._index.get_n_items() == manifest["items"]
        except (OSError, ValueError, LookupError, TypeError):
            return False

    def _build(self, embeddings: Embeddings, path: Path, manifest: dict) -> None:
        self._index = self._forest(embeddings)
        try:
            with atomic_write(path) as temporary:
                self._index.save(str(temporary))
            write_whole(path.with_suffix(".json"), json.dumps({**manifest, "crc": checksum(path)}))
        except OSError:  # it cannot be saved; a failed save leaves Annoy empty
            self._index = self._forest(embeddings)

    def _forest(self, embeddings: Embeddings):
        index = _new(embeddings.dimension)
        index.set_seed(self._parameters.seed)
        for start in range(0, len(embeddings), _BATCH):
            items = np.arange(start, min(start + _BATCH, len(embeddings)))
            for item, embedding in zip(items.tolist(), embeddings.rows(items).tolist(), strict=True):
                index.add_item(item, embedding)
        _grow(index, self._parameters.trees, self._contents.progress)
        return index


def _grow(index, trees: int, progress: Progress) -> None:
    """Build the trees. Annoy says only on standard error when it begins one, so we read that meanwhile."""
    if progress is silent:
        index.build(trees)
        return
    heard, said = os.pipe()
    stderr = os.dup(2)
    listener = threading.Thread(target=_listen, args=(heard, stderr, trees, progress))
    index.verbose(True)
    os.dup2(said, 2)
    os.close(said)
    listener.start()
    try:
        index.build(trees)
    finally:
        os.dup2(stderr, 2)
        listener.join()
        os.close(stderr)
        index.verbose(False)


def _listen(heard: int, stderr: int, trees: int, progress: Progress) -> None:
    """Tell how many trees are grown, passing on what others write to standard error."""
    begun = 0
    with os.fdopen(heard, "rb") as lines:
        for line in lines:
            if line.startswith(b"pass "):
                progress(min(begun, trees - 1), trees)
                begun += 1
            elif not line.startswith((b"Reallocating ", b"has ")):
                os.write(stderr, line)


def _new(dimension: int):
    compiling = "this compiles it, and needs a C++ compiler such as Debian's g++"
    with importing("annoy", f"pip install annoy ({compiling})"):
        import annoy
    return annoy.AnnoyIndex(dimension, _METRIC)


open_index = AnnoyIndex
