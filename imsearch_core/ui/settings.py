"""Settings that are remembered from one visit to the next, unless the link says otherwise."""

import json
from pathlib import Path
from typing import Any

import streamlit as st

from imsearch_core.files import atomic_write, home


def recall(name: str, choices: Any = None) -> None:
    """Give the widget of this key its remembered value, if neither the link nor the session has one.

    Call it before the widget. A value that is not among `choices`, where given, is passed over.
    """
    if name in st.session_state or name in st.query_params:
        return
    value = _remembered().get(name)
    if value is not None and (choices is None or value in choices):
        st.session_state[name] = value


def remember(*names: str) -> None:
    """Keep the present values of these widgets. Call it after them; failing to is no failure."""
    known = _remembered()
    changed = known | {name: st.session_state[name] for name in names if name in st.session_state}
    if changed == known:
        return
    try:
        with atomic_write(_file()) as temporary:
            temporary.write_text(json.dumps(changed), "utf-8")
    except (OSError, TypeError, UnicodeError):
        pass


def _remembered() -> dict[str, Any]:
    try:
        found = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _file() -> Path:
    return home() / "settings.json"
