"""Weighting a search: by one of the 1000 ImageNet classes, or by the refined similarity."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.encoders.imagenet import (
    Prediction,
    class_phrases,
    imagenet_classes,
    note_about,
    search_classes,
)
from imsearch_core.errors import ImsearchError
from imsearch_core.search.heatmap import overlay
from imsearch_core.search.query import QueryWord, WordStatus
from imsearch_core.search.ranking import CLASS_METHODS, DEFAULT_STRENGTH
from imsearch_core.ui.components.unlisted import hear_of_unlisted
from imsearch_core.ui.search.words import offer_spellings, use_text
from imsearch_core.ui.shell.progress import progress_bar
from imsearch_core.ui.shell.text import plain
from imsearch_core.ui.shell.url import from_url
from imsearch_core.ui.shell.warn import warn
from imsearch_core.words.spelling import Spellings

# With its index, where the name alone may mean another class as well.
_CLASS_OF = {
    c.name if class_phrases()[c.name] == (c.index,) else f"{c.name} ({c.index})": c.index
    for c in imagenet_classes()
}
NAME_OF = {index: name for name, index in _CLASS_OF.items()}
# Words for classes, unless they are a part of the name: what is typed finds that anyway.
_WORDS = {
    word: indices
    for word, indices in class_phrases().items()
    if len(indices) != 1 or word.lower() not in NAME_OF[indices[0]].lower()
}
_CHOICES = (*sorted(_WORDS, key=len), *_CLASS_OF)  # "car" before "boxcar"
_OFFERED = 8  # classes for an everyday word
_UNLISTED = "class_unlisted"  # what was typed last that the list lacks, and with which query
LEAST_PROBABILITY = 0.1  # a less probable guess is not worth showing


@dataclass(frozen=True)
class Weighting:
    """What the controls say; of a plain search, nothing."""

    search: dict[str, Any] = field(default_factory=dict)
    """Arguments of `Collection.search`."""
    compare: bool = False
    """Whether the plain neighbours are shown beside the weighted ones."""
    heated: bool = False
    """Whether pictures show where the class is seen in them."""

    def heat(self, photos: Collection, source: str | bytes, side: int) -> bytes:
        """A picture's heat map, if it shall be shown and can be made, as a WebP; otherwise empty."""
        if not self.heated:
            return b""
        version = photos.item(source).version if isinstance(source, str) else None
        try:
            return _heat_of(
                photos.folder, photos.encoder_name, source, version, self.search["focus"], side, photos
            )
        except ImsearchError as error:
            warn(error)
            return b""


@st.cache_data(max_entries=1000, show_spinner="Looking where it is seen; the first time loads the encoder")
def _heat_of(
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


def weigh_by(name: str) -> None:
    """Ask for more of a class, given as it stands in the list or by a word for it, in place of a text."""
    st.session_state["class"] = _in_list(name)
    st.session_state["text"] = ""
    st.session_state.pop(_UNLISTED, None)


def _in_list(choice: str) -> str:
    """A word that means one class alone is that class."""
    meant = class_phrases().get(choice, ())
    return NAME_OF[meant[0]] if len(meant) == 1 else choice


def ask_for_class(photos: Collection) -> None:
    """The list of classes and of words for them; with a text tower, any phrase. To choose is to weight."""
    any_phrase, none = photos.phrases is not None, not photos.classes.available
    invitation = "Something red, a child…" if any_phrase else "Choose or type…"

    def changed() -> None:
        st.session_state.pop(_UNLISTED, None)
        chosen = st.session_state["class"]
        if chosen and not any_phrase:
            st.session_state["class"] = _in_list(chosen)
        if chosen:
            st.session_state["text"] = ""

    _follow_link(any_phrase or none)
    st.selectbox(
        "More of",
        () if any_phrase else _CHOICES,
        index=None,
        key="class",
        bind="query-params",
        placeholder="Not by this encoder" if none else invitation,
        accept_new_options=any_phrase,
        filter_mode="contains",  # in our order
        on_change=changed,
        disabled=none,
    )


def _follow_link(takes_any: bool) -> None:
    """Understand the class in a link: what the list lacks is taken as if it had been typed.

    In links of earlier versions, every class has its index behind its name.
    """
    asked = st.query_params.get("class", "")
    named = re.fullmatch(r"(.+) \((\d{1,3})\)", asked)
    if named and NAME_OF[int(named[2])] == named[1]:
        st.query_params["class"] = named[1]
        st.rerun()
    if asked and not takes_any and asked not in _CHOICES:
        st.session_state[_UNLISTED] = asked, from_url("q", None)


def ask_how(photos: Collection) -> dict[str, Any]:
    """The tutorial's method, the refined similarity: what few visitors need. Arguments of `search`."""
    target = _target(photos)
    method = st.segmented_control(
        "How a class counts",
        CLASS_METHODS,
        default="focus",
        format_func=str.capitalize,
        required=True,
        key="method",
        bind="query-params",
        disabled=target is None,
        help="Focus asks whether the class is there; Reweigh is the tutorial’s way, which changes little.",
    )
    refined = st.toggle(
        "Refined similarity",
        key="refined",
        bind="query-params",
        disabled=target is not None,
        help="Brings pictures of the same kind closer together; the cosines shown stay plain",
    )
    if target is not None:
        return {"focus": target, "method": method}
    return {"method": "refined"} if refined else {}


def ask_for_heat(search: dict[str, Any]) -> bool:
    """Whether pictures show where the class is seen in them."""
    can = "focus" in search
    return st.toggle("Heat map", key="heat", bind="query-params", disabled=not can) and can


def ask_for_strength(search: dict[str, Any]) -> dict[str, Any]:
    """`search` with how much the class counts, where its method asks for that."""
    focused = search.get("method") == "focus"
    strength = st.slider(
        "Strength",
        0.0,
        1.0,
        DEFAULT_STRENGTH,
        0.05,
        key="strength",
        bind="query-params",
        width=150,
        disabled=not focused,
        help="How much the class counts: 0 is the plain search, 1 the class alone",
    )
    return search | {"strength": strength} if focused else search


def ask_whether_to_compare(search: dict[str, Any]) -> bool:
    """Whether the plain neighbours are shown beside those of `search`."""
    return st.toggle("Compare", key="compare", bind="query-params", disabled=not search) and bool(search)


def hear_of_unlisted_class(photos: Collection) -> None:
    """Take note of a word that the list of classes lacks; `offer_meant` then says what may be meant."""

    def typed(word: str) -> None:
        st.session_state[_UNLISTED] = word, from_url("q", None)

    if photos.phrases is None and photos.classes.available:
        hear_of_unlisted("More of", "unlisted_class", typed)


def offer_meant(photos: Collection) -> None:
    """The classes that an everyday word in the box may mean, or a word that the list lacks, to click on."""
    unlisted, query = st.session_state.get(_UNLISTED, ("", None))
    if unlisted and query == from_url("q", None) and not st.session_state["text"]:
        _offer_instead(unlisted)
        return
    word = st.session_state["class"]
    if not word or word in _CLASS_OF or photos.phrases is not None:
        return
    meant = [NAME_OF[c.index] for c in search_classes(word)[:_OFFERED]]
    note = note_about(word) or f"{plain(word)} may mean"
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(note, width="content")
        for name in meant:
            st.button(name, key=f"meant_{name}", on_click=weigh_by, args=(name,))


def offer_seen(seen: Sequence[Prediction], weighting: Weighting) -> None:
    """The classes that the query looks like, each a button that asks for more of it."""
    likely = [prediction for prediction in seen if prediction.probability >= LEAST_PROBABILITY]
    if not likely:
        st.caption("Looks like no clear class")
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption("Looks like", width="content")
        for prediction in likely:
            st.button(
                f"{prediction.name} {prediction.probability:.0%}",
                key=f"seen_{prediction.index}",
                icon=":material/check:" if weighting.search.get("focus") == prediction.index else None,
                help=f"More of {prediction.name}",
                on_click=weigh_by,
                args=(NAME_OF[prediction.index],),
            )


def offer_to_name(photos: Collection) -> None:
    """A button that embeds the names of the classes, which takes a while and is done once for an encoder."""
    if st.button(
        "Name what is seen",
        icon=":material/label:",
        help="Embeds the names of 1000 classes, once for this encoder: a minute or so",
    ):
        with progress_bar("Class names embedded:", "Loading the text tower") as progress:
            photos.classes.head(progress)
        st.rerun()


def _target(photos: Collection) -> int | str | None:
    """What the box says to weight the search by: a class, or with a text tower a phrase."""
    chosen = st.session_state["class"]
    if chosen in _CLASS_OF and (photos.phrases is None or photos.classes.ready):
        return _CLASS_OF[chosen] if photos.classes.available else None
    return (chosen or "").strip() or None if photos.phrases else None


def _offer_instead(word: str) -> None:
    """Words for classes that are spelt like one that no class has; if there are none, a search by text."""
    phrases = list(class_phrases())
    near = tuple(phrases[row] for row in _spellings().closest(word))
    if near:
        offer_spellings(word, [QueryWord(word, WordStatus.UNKNOWN, near)], weigh_by)
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(f"No class is called “{plain(word)}”.", width="content")
        st.button("Search by text", icon=":material/search:", on_click=use_text, args=(word,))


@cache
def _spellings() -> Spellings:
    return Spellings(list(class_phrases()))
