"""Exports results: as CSV, and as a contact sheet."""

import io
from collections.abc import Callable
from dataclasses import astuple, fields

from PIL import Image, ImageDraw, ImageFont

from imsearch_core.errors import ImsearchError
from imsearch_core.search.results import Result, SearchResult
from imsearch_core.spreadsheets import to_csv

_COLUMNS = 5
_CELL = (240, 180)  # pixels of a picture's place
_CAPTION = 40
_GAP = 16
_INK, _GROUND, _PALE = "#1c1f23", "#ffffff", "#6b7075"


def results_csv(found: SearchResult) -> bytes:
    """The results as CSV for spreadsheets: a column for each field of `Result`, a row for each result."""
    return to_csv([field.name for field in fields(Result)], map(astuple, found))


def contact_sheet(open_image: Callable[[str], Image.Image], title: str, found: SearchResult) -> bytes:
    """A PNG with `title` on top and every result below, each with its rank, label and cosine.

    `open_image(file)` opens a picture, and raises ImsearchError if it cannot.
    """
    rows = -(-len(found) // _COLUMNS)
    width = _COLUMNS * (_CELL[0] + _GAP) + _GAP
    top = _CAPTION + 2 * _GAP
    sheet = Image.new("RGB", (width, top + rows * (_CELL[1] + _CAPTION + _GAP)), _GROUND)
    pen = ImageDraw.Draw(sheet)
    pen.text((_GAP, _GAP), _fitted(title, width - 2 * _GAP, 22), _INK, ImageFont.load_default(22))
    for place, result in enumerate(found):
        x = _GAP + place % _COLUMNS * (_CELL[0] + _GAP)
        y = top + place // _COLUMNS * (_CELL[1] + _CAPTION + _GAP)
        try:
            image = open_image(result.file)
            image.thumbnail(_CELL, Image.Resampling.LANCZOS)
            sheet.paste(image, (x, y + _CELL[1] - image.height))
        except ImsearchError:  # it has become unreadable: only its caption is shown
            pen.text((x, y + _CELL[1] - 20), "no longer readable", _PALE, ImageFont.load_default(14))
        caption = f"{result.rank}  {result.label or 'no label'}  {result.cosine:.2f}"
        pen.text((x, y + _CELL[1] + 4), _fitted(caption, _CELL[0], 14), _INK, ImageFont.load_default(14))
        pen.text(
            (x, y + _CELL[1] + 22), _fitted(result.file, _CELL[0], 11), _PALE, ImageFont.load_default(11)
        )
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _fitted(text: str, width: int, size: int) -> str:
    """`text` on one line, cut to `width` pixels at this font size."""
    font, text = ImageFont.load_default(size), " ".join(text.split()).encode("utf-8", "replace").decode()
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"
