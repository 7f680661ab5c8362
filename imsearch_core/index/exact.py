"""Exact search: the cosine to every embedding, with one matrix-vector product."""

from dataclasses import dataclass

import numpy as np

from imsearch_core.index.base import EVERYTHING, Contents, Filter, parameter
from imsearch_core.vectors.embeddings import PRECISIONS


@dataclass(frozen=True)
class Parameters:
    """The precision at which every embedding is compared."""

    precision: str = parameter(
        "automatic",
        PRECISIONS,
        "int8 takes a quarter of the memory and gives the same cosines; automatic means int8 above 1 GiB",
    )


class ExactIndex:
    """Compares the query with every embedding. Nothing is built."""

    candidates_per_result = 0

    def __init__(self, contents: Contents, parameters: Parameters) -> None:
        self._contents = contents
        self._embeddings = contents.embeddings.at_precision(parameters.precision)

    def query(self, vector: np.ndarray, k: int, only: Filter = EVERYTHING) -> tuple[np.ndarray, np.ndarray]:
        return self._embeddings.nearest(vector, k, self._contents.matching(only))


open_index = ExactIndex
