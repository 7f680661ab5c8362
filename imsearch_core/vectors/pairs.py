"""All pairs of pictures with a high cosine, in bounded memory."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from imsearch_core.progress import Progress, silent
from imsearch_core.vectors.matvec import processors, single_threaded_blas
from imsearch_core.vectors.principal import principal_directions

_BLOCK_BYTES = 1 << 26
_ROWS, _COLUMNS = 512, 1024  # compared at a time: what they give stays in the processor's cache
_DIRECT = 320  # dimensions
_KEPT = 256  # dimensions that are compared first
_FEW = 4096  # pictures
_DENSE = 0.02  # share of pairs from which comparing all in all dimensions is quicker than picking them
SLACK = 1e-4
"""What rounding may take from a product of `shortened` vectors."""
_NONE = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)


def pairs_above(
    unit: np.ndarray,
    threshold: float,
    most: int,
    other: np.ndarray | None = None,
    progress: Progress = silent,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs i < j with a cosine of at least `threshold` between `unit`[i] and `other`[j].

    Both are float32 [n, d] of length 1; `other` is `unit` if not given. Of one i, the `most` pairs with the
    highest cosines. Returns i int64 [m], j int64 [m] and the cosines float32 [m]. Exact: where there are many
    dimensions, an upper bound of each cosine is computed first, from the principal directions and the length
    of what is left.
    """
    bounded = other is None and unit.shape[1] > _DIRECT and len(unit) > _FEW
    compared = shortened(unit) if bounded else unit
    against = compared if other is None else other
    least = threshold - SLACK if bounded else threshold

    def of_tile(start: int, first: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows, others = slice(start, start + _ROWS), slice(first, first + _COLUMNS)
        scores = compared[rows] @ against[others].T
        if scores.max() < least:  # nearly always, and quick to tell
            return _NONE
        i, j = np.divmod(np.flatnonzero(scores >= least), scores.shape[1])
        later = j + first > i + start
        i, j = i[later], j[later]
        if not bounded:
            cosines = scores[i, j]
        elif len(i) > _DENSE * scores.size:
            cosines = (unit[rows] @ unit[others].T)[i, j]
        else:
            cosines = _cosines(unit, i + start, j + first)
        close = cosines >= threshold
        return _closest(i[close] + start, j[close] + first, cosines[close], most)

    def of_rows(start: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        tiles = [of_tile(start, first) for first in range(start, len(against), _COLUMNS)]
        return _closest(*_joined(tiles), most)

    found = []
    with single_threaded_blas(), ThreadPoolExecutor(processors()) as pool:
        for done, part in enumerate(pool.map(of_rows, range(0, len(unit), _ROWS)), 1):
            found.append(part)
            progress(min(done * _ROWS, len(unit)), len(unit))
    return _joined(found)


def _closest(
    rows: np.ndarray, others: np.ndarray, cosines: np.ndarray, most: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The `most` pairs of each row with the highest cosines, sorted by row, then closest first."""
    order = np.lexsort((others, -cosines, rows))
    rows, others, cosines = rows[order], others[order], cosines[order]
    kept = np.arange(len(rows)) - np.searchsorted(rows, rows) < most
    return rows[kept], others[kept], cosines[kept]


def _joined(parts: list[tuple[np.ndarray, ...]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return tuple(np.concatenate(columns) for columns in zip(_NONE, *parts, strict=True))


def shortened(unit: np.ndarray) -> np.ndarray:
    """float32 [n, ≤ _KEPT + 1]: vectors whose inner products are no less than the cosines of `unit` [n, d].

    By Cauchy and Schwarz: the inner product of what is left out is at most that of the lengths.
    """
    kept = unit @ principal_directions(unit, _KEPT)
    rest = np.sqrt(np.maximum(0, 1 - np.einsum("ij,ij->i", kept, kept)))
    return np.concatenate([kept, rest[:, None]], axis=1)


def _cosines(unit: np.ndarray, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """float32 [m]: the inner products of the given rows of `unit`, in bounded memory."""
    result = np.empty(len(rows), np.float32)
    step = max(1, _BLOCK_BYTES // (8 * unit.shape[1]))
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        result[part] = np.einsum("ij,ij->i", unit[rows[part]], unit[others[part]])
    return result
