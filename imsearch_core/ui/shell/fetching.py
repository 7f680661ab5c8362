"""Fetching from a page what is not on this machine: the Pascal photos, or the files of an encoder."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from imsearch_core.datasets.builtin import PASCAL, PASCAL_CREDITS, PASCAL_PHOTOS
from imsearch_core.encoders import MissingFiles
from imsearch_core.encoders import fetch as fetch_encoder
from imsearch_core.errors import ImsearchError
from imsearch_core.ui.shell.open_collections import forget_collections
from imsearch_core.ui.shell.progress import progress_bar
from imsearch_core.ui.shell.settings import keep_settings
from imsearch_core.ui.shell.text import plain, sentence

if TYPE_CHECKING:
    from imsearch_core.datasets.pascal import FetchReport


def offer_encoder(missing: MissingFiles, offer_default: Callable[[], None]) -> NoReturn:
    """Say what an encoder's files are, fetch them on a click, and end the script.

    `offer_default` draws the way back.
    """
    size = "size unknown" if missing.megabytes is None else f"{missing.megabytes:,} MB"
    keep_settings()
    st.title(f"The encoder {plain(missing.encoder)}", anchor=False)
    st.markdown(
        f"It is not on this machine yet and is fetched once: **{size}**. An interrupted download continues "
        f"where it stopped. Licence: **{plain(missing.licence)}**."
    )
    with st.container(horizontal=True):
        fetched = st.button("Fetch the encoder", icon=":material/download:", type="primary")
        offer_default()
    if fetched:
        try:
            with progress_bar("Fetching, MB:", "Asking for the first file") as megabytes:
                fetch_encoder(
                    missing.encoder, lambda done, total: megabytes(done // 1_000_000, total // 1_000_000)
                )
        except ImsearchError as error:
            st.error(sentence(error), icon=":material/cloud_off:")
        else:
            forget_collections()
            st.rerun()
    files = ", ".join(f"`{file}`" for file in missing.files)
    st.caption(f"Without internet access, put {files} into `{missing.folder}`.")
    st.stop()


def offer_pascal() -> None:
    """Explain what the Pascal photos are and fetch them, or those still missing, on a click."""
    st.title("The Pascal photos")
    st.markdown(
        "1000 real photos in 20 classes, with labels that are often not the whole truth. They are fetched "
        "from their authors’ page or the PASCAL VOC archive; interrupted, it goes on where it stopped."
    )
    st.caption(PASCAL_CREDITS)
    if st.button("Fetch the photos", icon=":material/download:"):
        fetch()
    st.caption(
        "With a local copy of PASCAL VOC: `python -m imsearch_core dataset pascal --from-voc DIR`. "
        "The illustrated dataset needs no internet."
    )


def fetch() -> None:
    """Fetch the Pascal photos that are missing, show progress and how it ended, then open them."""
    # With requests: a tenth of a second for all others.
    from imsearch_core.datasets.pascal import fetch_pascal

    try:
        with progress_bar("Fetching photos:", "Asking for the first photos") as progress:
            report = fetch_pascal(PASCAL.folder, progress=progress)
    except ImsearchError as error:
        st.error(sentence(error), icon=":material/cloud_off:")
        return
    forget_collections()
    st.session_state["fetched"] = report
    st.rerun()


def show_pascal_state(images: int) -> None:
    """Whose photos these are, and if some of the 1000 are missing, a way to get them."""
    st.caption(PASCAL_CREDITS)
    if images < PASCAL_PHOTOS:
        report: FetchReport | None = st.session_state.get("fetched")
        with st.expander(f"{images} of {PASCAL_PHOTOS} photos are here"):
            if st.button("Fetch the missing ones", icon=":material/download:"):
                fetch()
            if report:
                st.dataframe([{"file": m.file, "reason": m.reason} for m in report.missing], hide_index=True)
