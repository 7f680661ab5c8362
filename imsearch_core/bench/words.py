"""Do words find pictures, and pictures words?

For each class present in at least 9 pictures we count how many of the 9 pictures nearest to its name show
it, according to `all_labels` of labels.csv. We do the same for everyday words for the classes. No label is
such a word, but ConSE knows its classes by most of them; "names" is ConSE without that. We also ask whether
one of each picture's 10 tags is a word for a class in it and, with a table of captions, whether each caption
finds its own photo among the 10 nearest photos that have captions.

The verdict *likely* is measured too: how many phrases that no picture shows have a likely picture, and how
many texts whose first picture is right have a likely first picture. This is done for all pictures, and for
random parts of them, as a small collection has fewer pictures to tell by.

Every picture is placed by a head that has not seen it: five heads are trained, each on the labels of four
fifths of the pictures (a fifth of these decides when to stop), and place the others.
"""

import argparse
import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from imsearch_core.bench.command import LABELLED, add_bench, argument, option
from imsearch_core.cli.common import fetch_encoder, progress_bar
from imsearch_core.collection import Collection
from imsearch_core.encoders import DEFAULT_ENCODER
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import SHIPPED
from imsearch_core.phrases.space import PhraseSpace
from imsearch_core.progress import Progress, silent
from imsearch_core.search.likely import calibrate, unrelated_phrases
from imsearch_core.vectors.embeddings import best
from imsearch_core.vectors.unit import unit
from imsearch_core.words.conse import class_vectors, closest_class, conse
from imsearch_core.words.devise import split, targets, train
from imsearch_core.words.space import K, blend, nearest_tags, precision
from imsearch_core.words.vectors import Word, WordVectors, load_words

TAGS = 10
RECALL_AT = 10
RECALLS = (1, 5, RECALL_AT)
SIZES = (10, 36, 100, 300)
DRAWS = 10
ABSENT = SHIPPED / "absent_phrases.txt"
"""Phrases, and sentences that end with a full stop."""
_SYNONYMS = {
    "aeroplane": "plane airplane jet",
    "bicycle": "bike cycle",
    "bird": "pigeon",
    "boat": "ship yacht",
    "bottle": "wine beer pub",
    "bus": "lorry",
    "car": "lorry automobile",
    "cat": "kitty kitten",
    "chair": "armchair",
    "cow": "calf cattle",
    "dog": "puppy hound",
    "horse": "foal pony",
    "motorbike": "bike cycle motorcycle",
    "person": "pub",
    "potted_plant": "houseplant",
    "sheep": "lamb ewe",
    "sofa": "armchair couch settee",
    "train": "railway locomotive",
    "tv_monitor": "telly television",
}
"""Everyday words for the Pascal classes; some stand for several."""
_NO_IMAGENET_CLASS = "person"

Ways = dict[str, np.ndarray]
Count = tuple[int, int]
"""How many, and of how many."""


class _Text(NamedTuple):
    meaning: np.ndarray
    closest: float
    """How close an ImageNet class comes."""
    shown: np.ndarray
    """bool [n]: by which pictures."""


@dataclass(frozen=True)
class WordSearch:
    """The figures of one way of placing pictures among words; shares are 0 to 1, None if not measurable."""

    table: str
    way: str
    """conse, devise or blend; names is ConSE with the classes' names alone, as in its paper."""
    classes: Mapping[str, float]
    """Precision at 9 for the name of each class present in at least 9 pictures."""
    synonyms: Mapping[str, float]
    """Precision at 9 for everyday words for them."""
    tags: float | None
    """How often one of a picture's 10 tags is a word for a class present."""
    recall: Mapping[int, float | None]
    """How often a caption finds its own photo among the RECALLS nearest."""
    absent_likely: tuple[str, ...]
    """Of the texts that no picture shows, those with a likely picture."""

    @property
    def class_precision(self) -> float | None:
        """Mean over the classes that ImageNet knows: all but person."""
        return _mean([p for label, p in self.classes.items() if label != _NO_IMAGENET_CLASS])

    @property
    def synonym_precision(self) -> float | None:
        return _mean(list(self.synonyms.values()))


@dataclass(frozen=True)
class Likely:
    """The verdict *likely*, for all pictures or for DRAWS random parts of one size taken together."""

    way: str
    pictures: int
    absent_phrases: Count
    """Those with a likely picture."""
    absent_sentences: Count
    """The same for those that end with a full stop."""
    absent_classes: Count
    """The same for names and everyday words of classes that only pictures outside the part show."""
    names: Count
    """Class names and everyday words whose right first picture is likely."""
    likely_right: Count
    """Of the likely pictures of all class names and everyday words that a picture shows, those that do."""
    captions: Count
    """Captions whose right first picture is likely."""


@dataclass(frozen=True)
class WordsBench:
    """What `bench words` measures."""

    ways: tuple[WordSearch, ...]
    likely: tuple[Likely, ...]


def bench_words(
    folder: Path,
    captions: Path | None = None,
    progress: Progress = silent,
    encoder: str = DEFAULT_ENCODER,
    absent: Sequence[str] = (),
) -> WordsBench:
    """Measure ConSE, DeViSE and their blend on `folder`, with the built-in table.

    An `encoder` with a text tower is measured by that alone.

    `captions` is a CSV file with the columns file and captions, joined by "|". `absent` are texts that no
    picture shows. Raises UsageError if the folder has too few labels to train on, or the captions cannot be
    read.
    """
    photos = Collection.open(folder, encoder, progress=progress)
    captioned = _captions(photos, captions) if captions else []
    if photos.phrases:
        return _bench([_measure_tower(photos, photos.phrases, captioned, absent)])
    words = load_words()

    def meaning(text: str) -> np.ndarray:
        return words.meaning(text).vector

    asked = [(item, _meant(meaning, caption)) for item, caption in captioned]

    def closest(vectors: np.ndarray) -> np.ndarray:
        return closest_class(words, vectors)

    return _bench(
        _measure(
            photos, words.name, way, rows, meaning, closest, nearest_tags(words, rows, TAGS), asked, absent
        )
        for way, rows in _places(photos, words).items()
    )


def _bench(measured: Iterable[tuple[WordSearch, tuple[Likely, ...]]]) -> WordsBench:
    ways, parts = zip(*measured, strict=True)
    return WordsBench(ways, tuple(part for of_way in parts for part in of_way))


def _measure_tower(
    photos: Collection, phrases: PhraseSpace, captioned: list[tuple[int, str]], absent: Sequence[str]
) -> tuple[WordSearch, tuple[Likely, ...]]:
    """The same figures for an encoder's own text tower."""

    def meaning(text: str) -> np.ndarray:
        return phrases.query(text).vector

    def closest(vectors: np.ndarray) -> np.ndarray:
        return np.full(vectors.shape[:-1], np.inf)

    rows = unit(photos.embeddings.rows(np.arange(len(photos))))
    tags = [phrases.tags(row, TAGS) for row in rows]
    asked = [(item, meaning(caption)) for item, caption in captioned]
    return _measure(photos, photos.encoder_name, phrases.method, rows, meaning, closest, tags, asked, absent)


def _places(photos: Collection, words: WordVectors) -> Ways:
    """float32 [n, d] of length 1, by way; the trained ones out of fold."""
    embeddings = photos.embeddings.rows(np.arange(len(photos)))
    untrained = conse(embeddings, photos.head, class_vectors(words))
    wanted = targets(words, [item.all_labels for item in photos.items])
    parts, labelled = split(len(photos)), wanted.any(axis=1)
    rows, trained = unit(embeddings), np.zeros_like(untrained)
    for part in range(5):
        taught = np.flatnonzero((parts != part) & labelled)
        try:
            head, _ = train(rows[taught], wanted[taught], split(len(taught)) == 0)
        except ImsearchError as error:
            raise UsageError(f"{photos.folder}: {error}") from error
        trained[parts == part] = head.place(rows[parts == part])
    names = conse(embeddings, photos.head, class_vectors(words, names_only=True))
    return {"names": names, "conse": untrained, "devise": trained, "blend": blend(untrained, trained)}


def _measure(
    photos: Collection,
    table: str,
    way: str,
    places: np.ndarray,
    meaning: Callable[[str], np.ndarray],
    closest: Callable[[np.ndarray], np.ndarray],
    tags: Sequence[Sequence[Word]],
    captioned: list[tuple[int, np.ndarray | None]],
    absent: Sequence[str],
) -> tuple[WordSearch, tuple[Likely, ...]]:
    nowhere = np.zeros(len(photos), bool)
    holds = {
        label: np.array([label in item.all_labels for item in photos.items])
        for label in sorted({label for item in photos.items for label in item.all_labels})
    }
    by_synonym: dict[str, np.ndarray] = {}
    for label, words in _SYNONYMS.items():
        for word in words.split():
            by_synonym[word] = by_synonym.get(word, nowhere) | holds.get(label, nowhere)

    def meant(texts: Mapping[str, np.ndarray]) -> dict[str, _Text]:
        """Texts and which pictures show them; without those of which no word is known."""
        return {
            text: _Text(vector, float(closest(vector)), shown)
            for text, shown in texts.items()
            if (vector := _meant(meaning, text.replace("_", " "))) is not None
        }

    def precisions(asked: Mapping[str, _Text]) -> dict[str, float]:
        return {
            text: precision(places @ one.meaning, one.shown)
            for text, one in asked.items()
            if one.shown.sum() >= K
        }

    classes, synonyms, strange = meant(holds), meant(by_synonym), meant(dict.fromkeys(absent, nowhere))
    names = [*classes.values(), *synonyms.values()]
    sentences = [one for text, one in strange.items() if text.endswith(".")]
    phrases = [one for text, one in strange.items() if not text.endswith(".")]
    described = [
        _Text(vector, float(closest(vector)), np.arange(len(photos)) == i)
        for i, vector in captioned
        if vector is not None
    ]
    bank = np.stack([meaning(phrase) for phrase in unrelated_phrases()])
    closest_to_bank = closest(bank)

    def judge(part: np.ndarray) -> _Judge:
        return _Judge(places[part], part, bank, closest_to_bank)

    def judged(judges: list[_Judge], pictures: int) -> Likely:
        return Likely(
            way,
            pictures,
            *(_sum(each.wrong(texts) for each in judges) for texts in (phrases, sentences, names)),
            _sum(each.kept(names) for each in judges),
            _sum(each.right(names) for each in judges),
            _sum(each.kept(described) for each in judges),
        )

    def in_parts(pictures: int) -> Likely:
        drawn = [np.random.default_rng(draw).permutation(len(photos))[:pictures] for draw in range(DRAWS)]
        return judged([judge(part) for part in drawn], pictures)

    whole = judge(np.arange(len(photos)))
    measured = WordSearch(
        table,
        way,
        precisions(classes),
        precisions(synonyms),
        _tags(photos, tags),
        _recall(places, captioned),
        tuple(text for text, one in strange.items() if whole.likely(one).any()),
    )
    parts = [in_parts(size) for size in SIZES if size < len(photos)]
    return measured, (*parts, judged([whole], len(photos)))


class _Judge:
    """Says of a part of the pictures which are likely, with a calibration of its own."""

    def __init__(
        self, places: np.ndarray, part: np.ndarray, bank: np.ndarray, closest_to_bank: np.ndarray
    ) -> None:
        self._places, self._part = places, part
        self._calibration = calibrate(self._cosines_to, bank, closest_to_bank)

    def _cosines_to(self, vector: np.ndarray) -> np.ndarray:
        return self._places @ vector

    def likely(self, text: _Text) -> np.ndarray:
        """bool [n]"""
        return self._calibration.likely(self._cosines_to(text.meaning), text.closest)

    def wrong(self, texts: Sequence[_Text]) -> Count:
        """The texts with a likely picture, of those that no picture shows."""
        absent = [text for text in texts if not text.shown[self._part].any()]
        return sum(bool(self.likely(text).any()) for text in absent), len(absent)

    def right(self, texts: Sequence[_Text]) -> Count:
        """The likely pictures that show the text, of the likely ones of texts that a picture shows."""
        found = [text.shown[self._part][self.likely(text)] for text in self._shown(texts)]
        return sum(int(each.sum()) for each in found), sum(map(len, found))

    def kept(self, texts: Sequence[_Text]) -> Count:
        """The texts whose first picture is likely, of those whose first picture is right."""
        firsts = [(text, self._cosines_to(text.meaning).argmax()) for text in self._shown(texts)]
        right = [(text, first) for text, first in firsts if text.shown[self._part][first]]
        return sum(bool(self.likely(text)[first]) for text, first in right), len(right)

    def _shown(self, texts: Sequence[_Text]) -> list[_Text]:
        """Those that a picture of the part shows."""
        return [text for text in texts if text.shown[self._part].any()]


def _sum(counts: Iterable[Count]) -> Count:
    some, all_ = np.sum(list(counts), axis=0).tolist()
    return some, all_


def _tags(photos: Collection, tags_of: Sequence[Sequence[Word]]) -> float | None:
    means = {
        label: {*label.split("_"), *_SYNONYMS.get(label, "").split()}
        for item in photos.items
        for label in item.all_labels
    }
    hits = []
    for item, tags in zip(photos.items, tags_of, strict=True):
        if item.all_labels:
            tagged = {part for tag in tags for part in tag.word.lower().split()}
            hits.append(any(tagged & means[label] for label in item.all_labels))
    return _mean(hits)


def _meant(meaning: Callable[[str], np.ndarray], text: str) -> np.ndarray | None:
    """The meaning of a text; None if none of its words is known."""
    try:
        return meaning(text)
    except UsageError:
        return None


def _recall(places: np.ndarray, captioned: list[tuple[int, np.ndarray | None]]) -> dict[int, float | None]:
    own = {item: column for column, item in enumerate(sorted({item for item, _ in captioned}))}
    among = places[list(own)]
    nearest = [
        (own[item], [] if meant is None else best(among @ meant, RECALL_AT).tolist())
        for item, meant in captioned
    ]
    return {k: _mean([column in found[:k] for column, found in nearest]) for k in RECALLS}


def _captions(photos: Collection, path: Path) -> list[tuple[int, str]]:
    """Each caption of a picture of the collection with captions, and the item it describes."""
    item_of = {item.file: i for i, item in enumerate(photos.items)}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [
            (item_of[row["file"]], caption)
            for row in rows
            if row["file"] in item_of
            for caption in row["captions"].split("|")
            if caption.strip()
        ]
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise UsageError(f"{path} is no CSV file with the columns file and captions: {error}") from error


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def add(benches: argparse._SubParsersAction) -> None:
    captions = argument("--captions", metavar="CSV", type=Path, help="columns file and captions, joined by |")
    encoder = option("--encoder", DEFAULT_ENCODER, "E", "may read texts itself, as CLIP does")
    absent = argument(
        "--absent",
        metavar="FILE",
        type=Path,
        default=ABSENT,
        help="texts that no picture shows, one a line (default: 290 that few collections show)",
    )
    arguments = (LABELLED, captions, encoder, absent)
    add_bench(benches, "words", "do words find pictures, and pictures words?", _fetched, *arguments)


def _fetched(folder: Path, captions: Path | None, encoder: str, absent: Path) -> WordsBench:
    """Read or fetch what the options name, then measure."""
    try:
        phrases = absent.read_text("utf-8").split("\n")
    except (OSError, ValueError) as error:
        raise UsageError(f"{absent} cannot be read as text: {error}") from error
    fetch_encoder(encoder)
    with progress_bar("embedding") as progress:
        return bench_words(folder, captions, progress, encoder, phrases)
