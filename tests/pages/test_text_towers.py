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
    assert at.text_input(key="text").placeholder == "Not by this encoder"
    at.text_input(key="text").set_value("a red car").run()
    assert not at.exception
    assert "choose the encoder efficientnet-lite0" in at.info[0].value.replace("\\", "")


@pytest.mark.usefixtures("dinov2")
def test_where_a_text_cannot_be_read_a_click_goes_back_to_the_picture_or_to_an_encoder_that_reads(pictures):
    at = open_page(folder=str(pictures), encoder="dinov2-small", text="a red car")
    labelled(at, "Clear text").click().run()
    assert told(at) == "9 most similar"
    at = open_page(folder=str(pictures), encoder="dinov2-small", text="a red car")
    labelled(at, "Use efficientnet-lite0").click().run()
    assert not at.exception
    assert at.selectbox(key="encoder").value == "efficientnet-lite0"
    assert "similar to “a red car”" in texts(at)


def name_a_model(at, name: str):
    at.text_input(key="another_model").set_value(name).run()
    assert not at.exception
    return at


@pytest.fixture
def own_model(tmp_path):
    """A copy of the tiny CLIP in a folder that pages may open."""
    return shutil.copytree(MODELS / "clip", tmp_path / "my model")


def test_a_model_in_a_folder_is_named_below_the_list_and_understands_phrases(pictures, own_model):
    at = name_a_model(open_page(folder=str(pictures), text="a red car"), f"path:{own_model}")
    assert at.query_params["encoder"] == f"path:{own_model}"
    assert "Read as a whole, by path:" in texts(at).replace("\\", "")
    again = open_page(folder=str(pictures))
    assert again.selectbox(key="encoder").value == f"path:{own_model}"


def test_a_model_of_the_hub_is_offered_by_its_name(pictures):
    at = name_a_model(open_page(folder=str(pictures)), "hub:someone/clip:int8")
    assert labelled(at, "Fetch the encoder")
    assert "size unknown" in texts(at)
    assert "someone/clip" in texts(at).replace("\\", "")


def without(*files: str):
    return lambda model: [(model / file).unlink() for file in files]


def cut(file: str):
    return lambda model: (model / file).write_bytes((model / file).read_bytes()[:1000])


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (without("preprocessor_config.json"), "preprocessor_config.json does not exist"),
        (without("onnx/vision_model.onnx"), "has no onnx/vision_model.onnx"),
        (without("tokenizer.json"), "onnx/text_model.onnx cannot be used without it"),
        (cut("onnx/vision_model.onnx"), "vision_model.onnx is incomplete or damaged"),
    ],
    ids=["no model", "no vision tower", "no tokenizer", "truncated"],
)
def test_a_folder_whose_model_cannot_be_used_is_told_with_a_way_out(pictures, own_model, harm, reason):
    harm(own_model)
    at = name_a_model(open_page(folder=str(pictures), k="5"), f"path:{own_model}")
    assert "This encoder cannot be used" in at.title[0].value
    assert reason in texts(at).replace("\\", "")
    labelled(at, "Use efficientnet-lite0").click().run()
    assert not at.exception
    assert told(at) == "5 most similar"


def test_a_name_that_cannot_be_meant_is_told(pictures):
    at = open_page(folder=str(pictures))
    for name in ("path:/etc", "path:~nobody/x", "path:\0", "hub:nobody", "hub:a/b/c", "nonsense", "path:"):
        at = name_a_model(at, name)
        assert "This encoder cannot be used" in at.title[0].value, name
        assert at.query_params["encoder"] == name


def test_a_model_without_its_text_tower_searches_by_picture_and_says_what_is_missing(pictures, own_model):
    without("onnx/text_model.onnx")(own_model)
    at = name_a_model(open_page(folder=str(pictures)), f"path:{own_model}")
    assert told(at) == "9 most similar"
    missing = f"cannot read texts: onnx/text_model.onnx is missing in {own_model}"
    assert missing in texts(at).replace("\\", "")
    at.text_input(key="text").set_value("a red car").run()
    assert missing in at.info[0].value.replace("\\", "")


@pytest.mark.parametrize("file", ["onnx/text_model.onnx", "tokenizer.json"])
def test_a_truncated_text_tower_is_named_when_a_text_is_searched(pictures, own_model, file):
    cut(file)(own_model)
    at = name_a_model(open_page(folder=str(pictures), text="a red car"), f"path:{own_model}")
    assert f"{file} is" in at.error[0].value.replace("\\", "")
    assert "etch it again" in at.error[0].value


@pytest.mark.usefixtures("clip", "dinov2")
def test_changing_the_encoder_keeps_the_query_the_text_and_the_settings(pictures):
    asked = {"q": "red/1.jpg", "k": "5", "class": "tabby", "strength": "0.7"}
    at = open_page(folder=str(pictures), encoder="clip-vit-b32", **asked)
    for encoder in ("siglip-base", "dinov2-small", "efficientnet-lite0", "clip-vit-b32"):
        at.selectbox(key="encoder").set_value(encoder).run()
        assert not at.exception
    assert "5 most similar, more of tabby" in told(at)
    at.text_input(key="text").set_value("a red car").run()
    for encoder in ("siglip-base", "efficientnet-lite0", "clip-vit-b32"):
        at.selectbox(key="encoder").set_value(encoder).run()
    assert told(at) == "5 most similar to “a red car”"
