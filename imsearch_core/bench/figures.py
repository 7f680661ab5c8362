"""What measurements share: a figure with its goal, and timing two sides in turn."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_TURN_SECONDS = 0.2


@dataclass(frozen=True)
class Figure:
    """One measured number."""

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
    """Median seconds of each side. All run once first, then in turn, so that all see the same machine.

    A quick side runs many times in each turn: on a busy machine a single run is luck.
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
