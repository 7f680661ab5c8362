"""Compare: which encoder, which method, which engine, for the open collection."""

import streamlit as st

from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.ui.compare.approaches import show_approaches
from imsearch_core.ui.compare.columns import show_columns
from imsearch_core.ui.compare.engines import show_engines
from imsearch_core.ui.compare.figures import show_classes, show_figures, show_worst
from imsearch_core.ui.compare.sides import choose_left, choose_right, disagreements_of, figures_of
from imsearch_core.ui.components.selection import follow_selection
from imsearch_core.ui.shell.dead_end import page
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.text import sentence


@page
def compare_page() -> None:
    photos = frame("Compare")
    follow_selection()
    st.title("Compare")
    st.caption(
        "Two ways to search these pictures: judged by their labels, each picture searching among the others, "
        "and side by side on one query."
    )
    left_column, right_column = st.columns(2, gap="medium")
    with left_column:
        left = choose_left(photos)
    with right_column:
        try:
            right = choose_right(photos)
        except ImsearchError as error:
            st.error(sentence(error), icon=":material/error:")
            right = None
    try:
        with left_column:
            ours = figures_of(left)
            if ours:
                show_figures(ours)
        with right_column:
            theirs = figures_of(right) if right else None
            if theirs:
                show_figures(theirs, ours and ours.mean)
        if ours and theirs:
            show_classes(left, right, ours, theirs)
            show_worst({"Left": (left, ours), "Right": (right, theirs)})
    except UsageError as error:
        st.info(sentence(error), icon=":material/label_off:")
    except ImsearchError as error:  # an engine that cannot be opened
        st.error(sentence(error), icon=":material/error:")
        right = None
    if right:
        st.header("Side by side", divider="gray")
        order = disagreements_of(left, right)
        if order:
            show_columns(left, right, order)
    st.header("Three ways to build it", divider="gray")
    show_approaches(photos)
    st.header("Engines", divider="gray")
    show_engines(photos)
