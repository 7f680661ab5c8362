"""The grid of pictures that every page shows: the picture itself is the button."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.datasets import Item
from imsearch_core.labels.decisions import NO_LABEL
from imsearch_core.pictures.thumbnails import thumbnail_of, thumbnails_of
from imsearch_core.search.results import Result
from imsearch_core.ui.components.files import SHARED, text_of
from imsearch_core.ui.components.media import media_url
from imsearch_core.ui.components.selection import take_up_selection, told_of_selection
from imsearch_core.ui.shell.text import as_kept, sendable

_HERE = Path(__file__).parent
HTML = text_of(_HERE / "gallery.html")
CSS = text_of(_HERE / "gallery.css", _HERE / "preview.css", SHARED / "band.css")
JS = text_of(
    *(_HERE / f"{name}.js" for name in ("gallery", "figure", "preview")),
    *(SHARED / f"{name}.js" for name in ("selecting", "band")),
)
_component = st.components.v2.component(
    "imsearch_gallery", html=HTML, css=CSS, js=text_of(_HERE / "mount.js") + JS
)
THUMBNAIL_SIDE = 320  # pixels: sharp at the ~170 pixel rows of a dense screen
PREVIEW_SIDE = 1280


@dataclass(frozen=True)
class Cell:
    """One picture of a gallery."""

    folder: Path
    file: str
    version: tuple[int, int, int]
    image: str
    """The address of its thumbnail; empty if the file has become unreadable."""
    ratio: float
    """Width divided by height."""
    label: str
    """A person's correction where there is one, else the given label."""
    was: str = ""
    """The given label, if a person has corrected it."""
    also: tuple[str, ...] = ()
    """The other classes known to be in the picture."""
    tags: tuple[str, ...] = ()
    fit: str = ""
    """How well the given label fits, in a word."""
    cosine: float | None = None
    score: float | None = None
    """What the results are ordered by, where that is not the cosine; given with the cosine."""
    percentile: float | None = None
    """Of 100 other pictures, how many are less like the query; None if the query is a text."""
    move: str = ""
    """How the rank has changed (↑3, ↓3; a picture that is new is outlined, one that is gone dimmed), or
    another note of a few letters."""
    heat: str = ""
    """The address of the picture's heat map, shown while the pointer or the focus is on it."""


_SENT = (
    "file",
    "image",
    "ratio",
    "label",
    "was",
    "also",
    "tags",
    "fit",
    "cosine",
    "score",
    "percentile",
    "move",
    "heat",
)


def cells(photos: Collection, found: Sequence[str | Result]) -> list[Cell]:
    """Cells for files of a collection, or for results of a search with their cosines."""
    items = [photos.item(entry.file if isinstance(entry, Result) else entry) for entry in found]
    small = thumbnails_of(photos.folder, [(item.file, item.version) for item in items], THUMBNAIL_SIDE)
    result = []
    for entry, item, picture in zip(found, items, small, strict=True):
        cell = cell_of(photos, item, media_url(picture.content), picture.ratio)
        if isinstance(entry, Result):
            score = entry.score if has_score(entry) else None
            cell = replace(cell, cosine=entry.cosine, score=score, percentile=entry.percentile)
        result.append(cell)
    return result


def has_score(result: Result) -> bool:
    """Whether the order follows something else than the cosine."""
    return abs(result.score - result.cosine) >= 1e-6


def cell_of(photos: Collection, item: Item, image: str, ratio: float) -> Cell:
    """The cell of a picture of a collection, whose thumbnail is at the address `image`."""
    label = photos.shown_labels[item.file]
    return Cell(
        photos.folder,
        item.file,
        item.version,
        image,
        ratio,
        label or photos.facts.shown_labels.none_in_words(),
        was="" if label == item.given_label else item.given_label or NO_LABEL,
        also=tuple(other for other in item.all_labels if other not in (label, item.given_label)),
        tags=photos.corrections.tags.get(item.file, ()),
    )


def as_sent(cell: Cell) -> dict[str, Any]:
    """A cell as the browser gets it."""
    return {name: getattr(cell, name) for name in _SENT} | {"file": sendable(cell.file)}


def gallery(
    shown: Sequence[Cell],
    key: str,
    on_pick: Callable[[str], None],
    on_judge: Callable[[str, str], None] | None = None,
    columns: int | None = None,
) -> None:
    """Show pictures in even rows; a click or Enter on one calls `on_pick` with its file.

    With `columns`, every row has so many pictures, all of one width.

    A click with Ctrl, or x, selects one (see `selection`), with Shift all from the last one on; a drag with
    the mouse selects those it touches, a all. The arrow keys move, Space shows a picture large, c copies the
    link of the search by it. With `on_judge`, each picture has buttons for more and less like it (also the
    keys l and u), which call it with "like" or "unlike" and the file. `key` stays the same for a gallery
    whose pictures change: it then keeps its place and the keyboard's.
    """

    def sent(trigger: str, act: Callable[[str], None]) -> Callable[[], None]:
        def react() -> None:
            if file := st.session_state[key][trigger]:
                act(as_kept(file))

        return react

    def preview(file: str) -> None:
        st.session_state[f"{key}_previewed"] = file

    previewed = st.session_state.get(f"{key}_previewed")
    data = {
        "cells": [as_sent(cell) for cell in shown],
        "judging": on_judge is not None,
        "columns": columns,
        **told_of_selection(key),
        "large": next((_large(cell) for cell in shown if cell.file == previewed), None),
        "search": f"/{st.get_option('server.baseUrlPath').strip('/')}",
    }
    _component(
        key=key,
        data=[data],  # in a list: Streamlit would import pandas to look for tables in a dict
        on_picked_change=sent("picked", on_pick),
        on_selected_change=lambda: take_up_selection(key),
        on_previewed_change=sent("previewed", preview),
        on_liked_change=sent("liked", lambda file: on_judge("like", file)),
        on_unliked_change=sent("unliked", lambda file: on_judge("unlike", file)),
    )


def _large(cell: Cell) -> dict[str, str]:
    picture = thumbnail_of(cell.folder, cell.file, cell.version, PREVIEW_SIDE)
    return {"file": sendable(cell.file), "image": media_url(picture.content)}
