"""A page that cannot show what was asked for."""

from collections.abc import Callable
from functools import wraps
from typing import NoReturn

import streamlit as st

from imsearch_core.datasets.builtin import ILLUSTRATED
from imsearch_core.errors import ImsearchError
from imsearch_core.ui.shell.folders import OPEN_A_FOLDER
from imsearch_core.ui.shell.settings import keep_settings
from imsearch_core.ui.shell.text import sentence
from imsearch_core.ui.shell.url import use_folder


def dead_end(title: str, reason: object, icon: str) -> NoReturn:
    """Say what is wrong and offer the ways out, as the last thing that a page does."""
    keep_settings()
    st.title(f"{icon} {title}", anchor=False)
    st.markdown(sentence(reason))
    with st.container(horizontal=True):
        st.button(
            "Open another folder",
            icon=":material/folder_open:",
            on_click=use_folder,
            args=(OPEN_A_FOLDER,),
        )
        st.button(
            "Show the illustrated set",
            icon=":material/palette:",
            on_click=use_folder,
            args=(ILLUSTRATED.name,),
        )
        st.button("Try again", icon=":material/refresh:", type="tertiary")
    st.stop()


def page(draw: Callable[[], None]) -> Callable[[], None]:
    """A page that says what went wrong while it was drawn, as when another program takes its files away."""

    @wraps(draw)
    def drawn() -> None:
        try:
            draw()
        except ImsearchError as error:
            dead_end("This cannot be shown", error, ":material/error:")

    return drawn
