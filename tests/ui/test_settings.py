"""Remembered settings, in a script of their own."""

import json

import pytest
from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from imsearch_core.ui.shell.settings import recall, remember

    recall("size", range(1, 10))
    st.slider("Size", 1, 9, 4, key="size", bind="query-params", on_change=remember, args=("size",))


def visit(**url: str) -> AppTest:
    at = AppTest.from_function(script, default_timeout=60)
    for name, value in url.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def test_the_next_visit_begins_with_what_was_set_in_the_last():
    assert visit().slider[0].value == 4
    visit().slider[0].set_value(7).run()
    assert visit().slider[0].value == 7


def test_the_link_has_the_last_word_and_changes_nothing_for_the_next_visit():
    visit().slider[0].set_value(7).run()
    assert visit(size="2").slider[0].value == 2
    assert visit().slider[0].value == 7


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff\0", b"[" * 100_000, b'{"size": 1', b'{"size": "\\ud800"}']
)
def test_a_file_of_nonsense_is_passed_over(home, content):
    (home / "settings.json").write_bytes(content)
    assert visit().slider[0].value == 4


@pytest.mark.parametrize("value", [99, 0, 5.0, True, "5", None, [1], {"a": 1}, float("nan"), 10**400])
def test_a_remembered_value_of_another_kind_is_passed_over(home, value):
    (home / "settings.json").write_text(json.dumps({"size": value}))
    assert visit().slider[0].value == 4


def test_a_home_that_cannot_be_written_is_no_failure(home, monkeypatch):
    (home / "file").touch()
    monkeypatch.setenv("IMSEARCH_HOME", str(home / "file"))
    assert visit().slider[0].set_value(7).run().slider[0].value == 7
