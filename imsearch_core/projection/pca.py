"""Principal component analysis: the two directions in which the embeddings differ most."""

import numpy as np

from imsearch_core.projection.base import Projection, in_unit_square, neighbours_kept
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.sampling import even_sample

LARGEST_SAMPLE = 4000  # pictures that the directions are computed from
MOST_PLACED = 50_000  # pictures that a page can draw


def pca(embeddings: Embeddings) -> Projection:
    """Place the pictures by the first two principal components of their unit embeddings.

    Deterministic: exact components (Lanczos from a fixed start) with fixed signs. Of a large
    collection the directions come from an even sample; up to 50,000 pictures are placed.
    """
    fitted = even_sample(len(embeddings), LARGEST_SAMPLE)
    rows = embeddings.unit_rows(fitted)
    mean, directions = _components(rows)
    items = even_sample(len(embeddings), MOST_PLACED)
    lengths = np.maximum(embeddings.norms, np.finfo(np.float32).tiny)
    along = [embeddings.dot(direction)[items] / lengths[items] for direction in directions]
    points = np.stack(along, axis=1) - directions @ mean
    fitted_points = (rows - mean) @ directions.T
    return Projection(items, in_unit_square(points), neighbours_kept(rows, fitted_points))


def _components(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean float32 [d] of `rows`, and two directions float32 [2, d]; zeros where rows do not differ."""
    from sklearn.decomposition import PCA

    directions = np.zeros((2, rows.shape[1]), np.float32)
    if len(rows) < 2 or not np.ptp(rows, axis=0).any():
        return rows.mean(axis=0), directions
    few = min(rows.shape) <= 10  # Lanczos needs more than it computes
    model = PCA(min(2, *rows.shape), svd_solver="full" if few else "arpack", random_state=0).fit(rows)
    directions[: model.n_components_] = model.components_
    return model.mean_, directions
