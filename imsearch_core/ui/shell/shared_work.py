"""Long work, done once for all sessions: a page waits for it with a bar, or goes on without it.

Sessions that ask for the same thing meanwhile share one run, which goes on when they leave.
"""

import threading
from collections.abc import Callable
from typing import Generic

import streamlit as st

from imsearch_core.once import Made, Once
from imsearch_core.progress import Progress, silent
from imsearch_core.ui.shell.progress import progress_bar

_POLL = 0.2  # seconds
_PATIENCE = 1.0  # seconds that a page waits in the background before it shows a bar


class Run(Generic[Made]):
    """Work under way, in a thread of its own."""

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

    def wait(self, progress: Progress = silent) -> Made:
        """What the work has made, once it is done; until then `progress` is called again and again.

        Raises what the work raised, in every session that waits, and what `progress` raises.
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


class Runs:
    """The runs under way, at most one for each key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[object, Run] = {}

    def join(self, key: object, work: Callable[[Progress], Made]) -> Run[Made]:
        """The run under way for this key, or else a new one."""
        with self._lock:
            self._running = {other: run for other, run in self._running.items() if run.running}
            if key not in self._running:
                self._running[key] = Run(work)
            return self._running[key]


@st.cache_resource
def runs() -> Runs:
    """Those of all sessions."""
    return Runs()


def wait_for(work: Callable[[Progress], Made], doing: str, starting: str, key: object = None) -> Made:
    """What `work(progress)` returns, with a bar until it does.

    Sessions that use the same `key`, by default the work itself, share the run. What a `Once` has made is
    returned without a bar. Raises what the work raises.
    """
    if isinstance(work, Once) and work.is_made:
        return work()
    with progress_bar(doing, starting, counted=False) as progress:
        return runs().join(key or work, work).wait(progress)


def in_background(
    work: Callable[[Progress], Made], doing: str, starting: str, key: object = None
) -> Made | None:
    """As `wait_for`, but None if it is not done in a moment.

    A bar is shown then, and the page runs again when the work is done.
    """
    key = key or work
    begun = st.session_state.setdefault("begun_in_background", {})
    run = begun[key] = begun.get(key) or runs().join(key, work)
    if not run.wait_at_most(_PATIENCE):
        _bar(run, doing, starting)
        return None
    del begun[key]
    return run.wait()


@st.fragment(run_every=1.0)
def _bar(run: Run, doing: str, starting: str) -> None:
    if not run.running:
        st.rerun()
    done, total = run.step or (0, 0)
    st.progress(done / total if total else 0.0, f"{doing} {done:,} of {total:,}" if done else starting)
