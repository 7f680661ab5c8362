"""Whether the panel of similar words is open, and the button that opens it. It is part of the link."""

import streamlit as st

from imsearch_core.ui.shell.url import from_url, to_url

_NAME = "panel"
OPEN = {_NAME: "words"}
"""What the link says while the panel is open."""


def panel_is_open() -> bool:
    return from_url(_NAME, None) == OPEN[_NAME]


def close_panel() -> None:
    to_url(_NAME, None)


def offer_panel() -> None:
    """A button that opens the panel, where it is not open yet."""
    if not panel_is_open():
        st.button(
            "Similar words",
            icon=":material/text_fields:",
            type="tertiary",
            key="similar_words_opener",
            on_click=to_url,
            args=(_NAME, OPEN[_NAME]),
        )
