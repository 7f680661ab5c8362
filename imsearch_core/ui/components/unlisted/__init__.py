"""Hears of a text that a list of options lacks, so that what was meant can be offered."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from imsearch_core.ui.components.files import text_of

_component = st.components.v2.component(
    "imsearch_unlisted", js=text_of(Path(__file__).with_name("unlisted.js")), html="<i></i>"
)


def hear_of_unlisted(box: str, key: str, on_typed: Callable[[str], None]) -> None:
    """Call `on_typed` with what is typed into the select box labelled `box`, if no option has it.

    It shows nothing.
    """

    def typed() -> None:
        if text := st.session_state[key].typed:
            on_typed(text)

    _component(key=key, data=[box], on_typed_change=typed)
