"""Search: by a picture, plain or conditioned on an ImageNet class, by words, or by both."""

import random
from dataclasses import asdict, dataclass

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.labels.decisions import with_original
from imsearch_core.phrases.class_head import NoClassHead
from imsearch_core.search.filters import Filters
from imsearch_core.search.results import SearchResult
from imsearch_core.ui.components.filters import choose_filters
from imsearch_core.ui.components.media import media_url
from imsearch_core.ui.components.region import region_picker
from imsearch_core.ui.components.selection import follow_selection, selection_bar
from imsearch_core.ui.search.engine import choose_engine, engine_in_use, make_refined, open_engine
from imsearch_core.ui.search.history import remember_query, show_history
from imsearch_core.ui.search.neighbours import (
    explain_likeness,
    name_figures,
    offer_exports,
    select_alike,
    show_by_likelihood,
    show_neighbours,
)
from imsearch_core.ui.search.query import (
    SIDE,
    Chosen,
    ask_for_upload,
    choose_query,
    remove_example,
    use_file,
    use_region,
)
from imsearch_core.ui.search.story import begin_story, has_line, offer_story, story
from imsearch_core.ui.search.strip import mark_query, show_strip
from imsearch_core.ui.search.weighting import (
    NAME_OF,
    Weighting,
    ask_for_class,
    ask_for_heat,
    ask_for_strength,
    ask_how,
    ask_whether_to_compare,
    hear_of_unlisted_class,
    offer_meant,
    offer_seen,
    offer_to_name,
    weigh_by,
)
from imsearch_core.ui.search.words import (
    TAGS,
    ask_for_text,
    ask_for_weight,
    learn_from_labels,
    offer_spellings,
    offer_to_clear,
    show_tags,
    show_words,
    use_text,
)
from imsearch_core.ui.shell.dead_end import page
from imsearch_core.ui.shell.encoder import offer_default
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.settings import recall, remember
from imsearch_core.ui.shell.text import plain, plain_in_badge, sendable, sentence
from imsearch_core.ui.words.door import panel_is_open
from imsearch_core.ui.words.panel import EXAMPLES, show_panel
from imsearch_core.words.vectors import UnknownWordsError


@dataclass(frozen=True)
class _Controls:
    """What the controls above the results say."""

    text: str
    text_weight: float
    """0 (the picture alone) to 1 (the text alone)."""
    k: int
    weighting: Weighting
    only: Filters


@page
def search_page() -> None:
    photos = frame("Search", choose_engine)
    follow_selection()
    # The story comes first, but needs the query: its line has its room from the start.
    story_place = st.container(key="story" if has_line(photos) else None)
    with story_place:
        begin_story(photos)
    controls = _ask(photos)
    with st.container(key="search"):
        query_column, results_column = st.columns([1.1, 2], gap="medium")
    with query_column:
        mark_query()
    with query_column, st.container():  # spinners have a place of their own, so that nothing below them moves
        chosen = choose_query(photos)
        seen = photos.classify(chosen.query) if photos.classes.ready else []
    with results_column:
        show_strip(photos, chosen)
    remember_query(photos, None if chosen.query.item is None else chosen.query.file, controls.text)
    with story_place:
        tell = story(photos, chosen, controls.only)
    with query_column:
        _show_query(photos, chosen, controls.weighting)
        tags = []
        if photos.classes.ready:
            offer_seen(seen, controls.weighting)
            tags = photos.tags(chosen.query, TAGS)
            show_tags(tags, controls.text)
        elif photos.classes.available:
            offer_to_name(photos)
    with results_column:
        text = controls.text or (tags[0].word if tags else EXAMPLES[0])
        if panel_is_open():
            show_panel(photos, text, use_text, lambda index: weigh_by(NAME_OF[index]))
        with st.container(key="results"):
            tell(_show_results(photos, chosen, controls))
    hear_of_unlisted_class(photos)
    selection_bar(photos)


def _ask(photos: Collection) -> _Controls:
    """One line: a text or a class, how much it counts, whether to compare; what few need is in the panel."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = ask_for_text(photos)
        ask_for_class(photos)
        strength_place, compare_place = st.container(width="content"), st.container(width="content")
        with st.popover("Options", icon=":material/more_horiz:", key="options"):
            recall("k", range(1, 61))
            k = st.slider(
                "Number of pictures", 1, 60, 9, key="k", bind="query-params", on_change=remember, args=("k",)
            )
            search = ask_how(photos)
            heated = ask_for_heat(search)
        filter_place = st.container(width="content")
        offer_story(photos)
    with strength_place:
        text_weight = ask_for_weight() if text else 1.0
        search = {} if text else ask_for_strength(search)
    with compare_place:
        compare = ask_whether_to_compare(search)
    with st.container():  # with or without them: the results keep their place
        offer_meant(photos)
    with filter_place:
        only = choose_filters(photos)
    return _Controls(text, text_weight, k, Weighting(search, compare, heated and not text), only)


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
            st.badge(
                plain_in_badge(with_original(photos.shown_labels[query.file], query.label)), color="primary"
            )
        st.caption(plain(query.file), width="content")
        if query.item is None:
            st.caption("Uploaded; links can’t include it", width="content")
    with st.container(horizontal=True, gap="xsmall"):
        for side, icon in (("like", ":material/add:"), ("unlike", ":material/remove:")):
            for file in getattr(chosen, side):
                key = f"{side}_{sendable(file)}"
                st.button(
                    plain(file), key=key, icon=icon, on_click=remove_example, args=(file,), help="Remove"
                )
    with st.container(horizontal=True, gap="xsmall", key="other_queries"):
        some = [item.file for item in random.sample(photos.items, min(2, len(photos)))]
        other = next((file for file in some if file != query.file), query.file)
        st.button("Random", icon=":material/shuffle:", on_click=use_file, args=(other,))
        ask_for_upload(photos)
        show_history(photos)
        if query.region:
            st.button("Whole picture", icon=":material/crop_free:", on_click=use_region, args=(None,))


def _show_results(photos: Collection, chosen: Chosen, controls: _Controls) -> SearchResult | None:
    """Search, and show what is found and what can be done with it; or say why nothing is."""
    try:
        found, before = _search(photos, chosen, controls, engine_in_use())
        name_figures(found)
        with st.container(horizontal=True, gap="xsmall"):
            offer_exports(photos, found, before, chosen.source)  # strip.css puts it above the results
            explain_likeness(photos, found)
            select_alike(photos, found, controls.only)
        return found
    except NoClassHead as error:
        st.info(sentence(error), icon=":material/info:")
        with st.container(horizontal=True):
            offer_default()
            offer_to_clear()
    except UsageError as error:
        unknown = error.unknown if isinstance(error, UnknownWordsError) else ()
        if any(word.suggestions for word in unknown):
            offer_spellings(controls.text, unknown, use_text)
        else:
            st.info(sentence(error), icon=":material/info:")
    except ImsearchError as error:
        st.error(sentence(error), icon=":material/error:")
    return None


def _search(
    photos: Collection, chosen: Chosen, controls: _Controls, engine: str
) -> tuple[SearchResult, SearchResult | None]:
    """Search and show the neighbours.

    Returns those that the page is about and, if they are weighted by a class, the plain ones.
    """
    query = photos.query(chosen.query, None, chosen.like, chosen.unlike)
    weighting, k, only = controls.weighting, controls.k, asdict(controls.only)
    if controls.text:
        results, below = st.container(), st.container()
        with below:  # a bar above the pictures would move them
            learn_from_labels(photos)
        picture = {"query": query} if controls.text_weight < 1 else {}
        with results:
            found = photos.search_text(controls.text, k, weight=controls.text_weight, **picture, **only)
            show_words(photos, found.text)
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
    show_neighbours(photos, found, "neighbours", weighting, plain_results)
    return found, plain_results
