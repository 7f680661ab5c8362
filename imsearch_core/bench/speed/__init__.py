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

The two sides of each ratio are measured in turn, in the same run, and are printed with it.
"""

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imsearch_core.bench.command import add_bench, argument, listed, option, print_figures
from imsearch_core.bench.machine import machine
from imsearch_core.bench.speed.charts import draw_charts
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


def bench_speed(parts: Sequence[str], charts: Path | None = None) -> dict[str, Any]:
    """Measure these of PARTS, printing the figures of each at its end; write what grows as charts.

    Raises UsageError for an unknown part.
    """
    if unknown := [part for part in parts if part not in PARTS]:
        raise UsageError(f"there is no part {unknown[0]!r}: choose from {', '.join(PARTS)}")
    facts, found = machine(), {}
    print_figures(facts)
    for part in parts:
        found[part] = importlib.import_module(f"{__name__}.{PARTS[part]}").run()
        print_figures(found[part])
    if charts:
        draw_charts(found, charts)
    return {"machine": facts, "parts": found}


def add(benches: argparse._SubParsersAction) -> None:
    names = ", ".join(f"{letter} {name}" for letter, name in PARTS.items())
    parts = option("--part", ",".join(PARTS), "P,P", f"of {names}", type=listed, dest="parts")
    charts = argument("--charts", metavar="FOLDER", type=Path, help="write charts of what grows there")
    help = "how fast and how large, compared with others?"
    add_bench(benches, "speed", help, bench_speed, parts, charts, show=lambda _: None)
