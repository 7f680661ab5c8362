"""Queries with a picture in any form, with a region, and with several pictures for and against."""

import io

import numpy as np
import pytest
from PIL import ExifTags, Image

from imsearch_core import ImsearchError, UsageError
from imsearch_core.search.query import LIKE_WEIGHT, UNLIKE_WEIGHT, Query, Region, combine
from tests.colour_encoder import open_colours
from tests.conftest import draw


@pytest.fixture
def photos(pictures):
    return open_colours(pictures)


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
def test_an_invalid_region_is_refused_with_an_example_or_the_rule(text):
    with pytest.raises(UsageError, match="x0,y0,x1,y1"):
        Region.parse(text)


@pytest.mark.parametrize("size", [(100, 50), (1, 1), (3, 1000)])
def test_a_region_cuts_out_its_part_and_at_least_one_pixel(size):
    cut = Region(0.5, 0.1, 1, 0.6).crop(Image.new("RGB", size))
    assert min(cut.size) >= 1
    assert cut.width == pytest.approx(size[0] / 2, abs=1)


def test_a_region_query_finds_what_lies_in_the_region(pictures):
    both = Image.new("RGB", (192, 72))
    both.paste(draw(11), (0, 0))  # drawn as green/1.jpg is
    both.paste(draw(22), (96, 0))  # drawn as red/2.jpg is
    both.save(pictures / "both.png")
    photos = open_colours(pictures)
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


def test_without_other_pictures_the_query_stays_as_it_is():
    (query,) = vectors([1, 2])
    assert combine(query, [], []) is query


def test_pictures_that_took_part_are_not_results_and_liked_ones_change_the_order(photos):
    plain = photos.search("red/1.jpg", 11).results
    target = plain[-1].file
    found = photos.search("red/1.jpg", 11, like=[target], unlike=[plain[0].file]).results
    files = [result.file for result in found]
    assert len(files) == 9
    assert {"red/1.jpg", target, plain[0].file}.isdisjoint(files)
    assert files != [r.file for r in plain if r.file in files]


def test_the_percentile_is_the_share_of_other_pictures_that_are_less_similar(photos):
    results = photos.search("red/1.jpg", 11).results
    assert [result.percentile for result in results] == pytest.approx(
        [100 * i / 10 for i in range(10, -1, -1)]
    )


@pytest.mark.parametrize("source", ["~nobody-of-this-name/x.jpg", "x" * 5000, "no\0thing.jpg", ""])
def test_a_name_that_cannot_be_a_path_is_refused(photos, source):
    with pytest.raises(UsageError, match="neither a picture"):
        photos.query(source)


@pytest.fixture
def odd_pictures(tmp_path):
    """Pictures that have to be turned, or reduced to 8-bit RGB, before they can be embedded."""
    folder = tmp_path / "odd"
    folder.mkdir()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    draw(1).save(folder / "turned.jpg", exif=exif)
    grey = np.asarray(draw(2).convert("L"), np.uint16) * 257
    Image.fromarray(grey).save(folder / "grey16.png")
    glass = draw(3)
    glass.putalpha(Image.linear_gradient("L").resize(glass.size))
    glass.save(folder / "see-through.png")
    draw(4).convert("CMYK").save(folder / "cmyk.tif")
    return open_colours(folder)


@pytest.mark.parametrize("file", ["turned.jpg", "grey16.png", "see-through.png", "cmyk.tif"])
def test_a_picture_has_the_same_embedding_in_every_form(odd_pictures, tmp_path, file):
    elsewhere = tmp_path / file
    elsewhere.write_bytes((odd_pictures.folder / file).read_bytes())
    stored = odd_pictures.query(file).embedding
    with Image.open(elsewhere) as image:
        forms = [
            odd_pictures.folder / file,
            elsewhere,
            str(elsewhere),
            elsewhere.read_bytes(),
            image,
            odd_pictures.open_image(file),
            np.asarray(odd_pictures.open_image(file)),
        ]
        for form in forms:
            assert np.allclose(odd_pictures.query(form).embedding, stored, atol=1e-6), type(form)
    assert not np.allclose(stored, odd_pictures.query(Image.new("RGB", (96, 72))).embedding, atol=0.1)


def test_a_region_of_a_turned_picture_counts_from_its_upright_corner(odd_pictures):
    upright = odd_pictures.open_image("turned.jpg")
    assert upright.size == (72, 96)
    left_half = odd_pictures.query(upright.crop((0, 0, 36, 96))).embedding
    with Image.open(odd_pictures.folder / "turned.jpg") as image:
        for form in ("turned.jpg", image):
            found = odd_pictures.query(form, Region(0, 0, 0.5, 1)).embedding
            assert np.allclose(found, left_half, atol=1e-6)


@pytest.mark.parametrize("shape", [(4,), (4, 4, 5), (0, 4, 3)])
def test_an_array_that_is_not_a_picture_is_refused_with_its_shape(odd_pictures, shape):
    with pytest.raises(ImsearchError, match=r"^the upload: an array of ") as raised:
        odd_pictures.query(np.zeros(shape, np.uint8))
    assert ", ".join(map(str, shape)) in str(raised.value)


def test_a_truncated_picture_opened_with_pillow_is_refused(odd_pictures):
    content = (odd_pictures.folder / "grey16.png").read_bytes()
    image = Image.open(io.BytesIO(content[: len(content) // 2]))
    with pytest.raises(ImsearchError, match=r"^the upload: damaged"):
        odd_pictures.query(image)


def test_a_region_cannot_be_asked_of_a_finished_query(odd_pictures):
    query = odd_pictures.query("cmyk.tif")
    assert odd_pictures.query(query) is query
    with pytest.raises(UsageError, match="has no regions"):
        odd_pictures.query(query, Region(0, 0, 0.5, 1))
