"""How long a GloVe file of a given size takes to load, the first time and after, and in how much memory."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imsearch_core.cli.common import add_bench, progress_bar
from imsearch_core.progress import Progress, silent

_HALVES = 1000  # formatting numbers is slow: rows are pairs of these many ready halves

_LOAD = """
import json, sys, time
from imsearch_core.bench.machine import most_memory
from imsearch_core.words.glove import load_glove
from pathlib import Path
started, busy = time.perf_counter(), time.process_time()
table = load_glove(Path(sys.argv[1])).table
loaded, busy = time.perf_counter(), time.process_time() - busy
table.nearest("word0")
searched = time.perf_counter()
print(json.dumps([len(table), loaded - started, busy, searched - loaded, most_memory()]))
"""


@dataclass(frozen=True)
class GloveLoad:
    """One loading of the file, in a process of its own."""

    time: str
    """"first" or "again"."""
    words: int
    seconds: float
    processor_seconds: float
    """What of them it computed: tells a slow file from a busy machine."""
    first_search_seconds: float
    peak_bytes: int
    """Of the process's memory, what is mapped from disk included."""


def bench_glove(words: int, dimension: int, progress: Progress = silent) -> list[GloveLoad]:
    """Write a file of GloVe's shape to a temporary folder and load it twice."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"glove.{dimension}d.txt"
        write_glove(path, words, dimension, progress)
        environment = {**os.environ, "IMSEARCH_HOME": folder}
        loads = []
        for which in ("first", "again"):
            run = subprocess.run(
                [sys.executable, "-c", _LOAD, str(path)],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            loads.append(GloveLoad(which, *json.loads(run.stdout)))
    return loads


def write_glove(
    path: Path,
    words: int,
    dimension: int,
    progress: Progress = silent,
) -> None:
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
    bench = add_bench(benches, "glove", "how fast does a file of GloVe's shape load?", _run, _print)
    bench.add_argument("--words", type=int, default=400_000, metavar="N", help="default: 400000")
    bench.add_argument("--dimension", type=int, default=300, metavar="D", help="default: 300")


def _run(options: argparse.Namespace) -> list[GloveLoad]:
    with progress_bar("writing the file", unit="words") as progress:
        return bench_glove(options.words, options.dimension, progress)


def _print(loads: list[GloveLoad]) -> None:
    for load in loads:
        print(
            f"{load.time:6} {load.words:,} words in {load.seconds:.2f} s ({load.processor_seconds:.2f} s of "
            f"computing), a search in {load.first_search_seconds:.2f} s, "
            f"{load.peak_bytes / 1e9:.2f} GB at most"
        )
