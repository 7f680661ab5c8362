"""The collections that are open, shared by all sessions."""

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from threadpoolctl import threadpool_limits

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError
from imsearch_core.progress import Progress, silent
from imsearch_core.ui.shell.arriving import arriving_pictures
from imsearch_core.ui.shell.folders import allowed_roots
from imsearch_core.ui.shell.progress import progress_bar
from imsearch_core.ui.shell.shared_work import Run, in_background, runs
from imsearch_core.ui.shell.so_far import so_far

EMBEDDING, STARTING = "Embedding, once:", "Starting the encoder"
_OPEN_COLLECTIONS = 8
_LARGE = 10_000  # pictures: listing so many takes a tenth of a second or more
_LISTED_EVERY = 3.0  # seconds, at most, for all sessions

_Key = tuple[Path, str, int | None]  # folder, encoder and label level: what a collection is opened with

# Sessions run side by side: BLAS threads that wait for each other's processor make them all slower.
threadpool_limits(1, user_api="blas")


@st.cache_resource
def _collections() -> OrderedDict[_Key, Collection]:
    return OrderedDict()


@st.cache_resource
def _listed() -> dict[_Key, float]:
    """When each of them was last listed, by `time.monotonic`."""
    return {}


def open_collection(
    folder: Path, encoder: str, label_level: int | None = None, partly: bool = False
) -> Collection:
    """The collection, opened once per session so that changed files are seen, else shared.

    `label_level` is as in Collection.open. While images are embedded, shows the progress of the run, which
    is the same for all sessions and goes on without them. If `partly` will do, it is returned with the images
    embedded by now, as soon as there are some; the page runs again as there are more. Raises ImsearchError
    as Collection.open does.
    """
    key = (folder, encoder, label_level)
    if not _is_open(key):
        run = _run_of(key)
        some = so_far(run, partial(_open, *key, _roots(folder), embed=False))
        try:
            with st.spinner("Opening the folder"):  # it may take seconds until there is something to count
                photos = _wait(run, folder, lambda: partly and some.look(run))
        except ImsearchError:
            st.session_state.pop("waited_for")  # the next run of the page tries again
            raise
        if photos is None:
            some.say(run)
            return some.photos
        _share(key, photos)
    return _shared(key)


def _wait(run: Run[Collection], folder: Path, enough: Callable[[], object]) -> Collection | None:
    """The whole collection, or None as soon as what is embedded is `enough`."""

    class Enough(Exception): ...

    def watch(done: int, total: int) -> None:
        if enough():
            raise Enough
        progress(done, total)

    with progress_bar(EMBEDDING, STARTING) as bar, arriving_pictures(folder, bar) as progress:
        try:
            return run.wait(watch)
        except Enough:
            return None


def _run_of(key: _Key) -> Run[Collection]:
    """The run that opens the collection: the one that this session has waited for, or else one under way."""
    waited_for, run = st.session_state.get("waited_for", (None, None))
    if waited_for != key:
        run = runs().join(key, _opener(*key))
        st.session_state["waited_for"] = key, run
    return run


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
    """Whether this session need not look for changes."""
    shared = _collections().get(key)
    if shared is None or not shared.embeddings.are_whole:
        return False
    if len(shared) > _LARGE and time.monotonic() - _listed().get(key, -_LISTED_EVERY) < _LISTED_EVERY:
        _seen().add(key)
    return key in _seen()


def _opener(folder: Path, encoder: str, label_level: int | None) -> Callable[[Progress], Collection]:
    force = st.session_state.pop("embed_again", False)
    earlier = _collections().get((folder, encoder, label_level))
    return partial(_open, folder, encoder, label_level, _roots(folder), force=force, earlier=earlier)


def _roots(folder: Path) -> tuple[Path, ...]:
    return *allowed_roots(), folder  # a built-in dataset may lie outside of what may be opened


def _open(
    folder: Path,
    encoder: str,
    label_level: int | None,
    roots: tuple[Path, ...],
    progress: Progress = silent,
    **how: Any,
) -> Collection:
    return Collection.open(
        folder, encoder, progress=progress, within=roots, give_way=True, label_level=label_level, **how
    )


def _share(key: _Key, opened: Collection) -> None:
    """Share what was opened; if nothing has changed, what is shared stays, with all that was made for it."""
    shared = _collections().get(key)
    if shared is None or not (shared.embeddings.are_whole and shared.is_as(opened)):
        _collections()[key] = opened
    _listed()[key] = time.monotonic()
    _seen().add(key)
    st.session_state.pop("waited_for", None)


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
    _listed().clear()
    st.session_state.pop("seen_collections", None)


def embed_again() -> None:
    """Make this session open its collection anew, and embed every picture of it again."""
    forget_collections()
    st.session_state["embed_again"] = True
