"""Exports results: as CSV, as JSON, and as a picture for a slide."""

import io
import json
from collections.abc import Callable
from dataclasses import asdict, astuple, fields
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

from imsearch_core.errors import ImsearchError
from imsearch_core.search.query import Query
from imsearch_core.search.results import Result, SearchResult
from imsearch_core.spreadsheets import to_csv

_SCALE = 2  # pixels for each unit below: sharp on a projector and on a dense screen
_MARGIN, _GAP, _BETWEEN = 32, 16, 40
_QUERY = (320, 240)
_CELL = (208, 156)
_CAPTION = 44
_TITLE, _HEADING = 64, 36
_FEW, _MANY = 3, 6  # columns of a grid of up to 9 pictures, and of more
_INK, _PALE, _ACCENT, _GROUND, _PANEL = "#14171a", "#565c63", "#0d6d66", "#ffffff", "#f4f4f2"

_OpenImage = Callable[[str], Image.Image]


def results_csv(found: SearchResult) -> bytes:
    """The results as CSV for spreadsheets: in each row the fields of a `Result`, and what was asked for."""
    asked = _asked(found)
    names = [field.name for field in fields(Result)]
    return to_csv([*names, *asked], ([*astuple(result), *asked.values()] for result in found))


def results_json(found: SearchResult) -> bytes:
    """The results as a JSON object: what was asked for, and a list of the fields of each `Result`."""
    content = _asked(found) | {"results": [asdict(result) for result in found]}
    return json.dumps(content, indent=2).encode()


def results_picture(
    open_image: _OpenImage,
    found: SearchResult,
    plain: SearchResult | None = None,
    query_image: Image.Image | None = None,
) -> bytes:
    """A PNG for a slide: the query at the left under `found.title`, the results in equal cells.

    With the `plain` results of the same query, these come first and the others to the right of them.
    `open_image(file)` opens a picture, and raises ImsearchError if it cannot; `query_image` is the query's
    picture, if it cannot be opened by its name.
    """
    grids = [("", found)] if plain is None else [("Plain", plain), (_method(found), found)]
    columns = _FEW if max(len(results) for _, results in grids) <= _FEW**2 else _MANY
    rows = max(-(-len(results) // columns) for _, results in grids) or 1
    heading = _HEADING if plain is not None else 0
    grid_width = columns * (_CELL[0] + _GAP) - _GAP
    left = _MARGIN + (_QUERY[0] + _BETWEEN if found.query else 0)
    width = left + len(grids) * (grid_width + _BETWEEN) - _BETWEEN + _MARGIN
    top = _MARGIN + _TITLE
    content = max(heading + rows * (_CELL[1] + _CAPTION), _QUERY[1] + 3 * _CAPTION if found.query else 0)
    sheet = _Sheet(width, top + content + _MARGIN)
    sheet.title(found.title, found.focus.name if found.focus else "", width - 2 * _MARGIN)
    if found.query:
        _draw_query(sheet, found, query_image, open_image, top)
    for place, (name, results) in enumerate(grids):
        x = left + place * (grid_width + _BETWEEN)
        if heading:
            sheet.text(x, top, name, 20, _INK, grid_width)
        _draw_grid(sheet, results, open_image, x, top + heading, columns)
    return sheet.png()


def _draw_query(
    sheet: "_Sheet", found: SearchResult, image: Image.Image | None, open_image: _OpenImage, top: int
) -> None:
    query = found.query
    if image is None:
        image = _opened(open_image, query.file)
    if image is not None and query.region:
        image = _with_region(image, query)
    sheet.picture(image, _MARGIN, top, _QUERY)
    lines = [(query.label or "", 16, _INK), (query.file, 13, _PALE), (found.encoder_name, 13, _PALE)]
    y = top + _QUERY[1] + 10
    for text, size, colour in lines:
        if text:
            sheet.text(_MARGIN, y, text, size, colour, _QUERY[0])
            y += size + 8


def _draw_grid(
    sheet: "_Sheet", found: SearchResult, open_image: _OpenImage, left: int, top: int, columns: int
) -> None:
    for place, result in enumerate(found):
        x = left + place % columns * (_CELL[0] + _GAP)
        y = top + place // columns * (_CELL[1] + _CAPTION)
        sheet.picture(_opened(open_image, result.file), x, y, _CELL)
        caption = f"{result.rank} · {result.label or 'no label'} · {result.cosine:.2f}"
        sheet.text(x, y + _CELL[1] + 5, caption, 15, _INK, _CELL[0])


def _opened(open_image: _OpenImage, file: str) -> Image.Image | None:
    try:
        return open_image(file)
    except ImsearchError:  # it has become unreadable: its place says so
        return None


def _with_region(image: Image.Image, query: Query) -> Image.Image:
    region, (width, height) = query.region, image.size
    marked = image.copy()
    box = (region.x0 * width, region.y0 * height, region.x1 * width - 1, region.y1 * height - 1)
    ImageDraw.Draw(marked).rectangle(box, outline=_ACCENT, width=max(2, min(image.size) // 60))
    return marked


class _Sheet:
    """A white picture to draw on, in units of _SCALE pixels."""

    def __init__(self, width: int, height: int) -> None:
        self._image = Image.new("RGB", (width * _SCALE, height * _SCALE), _GROUND)
        self._pen = ImageDraw.Draw(self._image)

    def title(self, text: str, emphasised: str, width: int) -> None:
        """One line on top, in which one part has another colour."""
        font = _font(30)
        text = _fitted(text, font, width * _SCALE)
        before, found, after = text.partition(_one_line(emphasised)) if emphasised else (text, "", "")
        x = _MARGIN * _SCALE
        for part, colour in ((before, _INK), (found, _ACCENT), (after, _INK)):
            self._pen.text((x, (_MARGIN - 4) * _SCALE), part, colour, font)
            x += font.getlength(part)

    def text(self, x: int, y: int, text: str, size: int, colour: str, width: int) -> None:
        font = _font(size)
        self._pen.text((x * _SCALE, y * _SCALE), _fitted(text, font, width * _SCALE), colour, font)

    def picture(self, image: Image.Image | None, x: int, y: int, size: tuple[int, int]) -> None:
        """A picture in the middle of a cell; None for one that cannot be read."""
        width, height = (side * _SCALE for side in size)
        x, y = x * _SCALE, y * _SCALE
        self._pen.rectangle((x, y, x + width - 1, y + height - 1), _PANEL)
        if image is None:
            font = _font(15)
            words = "cannot be read"
            centred = (x + (width - font.getlength(words)) / 2, y + height / 2 - 10 * _SCALE)
            self._pen.text(centred, words, _PALE, font)
            return
        fitted = ImageOps.contain(image, (width, height), Image.Resampling.LANCZOS)
        self._image.paste(fitted, (x + (width - fitted.width) // 2, y + (height - fitted.height) // 2))

    def png(self) -> bytes:
        buffer = io.BytesIO()
        self._image.save(buffer, "PNG")
        return buffer.getvalue()


def _asked(found: SearchResult) -> dict[str, Any]:
    """What was asked for and how it was searched."""
    return {
        "query": found.query.file if found.query else None,
        "text": found.text.text if found.text else None,
        "method": found.method,
        "class": found.focus.name if found.focus else None,
        "strength": found.strength,
        "encoder": found.encoder_name,
        "engine": found.engine,
    }


def _method(found: SearchResult) -> str:
    return f"{found.method.capitalize()} on {found.focus.name}" if found.focus else found.method.capitalize()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * _SCALE)


def _one_line(text: str) -> str:
    return " ".join(text.split()).encode("utf-8", "replace").decode()


def _fitted(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """`text` on one line, cut to `width` pixels."""
    text = _one_line(text)
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"
