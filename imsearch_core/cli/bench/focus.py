"""bench focus: does conditioning on a class find it?"""

import argparse
from dataclasses import asdict
from pathlib import Path

from imsearch_core.bench.focus import bench_focus
from imsearch_core.cli.common import add_bench, print_json, progress_bar


def add(benches: argparse._SubParsersAction) -> None:
    focus = add_bench(benches, "focus", "does conditioning on a class find it?", _run)
    focus.add_argument("folder", metavar="FOLDER", type=Path, help="with the classes present in labels.csv")


def _run(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        cases, ways = bench_focus(options.folder, progress)
    if options.json:
        print_json({"cases": cases, "ways": [asdict(way) for way in ways]})
        return 0
    print(f"{cases} cases, 95 % intervals\n{'method':12} {'P@9':>20} {'mean cosine':>20}")
    for way in ways:
        figures = ((way.precision, way.precision_interval), (way.cosine, way.cosine_interval))
        print(f"{way.method:12} " + " ".join(f"{v:.3f} [{lo:.3f}, {hi:.3f}]" for v, (lo, hi) in figures))
    return 0
