"""bench approaches: what the tutorial rejects, against embeddings."""

import argparse
from dataclasses import asdict

from imsearch_core.cli.common import open_folder, print_json, progress_bar, with_folder
from imsearch_core.compare.approaches import bench_approaches


def add(benches: argparse._SubParsersAction) -> None:
    approaches = benches.add_parser("approaches", help="embeddings against what the tutorial rejects")
    with_folder(approaches)
    approaches.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    with progress_bar("measuring", unit="approaches") as progress:
        measured = list(bench_approaches(photos, progress))
    if options.json:
        print_json([asdict(row) for row in measured])
        return 0
    print(f"{'approach':12} pictures  prepare s  add one s  search ms  passes  P@9")
    for row in measured:
        print(
            f"{row.approach:12} {row.pictures:8} {row.prepare_seconds:10.2f} {row.add_seconds:10.3f} "
            f"{row.query_seconds * 1000:10.3f} {row.passes:7} {row.precision:.2f}"
        )
    return 0
