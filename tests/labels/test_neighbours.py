"""All nearest neighbours at once, block by block."""

import numpy as np
import pytest

from imsearch_core.labels import neighbours
from imsearch_core.labels.neighbours import nearest


@pytest.mark.parametrize(("n", "k"), [(1, 3), (2, 3), (7, 3), (40, 15), (500, 9), (500, 499)])
def test_the_same_as_sorting_all_cosines(n, k, monkeypatch):
    monkeypatch.setattr(neighbours, "_BLOCK_BYTES", 4 * n * 33)  # blocks of 33 rows
    unit = np.random.default_rng(n).normal(size=(n, 8)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    found, cosines = nearest(unit, k)
    everything = unit @ unit.T
    np.fill_diagonal(everything, -np.inf)
    expected = -np.sort(-everything, axis=1)[:, : min(k, n - 1)]
    np.testing.assert_allclose(cosines, expected, atol=1e-6)
    np.testing.assert_allclose(np.take_along_axis(everything, found, axis=1), expected, atol=1e-6)


def test_many_equal_pictures_are_each_others_neighbours_but_never_their_own():
    found, cosines = nearest(np.tile(np.float32([[1, 0]]), (200, 1)), 5)
    assert (cosines == 1).all()
    assert not (found == np.arange(200)[:, None]).any()
