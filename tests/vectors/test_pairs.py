"""All pairs with a high cosine."""

import numpy as np
import pytest

from imsearch_core.vectors import pairs
from imsearch_core.vectors.pairs import pairs_above


def pictures_like_others(n, d):
    """Unit vectors in clusters of 5."""
    rng = np.random.default_rng(d)
    rows = np.repeat(rng.normal(size=(n // 5, d)), 5, axis=0) + 0.35 * rng.normal(size=(n, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("d", [16, 400])
def test_the_same_pairs_as_by_comparing_every_two(d, monkeypatch):
    monkeypatch.setattr(pairs, "_FEW", 50)  # so that these few count as many
    monkeypatch.setattr(pairs, "_ROWS", 32)
    unit = pictures_like_others(300, d)
    everything = np.triu(unit @ unit.T, 1)
    rows, others, cosines = pairs_above(unit, 0.85, most=300)
    assert len(rows) > 100
    assert {*zip(rows.tolist(), others.tolist(), strict=True)} == {
        (i, j) for i, j in np.argwhere(everything >= 0.85).tolist()
    }
    np.testing.assert_allclose(cosines, everything[rows, others], atol=1e-5)


def test_tiles_full_of_pairs_are_compared_as_exactly_as_others(monkeypatch):
    monkeypatch.setattr(pairs, "_FEW", 50)
    unit = pictures_like_others(100, 400)
    unit = np.repeat(unit[:4], 25, axis=0) + np.float32(0.01) * unit
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    everything = np.triu(unit @ unit.T, 1)
    rows, _, cosines = pairs_above(unit, 0.9, most=3)
    for i in range(100):
        assert sorted(cosines[rows == i]) == pytest.approx(
            np.sort(everything[i][everything[i] >= 0.9])[-3:], abs=1e-5
        )


def test_of_many_pairs_of_one_picture_the_closest_are_returned():
    angles = np.radians([0, 3, 1, 2])
    unit = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    rows, others, _ = pairs_above(unit, 0.9, most=1)
    assert list(zip(rows.tolist(), others.tolist(), strict=True)) == [(0, 2), (1, 3), (2, 3)]
