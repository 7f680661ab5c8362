"""bench drawings: does the encoder see what the illustrated set shows?"""

import argparse
from dataclasses import asdict
from pathlib import Path

from imsearch_core.bench.drawings import bench_drawings
from imsearch_core.cli.common import add_bench, print_json, progress_bar


def add(benches: argparse._SubParsersAction) -> None:
    drawings = add_bench(benches, "drawings", "does the encoder see what the illustrated set shows?", _run)
    drawings.add_argument(
        "--photos", metavar="FOLDER", type=Path, help="labelled real photos to compare with"
    )


def _run(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        seen = bench_drawings(options.photos, progress)
    if options.json:
        print_json([asdict(row) for row in seen])
        return 0
    print(f"{'class':14} {'neighbours':>10} {'photos':>10} {'recognised':>10}")
    for row in seen:
        figures = (row.neighbours, row.photos, row.recognised)
        print(f"{row.label:14} " + " ".join(f"{'-' if f is None else f'{f:.2f}':>10}" for f in figures))
    return 0
