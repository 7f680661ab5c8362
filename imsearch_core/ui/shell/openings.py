"""Long work for all sessions at once: those that ask for the same thing wait for the same run."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from imsearch_core.progress import Progress

_POLL = 0.2  # seconds

Made = TypeVar("Made")


class Opening(Generic[Made]):
    """One run, such as the opening of a collection, in a thread of its own.

    It goes on when sessions that wait for it leave.
    """

    def __init__(self, work: Callable[[Progress], Made]) -> None:
        self._work = work
        self.step: tuple[int, int] | None = None
        """How much is done, and how much there is to do; None before the work has told."""
        self._made: Made | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="work for all sessions", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def wait(self, progress: Progress) -> Made:
        """What the work has made, once it is done; until then `progress` is called again and again.

        Raises what the work raised, in every session that waits.
        """
        while self.running:
            if self.step:
                progress(*self.step)
            self._thread.join(_POLL)
        if self._error:
            raise self._error
        return self._made

    def wait_at_most(self, seconds: float) -> bool:
        """Whether the work is done, after waiting for it so long at most."""
        self._thread.join(seconds)
        return not self.running

    def _run(self) -> None:
        try:
            self._made = self._work(self._show)
        except BaseException as error:  # for those who wait
            self._error = error

    def _show(self, done: int, total: int) -> None:
        self.step = done, total


class Openings:
    """The runs under way, at most one for each key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[object, Opening] = {}

    def join(self, key: object, work: Callable[[Progress], Made]) -> Opening[Made]:
        """The run under way for this key, or else a new one."""
        with self._lock:
            self._running = {other: run for other, run in self._running.items() if run.running}
            if key not in self._running:
                self._running[key] = Opening(work)
            return self._running[key]
