"""Which of many items stand for all: a sample that is always the same."""

import numpy as np


def random_sample(n: int, most: int) -> np.ndarray:
    """int64 [min(n, most)], ascending: all of n items, or a random choice of them."""
    return np.arange(n) if n <= most else np.sort(np.random.default_rng(0).choice(n, most, replace=False))


def even_sample(n: int, most: int) -> np.ndarray:
    """int64 [min(n, most)]: items evenly spread over n; sorted by folder, each folder has its share."""
    return np.linspace(0, n - 1, min(n, most)).round().astype(np.int64)
