"""The nearest neighbours of every picture at once, in bounded memory."""

import numpy as np

from imsearch_core.progress import Progress, silent

_BLOCK_BYTES = 1 << 26
_STRIP = 64


def nearest(unit: np.ndarray, k: int, progress: Progress = silent) -> tuple[np.ndarray, np.ndarray]:
    """The `k` most similar other rows of each row of `unit` float32 [n, d], all of length 1.

    Returns rows int64 [n, ≤ k] and their cosines float32 [n, ≤ k], nearest first, equals in row
    order. Exact; takes time n²·d, and 64 MB in addition to the arrays.
    """
    n = len(unit)
    k = min(k, max(n - 1, 0))
    found, cosines = np.empty((n, k), np.int64), np.empty((n, k), np.float32)
    if k == 0:
        return found, cosines
    step = max(1, _BLOCK_BYTES // (4 * n))
    for start in range(0, n, step):
        block = unit[start : start + step] @ unit.T
        itself = np.arange(len(block))
        block[itself, start + itself] = -np.inf
        found[start : start + step], cosines[start : start + step] = _top(block, k)
        progress(min(start + step, n), n)
    return found, np.clip(cosines, -1, 1)


def _top(scores: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The columns of the `k` highest scores of each row of `scores` [m, n], and those scores.

    At least k strips of columns reach up to the k-th highest maximum of a strip, so nothing below
    it can be among the best: few columns are left to sort. Ten times faster than `argpartition`.
    """
    columns = scores.shape[1]
    starts = np.arange(0, columns, min(_STRIP, max(1, columns // (2 * k))))
    highest = np.maximum.reduceat(scores, starts, axis=1)
    cut = np.partition(highest, len(starts) - k, axis=1)[:, len(starts) - k]
    rows, candidates = np.nonzero(scores >= cut[:, None])
    values = scores[rows, candidates]
    order = np.lexsort((candidates, -values, rows))
    first = np.searchsorted(rows, np.arange(len(scores)))
    chosen = order[first[:, None] + np.arange(k)]
    return candidates[chosen], values[chosen]
