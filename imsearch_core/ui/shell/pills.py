"""Pills of which several can be chosen, with how many pictures each stands for; the choice is in the URL."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from imsearch_core.ui.shell.url import list_from_url, list_to_url

Option = TypeVar("Option", bound=str)


def choose_several(
    title: str,
    counts: Mapping[Option, int],
    key: str,
    named: Callable[[Option], str] = lambda option: option.capitalize(),
    then: Callable[[], None] = lambda: None,
) -> list[Option]:
    """The chosen ones of the options that `counts` has, in its order; `then` is called after a change.

    `key` is the widget's and the name in the URL.
    """
    st.session_state[key] = [option for option in list_from_url(key) if option in counts]
    if not counts:
        return []

    def changed() -> None:
        list_to_url(key, st.session_state[key])
        then()

    return st.pills(
        title,
        list(counts),
        selection_mode="multi",
        format_func=lambda option: f"{named(option)} {counts[option]}",
        key=key,
        on_change=changed,
        label_visibility="collapsed",
    )
