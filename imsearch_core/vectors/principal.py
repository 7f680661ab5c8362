"""The directions in which the rows of a matrix are longest."""

import numpy as np

_SAMPLE = 4096


def principal_directions(rows: np.ndarray, count: int) -> np.ndarray:
    """float32 [d, count]: orthonormal, from an even sample of `rows` float32 [n, d], not centred."""
    from scipy.linalg import eigh

    sample = rows[:: max(1, len(rows) // _SAMPLE)]
    d = rows.shape[1]
    return eigh(sample.T @ sample, subset_by_index=(max(0, d - count), d - 1))[1]  # the few take a third
