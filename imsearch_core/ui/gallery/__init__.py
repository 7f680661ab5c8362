"""The grid of pictures that every page shows: the picture itself is the button."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import streamlit as st

from imsearch_core.labels.corrections import NO_LABEL
from imsearch_core.search import Collection, Result
from imsearch_core.ui.resources import thumbnail_of

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "imsearch_gallery",
    html='<div class="gallery" role="list"></div>',
    css=(_HERE / "gallery.css").read_text("utf-8"),
    js=(_HERE / "gallery.js").read_text("utf-8"),
)
THUMBNAIL_SIDE = 320  # pixels: sharp at the ~170 pixel rows of a dense screen


@dataclass(frozen=True)
class Cell:
    """One picture of a gallery."""

    file: str
    image: str
    """Data URI; empty if the file has become unreadable."""
    ratio: float
    """Width divided by height."""
    label: str
    """A person's correction where there is one, else the given label."""
    was: str = ""
    """The given label, if a person has corrected it."""
    cosine: float | None = None
    percentile: float | None = None
    """Of 100 other pictures, how many are less like the query; given with the cosine."""
    move: str = ""
    """How the rank has changed, in a word or two."""
    heat: str = ""
    """Data URI of the picture's heat map, shown while the pointer or the focus is on it."""


def cells(photos: Collection, found: Sequence[str | Result]) -> list[Cell]:
    """Cells for files of a collection, or for results of a search with their cosines."""
    labels = photos.shown_labels
    result = []
    for entry in found:
        file = entry.file if isinstance(entry, Result) else entry
        item = photos.item(file)
        small = thumbnail_of(photos.folder, file, item.modified_ns, THUMBNAIL_SIDE)
        was = "" if labels[file] == item.label else item.label or NO_LABEL
        cell = Cell(file, small.data_uri, small.ratio, labels[file] or NO_LABEL, was)
        if isinstance(entry, Result):
            cell = replace(cell, cosine=entry.cosine, percentile=entry.percentile)
        result.append(cell)
    return result


def gallery(
    shown: Sequence[Cell],
    key: str,
    on_pick: Callable[[str], None],
    on_judge: Callable[[str, str], None] | None = None,
) -> None:
    """Show pictures in even rows; a click or Enter on one calls `on_pick` with its file.

    With `on_judge`, each picture has buttons for more and less like it (also the keys l and u), which
    call it with "like" or "unlike" and the file.
    """

    def picked() -> None:
        if file := st.session_state[key].picked:
            on_pick(file)

    def judged(name: str, trigger: str) -> None:
        if file := st.session_state[key][trigger]:
            on_judge(name, file)

    _component(
        key=key,
        data={"cells": [asdict(cell) for cell in shown], "judging": on_judge is not None},
        on_picked_change=picked,
        on_liked_change=lambda: judged("like", "liked"),
        on_unliked_change=lambda: judged("unlike", "unliked"),
    )
