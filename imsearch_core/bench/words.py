"""Do words find pictures, and pictures words?

For each class present in at least 9 pictures we count how many of the 9 pictures nearest to its name show
it, according to `all_labels` of labels.csv. We do the same for everyday words for the classes. No label is
such a word, but ConSE knows its classes by most of them; "names" is ConSE without that. We also ask whether
one of each picture's 10 tags is a word for a class in it and, with a table of captions, whether each caption
finds its own photo among the 10 nearest photos that have captions.

The verdict *likely* is measured too: how many phrases that no picture shows have a likely picture, and how
many texts whose first picture is right have a likely first picture.

Every picture is placed by a head that has not seen it: five heads are trained, each on the labels of four
fifths of the pictures (a fifth of these decides when to stop), and place the others.
"""

import argparse
import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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
from imsearch_core.words.conse import class_vectors, conse
from imsearch_core.words.devise import split, targets, train
from imsearch_core.words.space import K, blend, nearest_tags, precision
from imsearch_core.words.vectors import Word, WordVectors, load_words

TAGS = 10
RECALL_AT = 10
RECALLS = (1, 5, RECALL_AT)
ABSENT = SHIPPED / "absent_phrases.txt"
"""Phrases that had no part in choosing what is likely."""
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
    absent: tuple[str, ...]
    """The phrases asked for that no picture shows."""
    absent_likely: tuple[str, ...]
    """Those of them with a likely picture."""
    names_kept: tuple[int, int]
    """For how many class names and everyday words the right first picture is likely, and of how many."""
    captions_kept: tuple[int, int]
    """The same for captions."""

    @property
    def captions(self) -> float | None:
        """How often a caption finds its own photo among the 10 nearest."""
        return self.recall[RECALL_AT]

    @property
    def class_precision(self) -> float | None:
        """Mean over the classes that ImageNet knows: all but person."""
        return _mean([p for label, p in self.classes.items() if label != _NO_IMAGENET_CLASS])

    @property
    def synonym_precision(self) -> float | None:
        return _mean(list(self.synonyms.values()))


def bench_words(
    folder: Path,
    captions: Path | None = None,
    progress: Progress = silent,
    encoder: str = DEFAULT_ENCODER,
    absent: Sequence[str] = (),
) -> list[WordSearch]:
    """Measure ConSE, DeViSE and their blend on `folder`, with the built-in table.

    An `encoder` with a text tower is measured by that alone.

    `captions` is a CSV file with the columns file and captions, joined by "|". `absent` are phrases that no
    picture shows. Raises UsageError if the folder has too few labels to train on, or the captions cannot be
    read.
    """
    photos = Collection.open(folder, encoder, progress=progress)
    captioned = _captions(photos, captions) if captions else []
    if photos.phrases:
        return [_measure_tower(photos, photos.phrases, captioned, absent)]
    words = load_words()

    def meaning(text: str) -> np.ndarray:
        return words.meaning(text).vector

    asked = [(item, _meant(meaning, caption)) for item, caption in captioned]
    return [
        _measure(photos, words.name, way, rows, meaning, nearest_tags(words, rows, TAGS), asked, absent)
        for way, rows in _places(photos, words).items()
    ]


def _measure_tower(
    photos: Collection, phrases: PhraseSpace, captioned: list[tuple[int, str]], absent: Sequence[str]
) -> WordSearch:
    """The same figures for an encoder's own text tower."""

    def meaning(text: str) -> np.ndarray:
        return phrases.query(text).vector

    rows = unit(photos.embeddings.rows(np.arange(len(photos))))
    tags = [phrases.tags(row, TAGS) for row in rows]
    asked = [(item, meaning(caption)) for item, caption in captioned]
    return _measure(photos, photos.encoder_name, phrases.method, rows, meaning, tags, asked, absent)


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
    tags: Sequence[Sequence[Word]],
    captioned: list[tuple[int, np.ndarray | None]],
    absent: Sequence[str],
) -> WordSearch:
    holds = {
        label: np.array([label in item.all_labels for item in photos.items])
        for label in sorted({label for item in photos.items for label in item.all_labels})
    }

    def searched(text: str, present: np.ndarray) -> float | None:
        if present.sum() < K:
            return None
        vector = _meant(meaning, text)
        return None if vector is None else precision(places @ vector, present)

    def tabulate(asked: Mapping[str, np.ndarray]) -> dict[str, float]:
        return {
            text: value for text, present in asked.items() if (value := searched(text, present)) is not None
        }

    classes = {label: label.replace("_", " ") for label in holds}
    synonyms: dict[str, np.ndarray] = {}
    for label, words in _SYNONYMS.items():
        for word in words.split():
            synonyms[word] = synonyms.get(word, False) | holds.get(label, np.zeros(len(photos), bool))

    def cosines_to(vector: np.ndarray) -> np.ndarray:
        return places @ vector

    calibration = calibrate(cosines_to, np.stack([meaning(phrase) for phrase in unrelated_phrases()]))

    def kept(asked: Iterable[tuple[np.ndarray | None, np.ndarray]]) -> tuple[int, int]:
        cosines = [(cosines_to(vector), present) for vector, present in asked if vector is not None]
        right = [of_text for of_text, present in cosines if present[of_text.argmax()]]
        return sum(bool(calibration.likely(of_text)[of_text.argmax()]) for of_text in right), len(right)

    names = [(_meant(meaning, name), holds[label]) for label, name in classes.items()]
    names += [(_meant(meaning, word), present) for word, present in synonyms.items()]
    described = [(vector, np.arange(len(photos)) == item) for item, vector in captioned]
    strange = {phrase: vector for phrase in absent if (vector := _meant(meaning, phrase)) is not None}
    by_name = tabulate({classes[label]: present for label, present in holds.items()})
    return WordSearch(
        table,
        way,
        {label: by_name[name] for label, name in classes.items() if name in by_name},
        tabulate(synonyms),
        _tags(photos, tags),
        _recall(places, captioned),
        tuple(strange),
        tuple(phrase for phrase, v in strange.items() if calibration.likely(cosines_to(v)).any()),
        kept(names),
        kept(described),
    )


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
        help="phrases that no picture shows, one a line (default: 115 that few collections show)",
    )
    arguments = (LABELLED, captions, encoder, absent)
    add_bench(benches, "words", "do words find pictures, and pictures words?", _fetched, *arguments)


def _fetched(folder: Path, captions: Path | None, encoder: str, absent: Path) -> list[WordSearch]:
    """Read or fetch what the options name, then measure."""
    try:
        phrases = absent.read_text("utf-8").split("\n")
    except (OSError, ValueError) as error:
        raise UsageError(f"{absent} cannot be read as text: {error}") from error
    fetch_encoder(encoder)
    with progress_bar("embedding") as progress:
        return bench_words(folder, captions, progress, encoder, phrases)
