"""Nearest neighbours by cells: nearly those that comparing everything finds."""

import numpy as np
import pytest

from imsearch_core.vectors import cells
from imsearch_core.vectors.cells import nearest_by_cells
from imsearch_core.vectors.neighbours import nearest


@pytest.mark.parametrize("d", [24, 200])
def test_nearly_all_neighbours_are_found_with_their_exact_cosines(d, monkeypatch):
    monkeypatch.setattr(cells, "_IN_A_CELL", 50)
    monkeypatch.setattr(cells, "_COMPARED", 400)  # of 1500
    rng = np.random.default_rng(0)
    rows = np.repeat(rng.normal(size=(60, d)), 25, axis=0) + 0.7 * rng.normal(size=(1500, d))
    unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    told = []
    found, cosines = nearest_by_cells(unit, 9, lambda done, total: told.append((done, total)))
    expected, _ = nearest(unit, 9)
    shared = [len(np.intersect1d(*pair)) for pair in zip(found, expected, strict=True)]
    assert np.mean(shared) / 9 > 0.95
    assert not (found == np.arange(1500)[:, None]).any()
    np.testing.assert_allclose(cosines, np.einsum("nkd,nd->nk", unit[found], unit), atol=1e-5)
    assert (np.diff(cosines, axis=1) <= 1e-6).all()
    assert told[0] == (0, 1500)
    assert told[-1] == (1500, 1500)


def test_copies_are_each_others_neighbours_though_there_are_more_than_asked_for(monkeypatch):
    monkeypatch.setattr(cells, "_IN_A_CELL", 20)
    monkeypatch.setattr(cells, "_COMPARED", 50)
    unit = np.eye(8, dtype=np.float32)[np.repeat(np.arange(8), 30)]
    found, cosines = nearest_by_cells(unit, 5)
    assert (cosines == 1).all()
    assert not (found == np.arange(240)[:, None]).any()
