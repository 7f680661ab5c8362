"""What every page starts with: its set-up, the links to the others, and the open collection."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.datasets import Skipped
from imsearch_core.datasets.builtin import BUILTIN, ILLUSTRATED, PASCAL
from imsearch_core.datasets.layout import level_in_words
from imsearch_core.errors import ImsearchError
from imsearch_core.ui.shell.dead_end import dead_end
from imsearch_core.ui.shell.encoder import blame_encoder, check_encoder, choose_encoder
from imsearch_core.ui.shell.fetching import offer_pascal
from imsearch_core.ui.shell.folders import (
    OPEN_A_FOLDER,
    allowed_folder,
    allowed_roots,
    folder_to_open,
    label_level_to_open,
    recent_choices,
    remember_choice,
)
from imsearch_core.ui.shell.navigation import keep_history
from imsearch_core.ui.shell.resources import embed_again, forget_collections, open_collection
from imsearch_core.ui.shell.text import counted, plain, sendable
from imsearch_core.ui.shell.url import enter_page, from_url, to_url, use_folder

_AUTOMATIC = "automatic"
_ICON = Path(__file__).with_name("icon.svg")
_STYLE = Path(__file__).with_name("frame.css")
PAGES = (
    ("app.py", "Search", ":material/image_search:"),
    ("pages/browse.py", "Browse", ":material/grid_view:"),
    ("pages/map.py", "Map", ":material/scatter_plot:"),
    ("pages/words.py", "Words", ":material/text_fields:"),
    ("pages/labels.py", "Label review", ":material/fact_check:"),
    ("pages/compare.py", "Compare", ":material/compare:"),
)


def frame(title: str) -> Collection:
    """Set the page up and return the collection that the sidebar names.

    Dataset, encoder and label level live in the URL. Where there is nothing to open yet, or it cannot be
    opened, the page says what to do and ends here.
    """
    st.set_page_config(f"{title} · Imsearch", _ICON, layout="wide")
    enter_page(title)
    st.html(_STYLE)
    with st.sidebar:
        keep_history()
        for path, label, icon in PAGES:
            st.page_link(path, label=label, icon=icon)
        st.divider()
        choice = _choose_dataset()
        about = st.container(gap=None)
        encoder = choose_encoder()
    try:
        folder = _folder_of(choice)
        check_encoder(encoder)
        with st.container():  # a place of its own for progress: what follows keeps its place, and its state
            photos = open_collection(folder, encoder, _label_level(choice))
            labels = photos.label_counts
    except ImsearchError as error:
        blame_encoder(encoder)
        dead_end("This cannot be opened", error, ":material/folder_off:")
    remember_choice(choice)
    if not len(photos):
        dead_end("No picture can be read here", _nothing_readable(photos), ":material/hide_image:")
    with about:
        _say_what_is_open(photos, labels, choice)
    return photos


def _choose_dataset() -> str:
    recent = recent_choices()
    if "opens" not in st.session_state:  # once: what others open meanwhile changes nothing here
        st.session_state["opens"] = folder_to_open() or next(iter(recent), ILLUSTRATED.name)
    current = from_url("folder", st.session_state["opens"])
    to_url("folder", current)
    st.session_state["opens"] = current
    options = [*BUILTIN, *(choice for choice in recent if choice not in BUILTIN), OPEN_A_FOLDER]
    if current not in options:
        options.insert(len(BUILTIN), current)
    st.session_state["dataset"] = current
    titles = Counter(map(_title, options))
    st.selectbox(
        "Dataset",
        options,
        # Streamlit identifies options by their titles
        format_func=lambda choice: sendable(_title(choice) if titles[_title(choice)] == 1 else choice),
        key="dataset",
        on_change=lambda: use_folder(st.session_state["dataset"]),
    )
    return current


def _title(choice: str) -> str:
    if choice == OPEN_A_FOLDER:
        return "Open a folder…"
    return BUILTIN[choice].title if choice in BUILTIN else choice.rstrip("/").rsplit("/", 1)[-1] or choice


def _folder_of(choice: str) -> Path:
    """The folder to open; ends the script if there is none yet."""
    if choice == OPEN_A_FOLDER:
        _ask_for_a_folder()
        st.stop()
    if choice == PASCAL.name and not PASCAL.is_there:
        offer_pascal()
        st.stop()
    return BUILTIN[choice].folder if choice in BUILTIN else allowed_folder(choice)


def _ask_for_a_folder() -> None:
    st.title("Open a folder of pictures")
    st.markdown(
        "One sub-folder per class gives every picture a label; a flat folder works too. Each picture is "
        "embedded once, and nothing is written to your folder."
    )
    with st.form("open_a_folder", border=False):
        folder = st.text_input("Folder", placeholder="/home/me/photos")
        if st.form_submit_button("Open", icon=":material/folder_open:") and folder.strip():
            use_folder(folder.strip())
            st.rerun()
    roots = ", ".join(f"`{root}`" for root in allowed_roots())
    st.caption(f"Folders below {roots} can be opened; start with `IMSEARCH_FOLDERS` set to allow others.")


def _label_level(choice: str) -> int | None:
    """Which folder above a picture is its label; None for the automatic choice."""
    asked = from_url("label_level", label_level_to_open(choice))
    try:
        return int(asked)
    except (TypeError, ValueError):
        return None


def _choose_label_level(photos: Collection, choice: str) -> None:
    current = _AUTOMATIC if photos.label_level is None else str(photos.label_level)
    options = [_AUTOMATIC, *map(str, range(photos.levels))]
    st.session_state["level_chosen"] = current
    st.selectbox(
        "Label",
        options if current in options else [*options, current],
        format_func=lambda level: (
            "Label: automatic" if level == _AUTOMATIC else f"Label: {level_in_words(int(level))}"
        ),
        key="level_chosen",
        on_change=lambda: _use_label_level(st.session_state["level_chosen"], choice),
        label_visibility="collapsed",
        help="Which folder above a picture is its label",
    )


def _use_label_level(level: str, choice: str) -> None:
    started_with = label_level_to_open(choice) or _AUTOMATIC
    to_url("label_level", None if level == started_with else level)


def _say_what_is_open(photos: Collection, labels: Iterable[str | None], choice: str) -> None:
    st.caption(
        f"{counted(len(photos), 'picture')}, {counted(sum(label is not None for label in labels), 'label')}"
    )
    if photos.levels > 1 or photos.label_level is not None:
        _choose_label_level(photos, choice)
    for note in (*photos.report.notes, *photos.corrections.notes):
        st.caption(plain(note))
    _list_files(f"{len(photos.report.skipped)} skipped", photos.report.skipped)
    _list_files(f"{len(photos.report.defects)} with defects", photos.report.defects)
    if st.button("Look for changes", icon=":material/refresh:", type="tertiary"):
        forget_collections()
        st.rerun()
    if st.button(
        "Embed again",
        icon=":material/restart_alt:",
        type="tertiary",
        help="For embeddings that seem wrong: every picture is embedded once more",
    ):
        embed_again()
        st.rerun()


def _list_files(title: str, files: Sequence[Skipped]) -> None:
    if files:
        with st.popover(title, icon=":material/warning:"):
            st.dataframe([{"file": sendable(f.file), "reason": f.reason} for f in files], hide_index=True)


def _nothing_readable(photos: Collection) -> str:
    first = photos.report.skipped[0]
    return f"{len(photos.report.skipped)} files in {photos.folder}, the first: {first.file}, {first.reason}"
