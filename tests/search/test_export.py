"""Results as CSV and as a contact sheet."""

import csv
import io

import numpy as np
import pytest
from PIL import Image

from imsearch_core.search.export import contact_sheet, results_csv
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


def test_the_contact_sheet_shows_the_pictures_in_order(photos):
    found = photos.search("red/1.jpg", k=6)
    sheet = Image.open(io.BytesIO(contact_sheet(photos.open_image, "red/1.jpg", found)))
    assert sheet.format == "PNG"
    for place, result in enumerate(found.results):
        x, y = 16 + place % 5 * 256, 72 + place // 5 * 236
        picture = photos.open_image(result.file)  # 96 × 72: smaller than its place, so laid at its foot
        shown = sheet.crop((x, y + 180 - picture.height, x + picture.width, y + 180))
        assert np.array_equal(np.asarray(shown), np.asarray(picture))


def test_a_picture_that_no_longer_exists_is_shown_by_its_caption_alone(photos):
    found = photos.search("red/1.jpg", k=3)
    (photos.folder / found.results[0].file).unlink()
    sheet = np.asarray(Image.open(io.BytesIO(contact_sheet(photos.open_image, "x" * 500, found))))
    assert (sheet[72:252, 16:256] < 128).any()  # the words "no longer readable"
