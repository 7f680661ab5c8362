"""How much of the neighbourhoods do both maps keep? Both are computed again."""

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from imsearch_core.bench.command import FOLDER, add_bench
from imsearch_core.collection import Collection
from imsearch_core.errors import UsageError
from imsearch_core.progress import Progress, silent
from imsearch_core.projection import NeighbourMap, Projection, pca
from imsearch_core.projection.base import MEASURED, NEIGHBOURS
from imsearch_core.vectors.sampling import even_sample


@dataclass(frozen=True)
class MapQuality:
    """How true a map is to the embeddings."""

    method: str
    placed: int
    """Pictures on the map."""
    kept: float
    """Of a picture's 9 nearest, the share among its 9 nearest on the map, 0 to 1; what the page says."""
    trustworthiness: float
    """1 less a penalty for those of the 9 nearest on the map that are far by cosine (scikit-learn)."""
    seconds: float


def bench_map(folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Measure PCA and the neighbour map of `folder`; `chance` is the share that a random map keeps.

    Raises UsageError if it has too few pictures.
    """
    photos = Collection.open(folder, progress=progress)
    if len(photos) <= 2 * NEIGHBOURS:
        raise UsageError(f"{folder} has {len(photos)} pictures: {2 * NEIGHBOURS + 1} are needed to measure")
    measured = []
    with tempfile.TemporaryDirectory() as nowhere:
        neighbours = NeighbourMap(replace(photos.contents, cache=Path(nowhere)))
        for method, make in (("pca", lambda: pca(photos.embeddings)), ("neighbours", neighbours.make)):
            started = time.perf_counter()
            made = make()
            seconds = time.perf_counter() - started
            trust = _trustworthiness(photos, made)
            measured.append(MapQuality(method, len(made.items), made.kept, trust, seconds))
    return {"chance": NEIGHBOURS / (min(len(photos), MEASURED) - 1), "maps": measured}


def _trustworthiness(photos: Collection, made: Projection) -> float:
    """Of an even sample, if there are more than 2000 on the map."""
    from sklearn.manifold import trustworthiness

    chosen = even_sample(len(made.items), MEASURED)
    rows = photos.embeddings.unit_rows(made.items[chosen])
    return float(trustworthiness(rows, made.points[chosen], n_neighbors=NEIGHBOURS))


def add(benches: argparse._SubParsersAction) -> None:
    add_bench(benches, "map", "how much of the neighbourhoods do the maps keep?", bench_map, FOLDER)
