"""bench load: many people at once, and one of them indexing."""

import argparse
from dataclasses import asdict
from pathlib import Path

from imsearch_core.bench.load import Waits, bench_load
from imsearch_core.cli.common import add_bench, print_json, progress_bar
from imsearch_core.datasets.builtin import ILLUSTRATED


def add(benches: argparse._SubParsersAction) -> None:
    load = add_bench(benches, "load", "how long do many people at once wait, and what do they occupy?", _run)
    load.add_argument(
        "folder",
        metavar="FOLDER",
        type=Path,
        nargs="?",
        help="what they look at (default: the illustrated set)",
    )
    load.add_argument("--sessions", type=int, default=30, metavar="N", help="people (default: 30)")
    load.add_argument("--minutes", type=float, default=3.0, metavar="M", help="in all (default: 3)")


def _run(options: argparse.Namespace) -> int:
    with progress_bar("clicking", unit="seconds") as progress:
        folder = options.folder or ILLUSTRATED.folder
        measured = bench_load(folder, options.sessions, options.minutes, progress)
    if options.json:
        print_json(asdict(measured))
        return 1 if measured.errors else 0
    print(f"{measured.sessions} sessions, {measured.minutes:g} minutes; load {measured.load:.1f}")
    _print_waits("clicks, server and pictures", measured.quiet)
    _print_waits(f"the same while {measured.indexed_pictures} pictures are indexed", measured.indexing)
    _print_waits("clicks in a browser, to the grid drawn", measured.browser_quiet)
    _print_waits("the same while pictures are indexed", measured.browser_indexing)
    print(f"new folder opened and indexed in {measured.indexing_seconds:.0f} s")
    print(
        f"memory: {measured.megabytes_per_session:.1f} MB a session; after warm-up "
        f"{measured.growth_megabytes:+.0f} MB, {measured.growth_per_click_kb:+.0f} KB a click"
    )
    for error in measured.errors:
        print(f"error: {error}")
    return 1 if measured.errors else 0


def _print_waits(what: str, waits: Waits | None) -> None:
    if waits:
        print(
            f"{what}: {waits.clicks} clicks, p50 {waits.p50_ms:.0f} ms, p95 {waits.p95_ms:.0f} ms, "
            f"longest {waits.longest_ms:.0f} ms"
        )
