"""How work tells how far it is."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is to do, first with 0 done."""


def silent(done: int, total: int) -> None:
    """A `Progress` that tells nobody."""


def part(progress: Progress, number: int, parts: int) -> Progress:
    """The progress of one of several parts that take about as long: the first has the `number` 0.

    Counts 100 for each part, whatever it counts itself.
    """
    return lambda done, total: progress(100 * number + 100 * done // max(total, 1), 100 * parts)
