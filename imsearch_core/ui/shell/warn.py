"""Warnings about what was asked for and cannot be had, such as a picture in a link that is gone."""

import streamlit as st

from imsearch_core.ui.shell.text import sentence


def warn(problem: object) -> None:
    """Say it over the top of the page, for ten seconds: there it is seen, and nothing moves.

    What concerns many pictures is said once in a run of the page.
    """
    said = st.session_state["warned"]
    if str(problem) not in said:
        said.add(str(problem))
        st.toast(sentence(problem), icon=":material/warning:", duration="long")
