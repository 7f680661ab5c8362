"""What every engine has: contents that it is opened over, parameters, and the `Index` protocol."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.vectors.embeddings import Embeddings


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

    @cached_property
    def item_of(self) -> dict[str, int]:
        """The place of each file among the items."""
        return {item.file: i for i, item in enumerate(self.items)}

    def labelled(self, label: str | None) -> np.ndarray | None:
        """int64, ascending: the items whose given label is `label`; None, meaning all, without a label."""
        return None if label is None else self._by_label.get(label, np.empty(0, np.int64))

    @cached_property
    def _by_label(self) -> dict[str | None, np.ndarray]:
        found: dict[str | None, list[int]] = {}
        for i, item in enumerate(self.items):
            found.setdefault(item.given_label, []).append(i)
        return {label: np.array(items, np.int64) for label, items in found.items()}


class Index(Protocol):
    """Finds the items whose embeddings are most similar to a vector."""

    candidates_per_result: int
    """How many candidates for each result a search conditioned on a class takes from this engine.
    0 if such a search compares every picture instead."""

    def query(self, vector: np.ndarray, k: int, label: str | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The `k` items nearest to `vector` float32 [d], nearest first; with a `label`, only items given it.

        Returns items int64 [≤ k] and their cosine similarities float32 [≤ k].
        """
        ...


def parameter(default: Any, choices: tuple, text: str, at_query: bool = False) -> Any:
    """A field of an engine's `Parameters`: its default (an int or a str), values to offer, a description.

    Changing a parameter that acts `at_query` does not require building the index again.
    """
    return field(default=default, metadata={"choices": choices, "help": text, "at_query": at_query})
