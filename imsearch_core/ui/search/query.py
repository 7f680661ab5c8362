"""The query of the Search page: a picture or a region of it, with others for and against, or an upload."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.datasets.builtin import BUILTIN
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.pictures.decode import open_image, thumbnail
from imsearch_core.pictures.thumbnails import thumbnail_of
from imsearch_core.progress import Progress
from imsearch_core.search.query import Query, Region
from imsearch_core.ui.components.selection import lead_to
from imsearch_core.ui.shell.shared_work import runs
from imsearch_core.ui.shell.url import from_url, list_from_url, list_to_url, to_url
from imsearch_core.ui.shell.warn import warn

SIDE = 640  # pixels of the query picture's longest side


@dataclass(frozen=True)
class Chosen:
    """What the page searches with."""

    query: Query
    picture: bytes
    """A WebP to show; empty if the picture cannot be read any more."""
    source: str | bytes
    """The file within the collection, or an upload's content."""
    like: list[str]
    unlike: list[str]


def use_file(file: str) -> None:
    """Make a picture of the collection the query, in place of all that was asked before."""
    to_url("q", file)
    to_url("region", None)
    list_to_url("like", [])
    list_to_url("unlike", [])
    st.session_state["text"] = ""
    st.session_state.pop("uploaded", None)


def open_on_search(file: str) -> None:
    """Make a picture the query, and leave for Search when `follow_selection` is called."""
    use_file(file)
    lead_to("app.py")


def use_region(region: Region | None) -> None:
    """Search with a part of the query picture, or with all of it again.

    A part takes the place of a text, unless the text is searched for together with the picture.
    """
    to_url("region", str(region) if region else None)
    if region and st.session_state.get("text_weight", 1.0) == 1.0:
        st.session_state["text"] = ""


def add_example(name: str, file: str) -> None:
    """Add a picture to those to be more "like" or "unlike"; one that was the other changes sides."""
    remove_example(file)
    list_to_url(name, [*list_from_url(name), file])


def remove_example(file: str) -> None:
    """Take a picture out of both lists."""
    for side in ("like", "unlike"):
        list_to_url(side, [other for other in list_from_url(side) if other != file])


def ask_for_upload(photos: Collection) -> None:
    """A panel that takes a picture from elsewhere, and closes when it has one."""
    number = st.session_state.setdefault("uploads", 0)  # a panel with a new key is closed and empty
    panel = st.popover("Upload", icon=":material/upload:", key=f"upload_panel_{number}", on_change="rerun")
    with panel:
        key = f"upload_{number}"
        st.file_uploader("A picture to search with", key=key, on_change=_take_upload, args=(key,))
    if panel.open:  # while a person looks for the picture
        prepare_encoder(photos)


def prepare_encoder(photos: Collection) -> None:
    """Make the encoder ready, before it is waited for: the first time, that takes seconds."""
    ready = photos.facts.once("encoder ready", partial(_make_ready, photos))
    if not ready.is_made:
        runs().join(ready, ready)


def _make_ready(photos: Collection, progress: Progress) -> None:
    """Load the encoder and embed a first picture, a black one: the first takes longer than others."""
    encoder = photos.load_encoder()
    encoder.embed(np.zeros((1, encoder.preset.crop, encoder.preset.crop, 3), np.uint8))


def _take_upload(key: str) -> None:
    if upload := st.session_state[key]:
        st.session_state["uploaded"] = upload.name, upload.getvalue()
        st.session_state["uploads"] += 1
        st.session_state["text"] = ""
        to_url("region", None)


def choose_query(photos: Collection) -> Chosen:
    """The current query; what cannot be used of it gives way, and says so."""
    like, unlike = (_examples(photos, side) for side in ("like", "unlike"))
    region = _region()
    if "uploaded" in st.session_state:
        name, content = st.session_state["uploaded"]
        try:
            query, picture = _embedded(photos.folder, photos.encoder_name, content, region, photos)
            to_url("q", None)  # a link cannot carry a picture
            return Chosen(replace(query, file=name), picture, content, like, unlike)
        except ImsearchError as error:
            del st.session_state["uploaded"]  # said once: later searches are about other pictures
            warn(error)
    first = opening_query(photos)
    file = from_url("q", first)
    if file not in photos:
        if _is_awaited(photos, file):
            warn(f"{file} is not embedded yet; until it is, here is another")
        else:
            warn(f"{file} is not in this folder; here is another")
            to_url("q", first)
        file, region = first, None
    version = photos.item(file).version
    picture = thumbnail_of(photos.folder, file, version, SIDE).content
    query = photos.query(file)
    if region:
        try:
            part = _part_embedded(photos.folder, photos.encoder_name, file, version, region, photos)
            query = replace(query, embedding=part, region=region)
        except ImsearchError as error:
            warn(error)
    return Chosen(query, picture, file, like, unlike)


def opening_query(photos: Collection) -> str:
    """The picture that a dataset opens with."""
    wanted = (dataset.opening_query for dataset in BUILTIN.values() if dataset.folder == photos.folder)
    file = next(wanted, "")
    return file if file in photos else photos.items[0].file


def _examples(photos: Collection, side: str) -> list[str]:
    """The pictures to be more "like" or "unlike"; those that are gone are dropped."""
    files = list_from_url(side)
    for file in files:
        if file not in photos and not _is_awaited(photos, file):
            warn(f"{file} is not in this folder")
            remove_example(file)
    return [file for file in files if file in photos]


def _is_awaited(photos: Collection, file: str) -> bool:
    """Whether a picture is in the folder, but not embedded yet."""
    return bool(photos.report.missing) and any(item.file == file for item in photos.dataset.items)


def _region() -> Region | None:
    text = from_url("region", None)
    try:
        return Region.parse(text) if text else None
    except UsageError as error:
        warn(error)
        use_region(None)
        return None


_FIRST = "Embedding the picture; the first time loads the encoder"


@st.cache_data(max_entries=32, show_spinner=_FIRST)
def _embedded(
    folder: Path, encoder: str, content: bytes, region: Region | None, _photos: Collection
) -> tuple[Query, bytes]:
    return _photos.query(content, region), thumbnail(open_image(content, SIDE), SIDE)


@st.cache_data(max_entries=256, show_spinner=_FIRST)
def _part_embedded(
    folder: Path, encoder: str, file: str, version: tuple[int, int, int], region: Region, _photos: Collection
) -> np.ndarray:
    return _photos.query(file, region).embedding
