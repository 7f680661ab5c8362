"""What every map of a collection is, and how true it is to the embeddings."""

from dataclasses import dataclass

import numpy as np

from imsearch_core.vectors.sampling import even_sample

NEIGHBOURS = 9
MEASURED = 2000  # pictures that the measurement compares with each other


@dataclass(frozen=True)
class Projection:
    """Where the pictures of a collection lie on a map."""

    items: np.ndarray
    """int64 [m]: the items that are placed, ascending; all of them, or a sample of a large collection."""
    points: np.ndarray
    """float32 [m, 2]: x and y from 0 to 1, both in one scale."""
    kept: float
    """`neighbours_kept` of this map, 0 to 1."""


def in_unit_square(points: np.ndarray) -> np.ndarray:
    """float32 [m, 2]: `points` moved and scaled, as a whole, to lie in the middle of the unit square."""
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max()) or 1.0
    return ((points - (low + high) / 2) / extent + 0.5).astype(np.float32)


def neighbours_kept(rows: np.ndarray, points: np.ndarray) -> float:
    """The share of each picture's 9 nearest by cosine that are among its 9 nearest on the map, 0 to 1.

    `rows` float32 [m, d] of length 1; `points` float32 [m, 2]. Of more than 2000 pictures an even
    sample is compared with itself.
    """
    measured = even_sample(len(rows), MEASURED)
    k = min(NEIGHBOURS, len(measured) - 1)
    if k < 1:
        return 1.0
    rows, points = rows[measured], points[measured].astype(np.float64)
    squares = (points**2).sum(axis=1)
    near = _highest(rows @ rows.T, k)
    near_on_map = _highest(2 * points @ points.T - squares - squares[:, None], k)
    return float((near & near_on_map).sum(axis=1).mean() / k)


def _highest(closeness: np.ndarray, k: int) -> np.ndarray:
    """bool [m, m]: the `k` others that each row's picture is closest to."""
    np.fill_diagonal(closeness, -np.inf)
    marked = np.zeros(closeness.shape, bool)
    np.put_along_axis(marked, np.argpartition(closeness, -k, axis=1)[:, -k:], True, axis=1)
    return marked
