"""What searches: an engine, chosen on Search or with its parameters on Compare, or the refined embeddings."""

from functools import partial

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import UsageError
from imsearch_core.index import DEFAULT_ENGINE, installed_engines, parse_engine
from imsearch_core.ui.shell.shared_work import wait_for
from imsearch_core.ui.shell.url import from_url, to_url
from imsearch_core.ui.shell.warn import warn

_KEY = "engine"  # in the URL: an engine as one word, such as annoy:trees=200


def engine_in_use() -> str:
    """The engine in the URL, with its parameters; the default, and why, if there is no such engine."""
    named = from_url(_KEY, DEFAULT_ENGINE)
    try:
        engine, name, _ = parse_engine(named)
        if name in installed_engines():
            return engine
        warn(f"{name} is not installed here: searching with {DEFAULT_ENGINE}")
    except UsageError as error:
        warn(error)
    use_engine(DEFAULT_ENGINE)
    return DEFAULT_ENGINE


def use_engine(engine: str) -> None:
    """Search with this engine from now on."""
    to_url(_KEY, engine)


def choose_engine() -> str:
    """A choice between the engines, that in use with its parameters; returns it."""
    current = engine_in_use()
    name = current.partition(":")[0]
    st.session_state["chosen_engine"] = current
    st.segmented_control(
        "Engine",
        [current if known == name else known for known in installed_engines()],
        format_func=lambda engine: engine.partition(":")[0],
        required=True,
        key="chosen_engine",
        on_change=lambda: use_engine(st.session_state["chosen_engine"]),
    )
    if current != name:
        st.caption(described(current))
    return current


def described(engine: str) -> str:
    """An engine with its parameters, for reading."""
    name, _, parameters = engine.partition(":")
    return (
        " · ".join([name, *parameters.replace("_", " ").replace("=", " ").split(",")]) if parameters else name
    )


def make_refined(photos: Collection) -> None:
    """Make the refined embeddings unless they are there, with a bar."""
    with st.container():  # without a bar, too: what follows keeps its place, and an open popover stays open
        if photos.refined.read() is None:
            starting = "Comparing every picture with every other"
            wait_for(photos.refined.make, "Refining, once:", starting)


def open_engine(photos: Collection, engine: str) -> None:
    """Open an engine unless it is open, with a bar. Raises ImsearchError if that fails."""
    with st.container():  # as above
        if not photos.indexes.is_open(engine):
            opening = partial(photos.indexes.get, engine)
            wait_for(opening, "Building the index, once:", "Opening the index", key=(photos, engine))
