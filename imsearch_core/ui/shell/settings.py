"""Settings that are remembered from one visit to the next, unless the link says otherwise."""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from imsearch_core.files import data_dir, read_json, write_whole


def recall(name: str, choices: Iterable[Any], prefixes: tuple[str, ...] = ()) -> None:
    """Give the widget of this key its remembered value, if neither the link nor the session has one.

    Call it before the widget. A value that is not among `choices`, or is of another type, is ignored, unless
    it is a text that begins with one of `prefixes`.
    """
    if name in st.session_state or name in st.query_params:
        return
    value = _remembered().get(name)
    # A slider of whole numbers refuses 5.0.
    known = any(value == choice and type(value) is type(choice) for choice in choices)
    if known or (isinstance(value, str) and value.startswith(prefixes)):
        st.session_state[name] = value


def remember(name: str) -> None:
    """Keep the value of this widget for the next visit, as its `on_change`; failure does not matter.

    Only what was set by hand is kept: opening a link does not take over its settings.
    """
    with suppress(OSError, TypeError, UnicodeError):
        write_whole(_file(), json.dumps(_remembered() | {name: st.session_state[name]}))


def keep_settings() -> None:
    """Keep what the link says for the widgets of this page, which ends before it has drawn them all.

    Streamlit forgets the value of a widget that is not drawn.
    """
    for name in st.query_params:
        if name in st.session_state:
            with suppress(StreamlitAPIException):  # that one is drawn already
                st.session_state[name] = st.session_state[name]


def _remembered() -> dict[str, Any]:
    found = read_json(_file())
    return found if isinstance(found, dict) else {}


def _file() -> Path:
    return data_dir() / "settings.json"
