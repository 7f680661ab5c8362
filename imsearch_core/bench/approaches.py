"""The approaches that the tutorial rejects, against embeddings."""

import argparse

from imsearch_core.cli.common import add_bench, open_folder, progress_bar, with_pictures
from imsearch_core.compare.approaches import ApproachFigures, bench_approaches


def add(benches: argparse._SubParsersAction) -> None:
    bench = add_bench(benches, "approaches", "embeddings against what the tutorial rejects", _run, _print)
    with_pictures(bench)


def _run(options: argparse.Namespace) -> list[ApproachFigures]:
    photos = open_folder(options)
    with progress_bar("measuring", unit="approaches") as progress:
        return list(bench_approaches(photos, progress))


def _print(measured: list[ApproachFigures]) -> None:
    print(f"{'approach':12} pictures  prepare s  add one s  search ms  passes  P@9")
    for row in measured:
        print(
            f"{row.approach:12} {row.pictures:8} {row.prepare_seconds:10.2f} {row.add_seconds:10.3f} "
            f"{row.query_seconds * 1000:10.3f} {row.passes:7} {row.precision:.2f}"
        )
