"""Search: by a picture, plain or conditioned on an ImageNet class, by words, or by both."""

import random
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.encoders.imagenet import Prediction
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.labels.corrections import with_original
from imsearch_core.search.filters import Filters
from imsearch_core.search.query import combine
from imsearch_core.search.results import SearchResult
from imsearch_core.ui.components.filters import choose_filters
from imsearch_core.ui.components.media import media_url
from imsearch_core.ui.components.region import region_picker
from imsearch_core.ui.components.selection import follow_selection, selection_bar
from imsearch_core.ui.search.engine import choose_engine
from imsearch_core.ui.search.history import remember_query, show_history
from imsearch_core.ui.search.neighbours import (
    explain_likeness,
    offer_exports,
    select_alike,
    show_by_likelihood,
    show_neighbours,
)
from imsearch_core.ui.search.query import (
    SIDE,
    Chosen,
    choose_query,
    remove_example,
    upload_key,
    use_file,
    use_region,
)
from imsearch_core.ui.search.story import story
from imsearch_core.ui.search.weighting import (
    Weighting,
    ask_for_class,
    ask_how,
    ask_whether,
    offer_seen,
    offer_to_name,
)
from imsearch_core.ui.search.words import ask_for_text, ask_for_weight, show_tags, show_words
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.resources import make_refined, open_engine
from imsearch_core.ui.shell.settings import recall, remember
from imsearch_core.ui.shell.text import plain, sendable


@dataclass(frozen=True)
class _Controls:
    """What the controls above the results say."""

    text: str
    text_weight: float
    """0 (the picture alone) to 1 (the text alone)."""
    k: int
    weighting: Weighting
    only: Filters


def search_page() -> None:
    photos = frame("Search")
    follow_selection()
    story_place = st.container()  # the story comes first, but needs the query
    with st.sidebar:
        engine = choose_engine()
    query_column, results_column = st.columns([1.1, 2], gap="medium")
    with query_column, st.container():  # spinners have a place of their own, so that nothing below them moves
        chosen = choose_query(photos)
        seen = photos.classify(chosen.query) if photos.classes.ready else []
    with results_column:
        controls = _ask(photos, seen)
    remember_query(photos, None if chosen.query.item is None else chosen.query.file, controls.text)
    with story_place:
        story(photos, chosen.query.file)
    with query_column:
        _show_query(photos, chosen, controls.weighting)
        if photos.classes.ready:
            offer_seen(seen, controls.weighting)
            show_tags(photos, chosen.query)
        elif photos.classes.available:
            offer_to_name(photos)
    with results_column:
        try:
            found, before = _search(photos, chosen, controls, engine)
            with st.container(horizontal=True, gap="xsmall"):
                offer_exports(photos, found, before, chosen.source)
                explain_likeness(photos, chosen.query, found)
                select_alike(photos, chosen.query, controls.only)
        except UsageError as error:
            st.info(plain(error), icon=":material/info:")
        except ImsearchError as error:
            st.error(plain(error), icon=":material/error:")
    selection_bar(photos)


def _ask(photos: Collection, seen: Sequence[Prediction]) -> _Controls:
    """Ask for a text to weigh against the picture, or else for a class to weight the search by."""
    text, text_weight = ask_for_text(photos), 1.0
    only = choose_filters(photos)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if not text:
            ask_for_class(photos)
        recall("k", range(1, 61))
        k = st.slider(
            "Neighbours", 1, 60, 9, key="k", bind="query-params", width=180, on_change=remember, args=("k",)
        )
        if text:
            text_weight = ask_for_weight()
        else:
            ask_whether(seen)
    return _Controls(text, text_weight, k, Weighting() if text else ask_how(photos), only)


def _show_query(photos: Collection, chosen: Chosen, weighting: Weighting) -> None:
    """The picture, on which a region can be drawn, its label, the examples, and ways to another query."""
    query = chosen.query
    picture = weighting.heat(photos, chosen.source, SIDE) or chosen.picture
    if picture:
        region_picker(
            media_url(picture), f"The query: {query.file}", query.region, "region_picker", use_region
        )
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if query.item is not None and photos.shown_labels[query.file]:
            st.badge(plain(with_original(photos.shown_labels[query.file], query.label)), color="primary")
        st.caption(plain(query.file) + (", not part of the link" if query.item is None else ""))
    for side, icon in (("like", ":material/add:"), ("unlike", ":material/remove:")):
        for file in getattr(chosen, side):
            key = f"{side}_{sendable(file)}"
            st.button(plain(file), key=key, icon=icon, on_click=remove_example, args=(file,), help="Remove")
    with st.container(horizontal=True, gap="xsmall"):
        others = [item.file for item in photos.items if item.file != query.file] or [query.file]
        st.button("Random", icon=":material/shuffle:", on_click=use_file, args=(random.choice(others),))
        with st.popover("Upload", icon=":material/upload:"):
            st.file_uploader("A picture to search with", key=upload_key())
        show_history(photos)
        if query.region:
            st.button("Whole picture", icon=":material/crop_free:", on_click=use_region, args=(None,))


def _search(
    photos: Collection, chosen: Chosen, controls: _Controls, engine: str
) -> tuple[SearchResult, SearchResult | None]:
    """Search and show the neighbours.

    Returns those that the page is about and, if they are weighted by a class, the plain ones.
    """
    like, unlike = ([photos.query(file) for file in side] for side in (chosen.like, chosen.unlike))
    query = combine(chosen.query, like, unlike)
    weighting, k, only = controls.weighting, controls.k, asdict(controls.only)
    if controls.text:
        picture = {"query": query} if controls.text_weight < 1 else {}
        found = photos.search_text(controls.text, k, weight=controls.text_weight, **picture, **only)
        show_words(found.text)
        show_by_likelihood(photos, found, weighting)
        return found, None
    open_engine(photos, engine)
    plain_results = photos.search(query, k, engine=engine, **only)
    if not weighting.search:
        show_neighbours(photos, plain_results, "neighbours", weighting)
        return plain_results, None
    if weighting.search["method"] == "refined":
        make_refined(photos)
    found = photos.search(query, k, engine=engine, **weighting.search, **only)
    place = nullcontext()
    if weighting.compare:
        left, place = st.columns(2, gap="medium")
        with left:
            show_neighbours(photos, plain_results, "plain_neighbours", weighting)
    with place:
        show_neighbours(photos, found, "neighbours", weighting, plain_results)
    return found, plain_results
