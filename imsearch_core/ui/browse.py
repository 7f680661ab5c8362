"""Browse: every picture of the folder, by class; a click makes one the query."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.datasets.builtin import PASCAL
from imsearch_core.labels.agreement import agreement, by_class
from imsearch_core.labels.decisions import NO_LABEL
from imsearch_core.labels.problems import POOR
from imsearch_core.labels.quality import EXPLANATIONS, QualityIssue
from imsearch_core.labels.ranking import JudgedLabel
from imsearch_core.search.filters import Filters
from imsearch_core.ui.components.chart import show_chart
from imsearch_core.ui.components.filters import IN_URL, choose_filters
from imsearch_core.ui.components.selection import follow_selection, only_selected, selection_bar
from imsearch_core.ui.components.wall import wall
from imsearch_core.ui.labels.charts import agreement_bars
from imsearch_core.ui.search.query import open_on_search
from imsearch_core.ui.shell.chooser import IN_TURN
from imsearch_core.ui.shell.dead_end import page
from imsearch_core.ui.shell.facts import judged_labels, poor_pictures
from imsearch_core.ui.shell.fetching import show_pascal_state
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.pills import choose_several
from imsearch_core.ui.shell.text import plain
from imsearch_core.wording import counted

MOST_PILLS = 40  # classes; more are among the filters
MOST_SECTIONS = 1000  # to choose from
BY_FILE, BY_FIT = "File name", "Label fit"


@page
def browse_page() -> None:
    photos = frame("Browse")
    follow_selection()

    st.title("Browse")
    if photos.folder == PASCAL.folder:
        show_pascal_state(len(photos))

    # What is shown.
    counts = {label or NO_LABEL: count for label, count in photos.label_counts.items()}
    labelled, few = bool(counts.keys() - {NO_LABEL}), len(counts) <= MOST_PILLS
    if few and labelled:
        choose_several("Classes", counts, IN_URL["label"], named=plain)
    with st.container(horizontal=True, vertical_alignment="center"):
        filters = choose_filters(photos, elsewhere=["label"] if few else [])
        sort, show_agreement = _ask_about_labels() if labelled else (BY_FILE, False)
    judged = judged_labels(photos) if sort == BY_FIT or show_agreement else ()
    order = _order(photos, filters, judged if sort == BY_FIT else ())
    selected = only_selected(photos)
    if selected is not None:
        order = np.array([i for i in order.tolist() if photos.items[i].file in selected], int)
    if sort == IN_TURN:
        order = in_turn(order, [photos.shown_labels[item.file] for item in photos.items])
    if show_agreement:
        st.caption("Of each picture’s 9 nearest neighbours, how many share its label: the mean of each class")
        show_chart(
            agreement_bars(by_class(agreement(judged, photos.shown_labels), photos.shown_labels)),
            alt="Neighbours sharing the label, by class",
        )

    if len(order):
        st.caption(f"{counted(len(order), 'picture')}. Pick one to see its neighbours.")
    else:
        st.info("No picture passes these filters.", icon=":material/filter_list_off:")
    fit_of = {one.file: one.fit for one in judged} if sort == BY_FIT else {}
    wall(
        photos, order, "browse", open_on_search, sections_of if sort == BY_FILE else lambda files: [], fit_of
    )
    selection_bar(photos)


def _ask_about_labels() -> tuple[str, bool]:
    """The order, and whether to show how many neighbours share the label."""
    sort = st.selectbox(
        "Sort by",
        (BY_FILE, IN_TURN, BY_FIT),
        key="sort",
        bind="query-params",
        label_visibility="collapsed",
        width=180,
    )
    return sort, st.toggle("Neighbours sharing the label", key="agreement", bind="query-params")


def in_turn(order: np.ndarray, labels: Sequence[str | None]) -> np.ndarray:
    """The items of `order`: the first of every class, then the second of every class, and so on.

    `labels` are those of all items.
    """
    before: Counter[str | None] = Counter()
    turns = []
    for i in order:
        turns.append(before[labels[i]])
        before[labels[i]] += 1
    return order[np.argsort(turns, kind="stable")]


def sections_of(files: Sequence[str]) -> list[tuple[str, int]]:
    """Places to jump to among `files`, each with its name: the folders, else the first letters.

    None if there is only one, or if there would be too many.
    """
    for name_of in (_folder_of, _top_folder_of, _letter_of):
        names = [name_of(file) for file in files]
        first = [0, *(i for i in range(1, len(names)) if names[i] != names[i - 1])]
        if 1 < len(first) <= MOST_SECTIONS:
            return [(names[i], i) for i in first]
    return []


def _folder_of(file: str) -> str:
    return file.rpartition("/")[0]


def _top_folder_of(file: str) -> str:
    return _folder_of(file).partition("/")[0]


def _letter_of(file: str) -> str:
    return file.rpartition("/")[2][0].upper()


def _order(photos: Collection, filters: Filters, judged: Sequence[JudgedLabel]) -> np.ndarray:
    """The items that pass: as `judged` if they are, else of poor pictures the worst first, else by name."""
    passing = photos.filtering.items(filters)
    asked = {POOR, *QualityIssue} & set(filters.problem)
    poor = [one for one in poor_pictures(photos) if POOR in asked or one.issue in asked] if asked else []
    first = judged or poor
    if not first:
        return passing
    if not judged:
        for issue in dict.fromkeys(one.issue for one in poor):
            st.caption(EXPLANATIONS[issue])
    in_order = dict.fromkeys(photos.contents.item_of[one.file] for one in first)
    if not judged:
        in_order |= dict.fromkeys(passing.tolist())
    there = set(passing.tolist())
    return np.array([i for i in in_order if i in there], int)
