"""A panel of the Search page: words similar to a text, each with its picture, and arithmetic with words."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.encoders.imagenet import note_about, search_classes
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.ui.components.gallery import cells, gallery
from imsearch_core.ui.shell.text import plain, sentence
from imsearch_core.ui.words.door import close_panel
from imsearch_core.ui.words.tables import word_table
from imsearch_core.words.glove import BUILTIN, Glove, glove_files
from imsearch_core.words.vectors import Word

EXAMPLES = ("ocean", "sofa", "king − man + woman", "kitten − cat + dog", "dining table")
BUILT_IN = "Built in"
SHOWN = 8

Use = Callable[[str], None]


def show_panel(photos: Collection, text: str, use_text: Use, use_class: Callable[[int], None]) -> None:
    """The words similar to a text; a click on one calls `use_text` with it.

    `use_class` gets the index of an ImageNet class that the text may mean, when that is clicked.
    """
    with st.container(border=True):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"**Words similar to {plain(text)}**", width="stretch")
            name = _choose_table()
            st.button(
                "Close", icon=":material/close:", type="tertiary", key="close_words", on_click=close_panel
            )
        try:
            glove = _table(name)
            meaning = glove.table.meaning(text)
            near = glove.table.nearest(meaning, SHOWN)
        except (ImsearchError, OSError) as error:
            st.caption(sentence(error))
        else:
            _show_words(photos, near, use_text)
            _offer_classes([near[0].word] if meaning.minus else list(meaning.plus), use_class)
            if glove.note:
                st.caption(f"{plain(glove.note)}.")
        _offer("example", EXAMPLES, use_text, "Try")


def _choose_table() -> str:
    """The table of words: the built-in one, or a GloVe file."""
    names = [BUILT_IN, *(path.stem for path in glove_files())]
    if len(names) == 1:
        return BUILT_IN
    return st.selectbox(
        "Word vectors", names, key="table", bind="query-params", width=200, label_visibility="collapsed"
    )


def _table(name: str) -> Glove:
    path = next((path for path in glove_files() if path.stem == name), None)
    return word_table(str(path or BUILTIN), path.stat().st_mtime_ns if path else 0)


def _show_words(photos: Collection, near: Sequence[Word], use_text: Use) -> None:
    """Each word with the picture that shows it best, no picture twice; those without one as buttons."""
    picture_of: dict[str, Word] = {}
    bare = []
    for word in near:
        file = _best_picture(photos, word.word, picture_of)
        if file:
            picture_of[file] = word
        else:
            bare.append(word.word)
    if picture_of:
        shown = [
            replace(cell, label=word.word, was="", also=(), tags=(), move=f"{word.cosine:.2f}", ratio=4 / 3)
            for cell, word in zip(cells(photos, list(picture_of)), picture_of.values(), strict=True)
        ]
        gallery(shown, "similar_words", lambda file: use_text(picture_of[file].word), columns=4)
    _offer("near", bare, use_text)


def _best_picture(photos: Collection, word: str, taken: dict[str, Word]) -> str | None:
    """The picture most similar to a word that is not `taken`; None if texts cannot be searched for."""
    try:
        found = photos.search_text(word, len(taken) + 1)
    except UsageError:
        return None
    return next((result.file for result in found.results if result.file not in taken), None)


def _offer(kind: str, texts: Sequence[str], use_text: Use, about: str = "") -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if about:
            st.caption(about, width="content")
        for text in texts:
            key = f"{kind}_{text}"
            st.button(plain(text), key=key, on_click=use_text, args=(text,), type="tertiary")


def _offer_classes(words: Sequence[str], use_class: Callable[[int], None]) -> None:
    """The ImageNet classes that words may mean."""
    classes = {found.index: found.name for word in words for found in search_classes(word)[:6]}
    for note in dict.fromkeys(filter(None, map(note_about, words))):
        st.caption(note)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if classes:
            st.caption("More of a class", width="content")
        for index, name in list(classes.items())[:8]:
            st.button(name, key=f"class_{index}", on_click=use_class, args=(index,), type="tertiary")
