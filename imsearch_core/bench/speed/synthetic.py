"""Made-up embeddings, stored for real: clustered, non-negative and sparse, as those of a network are."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from imsearch_core.embeddings import Embeddings
from imsearch_core.index import Contents
from imsearch_core.store import EmbeddingStore

DIMENSION = 1280
_BATCH = 10_000
_CLUSTERS = 1000


def made_up(n: int, dimension: int = DIMENSION) -> Iterator[np.ndarray]:
    """float32 [≤ 10000, dimension], n rows in all: a cluster's centre and noise, negative numbers cut off."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((_CLUSTERS, dimension), np.float32) - 0.5
    noise = 0.8 * rng.standard_normal((_BATCH, 2 * dimension), np.float32)  # a window of it for each batch
    for first in range(0, n, _BATCH):
        rows = min(_BATCH, n - first)
        start = int(rng.integers(dimension))
        batch = centres[rng.integers(0, _CLUSTERS, rows)]
        batch += noise[rng.permutation(_BATCH)[:rows], start : start + dimension]
        yield np.maximum(batch, 0, out=batch)


def store_of(folder: Path) -> EmbeddingStore:
    """The store that `fill` fills."""
    return EmbeddingStore(folder / "store", {"encoder": "made-up", "weights": "none", "dimension": DIMENSION})


def contents_of(embeddings: Embeddings, cache: Path) -> Contents:
    """What an engine is opened over, without any picture."""
    return Contents(embeddings, (), {}, cache, "made-up")


def fill(folder: Path, n: int) -> None:
    """Write a store of n embeddings, with file names, sizes and times."""
    with store_of(folder).writing() as writer:
        first = 0
        for batch in made_up(n):
            files = [
                (f"{i % 100:03}/{i:08}.jpg", 100_000 + i, 10**18 + i)
                for i in range(first, first + len(batch))
            ]
            writer.add(files, batch)
            first += len(batch)
        writer.quantise()
