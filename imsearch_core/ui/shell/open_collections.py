"""The collections that are open, shared by all sessions."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from threadpoolctl import threadpool_limits

from imsearch_core.collection import Collection
from imsearch_core.progress import Progress
from imsearch_core.ui.shell.arriving import arriving_pictures
from imsearch_core.ui.shell.folders import allowed_roots
from imsearch_core.ui.shell.progress import progress_bar
from imsearch_core.ui.shell.shared_work import in_background, runs

EMBEDDING, STARTING = "Embedding, once:", "Starting the encoder"
_OPEN_COLLECTIONS = 8

_Key = tuple[Path, str, int | None]  # folder, encoder and label level: what a collection is opened with

# Sessions run side by side: BLAS threads that wait for each other's processor make them all slower.
threadpool_limits(1, user_api="blas")


@st.cache_resource
def _collections() -> OrderedDict[_Key, Collection]:
    return OrderedDict()


def open_collection(folder: Path, encoder: str, label_level: int | None = None) -> Collection:
    """The collection, opened once per session so that changed files are seen, else shared.

    `label_level` is as in Collection.open. While images are embedded, shows the progress of the run, which
    is the same for all sessions and goes on without them. Raises ImsearchError as Collection.open does.
    """
    key = (folder, encoder, label_level)
    if not _is_open(key):
        run = runs().join(key, _opener(*key))
        with progress_bar(EMBEDDING, STARTING) as bar, arriving_pictures(folder, bar) as progress:
            _share(key, run.wait(progress))
    return _shared(key)


def collection_in_background(folder: Path, encoder: str, label_level: int | None) -> Collection | None:
    """As `open_collection`, but None while images are embedded, with a bar: see `in_background`."""
    key = (folder, encoder, label_level)
    if not _is_open(key):
        opened = in_background(_opener(*key), EMBEDDING, STARTING, key)
        if opened is None:
            return None
        _share(key, opened)
    return _shared(key)


def _is_open(key: _Key) -> bool:
    return key in _seen() and key in _collections()


def _opener(folder: Path, encoder: str, label_level: int | None) -> Callable[[Progress], Collection]:
    # A built-in dataset may lie outside of what may be opened.
    roots, force = (*allowed_roots(), folder), st.session_state.pop("embed_again", False)
    return lambda progress: Collection.open(
        folder,
        encoder,
        progress=progress,
        within=roots,
        give_way=True,
        force=force,
        label_level=label_level,
    )


def _share(key: _Key, opened: Collection) -> None:
    """Share what was opened; if nothing has changed, what is shared stays, with all that was made for it."""
    shared = _collections().get(key)
    if shared is None or not shared.is_as(opened):
        _collections()[key] = opened
    _seen().add(key)


def _seen() -> set[_Key]:
    """What this session has opened since it last looked for changes."""
    return st.session_state.setdefault("seen_collections", set())


def _shared(key: _Key) -> Collection:
    shared = _collections()
    shared.move_to_end(key)
    while len(shared) > _OPEN_COLLECTIONS:
        shared.popitem(last=False)
    return shared[key]


def forget_collections() -> None:
    """Make this session open its collections anew, so that changed files are seen."""
    st.session_state.pop("seen_collections", None)


def embed_again() -> None:
    """Make this session open its collection anew, and embed every picture of it again."""
    forget_collections()
    st.session_state["embed_again"] = True
