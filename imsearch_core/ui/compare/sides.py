"""The two ways to search that the page compares: left and right, each an encoder, a method and an engine."""

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.compare.evaluate import METHODS, evaluate
from imsearch_core.compare.retrieval import Retrieval
from imsearch_core.compare.sides import Disagreement, Side, disagreements
from imsearch_core.index import DEFAULT_ENGINE, installed_engines
from imsearch_core.ui.search.engine import described, engine_in_use
from imsearch_core.ui.shell.encoder import encoder_names
from imsearch_core.ui.shell.open_collections import collection_in_background
from imsearch_core.ui.shell.shared_work import in_background

K = 9


def choose_left(photos: Collection) -> Side:
    """The open collection, by a method and an engine to choose."""
    st.subheader("Left", anchor=False, help="With the encoder chosen behind the gear")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.selectbox(
            "Left: encoder",
            [photos.encoder_name],
            key="left_encoder",
            disabled=True,
            label_visibility="collapsed",
        )
        method, engine = _choose_way("left", "plain")
    return Side(photos, method, engine)


def choose_right(photos: Collection) -> Side | None:
    """The same pictures by any encoder, method and engine; None while they are embedded.

    Raises ImsearchError if they cannot be.
    """
    names = encoder_names(photos.encoder_name)
    st.subheader("Right", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        encoder = st.selectbox(
            "Right: encoder",
            names,
            names.index(photos.encoder_name),
            key="right_encoder",
            bind="query-params",
            label_visibility="collapsed",
        )
        method, engine = _choose_way("right", "refined")
    if encoder != photos.encoder_name:
        photos = collection_in_background(photos.folder, encoder, photos.label_level)
    return photos and Side(photos, method, engine)


def _choose_way(side: str, method: str) -> tuple[str, str]:
    chosen = st.segmented_control(
        f"{side.capitalize()}: method",
        METHODS,
        default=method,
        format_func=str.capitalize,
        required=True,
        key=f"{side}_method",
        bind="query-params",
        label_visibility="collapsed",
    )
    engine = st.selectbox(
        f"{side.capitalize()}: engine",
        list(dict.fromkeys((*installed_engines(), engine_in_use()))),
        format_func=described,
        disabled=chosen == "refined",
        key=f"{side}_engine",
        bind="query-params",
        label_visibility="collapsed",
        help="A refined search compares every picture" if chosen == "refined" else None,
        width=150,
    )
    return chosen, DEFAULT_ENGINE if chosen == "refined" else engine


def name_of(side: Side) -> str:
    """A side in a few words."""
    engine = "" if side.engine == DEFAULT_ENGINE else f" · {described(side.engine)}"
    return f"{side.photos.encoder_name} · {side.method}{engine}"


def figures_of(side: Side) -> Retrieval | None:
    """The retrieval figures of a side; None while they are made.

    Raises UsageError if there are too few labels to judge by, ImsearchError if the engine cannot be opened.
    """
    figures = side.photos.facts.once(
        ("figures", side.method, side.engine),
        lambda progress: evaluate(side.photos, side.method, K, progress, side.engine),
    )
    doing = f"{side.method.capitalize()}: searching with every picture"
    return in_background(figures, doing, doing)


def disagreements_of(left: Side, right: Side) -> list[Disagreement] | None:
    """Every query, the largest disagreement first; None while they are made."""
    theirs = (right.photos.encoder_name, right.photos.version, right.method, right.engine)
    found = left.photos.facts.once(
        ("disagreements", left.method, left.engine, *theirs),
        lambda progress: disagreements(left, right, K, progress),
    )
    doing = "Comparing the neighbours of every picture"
    return in_background(found, doing, doing)
