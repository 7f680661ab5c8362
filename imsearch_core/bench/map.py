"""What do the maps keep of the neighbourhoods? Both of them, made anew."""

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imsearch_core.cli.common import add_bench, progress_bar
from imsearch_core.collection import Collection
from imsearch_core.errors import UsageError
from imsearch_core.progress import Progress, silent
from imsearch_core.projection import NeighbourMap, Projection, pca
from imsearch_core.projection.base import MEASURED, NEIGHBOURS, sample


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


def bench_map(folder: Path, progress: Progress = silent) -> tuple[float, list[MapQuality]]:
    """Measure PCA and the neighbour map of `folder`.

    Returns the share that a map drawn by chance keeps, and the maps. Raises UsageError if the folder
    has too few pictures to tell.
    """
    photos = Collection.open(folder, progress=progress)
    if len(photos) <= 2 * NEIGHBOURS:
        raise UsageError(f"{folder} has {len(photos)} pictures: {2 * NEIGHBOURS + 1} are needed to measure")
    measured = []
    with tempfile.TemporaryDirectory() as nowhere:
        neighbours = NeighbourMap(photos.embeddings, Path(nowhere), "bench")
        for method, make in (("pca", lambda: pca(photos.embeddings)), ("neighbours", neighbours.make)):
            started = time.perf_counter()
            made = make()
            seconds = time.perf_counter() - started
            trust = _trustworthiness(photos, made)
            measured.append(MapQuality(method, len(made.items), made.kept, trust, seconds))
    return NEIGHBOURS / (min(len(photos), MEASURED) - 1), measured


def _trustworthiness(photos: Collection, made: Projection) -> float:
    """Of an even sample, if there are more than 2000 on the map."""
    from sklearn.manifold import trustworthiness

    chosen = sample(len(made.items), MEASURED)
    rows = photos.embeddings.unit_rows(made.items[chosen])
    return float(trustworthiness(rows, made.points[chosen], n_neighbors=NEIGHBOURS))


def add(benches: argparse._SubParsersAction) -> None:
    bench = add_bench(benches, "map", "how much of the neighbourhoods do the maps keep?", _run, _print)
    bench.add_argument("folder", metavar="FOLDER", type=Path)


def _run(options: argparse.Namespace) -> dict[str, Any]:
    with progress_bar("embedding") as progress:
        by_chance, maps = bench_map(options.folder, progress)
    return {"chance": by_chance, "maps": maps}


def _print(measured: dict[str, Any]) -> None:
    print(
        "kept: of a picture's 9 nearest, those among its 9 nearest on the map; "
        f"by chance {measured['chance']:.3f}"
    )
    print(f"{'map':12} {'placed':>8} {'kept':>8} {'trustworthiness':>16} {'seconds':>8}")
    for m in measured["maps"]:
        print(f"{m.method:12} {m.placed:8,} {m.kept:8.3f} {m.trustworthiness:16.3f} {m.seconds:8.1f}")
