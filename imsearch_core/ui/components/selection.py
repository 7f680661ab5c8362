"""The pictures that a person has selected, shared by the pages of a session, and what can be done with them.

Hundreds of names do not fit in a link: this is the one choice that the URL does not carry.
"""

import uuid
from collections.abc import Callable
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError
from imsearch_core.labels.decisions import TAGS, Choice
from imsearch_core.labels.tags_csv import tags_to_csv
from imsearch_core.ui.components.filters import clear_filters
from imsearch_core.ui.components.inbox import decision_about
from imsearch_core.ui.shell.text import as_kept, plain, sendable
from imsearch_core.ui.shell.url import go_to, to_url

_SELECTED = "selected_in"  # by folder, in the session's state
_ONLY = "only_selected"  # not the toggle's key: the page that shows the toggle would take it along
_LEADS_TO = "selection_leads_to"
_DONE, _FAILED = "selection_done", "selection_failed"


def select(files: list[str]) -> None:
    """Make these the selected pictures of the open folder, in place of the ones before."""
    st.session_state.setdefault(_SELECTED, {})[st.session_state["opens"]] = files
    for said in (_DONE, _FAILED):
        st.session_state.pop(said, None)


def _selected() -> list[str]:
    """Another folder may have files of the same names: they are not selected there."""
    return st.session_state.get(_SELECTED, {}).get(st.session_state["opens"], [])


def told_of_selection(key: str) -> dict[str, Any]:
    """What the component of this key must know of the selection: see selecting.js."""
    return {
        "selected": [sendable(file) for file in _selected()],
        "turn": st.session_state.get(f"{key}_turn", 0),
    }


def take_up_selection(key: str) -> None:
    """Select what a person has selected in the component of this key."""
    if sent := st.session_state[key].selected:
        select([as_kept(file) for file in sent["files"]])
        st.session_state[f"{key}_turn"] = sent["turn"]


def selection(photos: Collection) -> list[str]:
    """The selected pictures that this collection has, in the order they were given."""
    return [file for file in _selected() if file in photos]


def only_selected(photos: Collection, on_change: Callable[[], None] = lambda: None) -> set[str] | None:
    """The selected pictures if they alone are to be shown, else None. Draws a toggle if there are any."""

    def changed() -> None:
        st.session_state[_ONLY] = st.session_state[shown]
        on_change()

    files, shown = set(selection(photos)), f"{_ONLY}_shown"
    if not files:
        return None
    st.session_state[shown] = st.session_state.get(_ONLY, False)
    only = st.toggle(f"Only the {len(files):,} selected", key=shown, on_change=changed)
    return files if only else None


def follow_selection() -> None:
    """Open the page on which something is to be looked at, if that was asked for.

    Call it before anything is drawn that runs by itself and would bring the present page back.
    """
    if leads_to := st.session_state.pop(_LEADS_TO, None):
        page, query = leads_to
        go_to(page, **query)


def lead_to(page: str, **query: str) -> None:
    """Let `follow_selection` open this page, with `query` in the URL."""
    st.session_state[_LEADS_TO] = page, query


def look_at_selection(page: str) -> None:
    """Open Browse or the label review on the selection, whatever else was chosen there before."""
    st.session_state[_ONLY] = True
    clear_filters()
    for name in ("kind", "label", "suggested", "skipped", "at"):
        to_url(name, None)
    lead_to(page, **({"view": "Grid"} if page == "pages/labels.py" else {}))


def selection_bar(photos: Collection, counts: bool = True) -> None:
    """What can be done with the selected pictures, at the bottom of the window, if there are any.

    It `counts` them where the page does not.
    """
    files = selection(photos)
    done, failed = (st.session_state.get(said) for said in (_DONE, _FAILED))
    if not files:
        return
    with st.bottom, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if counts:
            st.markdown(f"**{len(files):,} selected**", width="content")
        _ask_for_label(photos, files)
        st.button(
            "Keep",
            icon=":material/check:",
            on_click=_decide,
            args=(photos, files, Choice.KEEP),
            key="keep_selected",
            help="Their labels are right",
        )
        _ask_for_tag(photos, files)
        st.button(
            "Review these",
            icon=":material/fact_check:",
            on_click=look_at_selection,
            args=("pages/labels.py",),
            key="review_selected",
        )
        st.download_button(
            "Export these",
            lambda: tags_to_csv(map(photos.item, files), photos.shown_labels, photos.corrections.tags),
            "selection.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="export_selected",
        )
        st.button(
            "Clear",
            icon=":material/close:",
            type="tertiary",
            on_click=select,
            args=([],),
            key="clear_selected",
        )
        if done:
            st.caption(plain(done), width="content")
            st.button(
                "Undo",
                icon=":material/undo:",
                type="tertiary",
                on_click=_undo,
                args=(photos,),
                key="undo_selected",
            )
        if failed:
            st.error(plain(failed), icon=":material/error:")


def _ask_for_label(photos: Collection, files: list[str]) -> None:
    with st.popover("Label as…", icon=":material/label:"):
        classes = [label for label in photos.label_counts if label is not None]
        label = st.selectbox(
            "Class",
            classes,
            index=None,
            format_func=sendable,
            accept_new_options=True,
            placeholder="Class, or a new one",
            key="label_for_selected",
        )
        new = label and label not in classes  # typed, and taken before the classes that begin so
        st.button(
            f"Label {len(files):,}" + (" as a new class" if new else ""),
            type="primary",
            disabled=not label,
            on_click=_decide,
            args=(photos, files, Choice.RELABEL, label),
            key="label_selected",
        )


def _ask_for_tag(photos: Collection, files: list[str]) -> None:
    with st.popover("Tag…", icon=":material/sell:"):
        known = {tag for tags in photos.corrections.tags.values() for tag in tags}
        tag = st.selectbox(
            "Tag",
            [*TAGS, *sorted(known - set(TAGS))],
            index=None,
            format_func=sendable,
            accept_new_options=True,
            placeholder="Tag, or a new one",
            key="tag_for_selected",
        )
        with st.container(horizontal=True):
            for words, off in (("Add", False), ("Remove", True)):
                st.button(
                    words,
                    type="secondary" if off else "primary",
                    disabled=not tag,
                    on_click=_tag,
                    args=(photos, files, tag, off),
                    key=f"{words.lower()}_tag",
                )


def _decide(photos: Collection, files: list[str], choice: Choice, label: str | None = None) -> None:
    def enter() -> None:
        decisions = [decision_about(photos, file, choice, label, None, None) for file in files]
        photos.corrections.decide_all(decisions, _reviewer())

    _try(enter, f"{len(files):,} labelled {label}" if label else f"{len(files):,} kept")


def _tag(photos: Collection, files: list[str], tag: str, off: bool) -> None:
    what = "no longer tagged" if off else "tagged"
    _try(lambda: photos.corrections.tag(files, tag, _reviewer(), off=off), f"{len(files):,} {what} {tag}")


def _undo(photos: Collection) -> None:
    _try(lambda: photos.corrections.undo(_reviewer()), None)


def _try(act: Callable[[], object], done: str | None) -> None:
    failed = None
    try:
        act()
    except ImsearchError as error:
        done, failed = None, str(error)
    st.session_state[_DONE], st.session_state[_FAILED] = done, failed


def _reviewer() -> str:
    return st.session_state.setdefault("reviewer", uuid.uuid4().hex)
