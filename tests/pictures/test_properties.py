"""What picture files say about themselves, without being decoded."""

from datetime import datetime

import pytest
from PIL import ExifTags, Image

from imsearch_core.pictures.properties import properties_of
from tests.conftest import draw


def exif(original: str | None = None, changed: str | None = None) -> Image.Exif:
    made = Image.Exif()
    if original:
        made.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = original
    if changed:
        made[ExifTags.Base.DateTime] = changed
    return made


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WebP"])
def test_format_and_size_are_read_whatever_the_suffix(tmp_path, kind):
    path = tmp_path / "picture.any"
    draw(1, (90, 70)).save(path, kind)
    found = properties_of(path)
    assert (found.format, found.size, found.taken) == (kind, (90, 70), None)


def test_the_date_is_when_the_picture_was_taken_rather_than_edited(tmp_path):
    path = tmp_path / "picture.jpg"
    draw(1).save(path, exif=exif("2008:03:01 12:30:00", "2020:01:01 00:00:00"))
    assert properties_of(path).taken == datetime(2008, 3, 1, 12, 30)
    draw(1).save(path, exif=exif(None, "2020:01:01 00:00:00"))
    assert properties_of(path).taken == datetime(2020, 1, 1)


@pytest.mark.parametrize("date", ["0000:00:00 00:00:00", "yesterday", "1601:01:01 00:00:00"])
def test_a_date_that_makes_no_sense_is_not_said(tmp_path, date):
    path = tmp_path / "picture.jpg"
    draw(1).save(path, exif=exif(date))
    assert properties_of(path).taken is None


def test_a_damaged_file_keeps_its_format_and_a_missing_one_has_no_properties(tmp_path):
    path = tmp_path / "picture.jpg"
    path.write_bytes(b"\xff\xd8\xff garbage")
    assert properties_of(path).format == "JPEG"
    assert properties_of(path).size is None
    assert properties_of(tmp_path / "gone.jpg") is None
