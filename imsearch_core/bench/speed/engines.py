"""d: Annoy against exact search, over trees and nodes searched."""

from pathlib import Path

import numpy as np

from imsearch_core.bench.speed.figures import Figure
from imsearch_core.bench.speed.synthetic import contents_of, made_up
from imsearch_core.compare.engines import measure_engines, sample_queries
from imsearch_core.index import engine_name
from imsearch_core.vectors.embeddings import Embeddings

_TREES = (10, 50, 100)
_NODES = (300, 1000, 3000, 10000)
_N = 10_000


def run() -> list[Figure]:
    embeddings = Embeddings(np.concatenate(list(made_up(_N))), np.arange(_N))
    engines = ["exact", "exact:precision=int8"]
    engines += [engine_name("annoy", {"trees": t, "search_nodes": n}) for t in _TREES for n in _NODES]
    figures = []
    for row in measure_engines(engines, contents_of(embeddings, Path()), sample_queries(embeddings, 50)):
        figures += [
            Figure("d", f"{row.engine}: recall at 10", row.recall, "", n=_N),
            Figure("d", f"{row.engine}: median query", row.milliseconds, "ms", n=_N),
        ]
        if f"search_nodes={_NODES[0]}" in row.engine.split(":")[-1].split(","):  # once for each forest
            figures += [
                Figure("d", f"{row.engine}: build", row.build_seconds, "s", n=_N),
                Figure("d", f"{row.engine}: size", row.megabytes, "MB", n=_N),
            ]
    return figures
