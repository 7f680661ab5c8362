"""Reads a text as a query: its place in word space, and what is known about each of its words."""

import re
from collections.abc import Collection

from imsearch_core.search.query import QueryWord, TextQuery, WordStatus
from imsearch_core.words.vectors import WordVectors

_NEGATED = re.compile(r"\b(?:not|no|without|except)\s+(?:(?:a|an|any|the)\s+)?(\w[\w'-]*)", re.IGNORECASE)


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
