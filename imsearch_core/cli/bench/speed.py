"""bench speed: how fast, how large, beside what it is compared with."""

import argparse
from dataclasses import asdict
from pathlib import Path

from imsearch_core.bench.speed import PARTS, Figure, bench_speed, machine
from imsearch_core.bench.speed.charts import draw_charts
from imsearch_core.cli.common import add_bench, print_json
from imsearch_core.errors import UsageError


def add(benches: argparse._SubParsersAction) -> None:
    speed = add_bench(benches, "speed", "how fast and how large, beside what it is compared with", _run)
    parts = ", ".join(f"{letter} {name}" for letter, name in PARTS.items())
    speed.add_argument("--part", default=",".join(PARTS), metavar="P,P", help=f"of {parts} (default: all)")
    speed.add_argument("--charts", metavar="FOLDER", type=Path, help="write charts of what grows there")


def _run(options: argparse.Namespace) -> int:
    parts = [part.strip() for part in options.part.split(",")]
    if unknown := [part for part in parts if part not in PARTS]:
        raise UsageError(f"there is no part {unknown[0]!r}: choose from {', '.join(PARTS)}")
    facts = machine()
    if not options.json:
        print("\n".join(f"{name:10} {fact}" for name, fact in facts.items()))
    figures = bench_speed(parts, (lambda _: None) if options.json else _print_figures)
    if options.charts:
        draw_charts(figures, options.charts)
    if options.json:
        print_json(
            {"machine": facts, "figures": [asdict(figure) | {"met": figure.met} for figure in figures]}
        )
    return 0


def _print_figures(figures: list[Figure]) -> None:
    for figure in figures:
        what = f"{figure.what}, {figure.n:,}" if figure.n else figure.what
        verdict = {None: "", True: f"{figure.goal}: met", False: f"{figure.goal}: NOT met"}[figure.met]
        print(f"{figure.part} {what:62} {figure.value:10.4g} {figure.unit:9} {verdict}".rstrip(), flush=True)
