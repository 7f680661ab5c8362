"""bench clicks: how long a person waits, in a real browser."""

import argparse
from dataclasses import asdict
from pathlib import Path

from imsearch_core.bench.clicks import bench_clicks
from imsearch_core.cli.common import add_bench, print_json, progress_bar


def add(benches: argparse._SubParsersAction) -> None:
    clicks = add_bench(benches, "clicks", "how long does a person wait, in a real browser?", _run)
    clicks.add_argument("folder", metavar="FOLDER", type=Path)
    clicks.add_argument("--clicks", type=int, default=30, metavar="N")
    clicks.add_argument("-k", type=int, default=9, metavar="N", help="neighbours shown (default: 9)")


def _run(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        waited = bench_clicks(options.folder, options.clicks, options.k, progress)
    if options.json:
        print_json(asdict(waited) | {"p50_ms": waited.p50_ms, "p95_ms": waited.p95_ms})
        return 0
    print(f"{waited.pictures:,} pictures, {waited.neighbours} neighbours; load {waited.load:.1f}")
    print(f"start of the server to the first grid: {waited.warm_start_s:.1f} s")
    print(f"click to the new grid: p50 {waited.p50_ms:.0f} ms, p95 {waited.p95_ms:.0f} ms")
    at_first, per_click = (count / 1000 for count in (waited.page_bytes, waited.click_bytes))
    print(f"over the wire: {at_first:.0f} KB at first, {per_click:.0f} KB a click")
    return 0
