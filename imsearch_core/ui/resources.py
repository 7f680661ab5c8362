"""What sessions share: open collections and thumbnails."""

import base64
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from threadpoolctl import threadpool_limits

from imsearch_core.errors import ImsearchError
from imsearch_core.images import open_image, thumbnail
from imsearch_core.search import Collection
from imsearch_core.ui.progress import progress_bar

_OPEN_COLLECTIONS = 8

# Sessions run side by side: BLAS threads that wait for each other's processor make them all slower.
threadpool_limits(1, user_api="blas")


@st.cache_resource
def _collections() -> OrderedDict[tuple[Path, str], Collection]:
    return OrderedDict()


def open_collection(folder: Path, encoder: str) -> Collection:
    """The collection, opened once per session so that changed files are seen, else shared.

    Shows a progress bar while images are embedded. Raises ImsearchError as Collection.open does.
    """
    key = (folder, encoder)
    shared = _collections()
    seen = st.session_state.setdefault("seen_collections", set())
    if key not in seen or key not in shared:
        with progress_bar("Embedding, once:", "Starting TensorFlow") as progress:
            shared[key] = Collection.open(folder, encoder, progress=progress)
        seen.add(key)
    shared.move_to_end(key)
    while len(shared) > _OPEN_COLLECTIONS:
        shared.popitem(last=False)
    return shared[key]


@st.cache_resource
def _measurements() -> dict[tuple, list]:
    return {}


def measurements(photos: Collection, what: str) -> list:
    """What was measured on a collection, shared by sessions and to be filled by whoever measures it."""
    return _measurements().setdefault((photos.folder, photos.encoder, len(photos), what), [])


def forget_collections() -> None:
    """Make this session open its collections anew, so that changed files are seen."""
    st.session_state.pop("seen_collections", None)


@dataclass(frozen=True)
class Thumbnail:
    """A small picture for a page."""

    jpeg: bytes
    """Empty if the file has become unreadable."""
    ratio: float
    """Width divided by height."""

    @property
    def data_uri(self) -> str:
        """The JPEG as a data URI, or nothing if there is none."""
        return _data_uri(self.jpeg) if self.jpeg else ""


@st.cache_data(max_entries=5000, show_spinner=False)
def thumbnail_of(folder: Path, file: str, modified_ns: int, longest_side: int) -> Thumbnail:
    """A picture fitted into a square of `longest_side` pixels, made anew when `modified_ns` changes."""
    try:
        image = open_image(folder / file, longest_side)
    except ImsearchError:
        return Thumbnail(b"", 1.0)
    return Thumbnail(thumbnail(image, longest_side), image.width / image.height)


@st.cache_data(max_entries=1000, show_spinner="Looking where the class is; the first time starts TensorFlow")
def heat_of(
    folder: Path,
    encoder: str,
    source: str | bytes,
    modified_ns: int,
    class_index: int,
    longest_side: int,
    _photos: Collection,
) -> str:
    """A picture with the places lit up where an encoder sees a class, as a data URI.

    `_photos` is the collection of that folder and encoder. Raises ImsearchError as Collection.heat_map does.
    """
    return _data_uri(_photos.heat_map(source, class_index, longest_side))


def _data_uri(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
