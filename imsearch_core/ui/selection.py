"""The pictures that a person has selected, shared by the pages of a session.

Hundreds of names do not fit in a link: this is the one choice that the URL does not carry.
"""

import streamlit as st

from imsearch_core.search import Collection

_KEY = "selection"


def select(files: list[str]) -> None:
    """Make these the selected pictures, in place of the ones before."""
    st.session_state[_KEY] = files


def selection(photos: Collection) -> list[str]:
    """The selected pictures that this collection has, in the order they were given."""
    return [file for file in st.session_state.get(_KEY, []) if file in photos]
