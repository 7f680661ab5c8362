"""Settings that are remembered from one visit to the next, unless the link says otherwise."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import streamlit as st

from imsearch_core.files import atomic_write, data_dir, read_json


def recall(name: str, choices: Iterable[Any]) -> None:
    """Give the widget of this key its remembered value, if neither the link nor the session has one.

    Call it before the widget. A value that is not among `choices`, or is of another type, is ignored.
    """
    if name in st.session_state or name in st.query_params:
        return
    value = _remembered().get(name)
    # A slider of whole numbers refuses 5.0.
    if any(value == choice and type(value) is type(choice) for choice in choices):
        st.session_state[name] = value


def remember(name: str) -> None:
    """Keep the value of this widget for the next visit, as its `on_change`; failure does not matter.

    Only what was set by hand is kept: opening a link does not take over its settings.
    """
    try:
        with atomic_write(_file()) as temporary:
            temporary.write_text(json.dumps(_remembered() | {name: st.session_state[name]}), "utf-8")
    except (OSError, TypeError, UnicodeError):
        pass


def _remembered() -> dict[str, Any]:
    found = read_json(_file())
    return found if isinstance(found, dict) else {}


def _file() -> Path:
    return data_dir() / "settings.json"
