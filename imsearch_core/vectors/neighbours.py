"""The nearest neighbours of every picture at once, in bounded memory, and what changes when pictures do."""

from dataclasses import dataclass

import numpy as np

from imsearch_core.progress import Progress, silent
from imsearch_core.vectors.cells import nearest_by_cells
from imsearch_core.vectors.top import top

_BLOCK_BYTES = 1 << 26
EXACT_UP_TO = 20_000
"""Pictures that are all compared with one another; of more, each is compared with a part."""


def nearest(
    unit: np.ndarray, k: int, progress: Progress = silent, of: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The `k` most similar other rows of each row of `unit` float32 [n, d], all of length 1.

    With `of` int64 [m], only of those rows. Returns rows int64 [m, ≤ k] and their cosines float32 [m, ≤ k],
    nearest first, equals in row order. Exact; takes time m·n·d, and 64 MB in addition to the arrays.
    """
    n = len(unit)
    of = np.arange(n) if of is None else of
    k = min(k, max(n - 1, 0))
    found, cosines = np.empty((len(of), k), np.int64), np.empty((len(of), k), np.float32)
    if k == 0:
        return found, cosines
    step = max(1, _BLOCK_BYTES // (4 * n))
    for start in range(0, len(of), step):
        rows = of[start : start + step]
        block = unit[rows] @ unit.T
        block[np.arange(len(rows)), rows] = -np.inf
        found[start : start + step], cosines[start : start + step] = top(block, k)
        progress(min(start + step, len(of)), len(of))
    return found, np.clip(cosines, -1, 1)


def neighbours(unit: np.ndarray, k: int, progress: Progress = silent) -> tuple[np.ndarray, np.ndarray]:
    """As `nearest`, but approximately if there are more than EXACT_UP_TO rows: see `cells`."""
    return (nearest if len(unit) <= EXACT_UP_TO else nearest_by_cells)(unit, k, progress)


@dataclass(frozen=True)
class Updated:
    """The nearest neighbours after rows were added and removed."""

    nearest: np.ndarray
    """int64 [n, k]."""
    cosines: np.ndarray
    """float32 [n, k]."""
    changed: np.ndarray
    """bool [n]: new rows, and those whose neighbours are no longer the same."""


def updated(
    unit: np.ndarray,
    nearest_before: np.ndarray,
    cosines_before: np.ndarray,
    place: np.ndarray,
    progress: Progress = silent,
) -> Updated:
    """What `nearest` returns for `unit` float32 [n, d], from what it returned for other rows before.

    `place` int64 [m] says which row of `unit` each of those m rows is now, -1 for those removed; rows that
    stayed have not changed. New rows, and those that lost a neighbour, are compared with all others, the
    rest only with the new rows.
    """
    n, k = len(unit), nearest_before.shape[1]
    found, cosines = np.full((n, k), -1), np.full((n, k), -np.inf, np.float32)
    stayed = np.flatnonzero(place >= 0)
    found[place[stayed]], cosines[place[stayed]] = place[nearest_before[stayed]], cosines_before[stayed]
    new = np.setdiff1d(np.arange(n), place)
    changed = (found < 0).any(axis=1)
    anew, rest = np.flatnonzero(changed), np.flatnonzero(~changed)
    total = len(anew) + len(rest)
    found[anew], cosines[anew] = nearest(unit, k, lambda done, _: progress(done, total), anew)
    step = max(1, _BLOCK_BYTES // (4 * max(len(new), 1)))
    for start in range(0, len(rest) if len(new) else 0, step):
        rows = rest[start : start + step]
        block = np.clip(unit[rows] @ unit[new].T, -1, 1)
        nearer = block.max(axis=1) >= cosines[rows, -1]
        for row, scores in zip(rows[nearer], block[nearer], strict=True):
            rivals = np.concatenate([found[row], new])
            values = np.concatenate([cosines[row], scores])
            order = np.lexsort((rivals, -values))[:k]
            changed[row] = not np.array_equal(rivals[order], found[row])
            found[row], cosines[row] = rivals[order], values[order]
        progress(len(anew) + min(start + step, len(rest)), total)
    return Updated(found, cosines, changed)
