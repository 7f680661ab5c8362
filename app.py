"""Search: a query picture and its nearest neighbours, plain or weighted by an ImageNet class."""

import random

import streamlit as st

from imsearch_core.classes import imagenet_classes
from imsearch_core.errors import ImsearchError
from imsearch_core.index import DEFAULT_ENGINE, engines
from imsearch_core.search import DEFAULT_STRENGTH, METHODS, SearchResult
from imsearch_core.ui.frame import frame
from imsearch_core.ui.gallery import cells, gallery
from imsearch_core.ui.query import choose_query, upload_key, use_file
from imsearch_core.ui.text import plain

photos = frame("Search")
class_of = {f"{c.name} ({c.index})": c.index for c in imagenet_classes()}
name_of = {index: name for name, index in class_of.items()}

with st.sidebar:
    engine = st.segmented_control(
        "Engine", engines(), default=DEFAULT_ENGINE, required=True, key="engine", bind="query-params"
    )

beside, main = st.columns([1, 2.6], gap="large")

# The query, and what the encoder sees in it.
with beside:
    query, picture = choose_query(photos)
    classes = photos.classify(query)
    if picture:
        st.image(picture, width="stretch", alt=f"The query: {query.file}")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if query.label:
            st.badge(plain(query.label), color="primary")
        st.caption(plain(query.file) + ("" if query.item is not None else ", not part of the link"))
    with st.container(horizontal=True, gap="small"):
        others = [item.file for item in photos.items if item.file != query.file] or [query.file]
        st.button("Random", icon=":material/shuffle:", on_click=use_file, args=(random.choice(others),))
        with st.popover("Upload", icon=":material/upload:"):
            st.file_uploader("A picture to search with", key=upload_key())


def weigh_by(name: str) -> None:
    st.session_state["class"], st.session_state["weighted"] = name, True


def toggled() -> None:
    if st.session_state["weighted"] and st.session_state["class"] is None:
        st.session_state["class"] = name_of[classes[0].index]


# The controls.
with main, st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = st.selectbox(
        "ImageNet class",
        list(class_of),
        index=None,
        key="class",
        bind="query-params",
        placeholder="One of 1000 classes",
        on_change=lambda: st.session_state.update(weighted=st.session_state["class"] is not None),
    )
    k = st.slider("Neighbours", 1, 60, 9, key="k", bind="query-params", width=180)
    weighted = st.toggle("Weighted", key="weighted", bind="query-params", on_change=toggled)
    compare = st.toggle("Side by side", key="compare", bind="query-params", disabled=not weighted)
weighting = {"focus": class_of[chosen]} if weighted and chosen else {}
if weighting:
    with main, st.container(horizontal=True, vertical_alignment="center"):
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
                "Strength", 0.0, 1.0, DEFAULT_STRENGTH, 0.05, key="strength", bind="query-params", width=220
            )

with beside:
    st.caption("The encoder sees (pick one to weight the search by it)")
    with st.container(horizontal=True, gap="small"):
        for prediction in classes:
            name = name_of[prediction.index]
            st.button(
                f"{prediction.name} {prediction.probability:.0%}",
                key=f"seen_{prediction.index}",
                type="primary" if weighting and chosen == name else "secondary",
                on_click=weigh_by,
                args=(name,),
            )


# The neighbours.
def show(found: SearchResult) -> None:
    what = f"{found.method} on {found.focus.name}" if found.focus else "plain"
    st.caption(f"{len(found.results)} nearest, {what} · {found.milliseconds:.1f} ms")
    gallery(cells(photos, found.results), f"neighbours_{found.method}", use_file)


with main:
    try:
        searches = [{}, weighting] if weighting and compare else [weighting]
        for place, conditions in zip(st.columns(len(searches), gap="medium"), searches, strict=True):
            with place:
                show(photos.search(query, k, engine=engine, **conditions))
    except ImsearchError as error:
        st.error(plain(error), icon=":material/error:")
