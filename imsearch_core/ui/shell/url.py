"""State that is not a widget's and yet belongs in the link: what a click has chosen.

Widgets bind themselves to the URL. These values are kept in the session too, because a change of
page drops from the URL what no widget is bound to. As long as the page stays the same the URL alone
counts, so that the browser's Back takes away what it added.
"""

import streamlit as st

from imsearch_core.ui.shell.text import as_kept, sendable

_OF_ONE_FOLDER = ("label_level", "q", "region", "like", "unlike", "story", "at")


def enter_page(title: str) -> None:
    """Say which page runs. Call it before anything else here."""
    st.session_state["warned"] = set()
    st.session_state["page_changed"] = st.session_state.get("current_page") != title
    st.session_state["current_page"] = title


def from_url(name: str, default: str | None) -> str | None:
    """The value in the URL, or on a change of page this session's last one, else `default`."""
    return next(iter(list_from_url(name)), default)


def to_url(name: str, value: str | None) -> None:
    """Set a value for this session and in the URL; None removes it."""
    list_to_url(name, [] if value is None else [value])


def list_from_url(name: str) -> list[str]:
    """The values in the URL under one name, or on a change of page this session's last ones."""
    values = [as_kept(value) for value in st.query_params.get_all(name) if value]
    if not values and st.session_state.get("page_changed"):
        values = st.session_state.get(f"url_{name}", [])
    list_to_url(name, values)
    return values


def list_to_url(name: str, values: list[str]) -> None:
    """Set several values of one name for this session and in the URL; none removes the name."""
    st.session_state[f"url_{name}"] = values
    if values:
        sent = [sendable(value) for value in values]
        if st.query_params.get_all(name) != sent:
            st.query_params[name] = sent
    else:
        st.query_params.pop(name, None)


def use_folder(choice: str) -> None:
    """Open another dataset or folder, without what was chosen in the one before."""
    to_url("folder", choice)
    for name in _OF_ONE_FOLDER:
        list_to_url(name, [])


def go_to(page: str, **query: str | list[str]) -> None:
    """Open another page, given by its file, with `query` in the URL and nothing of this page's widgets."""
    # Unless told so, Streamlit refuses to drop what is bound to a widget.
    st.switch_page(page, query_params=query)
