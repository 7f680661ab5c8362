"""Choosing a folder to open: by its path, among the recent ones, or by looking around."""

import os
from pathlib import Path

import streamlit as st

from imsearch_core.datasets.builtin import BUILTIN
from imsearch_core.datasets.names import natural
from imsearch_core.errors import UsageError
from imsearch_core.pictures.formats import SUFFIXES
from imsearch_core.ui.shell.folders import allowed_folder, allowed_roots, recent_choices
from imsearch_core.ui.shell.text import plain, sendable, sentence
from imsearch_core.ui.shell.url import go_to, use_folder
from imsearch_core.wording import counted

IN_TURN = "Classes in turn"
"""The order in which Browse shows a folder that has just been opened: a bit of everything."""
_TYPED, _HERE, _OPENED = "folder_typed", "folder_looked_into", "folder_to_be_opened"
_MOST_LISTED = 200
_MOST_COUNTED = 10_000  # files and folders: more would keep the page waiting


def ask_for_a_folder() -> None:
    """Let the person choose a folder, and open it on Browse."""
    if folder := st.session_state.pop(_OPENED, None):
        use_folder(folder)
        go_to("pages/browse.py", folder=folder, sort=IN_TURN)
    st.title("Open a folder of pictures", anchor=False)
    st.markdown(
        "One sub-folder per class gives every picture a label; a flat folder works too. Each picture is "
        "embedded once, and nothing is written to your folder."
    )
    _ask_for_a_path()
    _offer_recent()
    _look_around()


def suggest_path(path: str) -> None:
    """Put a path into the box, for a person to mend."""
    st.session_state[_TYPED] = path


def _open(folder: str) -> None:
    st.session_state[_OPENED] = folder


def _ask_for_a_path() -> None:
    with st.form("open_a_folder", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input("Folder", key=_TYPED, placeholder="Type, paste or drop the path of a folder")
        asked = st.form_submit_button("Open", icon=":material/folder_open:")
    if asked and typed.strip():
        try:
            _open(str(allowed_folder(typed)))
        except UsageError as error:
            st.error(sentence(error), icon=":material/folder_off:")
        else:
            st.rerun()


def _offer_recent() -> None:
    recent = recent_choices()
    if not recent:
        return
    st.subheader("Recent", anchor=False)
    with st.container(horizontal=True, gap="small"):
        for choice, pictures in recent.items():
            name = BUILTIN[choice].title if choice in BUILTIN else Path(choice).name or choice
            st.button(
                f"{plain(name)} · {counted(pictures, 'picture')}",
                key=f"recent_{sendable(choice)}",
                icon=":material/history:",
                help=plain(choice),
                on_click=_open,
                args=(choice,),
            )


def _look_around() -> None:
    """A small browser of the folders that may be opened."""
    st.subheader("Look around", anchor=False)
    roots = _places()
    here = st.session_state.get(_HERE) if len(roots) > 1 else st.session_state.get(_HERE, roots[0])
    try:
        inner = _folders_in(allowed_folder(str(here))) if here else list(map(str, roots))
    except (OSError, UsageError) as error:
        st.error(sentence(error), icon=":material/folder_off:")
        here, inner = None, list(map(str, roots))
    if here:
        with st.container(horizontal=True, vertical_alignment="center"):
            up = here.parent if here not in roots else None
            st.button("Up", icon=":material/arrow_upward:", on_click=_look_into, args=(up,), key="up")
            st.markdown(plain(here), width="content")
            pictures, all_counted = pictures_below(here)
            st.button(
                f"Open · {counted(pictures, 'picture')}{'' if all_counted else ' and more'}",
                key="open_here",
                disabled=not pictures,
                on_click=_open,
                args=(str(here),),
            )
    with st.container(horizontal=True, gap="small"):
        for name in inner[:_MOST_LISTED]:
            st.button(
                plain(name),
                key=f"folder_{sendable(name)}",
                icon=":material/folder:",
                type="tertiary",
                on_click=_look_into,
                args=(here / name if here else Path(name),),
            )
    if len(inner) > _MOST_LISTED:
        st.caption(f"{len(inner) - _MOST_LISTED:,} more folders are not listed: type the path.")
    st.caption("For other places, start the explorer with `IMSEARCH_FOLDERS=/a/folder`.")


def _places() -> list[Path]:
    """The folders below which one may be opened, without those that are found in another of them."""
    there = [root for root in dict.fromkeys(allowed_roots()) if root.is_dir()]
    return [root for root in there if not any(other in root.parents for other in there)]


def _look_into(folder: Path | None) -> None:
    st.session_state[_HERE] = folder


def _folders_in(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir()]
    return sorted(names, key=natural)


@st.cache_data(ttl=60, max_entries=100, show_spinner=False)
def pictures_below(folder: Path) -> tuple[int, bool]:
    """How many files below a folder are named as pictures, and whether all have been counted."""
    pictures = looked_at = 0
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        pictures += sum(os.path.splitext(file)[1].lower() in SUFFIXES for file in files)
        looked_at += len(folders) + len(files)
        if looked_at > _MOST_COUNTED:
            return pictures, False
    return pictures, True
