"""How fast, and how large: six parts, each a file with a function `run() -> list[Figure]`.

    a embedding    from JPEG files, against the tutorial's way and against ONNX Runtime
    b weighting    search by a class, against the tutorial's index per class
    c comparing    exact and focused search at 10 thousand to a million, against bare NumPy
    d engines      Annoy against exact: what it finds, how fast
    e explorer     the running app: its start, a click, 20 others
    f updating     indexing again after 1 % of new files

Each ratio's two sides are measured in turn in the same run, and stand beside it.
"""

import importlib
from collections.abc import Callable, Iterable

from imsearch_core.bench.speed.figures import Figure, machine

PARTS = {
    "a": "embedding",
    "b": "weighting",
    "c": "comparing",
    "d": "engines",
    "e": "explorer",
    "f": "updating",
}

__all__ = ["PARTS", "Figure", "bench_speed", "machine"]


def bench_speed(
    parts: Iterable[str], done: Callable[[list[Figure]], None] = lambda figures: None
) -> list[Figure]:
    """Measure these parts, of "abcdef"; `done` is given each part's figures when it is through."""
    everything = []
    for part in parts:
        figures = importlib.import_module(f"{__name__}.{PARTS[part]}").run()
        done(figures)
        everything += figures
    return everything
