"""Search: by a picture, plain or conditioned on an ImageNet class, by words, or by both."""

import random

import streamlit as st

from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.labels.corrections import with_original
from imsearch_core.search.query import combine
from imsearch_core.ui.components.media import media_url
from imsearch_core.ui.components.region import region_picker
from imsearch_core.ui.search.engine import choose_engine
from imsearch_core.ui.search.history import remember_query, show_history
from imsearch_core.ui.search.neighbours import explain_likeness, offer_exports, show_neighbours
from imsearch_core.ui.search.query import SIDE, choose_query, remove_example, upload_key, use_file, use_region
from imsearch_core.ui.search.story import story
from imsearch_core.ui.search.weighting import Weighting, ask_for_class, ask_how, ask_whether, offer_seen
from imsearch_core.ui.search.words import ask_for_text, ask_for_weight, show_tags, show_words
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.settings import recall, remember
from imsearch_core.ui.shell.text import plain, sendable


def search_page() -> None:
    photos = frame("Search")
    telling = st.container()  # the story, which needs the query
    with st.sidebar:
        engine = choose_engine()
    beside, main = st.columns([1.1, 2], gap="medium")
    with beside, st.container():  # a place of their own for spinners, so that nothing below them moves
        asked = choose_query(photos)
        query, seen = asked.query, photos.classify(asked.query)

    # The controls: a text is weighed against the picture, a picture may be weighted by a class.
    with main:
        text = ask_for_text(photos)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if not text:
                ask_for_class()
            recall("k", range(1, 61))
            k = st.slider(
                "Neighbours",
                1,
                60,
                9,
                key="k",
                bind="query-params",
                width=180,
                on_change=remember,
                args=("k",),
            )
            if text:
                text_weight = ask_for_weight()
            else:
                ask_whether(seen)
        weighting = Weighting() if text else ask_how()
    remember_query(photos, None if query.item is None else query.file, text)
    with telling:
        story(photos, query.file)

    # The query, and what the encoder sees in it.
    with beside:
        picture = weighting.heat(photos, asked.source, SIDE) or asked.picture
        if picture:
            region_picker(
                media_url(picture), f"The query: {query.file}", query.region, "region_picker", use_region
            )
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            if query.item is not None and photos.shown_labels[query.file]:
                st.badge(plain(with_original(photos.shown_labels[query.file], query.label)), color="primary")
            st.caption(plain(query.file) + (", not part of the link" if query.item is None else ""))
        for side, icon in (("like", ":material/add:"), ("unlike", ":material/remove:")):
            for file in getattr(asked, side):
                st.button(
                    plain(file),
                    key=f"{side}_{sendable(file)}",
                    icon=icon,
                    on_click=remove_example,
                    args=(file,),
                    help="Remove",
                )
        with st.container(horizontal=True, gap="xsmall"):
            others = [item.file for item in photos.items if item.file != query.file] or [query.file]
            st.button("Random", icon=":material/shuffle:", on_click=use_file, args=(random.choice(others),))
            with st.popover("Upload", icon=":material/upload:"):
                st.file_uploader("A picture to search with", key=upload_key())
            show_history(photos)
            if query.region:
                st.button("Whole picture", icon=":material/crop_free:", on_click=use_region, args=(None,))
        offer_seen(seen, weighting)
        show_tags(photos, query)

    # The neighbours.
    with main:
        try:
            like, unlike = ([photos.query(file) for file in side] for side in (asked.like, asked.unlike))
            towards = combine(query, like, unlike)
            if text:
                picture_too = {"query": towards} if text_weight < 1 else {}
                found = photos.search_text(text, k, weight=text_weight, **picture_too)
                show_words(found.text)
                show_neighbours(photos, found, "by_words", weighting)
            else:
                plainly = found = photos.search(towards, k, engine=engine)
                if weighting.search:
                    found = photos.search(towards, k, engine=engine, **weighting.search)
                place = main
                if weighting.compare:
                    left, place = st.columns(2, gap="medium")
                    with left:
                        show_neighbours(photos, plainly, "plain_neighbours", weighting)
                with place:
                    before = plainly if weighting.search else None
                    show_neighbours(photos, found, "neighbours", weighting, before)
            with st.container(horizontal=True, gap="xsmall"):
                offer_exports(photos, found, f"{text or query.file} · {found.method}")
                explain_likeness(photos, query, found)
        except UsageError as error:
            st.info(plain(error), icon=":material/info:")
        except ImsearchError as error:
            st.error(plain(error), icon=":material/error:")
