"""Search: by a picture, plain or conditioned on an ImageNet class, by words, or by both."""

import random
from collections import Counter
from dataclasses import replace

import streamlit as st

from imsearch_core.classes import imagenet_classes, note_about, search_classes
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.explain import shared_classes
from imsearch_core.exports import contact_sheet, results_csv
from imsearch_core.labels.corrections import with_original
from imsearch_core.methods import DEFAULT_STRENGTH, METHODS
from imsearch_core.queries import Query, combine
from imsearch_core.results import SearchResult
from imsearch_core.ui.engine import choose_engine
from imsearch_core.ui.frame import frame
from imsearch_core.ui.gallery import THUMBNAIL_SIDE, Cell, cells, gallery
from imsearch_core.ui.history import remember_query, show_history
from imsearch_core.ui.media import media_url
from imsearch_core.ui.query import SIDE, choose_query, forgive, judge, upload_key, use_file, use_region
from imsearch_core.ui.region import region_picker
from imsearch_core.ui.resources import heat_of
from imsearch_core.ui.settings import recall, remember
from imsearch_core.ui.story import story
from imsearch_core.ui.text import plain, sendable
from imsearch_core.ui.words import ask_for_text, ask_for_weight, show_tags, show_words, use_text

photos = frame("Search")
telling = st.container()  # the story, which needs the query
class_of = {f"{c.name} ({c.index})": c.index for c in imagenet_classes()}
name_of = {index: name for name, index in class_of.items()}

with st.sidebar:
    engine = choose_engine()

beside, main = st.columns([1.1, 2], gap="medium")
with beside, st.container():  # a place of their own for spinners, so that nothing below them moves
    asked = choose_query(photos)
    query, classes = asked.query, photos.classify(asked.query)


def weigh_by(name: str) -> None:
    st.session_state["class"], st.session_state["weighted"] = name, True
    use_text("")


def toggled() -> None:
    if st.session_state["weighted"] and st.session_state["class"] not in class_of:
        st.session_state["class"] = name_of[classes[0].index]


def offer_classes(word: str) -> None:
    """The classes that an everyday word may mean, as one-click choices."""
    meant = [name_of[c.index] for c in search_classes(word)[:8]]
    st.caption(
        note_about(word) or (f"{plain(word)} may mean" if meant else f"No class is like {plain(word)}.")
    )
    with st.container(horizontal=True, gap="xsmall"):
        for name in meant:
            st.button(name, key=f"meant_{name}", on_click=weigh_by, args=(name,))


# The controls: a text is weighed against the picture, a picture may be weighted by a class.
with main:
    text = ask_for_text(photos)
chosen, weighted, compare = None, False, False
with main, st.container(horizontal=True, vertical_alignment="bottom"):
    if not text:
        chosen = st.selectbox(
            "ImageNet class",
            list(class_of),
            index=None,
            key="class",
            bind="query-params",
            placeholder="One of 1000, or any word",
            accept_new_options=True,
            on_change=lambda: st.session_state.update(weighted=st.session_state["class"] in class_of),
        )
    recall("k", range(1, 61))
    k = st.slider(
        "Neighbours", 1, 60, 9, key="k", bind="query-params", width=180, on_change=remember, args=("k",)
    )
    if text:
        text_weight = ask_for_weight()
    else:
        weighted = st.toggle("Weighted", key="weighted", bind="query-params", on_change=toggled)
        compare = st.toggle("Side by side", key="compare", bind="query-params", disabled=not weighted)
remember_query(photos, None if query.item is None else query.file, text)
with telling:
    story(photos, query.file)
if chosen and chosen not in class_of:
    with main:
        offer_classes(chosen)
weighting = {"focus": class_of[chosen]} if weighted and chosen in class_of else {}
heated = False
if weighting:
    with main, st.container(horizontal=True, vertical_alignment="bottom"):
        weighting["method"] = st.segmented_control(
            "Method",
            METHODS[1:],
            default="focus",
            format_func=str.capitalize,
            required=True,
            key="method",
            bind="query-params",
            help="Focus asks whether the class is there; reweigh is the tutorial's way.",
        )
        if weighting["method"] == "focus":
            weighting["strength"] = st.slider(
                "Strength", 0.0, 1.0, DEFAULT_STRENGTH, 0.05, key="strength", bind="query-params", width=180
            )
        heated = st.toggle("Heat map", key="heat", bind="query-params")


def heat(source: str | bytes, side: int) -> bytes:
    """A picture's heat map for the chosen class; nothing if it cannot be made."""
    modified_ns = photos.item(source).modified_ns if isinstance(source, str) else 0
    index = weighting["focus"]
    try:
        return heat_of(photos.folder, photos.encoder, source, modified_ns, index, side, photos)
    except ImsearchError as error:
        st.warning(plain(error), icon=":material/warning:")
        return b""


# The query, and what the encoder sees in it.
with beside:
    picture = (heated and heat(asked.source, SIDE)) or asked.picture
    if picture:
        region_picker(
            media_url(picture), f"The query: {query.file}", query.region, "region_picker", use_region
        )
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if query.item is not None and photos.shown_labels[query.file]:
            st.badge(plain(with_original(photos.shown_labels[query.file], query.label)), color="primary")
        upload = isinstance(asked.source, bytes)
        st.caption(plain(query.file) + (", not part of the link" if upload else ""))
    for side, icon in (("like", ":material/add:"), ("unlike", ":material/remove:")):
        for file in getattr(asked, side):
            st.button(
                plain(file),
                key=f"{side}_{sendable(file)}",
                icon=icon,
                on_click=forgive,
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
    st.caption("The encoder sees (pick one to weight the search by it)")
    with st.container(horizontal=True, gap="xsmall"):
        for prediction in classes:
            name = name_of[prediction.index]
            st.button(
                f"{prediction.name} {prediction.probability:.0%}",
                key=f"seen_{prediction.index}",
                icon=":material/check:" if weighting and chosen == name else None,
                on_click=weigh_by,
                args=(name,),
            )
    show_tags(photos, query)


# The neighbours.
def moves(found: SearchResult, before: SearchResult) -> dict[str, str]:
    """How the ranks have changed, by file."""
    ranks = {result.file: result.rank for result in before.results}
    return {
        result.file: "new" if result.file not in ranks else f"{'↑' if up > 0 else '↓'}{abs(up)}" if up else ""
        for result in found.results
        for up in (ranks.get(result.file, 0) - result.rank,)
    }


def marked(cell: Cell, moved: dict[str, str]) -> Cell:
    return replace(
        cell, move=moved.get(cell.file, ""), heat=media_url(heat(cell.file, THUMBNAIL_SIDE)) if heated else ""
    )


def show(found: SearchResult, before: SearchResult | None, key: str) -> None:
    what = f"{found.method} on {found.focus.name}" if found.focus else "plain"
    if found.text:
        what = f"“{plain(found.text.text)}”" + (" and the picture" if found.query else "")
        what += f", by {'ConSE' if found.method == 'conse' else 'ConSE and training'}"
    moved = moves(found, before) if before else {}
    passes = (
        "one forward pass and a search"
        if found.query and (query.region or upload)
        else "no forward pass, a search"
    )
    gone = sum(result.file not in moved for result in before.results) if before else 0
    st.caption(f"{len(found.results)} nearest, {what}")
    if not found.results:
        st.info("No other picture is left to compare with.", icon=":material/search_off:")
        return
    shown = [marked(cell, moved) for cell in cells(photos, found.results)]
    gallery(shown, key, use_file, judge if found.query else None)
    labels = Counter(cell.label for cell in shown).most_common()
    counted = ", ".join(f"{plain(label)} {count}" for label, count in labels)
    left_out = f" · {gone} of the plain ones gone" if gone else ""
    st.caption(f"{counted}{left_out} · {passes} of {found.milliseconds:.1f} ms")


def with_judged() -> Query:
    """The query, moved towards and away from the pictures judged."""
    like, unlike = ([photos.query(file) for file in side] for side in (asked.like, asked.unlike))
    return combine(query, like, unlike)


with main:
    try:
        if text:
            picture_too = {"query": with_judged()} if text_weight < 1 else {}
            found = photos.search_text(text, k, weight=text_weight, **picture_too)
            show_words(found.text)
            show(found, None, "by_words")
        else:
            search = {"like": asked.like, "unlike": asked.unlike, "engine": engine}
            plainly = photos.search(query, k, **search)
            found = photos.search(query, k, **search, **weighting) if weighting else plainly
            if weighting and compare:
                left, right = st.columns(2, gap="medium")
                with left:
                    show(plainly, None, "plain_neighbours")
                with right:
                    show(found, plainly, "neighbours")
            else:
                show(found, plainly if weighting else None, "neighbours")
        below = st.container(horizontal=True, gap="xsmall")
        with below, st.popover("Take away", icon=":material/download:", type="tertiary"):
            title = f"{text or query.file} · {found.method}"
            for what, make, name in (
                (
                    "Table (CSV)",
                    lambda: results_csv(found).encode("utf-8", "surrogateescape"),
                    "neighbours.csv",
                ),
                ("Contact sheet (PNG)", lambda: contact_sheet(photos, title, found), "neighbours.png"),
            ):
                st.download_button(what, make, name, on_click="ignore")
        with below, st.popover("Why are two pictures alike?", icon=":material/help:", type="tertiary"):
            files = [result.file for result in found.results]
            other = st.selectbox("The query and", files, format_func=sendable, key="why")
            if other:
                st.caption("The ImageNet classes that contribute most to their cosine, with their shares")
                both = shared_classes(query.embedding, photos.query(other).embedding, photos.head)
                for shared, share in both:
                    st.progress(share / both[0][1], f"{shared.name} {share:.1%}")
    except UsageError as error:
        st.info(plain(error), icon=":material/info:")
    except ImsearchError as error:
        st.error(plain(error), icon=":material/error:")
