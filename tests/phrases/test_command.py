"""Phrases on the command line, with tiny models in the hub's layout."""

from imsearch_core.encoders.imagenet import imagenet_classes
from tests.cli.test_cli import run
from tests.conftest import ROOT

MODELS = ROOT / "tests" / "encoders" / "hub_models"
CLIP, DINOV2 = (f"path:{MODELS / name}" for name in ("clip", "dinov2"))


def test_a_text_is_understood_as_a_whole_and_says_how_many_are_likely(capsys, pictures):
    code, found, _ = run(
        capsys, "search", pictures, "--encoder", CLIP, "--text", "red + snow − person", "-k", 12, "--json"
    )
    assert code == 0
    assert found["method"] == "phrase"
    assert found["query"]["understood"].startswith("for “red”, for “snow”, against “person”, by ")
    likely = [result["likely"] for result in found["results"]]
    assert len(likely) == 12
    assert likely == sorted(likely, reverse=True)
    assert found["likely"] == sum(likely)


def test_that_no_picture_is_likely_is_said_first(capsys, pictures, monkeypatch):
    monkeypatch.setattr("imsearch_core.search.likely.BEST_SHARE", 1e6)
    _, out, _ = run(capsys, "search", pictures, "--encoder", CLIP, "--text", "a red car", "-k", 2)
    assert out.splitlines()[0].startswith("“a red car” (as a whole, by ")
    assert out.splitlines()[1] == "No picture clearly shows this; the nearest are"
    assert len(out.splitlines()) == 4


def test_a_search_by_picture_says_nothing_of_likelihood(capsys, pictures):
    _, found, _ = run(capsys, "search", pictures, "--encoder", CLIP, "--query", "red/0.jpg", "--json")
    assert "likely" not in found
    assert not any("likely" in result for result in found["results"])


def test_any_phrase_may_be_the_class(capsys, pictures):
    arguments = ["--query", "red/0.jpg", "--class", "something red", "--strength", "0.5", "--json"]
    code, found, _ = run(capsys, "search", pictures, "--encoder", CLIP, *arguments)
    assert code == 0
    assert found["class"] == {"index": None, "wnid": None, "name": "something red"}
    assert found["method"] == "focus"


def test_classes_are_named_from_texts(capsys, pictures):
    code, found, _ = run(capsys, "classify", pictures / "red" / "0.jpg", "--encoder", CLIP, "--json")
    assert code == 0
    named = found[0]["classes"]
    assert [one["name"] for one in named] == [imagenet_classes()[one["index"]].name for one in named]
    assert 0 < sum(one["probability"] for one in named) <= 1


def test_an_encoder_of_pictures_alone_says_that_it_knows_no_words(capsys, pictures):
    for arguments in (["--text", "a red car"], ["--query", "red/0.jpg", "--class", "tabby"]):
        code, _, err = run(capsys, "search", pictures, "--encoder", DINOV2, *arguments)
        assert code == 2
        assert "choose the encoder efficientnet-lite0" in err
