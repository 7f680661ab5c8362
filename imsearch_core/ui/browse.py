"""Browse: every picture of the folder, by class; a click makes one the query."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.datasets.builtin import PASCAL
from imsearch_core.datasets.layout import SPLITS
from imsearch_core.labels.agreement import agreement, by_class
from imsearch_core.labels.corrections import NO_LABEL
from imsearch_core.labels.quality import EXPLANATIONS, QualityIssue
from imsearch_core.ui.components.gallery import cells, gallery
from imsearch_core.ui.components.selection import follow_selection, lead_to, only_selected, selection_bar
from imsearch_core.ui.labels.charts import agreement_bars
from imsearch_core.ui.shell.chooser import IN_TURN
from imsearch_core.ui.shell.fetching import show_pascal_state
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.pills import choose_several
from imsearch_core.ui.shell.resources import judged_labels, poor_pictures
from imsearch_core.ui.shell.text import counted, plain
from imsearch_core.ui.shell.url import to_url

PAGE_SIZE = 200
BY_FILE, BY_QUALITY = "File", "Label quality"


def browse_page() -> None:
    photos = frame("Browse")
    follow_selection()
    labels = photos.shown_labels

    st.title("Browse")
    if photos.folder == PASCAL.folder:
        show_pascal_state(len(photos))

    # What is shown.
    counts = {label or NO_LABEL: count for label, count in photos.label_counts.items()}
    chosen = choose_several("Classes", counts, "labels", named=plain)
    tags = photos.corrections.tags
    tagged = _choose_tags(tags)
    with st.container(horizontal=True, vertical_alignment="center"):
        split = _choose_split(photos)
        sort = st.selectbox(
            "Sort by",
            (BY_FILE, IN_TURN, BY_QUALITY),
            key="sort",
            bind="query-params",
            label_visibility="collapsed",
            width=180,
        )
        doubtful = st.toggle(
            "Doubtful labels", key="doubtful", bind="query-params", help="Judged in the label review"
        )
        poor = st.toggle(
            "Poor pictures", key="poor", bind="query-params", help="Dark, blurry, tiny, near-empty and so on"
        )
        show_agreement = st.toggle("Agreement per class", key="agreement", bind="query-params")
    judged = judged_labels(photos) if sort == BY_QUALITY or doubtful or show_agreement else ()
    quality_of = {one.file: one.quality for one in judged}
    files = [one.file for one in judged] if sort == BY_QUALITY else [item.file for item in photos.items]
    if doubtful:
        suspects = {one.file for one in judged if one.kind.is_doubtful} - photos.corrections.decisions.keys()
        files = [file for file in files if file in suspects]
    if poor:
        worst_first, among = _choose_poor(photos), set(files)
        files = [file for file in worst_first if file in among]
    shown = [file for file in files if not chosen or (labels[file] or NO_LABEL) in chosen]
    shown = [file for file in shown if not tagged or not tagged.isdisjoint(tags.get(file, ()))]
    if split is not None:
        shown = [file for file in shown if photos.item(file).split == split]
    selected = only_selected(photos)
    if selected is not None:
        shown = [file for file in shown if file in selected]
    if sort == IN_TURN:
        shown = in_turn(shown, labels)
    if show_agreement:
        st.caption("Of each picture’s 9 nearest neighbours, how many share its label: the mean of each class")
        st.altair_chart(
            agreement_bars(by_class(agreement(judged, labels), labels)),
            alt="Agreement of neighbours per class",
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
    if sort == BY_QUALITY or doubtful:
        on_this_page = [replace(cell, quality=quality_of[cell.file]) for cell in on_this_page]
    gallery(on_this_page, "browse", search_by)
    selection_bar(photos)


def in_turn(files: Iterable[str], labels: Mapping[str, str | None]) -> list[str]:
    """The first picture of every class, then the second of every class, and so on."""
    before: Counter[str | None] = Counter()

    def turn(file: str) -> int:
        before[labels[file]] += 1
        return before[labels[file]]

    return sorted(files, key=turn)


def _choose_tags(tags: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The tags of which a picture must have one; none if it does not matter."""
    counts = Counter(tag for names in tags.values() for tag in names)
    return set(
        choose_several("Tags", dict(sorted(counts.items())), "tags", named=lambda tag: f"#{plain(tag)}")
    )


def _choose_poor(photos: Collection) -> list[str]:
    """The pictures with one of the chosen issues of quality, or with any; by issue, the worst first."""
    found = poor_pictures(photos)
    counts = Counter(one.issue for one in found)
    chosen = choose_several("Issues", counts, "issues")
    for issue in chosen:
        st.caption(EXPLANATIONS[QualityIssue(issue)])
    return list(dict.fromkeys(one.file for one in found if not chosen or one.issue in chosen))


def _choose_split(photos: Collection) -> str | None:
    """The split to show; None for all, or if the folder has none."""
    there = {item.split for item in photos.items}
    splits = [split for split in SPLITS if split in there]
    if not splits:
        return None
    return st.segmented_control(
        "Split", splits, key="split", bind="query-params", label_visibility="collapsed"
    )


def search_by(file: str) -> None:
    to_url("q", file)
    lead_to("app.py")
