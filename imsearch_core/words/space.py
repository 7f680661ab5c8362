"""A collection's pictures among words: where each lies, what is near it, and how its labels teach that.

A picture's place is ConSE's until a head has been trained on the collection's labels; then it is the mean
of ConSE's and the head's. The head alone forgets words that are not labels, ConSE alone knows nothing of
this collection; the mean of both is better than either (`bench words` measures all three).
"""

import hashlib
import json
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.encoders.imagenet import phrase_key
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import read_arrays, write_arrays
from imsearch_core.index import Contents
from imsearch_core.search.likely import CALIBRATION, Calibration, kept_calibration
from imsearch_core.search.query import QueryWord, TextQuery, WordStatus
from imsearch_core.search.signed import negation_hint
from imsearch_core.vectors.embeddings import best
from imsearch_core.vectors.matvec import product
from imsearch_core.vectors.unit import unit
from imsearch_core.words.conse import class_vectors, closest_class, conse
from imsearch_core.words.devise import Epoch, Head, label_meaning, split, targets, train
from imsearch_core.words.vectors import STOP_WORDS, Word, WordVectors, load_words

K = 9
_BLOCK = 4096  # pictures
_PLACES_AT_ONCE = 64
_MOST = 50_000  # pictures trained on: more teach little and fill the memory
_LOST = "what was learnt from the labels is lost, because its file is damaged or gone: train again"
_FORMAT = 1  # raise it when what a head's file holds, or how a place is computed, changes

Labels = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Training:
    """How a training went."""

    epochs: tuple[Epoch, ...]
    seconds: float
    pictures: int
    """Trained on and held out together."""
    labels: tuple[str, ...]
    """Those trained on."""
    unknown_labels: tuple[str, ...]
    """Those left out, because the word table knows none of their words."""
    held_out_cosine: float
    """Of the head, at its best epoch."""
    held_out_precision: float
    """When the held-out pictures are searched for each label: the share of the first 9 (or of as many as
    have the label, if fewer do) that have it; mean over labels."""


@dataclass(frozen=True)
class Trained:
    """A head as it is kept on disk."""

    head: Head
    labels: tuple[str, ...]
    epochs: tuple[Epoch, ...]
    taught_by: str
    """Identifies the pictures and labels that it was trained on."""


class WordSpace:
    """Where a collection's pictures lie among the words of the built-in table. Threads may share it."""

    def __init__(self, contents: Contents, head: ClassHead, labels: Callable[[], tuple[str, Labels]]) -> None:
        """`labels()` gives a name that changes with the pictures or their labels, and each one's labels."""
        self.words = load_words()
        self._contents = contents
        self._class_head = head
        self._labels = labels
        self._path = contents.cache / "words.npz"
        fingerprint = hashlib.sha256(repr(sorted(contents.fingerprint.items())).encode()).hexdigest()
        self._made_by = f"{_FORMAT}-{fingerprint}-{self.words.version}"
        self._lock = threading.Lock()
        self._read: tuple[object, Trained | None, str | None] = (object(), None, None)
        self._places: tuple[Trained | None, np.ndarray] | None = None
        self._calibrated: tuple[Trained | None, Calibration] | None = None
        self._in_vain: str | None = None  # the name of labels that a training on them failed with

    @property
    def trained(self) -> Trained | None:
        """The head in use; None if there is none, or only one of another encoder or word table."""
        return self._loaded()[0]

    @property
    def is_up_to_date(self) -> bool:
        """Whether training anew would teach nothing: the labels are those learned from, or it failed with
        them."""
        trained, labels = self.trained, self._labels()[0]
        return labels == self._in_vain or (trained is not None and trained.taught_by == labels)

    @property
    def method(self) -> str:
        """How the pictures are placed."""
        return "conse and devise" if self.trained else "conse"

    @property
    def calibration(self) -> Calibration:
        """What the cosines mean; made when first asked for after a training, and kept."""
        trained = self.trained
        if self._calibrated is None or self._calibrated[0] is not trained:
            taught = zlib.crc32(trained.head.weights.tobytes()) if trained else None
            made_by = f"{self._contents.version} {self._made_by} {taught}"
            kept = self._path.with_name(CALIBRATION)
            bank = self.words.bank
            closest = closest_class(self.words, bank)
            self._calibrated = trained, kept_calibration(kept, made_by, self.cosines_to, bank, closest)
        return self._calibrated[1]

    @property
    def notice(self) -> str | None:
        """What to say of a head that is lost or no longer fits; None if there is nothing to say."""
        trained, problem = self._loaded()
        if trained and trained.taught_by != self._labels()[0]:
            return "pictures or labels have changed since the search was trained on them: train again"
        return problem

    def _loaded(self) -> tuple[Trained | None, str | None]:
        """The head in use, and why there is none although there was one."""
        try:
            stamp = self._path.stat().st_mtime_ns
        except OSError:
            stamp = None
        with self._lock:
            if self._read[0] != stamp:
                self._read = (stamp, *self._load())
            return self._read[1:]

    def query(self, text: str) -> TextQuery:
        """A text's place, and what is known about each of its words.

        Raises UsageError, fit to be shown, if none of them is known.
        """
        words, meaning = self.words, self.words.meaning(text)
        trained_on = self._trained_on
        known = (
            QueryWord(word, WordStatus.TRAINED if words.find(word) in trained_on else WordStatus.UNSEEN)
            for word in dict.fromkeys((*meaning.plus, *meaning.minus))
        )
        hint = None if text in words else negation_hint(text)
        closest = float(closest_class(words, meaning.vector))
        how = f"word by word, with {words.name}"
        return TextQuery(text, meaning.vector, how, (*known, *meaning.unknown), hint, closest)

    @property
    def _trained_on(self) -> set[int]:
        """The rows of the words in the labels that the head was trained on."""
        labels = self.trained.labels if self.trained else ()
        meanings = filter(None, (label_meaning(self.words, label) for label in labels))
        trained_on = {word for meaning in meanings for word in meaning.plus}
        trained_on |= {word for label in labels for word in label.replace("_", " ").split()}
        return {self.words.find(word) for word in trained_on} - {None}

    def cosines_to(self, vector: np.ndarray) -> np.ndarray:
        """float32 [n]: the cosine of each picture's place to `vector` float32 [d] of length 1."""
        places = self._all_places()
        return np.clip(product(places, vector), -1, 1)

    def place(self, embeddings: np.ndarray) -> np.ndarray:
        """float32 [n, d]: the places, of length 1, of pictures with `embeddings` float32 [n, e]."""
        return self._place(embeddings, self.trained)

    def tags(self, embedding: np.ndarray, k: int) -> list[Word]:
        """The `k` words nearest to a picture, as `nearest_tags`. Raises UsageError for k < 1."""
        if k < 1:
            raise UsageError(f"k is {k}: it must be at least 1")
        return nearest_tags(self.words, self.place(embedding[None]), k)[0]

    def train(self, on_epoch: Callable[[Epoch], None] = lambda epoch: None) -> Training:
        """Train a head on the collection's labels, a fifth held out, and keep it.

        Raises ImsearchError if there is too little to learn from or it cannot be written.
        """
        try:
            return self._train(on_epoch)
        except ImsearchError:
            self._in_vain = self._labels()[0]
            raise

    def _train(self, on_epoch: Callable[[Epoch], None]) -> Training:
        started = time.perf_counter()
        taught_by, labels = self._labels()
        wanted = targets(self.words, labels)
        items = np.flatnonzero(wanted.any(axis=1))
        if len(items) > _MOST:
            items = np.sort(np.random.default_rng(0).choice(items, _MOST, replace=False))
        rows = self._contents.embeddings.rows(items)
        held_out = split(len(items)) == 0
        head, epochs = train(unit(rows), wanted[items], held_out, on_epoch)
        known, unknown = self._known({label for each in labels for label in each})
        trained = Trained(head, known, tuple(epochs), taught_by)
        precision = self._precision(rows[held_out], [labels[i] for i in items[held_out]], trained)
        self._save(trained)
        return Training(
            epochs=trained.epochs,
            seconds=time.perf_counter() - started,
            pictures=len(items),
            labels=known,
            unknown_labels=unknown,
            held_out_cosine=max(epoch.held_out_cosine for epoch in epochs),
            held_out_precision=precision,
        )

    def _place(self, embeddings: np.ndarray, trained: Trained | None) -> np.ndarray:
        untrained = conse(embeddings, self._class_head, class_vectors(self.words))
        return blend(untrained, trained.head.place(unit(embeddings))) if trained else untrained

    def _all_places(self) -> np.ndarray:
        """float16 [n, d]: every picture's place, made when first asked for after a training."""
        trained = self.trained
        with self._lock:
            if self._places is None or self._places[0] is not trained:
                places = np.empty((len(self._contents.embeddings), self.words.dimension), np.float16)
                for start in range(0, len(places), _BLOCK):
                    items = np.arange(start, min(start + _BLOCK, len(places)))
                    places[items] = self._place(self._contents.embeddings.rows(items), trained)
                self._places = trained, places
            return self._places[1]

    def _known(self, labels: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        known = {label for label in labels if label_meaning(self.words, label)}
        return tuple(sorted(known)), tuple(sorted(labels - known))

    def _precision(self, rows: np.ndarray, labels: Labels, trained: Trained) -> float:
        places = self._place(rows, trained)
        return float(
            np.mean(
                [
                    precision(places @ label_meaning(self.words, label).vector, holds)
                    for label in trained.labels
                    if (holds := np.array([label in each for each in labels])).any()
                ]
            )
        )

    def _save(self, trained: Trained) -> None:
        facts = {
            "made_by": self._made_by,
            "taught_by": trained.taught_by,
            "labels": trained.labels,
            "epochs": [[e.number, e.loss, e.held_out_cosine] for e in trained.epochs],
        }
        head = trained.head
        try:
            write_arrays(
                self._path, centre=head.centre, weights=head.weights, bias=head.bias, facts=json.dumps(facts)
            )
            self._marker.touch()
        except OSError as error:
            raise ImsearchError(f"what was learnt cannot be written to {self._path}: {error}") from error

    @property
    def _marker(self) -> Path:
        """A file that says that there was a training: without the head's file, that is lost."""
        return self._path.with_name(f"{self._path.name}.begun")

    def _load(self) -> tuple[Trained | None, str | None]:
        saved = read_arrays(self._path)
        try:
            facts = json.loads(str(saved["facts"]))
            if facts["made_by"] != self._made_by:
                return (
                    None,
                    "what was learnt from the labels does not fit this encoder and word table: train again",
                )
            head = Head(saved["centre"], saved["weights"], saved["bias"])
            epochs = tuple(Epoch(*epoch) for epoch in facts["epochs"])
            return Trained(head, tuple(facts["labels"]), epochs, facts["taught_by"]), None
        except (ValueError, KeyError, TypeError):
            lost = self._path.exists() or self._marker.exists()
            return None, _LOST if lost else None


def blend(untrained: np.ndarray, trained: np.ndarray) -> np.ndarray:
    """float32 [n, d]: the mean of two places of each picture, of length 1."""
    return unit(untrained + trained)


def nearest_tags(words: WordVectors, places: np.ndarray, k: int) -> list[list[Word]]:
    """The `k` words nearest to each place float32 [n, d], nearest first.

    Of words that differ only as singular and plural, or in blanks and hyphens, only the nearest is returned.
    """
    tags = []
    for start in range(0, len(places), _PLACES_AT_ONCE):
        for cosines in places[start : start + _PLACES_AT_ONCE] @ words.vectors.T:
            found: dict[str, Word] = {}
            for row in best(cosines, 6 * k + 30):
                word = words.words[row]
                if word.lower() not in STOP_WORDS and len(word) > 2:
                    found.setdefault(phrase_key(word), Word(word, float(cosines[row])))
            tags.append(list(found.values())[:k])
    return tags


def precision(scores: np.ndarray, holds: np.ndarray) -> float:
    """Of the K best by `scores` [n] (fewer, if fewer hold), the share that `holds` bool [n]."""
    return float(holds[best(scores, min(K, int(holds.sum())))].mean())
