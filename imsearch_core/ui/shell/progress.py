"""A progress bar with how much is done and the time left, for work that reports (done, total)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from imsearch_core.progress import Progress

_EVERY = 0.4  # seconds between updates: each costs the browser and the server time that the work needs


@contextmanager
def progress_bar(doing: str, starting: str, counted: bool = True) -> Iterator[Progress]:
    """Show a bar while the block runs: `starting` until a first piece is done, then `doing` and figures.

    These are counts and a rate if what is `counted` means something to a person, else per cent.
    """
    place = st.empty()
    first: list[tuple[float, int]] = []  # when work began, and how much was done then
    shown = -_EVERY

    def progress(done: int, total: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if not first:
            first.append((now, done))
        if now - shown < _EVERY and done < total:
            return
        shown = now
        began, before = first[0]
        said = [f"{doing} {done:,} of {total:,}" if counted else f"{doing} {100 * done // max(total, 1)} %"]
        if done > before:
            rate = (done - before) / max(now - began, 1e-6)
            said += [f"{rate:.0f} a second"] if counted else []
            said.append(f"{(total - done) / rate:.0f} s left")
        place.progress(done / max(total, 1), " · ".join(said) if done else starting)

    try:
        yield progress
    finally:
        place.empty()
