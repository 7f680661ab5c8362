"""A collection's embeddings as plain linear algebra, whatever their layout on disk."""

import threading
from collections import OrderedDict

import numpy as np

_BLOCK_BYTES = 1 << 19  # a block of rows that stays in the processor's cache while it is used
_KEPT = 4


class Embeddings:
    """The embedding of each item, in item order, read in place from a larger matrix. Read-only."""

    def __init__(self, matrix: np.ndarray, rows: np.ndarray) -> None:
        """`matrix` float32 [r, d]; `rows` int64 [n]: the matrix row of each item."""
        self._matrix = matrix
        self._rows = rows
        self._in_order = len(rows) == len(matrix) and bool(np.array_equal(rows, np.arange(len(rows))))
        self._norms: np.ndarray | None = None
        self._lock = threading.Lock()
        self._latest: OrderedDict[bytes, np.ndarray] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, item: int) -> np.ndarray:
        """float32 [d]: the embedding of one item."""
        return np.asarray(self._matrix[self._rows[item]])

    @property
    def dimension(self) -> int:
        return self._matrix.shape[1]

    @property
    def norms(self) -> np.ndarray:
        """float32 [n]: the Euclidean length of each embedding."""
        with self._lock:
            if self._norms is None:
                self._norms = self.weighted_norms(np.ones(self.dimension, np.float32))
        return self._norms

    def dot(self, vector: np.ndarray) -> np.ndarray:
        """float32 [n]: the inner product of each embedding with `vector` float32 [d]."""
        return self._by_item(self._matrix @ vector)

    def cosines_to(self, vector: np.ndarray) -> np.ndarray:
        """float32 [n], read-only: the cosine similarity of each embedding to `vector` float32 [d].

        Those to the latest few vectors are kept: one search needs them more than once.
        """
        key = vector.tobytes()
        with self._lock:
            known = self._latest.get(key)
        if known is None:
            known = cosines(self.dot(vector), self.norms, float(np.linalg.norm(vector)))
            known.setflags(write=False)
            with self._lock:
                self._latest[key] = known
                while len(self._latest) > _KEPT:
                    self._latest.popitem(last=False)
        return known

    def subset(self, items: np.ndarray) -> "Embeddings":
        """The embeddings of `items` int64 [k] alone, in that order, as a copy in memory."""
        return Embeddings(np.asarray(self._matrix[self._rows[items]]), np.arange(len(items)))

    def unit_rows(self, items: np.ndarray) -> np.ndarray:
        """float32 [k, d]: the embeddings of `items` int64 [k], scaled to length 1; zeros stay zeros."""
        rows = np.asarray(self._matrix[self._rows[items]])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)

    def weighted_norms(self, weights: np.ndarray) -> np.ndarray:
        """float32 [n]: the length of each embedding after multiplying it by `weights` float32 [d]."""
        squared_weights = weights * weights
        squares = np.empty(len(self._matrix), np.float32)
        step = max(1, _BLOCK_BYTES // (4 * self.dimension))
        for start in range(0, len(squares), step):
            block = self._matrix[start : start + step]
            squares[start : start + step] = (block * block) @ squared_weights
        return np.sqrt(self._by_item(squares))

    def _by_item(self, by_row: np.ndarray) -> np.ndarray:
        return by_row if self._in_order else by_row[self._rows]


def cosines(inner_products: np.ndarray, norms: np.ndarray, query_norm: float) -> np.ndarray:
    """Cosine similarities in [-1, 1]; 0 wherever one of the two vectors is all zeros."""
    lengths = norms * np.float32(query_norm)
    result = np.divide(inner_products, lengths, out=np.zeros_like(inner_products), where=lengths > 0)
    return np.clip(result, -1, 1)


def best(scores: np.ndarray, k: int) -> np.ndarray:
    """int64: the items with the `k` highest scores, best first, equals in item order."""
    k = min(k, len(scores))
    if k <= 0:
        return np.empty(0, np.int64)
    cut = np.partition(scores, len(scores) - k)[len(scores) - k]
    candidates = np.flatnonzero(scores >= cut)
    return candidates[np.argsort(-scores[candidates], kind="stable")][:k]
