"""One query answered by both sides, rank beside rank, and a walk through the largest disagreements."""

from dataclasses import replace

import streamlit as st

from imsearch_core.compare.sides import Disagreement, Side
from imsearch_core.search.results import SearchResult
from imsearch_core.ui.compare.figures import open_on_search
from imsearch_core.ui.compare.sides import K, name_of
from imsearch_core.ui.components.gallery import Cell, cells, gallery
from imsearch_core.ui.shell.text import plain
from imsearch_core.ui.shell.url import from_url, to_url

_LISTED = 12
_RATIO = 4 / 3  # of every cell, so that both grids are the same


def show_columns(left: Side, right: Side, order: list[Disagreement]) -> None:
    """The query of the link, or else the first of `order`, and its neighbours on both sides."""
    photos = left.photos
    query = from_url("q", order[0].file)
    query = query if query in photos and query in right.photos else order[0].file
    place = next((i for i, one in enumerate(order) if one.file == query), None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Previous",
            icon=":material/arrow_back:",
            disabled=not place,
            on_click=_go,
            args=(order[(place or 1) - 1].file,),
        )
        following = 0 if place is None else place + 1
        st.button(
            "Next disagreement",
            icon=":material/arrow_forward:",
            disabled=following >= len(order),
            on_click=_go,
            args=(order[min(following, len(order) - 1)].file,),
        )
        told = "" if place is None else f", {place + 1:,} of {len(order):,} by disagreement"
        st.caption(f"Query: {plain(query)}{told}")
    query_column, left_column, right_column = st.columns([0.6, 2, 2], gap="medium")
    with query_column:
        gallery(cells(photos, [query]), "compared_query", open_on_search)
    found = [side.photos.search(query, K, method=side.method, engine=side.engine) for side in (left, right)]
    for column, side, results, marks, key in zip(
        (left_column, right_column),
        (left, right),
        found,
        _marks(*found),
        ("compared_left", "compared_right"),
        strict=True,
    ):
        with column:
            st.caption(plain(name_of(side)))
            gallery([_marked(cell, marks) for cell in cells(side.photos, results.results)], key, _go)
    st.caption(
        f"Largest disagreements: of {K} neighbours, how many both sides have. Pick one to compare it above."
    )
    listed = order[:_LISTED]
    noted = [
        replace(cell, move=f"{one.shared} of {one.k}")
        for cell, one in zip(cells(photos, [one.file for one in listed]), listed, strict=True)
    ]
    gallery(noted, "disagreements", _go)


def _marks(left: SearchResult, right: SearchResult) -> tuple[dict[str, str], dict[str, str]]:
    """By file: on the left, what is gone from the right; on the right, what is new or at another rank."""
    ours, theirs = ({result.file: result.rank for result in found} for found in (left, right))
    gone = dict.fromkeys(ours.keys() - theirs.keys(), "gone")
    moved = {
        file: "new" if file not in ours else f"{'↑' if ours[file] > rank else '↓'}{abs(ours[file] - rank)}"
        for file, rank in theirs.items()
        if ours.get(file) != rank
    }
    return gone, moved


def _marked(cell: Cell, marks: dict[str, str]) -> Cell:
    return replace(cell, move=marks.get(cell.file, ""), ratio=_RATIO)


def _go(file: str) -> None:
    to_url("q", file)
