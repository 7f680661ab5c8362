"""Carries out a search: from a query to the `SearchResult`."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.errors import UsageError
from imsearch_core.index import DEFAULT_ENGINE, Contents, Filter, OpenIndexes, parse_engine
from imsearch_core.search.likely import Calibration
from imsearch_core.search.query import Query, TextQuery
from imsearch_core.search.ranking import Method, Ranked, Ranker
from imsearch_core.search.refined import Refined
from imsearch_core.search.results import Result, SearchResult

_SAME = 1e-6  # cosines this close differ by rounding alone

Labels = Mapping[str, str | None]


class TextSpace(Protocol):
    """Where texts and the pictures of one collection lie together."""

    method: str
    """How the pictures were placed there, for `SearchResult.method`."""
    calibration: Calibration

    def cosines_to(self, vector: np.ndarray) -> np.ndarray:
        """float32 [n]: the cosine of each picture to `vector` float32 [d]."""
        ...


class Searcher:
    """Searches one collection. Threads may share it."""

    def __init__(
        self, contents: Contents, head: Callable[[], ClassHead], encoder_name: str, refined: Refined
    ) -> None:
        """`head()` gives the class head; it is called when a search is conditioned on a class."""
        self._contents = contents
        self._encoder_name = encoder_name
        self.indexes = OpenIndexes(contents)
        """The engines that are open."""
        self._ranker = Ranker(contents, head)
        self._refined = refined

    def by_picture(
        self, query: Query, k: int, method: Method, only: Filter, engine: str, labels: Labels
    ) -> SearchResult:
        """The `k` nearest neighbours of a query, `only` those that a filter lets through.

        `labels` is what to show for each file. Raises UsageError for an unknown engine, or k < 1.
        """
        _check(k)
        index = self.indexes.get(engine)
        space = self._refined.make() if method.name == "refined" else None
        started = time.perf_counter()
        wanted = min(k + len(query.excluded), len(self._contents.items))
        if space:
            found = self._ranker.by_refined(space, query, wanted, only)
        else:
            found = self._ranker.by_picture(index, query.embedding, wanted, method, only)
        results = self._results(found, k, query.excluded, labels)
        return SearchResult(
            query=query,
            encoder_name=self._encoder_name,
            engine=parse_engine(engine).text,
            method=method.name,
            focus=method.target,
            strength=method.strength,
            milliseconds=_milliseconds_since(started),
            results=results,
        )

    def by_text(
        self,
        text: TextQuery,
        space: TextSpace,
        picture: Query | None,
        weight: float,
        k: int,
        only: Filter,
        labels: Labels,
    ) -> SearchResult:
        """The `k` pictures nearest to a text, or to a text and a picture: see `Ranker.by_text`.

        `text` is in `space`. `only`, `labels` and errors are as in
        `by_picture`; a weight out of range raises UsageError too.
        """
        _check(k)
        if not 0 <= weight <= 1:
            raise UsageError(f"the weight of the text is {weight}: it must be from 0 to 1")
        calibration = None if picture else space.calibration
        started = time.perf_counter()
        excluded = picture.excluded if picture else frozenset()
        embedding = picture.embedding if picture else None
        likeness, wanted = space.cosines_to(text.vector), k + len(excluded)
        likely = calibration.likely(likeness, text.closest) if calibration else None
        found = self._ranker.by_text(likeness, likely, embedding, weight, wanted, only)
        results = self._results(found, k, excluded, labels)
        return SearchResult(
            query=picture,
            encoder_name=self._encoder_name,
            engine=DEFAULT_ENGINE,
            method=space.method,
            focus=None,
            strength=None,
            milliseconds=_milliseconds_since(started),
            results=results,
            text=text,
            text_weight=weight if picture else None,
        )

    def _results(self, found: Ranked, k: int, excluded: frozenset[int], labels: Labels) -> tuple[Result, ...]:
        """The first `k` results, without the items `excluded`; percentiles are counted over the sample."""
        kept = np.flatnonzero(~np.isin(found.items, list(excluded)))[:k]
        background = np.sort(found.sampled[~np.isin(self._ranker.sampled, list(excluded))])
        cosines = found.cosines[kept]
        percentiles = 100 * np.searchsorted(background, cosines - _SAME) / max(len(background) - 1, 1)
        likely = [None] * len(kept) if found.likely is None else found.likely[kept].tolist()
        items = [self._contents.items[i] for i in found.items[kept]]
        return tuple(
            Result(
                rank, item.file, labels[item.file], item.given_label, *map(float, figures), item.split, sure
            )
            for rank, (item, sure, *figures) in enumerate(
                zip(items, likely, cosines, found.scores[kept], percentiles, strict=True), 1
            )
        )


def _check(k: int) -> None:
    """Raises UsageError for k < 1."""
    if k < 1:
        raise UsageError(f"k is {k}: it must be at least 1")


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
