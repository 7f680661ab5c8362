"""The engines side by side, on made-up embeddings or on those of crops of real photos.

First what each engine finds and how long it takes. Then, for hnsw: changing the graph when pictures come and
go, filters, and searches conditioned on a class.
"""

import argparse
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from imsearch_core.bench.candidates import measure_candidates
from imsearch_core.bench.command import add_bench, argument, listed, option
from imsearch_core.bench.crops import crop_embeddings
from imsearch_core.bench.figures import Figure
from imsearch_core.bench.rivals import RIVALS, installed_rivals, open_rival
from imsearch_core.bench.speed.synthetic import DIMENSION, made_up
from imsearch_core.cli.common import progress_bar
from imsearch_core.compare.engines import EngineFigures, K, measure_engines, timed_searches
from imsearch_core.datasets import Item
from imsearch_core.encoders import ClassHead, load_encoder
from imsearch_core.encoders.base import IMAGENET_CLASSES
from imsearch_core.errors import UsageError
from imsearch_core.index import EVERYTHING, Contents, Filter, Index, engine_name, open_index
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.sampling import random_sample

COUNT = 10_000
_QUERIES = 50
_COMPACT_ABOVE = 1 << 30  # bytes of float32: the store has a compact copy of more than that, too
_LABELS = {"one in 10": 10, "one in 100": 100, "one in 1000": 1000}
_EFS = (16, 32, 64, 128, 256)
ENGINES = {
    "exact": ["exact", "exact:precision=int8"],
    "annoy": [
        engine_name("annoy", {"trees": trees, "search_nodes": nodes})
        for trees in (10, 50, 100)
        for nodes in (300, 1000, 3000, 10_000)
    ],
    "hnsw": [
        engine_name("hnsw", {"precision": precision, "ef": ef})
        for precision in ("float16", "int8")
        for ef in _EFS
    ],
    "faiss-ivf": [f"faiss-ivf:probes={probes}" for probes in (1, 4, 16, 64)],
    "faiss-hnsw": [f"faiss-hnsw:ef={ef}" for ef in _EFS],
    "hnswlib": [f"hnswlib:ef={ef}" for ef in _EFS],
}
"""What is measured of each engine: every setting worth comparing."""


def bench_engines(
    count: int = COUNT, photos: Path | None = None, engines: Sequence[str] = tuple(ENGINES)
) -> list[Figure]:
    """Measure these engines over `count` embeddings: of crops of `photos`, or else made up.

    Rivals that are not installed are left out. Raises UsageError for an unknown engine, fewer than 10
    embeddings, or a folder without photos.
    """
    if unknown := [name for name in engines if name not in ENGINES]:
        raise UsageError(f"there is no engine {unknown[0]!r} to measure: choose from {', '.join(ENGINES)}")
    if count < K:
        raise UsageError(f"--count is {count}: it must be at least {K}")
    available = [name for name in engines if name not in RIVALS or name in installed_rivals()]
    with tempfile.TemporaryDirectory(prefix="imsearch-engines-") as folder:
        embeddings, head = _embeddings(count, photos, Path(folder, "embeddings.npy"))
        contents = Contents(embeddings, _items(count), {}, Path(folder), "1")
        settings = [setting for name in available for setting in ENGINES[name]]
        queries = random_sample(count, _QUERIES)
        with progress_bar("engines measured") as progress:
            rows = measure_engines(settings, contents, queries, progress, _open)
        figures = _side_by_side(rows)
        if "hnsw" in available:
            index, changes = _changed(contents)
            found = [*changes, *_filtered(contents, index, queries), *_by_class(embeddings, head, index)]
            figures += [Figure(f"hnsw: {what}", *rest) for what, *rest in found]
        return [replace(figure, n=count) for figure in figures]


def _open(engine: str, contents: Contents) -> Index:
    return (open_rival if engine.partition(":")[0] in RIVALS else open_index)(engine, contents)


def _embeddings(count: int, photos: Path | None, file: Path) -> tuple[Embeddings, ClassHead]:
    """The embeddings, kept in a file as those of a store are, and a class head for them."""
    if photos is None:
        batches: Iterable[np.ndarray] = made_up(count)
        weights = np.random.default_rng(1).standard_normal((DIMENSION, IMAGENET_CLASSES)).astype(np.float32)
        head = ClassHead(weights, np.zeros(IMAGENET_CLASSES, np.float32))
    else:
        encoder = load_encoder()
        head = encoder.head
        with progress_bar("crops embedded") as progress:
            batches = list(crop_embeddings(photos, count, encoder, progress))
    matrix = np.lib.format.open_memmap(file, "w+", np.float32, (count, DIMENSION))
    first = 0
    for batch in batches:
        matrix[first : first + len(batch)] = batch
        first += len(batch)
    embeddings = Embeddings(matrix, np.arange(count))
    return embeddings.at_precision("int8") if matrix.nbytes > _COMPACT_ABOVE else embeddings, head


def _items(count: int) -> list[Item]:
    """Pictures of which one in ten, a hundred and a thousand bear the labels of `_LABELS`."""

    def label(i: int) -> str:
        return next((name for name, step in reversed(_LABELS.items()) if i % step == 0), "others")

    return [Item(f"{i}.jpg", label(i), (), i, i) for i in range(count)]


def _side_by_side(rows: Sequence[EngineFigures]) -> list[Figure]:
    figures, costs = [], set()
    for row in rows:
        goals = ("≥ 0.97", "≤ 5") if row.engine == "hnsw" else ("", "")
        figures += [
            Figure(f"{row.engine}: recall at 10", row.recall, "", goals[0]),
            Figure(f"{row.engine}: median query", row.milliseconds, "ms", goals[1]),
            Figure(f"{row.engine}: 95 of 100 queries within", row.p95, "ms"),
        ]
        if row.megabytes and (cost := (row.build_seconds, row.megabytes)) not in costs:
            costs.add(cost)
            figures += [
                Figure(f"{row.engine}: build", row.build_seconds, "s"),
                Figure(f"{row.engine}: size", row.megabytes, "MB"),
            ]
    median = {row.engine: row.milliseconds for row in rows}
    if {"exact", "hnsw"} <= median.keys():
        figures.append(Figure("median query, exact ÷ hnsw", median["exact"] / median["hnsw"], "×"))
    return figures


def _changed(contents: Contents) -> tuple[Index, list[tuple]]:
    """The graph of all but 1 %, changed into one of another 99 %; and the figures of that."""
    count = len(contents.items)
    some = max(1, count // 100)

    def part(numbers: np.ndarray, version: str) -> Contents:
        embeddings = Embeddings(contents.embeddings.rows(numbers), np.arange(len(numbers)))
        return replace(
            contents, embeddings=embeddings, items=[contents.items[i] for i in numbers], version=version
        )

    def seconds(opened: Contents) -> float:
        started = time.perf_counter()
        open_index("hnsw", opened)
        return time.perf_counter() - started

    built = seconds(part(np.arange(some, count), "less"))
    added = seconds(contents)
    removed = seconds(part(np.arange(count - some), "less again"))
    started = time.perf_counter()
    index = open_index("hnsw", replace(contents, version="whole again"))
    again = time.perf_counter() - started
    return index, [
        ("built of 99 %", built, "s"),
        ("1 % added", added, "s"),
        ("1 % removed", removed, "s"),
        ("1 % added again", again, "s"),
        ("1 % added ÷ built", added / built, "×", "≤ 0.1"),
    ]


def _filtered(contents: Contents, index: Index, queries: np.ndarray) -> Iterable[tuple]:
    embeddings = contents.embeddings
    for name, only in {"no filter, changed graph": EVERYTHING, **{n: Filter(n) for n in _LABELS}}.items():
        truths = [embeddings.nearest(embeddings[i], K, contents.matching(only))[0] for i in queries]
        times, found = timed_searches(index, embeddings, queries, only)
        shares = [
            np.isin(truth, items).mean() if len(truth) else 1.0
            for truth, items in zip(truths, found, strict=True)
        ]
        yield f"recall at 10, {name}", float(np.mean(shares)), "", "≥ 0.97"
        yield f"median query, {name}", float(np.median(times)), "ms"


def _by_class(embeddings: Embeddings, head: ClassHead, index: Index) -> Iterable[tuple]:
    for row in measure_candidates(embeddings, head, index, (index.candidates_per_result,)):
        if row.method != "plain":
            yield f"recall at 9, {row.method}", row.recall, "", "≥ 0.97"
            yield f"median query, {row.method}", row.milliseconds, "ms"
            yield f"median query, {row.method}, exact ÷ hnsw", row.exact_milliseconds / row.milliseconds, "×"


def add(benches: argparse._SubParsersAction) -> None:
    count = option("--count", COUNT, "N", "how many embeddings")
    photos = argument("--photos", type=Path, metavar="FOLDER", help="embed crops of these photos")
    names = ",".join(ENGINES)
    some = option("--engine", names, "E,E", "of those installed", type=listed, dest="engines")
    help = "what does each engine find, and how fast?"
    add_bench(benches, "engines", help, bench_engines, count, photos, some)
