"""The nearest neighbours of every picture at once."""

import numpy as np

_BLOCK_BYTES = 1 << 26


def nearest(unit: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The `k` most similar other rows of `unit` float32 [n, d], whose rows have length 1.

    Returns rows int64 [n, ≤ k] and their cosines float32 [n, ≤ k], nearest first.
    """
    n = len(unit)
    k = min(k, n - 1)
    found, cosines = np.empty((n, k), np.int64), np.empty((n, k), np.float32)
    if k < 1:
        return found, cosines
    step = max(1, _BLOCK_BYTES // (4 * n))
    for start in range(0, n, step):
        block = unit[start : start + step] @ unit.T
        rows = np.arange(len(block))
        block[rows, start + rows] = -np.inf
        top = np.argpartition(-block, k - 1, axis=1)[:, :k]
        top = np.take_along_axis(top, np.argsort(-np.take_along_axis(block, top, 1), axis=1), 1)
        found[start : start + step] = top
        cosines[start : start + step] = np.clip(np.take_along_axis(block, top, 1), -1, 1)
    return found, cosines
