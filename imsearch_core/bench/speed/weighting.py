"""b: search weighted by a class, against the tutorial's way: an Annoy index of 1000 trees for each class."""

from itertools import cycle

import numpy as np
from threadpoolctl import threadpool_limits

from imsearch_core.bench.figures import Figure, medians_in_turn
from imsearch_core.bench.speed.synthetic import made_up
from imsearch_core.search.focus import reweigh
from imsearch_core.vectors.embeddings import Embeddings, best

_N, _DIMENSION, _K = 1000, 4096, 10


def run() -> list[Figure]:
    import annoy

    matrix = next(made_up(_N, _DIMENSION))
    embeddings = Embeddings(matrix, np.arange(_N))
    rng = np.random.default_rng(0)
    columns = rng.standard_normal((200, _DIMENSION)).astype(np.float32)
    classes = cycle(columns)  # another class every time, so that nothing is cached

    def rebuild() -> None:
        weights = next(classes)
        index = annoy.AnnoyIndex(_DIMENSION, "angular")
        for item, row in enumerate(matrix * weights):
            index.add_item(item, row)
        index.build(1000)
        index.get_nns_by_vector(matrix[0] * weights, _K, include_distances=True)

    def ours() -> None:
        best(reweigh(embeddings, matrix[0], next(classes)), _K)

    weights = next(classes)
    norms = embeddings.weighted_norms(weights)

    def ours_again() -> None:
        best(reweigh(embeddings, matrix[0], weights, norms), _K)

    with threadpool_limits(1, user_api="blas"):  # as the explorer does
        theirs, new, again = medians_in_turn(9, rebuild, ours, ours_again)
    return [
        Figure("tutorial: new index of 1000 trees and a query, 1000 × 4096", 1000 * theirs, "ms"),
        Figure("ours, a class never searched by", 1000 * new, "ms"),
        Figure("ours, the same class again", 1000 * again, "ms"),
        Figure("tutorial ÷ ours, new class", theirs / new, "×", "≥ 100"),
    ]
