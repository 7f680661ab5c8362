"""How a search ranks the pictures: plain, refined, conditioned on a class, or by a text.

Each method finds the `k` best items for a vector, in the space that the method searches. An index knows
only the plain space, and each class has a space of its own, so a search conditioned on a class compares
every picture; with engines made for too many pictures it compares candidates instead
(`Index.candidates_per_result`). A refined search always compares every picture. So does any search among
the few pictures that a narrow filter leaves: no engine then misses one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.encoders.imagenet import ImageNetClass, find_class
from imsearch_core.errors import UsageError
from imsearch_core.index import Contents, Filter, Index
from imsearch_core.search.candidates import focus_candidates, reweigh_candidates
from imsearch_core.search.focus import focus, related_weights, reweigh, standardised
from imsearch_core.search.query import Query
from imsearch_core.search.refined import RefinedSpace
from imsearch_core.vectors.embeddings import Embeddings, best, best_of
from imsearch_core.vectors.sampling import random_sample

CLASS_METHODS = ("reweigh", "focus")
METHODS = ("plain", "refined", *CLASS_METHODS)
DEFAULT_STRENGTH = 0.5
_SAMPLE = 10_000  # items that percentiles are counted over
_CLASSES_KEPT = 64
_ABOVE = 3  # no two cosines lie so far apart


@dataclass(frozen=True)
class Phrase:
    """A phrase that a search is conditioned on in place of an ImageNet class."""

    name: str
    """Its text."""
    weights: np.ndarray = field(repr=False, compare=False)
    """float32 [d]: its column of the class head."""


Target = ImageNetClass | Phrase


@dataclass(frozen=True)
class Method:
    """One of METHODS, with its settings."""

    name: str = "plain"
    target: Target | None = None
    """What the search is conditioned on; None for plain and refined."""
    strength: float | None = None
    """For focus, 0 (plain) to 1 (the class alone); None for the others."""

    @classmethod
    def of(cls, name: str | None, target: int | str | Phrase | None, strength: float | None) -> "Method":
        """The method that a person has asked for, with defaults filled in.

        Raises UsageError for an unknown method or class, a strength out of range, or a contradiction.
        """
        if name is None:
            name = "plain" if target is None else "reweigh" if strength is None else "focus"
        if name not in METHODS:
            raise UsageError(f"no search method is called {name!r}: choose from {', '.join(METHODS)}")
        if (target is None) == (name in CLASS_METHODS):
            raise UsageError("the methods reweigh and focus need a class; plain and refined take none")
        if name != "focus" and strength is not None:
            raise UsageError("only the method focus takes a strength")
        if name == "focus":
            strength = DEFAULT_STRENGTH if strength is None else strength
            if not 0 <= strength <= 1:
                raise UsageError(f"the strength is {strength}: it must be from 0 to 1")
        if target is not None and not isinstance(target, Phrase):
            target = find_class(target)
        return cls(name, target, strength)


@dataclass(frozen=True)
class Ranked:
    """The items that a search finds, best first, including those that took part in the query."""

    items: np.ndarray
    """int64 [≤ k]."""
    cosines: np.ndarray
    """float32 [≤ k]: to the query, in the space that was searched; of a refined search, the plain cosines."""
    scores: np.ndarray
    """float32 [≤ k]: what the items are ordered by."""
    sampled: np.ndarray
    """float32: the cosines of `Ranker.sampled` in the same space."""
    likely: np.ndarray | None = None
    """bool [≤ k], for a text alone: whether they probably show it."""


class Ranker:
    """Ranks the pictures of one collection. Threads may share it."""

    def __init__(self, contents: Contents, head: Callable[[], ClassHead]) -> None:
        """`head()` gives the class head; it is called when a search is conditioned on a class."""
        self._contents = contents
        self._embeddings = contents.embeddings
        self._head = head
        self.sampled = random_sample(len(contents.embeddings), _SAMPLE)
        """int64, ascending: a fixed random sample of the items, to represent the collection."""
        self._norms_of = lru_cache(_CLASSES_KEPT)(
            lambda target: self._embeddings.weighted_norms(self._weights_of(target))
        )
        self._related_weights_of = lru_cache(_CLASSES_KEPT)(
            lambda target: (
                target.weights if isinstance(target, Phrase) else related_weights(head(), target.index)
            )
        )

    def by_picture(self, index: Index, vector: np.ndarray, k: int, method: Method, only: Filter) -> Ranked:
        """The `k` items most similar to `vector` float32 [d], `only` what a filter lets through."""
        if method.name == "plain":
            few = self._contents.few(only)
            if few is None:
                items, cosines = index.query(vector, k, only)
            else:
                items, cosines = self._embeddings.nearest(vector, k, few)
            return Ranked(items, cosines, cosines, self._sampled_cosines(vector))
        by_class = self._reweighed if method.name == "reweigh" else self._focused
        return by_class(index, vector, k, method, only)

    def by_refined(self, space: RefinedSpace, query: Query, k: int, only: Filter) -> Ranked:
        """The `k` items most similar to a query in the refined space, `only` what a filter lets through."""
        among = self._contents.matching(only)
        if query.is_stored_in(self._embeddings):
            items, scores = space.nearest_to_item(query.item, k, among)
        else:
            items, scores = space.nearest_to(query.embedding, k, among)
        cosines = self._embeddings.subset(items).cosines_to(query.embedding)
        return Ranked(items, cosines, scores, self._sampled_cosines(query.embedding))

    def by_text(
        self,
        likeness: np.ndarray,
        likely: np.ndarray | None,
        picture: np.ndarray | None,
        weight: float,
        k: int,
        only: Filter,
    ) -> Ranked:
        """The `k` items with the highest cosine to a text, `likeness` float32 [n], the likely ones first.

        `likely` bool [n] is needed only without a picture.

        With the embedding float32 [d] of a `picture` as well, the cosines to both, each standardised over
        the collection, are averaged, those to the text with `weight` 0 to 1. The cosines returned are
        then those to the picture.
        """
        among = self._contents.matching(only)
        if picture is not None:
            cosines = self._embeddings.cosines_to(picture)
            of_picture, of_text = (standardised(part, part) for part in (cosines, likeness))
            scores = (1 - weight) * of_picture + weight * of_text
            items = best_of(scores, k, among)
            return Ranked(items, cosines[items], scores[items], cosines[self.sampled])
        items = best_of(likeness + _ABOVE * likely, k, among)
        return Ranked(items, likeness[items], likeness[items], likeness[self.sampled], likely[items])

    def _reweighed(self, index: Index, vector: np.ndarray, k: int, method: Method, only: Filter) -> Ranked:
        weights = self._weights_of(method.target)
        if index.candidates_per_result:
            few = self._contents.few(only)
            items = reweigh_candidates(index, vector, weights, k, only) if few is None else few
            sampled = reweigh(self._sample, vector, weights)
        else:
            norms = self._norms_of(method.target)
            everywhere = reweigh(self._embeddings, vector, weights, norms)
            among = self._contents.matching(only)
            items = best_of(everywhere, self._embeddings.candidates(k), among)
            sampled = everywhere[self.sampled]
        exact = reweigh(self._embeddings.subset(items), vector, weights)
        order = best(exact, k)
        return Ranked(items[order], exact[order], exact[order], sampled)

    def _focused(self, index: Index, vector: np.ndarray, k: int, method: Method, only: Filter) -> Ranked:
        class_weights = self._related_weights_of(method.target)
        if index.candidates_per_result:
            few = self._contents.few(only)
            found = focus_candidates(
                index, self._embeddings, self._sample, vector, class_weights, method.strength, k, only, few
            )
            return Ranked(found.items, found.cosines, found.scores, self._sampled_cosines(vector))
        everywhere, among = self._embeddings.cosines_to(vector), self._contents.matching(only)
        found = focus(self._embeddings, everywhere, class_weights, method.strength, k, among)
        cosines = self._embeddings.cosines_of(found.items, vector)
        return Ranked(found.items, cosines, found.scores, everywhere[self.sampled])

    def _weights_of(self, target: Target) -> np.ndarray:
        return target.weights if isinstance(target, Phrase) else self._head().weights[:, target.index]

    @cached_property
    def _sample(self) -> Embeddings:
        return self._embeddings.subset(self.sampled)

    def _sampled_cosines(self, vector: np.ndarray) -> np.ndarray:
        """The sample's plain cosines, taken from those just computed if the search compared everything."""
        everywhere = self._embeddings.known_cosines_to(vector)
        return self._sample.cosines_to(vector) if everywhere is None else everywhere[self.sampled]
