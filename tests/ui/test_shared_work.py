"""One run does long work for all sessions that ask for it; a page waits for it, or goes on without it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.testing.v1 import AppTest

from imsearch_core.errors import ImsearchError
from imsearch_core.ui.shell import shared_work
from imsearch_core.ui.shell.shared_work import Runs
from tests.colour_encoder import open_colours


class LeftError(BaseException):
    """As Streamlit ends a script whose session leaves."""


def test_a_run_goes_on_when_a_session_leaves_and_the_next_joins_it_where_it_is(pictures):
    shared, go_on, runs = Runs(), threading.Event(), []

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
        shared.join("photos", slowly).wait(leave)
    assert len(shared.join("photos", slowly).wait(look)) == 12
    assert seen[0] == (5, 12)
    assert len(runs) == 1
    shared.join("photos", slowly).wait(look)
    assert len(runs) == 2  # a run that has ended is not joined: files may have changed


def test_an_error_reaches_every_session_that_waits():
    shared, go_on = Runs(), threading.Event()

    def fail(progress):
        go_on.wait(30)
        raise ImsearchError("the disk is away")

    waiting = [shared.join("photos", fail) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        told = [pool.submit(run.wait, lambda done, total: None) for run in waiting]
        go_on.set()
        assert [str(future.exception()) for future in told] == ["the disk is away"] * 3


def page():
    import streamlit as st

    from imsearch_core.errors import ImsearchError
    from imsearch_core.ui.shell.shared_work import in_background
    from tests.ui.test_shared_work import WORK

    try:
        made = in_background(WORK[0], "Embedding:", "Starting", "key")
        st.write("still at it" if made is None else made)
    except ImsearchError as error:
        st.error(str(error))


WORK = []
"""What the page has done in the background."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(shared_work, "_PATIENCE", 0.05)
    yield
    WORK.clear()


def run_until(at: AppTest, text: str) -> None:
    """Run the page again, as its bar would, until it says `text`."""
    for _ in range(100):
        at.run()
        assert not at.exception
        if text in [element.value for element in (*at.markdown, *at.error)]:
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"the page never said {text}")


def bars(at: AppTest) -> list[str]:
    return [bar.proto.text for bar in at.get("progress")]


def test_a_page_shows_a_bar_and_goes_on_until_the_work_is_done_and_all_sessions_share_it():
    go_on, runs = threading.Event(), []

    def work(progress):
        runs.append(1)
        progress(3, 12)
        go_on.wait(30)
        return "made"

    WORK.append(work)
    sessions = [AppTest.from_function(page).run() for _ in range(2)]
    for at in sessions:
        assert at.markdown[0].value == "still at it"
        assert bars(at) == ["Embedding: 3 of 12"]
    go_on.set()
    for at in sessions:
        run_until(at, "made")
        assert bars(at) == []
    assert runs == [1]


def test_work_done_in_a_moment_shows_no_bar():
    WORK.append(lambda progress: "made")
    at = AppTest.from_function(page).run()
    assert at.markdown[0].value == "made"
    assert bars(at) == []


def test_a_failure_is_raised_where_the_result_was_expected():
    def work(progress):
        raise ImsearchError("no weights")

    WORK.append(work)
    at = AppTest.from_function(page).run()
    assert at.error[0].value == "no weights"
