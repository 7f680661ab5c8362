"""Embeddings and an index: the network runs once per picture, and a search is one matrix-vector product."""

import time

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.compare.decoding import decoded
from imsearch_core.datasets import Item
from imsearch_core.encoders import load_encoder
from imsearch_core.store.sync import BATCH
from imsearch_core.vectors.embeddings import Embeddings

_REPEATS = 5


class Embedded:
    """The collection's own encoder and exact search, with every picture embedded again."""

    name = "embeddings"
    queries = 100
    passes = 0

    def __init__(self, photos: Collection, items: list[Item]) -> None:
        self._encoder = load_encoder(photos.encoder_name)
        self._files = [photos.folder / item.file for item in items]

    def prepare(self) -> float:
        seconds, made = 0.0, []
        self._encoder.embed(decoded(self._files[:1], self._encoder.preset))  # the first call compiles
        for start in range(0, len(self._files), BATCH):
            pictures = decoded(self._files[start : start + BATCH], self._encoder.preset)
            started = time.perf_counter()
            made.append(self._encoder.embed(pictures))
            seconds += time.perf_counter() - started
        started = time.perf_counter()
        self._embeddings = Embeddings(np.concatenate(made), np.arange(len(self._files)))
        self._embeddings.norms  # noqa: B018  computed at first use and kept
        return seconds + time.perf_counter() - started

    def add(self) -> float:
        picture = decoded(self._files[:1], self._encoder.preset)
        seconds = []
        for _ in range(_REPEATS):
            started = time.perf_counter()
            self._encoder.embed(picture)
            seconds.append(time.perf_counter() - started)
        return float(np.median(seconds))

    def scores(self, query: int) -> np.ndarray:
        return self._embeddings.cosines_to(self._embeddings[query])
