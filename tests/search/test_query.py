"""Queries of a region, and of several pictures for and against."""

import numpy as np
import pytest
from PIL import Image

from imsearch_core import Collection, UsageError
from imsearch_core.search.query import LIKE_WEIGHT, UNLIKE_WEIGHT, Query, Region, combine
from tests.conftest import draw


@pytest.fixture
def photos(pictures):
    return Collection.open(pictures)


def test_a_region_is_read_and_written_in_fractions():
    assert Region.parse("0.1,0,0.6,0.9") == Region(0.1, 0, 0.6, 0.9)
    assert str(Region.parse(" 0.25, 0.5 ,1,1")) == "0.25,0.5,1,1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0,0,1",
        "0,0,1,1,1",
        "a,b,c,d",
        "0.5,0,0.4,1",
        "0,0,1,1.2",
        "-0.1,0,1,1",
        "0,0,0.001,1",
        "nan,0,1,1",
    ],
)
def test_what_is_no_region_is_refused_with_an_example_or_the_rule(text):
    with pytest.raises(UsageError, match="x0,y0,x1,y1"):
        Region.parse(text)


@pytest.mark.parametrize("size", [(100, 50), (1, 1), (3, 1000)])
def test_a_region_cuts_out_its_part_and_never_nothing(size):
    cut = Region(0.5, 0.1, 1, 0.6).crop(Image.new("RGB", size))
    assert min(cut.size) >= 1
    assert cut.width == pytest.approx(size[0] / 2, abs=1)


def test_a_region_query_finds_what_lies_in_the_region(pictures):
    both = Image.new("RGB", (192, 72))
    both.paste(draw(11), (0, 0))  # drawn as green/1.jpg is
    both.paste(draw(22), (96, 0))  # drawn as red/2.jpg is
    both.save(pictures / "both.png")
    photos = Collection.open(pictures)
    for region, expected in (("0,0,0.5,1", "green/1.jpg"), ("0.5,0,1,1", "red/2.jpg")):
        query = photos.query("both.png", Region.parse(region))
        found = photos.search(query, 5)
        assert found.results[0].file == expected
        assert (found.query.file, str(found.query.region)) == ("both.png", region)
        assert "both.png" not in [result.file for result in found.results]


def vectors(*rows: list[float]) -> list[Query]:
    return [Query(str(i), None, np.array(row, np.float32), i) for i, row in enumerate(rows)]


def test_positives_and_negatives_are_combined_by_rocchios_formula():
    query, liked, unliked = vectors([2, 0], [0, 3], [0.6, 0.8])
    combined = combine(query, [liked], [unliked])
    expected = np.array([1, 0]) + LIKE_WEIGHT * np.array([0, 1]) - UNLIKE_WEIGHT * np.array([0.6, 0.8])
    assert np.allclose(combined.embedding, expected)
    assert combined.excluded == {0, 1, 2}


def test_no_other_pictures_leave_the_query_as_it_is():
    (query,) = vectors([1, 2])
    assert combine(query, [], []) is query


def test_pictures_that_took_part_are_no_results_and_likes_pull_their_kind_up(photos):
    plain = photos.search("red/1.jpg", 11).results
    target = plain[-1].file
    found = photos.search("red/1.jpg", 11, like=[target], unlike=[plain[0].file]).results
    files = [result.file for result in found]
    assert len(files) == 9
    assert {"red/1.jpg", target, plain[0].file}.isdisjoint(files)
    assert files != [r.file for r in plain if r.file in files]


def test_the_percentile_tells_how_many_others_are_less_alike(photos):
    results = photos.search("red/1.jpg", 11).results
    assert [result.percentile for result in results] == pytest.approx(
        [100 * i / 10 for i in range(10, -1, -1)]
    )


@pytest.mark.parametrize("source", ["~nobody-of-this-name/x.jpg", "x" * 5000, "no\0thing.jpg", ""])
def test_nonsense_is_no_picture(photos, source):
    with pytest.raises(UsageError, match="neither a picture"):
        photos.query(source)
