"""What does searching through Milvus cost and lose?

A folder's embeddings are put into a fresh embedded Milvus and searched there.
For pictures of the folder as queries, each with the class that the encoder sees in some other picture,
the first 9 neighbours are compared with those of exact search over a range of over-fetch factors: how
many candidates the engine is asked for, for each result wanted.
"""

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from imsearch_core.cli.common import add_bench, progress_bar
from imsearch_core.collection import Collection
from imsearch_core.errors import UsageError
from imsearch_core.files import bytes_on_disk
from imsearch_core.index.milvus import URI, MilvusIndex, Parameters, open_index
from imsearch_core.progress import Progress, silent
from imsearch_core.search import candidates
from imsearch_core.search import focus as focusing
from imsearch_core.search.ranking import CLASS_METHODS, DEFAULT_STRENGTH
from imsearch_core.vectors.embeddings import best

K = 9
FACTORS = (1, 3, 10, 30, 100)
QUERIES = 100


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


@dataclass(frozen=True)
class Fetched:
    """One method at one over-fetch factor."""

    method: str
    candidates_per_result: int
    """Candidates for each result; 1 for plain, which takes the engine's results as they are."""
    recall: float
    """How many of exact search's first 9 are found, mean, 0 to 1."""
    milliseconds: float
    """Median of a query."""
    exact_milliseconds: float
    """Median of the same query compared with every image."""


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
        return filling, _measure(photos, index)


def _measure(photos: Collection, index: MilvusIndex) -> list[Fetched]:
    rng = np.random.default_rng(0)
    chosen = rng.permutation(len(photos))[:QUERIES]
    others = rng.permutation(len(photos))[: len(chosen)]
    classes = [int(photos.head.logits(photos.embeddings[item]).argmax()) for item in others]
    kin = {index: focusing.related_weights(photos.head, index) for index in set(classes)}
    embeddings = photos.embeddings
    sample = embeddings.subset(np.sort(rng.permutation(len(photos))[:10_000]))

    def exact(method: str, item: int, class_index: int) -> np.ndarray:
        query, weights = embeddings[item], photos.head.weights[:, class_index]
        likeness = embeddings.dot(query) / (embeddings.norms * np.linalg.norm(query))  # nothing is kept
        if method == "plain":
            return best(likeness, K)
        if method == "reweigh":
            return best(focusing.reweigh(embeddings, query, weights), K)
        return focusing.focus(embeddings, likeness, kin[class_index], DEFAULT_STRENGTH, K).items

    def fetched(method: str, item: int, class_index: int) -> np.ndarray:
        query, weights = embeddings[item], photos.head.weights[:, class_index]
        if method == "plain":
            return index.query(query, K)[0]
        if method == "reweigh":
            items = candidates.reweigh_candidates(index, query, weights, K)
            return items[best(focusing.reweigh(embeddings.subset(items), query, weights), K)]
        return candidates.focus_candidates(
            index, embeddings, sample, query, kin[class_index], DEFAULT_STRENGTH, K
        ).items

    cases = list(zip(chosen.tolist(), classes, strict=True))
    found = []
    for method in ("plain", *CLASS_METHODS):
        truths, exact_times = _timed(exact, method, cases)
        for factor in (1,) if method == "plain" else FACTORS:
            index.candidates_per_result = factor
            answers, times = _timed(fetched, method, cases)
            recall = np.mean([np.isin(t, a).mean() for t, a in zip(truths, answers, strict=True)])
            found.append(Fetched(method, factor, float(recall), times, exact_times))
    return found


def _timed(search: Callable, method: str, cases: list[tuple[int, int]]) -> tuple[list[np.ndarray], float]:
    """The answers to all cases, and the median milliseconds of one."""
    answers, times = [], []
    search(method, *cases[0])  # what is made once is not counted
    for case in cases:
        started = time.perf_counter()
        answers.append(search(method, *case))
        times.append((time.perf_counter() - started) * 1000)
    return answers, float(np.median(times))


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
