"""Searching only among pictures of a label, split, tag, problem, date, camera, name or size."""

from datetime import datetime

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageFilter

from imsearch_core.errors import UsageError
from imsearch_core.index import base
from imsearch_core.index.annoy import AnnoyIndex
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.search.filters import Period
from tests.colour_encoder import open_colours
from tests.conftest import draw

CAMERAS = (("Canon", "Canon EOS 5D"), ("NIKON CORPORATION", "NIKON D70"), ("Apple", "iPhone 6"), ("", ""))


def photo(path, seed, taken=None, camera=("", ""), size=(96, 72)):
    exif = Image.Exif()
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{taken:%Y:%m:%d %H:%M:%S}"
    for tag, text in zip((ExifTags.Base.Make, ExifTags.Base.Model), camera, strict=True):
        if text:
            exif[tag] = text
    path.parent.mkdir(parents=True, exist_ok=True)
    draw(seed, size).save(path, exif=exif)


@pytest.fixture
def album(tmp_path):
    """Two classes by four cameras in turn: a photo a month from November 2018, then one without a date."""
    for i in range(12):
        taken = datetime(2018 + (10 + i) // 12, (10 + i) % 12 + 1, 28) if i < 11 else None
        folder = ("beach", "town")[i % 2]
        photo(tmp_path / folder / f"IMG_{i:02}.jpg", i, taken, CAMERAS[i % 4], (96 + 10 * i, 72 + 10 * i))
    return open_colours(tmp_path)


def numbers(results):
    return sorted(int(one.file[-6:-4]) for one in results)


def found(photos, **only):
    upload = draw(99)  # not in the collection, so that nothing is left out
    return numbers(photos.search(upload, len(photos), **only).results)


def test_only_pictures_that_pass_every_filter_are_found(album):
    expected = [
        ({"taken": "2018"}, [0, 1]),
        ({"taken": "2019-01"}, [2]),
        ({"taken": "2019-01-28"}, [2]),
        ({"taken": "2018-12..2019-02"}, [1, 2, 3]),
        ({"taken": "2019-08.."}, [9, 10]),
        ({"taken": "..2018"}, [0, 1]),
        ({"camera": "canon eos 5d"}, [0, 4, 8]),
        ({"camera": "nikon"}, [1, 5, 9]),
        ({"camera": "Apple iPhone"}, [2, 6, 10]),
        ({"name": "img_0"}, [*range(10)]),
        ({"name": "IMG_0?.JPG"}, [*range(10)]),
        ({"name": "beach/*"}, [0, 2, 4, 6, 8, 10]),
        ({"min_size": 162}, [9, 10, 11]),
        ({"label": "town"}, [1, 3, 5, 7, 9, 11]),
        ({"label": ["town", "beach"], "taken": "2018"}, [0, 1]),
        ({"label": "town", "camera": "nikon", "taken": "2019"}, [5, 9]),
        ({"label": None, "name": "", "tag": ()}, [*range(12)]),
    ]
    assert [(only, found(album, **only)) for only, _ in expected] == expected


def test_tags_corrected_labels_and_problems_filter_at_once_as_they_change(album):
    album.corrections.tag(["town/IMG_01.jpg", "beach/IMG_02.jpg"], "holiday", "anna")
    assert found(album, tag="holiday") == [1, 2]
    moved = Decision("town/IMG_03.jpg", "town", "beach", None, Choice.RELABEL)
    album.corrections.decide_all([moved], "anna")
    assert found(album, label="beach") == [0, 2, 3, 4, 6, 8, 10]
    assert found(album, label="beach", tag="holiday") == [2]


def test_poor_pictures_are_found_by_their_problem(tmp_path):
    for i in range(6):
        draw(i, (200, 160)).resize((200, 160)).save(tmp_path / f"{i:02}.png")
    Image.effect_noise((200, 160), 90).convert("RGB").filter(ImageFilter.GaussianBlur(9)).save(
        tmp_path / "06.png"
    )
    Image.new("RGB", (200, 160), (9, 4, 4)).save(tmp_path / "07.png")
    photos = open_colours(tmp_path)
    dark = [one.file for one in photos.quality_issues() if one.issue == "dark"]
    assert dark == ["07.png"]
    assert found(photos, problem="dark") == [7]
    assert 7 in found(photos, problem="poor picture")


def test_what_cannot_be_found_is_refused_with_what_there_is(album):
    for only, message in [
        ({"label": "city"}, "no picture has the label 'city': choose from beach, town"),
        ({"split": "train"}, "this collection has no splits"),
        ({"tag": "x"}, "no picture has the tag 'x': no picture has a tag"),
        (
            {"taken": "1999"},
            "no picture was taken in 1999: 11 of 12 files say when, from 2018-11-28 to 2019-09-28",
        ),
        ({"camera": "Leica"}, "choose from Apple iPhone 6, Canon EOS 5D, NIKON D70"),
        ({"name": "DSC*"}, r"no file is called 'DSC\*': the first of 12 is beach/IMG_00.jpg"),
        ({"min_size": 1000}, "no picture has 1000 pixels on its shorter side: the largest has 182"),
        (
            {"label": "town", "camera": "canon"},
            "no picture passes all of these filters: label town, camera canon",
        ),
        ({"taken": "last summer"}, "'last summer' is not a time: write 2019, 2019-05"),
        ({"taken": "2019-13"}, "not a time"),
        ({"taken": "2020..2019"}, "not a time"),
        ({"taken": ".."}, "not a time"),
        ({"min_size": 0}, "it must be 1 pixel or more"),
    ]:
        with pytest.raises(UsageError, match=message):
            found(album, **only)


def test_among_few_pictures_nothing_is_left_to_an_engine_that_may_miss_some(album, monkeypatch):
    monkeypatch.setattr(AnnoyIndex, "query", lambda self, vector, k, only: np.empty((2, 0), np.int64))
    for way in ({}, {"focus": 284}, {"focus": 284, "strength": 0.5}, {"method": "refined"}):
        exact, asked = (
            album.search("town/IMG_01.jpg", 9, engine=engine, camera="canon", **way).results
            for engine in ("exact", "annoy")
        )
        assert numbers(asked) == [0, 4, 8]
        assert [one.file for one in asked] == [one.file for one in exact]
    monkeypatch.setattr(base, "FEW", 2)
    assert len(album.search("town/IMG_01.jpg", 9, engine="annoy", camera="canon")) == 0


def test_dates_and_cameras_are_read_while_indexing(album, monkeypatch):
    opened = []
    monkeypatch.setattr("imsearch_core.pictures.properties.properties_of", opened.append)
    assert found(album, camera="nikon") == [1, 5, 9]
    assert opened == []


def test_a_store_of_an_older_version_learns_them_without_embedding_again(album, home):
    for path in (home / "properties").iterdir():
        path.unlink()
    again = open_colours(album.folder)
    assert again.report.embedded == 0
    assert found(again, taken="2018") == [0, 1]
    assert len(list((home / "properties").iterdir())) == 1


def test_a_text_search_is_filtered_as_well(album):
    results = album.search_text("dog", 12, camera="canon").results
    assert numbers(results) == [0, 4, 8]


def test_a_period_includes_both_of_its_ends_whole():
    dates = np.array(
        ["2019-04-30T23:59:59", "2019-05-01", "2020-12-31T23:59:59", "2021-01-01", "NaT"], "M8[s]"
    )
    assert Period.parse("2019-05..2020").holds(dates).tolist() == [False, True, True, False, False]
