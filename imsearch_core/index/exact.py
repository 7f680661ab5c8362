"""Exact search: the cosine to every embedding, with one matrix-vector product."""

from dataclasses import dataclass

import numpy as np

from imsearch_core.index import Contents


@dataclass(frozen=True)
class Parameters:
    """There is nothing to choose."""


class ExactIndex:
    """Compares the query with everything; needs no building."""

    over_fetch = 0

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def query(self, vector: np.ndarray, k: int, label: str | None = None) -> tuple[np.ndarray, np.ndarray]:
        among = None if label is None else self._contents.labelled(label)
        return self._contents.embeddings.nearest(vector, k, among)


def open_index(contents: Contents, parameters: Parameters) -> ExactIndex:
    return ExactIndex(contents)
