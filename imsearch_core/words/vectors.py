"""Word vectors: what a text means, and the words nearest to it.

The built-in table lies in data/word_table, with its origin and licence; `glove.load_glove` reads others.
"""

import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256

import numpy as np

from imsearch_core.errors import UsageError
from imsearch_core.files import SHIPPED, data_dir
from imsearch_core.index import DEFAULT_ENGINE, Contents, Index, open_index
from imsearch_core.search.likely import unrelated_phrases
from imsearch_core.search.query import QueryWord, WordStatus
from imsearch_core.search.signed import signed_phrases
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.unit import unit
from imsearch_core.words.spelling import SUGGESTIONS, Spellings, as_plain_words

TABLE = SHIPPED / "word_table"
ENGINES = (DEFAULT_ENGINE, "annoy")
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a about above after all also am an and any are as at be been before being below but by can could "
        "did do  does doing down each few for from had has have having he her here hers him his how i if "
        "in into is it  its itself just me more most my no nor not of off on once only or other our out "
        "over own s same she so  some someone something somebody such t than that the their them then "
        "there these they thing things this  those through to too under until up very was we were what "
        "when where which while who whom why will with  would you your",
    )
)
"""Words that say little: left out of an average when others are there."""

_LONGEST_PHRASE = 6
_HINT = "type a word or a few, such as ocean, cat on a sofa, or king − man + woman"


@dataclass(frozen=True)
class Word:
    """A word of a table and its cosine similarity to the query."""

    word: str
    cosine: float


@dataclass(frozen=True)
class Meaning:
    """A text's place in word space."""

    vector: np.ndarray
    """float32 [d], of length 1."""
    plus: tuple[str, ...]
    """The words and phrases of the table that it is made of."""
    minus: tuple[str, ...]
    """Those that are subtracted."""
    unknown: tuple[QueryWord, ...]
    """What was left out because the table lacks it."""


class UnknownWordsError(UsageError):
    """No word of the text is known; `unknown` has what may have been meant."""

    def __init__(self, message: str, unknown: tuple[QueryWord, ...]) -> None:
        super().__init__(message)
        self.unknown = unknown


class WordVectors:
    """Words and phrases, each with a vector of length 1. Read-only; may be shared between threads."""

    def __init__(self, name: str, words: Sequence[str], vectors: np.ndarray, version: str) -> None:
        """`words`, the commonest first where that is known; `vectors` float32 [n, d], rows of length 1.

        `name` is what messages call the table; `version` distinguishes tables in what is kept on disk.
        """
        self.name = name
        self.words = words
        self.vectors = vectors
        self.version = version
        self._indexes: dict[str, Index] = {}
        self._opening_index = threading.Lock()

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, text: str) -> bool:
        return self.find(text) is not None

    @property
    def dimension(self) -> int:
        return self.vectors.shape[1]

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self.words)

    @cached_property
    def bank(self) -> np.ndarray:
        """float32 [b, d]: the meanings of phrases that few collections show; see `search.likely`."""
        return np.stack([self.meaning(phrase).vector for phrase in unrelated_phrases()])

    def find(self, text: str) -> int | None:
        """The row of a word or phrase in any spelling: see `Spellings.find`."""
        return self._spellings.find(text)

    def meaning(self, text: str) -> Meaning:
        """What a text means: the mean of its words' vectors; a phrase of the table counts as one word.

        Words that say little (`STOP_WORDS`) count only if there are no others. With "+" and "−" between
        words or phrases, the sum of what each means, as in Mikolov, Yih and Zweig, "Linguistic Regularities
        in Continuous Space Word Representations", NAACL 2013.
        Raises UsageError, fit to be shown, if the text has no meaning: UnknownWordsError if that is only
        because its words are not known.
        """
        if not text.strip():
            raise UsageError(_HINT)
        total = np.zeros(self.dimension, np.float32)
        found: dict[int, list[str]] = {1: [], -1: []}
        unknown: list[str] = []
        for sign, phrase in signed_phrases(text):
            rows, strangers = self._split(phrase)
            unknown += strangers
            telling = [row for row in rows if self.words[row].lower() not in STOP_WORDS]
            if not telling and not strangers:
                telling = rows
            if telling:
                total += sign * unit(self.vectors[telling].mean(axis=0))
                found[sign] += [self.words[row] for row in telling]
        strangers = tuple(map(self._unknown, dict.fromkeys(unknown)))
        if not found[1] and not found[-1]:
            raise UnknownWordsError(self._nothing_known(text, strangers), strangers)
        if np.linalg.norm(total) < 1e-3:
            raise UsageError(f"the words of {_quoted(text)} cancel each other out")
        return Meaning(unit(total), tuple(found[1]), tuple(found[-1]), strangers)

    def nearest(self, meaning: Meaning, k: int = 10, engine: str = DEFAULT_ENGINE) -> list[Word]:
        """The `k` words nearest to what a text means, nearest first, without its own words.

        Raises UsageError for k below 1.
        """
        if k < 1:
            raise UsageError(f"{k} words cannot be shown: ask for 1 or more")
        own = {*meaning.plus, *meaning.minus}
        rows, similarities = self._index(engine).query(meaning.vector, k + len(own))
        near = (Word(self.words[row], float(s)) for row, s in zip(rows, similarities, strict=True))
        return [word for word in near if word.word not in own][:k]

    def _split(self, phrase: str) -> tuple[list[int], list[str]]:
        """The rows of the longest phrases and words that `phrase` is made of, and the words not known."""
        whole = self.find(phrase)
        if whole is not None:
            return [whole], []
        tokens = [token for word in phrase.split() for token in self._pieces(word)]
        rows, unknown, start = [], [], 0
        while start < len(tokens):
            for end in range(min(start + _LONGEST_PHRASE, len(tokens)), start, -1):
                row = self._row_of(tokens[start:end])
                if row is not None:
                    rows.append(row)
                    break
            else:
                if tokens[start] not in STOP_WORDS:
                    unknown.append(tokens[start])
            start = end
        return rows, unknown

    def _pieces(self, word: str) -> list[str]:
        """A word that may have hyphens or underscores: the word itself if it is known, else its parts."""
        return [word] if "-" in word and word in self else as_plain_words(word).split()

    def _row_of(self, tokens: Sequence[str]) -> int | None:
        """The row of a word, or of a phrase of several words: "a round" is not "around" here."""
        return self.find(tokens[0]) if len(tokens) == 1 else self._spellings.find_phrase(tokens)

    def _unknown(self, word: str) -> QueryWord:
        alike = tuple(self.words[row] for row in self._spellings.closest(word))
        return QueryWord(word, WordStatus.UNKNOWN, alike)

    def _index(self, engine: str) -> Index:
        with self._opening_index:
            if engine not in self._indexes:
                contents = Contents(
                    Embeddings(self.vectors, np.arange(len(self))),
                    items=(),
                    fingerprint={},
                    cache=data_dir() / "words" / "indexes" / self.version[:16],
                    version=self.version,
                )
                self._indexes[engine] = open_index(engine, contents)
            return self._indexes[engine]

    def _nothing_known(self, text: str, unknown: Sequence[QueryWord]) -> str:
        letters = [c for c in text if c.isalpha()]
        if not letters:
            return f"there are no words in {_quoted(text)}: {_HINT}"
        if not any(unicodedata.name(c, "").startswith("LATIN") for c in letters):
            return f"{_quoted(text)} is in a script that {self.name} does not know: its words are English"
        suggestions = list(dict.fromkeys(s for stranger in unknown for s in stranger.suggestions))
        meant = f": did you mean {', '.join(suggestions[:SUGGESTIONS])}?" if suggestions else f": {_HINT}"
        return f"{self.name} knows no word of {_quoted(text)}{meant}"


@cache
def load_words() -> WordVectors:
    """The built-in table: some 30 000 English words and all names of the ImageNet classes."""
    words = (TABLE / "words.txt").read_text("utf-8").splitlines()
    with np.load(TABLE / "vectors.npz") as table:
        stored = table["vectors"]
        vectors = stored * table["scales"]
    return WordVectors("the built-in table", words, unit(vectors), sha256(stored).hexdigest())


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"
