"""The Search page's words: a text box, tags, what the labels teach, the panel of similar words."""

import threading

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from imsearch_core import Collection, ImsearchError
from imsearch_core.ui.words import tables as word_tables
from imsearch_core.words.glove import glove_folder, open_table
from imsearch_core.words.vectors import load_words
from tests.conftest import draw_folder
from tests.pages.test_pages import classes_seen, open_page, texts, told


def spellings(at) -> list[str]:
    return [button.label for button in at.button if (button.key or "").startswith("for_")]


def popovers(at) -> list[str]:
    return [block.proto.popover.label for block in at.get("popover")]


def test_a_text_finds_pictures_and_a_word_that_is_not_known_is_named(indexed):
    at = open_page(folder=str(indexed), text="red cta flumpox")
    assert told(at) == "**Likely** · 9 most similar to “red cta flumpox”"
    assert "Below each picture: the cosine similarity." in texts(at)
    assert "cat" in spellings(at)
    assert at.selectbox(key="class").value is None


def test_a_text_takes_the_place_of_a_class_and_a_class_that_of_a_text(indexed):
    at = open_page(folder=str(indexed), **{"class": "goldfish"})
    at.text_input(key="text").set_value("cat").run()
    assert told(at) == "9 most similar to “cat”"
    assert at.selectbox(key="class").value is None
    at.selectbox(key="class").select("goldfish").run()
    assert not at.exception
    assert at.text_input(key="text").value == ""
    assert "more of goldfish" in told(at)


def test_a_tag_becomes_the_text_and_clearing_it_goes_back_to_the_picture(indexed):
    at = open_page(folder=str(indexed))
    tag = next(button for button in at.button if (button.key or "").startswith("tag_"))
    assert tag.label.replace("\\", "") in load_words()
    tag.click().run()
    assert not at.exception
    assert at.text_input(key="text").value == tag.key.removeprefix("tag_")
    assert "most similar to “" in told(at)
    next(button for button in at.button if button.label == "Clear text").click().run()
    assert told(at) == "9 most similar"
    assert "how much of the collection is less similar" in texts(at)


def test_the_slider_mixes_picture_and_text(indexed):
    at = open_page(folder=str(indexed), text="cat")
    at.slider(key="text_weight").set_value(0.5).run()
    assert not at.exception
    assert told(at) == "9 most similar to “cat” and the picture"


def test_the_labels_are_learned_at_the_first_text_and_again_when_they_change(indexed):
    at = open_page(folder=str(indexed), text="red")
    assert "Learned from 3 labels" in popovers(at)
    assert classes_seen(at) == classes_seen(at.run())
    (indexed / "red").rename(indexed / "orange")
    assert "Learned from 3 labels" in popovers(open_page(folder=str(indexed), text="orange"))
    assert Collection.open(indexed).words.trained.labels == ("blue", "green", "orange")


def test_too_few_labels_to_learn_from_are_no_obstacle(tmp_path):
    draw_folder(tmp_path / "few")
    for path in (tmp_path / "few").rglob("[1-3].jpg"):
        path.unlink()
    at = open_page(folder=str(tmp_path / "few"), text="red")
    assert "Learned" not in texts(at)
    assert not at.toast
    assert told(at) == "2 most similar to “red”" or told(at) == "3 most similar to “red”"


@pytest.mark.parametrize("text", ["🐈", "qqzzx", "кошка", "cat " * 2500, "`<qqzzx>$[](flumpox)"])
def test_texts_that_mean_nothing_get_a_kind_answer(indexed, text):
    at = open_page(folder=str(indexed), text=text)
    assert len(at.info) == 1
    assert not at.error
    assert len(at.info[0].value) < 500


@pytest.mark.parametrize(("text", "right"), [("Sofa − catt", "Sofa − cat"), ("catt", "cat")])
def test_a_misspelt_word_is_put_right_and_the_others_stay_as_they_are(indexed, text, right):
    at = open_page(folder=str(indexed), text=text)
    at.button(key="for_catt_cat").click().run()
    assert not at.exception
    assert at.text_input(key="text").value == right


def test_a_blank_text_is_none(indexed):
    assert told(open_page(folder=str(indexed), text="   ")) == "9 most similar"


def without_pictures(at) -> list[str]:
    """The similar words that no picture stands for."""
    return [button.label for button in at.button if (button.key or "").startswith("near_")]


def test_the_old_address_of_the_words_leads_to_the_panel(indexed):
    at = open_page("pages/words.py", folder=str(indexed), words="king − man + woman")
    assert at.text_input(key="text").value == "king − man + woman"
    assert at.query_params["panel"] == "words"
    assert "Words similar to king − man" in texts(at).replace("\\", "")


def test_the_panel_is_opened_for_the_first_tag_of_a_picture(indexed):
    at = open_page(folder=str(indexed))
    tag = next(button for button in at.button if (button.key or "").startswith("tag_"))
    at.button(key="similar_words_opener").click().run()
    assert not at.exception
    assert f"Words similar to {tag.label}" in texts(at)
    at.button(key="close_words").click().run()
    assert "Words similar" not in texts(at)
    assert "panel" not in at.query_params


def test_an_example_of_arithmetic_becomes_the_text(indexed):
    at = open_page(folder=str(indexed), panel="words", text="cat")
    at.button(key="example_kitten − cat + dog").click().run()
    assert told(at).replace("\\", "") == "9 most similar to “kitten − cat + dog”"


def test_a_class_of_the_panel_weights_the_search(indexed):
    at = open_page(folder=str(indexed), panel="words", text="goldfish")
    at.button(key="class_1").click().run()
    assert not at.exception
    assert "more of goldfish" in told(at)


def test_what_has_no_meaning_gets_a_kind_answer_in_the_panel(indexed):
    for text in ("😀", "x" * 10_000, "dog - dog"):
        at = open_page(folder=str(indexed), panel="words", text=text)
        assert len(at.info) == 1
        assert not at.error


def test_glove_can_be_chosen_once_it_is_there(indexed):
    glove_folder().mkdir(parents=True)
    (glove_folder() / "tiny.txt").write_text("cat 1 0\nqqdog 0.9 0.1\nqqcar 0 1\nbad 1\n")
    at = open_page("pages/words.py", folder=str(indexed), words="cat", table="tiny")
    assert without_pictures(at) == ["qqdog", "qqcar"]
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
    (glove_folder() / "seen.txt").write_text("cat 1 0\nqqdog 0.9 0.1\nqqcar 0 1\n")
    for _ in range(2):
        at = open_page(folder=str(indexed), panel="words", text="cat", table="seen")
        assert without_pictures(at) == ["qqdog", "qqcar"]
    assert read == [str(glove_folder() / "seen.txt")]
    assert shown[:2] == [(0.25, "Reading the word vectors, once, in megabytes: 1 of 4")] * 2


def test_a_glove_file_that_could_not_be_read_is_tried_again(indexed, monkeypatch):
    glove_folder().mkdir(parents=True)
    (glove_folder() / "full.txt").write_text("cat 1 0\nqqdog 0.9 0.1\nqqcar 0 1\n")
    with monkeypatch.context() as full_disk:
        full_disk.setattr(word_tables, "open_table", raise_full_disk)
        at = open_page(folder=str(indexed), panel="words", text="cat", table="full")
        assert "Nowhere to keep it" in texts(at)
    assert without_pictures(at.run()) == ["qqdog", "qqcar"]


def raise_full_disk(name, progress):
    raise ImsearchError("nowhere to keep it")
