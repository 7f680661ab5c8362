"""One step of a person, one entry in the browser's history; Back returns to the same place on the page."""

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "imsearch_navigation", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def keep_history() -> None:
    """Let the browser's history follow the person's steps. Nothing is shown."""
    _component(key="navigation")
