"""The report about the open collection, made on a click and then downloaded."""

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError
from imsearch_core.ui.shell.progress import progress_bar
from imsearch_core.ui.shell.text import sentence

_KEY = "report"


def offer_report(photos: Collection) -> None:
    """A button that makes the report, with a bar, and gives way to one that downloads it."""
    about = (photos.folder, photos.encoder_name, photos.version, photos.corrections.version)
    made_about, made = st.session_state.get(_KEY, (None, b""))
    if made_about == about:
        _offer_download(photos, made)
        return
    place = st.empty()
    with place.container():
        pressed = st.button("Make a report (HTML)", icon=":material/lab_profile:")
        st.caption("About the whole collection, in one file that opens anywhere.")
    if pressed:
        place.empty()
        try:
            with progress_bar("The report:", "Looking at the pictures", counted=False) as progress:
                from imsearch_core.report import make_report  # jinja2 is slow to import

                made = make_report(photos, progress=progress)
        except ImsearchError as error:
            st.error(sentence(error), icon=":material/error:")
            return
        st.session_state[_KEY] = (about, made)
        _offer_download(photos, made)


def _offer_download(photos: Collection, made: bytes) -> None:
    st.download_button(
        f"Download the report, {len(made) / 1e6:.1f} MB",
        made,
        f"{photos.folder.name or 'report'}.html",
        "text/html",
        icon=":material/lab_profile:",
        on_click="ignore",
    )
