"""The approaches that the tutorial rejects, against embeddings."""

import argparse
from typing import Any

from imsearch_core.bench.command import add_bench
from imsearch_core.cli.common import open_folder, progress_bar, with_pictures
from imsearch_core.compare.approaches import ApproachFigures, bench_approaches


def add(benches: argparse._SubParsersAction) -> None:
    help = "how do embeddings compare with what the tutorial rejects?"
    with_pictures(add_bench(benches, "approaches", help, _measure))


def _measure(**options: Any) -> list[ApproachFigures]:
    photos = open_folder(argparse.Namespace(**options))
    with progress_bar("measuring", unit="approaches") as progress:
        return list(bench_approaches(photos, progress))
