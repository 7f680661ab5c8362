"""How words are spelt: the spellings under which a table has a word, and those close to a misspelt one."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from imsearch_core.encoders.imagenet import IRREGULAR_PLURALS

SUGGESTIONS = 5
_COMMON = 50_000  # how many words of a large table a misspelt one is compared with


class Spellings:
    """Every spelling under which a word or phrase of a table can be found, and its row there."""

    def __init__(self, words: Sequence[str]) -> None:
        """`words`, the commonest first where that is known; where two share a spelling, the first counts."""
        self.closest = lru_cache(1000)(self._closest)
        """(word) → the rows of up to five words that are spelt like it, best first.

        Those one letter or one swap away (Norvig, "How to Write a Spelling Corrector", 2007), the
        commonest first; then what difflib finds among the words that begin with the same letter.
        """
        self._row_of = {word: row for row, word in reversed(list(enumerate(words)))}
        for row, word in enumerate(words):
            if not (word.isalnum() and word.islower()):
                plain = as_plain_words(word)
                self._row_of.setdefault(plain, row)
                self._row_of.setdefault(plain.replace(" ", ""), row)

    def find(self, text: str) -> int | None:
        """The row of a word or phrase, ignoring case, hyphens, underscores, spaces, accents and plurals."""
        return self._first(_spellings(text))

    def find_phrase(self, words: Sequence[str]) -> int | None:
        """The row of a phrase of exactly these words, ignoring accents and the plural of the last."""
        *first, last = words
        return self._first(" ".join([*first, form]) for form in _forms(last))

    def _closest(self, word: str) -> list[int]:
        word = as_plain_words(word)
        if not 2 < len(word) < 40:
            return []
        near = sorted({self._row_of[edit] for edit in _edits(word) if edit in self._row_of})
        alike = [
            spelling
            for spelling, row in self._row_of.items()
            if spelling[:1] == word[0] and abs(len(spelling) - len(word)) < 3 and row < _COMMON
        ]
        close = difflib.get_close_matches(word, alike, SUGGESTIONS, cutoff=0.75)
        rows = [*near[: SUGGESTIONS - 1], *(self._row_of[spelling] for spelling in close)]
        return list(dict.fromkeys(rows))[:SUGGESTIONS]

    def _first(self, spellings: Iterator[str]) -> int | None:
        return next((self._row_of[spelling] for spelling in spellings if spelling in self._row_of), None)


def as_plain_words(text: str) -> str:
    """In lower case, words separated by single spaces: "Cat's-eye_view" is "cat eye view"."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    text = re.sub(r"'s\b", "", text).replace("'", "")
    return " ".join(re.findall(r"[^\W_]+", text))


def respelt(text: str, word: str, spelling: str) -> str:
    """`text` with another spelling wherever `word` occurs as a whole word, in any case."""
    alone = rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"
    return re.sub(alone, lambda _: spelling, text, flags=re.IGNORECASE)


def _spellings(text: str) -> Iterator[str]:
    """The spellings under which a table may have a word or phrase, likeliest first."""
    text = text.strip()
    yield text
    plain = as_plain_words(text)
    *first, last = plain.split(" ")
    forms = [" ".join([*first, form]) for form in _forms(last)]
    yield from forms
    if first:
        yield from (form.replace(" ", "") for form in forms)


def _forms(word: str) -> Iterator[str]:
    """A word without and with its accents, then what may be its singular and its plural."""
    yield word
    word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    yield word
    if word in IRREGULAR_PLURALS:
        yield IRREGULAR_PLURALS[word]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
        if word.endswith("es"):
            yield word[:-2]
        if word.endswith("ies"):
            yield word[:-3] + "y"
    if word:
        yield word + "s"


def _edits(word: str) -> set[str]:
    """All spellings one deletion, swap, replacement or insertion away from `word`."""
    letters = "abcdefghijklmnopqrstuvwxyz "
    parts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    edits = {a + b[1:] for a, b in parts if b} | {a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1}
    edits |= {a + c + b[1:] for a, b in parts if b for c in letters}
    return edits | {a + c + b for a, b in parts for c in letters}
