"""Words on the Search page: a text to search with, other spellings, tags, what the labels have taught."""

from collections.abc import Callable, Sequence

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError
from imsearch_core.search.query import QueryWord, TextQuery
from imsearch_core.ui.components.chart import Chart, chart, nominal, quantity, show_chart
from imsearch_core.ui.shell.shared_work import in_background
from imsearch_core.ui.shell.text import plain
from imsearch_core.ui.shell.warn import warn
from imsearch_core.ui.words.door import offer_panel
from imsearch_core.wording import counted
from imsearch_core.words.devise import Epoch, TooLittle
from imsearch_core.words.space import Trained
from imsearch_core.words.spelling import respelt
from imsearch_core.words.vectors import Word

TAGS = 6
_WHAT_IS_LEARNED = (
    "Untaught, a picture lies where the names of the ImageNet classes seen in it lie among words. The labels "
    "of this collection teach where its pictures belong; a search uses the mean of both places. The first "
    "alone knows nothing of your labels, the second forgets all words that are not labels."
)
_LEARNING = "Learning from your labels"


def ask_for_text(photos: Collection) -> str:
    """The box for a text to search with; a text takes the place of a class."""
    knows_words = photos.classes.available

    def changed() -> None:
        if st.session_state["text"].strip():
            st.session_state["class"] = None

    text = st.text_input(
        "Search by text",
        key="text",
        bind="query-params",
        placeholder="Cat on a sofa…" if knows_words else "Not by this encoder",
        icon=":material/search:",
        on_change=changed,
    ).strip()
    if text and "class" not in st.session_state:
        st.session_state["class"] = None
    return text


def ask_for_weight() -> float:
    """How much a text counts against the picture, 0 to 1."""
    return st.slider(
        "Picture ↔ text",
        0.0,
        1.0,
        1.0,
        0.05,
        key="text_weight",
        bind="query-params",
        width=150,
        help="1: the text alone. Less: pictures that look like the query, too.",
    )


def use_text(text: str) -> None:
    """Search with a text; an empty one goes back to the picture."""
    st.session_state["text"], st.session_state["class"] = text, None


def learn_from_labels(photos: Collection) -> None:
    """Teach text search the labels, if they have something new to teach: in a second or two, once for all.

    A text tower reads texts by itself, and learns nothing here.
    """
    if photos.phrases is not None or not photos.classes.available or photos.words.is_up_to_date:
        return
    key = photos.folder, photos.encoder_name, photos.version, photos.corrections.version, _LEARNING
    try:
        in_background(lambda progress: photos.train_words(), _LEARNING, _LEARNING, key)
    except TooLittle:
        pass
    except ImsearchError as error:
        warn(error)


def show_words(photos: Collection, text: TextQuery) -> None:
    """How a text was understood, in one quiet line, with other spellings of the words that are not known."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        trained = None if photos.phrases else photos.words.trained
        read = f"Read {plain(text.understood)}"
        if trained:
            _show_learned(photos, trained, read)
        else:
            st.caption(read, width="content")
        offer_panel()
        offer_to_clear()
    if text.hint:
        st.caption(f":material/lightbulb: {plain(text.hint)}.")
    offer_spellings(text.text, [word for word in text.words if word.suggestions], use_text)


def offer_to_clear() -> None:
    """A button that goes back from the text to the picture."""
    st.button(
        "Clear text",
        icon=":material/close:",
        type="tertiary",
        key="clear_text",
        on_click=use_text,
        args=("",),
    )


def offer_spellings(text: str, unknown: Sequence[QueryWord], use: Callable[[str], None]) -> None:
    """What may have been meant by the unknown words of a text: a click calls `use` with it put right."""
    for stranger in unknown:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            asked = " Did you mean" if stranger.suggestions else ""
            st.caption(f"“{plain(stranger.word)}” is not known.{asked}", width="content")
            for spelling in stranger.suggestions:
                st.button(
                    plain(spelling),
                    key=f"for_{stranger.word}_{spelling}",
                    on_click=use,
                    args=(respelt(text, stranger.word, spelling),),
                )


def show_tags(tags: Sequence[Word], text: str) -> None:
    """The words nearest to a picture, each a button that searches for it.

    They lead to similar words unless a `text` is searched for, which does so itself.
    """
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption("Tags", width="content")
        for tag in tags:
            st.button(
                plain(tag.word),
                key=f"tag_{tag.word}",
                help=f"Search for this word; cosine {tag.cosine:.2f}",
                on_click=use_text,
                args=(tag.word,),
            )
        if not text:
            offer_panel()


def _show_learned(photos: Collection, trained: Trained, read: str) -> None:
    learned = f"Learned from {counted(len(trained.labels), 'label')}"
    with st.popover(learned, type="tertiary", key="learned", on_change="rerun") as details:
        if not details.open:
            return
        st.markdown(f"{read}. {_WHAT_IS_LEARNED}")
        show_chart(_curve(trained.epochs))
        best = max(epoch.held_out_cosine for epoch in trained.epochs)
        st.caption(f"Cosine to the label, on the fifth of the pictures that was held out: {best:.2f}.")
        left_out = sorted({*filter(None, photos.label_counts)} - {*trained.labels})
        if left_out:
            st.caption(f"Left out, because the word table lacks them: {', '.join(map(plain, left_out))}.")


def _curve(epochs: Sequence[Epoch]) -> Chart:
    """Cosine of the pictures trained on and of those held out, by epoch."""
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
    return chart(
        rows,
        height=260,
        description=f"Cosine to the label by epoch; after epoch {last.number}, {reached}",
        mark={"type": "line", "point": True},
        encoding={
            "x": quantity("epoch", axis={"tickMinStep": 1, "format": "d", "grid": False}),
            "y": quantity("cosine", scale={"zero": False}),
            "color": nominal(
                "pictures", scale={"domain": list(names)}, legend={"title": None, "orient": "top"}
            ),
            "tooltip": [
                nominal("pictures"),
                quantity("epoch"),
                quantity("cosine", format=".3f"),
            ],
        },
    )
