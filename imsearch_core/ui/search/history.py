"""What this session has searched with, to go back to with one click."""

from collections.abc import Callable

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.ui.components.gallery import cells, gallery
from imsearch_core.ui.search.query import use_file
from imsearch_core.ui.search.words import use_text
from imsearch_core.ui.shell.text import plain

_REMEMBERED = 24


def remember_query(photos: Collection, file: str | None, text: str) -> None:
    """Put a query first in the history: a text, or without one a picture of the collection."""
    entry = ("text", text) if text else ("file", file)
    if entry[1]:
        others = [known for known in _history(photos) if known != entry]
        st.session_state[_key(photos)] = [entry, *others][:_REMEMBERED]


def show_history(photos: Collection) -> None:
    """Earlier queries, the latest first: texts as buttons, pictures as a gallery. A pick closes them."""
    number = st.session_state.setdefault("histories", 0)  # a panel with a new key is closed

    def closing(use: Callable[[str], None]) -> Callable[[str], None]:
        def use_and_close(value: str) -> None:
            st.session_state["histories"] += 1
            use(value)

        return use_and_close

    with st.popover(
        "History", icon=":material/history:", on_change="rerun", key=f"history_{number}"
    ) as popover:
        if not popover.open:
            return
        earlier = _history(photos)[1:]
        texts = [value for kind, value in earlier if kind == "text"]
        files = [value for kind, value in earlier if kind == "file" and value in photos]
        if not earlier:
            st.caption("What you search with is kept here until you close the page.")
        with st.container(horizontal=True, gap="small"):
            for text in texts:
                st.button(plain(text), key=f"earlier_{text}", on_click=closing(use_text), args=(text,))
        if files:
            gallery(cells(photos, files), "earlier", closing(use_file))


def _history(photos: Collection) -> list[tuple[str, str]]:
    return st.session_state.get(_key(photos), [])


def _key(photos: Collection) -> str:
    return f"history of {photos.folder}"
