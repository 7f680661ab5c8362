"""Settings that are remembered from one visit to the next, unless the link says otherwise."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import streamlit as st

from imsearch_core.files import atomic_write, data_dir, read_json


def recall(name: str, choices: Iterable[Any]) -> None:
    """Give the widget of this key its remembered value, if neither the link nor the session has one.

    Call it before the widget. A value that is not among `choices`, or of another type, is passed over.
    """
    if name in st.session_state or name in st.query_params:
        return
    value = _remembered().get(name)
    if any(value == choice and type(value) is type(choice) for choice in choices):  # 5.0 is no 5 to a slider
        st.session_state[name] = value


def remember(name: str) -> None:
    """Keep the value that a person has given this widget, as its `on_change`. Failing to is no failure.

    Only what was set by hand is kept: whoever opens a link does not take over its settings.
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
