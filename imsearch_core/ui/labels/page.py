"""Label review: doubtful labels, copies and poor pictures, each decided with one key; export."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.labels.decisions import Choice
from imsearch_core.labels.ranking import JudgedLabel, LabelIssue, nothing_to_judge
from imsearch_core.ui.components.filters import choose_filters
from imsearch_core.ui.components.grid import Grid
from imsearch_core.ui.components.review import Desk
from imsearch_core.ui.components.selection import follow_selection, only_selected, selection_bar
from imsearch_core.ui.labels.charts import class_from_chart, confusion_matrix, confusions
from imsearch_core.ui.labels.decided import decided_table
from imsearch_core.ui.labels.duplicates import review_duplicates
from imsearch_core.ui.labels.exchange import export_and_import
from imsearch_core.ui.labels.gains import before_and_after
from imsearch_core.ui.labels.quality import review_quality
from imsearch_core.ui.shell.dead_end import page
from imsearch_core.ui.shell.facts import judged_labels
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.pills import choose_several
from imsearch_core.ui.shell.text import plain, sendable
from imsearch_core.ui.shell.url import from_url, go_to, to_url

DESK, GRID, DUPLICATES, QUALITY, DECIDED = VIEWS = ("Desk", "Grid", "Duplicates", "Quality", "Decided")
BELOW = ("Confusions", "Before and after", "Export and import")


@dataclass(frozen=True)
class _Filter:
    """Which judged labels to review; None or empty for all."""

    kinds: list[LabelIssue]
    label: str | None
    suggested: str | None
    files: Container[str] | None
    skipped: bool
    """Whether to review those that were skipped, instead of those that are undecided."""

    @property
    def asks_for_all(self) -> bool:
        """Whether pictures with labels that look right are to be reviewed like the others."""
        return bool(self.kinds) or self.files is not None

    def of(self, judged: Sequence[JudgedLabel]) -> list[JudgedLabel]:
        """Those to review, whatever has been decided about them."""
        return [
            one
            for one in judged
            if (not self.kinds or one.kind in self.kinds)
            and (self.label is None or one.label == self.label)
            and (not self.suggested or one.suggested == self.suggested)
            and (self.files is None or one.file in self.files)
        ]


@page
def labels_page() -> None:
    photos = frame("Label review")
    follow_selection()
    view = st.segmented_control(
        "View",
        VIEWS,
        default=DESK,
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    if view == DUPLICATES:
        review_duplicates(photos)
        selection_bar(photos)
    elif view == QUALITY:
        review_quality(photos)
    else:
        _review_labels(photos, view)


def duplicates_page() -> None:
    """The former page of duplicates: leads to what is there now."""
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    go_to("pages/labels.py", **asked | {"view": DUPLICATES})


def _review_labels(photos: Collection, view: str) -> None:
    judged = judged_labels(photos)
    wanted = _choose_what(photos, judged, view)
    if reason := nothing_to_judge(one.label for one in judged):
        st.caption(f"{reason.capitalize()}.")
    if view == DECIDED:
        decided_table(photos, {one.file for one in wanted.of(judged)})
    else:
        _decide(photos, judged, wanted, view)
    doubtful = [one for one in judged if (one.kind in wanted.kinds if wanted.kinds else one.kind.is_doubtful)]
    st.divider()
    _show_outcome(photos, judged, doubtful)


def _choose_what(photos: Collection, judged: Sequence[JudgedLabel], view: str) -> _Filter:
    with st.container(horizontal=True, vertical_alignment="center"):
        counts = Counter(one.kind for one in judged)
        present = {kind: counts[kind] for kind in LabelIssue if counts[kind]}
        kinds = choose_several(
            "Problem", present, "kind", named=lambda kind: LabelIssue(kind).in_words, then=start_anew
        )
        classes = sorted({one.label for one in judged if one.label})
        st.session_state["class_shown"] = label if (label := from_url("label", None)) in classes else None
        label = st.selectbox(
            "Class",
            classes,
            index=None,
            format_func=sendable,
            placeholder="All classes",
            key="class_shown",
            on_change=class_chosen,
            label_visibility="collapsed",
            width=130,
        )
        if suggested := from_url("suggested", None):
            st.button(
                f"looks like {plain(suggested)}", icon=":material/close:", help="Any", on_click=any_suggestion
            )
        filters = choose_filters(photos, then=start_anew)
        skipped = view != DECIDED and _choose_skipped(photos)
    files = only_selected(photos, start_anew)
    if filters:
        passing = photos.filtering.files(filters)
        files = passing if files is None else files & passing
    return _Filter(kinds, label, suggested, files, skipped)


def _choose_skipped(photos: Collection) -> bool:
    count = sum(decision.choice is Choice.SKIP for decision in photos.corrections.decisions.values())
    asked = from_url("skipped", None) is not None
    if not count and not asked:
        return False
    st.session_state["skipped_shown"] = asked
    return st.toggle(f"Skipped {count}", key="skipped_shown", on_change=skipped_chosen)


@st.fragment
def _decide(photos: Collection, judged: Sequence[JudgedLabel], wanted: _Filter, view: str) -> None:
    """Where decisions are made. Only this part of the page runs when one is."""
    everything = wanted.of(judged)
    # People who have chosen kinds, or selected pictures, want to see all of them.
    doubtful = everything if wanted.asks_for_all else [one for one in everything if one.kind.is_doubtful]
    decisions = photos.corrections.decisions
    left = sum(one.file not in decisions for one in doubtful)
    counts = {"left": left, "decided": len(doubtful) - left}
    by_file = {one.file: one for one in judged}

    def in_state(one: JudgedLabel) -> bool:
        choice = decisions[one.file].choice if one.file in decisions else None
        return choice is (Choice.SKIP if wanted.skipped else None)

    if view == GRID:
        undecided = list(filter(in_state, everything))
        Grid(photos, by_file).show(everything, undecided, counts, folds=not wanted.asks_for_all)
    else:
        # The one in the link stays, whatever is decided about it.
        at = from_url("at", None)
        shown = {one.file for one in filter(in_state, doubtful)} | {at}
        queue = [one for one in judged if one.file in shown]
        if at not in photos:
            at = queue[0].file if queue else None
        Desk(photos, by_file).show(queue, at, counts, lambda file: to_url("at", file))
    _refresh_what_shows_decisions(photos)


def _refresh_what_shows_decisions(photos: Collection) -> None:
    """Run the whole page when something has been decided, if more than the fragment shows decisions."""
    before, now = st.session_state.get("decisions_shown"), photos.corrections.version
    st.session_state["decisions_shown"] = now
    if before not in (None, now) and st.session_state.get("below") in BELOW[1:]:
        st.rerun()


def _show_outcome(photos: Collection, judged: Sequence[JudgedLabel], doubtful: Sequence[JudgedLabel]) -> None:
    below = st.segmented_control(
        "Below",
        BELOW,
        default=BELOW[0],
        required=True,
        key="below",
        bind="query-params",
        label_visibility="collapsed",
    )
    if below == "Confusions":
        _show_confusions(doubtful)
    elif below == "Before and after":
        before_and_after(judged, photos)
    else:
        export_and_import(photos)


def _show_confusions(doubtful: Sequence[JudgedLabel]) -> None:
    shown, left_out = confusions(doubtful)
    if not shown:
        st.caption("No picture looks like another class than its own.")
        return
    rarer = f" {left_out} pictures in rarer classes are left out." if left_out else ""
    st.caption(f"How many pictures look like another class. Pick a cell to review its pictures.{rarer}")
    key = f"matrix_{st.session_state.get('matrices', 0)}"
    st.vega_lite_chart(
        confusion_matrix(shown),
        width=200
        + 100 * len({label for pair in shown for label in pair[:2]}),  # at most: never past the page
        key=key,
        on_select=lambda: cell_chosen(st.session_state[key].selection.cell),
        selection_mode="cell",
        alt="How many pictures of each class look like each other class",
    )


def start_anew() -> None:
    """After a change of what is shown, begin with the worst of it."""
    to_url("at", None)


def skipped_chosen() -> None:
    to_url("skipped", "true" if st.session_state["skipped_shown"] else None)
    start_anew()


def class_chosen() -> None:
    to_url("label", st.session_state["class_shown"])
    to_url("suggested", None)
    start_anew()


def cell_chosen(cell: list[dict[str, str]]) -> None:
    to_url("label", class_from_chart(cell[0]["label"]) if cell else None)
    to_url("suggested", class_from_chart(cell[0]["suggested"]) if cell else None)
    start_anew()


def any_suggestion() -> None:
    to_url("suggested", None)
    st.session_state["matrices"] = st.session_state.get("matrices", 0) + 1  # a new one, with nothing selected
    start_anew()
