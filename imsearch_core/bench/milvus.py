"""What does searching through Milvus cost and lose?

A folder's embeddings are put into a fresh embedded Milvus and searched there, as `bench.candidates` says.
"""

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from imsearch_core.bench.candidates import Fetched, K, measure_candidates
from imsearch_core.cli.common import add_bench, progress_bar
from imsearch_core.collection import Collection
from imsearch_core.errors import UsageError
from imsearch_core.files import bytes_on_disk
from imsearch_core.index.milvus import URI, Parameters, open_index
from imsearch_core.progress import Progress, silent


@dataclass(frozen=True)
class Filling:
    """What it took to bring a folder's embeddings into Milvus."""

    images: int
    dimension: int
    images_per_second: float
    """Inserted and written with their graph, from embeddings that lie in memory."""
    reopen_seconds: float
    """To find out that nothing has changed."""
    bytes_per_image: float
    """On disk, embeddings and graph, once all is written."""


def bench_milvus(folder: Path, progress: Progress = silent) -> tuple[Filling, list[Fetched]]:
    """Measure on `folder`. Raises UsageError if it holds fewer than 2 × 9 pictures."""
    photos = Collection.open(folder, progress=progress)
    if len(photos) < 2 * K:
        raise UsageError(f"{folder} holds {len(photos)} pictures: at least {2 * K} are needed")
    with _embedded_milvus() as place:
        contents = replace(photos.contents, cache=place)
        open_index(replace(contents, items=contents.items[:1]), Parameters())  # imports, starts the server
        started = time.perf_counter()
        open_index(contents, Parameters())
        filled = time.perf_counter() - started
        started = time.perf_counter()
        index = open_index(contents, Parameters())
        filling = Filling(
            len(photos),
            photos.embeddings.dimension,
            (len(photos) - 1) / filled,
            time.perf_counter() - started,
            bytes_on_disk(place) / len(photos),
        )
        return filling, measure_candidates(photos.embeddings, photos.head, index)


@contextlib.contextmanager
def _embedded_milvus() -> Iterator[Path]:
    """A folder for an embedded Milvus, whatever server is set, ended and deleted afterwards."""
    from milvus_lite.server_manager import server_manager_instance

    server = os.environ.pop(URI, None)
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield Path(folder)
        finally:
            server_manager_instance.release_server(str(Path(folder) / "milvus.db"))
            if server is not None:
                os.environ[URI] = server


def add(benches: argparse._SubParsersAction) -> None:
    bench = add_bench(benches, "milvus", "what does searching through Milvus cost and lose?", _run, _print)
    bench.add_argument("folder", metavar="FOLDER", type=Path)


def _run(options: argparse.Namespace) -> dict[str, Any]:
    with progress_bar("embedding") as progress:
        filling, rows = bench_milvus(options.folder, progress)
    return {"filling": filling, "searches": rows}


def _print(measured: dict[str, Any]) -> None:
    filling = measured["filling"]
    print(
        f"{filling.images} images × {filling.dimension}: inserted at {filling.images_per_second:.0f}/s, "
        f"opened unchanged in {filling.reopen_seconds:.2f} s, {filling.bytes_per_image:.0f} bytes per image\n"
        f"{'method':8} over-fetch  recall@9  median ms  exact ms"
    )
    for row in measured["searches"]:
        print(
            f"{row.method:8} {row.candidates_per_result:10} {row.recall:9.3f} {row.milliseconds:10.2f} "
            f"{row.exact_milliseconds:9.2f}"
        )
