"""How work tells how far it is."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is to do, first with 0 done."""


def silent(done: int, total: int) -> None:
    """A `Progress` that tells nobody."""


def part(progress: Progress, number: int, parts: int) -> Progress:
    """The progress of one of several parts that take about as long: the first has the `number` 0.

    Counts 1000 for each part, whatever it counts itself.
    """
    return lambda done, total: progress(1000 * number + 1000 * done // max(total, 1), 1000 * parts)


_STILL = 0.8  # seconds without news after which we go on by ourselves
_PACE = 0.01  # of the way in a second, as long as nothing is known


@contextmanager
def never_still(progress: Progress) -> Iterator[Progress]:
    """A `Progress` for work that may tell nothing for many seconds, as while a library computes.

    Meanwhile `progress` is told an estimate, from another thread: the work goes on at its pace so far, ever
    slower towards the end. What the work tells counts once it is further on: nothing goes back.
    """
    moving, ended = _Moving(progress), threading.Event()

    def go_on() -> None:
        while not ended.wait(_STILL):
            moving.go_on()

    thread = threading.Thread(target=go_on, name="progress goes on", daemon=True)
    thread.start()
    try:
        yield moving.tell
    finally:
        ended.set()
        thread.join()


class _Moving:
    """How far some work is, told or estimated."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self._started = self._moved = time.monotonic()
        self._share, self._total = 0.0, 1000

    def tell(self, done: int, total: int) -> None:
        with self._lock:
            self._total, share = max(total, 1), done / max(total, 1)
            if share > self._share:
                self._share, self._moved = share, time.monotonic()
            if share == self._share:
                self._progress(done, total)

    def go_on(self) -> None:
        with self._lock:
            now = time.monotonic()
            if now - self._moved < _STILL:
                return
            pace = self._share / (self._moved - self._started) if self._share else _PACE
            self._share += (1 - self._share) * (1 - math.exp(-pace * (now - self._moved)))
            self._moved = now
            self._progress(int(self._share * self._total), self._total)
