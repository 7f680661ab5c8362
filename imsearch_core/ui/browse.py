"""Browse: every picture of the folder, by class; a click makes one the query."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.datasets.builtin import PASCAL
from imsearch_core.labels.agreement import agreement, by_class
from imsearch_core.labels.corrections import NO_LABEL
from imsearch_core.labels.problems import POOR
from imsearch_core.labels.quality import EXPLANATIONS, QualityIssue
from imsearch_core.labels.ranking import JudgedLabel
from imsearch_core.search.filters import Filters
from imsearch_core.ui.components.filters import IN_URL, choose_filters
from imsearch_core.ui.components.gallery import cells, gallery
from imsearch_core.ui.components.selection import follow_selection, lead_to, only_selected, selection_bar
from imsearch_core.ui.labels.charts import agreement_bars
from imsearch_core.ui.shell.chooser import IN_TURN
from imsearch_core.ui.shell.facts import judged_labels, poor_pictures
from imsearch_core.ui.shell.fetching import show_pascal_state
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.pills import choose_several
from imsearch_core.ui.shell.text import counted, plain
from imsearch_core.ui.shell.url import to_url

PAGE_SIZE = 200
BY_FILE, BY_FIT = "File name", "Label fit"


def browse_page() -> None:
    photos = frame("Browse")
    follow_selection()

    st.title("Browse")
    if photos.folder == PASCAL.folder:
        show_pascal_state(len(photos))

    # What is shown.
    counts = {label or NO_LABEL: count for label, count in photos.label_counts.items()}
    choose_several("Classes", counts, IN_URL["label"], named=plain)
    with st.container(horizontal=True, vertical_alignment="center"):
        filters = choose_filters(photos, elsewhere=["label"])
        sort = st.selectbox(
            "Sort by",
            (BY_FILE, IN_TURN, BY_FIT),
            key="sort",
            bind="query-params",
            label_visibility="collapsed",
            width=180,
        )
        show_agreement = st.toggle("Neighbours sharing the label", key="agreement", bind="query-params")
    judged = judged_labels(photos) if sort == BY_FIT or show_agreement else ()
    shown = _in_order(photos, filters, judged if sort == BY_FIT else ())
    selected = only_selected(photos)
    if selected is not None:
        shown = [file for file in shown if file in selected]
    if sort == IN_TURN:
        shown = in_turn(shown, photos.shown_labels)
    if show_agreement:
        st.caption("Of each picture’s 9 nearest neighbours, how many share its label: the mean of each class")
        st.altair_chart(
            agreement_bars(by_class(agreement(judged, photos.shown_labels), photos.shown_labels)),
            alt="Neighbours sharing the label, by class",
        )

    pages = -(-len(shown) // PAGE_SIZE)
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="found"
    ):
        st.caption(f"{counted(len(shown), 'picture')}. Pick one to see its neighbours.")
        page = (
            st.number_input(
                "Page",
                1,
                pages,
                key="page",
                bind="query-params",
                label_visibility="collapsed",
                width=150,
            )
            if pages > 1
            else 1
        )

    on_this_page = cells(photos, shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    if sort == BY_FIT:
        fit_of = {one.file: one.fit for one in judged}
        on_this_page = [replace(cell, fit=fit_of[cell.file]) for cell in on_this_page]
    gallery(on_this_page, "browse", search_by)
    selection_bar(photos)


def in_turn(files: Iterable[str], labels: Mapping[str, str | None]) -> list[str]:
    """The first picture of every class, then the second of every class, and so on."""
    before: Counter[str | None] = Counter()

    def turn(file: str) -> int:
        before[labels[file]] += 1
        return before[labels[file]]

    return sorted(files, key=turn)


def _in_order(photos: Collection, filters: Filters, judged: Sequence[JudgedLabel]) -> list[str]:
    """The files that pass: as `judged` if they are, else of poor pictures the worst first, else by name."""
    if not filters and not judged:
        return [item.file for item in photos.items]
    passing = photos.filtering.files(filters)
    if judged:
        return [one.file for one in judged if one.file in passing]
    asked = {POOR, *QualityIssue} & set(filters.problem)
    poor = [one for one in poor_pictures(photos) if POOR in asked or one.issue in asked] if asked else []
    for issue in dict.fromkeys(one.issue for one in poor):
        st.caption(EXPLANATIONS[issue])
    in_order = dict.fromkeys([*(one.file for one in poor), *(item.file for item in photos.items)])
    return [file for file in in_order if file in passing]


def search_by(file: str) -> None:
    to_url("q", file)
    lead_to("app.py")
