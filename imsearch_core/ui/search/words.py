"""What pages have for words: a text to search with, other spellings, tags, training on the labels."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError
from imsearch_core.search.query import Query, QueryWord, TextQuery, WordStatus
from imsearch_core.ui.shell.text import plain, plain_in_badge
from imsearch_core.words.devise import Epoch
from imsearch_core.words.spelling import respelt
from imsearch_core.words.vectors import Unknown

if TYPE_CHECKING:
    import altair as alt

TAGS = 6
_COLOURS = {WordStatus.TRAINED: "green", WordStatus.UNSEEN: "blue", WordStatus.UNKNOWN: "orange"}
_WHAT_TRAINING_IS = (
    "Without training, a picture lies where the names of the ImageNet classes seen in it lie among words. "
    "Training learns from the labels of this collection where its pictures belong, in a second or two; a "
    "search then uses the mean of both places. The first alone knows nothing of your labels, the second "
    "forgets all words that are not labels."
)


def ask_for_text(photos: Collection) -> str:
    """The text box, with the training beside it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "In words",
            key="text",
            bind="query-params",
            placeholder="ocean, cat on a sofa, something that flies",
            icon=":material/search:",
        )
        by_table = photos.phrases is None and photos.classes.available
        if by_table:
            _offer_training(photos)
    if by_table and (notice := photos.words.notice):
        st.caption(f":material/update: {plain(notice[0].upper() + notice[1:])}.")
    return text.strip()


def ask_for_weight() -> float:
    """How much a text counts against the picture, 0 to 1, and a way back to the picture."""
    weight = st.slider(
        "Picture to words",
        0.0,
        1.0,
        1.0,
        0.05,
        key="text_weight",
        bind="query-params",
        width=240,
        help="1: the words alone. Less: pictures that look like the query, too.",
    )
    st.button("Clear words", icon=":material/close:", on_click=use_text, args=("",))
    return weight


def use_text(text: str) -> None:
    """Search with a text; an empty one goes back to the picture."""
    st.session_state["text"] = text


def show_words(text: TextQuery) -> None:
    """How a text was understood. For each word of the table: was it trained on, only known, or unknown?"""
    st.caption(f"Understood {plain(text.understood)}")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for word in text.words:
            st.badge(f"{plain_in_badge(word.word)} · {word.status}", color=_COLOURS[word.status])
    if text.hint:
        st.caption(f":material/lightbulb: {plain(text.hint)}.")
    offer_spellings(text.text, [word for word in text.words if word.suggestions], use_text)


def offer_spellings(text: str, unknown: Sequence[Unknown | QueryWord], use: Callable[[str], None]) -> None:
    """What may have been meant by the unknown words of a text: a click calls `use` with it put right."""
    for stranger in unknown:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            perhaps = ", perhaps" if stranger.suggestions else ""
            st.caption(f"{plain(stranger.word)} is not known{perhaps}", width="content")
            for spelling in stranger.suggestions:
                st.button(
                    plain(spelling),
                    key=f"for_{stranger.word}_{spelling}",
                    type="tertiary",
                    on_click=use,
                    args=(respelt(text, stranger.word, spelling),),
                )


def show_tags(photos: Collection, query: Query) -> None:
    """The words nearest to a picture, each a button that searches for it."""
    tags = photos.tags(query, TAGS)
    st.caption("In words (pick one to search for it)")
    with st.container(horizontal=True, gap="xsmall"):
        for tag in tags:
            st.button(
                plain(tag.word),
                key=f"tag_{tag.word}",
                help=f"Cosine {tag.cosine:.2f}",
                on_click=use_text,
                args=(tag.word,),
            )


def _offer_training(photos: Collection) -> None:
    """A button that trains text search on the labels, with a live curve, and how the last training went."""
    with st.popover("Train on these labels", icon=":material/school:"):
        st.markdown(_WHAT_TRAINING_IS)
        trained = photos.words.trained
        start = st.button("Train again" if trained else "Train", key="train")
        curve, told = st.empty(), st.empty()
        if start:
            epochs: list[Epoch] = []

            def on_epoch(epoch: Epoch) -> None:
                epochs.append(epoch)
                curve.altair_chart(_curve(epochs))

            try:
                training = photos.train_words(on_epoch)
            except ImsearchError as error:
                told.error(plain(error), icon=":material/error:")
                return
            left_out = ", ".join(map(plain, training.unknown_labels))
            told.caption(
                f"{len(training.labels)} labels of {training.pictures:,} pictures, {len(epochs)} epochs in "
                f"{training.seconds:.1f} s. On the fifth that was held out: cosine "
                f"{training.held_out_cosine:.2f}, precision at 9 {training.held_out_precision:.2f}."
                + (f" Left out, in no word table: {left_out}." if left_out else "")
            )
        elif trained:
            curve.altair_chart(_curve(trained.epochs))
            told.caption(f"Trained on {len(trained.labels)} labels.")


def _curve(epochs: Sequence[Epoch]) -> "alt.Chart":
    """Cosine of the pictures trained on and of those held out, by epoch."""
    import altair as alt  # slow to import, and most visits train nothing
    import pandas as pd

    names = {"trained on": [1 - e.loss for e in epochs], "held out": [e.held_out_cosine for e in epochs]}
    rows = [
        {"epoch": epoch.number, "pictures": name, "cosine": value}
        for name, values in names.items()
        for epoch, value in zip(epochs, values, strict=True)
    ]
    last = epochs[-1]
    reached = (
        f"{1 - last.loss:.2f} on the pictures trained on and {last.held_out_cosine:.2f} on those held out"
    )
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(point=True)
        .encode(
            alt.X("epoch:Q", title="epoch").axis(tickMinStep=1, format="d", grid=False),
            alt.Y("cosine:Q", title="cosine").scale(zero=False),
            alt.Color("pictures:N", scale=alt.Scale(domain=list(names))).legend(title=None, orient="top"),
            [alt.Tooltip("pictures:N"), alt.Tooltip("epoch:Q"), alt.Tooltip("cosine:Q", format=".3f")],
        )
        .properties(
            height=260,
            description=f"Cosine to the label by epoch; after epoch {last.number}, {reached}",
        )
    )
