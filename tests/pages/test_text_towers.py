"""Encoders with a text tower on the Search page: fetching one, phrases as text and focus."""

import shutil

import pytest

from tests.conftest import ROOT
from tests.pages.test_pages import classes_seen, open_page, texts, told

MODELS = ROOT / "tests" / "encoders" / "hub_models"


@pytest.fixture
def clip(home):
    shutil.copytree(MODELS / "clip", home / "models" / "Xenova" / "clip-vit-base-patch32")


@pytest.fixture
def dinov2(home):
    shutil.copytree(MODELS / "dinov2", home / "models" / "Xenova" / "dinov2-small")


def labelled(at, label: str):
    return next(button for button in at.button if button.label == label)


def test_an_encoder_to_be_fetched_shows_size_licence_and_a_button(pictures, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    at = open_page(folder=str(pictures), encoder="clip-vit-b32", text="a red car", k="5")
    assert "608 MB" in texts(at)
    assert "MIT" in texts(at)
    labelled(at, "Fetch the encoder").click().run()
    assert not at.exception
    assert "vision_model.onnx" in at.error[0].value.replace("\\", "")
    at.selectbox(key="encoder").set_value("efficientnet-lite0").run()
    assert at.text_input(key="text").value == "a red car"
    assert at.slider(key="k").value == 5


@pytest.mark.usefixtures("clip")
def test_a_phrase_is_understood_as_a_whole_and_says_by_which_encoder(pictures):
    at = open_page(folder=str(pictures), encoder="clip-vit-b32", text="a red car in the snow")
    assert not at.exception
    assert "Read as a whole, by clip" in texts(at).replace("\\", "")
    assert "Learned" not in texts(at)


@pytest.mark.usefixtures("clip")
def test_any_phrase_can_be_the_focus(pictures):
    at = open_page(folder=str(pictures), encoder="clip-vit-b32", **{"class": "something red"})
    assert not at.exception
    assert "more of something red" in told(at)


@pytest.mark.usefixtures("clip")
def test_the_classes_are_named_on_a_click(pictures):
    at = open_page(folder=str(pictures), encoder="clip-vit-b32")
    assert classes_seen(at) == []
    labelled(at, "Name what is seen").click().run()
    assert not at.exception
    assert classes_seen(at) or "Looks like no clear class" in texts(at)


@pytest.mark.usefixtures("dinov2")
def test_an_encoder_of_pictures_alone_searches_by_picture_and_says_that_it_knows_no_words(pictures):
    at = open_page(folder=str(pictures), encoder="dinov2-small")
    assert told(at) == "9 most similar"
    assert at.selectbox(key="class").disabled
    at.text_input(key="text").set_value("a red car").run()
    assert not at.exception
    assert "choose the encoder efficientnet-lite0" in at.info[0].value.replace("\\", "")
