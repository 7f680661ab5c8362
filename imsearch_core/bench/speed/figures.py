"""What the parts share: a figure with its goal, timing two sides in turn, facts about the machine."""

import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imsearch_core.bench.machine import mean_load

_TURN_SECONDS = 0.2


@dataclass(frozen=True)
class Figure:
    """One measured number."""

    part: str
    what: str
    value: float
    unit: str
    goal: str = ""
    """"≥ 15" or "≤ 1.3"; empty where none was set."""
    n: int | None = None
    """How many embeddings were searched, where that was varied."""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None if there is none."""
        if not self.goal:
            return None
        relation, limit = self.goal.split()
        return self.value >= float(limit) if relation == "≥" else self.value <= float(limit)


def medians_in_turn(repeats: int, *sides: Callable[[], object]) -> list[float]:
    """Median seconds of each side; all run once before, then in turn, so that all see the same machine.

    What is quick is done many times over at each turn: on a busy machine a single run is all luck.
    """
    loops = []
    for side in sides:
        started = time.perf_counter()
        side()
        loops.append(max(1, min(100, int(_TURN_SECONDS / (time.perf_counter() - started)))))
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(repeats):
        for side, count, taken in zip(sides, loops, times, strict=True):
            started = time.perf_counter()
            for _ in range(count):
                side()
            taken.append((time.perf_counter() - started) / count)
    return [float(np.median(taken)) for taken in times]


def print_figures(figures: Iterable[Figure]) -> None:
    for figure in figures:
        what = f"{figure.what}, {figure.n:,}" if figure.n else figure.what
        verdict = {None: "", True: f"{figure.goal}: met", False: f"{figure.goal}: NOT met"}[figure.met]
        print(f"{figure.part} {what:62} {figure.value:10.4g} {figure.unit:9} {verdict}".rstrip(), flush=True)


def machine() -> dict[str, str]:
    """What figures depend on, in words."""
    facts = {"system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"}
    facts["processors"] = f"{os.cpu_count()}, {_processor()}"
    if hasattr(os, "sysconf"):
        facts["memory"] = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    facts["load"] = f"{mean_load():.1f} runnable in the minute before the start"
    facts["numpy"] = np.__version__
    return facts


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()
