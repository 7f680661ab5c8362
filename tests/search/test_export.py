"""Results as CSV, as JSON and as a picture for a slide."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from imsearch_core.search.export import results_csv, results_json, results_picture
from imsearch_core.search.query import Region
from tests.colour_encoder import open_colours
from tests.conftest import draw


@pytest.fixture
def photos(pictures):
    draw(7).save(pictures / "red" / 'a, "quoted"\nname.jpg')
    return open_colours(pictures)


def test_the_csv_has_a_row_for_each_result_with_any_file_name(photos):
    found = photos.search("red/1.jpg", k=20)
    rows = list(csv.DictReader(io.StringIO(results_csv(found).decode("utf-8-sig"), newline="")))
    assert [row["file"] for row in rows] == [result.file for result in found.results]
    assert 'red/a, "quoted"\nname.jpg' in {row["file"] for row in rows}
    assert [float(row["cosine"]) for row in rows] == pytest.approx([r.cosine for r in found.results])
    assert [int(row["rank"]) for row in rows] == list(range(1, 13))


def test_the_csv_and_the_json_say_what_was_asked_for(photos):
    found = photos.search("red/1.jpg", k=3, focus="Siamese cat", strength=0.5)
    asked = {
        "query": "red/1.jpg",
        "text": None,
        "method": "focus",
        "class": "Siamese cat",
        "strength": 0.5,
        "encoder": "colours",
        "engine": "exact",
    }
    content = json.loads(results_json(found))
    results = content.pop("results")
    assert content == asked
    assert [(result["rank"], result["file"]) for result in results] == [(r.rank, r.file) for r in found]
    rows = list(csv.DictReader(io.StringIO(results_csv(found).decode("utf-8-sig"))))
    assert len(rows) == 3
    for row in rows:
        assert {name: row[name] for name in asked} == {
            n: "" if v is None else str(v) for n, v in asked.items()
        }


def picture(photos, found, **options) -> np.ndarray:
    made = Image.open(io.BytesIO(results_picture(photos.open_image, found, **options)))
    assert made.format == "PNG"
    return np.asarray(made.convert("RGB")).astype(int)


def cell_at(sheet: np.ndarray, x: int, y: int, width: int, height: int) -> np.ndarray:
    """A part of a sheet, at the scale of two pixels to a unit."""
    return sheet[2 * y : 2 * (y + height), 2 * x : 2 * (x + width)]


def shows(cell: np.ndarray, image: Image.Image) -> bool:
    """Whether a cell shows an image of its own aspect ratio."""
    height, width = cell.shape[:2]
    return np.abs(cell - np.asarray(image.resize((width, height), Image.Resampling.LANCZOS))).mean() < 2


def test_the_picture_has_the_query_at_the_left_and_the_results_in_equal_cells(photos):
    found = photos.search("red/1.jpg", k=6)
    sheet = picture(photos, found)
    assert shows(cell_at(sheet, 32, 96, 320, 240), photos.open_image("red/1.jpg"))
    for place, result in enumerate(found):
        x, y = 392 + place % 3 * 224, 96 + place // 3 * 200
        assert shows(cell_at(sheet, x, y, 208, 156), photos.open_image(result.file))
    assert not shows(cell_at(sheet, 392, 96, 208, 156), photos.open_image(found[1].file))


def test_a_comparison_has_the_plain_results_left_of_the_others(photos):
    plain = photos.search("red/1.jpg", k=2)
    focused = (photos.search("red/1.jpg", k=2, focus=index, strength=1.0) for index in range(1000))
    found = next(found for found in focused if found[0].file != plain[0].file)
    sheet = picture(photos, found, plain=plain)
    assert shows(cell_at(sheet, 392, 132, 208, 156), photos.open_image(plain[0].file))
    assert shows(cell_at(sheet, 392 + 696, 132, 208, 156), photos.open_image(found[0].file))


def test_the_class_in_the_title_has_a_colour_of_its_own(photos):
    accent = np.array([0x0D, 0x6D, 0x66])

    def accents(found) -> int:
        return int((np.abs(picture(photos, found)[:160] - accent).max(axis=2) == 0).sum())

    assert accents(photos.search("red/1.jpg", k=2)) == 0
    assert accents(photos.search("red/1.jpg", k=2, focus="Siamese cat", strength=0.5)) > 100


def test_the_query_of_an_upload_is_the_picture_given_and_a_region_is_marked(photos):
    query = photos.query("red/1.jpg")
    found = replace(photos.search(query, k=2), query=replace(query, file="upload", region=Region(0, 0, 1, 1)))
    sheet = picture(photos, found, query_image=draw(99, (640, 480)))
    inside = cell_at(sheet, 52, 111, 280, 210)
    expected = draw(99, (640, 480)).crop((40, 30, 600, 450))
    assert shows(inside, expected)
    assert tuple(sheet[2 * 96 + 1, 2 * 32 + 1]) == (0x0D, 0x6D, 0x66)  # the outline of the region


def test_a_picture_that_no_longer_exists_says_so_in_its_place(photos):
    found = photos.search("red/1.jpg", k=3)
    (photos.folder / found[0].file).unlink()
    cell = cell_at(picture(photos, found), 392, 96, 208, 156)
    assert (cell < 128).any()  # the words "cannot be read"
    assert tuple(cell[0, 0]) == (0xF4, 0xF4, 0xF2)


def test_a_long_title_and_many_results_stay_within_the_sheet(photos):
    found = photos.search_text("red " * 100 + "cat", k=12)
    sheet = picture(photos, found)
    assert (sheet[:, -40:] == 255).all()
    assert sheet.shape[:2] == (2 * (96 + 2 * 200 + 32), 2 * (64 + 6 * 224 - 16))
