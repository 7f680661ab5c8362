"""Decisions and tags as tables, out and in; a corrected copy of the folder."""

from datetime import datetime
from pathlib import Path

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import data_dir
from imsearch_core.labels.corrected_copy import How, copy_corrected
from imsearch_core.labels.corrections_csv import corrections_to_csv
from imsearch_core.labels.imports import TableImport, read_import
from imsearch_core.labels.tags_csv import tags_to_csv
from imsearch_core.ui.report import offer_report
from imsearch_core.ui.shell.folders import allowed_roots
from imsearch_core.ui.shell.text import plain, sendable, sentence
from imsearch_core.wording import counted


def export_and_import(photos: Collection) -> None:
    """Three ways to use decisions elsewhere."""
    leave, come, copy = st.columns([1, 1, 1.3], gap="large")  # three ways to copy in one row
    with leave:
        st.markdown("**Export**")
        decisions = photos.facts.decisions()
        st.download_button(
            f"corrections.csv, {counted(len(decisions), 'row')}",
            corrections_to_csv(decisions, {d.file: photos.item(d.file).split for d in decisions}),
            "corrections.csv",
            "text/csv",
            icon=":material/download:",
            disabled=not decisions,
        )
        st.caption("file, label, corrected, quality, decision, split.")
        if tagged := [item.file for item in photos.items if item.file in photos.corrections.tags]:
            st.download_button(
                f"tags.csv, {counted(len(tagged), 'row')}",
                lambda: tags_to_csv(map(photos.item, tagged), photos.shown_labels, photos.corrections.tags),
                "tags.csv",
                "text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
            st.caption("file, label, given_label, tags, split.")
        offer_report(photos)
    with come:
        st.markdown("**Import**")
        _import(photos)
    with copy:
        st.markdown("**Corrected copy**")
        _copy(photos)


def _import(photos: Collection) -> None:
    key = f"corrections_upload_{st.session_state.get('imports', 0)}"
    if done := st.session_state.pop("imported", None):
        st.success(done, icon=":material/check:")
    upload = st.file_uploader("corrections.csv or tags.csv", "csv", key=key)
    if upload is None:
        return
    try:
        found = read_import(upload.getvalue(), photos, photos.corrections)
    except UsageError as error:
        st.error(f"Nothing was imported. {sentence(error)}", icon=":material/error:")
        return
    if found.tagged is None:
        what, replaced = counted(len(found.decisions), "decision"), found.decisions_replaced
        st.caption(what + (f", {replaced} of which replace earlier ones" if replaced else ""))
    else:
        what, removed = counted(len(found.tag_changes), "change") + " of tags", found.tags_removed
        added = len(found.tag_changes) - removed
        st.caption(f"Tags of {counted(found.tagged, 'picture')}: {added} to add, {removed} to remove")
    _offer_import(found, what)


def _offer_import(found: TableImport, what: str) -> None:
    """A button that saves what was read, and the names of unknown files."""
    if found.unknown:
        with st.popover(f"{counted(len(found.unknown), 'file')} not found here", icon=":material/help:"):
            st.dataframe([{"file": sendable(file)} for file in found.unknown], hide_index=True)
    if st.button("Import", icon=":material/upload:", disabled=not (found.decisions or found.tag_changes)):
        try:
            found.save()
        except ImsearchError as error:
            st.error(sentence(error), icon=":material/error:")
            return
        st.session_state["imports"] = st.session_state.get("imports", 0) + 1  # gives a new, empty uploader
        st.session_state["imported"] = f"{what} imported."
        st.rerun()


def _copy(photos: Collection) -> None:
    with st.form("corrected_copy", border=False):
        how = st.segmented_control(
            "What the copy holds",
            list(How),
            default=How.SYMLINKS,
            required=True,
            format_func=str.capitalize,
            label_visibility="collapsed",
        )
        name = f"{photos.folder.name}-{datetime.now():%Y-%m-%d}"
        place = st.text_input("Into a new or empty folder", data_dir() / "corrected" / name, key="copy_to")
        made = st.form_submit_button("Make the copy", icon=":material/folder_copy:")
    if made:
        try:
            target = _allowed_target(place)
            copy_corrected(photos.folder, photos.items, photos.shown_labels, target, how)
            st.success(f"The copy is in {plain(target)}", icon=":material/check:")
        except ImsearchError as error:
            st.error(sentence(error), icon=":material/error:")
    st.caption("Your photos stay as they are. Links point to them; files are independent copies.")


def _allowed_target(place: str) -> Path:
    try:
        target = Path(place.strip()).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):
        raise UsageError("this is not a path to a folder") from None
    if not any(target.is_relative_to(root) for root in allowed_roots()):
        roots = ", ".join(map(str, allowed_roots()))
        raise UsageError(f"writing to {target} is not allowed: choose a folder below {roots}")
    return target
