"""What sessions share: open collections, work in the background, judged labels and heat maps."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from threadpoolctl import threadpool_limits

from imsearch_core.collection import Collection
from imsearch_core.compare.approaches import ApproachFigures
from imsearch_core.labels.quality import PoorPicture
from imsearch_core.labels.ranking import JudgedLabel
from imsearch_core.progress import Progress, silent
from imsearch_core.search.heatmap import overlay
from imsearch_core.ui.shell.arriving import arriving_pictures
from imsearch_core.ui.shell.folders import allowed_roots
from imsearch_core.ui.shell.openings import Made, Opening, Openings
from imsearch_core.ui.shell.progress import progress_bar

EMBEDDING, STARTING = "Embedding, once:", "Starting the encoder"
_OPEN_COLLECTIONS = 8
_PATIENCE = 1.0  # seconds that a page waits before it shows a bar

_Key = tuple[Path, str, int | None]  # folder, encoder and label level: what a collection is opened with

# Sessions run side by side: BLAS threads that wait for each other's processor make them all slower.
threadpool_limits(1, user_api="blas")


@st.cache_resource
def _collections() -> OrderedDict[_Key, Collection]:
    return OrderedDict()


@st.cache_resource
def _openings() -> Openings:
    return Openings()


def open_collection(folder: Path, encoder: str, label_level: int | None = None) -> Collection:
    """The collection, opened once per session so that changed files are seen, else shared.

    `label_level` is as in Collection.open. While images are embedded, shows the progress of the run, which
    is the same for all sessions and goes on without them. Raises ImsearchError as Collection.open does.
    """
    key = (folder, encoder, label_level)
    if not _is_open(key):
        opening = _openings().join(key, _opener(*key))
        with progress_bar(EMBEDDING, STARTING) as bar, arriving_pictures(folder, bar) as progress:
            _share(key, opening.wait(progress))
    return _shared(key)


def collection_in_background(folder: Path, encoder: str, label_level: int | None) -> Collection | None:
    """As `open_collection`, but None while images are embedded, with a bar: see `in_background`."""
    key = (folder, encoder, label_level)
    if not _is_open(key):
        opened = in_background(key, _opener(*key), EMBEDDING, STARTING)
        if opened is None:
            return None
        _share(key, opened)
    return _shared(key)


def in_background(key: object, work: Callable[[Progress], Made], doing: str, starting: str) -> Made | None:
    """What `work(progress)` returns, if it is done in a moment or was begun earlier and is done now.

    Until then a bar is shown and None is returned; the page runs again when the work is done. Sessions that
    use the same `key` share the run. Raises what the work raises.
    """
    begun = st.session_state.setdefault("begun_in_background", {})
    run = begun[key] = begun.get(key) or _openings().join(key, work)
    if not run.wait_at_most(_PATIENCE):
        _bar(run, doing, starting)
        return None
    del begun[key]
    return run.wait(silent)


@st.fragment(run_every=1.0)
def _bar(run: Opening, doing: str, starting: str) -> None:
    if not run.running:
        st.rerun()
    done, total = run.step or (0, 0)
    st.progress(done / total if total else 0.0, f"{doing} {done:,} of {total:,}" if done else starting)


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


@st.cache_resource
def _approaches() -> dict[tuple[Path, str, int, int | None], list[ApproachFigures]]:
    return {}


def measured_approaches(photos: Collection) -> list[ApproachFigures]:
    """What the approaches cost on a collection, shared by sessions; filled by those who measure it."""
    key = photos.folder, photos.encoder_name, len(photos), photos.label_level
    return _approaches().setdefault(key, [])


def forget_collections() -> None:
    """Make this session open its collections anew, so that changed files are seen."""
    st.session_state.pop("seen_collections", None)


def embed_again() -> None:
    """Make this session open its collection anew, and embed every picture of it again."""
    forget_collections()
    st.session_state["embed_again"] = True


@st.cache_resource
def _made() -> WeakKeyDictionary[Collection, dict[object, Any]]:
    return WeakKeyDictionary()


def made_once(photos: Collection, doing: str, starting: str, make: Callable[[Progress], Made]) -> Made:
    """What `make(progress)` returns: made once for a collection, with a progress bar, then shared.

    `doing` tells apart what is made, and stands on the bar.
    """
    kept = _made().setdefault(photos, {})
    if doing not in kept:
        kept[doing] = _together((photos, doing), doing, starting, make)
    return kept[doing]


def made_in_background(
    photos: Collection, key: object, make: Callable[[Progress], Made], doing: str
) -> Made | None:
    """As `made_once`, but None while it is made, with a bar: see `in_background`.

    `key` tells apart what is made.
    """
    kept = _made().setdefault(photos, {})
    if key not in kept:
        made = in_background((photos.folder, photos.encoder_name, photos.version, key), make, doing, doing)
        if made is None:
            return None
        kept[key] = made
    return kept[key]


def _together(key: object, doing: str, starting: str, work: Callable[[Progress], Made]) -> Made:
    """What `work(progress)` returns, with a bar; one run serves all sessions, and goes on without them."""
    with progress_bar(doing, starting) as progress:
        return _openings().join(key, work).wait(progress)


def make_refined(photos: Collection) -> None:
    """Make the refined embeddings unless they are there, with a bar."""
    with st.container():  # without a bar, too: what follows keeps its place, and an open popover stays open
        if photos.refined.read() is None:
            starting = "Comparing every picture with every other"
            _together((photos, "refined"), "Refining, once:", starting, photos.refined.make)


def open_engine(photos: Collection, engine: str) -> None:
    """Open an engine unless it is open, with a bar. Raises ImsearchError if that fails."""

    def open_it(progress: Progress) -> object:
        return photos.indexes.get(engine, progress)

    with st.container():  # as above
        if not photos.indexes.is_open(engine):
            _together((photos, engine), "Building the index, once:", "Opening the index", open_it)


def judged_labels(photos: Collection) -> tuple[JudgedLabel, ...]:
    """Every given label judged, worst first."""
    starting = "Comparing every picture with every other"
    return made_once(photos, "Judging labels, once:", starting, photos.suspect_labels)


def poor_pictures(photos: Collection) -> tuple[PoorPicture, ...]:
    """The pictures of poor quality: by issue, the worst first."""
    return made_once(photos, "Measuring pictures, once:", "Opening pictures", photos.quality_issues)


@st.cache_data(max_entries=1000, show_spinner="Looking where it is seen; the first time loads the encoder")
def heat_of(
    folder: Path,
    encoder: str,
    source: str | bytes,
    version: tuple[int, int, int] | None,
    focus: int | str,
    longest_side: int,
    _photos: Collection,
) -> bytes:
    """A picture with the places lit up where an encoder sees a class or a phrase, as a WebP.

    `_photos` is the collection of that folder and encoder. Raises ImsearchError as Collection.heat_map does.
    """
    image = _photos.open_image(source)
    return overlay(image, _photos.heat_map(image, focus), longest_side)
