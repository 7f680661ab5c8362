"""The Search page's words: a text box, tags, training, in Streamlit's own test harness."""

import pytest

from imsearch_core.words.vectors import load_words
from tests.pages.test_pages import open_page, texts


def badges(at) -> str:
    return "\n".join(element.value for element in at.markdown)


def test_a_text_finds_pictures_and_each_word_says_what_is_known_of_it(indexed):
    at = open_page(folder=str(indexed), text="red cat flumpox")
    assert "9 nearest, “red cat flumpox”, by ConSE" in texts(at)
    assert "red · unseen" in badges(at)
    assert "flumpox · unknown" in badges(at)
    assert not [s for s in at.selectbox if s.key == "class"]


def test_a_tag_becomes_the_text_and_clearing_it_goes_back_to_the_picture(indexed):
    at = open_page(folder=str(indexed))
    tag = next(button for button in at.button if (button.key or "").startswith("tag_"))
    assert tag.label.replace("\\", "") in load_words()
    tag.click().run()
    assert not at.exception
    assert at.text_input(key="text").value == tag.key.removeprefix("tag_")
    assert "by ConSE" in texts(at)
    next(button for button in at.button if button.label == "Clear words").click().run()
    assert "9 nearest, plain" in texts(at)


def test_the_slider_mixes_picture_and_text(indexed):
    at = open_page(folder=str(indexed), text="cat")
    at.slider(key="text_weight").set_value(0.5).run()
    assert not at.exception
    assert "“cat” and the picture" in texts(at)


def test_choosing_a_class_puts_the_text_away(indexed):
    at = open_page(folder=str(indexed), text="cat")
    next(button for button in at.button if (button.key or "").startswith("seen_")).click().run()
    assert not at.exception
    assert at.text_input(key="text").value == ""
    assert "9 nearest, focus on" in texts(at)


def test_training_on_the_labels_is_told_and_used_at_once(indexed):
    at = open_page(folder=str(indexed), text="red")
    at.button(key="train").click().run()
    assert not at.exception
    assert "3 labels of 12 pictures" in texts(at)
    assert "red · trained on" in badges(at)
    assert "by ConSE and training" in texts(at)
    at.run()
    assert "Trained on 3 labels" in texts(at)


@pytest.mark.parametrize("text", ["🐈", "qqzzx", "кошка", "cat " * 2500, "`<qqzzx>$[](flumpox)"])
def test_texts_that_mean_nothing_get_a_kind_answer(indexed, text):
    at = open_page(folder=str(indexed), text=text)
    assert len(at.info) == 1
    assert not at.error
    assert len(at.info[0].value) < 500


def test_a_misspelt_word_is_put_right_and_the_others_stay_as_they_are(indexed):
    at = open_page(folder=str(indexed), text="Sofa − catt")
    at.button(key="for_catt_cat").click().run()
    assert not at.exception
    assert at.text_input(key="text").value == "Sofa − cat"


def test_a_blank_text_is_none(indexed):
    assert "9 nearest, plain" in texts(open_page(folder=str(indexed), text="   "))
