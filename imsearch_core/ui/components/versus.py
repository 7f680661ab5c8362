"""Two answers to one query, rank beside rank: what the second has gained, what the first alone had."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.search.results import SearchResult
from imsearch_core.ui.components.gallery import Cell, cells, gallery

_COLUMNS = 3
_RATIO = 4 / 3  # of every cell, so that both grids are the same
NEW, GONE = "new", "gone"


@dataclass(frozen=True)
class Half:
    """One of the two answers."""

    photos: Collection
    found: SearchResult
    title: str
    """Markdown."""
    key: str
    """Of its gallery."""


def show_versus(
    left: Half,
    right: Half,
    on_pick: Callable[[str], None],
    on_judge: Callable[[str, str], None] | None = None,
    marked: Callable[[Cell], Cell] = lambda cell: cell,
) -> None:
    """Two equal grids. On the left, what the right lacks is dimmed; on the right, what is new is outlined.

    `on_pick` and `on_judge` are as in `gallery`; `marked` may add to each cell.
    """
    marks = (_gone(left.found, right.found), moves(left.found, right.found))
    for column, half, moved in zip(st.columns(2, gap="medium"), (left, right), marks, strict=True):
        with column:
            st.markdown(half.title)
            shown = [
                replace(marked(cell), move=moved.get(cell.file, ""), ratio=_RATIO)
                for cell in cells(half.photos, half.found.results)
            ]
            gallery(shown, half.key, on_pick, on_judge, columns=_COLUMNS)


def moves(before: SearchResult, after: SearchResult) -> dict[str, str]:
    """By file: how its rank `before` has changed `after`, as ↑3, ↓3 or new; nothing for an equal rank."""
    ranks = {result.file: result.rank for result in before.results}
    return {
        result.file: NEW if result.file not in ranks else f"{'↑' if up > 0 else '↓'}{abs(up)}"
        for result in after.results
        if (up := ranks.get(result.file, 0) - result.rank)
    }


def _gone(before: SearchResult, after: SearchResult) -> dict[str, str]:
    kept = {result.file for result in after.results}
    return {result.file: GONE for result in before.results if result.file not in kept}
