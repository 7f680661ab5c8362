"""The pictures that a person has selected, shared by the pages of a session.

Hundreds of names do not fit in a link: this is the one choice that the URL does not carry.
"""

from collections.abc import Callable

import streamlit as st

from imsearch_core.collection import Collection

_KEY = "selection"
_ONLY = "only_selected"  # not the toggle's key: the page that shows the toggle would take it along


def select(files: list[str]) -> None:
    """Make these the selected pictures, in place of the ones before."""
    st.session_state[_KEY] = files


def selection(photos: Collection) -> list[str]:
    """The selected pictures that this collection has, in the order they were given."""
    return [file for file in st.session_state.get(_KEY, []) if file in photos]


def show_only_selected() -> None:
    """Let the pages that ask `only_selected` show the selection alone."""
    st.session_state[_ONLY] = True


def only_selected(photos: Collection, on_change: Callable[[], None] = lambda: None) -> set[str] | None:
    """The selected pictures if they alone are to be shown, else None. Draws a toggle if there are any."""

    def changed() -> None:
        st.session_state[_ONLY] = st.session_state[shown]
        on_change()

    files, shown = set(selection(photos)), f"{_ONLY}_shown"
    if not files:
        return None
    st.session_state[shown] = st.session_state.get(_ONLY, False)
    only = st.toggle(f"Only the {len(files):,} selected on the map", key=shown, on_change=changed)
    return files if only else None
