"""All nearest neighbours at once, block by block."""

import numpy as np
import pytest

from imsearch_core.vectors import neighbours
from imsearch_core.vectors.neighbours import nearest, updated


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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (range(60), [*range(60), *range(90, 100)]),
        (range(60), [*range(5, 40), *range(70, 75)]),
        (range(60), range(30)),
        (range(60), reversed(range(60))),
        (range(60), range(60)),
    ],
    ids=["added", "added and removed", "removed", "in another order", "as before"],
)
def test_updating_gives_the_same_neighbours_as_starting_anew(before, after, monkeypatch):
    before, after = np.array([*before]), np.array([*after])
    monkeypatch.setattr(neighbours, "_BLOCK_BYTES", 4 * 50)  # blocks of a few rows
    unit = np.random.default_rng(5).normal(size=(100, 6)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    place = np.array([next(iter(np.flatnonzero(after == row)), -1) for row in before])
    old = nearest(unit[before], 7)
    new = updated(unit[after], *old, place)
    expected, cosines = nearest(unit[after], 7)
    np.testing.assert_array_equal(new.nearest, expected)
    np.testing.assert_allclose(new.cosines, cosines, atol=1e-6)
    rows_before = {row: set(before[near]) for row, near in zip(before, old[0], strict=True)}
    same = [rows_before.get(row) == set(after[near]) for row, near in zip(after, expected, strict=True)]
    np.testing.assert_array_equal(~new.changed, same)
