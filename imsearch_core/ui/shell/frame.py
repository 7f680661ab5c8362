"""What every page starts with: its set-up, the bar at the top, and the open collection."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.datasets.builtin import BUILTIN, ILLUSTRATED, PASCAL
from imsearch_core.datasets.layout import level_in_words
from imsearch_core.errors import ImsearchError
from imsearch_core.ui.shell.chooser import ask_for_a_folder, suggest_path
from imsearch_core.ui.shell.dead_end import dead_end
from imsearch_core.ui.shell.encoder import blame_encoder, check_encoder, choose_encoder
from imsearch_core.ui.shell.fetching import offer_pascal
from imsearch_core.ui.shell.folders import (
    OPEN_A_FOLDER,
    allowed_folder,
    folder_to_open,
    label_level_to_open,
    recent_choices,
    remember_choice,
)
from imsearch_core.ui.shell.open_collections import embed_again, forget_collections, open_collection
from imsearch_core.ui.shell.text import plain, sendable
from imsearch_core.ui.shell.url import enter_page, from_url, go_to, to_url, use_folder
from imsearch_core.wording import counted

_AUTOMATIC = "automatic"
_TYPED = "text_typed_in_the_bar"
_ICON = Path(__file__).with_name("icon.svg")
PAGES = (
    ("app.py", "Search", ":material/image_search:"),
    ("pages/browse.py", "Browse", ":material/grid_view:"),
    ("pages/map.py", "Map", ":material/scatter_plot:"),
    ("pages/labels.py", "Review", ":material/fact_check:"),
    ("pages/compare.py", "Compare", ":material/compare:"),
)
SEARCHABLE_SOON = ("Search", "Browse")
"""The pages that show what is embedded by now, while the rest is embedded."""
_WIDTHS = {"file": 96, "reason": 172}  # pixels: cells break their lines only in columns of a given width
_THREE_LINES = 66


def frame(title: str, settings: Callable[[], object] = lambda: None) -> Collection:
    """Set the page up and return the collection that the bar names.

    Dataset, encoder and label level live in the URL. `settings` draws what else the page has to set; it
    stands with the encoder behind the gear. Where there is nothing to open yet, or it cannot be opened, the
    page says what to do and ends here.
    """
    st.set_page_config(f"{title} · Imsearch", _ICON, layout="wide")
    enter_page(title)
    _follow_text()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar"):
        st.page_link(PAGES[0][0], label="**Imsearch**", icon=":material/blur_on:")
        choice = _choose_dataset()
        notice = st.container(width="content")
        if title != PAGES[0][1]:  # Search has a box of its own
            _ask_for_text()
        with st.container(horizontal=True, gap=None, key="pages"):
            for path, label, icon in PAGES:
                st.page_link(path, label=label, icon=icon)
        with st.popover("", icon=":material/settings:", type="tertiary", help="Settings", key="gear"):
            encoder = choose_encoder()
            settings()
            about = st.container()
    try:
        folder = _folder_of(choice)
        check_encoder(encoder)
        with st.container(key="opening"):  # progress: what follows keeps its place, and its state
            photos = open_collection(folder, encoder, _label_level(choice), partly=title in SEARCHABLE_SOON)
            labels = photos.label_counts
    except ImsearchError as error:
        suggest_path(choice)
        blame_encoder(encoder)
        dead_end("This cannot be opened", error, ":material/folder_off:")
    if not len(photos):
        dead_end("No picture can be read here", _nothing_readable(photos), ":material/hide_image:")
    remember_choice(choice, len(photos))
    with notice:
        _warn_of_files(photos)
    with about:
        _say_what_is_open(photos, labels, choice)
    return photos


def _follow_text() -> None:
    """Open Search with the text that was typed in the bar of another page."""
    if text := st.session_state.pop(_TYPED, None):
        go_to(PAGES[0][0], text=text)


def _ask_for_text() -> None:
    def typed() -> None:
        st.session_state[_TYPED] = st.session_state["bar_text"].strip()

    st.text_input(
        "Search by text",
        key="bar_text",
        placeholder="Search…",
        icon=":material/search:",
        label_visibility="collapsed",
        on_change=typed,
        width=260,
    )


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
        label_visibility="collapsed",
        width=190,
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
        ask_for_a_folder()
        st.stop()
    if choice == PASCAL.name and not PASCAL.is_there:
        offer_pascal()
        st.stop()
    return BUILTIN[choice].folder if choice in BUILTIN else allowed_folder(choice)


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


def _warn_of_files(photos: Collection) -> None:
    """Name the files that were skipped and those with defects, if there are any."""
    lists = {"skipped": photos.report.skipped, "with defects": photos.report.defects}
    told = [f"{len(files)} {what}" for what, files in lists.items() if files]
    if told:
        with st.popover(", ".join(told), icon=":material/warning:", type="tertiary", key="notice"):
            for files in filter(None, lists.values()):
                st.dataframe(
                    [{"file": sendable(f.file), "reason": f.reason} for f in files],
                    hide_index=True,
                    row_height=_THREE_LINES,
                    column_config={
                        name: st.column_config.Column(width=width) for name, width in _WIDTHS.items()
                    },
                )


def _nothing_readable(photos: Collection) -> str:
    first = photos.report.skipped[0]
    return f"{len(photos.report.skipped)} files in {photos.folder}, the first: {first.file}, {first.reason}"
