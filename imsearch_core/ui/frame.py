"""What every page starts with: its set-up, the links to the others, and the open collection."""

from pathlib import Path

import streamlit as st

from imsearch_core.encoders import DEFAULT_ENCODER, find_preset, presets
from imsearch_core.errors import ImsearchError
from imsearch_core.search import Collection
from imsearch_core.ui.folders import allowed_folder, allowed_roots, recent_folders, remember_folder
from imsearch_core.ui.resources import forget_collections, open_collection
from imsearch_core.ui.text import plain
from imsearch_core.ui.url import from_url, to_url

_ICON = Path(__file__).with_name("icon.svg")
_PAGES = (
    ("app.py", "Search", ":material/image_search:"),
    ("pages/browse.py", "Browse", ":material/grid_view:"),
)


def frame(title: str) -> Collection:
    """Set the page up and return the collection that the sidebar names.

    Folder and encoder live in the URL. With no folder, or one that cannot be opened, the page says
    what to do and ends here.
    """
    st.set_page_config(f"{title} · Imsearch", _ICON, layout="wide")
    with st.sidebar:
        for path, label, icon in _PAGES:
            st.page_link(path, label=label, icon=icon)
        st.divider()
        folder = _choose_folder()
        about = st.container(gap=None)
        names = [preset.name for preset in presets()]
        encoder = st.selectbox(
            "Encoder", names, names.index(DEFAULT_ENCODER), key="encoder", bind="query-params"
        )
        st.caption(find_preset(encoder).description)
    if not folder:
        _welcome()
        st.stop()
    try:
        path = allowed_folder(folder)
        photos = open_collection(path, encoder)
    except ImsearchError as error:
        st.error(plain(error), icon=":material/error:")
        st.stop()
    remember_folder(path)
    if not len(photos):
        st.error(f"No picture in {path} could be read. {_skipped_text(photos)}", icon=":material/error:")
        st.stop()
    with about:
        _say_what_is_open(photos)
    return photos


def _choose_folder() -> str | None:
    recent = recent_folders()
    current = from_url("folder", recent[0] if recent else None)
    st.session_state["folder_choice"] = current
    st.selectbox(
        "Folder",
        recent if not current or current in recent else [current, *recent],
        format_func=lambda path: path.rstrip("/").rsplit("/", 1)[-1] or path,
        key="folder_choice",
        on_change=lambda: to_url("folder", st.session_state["folder_choice"]),
        accept_new_options=True,
        placeholder="Type the path of a folder",
        help="One sub-folder of pictures per class, or pictures alone. Type a path to open another.",
    )
    return current


def _welcome() -> None:
    st.title("Search your photos by what they show")
    st.markdown(
        "Open a folder of pictures. One sub-folder per class gives every picture a label; a flat folder "
        "works too. Each picture is embedded once, and nothing is written to your folder."
    )
    with st.form("open", border=False):
        folder = st.text_input("Folder", placeholder="/home/me/photos")
        if st.form_submit_button("Open", type="primary", icon=":material/folder_open:") and folder.strip():
            to_url("folder", folder.strip())
            st.rerun()
    roots = ", ".join(f"`{root}`" for root in allowed_roots())
    st.caption(f"Folders below {roots} can be opened; start with `IMSEARCH_FOLDERS` set to allow others.")


def _say_what_is_open(photos: Collection) -> None:
    labels = sum(label is not None for label in photos.labels)
    st.caption(f"{len(photos):,} pictures, {labels} labels")
    for note in photos.report.notes:
        st.caption(plain(note))
    if photos.report.skipped:
        with st.popover(f"{len(photos.report.skipped)} skipped", icon=":material/warning:"):
            st.dataframe(
                [{"file": plain(s.file), "reason": s.reason} for s in photos.report.skipped],
                hide_index=True,
            )
    if st.button("Look for changes", icon=":material/refresh:", type="tertiary"):
        forget_collections()
        st.rerun()


def _skipped_text(photos: Collection) -> str:
    first = photos.report.skipped[0]
    return f"The first: {plain(first.file)}, {plain(first.reason)}."
