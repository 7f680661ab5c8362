"""A collection's embeddings as plain linear algebra, independent of their layout on disk."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from imsearch_core.errors import ImsearchError
from imsearch_core.vectors.mapped import guard_of
from imsearch_core.vectors.matvec import product
from imsearch_core.vectors.quantised import Quantised, quantise, read_quantised

PRECISIONS = ("automatic", "float32", "int8")
_KEPT = 4  # vectors whose cosines are kept
_FEW = 20_000  # items, and no more than a tenth of all: only these are read, instead of comparing all
_CANDIDATES = 4  # compared exactly for each neighbour: quantising moves an item by only a few places


def unchecked(rows: np.ndarray, embeddings: np.ndarray) -> None:
    """The check of embeddings that cannot be damaged, or have been checked."""


class Embeddings:
    """The embedding of each item, in item order, read in place from a larger matrix. Read-only.

    Products with all embeddings use the compact copy, if there is one. Inner products and cosines
    are then approximate, to about 0.001 of a cosine, but those of `nearest` and of a `subset` are exact.

    Where the matrix is a mapped file, only the file's name is pickled: another process maps it too.
    """

    def __init__(
        self,
        matrix: np.ndarray,
        rows: np.ndarray,
        quantised: Quantised | None = None,
        check: Callable[[np.ndarray, np.ndarray], None] = unchecked,
    ) -> None:
        """`matrix` float32 [r, d]; `rows` int64 [n]: the matrix row of each item.

        `quantised` is a compact copy of at least those rows. `check` is called with the rows int64 [k]
        and embeddings float32 [k, d] that are read, and raises an error if they are damaged.
        """
        self._stored = matrix
        self._in_place = np.asarray(matrix)  # indexing a memmap takes longer
        self._guard = guard_of(matrix)
        self._rows = rows
        self._quantised = quantised
        self._check = check
        searched = matrix if quantised is None else quantised
        self._in_order = len(rows) == len(searched) and bool(np.array_equal(rows, np.arange(len(rows))))
        self._norms: np.ndarray | None = None
        self._lock = threading.Lock()
        self._latest: OrderedDict[bytes, np.ndarray] = OrderedDict()

    def __reduce__(self) -> tuple[Callable[..., "Embeddings"], tuple[Any, ...]]:
        if not isinstance(self._stored, np.memmap):
            return Embeddings, (self._stored, self._rows, self._quantised, self._check)
        return _mapped, (Path(self._stored.filename), self._stored.shape, self._rows, self._check)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, item: int) -> np.ndarray:
        """float32 [d]: the embedding of one item."""
        return self.rows(np.array([item]))[0]

    @property
    def are_whole(self) -> bool:
        """Whether their file still holds them all: another program may cut it short."""
        try:
            self._guard()
        except ImsearchError:
            return False
        return True

    @property
    def dimension(self) -> int:
        return self._in_place.shape[1]

    @property
    def norms(self) -> np.ndarray:
        """float32 [n]: the Euclidean length of each embedding."""
        with self._lock:
            if self._norms is None:
                self._norms = (
                    self.weighted_norms(np.ones(self.dimension, np.float32))
                    if self._quantised is None
                    else self._by_item(self._quantised.norms)
                )
        return self._norms

    def dot(self, vector: np.ndarray) -> np.ndarray:
        """float32 [n]: the inner product of each embedding with `vector` float32 [d]."""
        return self._by_item(
            (self._matrix @ vector) if self._quantised is None else self._quantised.dot(vector)
        )

    def cosines_to(self, vector: np.ndarray) -> np.ndarray:
        """float32 [n], read-only: the cosine similarity of each embedding to `vector` float32 [d].

        Those for the last few vectors are kept: one search needs them more than once.
        """
        known = self.known_cosines_to(vector)
        if known is None:
            known = cosines(self.dot(vector), self.norms, float(np.linalg.norm(vector)))
            known.setflags(write=False)
            with self._lock:
                self._latest[vector.tobytes()] = known
                while len(self._latest) > _KEPT:
                    self._latest.popitem(last=False)
        return known

    def known_cosines_to(self, vector: np.ndarray) -> np.ndarray | None:
        """What `cosines_to` would return if it has kept it, else None."""
        with self._lock:
            return self._latest.get(vector.tobytes())

    def at_precision(self, precision: str) -> "Embeddings":
        """The same embeddings, compared at one of PRECISIONS; "int8" means with a compact copy."""
        if precision == "automatic" or (precision == "int8") == (self._quantised is not None):
            return self
        quantised = quantise(self._matrix) if precision == "int8" else None
        return Embeddings(self._stored, self._rows, quantised, self._check)

    def subset(self, items: np.ndarray) -> "Embeddings":
        """Only the embeddings of `items` int64 [k], in that order, as a copy in memory."""
        return Embeddings(self.rows(items), np.arange(len(items)))

    def cosines_of(self, items: np.ndarray, vector: np.ndarray) -> np.ndarray:
        """float32 [k]: the exact cosine of the embeddings of `items` int64 [k] to `vector` float32 [d]."""
        if self._quantised is None:
            return self.cosines_to(vector)[items]
        return self.subset(items).cosines_to(vector)

    def candidates(self, k: int) -> int:
        """How many of the best by `cosines_to` are needed to include the true best `k`."""
        return k if self._quantised is None else max(_CANDIDATES * k, 100)

    def nearest(
        self, vector: np.ndarray, k: int, among: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The `k` items with the highest cosine to `vector` float32 [d], best first, ties in item order.

        `among` int64 are the items to choose from, if not all.
        Returns items int64 [≤ k] and their exact cosines float32 [≤ k].
        """
        if (
            among is not None
            and len(among) <= min(_FEW, len(self) // 10)
            and self.known_cosines_to(vector) is None
        ):
            found, exact = self.subset(among).nearest(vector, k)
            return among[found], exact
        candidates = np.sort(best_of(self.cosines_to(vector), self.candidates(k), among))
        exact = self.cosines_of(candidates, vector)
        order = best(exact, k)
        return candidates[order], exact[order]

    def unit_rows(self, items: np.ndarray) -> np.ndarray:
        """float32 [k, d]: the embeddings of `items` int64 [k], scaled to length 1 unless all zeros."""
        rows, lengths = self.rows(items), self.norms[items]
        rows /= np.where(lengths > 0, lengths, 1)[:, None]
        return rows

    def weighted_norms(self, weights: np.ndarray) -> np.ndarray:
        """float32 [n]: the length of each embedding after multiplying it by `weights` float32 [d]."""
        squared_weights = weights * weights
        if self._quantised is not None:
            return np.sqrt(self._by_item(self._quantised.squares(squared_weights)))
        return np.sqrt(self._by_item(product(self._matrix, squared_weights, square=True)))

    def rows(self, items: np.ndarray) -> np.ndarray:
        """float32 [k, d]: a copy of the embeddings of `items` int64 [k], checked."""
        rows = self._rows[items]
        embeddings = np.asarray(self._matrix[rows])
        self._check(rows, embeddings)
        return embeddings

    @property
    def _matrix(self) -> np.ndarray:
        """To be read at once. Raises ImsearchError if its file was cut short."""
        self._guard()
        return self._in_place

    def _by_item(self, by_row: np.ndarray) -> np.ndarray:
        return by_row if self._in_order else by_row[self._rows]


def _mapped(
    path: Path, shape: tuple[int, int], rows: np.ndarray, check: Callable[[np.ndarray, np.ndarray], None]
) -> Embeddings:
    matrix = np.memmap(path, np.float32, mode="r", shape=shape)
    return Embeddings(matrix, rows, read_quantised(path, int(rows.max(initial=-1)) + 1, shape[1]), check)


def cosines(inner_products: np.ndarray, norms: np.ndarray, query_norm: float) -> np.ndarray:
    """Cosine similarities in [-1, 1]; 0 if one of the two vectors is all zeros."""
    lengths = norms * np.float32(query_norm)
    result = np.divide(inner_products, lengths, out=np.zeros_like(inner_products), where=lengths > 0)
    return np.clip(result, -1, 1)


def best(scores: np.ndarray, k: int) -> np.ndarray:
    """int64: the items with the `k` highest scores, best first, ties in item order."""
    k = min(k, len(scores))
    if k <= 0:
        return np.empty(0, np.int64)
    cut = np.partition(scores, len(scores) - k)[len(scores) - k]
    candidates = np.flatnonzero(scores >= cut)
    return candidates[np.argsort(-scores[candidates], kind="stable")][:k]


def best_of(scores: np.ndarray, k: int, among: np.ndarray | None) -> np.ndarray:
    """int64: as `best`, but only from the items `among` int64, unless that is None."""
    return best(scores, k) if among is None else among[best(scores[among], k)]
