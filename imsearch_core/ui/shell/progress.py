"""A progress bar with count, rate and time left, for work that reports (done, total)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from imsearch_core.progress import Progress

_EVERY = 0.4  # seconds between updates: each costs the browser and the server time that the work needs


@contextmanager
def progress_bar(doing: str, starting: str) -> Iterator[Progress]:
    """Show a bar while the block runs: `starting` until a first piece is done, then `doing` and figures."""
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
        text = starting if done == 0 else f"{doing} {done:,} of {total:,}"
        if done > before:
            rate = (done - before) / max(now - began, 1e-6)
            text = f"{doing} {done:,} of {total:,} · {rate:.0f} a second · {(total - done) / rate:.0f} s left"
        place.progress(done / max(total, 1), text)

    try:
        yield progress
    finally:
        place.empty()
