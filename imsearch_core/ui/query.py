"""The query of the Search page: a picture of the collection, named in the URL, or an upload."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from imsearch_core.errors import ImsearchError
from imsearch_core.images import open_image, thumbnail
from imsearch_core.queries import Query
from imsearch_core.search import Collection
from imsearch_core.ui.frame import opening_query
from imsearch_core.ui.resources import thumbnail_of
from imsearch_core.ui.text import plain
from imsearch_core.ui.url import from_url, to_url

_SIDE = 640  # pixels of the query picture's longest side


def use_file(file: str) -> None:
    """Make a picture of the collection the query, in place of an upload."""
    to_url("q", file)
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1  # gives a new, empty uploader


def upload_key() -> str:
    """The key of the present file uploader."""
    return f"upload_{st.session_state.get('uploads', 0)}"


def choose_query(photos: Collection) -> tuple[Query, bytes]:
    """The current query and its picture as a JPEG; one that cannot be used gives way, and says so."""
    upload = st.session_state.get(upload_key())
    if upload is not None:
        try:
            query, picture = _embedded(photos.folder, photos.encoder, upload.getvalue(), photos)
            st.query_params.pop("q", None)  # a link cannot carry a picture
            return replace(query, file=upload.name), picture
        except ImsearchError as error:
            st.warning(plain(error), icon=":material/warning:")
    first = opening_query(photos)
    file = from_url("q", first)
    if file not in photos:
        st.warning(f"{plain(file)} is not in this folder; here is another.", icon=":material/warning:")
        file = first
        to_url("q", file)
    picture = thumbnail_of(photos.folder, file, photos.item(file).modified_ns, _SIDE).jpeg
    return photos.query(file), picture


@st.cache_data(max_entries=32, show_spinner="Embedding the upload; the first one starts TensorFlow")
def _embedded(folder: Path, encoder: str, content: bytes, _photos: Collection) -> tuple[Query, bytes]:
    return _photos.query(content), thumbnail(open_image(content, _SIDE), _SIDE)
