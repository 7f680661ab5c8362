"""Search engines: one file each, behind the `Index` protocol.

Each module of this folder with an `open_index(embeddings, cache, version)` function is an engine
of the module's name: to add one, add a file.
"""

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

from imsearch_core.embeddings import Embeddings
from imsearch_core.errors import UsageError

DEFAULT_ENGINE = "exact"


class Index(Protocol):
    """Finds the items whose embeddings are most like a query."""

    def query(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The `k` nearest items to `vector` float32 [d], nearest first.

        Returns items int64 [≤ k] and their cosine similarities float32 [≤ k].
        """
        ...


@cache
def engines() -> tuple[str, ...]:
    """The names of all engines, the default first."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(names, key=lambda name: (name != DEFAULT_ENGINE, name)))


def open_index(engine: str, embeddings: Embeddings, cache: Path, version: str) -> Index:
    """Open an engine over `embeddings`, reusing what it saved under `cache` for the same `version`.

    Raises UsageError for an unknown engine, ImsearchError if it is not installed.
    """
    if engine not in engines():
        raise UsageError(f"no engine is called {engine!r}: choose from {', '.join(engines())}")
    return importlib.import_module(f"{__name__}.{engine}").open_index(embeddings, cache, version)
