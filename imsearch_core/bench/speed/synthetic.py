"""Made-up embeddings, stored for real: clustered, non-negative and sparse, as those of a network are."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.datasets import scan
from imsearch_core.encoders import DEFAULT_ENCODER, find_preset, load_encoder
from imsearch_core.encoders.base import IMAGENET_CLASSES, ClassHead
from imsearch_core.index import Contents
from imsearch_core.store import EmbeddingStore
from imsearch_core.vectors.embeddings import Embeddings

DIMENSION = 1280
_BATCH = 10_000
_CLUSTERS = 1000


def made_up(n: int, dimension: int = DIMENSION) -> Iterator[np.ndarray]:
    """float32 [≤ 10000, dimension], n rows in all: a cluster's centre and noise, negative numbers cut off."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((_CLUSTERS, dimension), np.float32) - 0.5
    most = min(_BATCH, n)
    noise = 0.8 * rng.standard_normal((most, 2 * dimension), np.float32)  # a window of it for each batch
    for first in range(0, n, _BATCH):
        rows = min(_BATCH, n - first)
        start = int(rng.integers(dimension))
        batch = centres[rng.integers(0, _CLUSTERS, rows)]
        batch += noise[rng.permutation(most)[:rows], start : start + dimension]
        yield np.maximum(batch, 0, out=batch)


def store_of(folder: Path) -> EmbeddingStore:
    """The store that `fill` fills."""
    return EmbeddingStore(folder / "store", {"encoder": "made-up", "weights": "none", "dimension": DIMENSION})


def contents_of(embeddings: Embeddings, cache: Path) -> Contents:
    """What an engine is opened over, without any picture."""
    return Contents(embeddings, (), {}, cache, "made-up")


def open_made_up(folder: Path) -> Collection:
    """The collection that `fill` makes."""
    return Collection.synced(
        scan(folder / "pictures"), store_of(folder), find_preset(DEFAULT_ENCODER), load_encoder
    )


def fill(folder: Path, n: int) -> None:
    """Make a folder of n empty files, and a store with an embedding for each, not in their order."""
    for i in range(n):
        place = folder / "pictures" / f"{i % 100:03}"
        if i < 100:
            place.mkdir(parents=True)
        os.close(os.open(place / f"{i:08}.jpg", os.O_CREAT | os.O_WRONLY))
    items = sorted(scan(folder / "pictures").items, key=lambda item: item.file.rsplit("/")[-1])
    store = store_of(folder)
    with store.writing() as writer:
        first = 0
        for batch in made_up(n):
            some = items[first : first + len(batch)]
            writer.add([(item.file, item.size, item.modified_ns, item.identity) for item in some], batch)
            first += len(batch)
        writer.quantise()
    store.write_head(
        ClassHead(np.zeros((DIMENSION, IMAGENET_CLASSES), np.float32), np.zeros(IMAGENET_CLASSES))
    )
