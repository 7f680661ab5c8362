"""One query answered by both sides, rank beside rank, and a walk through the largest disagreements."""

from dataclasses import replace

import streamlit as st

from imsearch_core.compare.sides import Disagreement, Side
from imsearch_core.ui.compare.sides import K, name_of
from imsearch_core.ui.components.gallery import cells, gallery
from imsearch_core.ui.components.versus import Half, show_versus
from imsearch_core.ui.search.query import open_on_search, use_file
from imsearch_core.ui.shell.text import plain
from imsearch_core.ui.shell.url import from_url

_LISTED = 12


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
            on_click=use_file,
            args=(order[(place or 1) - 1].file,),
        )
        following = 0 if place is None else place + 1
        st.button(
            "Next disagreement",
            icon=":material/arrow_forward:",
            disabled=following >= len(order),
            on_click=use_file,
            args=(order[min(following, len(order) - 1)].file,),
        )
        told = "" if place is None else f", {place + 1:,} of {len(order):,} by disagreement"
        st.caption(f"Query: {plain(query)}{told}")
    query_column, both = st.columns([0.6, 4], gap="medium")
    with query_column:
        gallery(cells(photos, [query]), "compared_query", open_on_search)
    with both:
        halves = [
            Half(
                side.photos,
                side.photos.search(query, K, method=side.method, engine=side.engine),
                plain(name_of(side)),
                key,
            )
            for side, key in ((left, "compared_left"), (right, "compared_right"))
        ]
        show_versus(*halves, use_file)
    st.caption(
        f"Largest disagreements: of {K} neighbours, how many both sides have. Pick one to compare it above."
    )
    listed = order[:_LISTED]
    noted = [
        replace(cell, move=f"{one.shared} of {one.k}")
        for cell, one in zip(cells(photos, [one.file for one in listed]), listed, strict=True)
    ]
    gallery(noted, "disagreements", use_file)
