"""How fast, and how large: ten parts, each a file with a function `run() -> list[Figure]`.

    a embedding    from JPEG files, against the tutorial's way and against ONNX Runtime
    b weighting    search by a class, against the tutorial's index per class
    c comparing    exact and focused search at 10 thousand to a million, against bare NumPy
    d engines      hnsw, Annoy and others against exact: what each finds, how fast
    e explorer     the running app: its start, a click, 20 others
    f updating     indexing again after 1 % of new files
    g sentences    a vision-language model, against ONNX Runtime's network alone
    h decoding     JPEG files by Pillow, against simplejpeg
    i precision    the default network in int8, against float32
    j uploads      from an uploaded picture to its neighbours

Each ratio's two sides are measured in turn in the same run, and stand beside it.
"""

import argparse
import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from imsearch_core.bench.speed.charts import draw_charts
from imsearch_core.bench.speed.figures import Figure, machine, print_figures
from imsearch_core.cli.common import add_bench
from imsearch_core.errors import UsageError

PARTS = {
    "a": "embedding",
    "b": "weighting",
    "c": "comparing",
    "d": "engines",
    "e": "explorer",
    "f": "updating",
    "g": "sentences",
    "h": "decoding",
    "i": "precision",
    "j": "uploads",
}

__all__ = ["PARTS", "Figure", "bench_speed", "machine"]


def bench_speed(
    parts: Iterable[str], done: Callable[[list[Figure]], None] = lambda figures: None
) -> list[Figure]:
    """Measure these parts, of "abcdefghij"; `done` is given each part's figures when it is through."""
    everything = []
    for part in parts:
        figures = importlib.import_module(f"{__name__}.{PARTS[part]}").run()
        done(figures)
        everything += figures
    return everything


def add(benches: argparse._SubParsersAction) -> None:
    bench = add_bench(
        benches, "speed", "how fast and how large, against what it is compared with", _run, lambda _: None
    )
    parts = ", ".join(f"{letter} {name}" for letter, name in PARTS.items())
    bench.add_argument("--part", default=",".join(PARTS), metavar="P,P", help=f"of {parts} (default: all)")
    bench.add_argument("--charts", metavar="FOLDER", type=Path, help="write charts of what grows there")


def _run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure; without --json, each figure is printed as soon as it is known."""
    parts = [part.strip() for part in options.part.split(",")]
    if unknown := [part for part in parts if part not in PARTS]:
        raise UsageError(f"there is no part {unknown[0]!r}: choose from {', '.join(PARTS)}")
    facts = machine()
    if not options.json:
        print("\n".join(f"{name:10} {fact}" for name, fact in facts.items()))
    figures = bench_speed(parts, (lambda _: None) if options.json else print_figures)
    if options.charts:
        draw_charts(figures, options.charts)
    return {"machine": facts, "figures": figures}
