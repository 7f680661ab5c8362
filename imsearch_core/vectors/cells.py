"""The nearest neighbours of every picture where comparing all with all would take too long, approximately.

An inverted file with joint queries (H. Jégou, M. Douze and C. Schmid, "Product quantization for nearest
neighbor search", 2011, without the quantisation): pictures are put into cells by k-means, and those of a cell
are compared with the pictures of the nearest cells only, first in the leading principal directions, then the
best of them in all.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from imsearch_core.progress import Progress, silent
from imsearch_core.vectors.matvec import processors, single_threaded_blas
from imsearch_core.vectors.principal import principal_directions
from imsearch_core.vectors.top import top

_DIMENSIONS = 128  # compared first
_IN_A_CELL = 400  # pictures, on average
_COMPARED = 8000  # pictures in the cells that a picture is compared with, at least
_SHARE = 25  # and at least one in so many of all
_CANDIDATES = 2.5  # compared in all dimensions for each neighbour
_LEARNT_FROM = 64  # pictures for each cell
_BLOCK_BYTES = 1 << 25


def nearest_by_cells(unit: np.ndarray, k: int, progress: Progress = silent) -> tuple[np.ndarray, np.ndarray]:
    """About the `k` most similar other rows of each row of `unit` float32 [n, d], all of length 1.

    Returns rows int64 [n, k] and their exact cosines float32 [n, k], nearest first. Needs n > k, and is
    meant for many thousands of rows.
    """
    n, d = unit.shape
    progress(0, n)
    short = unit if d <= _DIMENSIONS else unit @ principal_directions(unit, _DIMENSIONS)
    found, cosines = np.empty((n, k), np.int64), np.empty((n, k), np.float32)

    def fill(block: tuple[np.ndarray, np.ndarray, np.ndarray]) -> int:
        rows, others, own = block
        scores = short[rows] @ short[others].T
        scores[np.arange(len(rows)), own] = -np.inf
        if short is unit:
            places, values = top(scores, k)
            found[rows], cosines[rows] = others[places], values
        else:
            candidates = others[top(scores, min(int(_CANDIDATES * k), len(others) - 1))[0]]
            exact = np.matmul(unit[candidates], unit[rows][:, :, None])[:, :, 0]
            order = np.argsort(-exact, axis=1, kind="stable")[:, :k]
            found[rows] = np.take_along_axis(candidates, order, axis=1)
            cosines[rows] = np.take_along_axis(exact, order, axis=1)
        return len(rows)

    done = 0
    with single_threaded_blas(), ThreadPoolExecutor(processors()) as pool:
        for count in pool.map(fill, list(_blocks(short, k, d))):
            done += count
            progress(done, n)
    return found, np.clip(cosines, -1, 1)


def _blocks(short: np.ndarray, k: int, d: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Rows int64 [m], the rows to compare them with int64 [c], and where among these each of them is."""
    cell_of, centres = _cells(short)
    by_cell = np.argsort(cell_of, kind="stable")
    first = np.searchsorted(cell_of[by_cell], np.arange(len(centres) + 1))
    enough = max(_COMPARED, len(short) // _SHARE)
    for cell, closeness in enumerate(_negative_distances(centres, centres)):
        closest = np.argsort(-closeness, kind="stable")
        closest = np.concatenate([[cell], closest[closest != cell]])
        reached = np.searchsorted(np.cumsum(first[closest + 1] - first[closest]), enough) + 1
        others = np.concatenate([by_cell[first[other] : first[other + 1]] for other in closest[:reached]])
        members = first[cell + 1] - first[cell]
        step = max(1, _BLOCK_BYTES // (4 * max(len(others), int(_CANDIDATES * k) * d)))
        for start in range(0, members, step):
            own = np.arange(start, min(start + step, members))
            yield others[own], others, own


def _cells(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cell of each of `rows` float32 [n, d], int64 [n], and the centres float32 [cells, d]."""
    from sklearn.cluster import KMeans

    cells = max(1, len(rows) // _IN_A_CELL)
    sample = rows[:: max(1, len(rows) // (_LEARNT_FROM * cells))]
    centres = KMeans(cells, init="random", n_init=1, max_iter=8, random_state=0).fit(sample).cluster_centers_
    step = max(1, _BLOCK_BYTES // (4 * cells))
    cell_of = np.concatenate(
        [
            _negative_distances(rows[start : start + step], centres).argmax(axis=1)
            for start in range(0, len(rows), step)
        ]
    )
    return cell_of, centres


def _negative_distances(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """float32 [n, cells]: the higher, the nearer; comparable within a row."""
    return 2 * rows @ centres.T - np.einsum("ij,ij->i", centres, centres)
