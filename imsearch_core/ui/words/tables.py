"""Tables of word vectors, shared by sessions. A thread reads each, while a bar shows how far it is.

A page that runs anew meanwhile, because somebody has clicked, would otherwise begin the reading again.
"""

import threading
from concurrent.futures import Future, wait

import streamlit as st

from imsearch_core.ui.shell.progress import progress_bar
from imsearch_core.words.glove import Glove, open_table

_OPEN_TABLES = 2
_LOOK = 0.2  # seconds from one look at how far it is to the next


def word_table(name: str, modified_ns: int) -> Glove:
    """A table as `open_table` opens it; read once, with a progress bar, then shared.

    `modified_ns` is when its file was last changed. Raises as `open_table` does.
    """
    reading = _reading(name, modified_ns)
    if wait([reading.table], _LOOK).not_done:
        doing, starting = "Reading the word vectors, once, in megabytes:", "Reading the word vectors"
        with progress_bar(doing, starting) as progress:
            while wait([reading.table], _LOOK).not_done:
                progress(reading.done, reading.total)
    try:
        return reading.table.result()
    except Exception:
        _reading.clear(name, modified_ns)  # whoever asks again shall not hear of the same failure
        raise


class _Reading:
    """A table that is being read, or has been."""

    def __init__(self, name: str) -> None:
        self.table: Future[Glove] = Future()
        self.done, self.total = 0, 1  # megabytes, once they are known
        threading.Thread(target=self._read, args=(name,), name="word vectors", daemon=True).start()

    def _read(self, name: str) -> None:
        try:
            self.table.set_result(open_table(name, self._progress))
        except Exception as error:
            self.table.set_exception(error)

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total


@st.cache_resource(max_entries=_OPEN_TABLES, show_spinner=False)
def _reading(name: str, modified_ns: int) -> _Reading:
    return _Reading(name)
