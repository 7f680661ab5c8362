"""The Words page, run by Streamlit's own test harness."""

import subprocess
import sys
import threading

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from imsearch_core import ImsearchError
from imsearch_core.ui.words import tables as word_tables
from imsearch_core.words.glove import glove_folder, open_table
from tests.conftest import ROOT
from tests.pages.test_pages import open_page, texts

PAGE = "pages/words.py"


def near(at) -> list[str]:
    return [
        button.key.removeprefix("near_") for button in at.button if (button.key or "").startswith("near_")
    ]


def test_a_word_in_the_link_is_asked_for(indexed):
    at = open_page(PAGE, folder=str(indexed), words="sofa")
    assert "couch" in near(at)
    assert "Nearest to sofa" in texts(at)


def test_a_click_on_a_word_makes_it_the_query(indexed):
    at = open_page(PAGE, folder=str(indexed), words="sofa")
    at.button(key="near_couch").click().run()
    assert not at.exception
    assert at.text_input(key="words").value == "couch"
    assert "sofa" in near(at)


def test_arithmetic_is_shown_as_it_was_understood(indexed):
    at = open_page(PAGE, folder=str(indexed), words="king - man + woman")
    assert near(at)[0] == "queen"
    assert "king \\+ woman − man" in texts(at)


def test_a_misspelt_word_is_one_click_from_what_was_meant(indexed):
    at = open_page(PAGE, folder=str(indexed), words="sofaa")
    assert near(at) == []
    at.button(key="for_sofaa_sofa").click().run()
    assert "couch" in near(at)


def test_what_cannot_be_understood_gets_a_kind_answer(indexed):
    for text in ("😀", "海", "x" * 10_000, "dog - dog"):
        at = open_page(PAGE, folder=str(indexed), words=text)
        assert len(at.info) == 1
        assert not at.error


def test_glove_can_be_chosen_once_it_is_there(indexed):
    glove_folder().mkdir(parents=True)
    (glove_folder() / "tiny.txt").write_text("cat 1 0\ndog 0.9 0.1\ncar 0 1\nbad 1\n")
    at = open_page(PAGE, folder=str(indexed), words="cat", table="tiny")
    assert near(at) == ["dog", "car"]
    assert "1 line of tiny" in texts(at)


def test_reading_a_glove_file_is_shown_and_goes_on_while_the_page_runs_anew(indexed, monkeypatch):
    shown, read, joined = [], [], threading.Event()

    def open_slowly(name, progress):
        read.append(name)
        progress(1, 4)
        assert joined.wait(60)
        return open_table(name, progress)

    def show(self, value, text=None, **_):
        if text:
            shown.append((value, text))
            if len(shown) == 1:
                st.rerun()  # as a click does
            joined.set()

    monkeypatch.setattr(word_tables, "open_table", open_slowly)
    monkeypatch.setattr(DeltaGenerator, "progress", show)
    glove_folder().mkdir(parents=True)
    (glove_folder() / "seen.txt").write_text("cat 1 0\ndog 0.9 0.1\ncar 0 1\n")
    for _ in range(2):
        assert near(open_page(PAGE, folder=str(indexed), words="cat", table="seen")) == ["dog", "car"]
    assert read == [str(glove_folder() / "seen.txt")]
    assert shown[:2] == [(0.25, "Reading the word vectors, once, in megabytes: 1 of 4")] * 2


def test_a_glove_file_that_could_not_be_read_is_tried_again(indexed, monkeypatch):
    glove_folder().mkdir(parents=True)
    (glove_folder() / "full.txt").write_text("cat 1 0\ndog 0.9 0.1\ncar 0 1\n")
    with monkeypatch.context() as full_disk:
        full_disk.setattr(word_tables, "open_table", raise_full_disk)
        at = open_page(PAGE, folder=str(indexed), words="cat", table="full")
        assert "Nowhere to keep it" in at.info[0].value
    assert near(at.run()) == ["dog", "car"]


def raise_full_disk(name, progress):
    raise ImsearchError("nowhere to keep it")


def test_a_text_leads_to_the_pictures_of_it(indexed):
    at = open_page(PAGE, folder=str(indexed), words="king - man + woman")
    assert at.button(key="sought").label == "Search your pictures for queen"
    at.button(key="sought").click().run()
    assert not at.exception
    assert at.text_input(key="text").value == "queen"
    assert "“queen”, by ConSE" in texts(at)


def test_classes_lead_to_a_search(indexed):
    at = open_page(PAGE, folder=str(indexed), words="goldfish")
    at.button(key="class_1").click().run()
    assert not at.exception


def test_the_page_needs_no_tensorflow(indexed):
    code = f"""
import sys
from streamlit.testing.v1 import AppTest
at = AppTest.from_file("app.py", default_timeout=60).switch_page({PAGE!r})
at.query_params["folder"] = {str(indexed)!r}
at.run()
assert not at.exception and not at.error
assert "tensorflow" not in sys.modules and "keras" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
