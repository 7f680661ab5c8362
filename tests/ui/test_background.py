"""Work that a page does not wait for."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from imsearch_core.errors import ImsearchError
from imsearch_core.ui.shell import resources


def page():
    import streamlit as st

    from imsearch_core.errors import ImsearchError
    from imsearch_core.ui.shell.resources import in_background
    from tests.ui.test_background import WORK

    try:
        made = in_background("key", WORK[0], "Embedding:", "Starting")
        st.write("still at it" if made is None else made)
    except ImsearchError as error:
        st.error(str(error))


WORK = []
"""What the page has done in the background."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(resources, "_PATIENCE", 0.05)
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
