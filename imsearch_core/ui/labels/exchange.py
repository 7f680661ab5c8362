"""Decisions as corrections.csv, out and in; a corrected copy of the folder."""

from datetime import datetime
from pathlib import Path

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import data_dir
from imsearch_core.labels.corrected_copy import How, copy_corrected
from imsearch_core.labels.corrections_csv import corrections_from_csv, corrections_to_csv
from imsearch_core.ui.components.selection import selection_csv
from imsearch_core.ui.report import offer_report
from imsearch_core.ui.shell.folders import allowed_roots
from imsearch_core.ui.shell.text import plain, sendable


def export_and_import(photos: Collection) -> None:
    """Three ways to use decisions elsewhere."""
    leave, come, copy = st.columns(3, gap="large")
    with leave:
        st.markdown("**Export**")
        decisions = [d for d in photos.corrections.decisions.values() if d.file in photos]
        st.download_button(
            f"corrections.csv, {len(decisions)} rows",
            corrections_to_csv(decisions, {d.file: photos.item(d.file).split for d in decisions}),
            "corrections.csv",
            "text/csv",
            icon=":material/download:",
            disabled=not decisions,
        )
        st.caption("file, label, corrected, quality, decision, split.")
        if tagged := [item.file for item in photos.items if item.file in photos.corrections.tags]:
            st.download_button(
                f"tags.csv, {len(tagged)} rows",
                lambda: selection_csv(photos, tagged),
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
    upload = st.file_uploader("corrections.csv", "csv", key=key, label_visibility="collapsed")
    if upload is None:
        return
    try:
        found = corrections_from_csv(upload.getvalue(), photos)
    except UsageError as error:
        st.error(f"Nothing was imported. {plain(error)}", icon=":material/error:")
        return
    known = photos.corrections.decisions
    replaced = sum(d.file in known and known[d.file] != d for d in found.decisions)
    st.caption(
        f"{len(found.decisions)} decisions"
        + (f", {replaced} which replace earlier ones" if replaced else "")
        + (f"; {len(found.unknown)} name files that are not here" if found.unknown else "")
    )
    if found.unknown:
        with st.popover("Which files", icon=":material/help:", type="tertiary"):
            st.dataframe([{"file": sendable(file)} for file in found.unknown], hide_index=True)
    if st.button("Import", icon=":material/upload:", disabled=not found.decisions):
        try:
            photos.corrections.add(found.decisions)
        except ImsearchError as error:
            st.error(plain(error), icon=":material/error:")
            return
        st.session_state["imports"] = st.session_state.get("imports", 0) + 1  # gives a new, empty uploader
        st.session_state["imported"] = f"{len(found.decisions)} decisions imported."
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
        place = st.text_input("Into a new or empty folder", data_dir() / "corrected" / name)
        made = st.form_submit_button("Make the copy", icon=":material/folder_copy:")
    if made:
        try:
            target = _allowed_target(place)
            copy_corrected(photos.folder, photos.items, photos.shown_labels, target, how)
            st.success(f"The copy is in {plain(target)}", icon=":material/check:")
        except ImsearchError as error:
            st.error(plain(error), icon=":material/error:")
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
