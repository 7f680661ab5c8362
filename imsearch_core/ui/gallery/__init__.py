"""The grid of pictures that every page shows: the picture itself is the button."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from imsearch_core.search import Collection, Result
from imsearch_core.ui.resources import thumbnail_of

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "imsearch_gallery",
    html='<div class="gallery" role="list"></div>',
    css=(_HERE / "gallery.css").read_text("utf-8"),
    js=(_HERE / "gallery.js").read_text("utf-8"),
)
_THUMBNAIL_SIDE = 320  # pixels: sharp at the ~170 pixel rows of a dense screen


@dataclass(frozen=True)
class Cell:
    """One picture of a gallery."""

    file: str
    image: str
    """Data URI; empty if the file has become unreadable."""
    ratio: float
    """Width divided by height."""
    label: str
    cosine: float | None = None


def cells(photos: Collection, found: Sequence[str | Result]) -> list[Cell]:
    """Cells for files of a collection, or for results of a search with their cosines."""
    result = []
    for entry in found:
        file = entry.file if isinstance(entry, Result) else entry
        item = photos.item(file)
        small = thumbnail_of(photos.folder, file, item.modified_ns, _THUMBNAIL_SIDE)
        cosine = entry.cosine if isinstance(entry, Result) else None
        result.append(Cell(file, small.data_uri, small.ratio, item.label or "no label", cosine))
    return result


def gallery(shown: Sequence[Cell], key: str, on_pick: Callable[[str], None]) -> None:
    """Show pictures in even rows; a click or Enter on one calls `on_pick` with its file."""

    def picked() -> None:
        file = st.session_state[key].picked
        if file is not None:
            on_pick(file)

    _component(key=key, data={"cells": [asdict(cell) for cell in shown]}, on_picked_change=picked)
