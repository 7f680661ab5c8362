"""How well pictures of the same class find each other: precision and recall at k, mean average precision.

Each labelled picture queries all the others. A picture is relevant to a query if the two share a class.
The formulas are those of C. Manning, P. Raghavan and H. Schütze, "Introduction to Information Retrieval"
(2008), chapter 8, as computed by ranx and torchmetrics:

- precision at k: of the k nearest, the share that is relevant;
- recall at k: of all that is relevant, the share that is among the k nearest;
- average precision: the mean, over all relevant pictures, of the precision at the rank of each. Its mean over
  queries is mAP.

A query whose classes no other picture has scores 0 in all three.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from imsearch_core.errors import UsageError
from imsearch_core.progress import Progress, silent
from imsearch_core.vectors.sampling import random_sample

MOST_QUERIES = 5000
_RESAMPLES = 1000
_BLOCK_BYTES = 1 << 26


@dataclass(frozen=True)
class Figures:
    """Means over some queries, each 0 to 1."""

    precision: float
    recall: float
    average_precision: float
    queries: int


@dataclass(frozen=True)
class Retrieval:
    """What each query found."""

    k: int
    queries: np.ndarray
    """int64 [q], ascending: the pictures that were queries."""
    nearest: np.ndarray
    """int64 [q, ≤ k]: the labelled pictures nearest to each query, nearest first."""
    precision: np.ndarray
    """float64 [q]: precision at k."""
    recall: np.ndarray
    """float64 [q]: recall at k."""
    average_precision: np.ndarray
    """float64 [q]: over the whole ranking."""
    labels: tuple[tuple[str, ...], ...]
    """The classes of each query."""

    @cached_property
    def mean(self) -> Figures:
        """Over all queries."""
        return self._over(slice(None))

    @cached_property
    def interval(self) -> Figures:
        """Of each figure the 95 % percentile bootstrap interval over queries, as a pair (low, high)."""
        figures = (self.precision, self.recall, self.average_precision)
        return Figures(*map(interval_of_mean, figures), len(self.queries))

    @cached_property
    def per_class(self) -> dict[str, Figures]:
        """The means over the queries that have each class, by its name; a query counts in all its classes."""
        places = _places_by_label(self.labels)
        return {label: self._over(places[label]) for label in sorted(places)}

    def worst_first(self) -> np.ndarray:
        """int64 [q]: places among the queries, by precision and then by average precision."""
        return np.lexsort((self.average_precision, self.precision))

    def _over(self, places: np.ndarray | slice) -> Figures:
        values = [v[places] for v in (self.precision, self.recall, self.average_precision)]
        return Figures(*(float(v.mean()) for v in values), len(values[0]))


def interval_of_mean(values: np.ndarray) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the mean of `values` float [n], as a pair (low, high)."""
    picks = np.random.default_rng(0).integers(0, len(values), (_RESAMPLES, len(values)))
    low, high = np.percentile(values[picks].mean(axis=1), [2.5, 97.5]).tolist()
    return low, high


Finder = Callable[[int, int], np.ndarray]
"""Given a picture and how many to find: the pictures that an engine finds, nearest first, itself included."""


def retrieve(
    unit: np.ndarray,
    labels: Sequence[tuple[str, ...]],
    k: int,
    progress: Progress = silent,
    find: Finder | None = None,
) -> Retrieval:
    """Let each labelled picture query the others; of more than MOST_QUERIES, a fixed random sample.

    `unit` float32 [n, d] are the embeddings, of length 1; `labels` are the classes in each picture, none for
    pictures that take no part. Neighbours are ordered by inner product, equals in row order;
    with `find`, the k that it finds come first. Raises UsageError for k < 1, or if fewer than two pictures
    have labels.
    """
    if k < 1:
        raise UsageError(f"k is {k}: it must be at least 1")
    members = np.flatnonzero([bool(classes) for classes in labels])
    if len(members) < 2:
        raise UsageError("retrieval is judged by labels: at least two pictures need one")
    member_of = np.full(len(labels), -1)
    member_of[members] = np.arange(len(members))
    unit, labels = unit[members], [labels[i] for i in members]
    queries = random_sample(len(members), MOST_QUERIES)
    places = _places_by_label(labels)
    nearest = np.empty((len(queries), min(k, len(members) - 1)), np.int64)
    figures = np.zeros((3, len(queries)))
    step = max(1, _BLOCK_BYTES // (4 * len(members)))
    for start in range(0, len(queries), step):
        block = unit[queries[start : start + step]] @ unit.T
        for i, scores in enumerate(block, start):
            query = queries[i]
            scores[query] = -np.inf  # comes last
            order = np.argsort(-scores, kind="stable")[:-1]
            if find:
                order = _first(_found(find, members[query], k, member_of), order)
            nearest[i] = members[order[:k]]
            relevant = np.zeros(len(members), bool)
            for label in labels[query]:
                relevant[places[label]] = True
            figures[:, i] = _figures(relevant[order], k)
        progress(min(start + step, len(queries)), len(queries))
    return Retrieval(k, members[queries], nearest, *figures, tuple(labels[query] for query in queries))


def _found(find: Finder, picture: int, k: int, member_of: np.ndarray) -> np.ndarray:
    """The `k` members, if there are so many, that `find` finds next to a picture, by their places."""
    count = k
    while True:
        count = min(2 * count, len(member_of))
        found = find(picture, count)
        places = member_of[found[found != picture]]
        places = places[places >= 0][:k]
        if len(places) == k or count == len(member_of):
            return places


def _first(found: np.ndarray, order: np.ndarray) -> np.ndarray:
    """`order` with those that were found at its beginning."""
    return np.concatenate([found, order[~np.isin(order, found)]])


def _figures(hits: np.ndarray, k: int) -> tuple[float, float, float]:
    """Precision and recall at k and average precision of a ranking, bool [n]: which ranks are relevant."""
    ranks = np.flatnonzero(hits) + 1
    if not len(ranks):
        return 0.0, 0.0, 0.0
    found = np.count_nonzero(ranks <= k)
    return found / k, found / len(ranks), float(np.mean(np.arange(1, len(ranks) + 1) / ranks))


def _places_by_label(labels: Sequence[tuple[str, ...]]) -> dict[str, np.ndarray]:
    """int64: where each class is, ascending."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, classes in enumerate(labels):
        for label in set(classes):
            places[label].append(place)
    return {label: np.array(found) for label, found in places.items()}
