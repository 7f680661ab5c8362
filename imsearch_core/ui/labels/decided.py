"""What has been decided, as a table: found by text, session or choice, and taken back row by row."""

from collections.abc import Container
from datetime import datetime

import pandas as pd
import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError
from imsearch_core.labels.decisions import IMPORT, NO_LABEL, Choice, Entry
from imsearch_core.pictures.thumbnails import thumbnails_of
from imsearch_core.ui.components.media import media_url
from imsearch_core.ui.shell.text import sendable, sentence
from imsearch_core.wording import counted

_MOST = 500  # rows at a time
_SIDE = 160  # pixels
_VERBS = {
    Choice.ACCEPT: "accepted",
    Choice.KEEP: "kept",
    Choice.RELABEL: "relabelled",
    Choice.SKIP: "skipped",
}


def decided_table(photos: Collection, files: Container[str]) -> None:
    """Every decision about `files` that counts, the newest first."""
    history = photos.corrections.history
    latest = {entry.decision.file: entry for entry in reversed(history)}
    entries = [
        entry for entry in history if latest[entry.decision.file] is entry and entry.decision.file in files
    ]
    if not entries:
        st.caption("Nothing is decided yet about these pictures.")
        return
    entries = _filtered(entries)
    shown = entries[:_MOST]
    more = f" The newest {_MOST} are shown." if len(entries) > _MOST else ""
    st.caption(f"{counted(len(entries), 'decision')}. Select rows to undo them.{more}")
    key = f"decided_{photos.corrections.version}"  # with other rows, nothing is selected
    event = st.dataframe(
        _table(photos, shown),
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "picture": st.column_config.ImageColumn(width="small"),
            "label fit": st.column_config.NumberColumn(format="%.2f"),
            "when": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm:ss"),
        },
    )
    chosen = [shown[row] for row in event.selection.rows if row < len(shown)]
    if st.button(
        f"Undo {len(chosen)}" if chosen else "Undo",
        icon=":material/undo:",
        disabled=not chosen,
        key="take_back",
    ):
        try:
            photos.corrections.take_back([entry.event for entry in chosen])
        except ImsearchError as error:
            st.error(sentence(error), icon=":material/error:")
            return
        st.rerun()


def _filtered(entries: list[Entry]) -> list[Entry]:
    with st.container(horizontal=True, vertical_alignment="center"):
        text = st.text_input(
            "File or class",
            placeholder="File or class",
            label_visibility="collapsed",
            width=180,
            key="decided_text",
        ).casefold()
        who = st.selectbox(
            "Session",
            sorted({_session(entry.reviewer) for entry in entries}),
            index=None,
            placeholder="All sessions",
            label_visibility="collapsed",
            width=170,
            key="decided_by",
        )
        choice = st.pills(
            "Decision",
            [choice for choice in Choice if any(entry.decision.choice is choice for entry in entries)],
            format_func=_VERBS.get,
            label_visibility="collapsed",
            key="decided_how",
        )
    return [
        entry
        for entry in entries
        if (not who or _session(entry.reviewer) == who)
        and (not choice or entry.decision.choice is choice)
        and any(text in (name or NO_LABEL).casefold() for name in _names(entry))
    ]


def _names(entry: Entry) -> tuple[str | None, ...]:
    return entry.decision.file, entry.decision.label, entry.decision.corrected


def _session(reviewer: str) -> str:
    """A short name for the person who decided: a browser tab has a long random one."""
    return IMPORT if reviewer.startswith(IMPORT) else f"session {reviewer[:4]}"


def _table(photos: Collection, entries: list[Entry]) -> pd.DataFrame:
    stamped = [(e.decision.file, photos.item(e.decision.file).version) for e in entries]
    images = [media_url(small.content) for small in thumbnails_of(photos.folder, stamped, _SIDE)]
    here = datetime.now().astimezone().tzinfo
    return pd.DataFrame(
        {
            "picture": images,
            "file": [sendable(e.decision.file) for e in entries],
            "label": [sendable(e.decision.label or NO_LABEL) for e in entries],
            "now": [sendable(e.decision.corrected or NO_LABEL) for e in entries],
            "decision": [_VERBS[e.decision.choice] for e in entries],
            "label fit": [e.decision.quality for e in entries],
            "when": [e.when.astimezone(here).replace(tzinfo=None) for e in entries],
            "who": [_session(e.reviewer) for e in entries],
        }
    )
