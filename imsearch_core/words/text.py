"""Reads a text as a query: its place in word space, and what is known about each of its words."""

from collections.abc import Collection

from imsearch_core.search.query import QueryWord, TextQuery, WordStatus
from imsearch_core.search.signed import negation_hint
from imsearch_core.words.vectors import WordVectors


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
    hint = None if text in words else negation_hint(text)
    return TextQuery(text, meaning.vector, f"word by word, with {words.name}", (*known, *unknown), hint)
