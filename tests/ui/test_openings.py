"""One run opens a collection for all sessions that ask for it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from imsearch_core.errors import ImsearchError
from imsearch_core.ui.shell.openings import Openings
from tests.colour_encoder import open_colours


class LeftError(BaseException):
    """As Streamlit ends a script whose session leaves."""


def test_a_run_goes_on_when_a_session_leaves_and_the_next_joins_it_where_it_is(pictures):
    openings, go_on, runs = Openings(), threading.Event(), []

    def slowly(progress):
        runs.append(1)
        progress(5, 12)
        go_on.wait(30)
        return open_colours(pictures)

    def leave(done: int, total: int) -> None:
        raise LeftError

    seen = []

    def look(done: int, total: int) -> None:
        seen.append((done, total))
        go_on.set()

    with pytest.raises(LeftError):
        openings.join("photos", slowly).wait(leave)
    assert len(openings.join("photos", slowly).wait(look)) == 12
    assert seen[0] == (5, 12)
    assert len(runs) == 1
    openings.join("photos", slowly).wait(look)
    assert len(runs) == 2  # a run that has ended is not joined: files may have changed


def test_an_error_reaches_every_session_that_waits():
    openings, go_on = Openings(), threading.Event()

    def fail(progress):
        go_on.wait(30)
        raise ImsearchError("the disk is away")

    waiting = [openings.join("photos", fail) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        told = [pool.submit(opening.wait, lambda done, total: None) for opening in waiting]
        go_on.set()
        assert [str(future.exception()) for future in told] == ["the disk is away"] * 3
