"""Exact search: the cosine to every embedding, with one matrix-vector product."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imsearch_core.embeddings import Embeddings


@dataclass(frozen=True)
class Parameters:
    """There is nothing to choose."""


class ExactIndex:
    """Compares the query with everything; needs no building."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings

    def query(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        return self._embeddings.nearest(vector, k)


def open_index(embeddings: Embeddings, cache: Path, version: str, parameters: Parameters) -> ExactIndex:
    return ExactIndex(embeddings)
