"""A collection among words: searching by text, tags, and what training changes."""

import numpy as np
import pytest
from PIL import Image

from imsearch_core import ImsearchError, UsageError
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.search.query import WordStatus
from imsearch_core.words.vectors import load_words
from tests.colour_encoder import open_colours

COLOURS = {"sea": (20, 60, 200), "grass": (30, 160, 40), "fire_truck": (210, 30, 20)}


@pytest.fixture
def painted(tmp_path):
    """Three labels × 10 pictures, each of about its label's colour."""
    rng = np.random.default_rng(0)
    for label, colour in COLOURS.items():
        (tmp_path / "painted" / label).mkdir(parents=True)
        for i in range(10):
            noise = rng.integers(-20, 20, (4, 4, 3))
            pixels = np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
            picture = Image.fromarray(pixels).resize((48, 48), Image.Resampling.NEAREST)
            picture.save(tmp_path / "painted" / label / f"{i}.png")
    return tmp_path / "painted"


def test_without_training_every_picture_is_ranked_by_its_cosine_to_the_text(painted):
    found = open_colours(painted).search_text("ocean", k=30)
    assert (found.method, found.query, found.text.text) == ("conse", None, "ocean")
    assert [r.rank for r in found.results] == list(range(1, 31))
    cosines = [r.cosine for r in found.results]
    assert cosines == sorted(cosines, reverse=True)
    assert all(-1 <= cosine <= 1 for cosine in cosines)
    assert {word.status for word in found.text.words} == {WordStatus.UNSEEN}


def test_after_training_labels_and_words_near_them_are_found_and_later_openings_know_it(painted):
    photos = open_colours(painted)
    photos.search_text("sea")
    training = photos.train_words()
    assert training.labels == ("fire_truck", "grass", "sea")
    assert training.unknown_labels == ()
    assert training.held_out_cosine > 0.8
    assert training.held_out_precision == 1
    for opened in (photos, open_colours(painted)):
        for text, label in (("fire truck", "fire_truck"), ("lawn", "grass")):
            found = opened.search_text(text, k=9)
            assert found.method == "conse and devise"
            assert [r.label for r in found.results].count(label) >= 8
        assert opened.words.notice is None
        assert len(opened.words.trained.epochs) == len(training.epochs)


def test_each_word_is_marked_as_trained_on_unseen_or_unknown(painted):
    photos = open_colours(painted)
    photos.train_words()
    words = photos.search_text("a truck on the grass near an ocean with a flumpox").text.words
    assert {word.word: word.status for word in words} == {
        "truck": WordStatus.TRAINED,
        "grass": WordStatus.TRAINED,
        "near": WordStatus.UNSEEN,
        "ocean": WordStatus.UNSEEN,
        "flumpox": WordStatus.UNKNOWN,
    }


def test_a_corrected_label_makes_the_training_stale_until_it_is_repeated(painted):
    photos = open_colours(painted)
    photos.train_words()
    photos.corrections.decide_all([Decision("sea/0.png", "sea", "grass", None, Choice.RELABEL)], "a test")
    assert "have changed" in photos.words.notice
    assert photos.search_text("sea").method == "conse and devise"
    photos.train_words()
    assert photos.words.notice is None


@pytest.mark.parametrize("how", ["cut", "emptied", "deleted"])
def test_a_training_that_is_lost_is_said(painted, how):
    photos = open_colours(painted)
    photos.train_words()
    (path,) = photos.cache.glob("words.npz")
    content = path.read_bytes()
    path.write_bytes(content[:500] if how == "cut" else b"")
    if how == "deleted":
        path.unlink()
    opened = open_colours(painted)
    assert opened.search_text("sea").method == "conse"
    assert "is lost" in opened.words.notice
    opened.train_words()
    assert opened.words.notice is None


def test_without_a_training_there_is_nothing_to_say(painted):
    assert open_colours(painted).words.notice is None


def test_a_training_with_another_encoder_is_not_used_and_said(painted):
    photos = open_colours(painted)
    photos.train_words()
    photos.words._made_by = "another"
    photos.words._read = (object(), None, None)
    assert photos.search_text("sea").method == "conse"
    assert "does not fit" in photos.words.notice


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("not a cat", "− cat"),
        ("a sofa without any cat", "− cat"),
        ("No dogs", "− dogs"),
        ("dog − cat", None),
        ("a notable cat", None),
    ],
)
def test_a_negation_is_answered_with_how_to_write_it(painted, text, written):
    hint = open_colours(painted).words.query(text).hint
    assert hint is None if written is None else f"write “{written}”" in hint


def test_a_picture_and_a_text_together_move_from_the_one_to_the_other(painted):
    photos = open_colours(painted)
    photos.train_words()
    orders = {
        weight: [r.label for r in photos.search_text("grass", query="sea/1.png", weight=weight).results]
        for weight in (0, 0.5, 1)
    }
    assert orders[0] == ["sea"] * 9
    assert orders[1] == ["grass"] * 9
    found = photos.search_text("grass", query="sea/1.png", weight=0.5)
    assert (found.query.file, found.text_weight) == ("sea/1.png", 0.5)
    assert "sea/1.png" not in [r.file for r in photos.search_text("sea", 30, query="sea/1.png").results]
    only = photos.search_text("sea", 9, query="sea/1.png", weight=0).results
    assert [r.file for r in only] == [r.file for r in photos.search("sea/1.png").results]


def test_only_pictures_of_a_label_can_be_searched(painted):
    found = open_colours(painted).search_text("sea", label="grass")
    assert [r.label for r in found.results] == ["grass"] * 9


def test_tags_are_words_nearest_first_without_plurals_of_one_another(painted):
    photos = open_colours(painted)
    photos.train_words()
    tags = photos.tags("grass/0.png", 10)
    assert len(tags) == 10
    assert [t.cosine for t in tags] == sorted((t.cosine for t in tags), reverse=True)
    words = {tag.word for tag in tags}
    assert not any(f"{word}s" in words for word in words)
    assert all(tag.word in load_words() for tag in tags)


@pytest.mark.parametrize("text", ["", "  ", "🐈🛋️", "qqzzx flumpox", "кошка на диване", "猫", "cat " * 2500])
def test_a_text_that_cannot_be_searched_for_is_answered_kindly(painted, text):
    with pytest.raises(UsageError) as raised:
        open_colours(painted).search_text(text)
    assert len(str(raised.value)) < 300


def test_nonsense_numbers_are_refused(painted):
    photos = open_colours(painted)
    with pytest.raises(UsageError, match="at least 1"):
        photos.search_text("sea", k=0)
    with pytest.raises(UsageError, match="from 0 to 1"):
        photos.search_text("sea", query="sea/1.png", weight=1.5)
    with pytest.raises(UsageError, match="at least 1"):
        photos.tags("sea/1.png", 0)


def test_labels_that_no_word_explains_are_left_out_and_named(painted):
    (painted / "sea").rename(painted / "xqzzt")
    training = open_colours(painted).train_words()
    assert training.unknown_labels == ("xqzzt",)
    assert training.pictures == 20


def test_a_label_with_a_dash_between_its_words_takes_none_of_them_away(painted):
    (painted / "sea").rename(painted / "sea - sea")
    photos = open_colours(painted)
    assert photos.train_words().unknown_labels == ()
    found = photos.search_text("sea")
    assert {word.word: word.status for word in found.text.words} == {"sea": WordStatus.TRAINED}


def test_a_folder_without_labels_cannot_be_trained_on(tmp_path):
    (tmp_path / "flat").mkdir()
    for i in range(12):
        Image.new("RGB", (48, 48), (20 * i, 0, 0)).save(tmp_path / "flat" / f"{i}.png")
    with pytest.raises(ImsearchError, match="too little to train on"):
        open_colours(tmp_path / "flat").train_words()
