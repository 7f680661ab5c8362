"""What does searching through Milvus cost and lose?

A folder's embeddings are put into a fresh embedded Milvus and searched there, as `bench.candidates` says.
"""

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from imsearch_core.bench.candidates import K, measure_candidates
from imsearch_core.bench.command import FOLDER, add_bench
from imsearch_core.bench.figures import Figure
from imsearch_core.collection import Collection
from imsearch_core.errors import UsageError
from imsearch_core.files import bytes_on_disk
from imsearch_core.index.milvus import URI, Parameters, open_index
from imsearch_core.progress import Progress, silent


def bench_milvus(folder: Path, progress: Progress = silent) -> dict[str, Any]:
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
        filling = [
            Figure("images", len(photos), ""),
            Figure("inserted, with their graph, from memory", (len(photos) - 1) / filled, "images/s"),
            Figure("opened again, nothing new", time.perf_counter() - started, "s"),
            Figure("on disk, embeddings and graph", bytes_on_disk(place) / len(photos), "bytes/image"),
        ]
        return {
            "filling": filling,
            "searches": measure_candidates(photos.embeddings, photos.head, index),
        }


@contextlib.contextmanager
def _embedded_milvus() -> Iterator[Path]:
    """A folder for an embedded Milvus, even if a server is set; ended and deleted afterwards."""
    from milvus_lite.server_manager import server_manager_instance

    with patch.dict(os.environ), tempfile.TemporaryDirectory() as folder:
        os.environ.pop(URI, None)
        try:
            yield Path(folder)
        finally:
            server_manager_instance.release_server(str(Path(folder) / "milvus.db"))


def add(benches: argparse._SubParsersAction) -> None:
    add_bench(benches, "milvus", "what does searching through Milvus cost and lose?", bench_milvus, FOLDER)
