"""The 1000 ImageNet classes: finds one by any word for it, WordNet id or index, and names predictions.

Sources: the ILSVRC 2012 class list in Keras's order (data/imagenet_class_index.json); the other names in
each class's WordNet 3.0 synset, and our own everyday words (data/imagenet_synonyms.json).
"""

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nlargest

import numpy as np

from imsearch_core.errors import UsageError
from imsearch_core.files import SHIPPED

PEOPLE = "ImageNet has no class for people; these are near"
IRREGULAR_PLURALS = {
    "calves": "calf",
    "children": "child",
    "fungi": "fungus",
    "geese": "goose",
    "knives": "knife",
    "loaves": "loaf",
    "mice": "mouse",
    "oxen": "ox",
    "people": "person",
    "scarves": "scarf",
    "shelves": "shelf",
    "wolves": "wolf",
}


@dataclass(frozen=True)
class ImageNetClass:
    """One class: its index 0-999, WordNet id such as n02123597, and name such as "Siamese cat"."""

    index: int
    wnid: str
    name: str


@dataclass(frozen=True)
class Prediction(ImageNetClass):
    """A class that a classifier sees in a picture, with its softmax probability."""

    probability: float


@cache
def imagenet_classes() -> tuple[ImageNetClass, ...]:
    """All 1000 classes, in index order."""
    table = json.loads((SHIPPED / "imagenet_class_index.json").read_text("utf-8"))
    return tuple(
        ImageNetClass(index, wnid, name.replace("_", " "))
        for index, (wnid, name) in sorted((int(key), value) for key, value in table.items())
    )


@cache
def imagenet_indices(label: str) -> tuple[int, ...]:
    """The ImageNet classes that show one of the 20 Pascal classes, such as 281-285 for "cat".

    Empty for "person", which ImageNet does not have, and for any other label.
    """
    table = json.loads((SHIPPED / "imagenet_of_class.json").read_text("utf-8"))
    return _indices(table.get(label, ()))


@cache
def class_phrases() -> dict[str, tuple[int, ...]]:
    """Every phrase for a class, with the indices it means: names first, then the rest of their synsets,
    everyday words and words for people."""
    lexicon = _lexicon()
    meanings: dict[str, dict[int, None]] = {}
    for phrase in (*lexicon.names, *lexicon.synsets, *lexicon.everyday, *lexicon.people):
        meanings.setdefault(phrase.text, {}).update(dict.fromkeys(phrase.indices))
    return {text: tuple(indices) for text, indices in meanings.items()}


@cache
def ways_to_name() -> tuple[tuple[tuple[str, int], ...], ...]:
    """For each class, all phrases that mean it, each with the number of classes that the phrase means.

    Its name, the rest of its synset, and everyday words: "tabby" means one class, "puppy" means many.
    """
    lexicon = _lexicon()
    ways: list[list[tuple[str, int]]] = [[] for _ in imagenet_classes()]
    for phrase in (*lexicon.names, *lexicon.synsets, *lexicon.everyday):
        for index in phrase.indices:
            ways[index].append((phrase.text, len(phrase.indices)))
    return tuple(map(tuple, ways))


def find_class(query: int | str) -> ImageNetClass:
    """The class with this index, WordNet id, name or synonym, ignoring case, hyphens and plurals.

    Raises UsageError, with choices, if there is none or the word means several classes.
    """
    classes = imagenet_classes()
    text = str(query).strip()
    if re.fullmatch(r"-?\d{1,9}", text):
        if not 0 <= int(text) < len(classes):
            raise UsageError(f"ImageNet class {text} does not exist: indices go from 0 to {len(classes) - 1}")
        return classes[int(text)]
    found = [c for c in classes if text.lower() == c.wnid] or [classes[i] for i in _meanings(text)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{text!r} names {len(found)} ImageNet classes: give one of the numbers {_choices(found)}"
        )
    near = ", ".join(f"{c.name} ({c.index})" for c in search_classes(text)[:5])
    if note_about(text):
        raise UsageError(f"{PEOPLE}: {near}")
    raise UsageError(f"no ImageNet class is called {text!r}" + (f": did you mean {near}?" if near else ""))


def search_classes(text: str) -> list[ImageNetClass]:
    """The classes that `text` may mean, best first; none if nothing is even similar.

    Exact names come first, then synonyms, the meanings of an everyday word such as "puppy", whole words
    of names and of synonyms, and beginnings of words. If none of these match: beginnings of synonyms, ends
    of words, then similar spellings. A word for people gives related classes; see `note_about`.
    """
    plain = _plain(text)
    classes = imagenet_classes()
    for matching in (_numbered, _near_people, _worded, _partly, _spelt_like):
        if plain and (found := dict.fromkeys(matching(plain))):
            return [classes[i] for i in found]
    return []


def note_about(text: str) -> str | None:
    """A note for anyone who searches for `text`: for a word such as "man", that ImageNet has no people."""
    return f"{PEOPLE}." if _near_people(_plain(text)) else None


@lru_cache(maxsize=10_000)
def meant_by(label: str) -> dict[int, str]:
    """The classes that a label may mean, best first, by index; none if it means people."""
    text = label.replace("_", " ")
    return {} if note_about(text) else {found.index: found.name for found in search_classes(text)}


def probabilities(logits: np.ndarray) -> np.ndarray:
    """float [..., 1000]: how probable each class is in a picture, for logits of that shape."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def top_classes(logits: np.ndarray, k: int) -> list[Prediction]:
    """The `k` most probable classes for the logits float [1000] of one picture, best first."""
    probable = probabilities(logits)
    best = np.argsort(-probable, kind="stable")[:k]
    classes = imagenet_classes()
    return [Prediction(c.index, c.wnid, c.name, float(probable[c.index])) for c in (classes[i] for i in best)]


@dataclass(frozen=True)
class _Phrase:
    """A phrase for one class or, like "puppy", for several: as written, and in lower case between spaces."""

    text: str
    plain: str
    singular: str
    indices: tuple[int, ...]


@dataclass(frozen=True)
class _Lexicon:
    """All phrases, by kind, in the order of the tables."""

    names: tuple[_Phrase, ...]
    synsets: tuple[_Phrase, ...]
    everyday: tuple[_Phrase, ...]
    people: tuple[_Phrase, ...]


@cache
def _lexicon() -> _Lexicon:
    table = json.loads((SHIPPED / "imagenet_synonyms.json").read_text("utf-8"))
    return _Lexicon(
        names=tuple(_phrase(c.name, (c.index,)) for c in imagenet_classes()),
        synsets=tuple(
            _phrase(name, (int(key),)) for key, names in table["synsets"].items() for name in names
        ),
        everyday=_grouped(table["everyday"]),
        people=_grouped(table["people"]),
    )


def _grouped(table: dict[str, list[str]]) -> tuple[_Phrase, ...]:
    return tuple(
        _phrase(word, _indices(spans)) for words, spans in table.items() for word in words.split(", ")
    )


def _phrase(text: str, indices: tuple[int, ...]) -> _Phrase:
    plain = _plain(text)
    return _Phrase(text, f" {plain} ", f" {_singular(plain)} ", indices)


def _indices(spans: Iterable[str]) -> tuple[int, ...]:
    """The numbers in spans such as "281-285" and "404"."""
    ends = ([int(end) for end in span.split("-")] for span in spans)
    return tuple(index for first, *last in ends for index in range(first, (last or [first])[0] + 1))


@cache
def _by_key() -> tuple[dict[str, list[int]], ...]:
    """What each word means as a name, as a synonym, as an everyday word and, last, as a word for people."""
    lexicon = _lexicon()
    tables: list[dict[str, list[int]]] = []
    for phrases in (lexicon.names, lexicon.synsets, lexicon.everyday, lexicon.people):
        tables.append({})
        for phrase in phrases:
            tables[-1].setdefault(phrase_key(phrase.plain), []).extend(phrase.indices)
    return tuple(tables)


def _meanings(text: str) -> list[int]:
    """The classes that have `text` as their name, or else as a synonym, or else as an everyday word."""
    plain, key = _plain(text), phrase_key(text)
    *tables, _ = _by_key()
    found = list(dict.fromkeys(next((table[key] for table in tables if key in table), ())))
    return [i for i in found if plain == _plain(imagenet_classes()[i].name)] or found


def _numbered(plain: str) -> list[int]:
    return [c.index for c in imagenet_classes() if plain in (c.wnid, str(c.index))]


def _near_people(plain: str) -> list[int]:
    return _by_key()[-1].get(phrase_key(plain), [])


def _worded(plain: str) -> Iterator[int]:
    """The classes with `plain` as a name, with its words in a name, or with words that begin with it."""
    lexicon, (*tables, _) = _lexicon(), _by_key()
    others = (*lexicon.synsets, *lexicon.everyday)
    start = f" {plain}"
    yield from _meanings(plain)
    for table in tables:
        yield from table.get(phrase_key(plain), ())
    yield from _with_words(lexicon.names, plain)
    yield from sorted(_with_words(others, plain))
    yield from (i for p in lexicon.names if start in p.plain for i in p.indices)


def _with_words(phrases: Iterable[_Phrase], plain: str) -> Iterator[int]:
    """The classes of the phrases that hold every word of `plain`, in the singular or not."""
    first, *others = (f" {word} " for word in _singular(plain).split())
    for phrase in phrases:
        if first in phrase.singular and all(word in phrase.singular for word in others):
            yield from phrase.indices


def _partly(plain: str) -> Iterator[int]:
    """The classes with a word in a synonym that begins with `plain`, or in a name that ends with it."""
    lexicon = _lexicon()
    others = (*lexicon.synsets, *lexicon.everyday)
    yield from sorted(i for p in others if f" {plain}" in p.plain for i in p.indices)
    yield from (i for p in lexicon.names if f"{plain} " in p.plain for i in p.indices)


def _spelt_like(plain: str) -> Iterator[int]:
    spellings, pairs = _spellings(), _letter_pairs(plain)
    likely = nlargest(30, spellings, key=lambda word: _overlap(pairs, spellings[word][0]))
    for word in difflib.get_close_matches(plain, likely, n=5, cutoff=0.75):
        yield from spellings[word][1]


@cache
def _spellings() -> dict[str, tuple[frozenset[str], list[int]]]:
    """For every phrase and every word of a name: its pairs of letters, and the classes that it means."""
    lexicon = _lexicon()
    table: dict[str, tuple[frozenset[str], list[int]]] = {}
    phrases = (*lexicon.names, *lexicon.synsets, *lexicon.everyday)
    spelt = [(p.plain.strip(), p) for p in phrases]
    spelt += [(word, p) for p in lexicon.names for word in p.plain.split()]
    for word, phrase in spelt:
        table.setdefault(word, (_letter_pairs(word), []))[1].extend(phrase.indices)
    return table


def _overlap(pairs: frozenset[str], others: frozenset[str]) -> float:
    return len(pairs & others) / (len(pairs) + len(others))


def _letter_pairs(word: str) -> frozenset[str]:
    return frozenset(first + second for first, second in zip(f" {word}", f"{word} ", strict=True))


@lru_cache(maxsize=1 << 16)
def phrase_key(text: str) -> str:
    """The form in which phrases are compared: "hotdog" for "Hot dogs"."""
    return _singular(_plain(text)).replace(" ", "")


def _singular(plain: str) -> str:
    return " ".join(_singular_word(word) for word in plain.split())


def _singular_word(word: str) -> str:
    """The same stem for a word and its plural, not always an English one: "bus", "vas", "puppy"."""
    word = re.sub("men$", "man", IRREGULAR_PLURALS.get(word, word))
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    if len(word) > 3 and word.endswith("ie"):
        return word[:-2] + "y"
    if len(word) > 3 and word.endswith("oe"):
        return word[:-1]
    return re.sub("(s|x|z|ch|sh)e$", r"\1", word)


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.replace("_", " ").replace("'", "").lower()))


def _choices(classes: list[ImageNetClass]) -> str:
    """A few indices, each with its class's name or, if the names are the same, its WordNet id."""
    alike = len({c.name.lower() for c in classes}) == 1
    shown = ", ".join(f"{c.index} ({c.wnid if alike else c.name})" for c in classes[:6])
    return shown + (f" and {len(classes) - 6} more" if len(classes) > 6 else "")
