"""bench glove: how fast a file of GloVe's shape loads."""

import argparse
from dataclasses import asdict

from imsearch_core.bench.glove import bench_glove
from imsearch_core.cli.common import print_json, progress_bar, with_json


def add(benches: argparse._SubParsersAction) -> None:
    glove = benches.add_parser("glove", help="how fast does a file of GloVe's shape load?")
    glove.add_argument("--words", type=int, default=400_000, metavar="N", help="default: 400000")
    glove.add_argument("--dimension", type=int, default=300, metavar="D", help="default: 300")
    with_json(glove)
    glove.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with progress_bar("writing the file", unit="words") as progress:
        loads = bench_glove(options.words, options.dimension, progress)
    if options.json:
        print_json([asdict(load) for load in loads])
        return 0
    for load in loads:
        print(
            f"{load.time:6} {load.words:,} words in {load.seconds:.2f} s ({load.processor_seconds:.2f} s of "
            f"computing), a search in "
            f"{load.first_search_seconds:.2f} s, {load.peak_bytes / 1e9:.2f} GB at most"
        )
    return 0
