"""bench labels: are wrong labels found?"""

import argparse
from dataclasses import asdict
from pathlib import Path

from imsearch_core.bench.labels import bench_labels
from imsearch_core.cli.common import print_json, progress_bar, with_json


def add(benches: argparse._SubParsersAction) -> None:
    labels = benches.add_parser("labels", help="are wrong labels found?")
    labels.add_argument("folder", metavar="FOLDER", type=Path, help="with the classes present in labels.csv")
    labels.add_argument(
        "--flip", type=float, default=0.1, metavar="SHARE", help="of labels made wrong (default: 0.1)"
    )
    with_json(labels)
    labels.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        bench = bench_labels(options.folder, options.flip, progress)
    if options.json:
        print_json(asdict(bench))
        return 0
    print(f"{bench.images} images of {bench.classes} classes, {options.flip:.0%} wrong labels planted")
    print(f"{'wrong labels':34} {'method':20} average precision")
    for row in bench.found:
        deviation = "" if row.deviation is None else f" ± {row.deviation:.3f}"
        print(f"{row.planted:34} {row.method:20} {row.average_precision:.3f}{deviation}")
    return 0
