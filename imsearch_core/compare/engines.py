"""Engines measured on given embeddings: what each finds, how fast, and what it costs to build."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from imsearch_core.files import bytes_on_disk
from imsearch_core.index import (
    EVERYTHING,
    Contents,
    Filter,
    Index,
    installed_engines,
    keeps_itself,
    open_index,
)
from imsearch_core.progress import Progress, silent
from imsearch_core.vectors.embeddings import Embeddings

K = 10
UNASKED = 5000  # pictures: building forests over more takes longer than one waits for a page


@dataclass(frozen=True)
class EngineFigures:
    """An engine's figures on one collection."""

    engine: str
    recall: float
    """Of the true 10 nearest, the share that it finds: mean over the queries, 0 to 1."""
    milliseconds: float
    """Median time of a query."""
    p95: float
    """95th percentile of the time of a query."""
    build_seconds: float
    """To build its index; about 0 for an engine that needs none."""
    megabytes: float
    """On disk, not counting the embeddings."""


def measure_engines(
    engines: Sequence[str],
    contents: Contents,
    queries: np.ndarray,
    progress: Progress = silent,
    opened: Callable[[str, Contents], Index] = open_index,
) -> list[EngineFigures]:
    """Open each engine in a temporary folder, by `opened`, and search with every query.

    An engine that reuses what an earlier one has built is given that one's cost. A database is used as it is.
    Raises what `opened` raises.
    """
    embeddings = contents.embeddings
    truth = [set(embeddings.nearest(embeddings[item], K)[0].tolist()) for item in queries]
    databases = {name for name in installed_engines() if keeps_itself(name)}
    measured: list[EngineFigures] = []
    costs: dict[str, tuple[float, float]] = {}  # by engine name, of the last build
    with tempfile.TemporaryDirectory(prefix="imsearch-engine-") as folder:
        apart = replace(contents, cache=Path(folder))
        for done, engine in enumerate(engines):
            progress(done, len(engines))
            name = engine.partition(":")[0]
            before = bytes_on_disk(Path(folder))
            started = time.perf_counter()
            index = opened(engine, contents if name in databases else apart)
            seconds = time.perf_counter() - started
            grown = (bytes_on_disk(Path(folder)) - before) / 1e6
            if grown or name not in costs:
                costs[name] = seconds, grown
            times, found = timed_searches(index, embeddings, queries)
            del index  # before its files go
            shares = [len(true & set(items)) / len(true) for true, items in zip(truth, found, strict=True)]
            median, p95 = np.percentile(times, [50, 95])
            measured.append(
                EngineFigures(engine, float(np.mean(shares)), float(median), float(p95), *costs[name])
            )
    return measured


def timed_searches(
    index: Index, embeddings: Embeddings, queries: np.ndarray, only: Filter = EVERYTHING
) -> tuple[list[float], list[list[int]]]:
    """Milliseconds and items of each query, after one that warms up."""
    index.query(embeddings[queries[0]], K, only)
    times, found = [], []
    for item in queries:
        vector = embeddings[item] * np.float32(1.0001)  # new to the engine, so that nothing is cached
        started = time.perf_counter()
        items, _ = index.query(vector, K, only)
        times.append(1000 * (time.perf_counter() - started))
        found.append(items.tolist())
    return times, found
