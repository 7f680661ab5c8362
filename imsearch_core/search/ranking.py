"""How a search ranks the pictures: plain, conditioned on a class, or by a text.

Each method takes a vector and an index and finds the best `k`, in the space that the method searches.
An index knows one space, and each class has its own: so a search conditioned on a class compares every
picture. Only with engines made for more pictures than that does it compare candidates
(`Index.candidates_per_result`).
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.encoders.imagenet import ImageNetClass, find_class
from imsearch_core.errors import UsageError
from imsearch_core.index import Contents, Index
from imsearch_core.search import candidates as overfetch
from imsearch_core.search import focus as focusing
from imsearch_core.vectors.embeddings import Embeddings, best, best_of

METHODS = ("plain", "reweigh", "focus")
DEFAULT_STRENGTH = 0.5
_SAMPLE = 10_000  # items that percentiles are counted over: all of a smaller collection
_CLASSES_KEPT = 64


@dataclass(frozen=True)
class Method:
    """One of METHODS, and what it needs to know."""

    name: str = "plain"
    focus: ImageNetClass | None = None
    """The class that the search is conditioned on; None for plain."""
    strength: float | None = None
    """Of focus, 0 (plain) to 1 (the class above all); None for the others."""

    @classmethod
    def of(cls, name: str | None, focus: int | str | None, strength: float | None) -> "Method":
        """What a person has asked for, with what was left out filled in.

        Raises UsageError for an unknown method or class, a strength out of range, or a contradiction.
        """
        if name is None:
            name = "plain" if focus is None else "reweigh" if strength is None else "focus"
        if name not in METHODS:
            raise UsageError(f"no search method is called {name!r}: choose from {', '.join(METHODS)}")
        if (focus is None) != (name == "plain"):
            raise UsageError("a class goes with the methods reweigh and focus, and only with them")
        if name != "focus" and strength is not None:
            raise UsageError("a strength goes with the method focus, and only with it")
        if name == "focus":
            strength = DEFAULT_STRENGTH if strength is None else strength
            if not 0 <= strength <= 1:
                raise UsageError(f"the strength is {strength}: it must be from 0 to 1")
        return cls(name, None if focus is None else find_class(focus), strength)


@dataclass(frozen=True)
class Ranked:
    """What a search finds, best first, the query itself and its like still among it."""

    items: np.ndarray
    """int64 [≤ k]."""
    cosines: np.ndarray
    """float32 [≤ k]: to the query, in the space that was searched."""
    scores: np.ndarray
    """float32 [≤ k]: what the order follows."""
    sampled: np.ndarray
    """float32: the cosines of `Ranker.sampled` in the same space."""


class Ranker:
    """Ranks the pictures of one collection. Threads may share it."""

    def __init__(self, contents: Contents, head: ClassHead) -> None:
        self._contents = contents
        self._embeddings = contents.embeddings
        self._head = head
        self.sampled = _sample(len(contents.embeddings))
        """int64: a fixed random choice of items, rising, which stands for the collection."""
        self._norms_in_class = lru_cache(_CLASSES_KEPT)(
            lambda index: self._embeddings.weighted_norms(head.weights[:, index])
        )
        self._kin_weights = lru_cache(_CLASSES_KEPT)(lambda index: focusing.kin_weights(head, index))

    def by_picture(
        self, index: Index, vector: np.ndarray, k: int, method: Method, label: str | None
    ) -> Ranked:
        """The `k` items most like `vector` float32 [d]; of those that were given `label`, if it is given."""
        if method.name == "plain":
            items, cosines = index.query(vector, k, label)
            return Ranked(items, cosines, cosines, self._sampled_cosines(vector))
        by_class = self._reweighed if method.name == "reweigh" else self._focused
        return by_class(index, vector, k, method, label)

    def by_text(
        self, likeness: np.ndarray, picture: np.ndarray | None, weight: float, k: int, label: str | None
    ) -> Ranked:
        """The `k` items with most `likeness` float32 [n] to a text.

        With the embedding float32 [d] of a picture too, both likenesses, each standardised over the
        collection, are averaged, that to the text with `weight` 0 to 1; cosines are then to the picture.
        """
        cosines = scores = likeness
        if picture is not None:
            cosines = self._embeddings.cosines_to(picture)
            of_picture, of_text = (focusing.standardised(part, part) for part in (cosines, likeness))
            scores = (1 - weight) * of_picture + weight * of_text
        items = best_of(scores, k, self._contents.labelled(label))
        return Ranked(items, cosines[items], scores[items], cosines[self.sampled])

    def _reweighed(
        self, index: Index, vector: np.ndarray, k: int, method: Method, label: str | None
    ) -> Ranked:
        weights = self._head.weights[:, method.focus.index]
        if index.candidates_per_result:
            items = overfetch.candidates_of_reweigh(index, vector, weights, k, label)
            sampled = focusing.reweigh(self._sample, vector, weights)
        else:
            norms = self._norms_in_class(method.focus.index)
            everywhere = focusing.reweigh(self._embeddings, vector, weights, norms)
            among = self._contents.labelled(label)
            items = best_of(everywhere, self._embeddings.candidates(k), among)
            sampled = everywhere[self.sampled]
        exact = focusing.reweigh(self._embeddings.subset(items), vector, weights)
        order = best(exact, k)
        return Ranked(items[order], exact[order], exact[order], sampled)

    def _focused(self, index: Index, vector: np.ndarray, k: int, method: Method, label: str | None) -> Ranked:
        kin = self._kin_weights(method.focus.index)
        if index.candidates_per_result:
            found = overfetch.focus(
                index, self._embeddings, self._sample, vector, kin, method.strength, k, label
            )
            return Ranked(found.items, found.cosines, found.scores, self._sampled_cosines(vector))
        everywhere, among = self._embeddings.cosines_to(vector), self._contents.labelled(label)
        found = focusing.focus(self._embeddings, everywhere, kin, method.strength, k, among)
        cosines = self._embeddings.cosines_of(found.items, vector)
        return Ranked(found.items, cosines, found.scores, everywhere[self.sampled])

    @cached_property
    def _sample(self) -> Embeddings:
        return self._embeddings.subset(self.sampled)

    def _sampled_cosines(self, vector: np.ndarray) -> np.ndarray:
        """The plain cosines of the sample; of all those that a search has just computed, if it has."""
        everywhere = self._embeddings.known_cosines_to(vector)
        return self._sample.cosines_to(vector) if everywhere is None else everywhere[self.sampled]


def _sample(n: int) -> np.ndarray:
    """int64 [≤ _SAMPLE]: a fixed random choice of n items, rising; all of them if they are few."""
    if n <= _SAMPLE:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, _SAMPLE, replace=False))
