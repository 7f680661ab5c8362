"""What every engine has: contents that it is opened over, parameters, and the `Index` protocol."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial, reduce
from itertools import compress
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.progress import Progress, silent
from imsearch_core.store.reader import Snapshot
from imsearch_core.vectors.embeddings import Embeddings

FEW = 10_000
"""Comparing so many pictures with a query one by one takes no longer than asking an engine."""


@dataclass(frozen=True, eq=False)
class Filter:
    """Which pictures may be found."""

    label: str | None = None
    """Only those with this given label, corrected or not; None for any."""
    split: str | None = None
    """Only those of this split, such as "train"; None for any."""
    items: np.ndarray | None = None
    """Only these, int64, ascending: they pass filters that engines know nothing of; None for any."""

    def __bool__(self) -> bool:
        """Whether it leaves any picture out."""
        return self.label is not None or self.split is not None or self.items is not None


EVERYTHING = Filter()


@dataclass(frozen=True)
class Contents:
    """What an engine is opened over."""

    embeddings: Embeddings
    items: Sequence[Item]
    """The picture of each embedding, in the same order."""
    fingerprint: dict[str, Any]
    """What the embeddings were made with: see `imsearch_core.encoders.fingerprint`."""
    cache: Path
    """A folder in which an engine may keep files."""
    version: str
    """Changes whenever the embeddings do."""
    progress: Progress = silent
    """Told how far an engine is that goes on building after it has read the embeddings."""

    @classmethod
    def stored(
        cls, items: Sequence[Item], snapshot: Snapshot, fingerprint: dict[str, Any], cache: Path
    ) -> Self:
        """Those of `items` whose embeddings are in a snapshot of a store."""
        rows = snapshot.rows([item.file for item in items])
        stored = rows >= 0
        embeddings = Embeddings(snapshot.matrix, rows[stored], snapshot.quantised, snapshot.check)
        return cls(embeddings, tuple(compress(items, stored)), fingerprint, cache, snapshot.version)

    @cached_property
    def item_of(self) -> dict[str, int]:
        """The place of each file among the items."""
        return {item.file: i for i, item in enumerate(self.items)}

    def matching(self, only: Filter) -> np.ndarray | None:
        """int64, ascending: the items that a filter lets through; None if it lets all through."""
        if not only:
            return None
        parts = [
            groups.get(name, np.empty(0, np.int64))
            for name, groups in ((only.label, self._by_label), (only.split, self._by_split))
            if name is not None
        ]
        parts += [] if only.items is None else [only.items]
        return reduce(partial(np.intersect1d, assume_unique=True), parts)

    def few(self, only: Filter) -> np.ndarray | None:
        """int64, ascending: the items that a filter lets through if they are FEW; None if they are more."""
        among = self.matching(only)
        return None if among is None or len(among) > FEW else among

    @cached_property
    def _by_label(self) -> dict[str | None, np.ndarray]:
        return _places(item.given_label for item in self.items)

    @cached_property
    def _by_split(self) -> dict[str | None, np.ndarray]:
        return _places(item.split for item in self.items)


def _places(names: Iterable[str | None]) -> dict[str | None, np.ndarray]:
    """Where each name stands: int64, ascending."""
    found: dict[str | None, list[int]] = {}
    for i, name in enumerate(names):
        found.setdefault(name, []).append(i)
    return {name: np.array(places, np.int64) for name, places in found.items()}


class Index(Protocol):
    """Finds the items whose embeddings are most similar to a vector."""

    candidates_per_result: int
    """How many candidates for each result a search conditioned on a class takes from this engine.
    0 if such a search compares every picture instead."""

    def query(self, vector: np.ndarray, k: int, only: Filter = EVERYTHING) -> tuple[np.ndarray, np.ndarray]:
        """The `k` items nearest to `vector` float32 [d], nearest first, `only` those a filter lets through.

        Returns items int64 [≤ k] and their cosine similarities float32 [≤ k].
        """
        ...


def parameter(default: Any, choices: tuple, text: str, at_query: bool = False) -> Any:
    """A field of an engine's `Parameters`: its default, values to offer, a description.

    If it is an int, there may be other values; if a str, there are none.

    Changing a parameter that acts `at_query` does not require building the index again.
    """
    return field(default=default, metadata={"choices": choices, "help": text, "at_query": at_query})


@dataclass(frozen=True)
class GraphParameters:
    """More candidates and more nodes in view find more, more slowly."""

    candidates_per_result: int = parameter(
        30, (3, 10, 30, 100), "For each result, the candidates that a search with a class scores exactly"
    )
    ef: int = parameter(
        128, (32, 64, 128, 256, 512), "Nodes of the HNSW graph that a query keeps in view", at_query=True
    )

    def __post_init__(self) -> None:
        if not (1 <= self.candidates_per_result <= 1000 and 1 <= self.ef <= 32_768):
            raise UsageError(f"{self} is not possible: candidates_per_result is 1 to 1000, ef 1 to 32768")


@contextmanager
def importing(engine: str, remedy: str) -> Iterator[None]:
    """Turn the failing import of an engine's package into an ImsearchError with a remedy."""
    try:
        yield
    except ImportError as error:
        raise ImsearchError(
            f"the engine {engine} cannot be imported ({error}): {remedy}, or use the engine exact"
        ) from error
