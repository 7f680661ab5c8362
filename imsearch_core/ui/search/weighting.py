"""Weighting a search: by one of the 1000 ImageNet classes, or by the refined similarity."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.encoders.imagenet import Prediction, imagenet_classes, note_about, search_classes
from imsearch_core.errors import ImsearchError
from imsearch_core.search.ranking import CLASS_METHODS, DEFAULT_STRENGTH
from imsearch_core.ui.search.words import use_text
from imsearch_core.ui.shell.progress import progress_bar
from imsearch_core.ui.shell.resources import heat_of
from imsearch_core.ui.shell.text import plain

_CLASS_OF = {f"{c.name} ({c.index})": c.index for c in imagenet_classes()}
NAME_OF = {index: name for name, index in _CLASS_OF.items()}
_OFFERED = 8  # classes for an everyday word


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
        modified_ns = photos.item(source).modified_ns if isinstance(source, str) else 0
        try:
            return heat_of(
                photos.folder, photos.encoder_name, source, modified_ns, self.search["focus"], side, photos
            )
        except ImsearchError as error:
            st.warning(plain(error), icon=":material/warning:")
            return b""


def weigh_by(name: str) -> None:
    """Weight the search of the picture by a class, given as it stands in the list."""
    st.session_state["class"], st.session_state["weighted"] = name, True
    use_text("")


def ask_for_class(photos: Collection) -> None:
    """The list of classes, which takes any word, and with a text tower any phrase."""
    any_phrase = photos.phrases is not None

    def changed() -> None:
        typed = st.session_state["class"]
        if typed and not any_phrase and typed not in _CLASS_OF:
            st.session_state["class"] = _begun(typed) or typed
        st.session_state["weighted"] = _target(photos) is not None

    st.selectbox(
        "ImageNet class or phrase" if any_phrase else "ImageNet class",
        list(_CLASS_OF),
        index=None,
        key="class",
        bind="query-params",
        placeholder="Something red, a child, Siamese cat" if any_phrase else "One of 1000, or any word",
        accept_new_options=True,
        on_change=changed,
        disabled=not photos.classes.available,
    )


def ask_whether(seen: Sequence[Prediction]) -> None:
    """The switches; with no class chosen, weighting begins with the first that is `seen` in the query."""

    def toggled() -> None:
        if st.session_state["weighted"] and st.session_state["class"] not in _CLASS_OF and seen:
            st.session_state["class"] = NAME_OF[seen[0].index]

    weighted = st.toggle("Weighted", key="weighted", bind="query-params", on_change=toggled)
    refined = st.toggle(
        "Refined",
        key="refined",
        bind="query-params",
        disabled=weighted,
        help="Brings pictures of the same kind closer together; the cosines shown stay plain",
    )
    st.toggle("Side by side", key="compare", bind="query-params", disabled=not (weighted or refined))


def ask_how(photos: Collection) -> Weighting:
    """The method and its strength, if a class is chosen; classes to choose from, if a word was typed."""
    chosen, weighted = st.session_state["class"], st.session_state["weighted"]
    if chosen and chosen not in _CLASS_OF and photos.phrases is None:
        _offer_classes(chosen)
    if not weighted and st.session_state["refined"]:
        return Weighting({"method": "refined"}, st.session_state["compare"])
    target = _target(photos)
    if not weighted or target is None:
        return Weighting()
    search: dict[str, Any] = {"focus": target}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search["method"] = st.segmented_control(
            "Method",
            CLASS_METHODS,
            default="focus",
            format_func=str.capitalize,
            required=True,
            key="method",
            bind="query-params",
            help="Focus asks whether the class is there; reweigh is the tutorial's way.",
        )
        if search["method"] == "focus":
            search["strength"] = st.slider(
                "Strength", 0.0, 1.0, DEFAULT_STRENGTH, 0.05, key="strength", bind="query-params", width=180
            )
        heated = st.toggle("Heat map", key="heat", bind="query-params")
    return Weighting(search, st.session_state["compare"], heated)


def offer_seen(seen: Sequence[Prediction], weighting: Weighting) -> None:
    """The classes seen in the query, each a button that weights the search by it."""
    st.caption("The encoder sees (pick one to weight the search by it)")
    with st.container(horizontal=True, gap="xsmall"):
        for prediction in seen:
            st.button(
                f"{prediction.name} {prediction.probability:.0%}",
                key=f"seen_{prediction.index}",
                icon=":material/check:" if weighting.search.get("focus") == prediction.index else None,
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


def _begun(text: str) -> str | None:
    """The class whose name begins with an unfinished word, such as "siam", as it stands in the list."""
    begun = text.strip().lower()
    for found in search_classes(text)[:1]:
        name, rest = found.name.lower(), found.name[len(begun) :]
        if len(begun) > 2 and name.startswith(begun) and rest[:1].isalpha():
            return NAME_OF[found.index]
    return None


def _target(photos: Collection) -> int | str | None:
    """What the box says to weight the search by: a class, or with a text tower a phrase."""
    chosen = st.session_state["class"]
    if chosen in _CLASS_OF:
        return _CLASS_OF[chosen] if photos.classes.available else None
    return (chosen or "").strip() or None if photos.phrases else None


def _offer_classes(word: str) -> None:
    """The classes that an everyday word may mean, as one-click choices."""
    meant = [NAME_OF[c.index] for c in search_classes(word)[:_OFFERED]]
    st.caption(
        note_about(word) or (f"{plain(word)} may mean" if meant else f"No class is like {plain(word)}.")
    )
    with st.container(horizontal=True, gap="xsmall"):
        for name in meant:
            st.button(name, key=f"meant_{name}", on_click=weigh_by, args=(name,))
