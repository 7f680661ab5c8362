"""Opening collections for all sessions at once: those that ask for the same one wait for the same run."""

import threading
from collections.abc import Callable

from imsearch_core.collection import Collection
from imsearch_core.progress import Progress

_POLL = 0.2  # seconds


class Opening:
    """One run that opens a collection in a thread of its own.

    It goes on when sessions that wait for it leave.
    """

    def __init__(self, open_it: Callable[[Progress], Collection]) -> None:
        self._open_it = open_it
        self._step: tuple[int, int] | None = None
        self._opened: Collection | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="opening a collection", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def wait(self, progress: Progress) -> Collection:
        """The collection, once it is open; until then `progress` is called again and again.

        Raises what opening it raised, in every session that waits.
        """
        while self.running:
            if self._step:
                progress(*self._step)
            self._thread.join(_POLL)
        if self._error:
            raise self._error
        return self._opened

    def _run(self) -> None:
        try:
            self._opened = self._open_it(self._show)
        except BaseException as error:  # for those who wait
            self._error = error

    def _show(self, done: int, total: int) -> None:
        self._step = done, total


class Openings:
    """The runs under way, at most one for each key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[object, Opening] = {}

    def join(self, key: object, open_it: Callable[[Progress], Collection]) -> Opening:
        """The run under way for this key, or else a new one."""
        with self._lock:
            self._running = {other: run for other, run in self._running.items() if run.running}
            if key not in self._running:
                self._running[key] = Opening(open_it)
            return self._running[key]
