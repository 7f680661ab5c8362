"""bench map: what the maps keep of the neighbourhoods."""

import argparse
from dataclasses import asdict
from pathlib import Path

from imsearch_core.bench.map import bench_map
from imsearch_core.cli.common import add_bench, print_json, progress_bar


def add(benches: argparse._SubParsersAction) -> None:
    measured = add_bench(benches, "map", "what do the maps keep of the neighbourhoods?", _run)
    measured.add_argument("folder", metavar="FOLDER", type=Path)


def _run(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        by_chance, maps = bench_map(options.folder, progress)
    if options.json:
        print_json({"chance": by_chance, "maps": [asdict(measured) for measured in maps]})
        return 0
    print(f"kept: of a picture's 9 nearest, those among its 9 nearest on the map; by chance {by_chance:.3f}")
    print(f"{'map':12} {'placed':>8} {'kept':>8} {'trustworthiness':>16} {'seconds':>8}")
    for m in maps:
        print(f"{m.method:12} {m.placed:8,} {m.kept:8.3f} {m.trustworthiness:16.3f} {m.seconds:8.1f}")
    return 0
