"""What is embedded of a folder by now, to look at and to search while the rest is embedded."""

import threading
from collections.abc import Callable
from weakref import WeakKeyDictionary

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.ui.shell.shared_work import Run

ENOUGH = 48  # pictures that are worth showing
_SOON = 300  # pictures that are embedded so soon that nobody need look at some of them
_LOOK = 2.0  # seconds between two looks at how far the run is


class SoFar:
    """The collection of what one run has embedded, opened anew whenever there is twice as much."""

    def __init__(self, open_stored: Callable[[], Collection]) -> None:
        self._open_stored = open_stored
        self._lock = threading.Lock()
        self._done = -1  # how much the run had done at the latest opening
        self.photos: Collection | None = None
        """None as long as there is too little."""

    def is_due(self, run: Run[Collection]) -> bool:
        """Whether it is worth opening: there is much to do, and twice as much is done."""
        done, total = run.step or (0, 0)
        return total >= _SOON and (self._done < 0 or done >= 2 * max(self._done, ENOUGH))

    def look(self, run: Run[Collection]) -> Collection | None:
        """The pictures embedded by now, or by a moment ago; None if they are too few."""
        with self._lock:
            if self.is_due(run):
                self._done = run.step[0]
                stored = self._open_stored()
                self.photos = stored if len(stored) >= ENOUGH else self.photos
        return self.photos

    @st.fragment(run_every=_LOOK)
    def say(self, run: Run[Collection]) -> None:
        """Say how far the run is; the page runs again when there is much more to see."""
        if not run.running or self.is_due(run):
            st.rerun()
        done, total = run.step
        with st.container(key="so_far"):
            st.progress(done / total, f"{done:,} of {total:,} embedded. Those can be searched already.")


@st.cache_resource
def _of_runs() -> WeakKeyDictionary[Run, SoFar]:
    return WeakKeyDictionary()


def so_far(run: Run[Collection], open_stored: Callable[[], Collection]) -> SoFar:
    """The one of all sessions that wait for this run. `open_stored` opens what is stored."""
    return _of_runs().setdefault(run, SoFar(open_stored))
