"""A text as a query for pictures: its place in word space, and what is known of each of its words."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from imsearch_core.words.vectors import WordVectors

_NEGATED = re.compile(r"\b(?:not|no|without|except)\s+(?:(?:a|an|any|the)\s+)?(\w[\w'-]*)", re.IGNORECASE)


class WordStatus(StrEnum):
    """What the search knows of a word."""

    TRAINED = "trained on"
    """It is a label that the collection's head was trained on, or part of one."""
    UNSEEN = "unseen"
    """The word table knows it; no picture was trained on it."""
    UNKNOWN = "unknown"
    """Not in the word table: it takes no part in the search."""


@dataclass(frozen=True)
class QueryWord:
    """One word or phrase of a text."""

    word: str
    status: WordStatus
    suggestions: tuple[str, ...] = ()
    """Words of the table that are spelt like an unknown one, best first."""


@dataclass(frozen=True)
class TextQuery:
    """A text to search pictures with."""

    text: str
    vector: np.ndarray
    """float32 [d]: its place in word space, of length 1."""
    words: tuple[QueryWord, ...]
    """What it consists of, without words that say nothing, such as "the"."""
    hint: str | None = None
    """How to write what was probably meant; None if the text can be taken as it stands."""


def read_text(text: str, words: WordVectors, trained_on: Collection[int]) -> TextQuery:
    """Read a text with a word table; `trained_on` are the rows of words that were trained on.

    Raises UsageError, fit to be shown, if no word of it is known.
    """
    meaning = words.meaning(text)
    known = (
        QueryWord(word, WordStatus.TRAINED if words.find(word) in trained_on else WordStatus.UNSEEN)
        for word in dict.fromkeys((*meaning.plus, *meaning.minus))
    )
    unknown = (QueryWord(u.word, WordStatus.UNKNOWN, u.suggestions) for u in meaning.unknown)
    return TextQuery(text, meaning.vector, (*known, *unknown), _hint(text, words))


def _hint(text: str, words: WordVectors) -> str | None:
    """How to ask for pictures without something: "not a cat" is read as "cat"."""
    negated = _NEGATED.search(text)
    if negated is None or text in words:
        return None
    return f"“{negated[0]}” is read as “{negated[1]}”: to move away from it, write “− {negated[1]}”"
