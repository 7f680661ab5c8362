"""The directions in which the rows of a matrix are longest."""

import numpy as np

_SAMPLE = 4096


def principal_directions(rows: np.ndarray, count: int) -> np.ndarray:
    """float32 [d, count]: orthonormal, from an even sample of `rows` float32 [n, d], not centred."""
    sample = rows[:: max(1, len(rows) // _SAMPLE)]
    return np.linalg.eigh(sample.T @ sample)[1][:, -count:]
