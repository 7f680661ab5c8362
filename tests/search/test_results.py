"""What a search returns, as a sequence."""

from collections.abc import Sequence

import pytest

from tests.colour_encoder import open_colours


@pytest.fixture
def photos(pictures):
    return open_colours(pictures)


def test_a_search_result_is_the_sequence_of_its_results(photos):
    found = photos.search("red/1.jpg", k=5)
    assert isinstance(found, Sequence)
    assert len(found) == 5
    assert [result.rank for result in found] == [1, 2, 3, 4, 5]
    assert found[0].rank == 1
    assert found[-1].rank == 5
    assert [result.rank for result in found[1:3]] == [2, 3]
    assert found[2] in found
    assert [result.rank for result in reversed(found)] == [5, 4, 3, 2, 1]
    with pytest.raises(IndexError):
        found[5]


def test_a_search_result_without_results_is_false(photos, tmp_path):
    (tmp_path / "one").mkdir()
    (photos.folder / "red" / "1.jpg").rename(tmp_path / "one" / "only.jpg")
    assert not open_colours(tmp_path / "one").search("only.jpg")
    assert photos.search("red/2.jpg")
