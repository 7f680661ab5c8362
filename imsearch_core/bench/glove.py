"""How long a GloVe file of a given size takes to load, the first time and after, and in how much memory."""

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imsearch_core.bench.command import add_bench, option
from imsearch_core.bench.machine import home_in, in_own_process, most_memory
from imsearch_core.progress import Progress, silent
from imsearch_core.words.glove import load_glove

_HALVES = 1000  # formatting numbers is slow: rows are pairs of these many ready halves


@dataclass(frozen=True)
class GloveLoad:
    """One loading of the file, in a fresh process."""

    time: str
    """"first" or "again"."""
    words: int
    seconds: float
    processor_seconds: float
    """Of those, processor seconds: they tell a slow file from a busy machine."""
    first_search_seconds: float
    peak_bytes: int
    """The most memory that the process held, including what is mapped from disk."""


def bench_glove(words: int, dimension: int, progress: Progress = silent) -> list[GloveLoad]:
    """Write a file of GloVe's shape to a temporary folder and load it twice."""
    with tempfile.TemporaryDirectory() as folder, home_in(Path(folder)):
        path = Path(folder) / f"glove.{dimension}d.txt"
        write_glove(path, words, dimension, progress)
        return [in_own_process(_load, which, path) for which in ("first", "again")]


def _load(which: str, path: Path) -> GloveLoad:
    started, busy = time.perf_counter(), time.process_time()
    table = load_glove(path).table
    loaded, busy = time.perf_counter(), time.process_time() - busy
    table.nearest("word0")
    searched = time.perf_counter()
    return GloveLoad(which, len(table), loaded - started, busy, searched - loaded, most_memory())


def write_glove(path: Path, words: int, dimension: int, progress: Progress = silent) -> None:
    """A text file of `words` different lines of random numbers with five decimals, as GloVe's are."""
    random = np.random.default_rng(0)
    left, right = (
        [" ".join(f"{x:.5f}" for x in row) for row in random.normal(0, 0.4, (_HALVES, size))]
        for size in (dimension // 2, dimension - dimension // 2)
    )
    with path.open("w", encoding="utf-8") as file:
        for i in range(words):
            file.write(f"word{i} {left[i % _HALVES]} {right[i // _HALVES % _HALVES]}\n")
            if i % 10_000 == 0:
                progress(i, words)


def add(benches: argparse._SubParsersAction) -> None:
    words = option("--words", 400_000, "N", "lines of the file")
    dimension = option("--dimension", 300, "D", "numbers in a line")
    help = "how fast does a file of GloVe's shape load?"
    add_bench(benches, "glove", help, bench_glove, words, dimension, doing="writing the file", unit="words")
