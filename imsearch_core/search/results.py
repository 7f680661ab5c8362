"""What a search answers: the neighbours, and how they were found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.encoders.imagenet import ImageNetClass
from imsearch_core.search.query import Query
from imsearch_core.search.ranking import Ranked
from imsearch_core.words.text import TextQuery

_SAME = 1e-6  # cosines this close differ by rounding alone


@dataclass(frozen=True)
class Result:
    """One neighbour."""

    rank: int
    """1 for the nearest."""
    file: str
    label: str | None
    """A person's correction where there is one, else the given label."""
    given_label: str | None
    """The label it came with."""
    cosine: float
    """Cosine similarity to the query, -1 to 1, in the space that was searched."""
    score: float
    """What the order follows."""
    percentile: float
    """How many of 100 other pictures are less like the query than this one; among a fixed random
    10,000 of them if the collection is larger."""


@dataclass(frozen=True)
class SearchResult:
    """A query's neighbours, and how they were found."""

    query: Query | None
    """None when only a text was searched for."""
    encoder_name: str
    engine: str
    method: str
    """One of METHODS; of a text "conse", or "conse and devise" after training on the labels."""
    focus: ImageNetClass | None
    strength: float | None
    """Of the method focus, 0 to 1; None with the others."""
    milliseconds: float
    """For the search alone, the embedding of the query left out."""
    results: tuple[Result, ...]
    text: TextQuery | None = None
    text_weight: float | None = None
    """Of a picture and a text: 0 (the picture alone) to 1 (the text alone)."""


def results_of(
    found: Ranked,
    k: int,
    excluded: frozenset[int],
    sampled: np.ndarray,
    items: Sequence[Item],
    labels: Mapping[str, str | None],
) -> tuple[Result, ...]:
    """The first `k` of what was found, without the items `excluded`.

    `sampled` int64 are the items that `found.sampled` is of; percentiles are counted over them.
    """
    kept = np.flatnonzero(~np.isin(found.items, list(excluded)))[:k]
    background = np.sort(found.sampled[~np.isin(sampled, list(excluded))])
    cosines = found.cosines[kept]
    percentiles = 100 * np.searchsorted(background, cosines - _SAME) / max(len(background) - 1, 1)
    neighbours = [items[i] for i in found.items[kept]]
    return tuple(
        Result(rank, item.file, labels[item.file], item.given_label, *map(float, figures))
        for rank, (item, *figures) in enumerate(
            zip(neighbours, cosines, found.scores[kept], percentiles, strict=True), 1
        )
    )
