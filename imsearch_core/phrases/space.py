"""A collection's pictures among phrases: the pictures of a text, and the words nearest to a picture."""

import threading
from functools import cached_property

import numpy as np

from imsearch_core.encoders.imagenet import imagenet_classes
from imsearch_core.errors import UsageError
from imsearch_core.files import SHIPPED
from imsearch_core.index import Contents
from imsearch_core.phrases.class_head import named
from imsearch_core.phrases.tower import TextTower
from imsearch_core.search.likely import CALIBRATION, Calibration, kept_calibration
from imsearch_core.search.query import UNLIKE_WEIGHT, TextQuery
from imsearch_core.search.signed import negation_hint, signed_phrases
from imsearch_core.vectors.embeddings import best
from imsearch_core.vectors.unit import unit
from imsearch_core.words.vectors import Word


class PhraseSpace:
    """Finds pictures by phrases through a text tower. Threads may share it."""

    method = "phrase"

    def __init__(self, encoder_name: str, tower: TextTower, contents: Contents) -> None:
        self._encoder_name = encoder_name
        self._tower = tower
        self._contents = contents
        self._lock = threading.Lock()
        self._calibration: Calibration | None = None

    def query(self, text: str) -> TextQuery:
        """A text's place. Phrases joined by "+" and "−" are embedded each as a whole.

        One phrase lies where the text tower puts it. Several are combined as pictures are, by their
        differences from what all texts have in common (`TextTower.common`): the mean of those for, minus
        UNLIKE_WEIGHT times the mean of those against. Raises UsageError if the text is empty or too long.
        """
        phrases = [(sign, " ".join(phrase.split())) for sign, phrase in signed_phrases(text)]
        if not phrases:
            raise UsageError("describe what you look for, as in a red car in the snow")
        plus = [phrase for sign, phrase in phrases if sign > 0]
        minus = [phrase for sign, phrase in phrases if sign < 0]
        if len(plus) == 1 and not minus:
            told, vector = "as a whole", self._tower.embed(plus[0])
        else:
            told = ", ".join([f"for “{each}”" for each in plus] + [f"against “{each}”" for each in minus])
            vector = self._combined(plus, minus)
        return TextQuery(text, vector, f"{told}, by {self._encoder_name}", hint=negation_hint(text))

    @cached_property
    def _tags(self) -> tuple[list[str], np.ndarray]:
        """The words that a picture may be tagged with, and their embeddings float32 [n, d] of length 1."""
        words = (SHIPPED / "tag_words.txt").read_text("utf-8").splitlines()
        classes = [each.name for each in imagenet_classes()]
        return classes + words, np.concatenate([named(self._tower, classes), named(self._tower, words)])

    def _combined(self, plus: list[str], minus: list[str]) -> np.ndarray:
        common = self._tower.common
        vector = common.copy()
        for side, weight in ((plus, 1.0), (minus, -UNLIKE_WEIGHT)):
            if side:
                vector += weight * (np.mean([self._tower.embed(each) for each in side], axis=0) - common)
        return unit(vector)

    def cosines_to(self, vector: np.ndarray) -> np.ndarray:
        """float32 [n]: the cosine of each picture to `vector` float32 [d]."""
        return self._contents.embeddings.cosines_to(vector)

    @property
    def calibration(self) -> Calibration:
        """What these cosines mean; made when first needed, and kept."""
        with self._lock:
            if self._calibration is None:
                kept, version = self._contents.cache / CALIBRATION, self._contents.version
                self._calibration = kept_calibration(kept, version, self.cosines_to, self._tower.bank)
            return self._calibration

    def tags(self, embedding: np.ndarray, k: int) -> list[Word]:
        """The `k` nearest of the ImageNet classes' names and data/tag_words.txt to a picture, nearest first.

        Raises UsageError for k < 1.
        """
        if k < 1:
            raise UsageError(f"k is {k}: it must be at least 1")
        names, texts = self._tags
        cosines = texts @ unit(embedding)
        found: dict[str, Word] = {}
        for row in best(cosines, 2 * k):
            found.setdefault(names[row].lower(), Word(names[row], float(cosines[row])))
        return list(found.values())[:k]
