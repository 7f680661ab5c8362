"""Phrases through a text tower: search, focus, classes, and knowing when nothing matches."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from imsearch_core import UsageError
from imsearch_core.phrases.class_head import SCALE, NoClassHead, class_texts
from imsearch_core.search.likely import unrelated_phrases
from imsearch_core.search.ranking import Phrase
from tests.colour_encoder import ColourEncoder
from tests.phrases.colour_words import COLOURS, ColourWordEncoder, draw_colours, open_with


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return draw_colours(tmp_path_factory.mktemp("colours") / "pictures")


@pytest.fixture
def encoder():
    return ColourWordEncoder()


@pytest.fixture
def photos(folder, encoder):
    return open_with(encoder, folder)


def labels_of(found) -> list[str]:
    return [result.label for result in found]


def test_a_text_finds_the_pictures_nearest_to_its_embedding(photos, encoder):
    found = photos.search_text("something red", k=16)
    text = encoder.embed_texts(["something red"])[0]
    rows = np.stack([photos.embeddings[i] for i in range(len(photos))])
    expected = rows @ text / np.linalg.norm(rows, axis=1) / np.linalg.norm(text)
    by_file = {item.file: cosine for item, cosine in zip(photos.items, expected, strict=True)}
    assert labels_of(found)[:4] == ["red"] * 4
    assert found.method == "phrase"
    for result in found:
        assert result.cosine == pytest.approx(by_file[result.file], abs=1e-5)


def test_likely_pictures_come_first_and_are_marked(photos):
    found = photos.search_text("red", k=16)
    assert [result.likely for result in found[:4]] == [True] * 4
    assert found.likely == sum(result.likely for result in found) == 4
    assert labels_of(found)[:4] == ["red"] * 4


@pytest.mark.parametrize("text", ["a street at night", "a violin", "the meaning of life"])
def test_no_picture_is_likely_for_what_no_picture_shows(photos, text):
    assert photos.search_text(text).likely == 0


def test_likelihood_is_told_only_of_a_text_alone(photos):
    assert photos.search("red/0.png").likely is None
    both = photos.search_text("blue", query="red/0.png", weight=0.5)
    assert both.likely is None
    assert {result.likely for result in both} == {None}


def test_a_text_and_a_picture_are_combined(photos):
    assert labels_of(photos.search_text("blue", 3, query="red/0.png", weight=0))[:3] == ["red"] * 3
    assert labels_of(photos.search_text("blue", 4, query="red/0.png", weight=1)) == ["blue"] * 4


def test_several_phrases_count_for_and_against(photos):
    found = photos.search_text("red + green − blue", k=16)
    assert set(labels_of(found)[:8]) == {"red", "green"}
    assert labels_of(found)[-1] == "blue"
    assert found.text.understood == "for “red”, for “green”, against “blue”, by colour-words"


def test_a_phrase_alone_against_moves_away_from_it(photos):
    assert labels_of(photos.search_text("− red", k=16))[-4:] == ["red"] * 4


def test_a_phrase_counts_as_it_stands_however_it_is_spaced(photos):
    spaced, plain = (photos.phrases.query(text) for text in ("  something   red ", "something red"))
    assert np.array_equal(spaced.vector, plain.vector)
    assert plain.understood == "as a whole, by colour-words"


def test_a_negation_is_pointed_out(photos):
    assert "− red" in photos.search_text("anything but not red").text.hint


@pytest.mark.parametrize("text", ["", "  ", "+", "x" * 2000])
def test_an_empty_or_endless_text_is_refused(photos, text):
    with pytest.raises(UsageError):
        photos.search_text(text)


def test_focus_takes_any_phrase(photos):
    found = photos.search("blue/0.png", 4, focus="something red", strength=1)
    assert labels_of(found) == ["red"] * 4
    assert isinstance(found.focus, Phrase)
    assert found.focus.name == "something red"
    assert labels_of(photos.search("blue/0.png", 3, focus="something red", strength=0)) == ["blue"] * 3


def test_reweighing_takes_any_phrase(photos):
    found = photos.search("blue/0.png", focus="something red")
    assert found.method == "reweigh"
    assert all(-1 <= result.cosine <= 1 for result in found)


def test_focus_on_a_phrase_embeds_no_classes(photos, encoder):
    photos.search("blue/0.png", focus="something red", strength=0.5)
    assert set(encoder.texts) == {"something red", *unrelated_phrases()}


def test_a_text_that_names_one_class_focuses_on_the_class(photos):
    found = photos.search("blue/0.png", focus="Siamese cat", strength=0.5)
    assert found.focus.index == 284


def test_the_class_head_is_the_scaled_cosine_to_each_class(photos, encoder):
    head = photos.head
    assert head.weights.shape == (48, 1000)
    embedding = photos.embeddings[0]
    texts = encoder.embed_texts(class_texts()).reshape(1000, -1, 48)
    unit = texts / np.linalg.norm(texts, axis=2, keepdims=True)
    means = unit.mean(axis=1)
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    expected = SCALE * (means @ embedding) / photos.embeddings.norms.mean()
    logits = head.logits(embedding)
    assert np.allclose(logits - logits.mean(), expected - expected.mean(), atol=1e-2)


def test_the_classes_are_embedded_once_for_all_collections(photos, folder, tmp_path):
    assert photos.classes.available
    assert not photos.classes.ready
    photos.classify("red/0.png")
    again = ColourWordEncoder()
    other = open_with(again, draw_colours(tmp_path / "others", per_colour=2))
    assert other.classes.ready
    other.classify("red/0.png")
    assert again.texts == []


def test_progress_is_told_while_the_classes_are_embedded(photos):
    told = []
    photos.classes.head(lambda done, total: told.append((done, total)))
    assert told[0] == (0, len(class_texts()))
    assert told[-1] == (len(class_texts()), len(class_texts()))


def test_a_damaged_file_of_kept_texts_is_made_again(photos, folder, home):
    photos.search_text("red")
    (kept,) = (home / "texts").iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    again = ColourWordEncoder()
    assert labels_of(open_with(again, folder).search_text("red", 4)) == ["red"] * 4
    assert set(unrelated_phrases()) <= set(again.texts)


def test_tags_are_common_words_and_class_names(photos):
    tags = photos.tags("red/0.png", 3)
    assert "red" in [tag.word for tag in tags]
    assert tags[0].cosine == max(tag.cosine for tag in tags)
    with pytest.raises(UsageError):
        photos.tags("red/0.png", 0)


def test_opening_and_browsing_embed_no_text(folder, encoder):
    photos = open_with(encoder, folder)
    photos.search("red/0.png")
    assert encoder.texts == []


class ImageOnlyEncoder(ColourEncoder):
    preset = replace(ColourEncoder.preset, name="pictures-alone")
    fingerprint = ColourEncoder.fingerprint | {"encoder": "pictures-alone"}

    def __init__(self) -> None:
        super().__init__()
        self.head = None


@pytest.mark.parametrize(
    "ask",
    [
        lambda photos: photos.search_text("red"),
        lambda photos: photos.search("red/0.png", focus="tabby"),
        lambda photos: photos.search("red/0.png", focus=281, strength=0.5),
        lambda photos: photos.classify("red/0.png"),
        lambda photos: photos.heat_map("red/0.png", "tabby"),
        lambda photos: photos.tags("red/0.png"),
    ],
    ids=["text", "reweigh", "focus", "classify", "heat map", "tags"],
)
def test_an_encoder_of_pictures_alone_says_what_it_lacks_and_names_another(folder, ask):
    photos = open_with(ImageOnlyEncoder(), folder)
    assert labels_of(photos.search("red/0.png", 3)) == ["red"] * 3
    with pytest.raises(NoClassHead, match=r"pictures-alone .* choose the encoder efficientnet-lite0"):
        ask(photos)


def test_labels_can_be_judged_without_a_class_head(folder):
    photos = open_with(ImageOnlyEncoder(), folder)
    assert not photos.classes.available
    assert len(photos.suspect_labels()) == len(photos)


def test_the_calibration_is_kept_beside_the_embeddings_until_the_pictures_change(encoder, tmp_path):
    folder = draw_colours(tmp_path / "pictures")
    photos = open_with(encoder, folder)
    photos.search_text("red")
    (file,) = photos.cache.glob("likely.npz")
    made = file.stat().st_mtime_ns
    open_with(encoder, folder).search_text("blue")
    assert file.stat().st_mtime_ns == made
    (folder / "red" / "0.png").unlink()
    changed = open_with(encoder, folder)
    assert changed.search_text("blue", 3).likely == 3
    assert file.stat().st_mtime_ns != made


@pytest.mark.parametrize("phrase", ["red", "blue"])
def test_a_heat_map_shows_where_a_phrase_is_seen(photos, phrase):
    picture = Image.new("RGB", (64, 64), COLOURS["blue"])
    picture.paste(COLOURS["red"], (0, 0, 32, 64))
    heat = photos.heat_map(picture, phrase)
    assert heat.values.shape == (8, 8)
    assert heat.values.max() == 1
    left, right = heat.values[:, :4].sum(), heat.values[:, 4:].sum()
    assert (left > 3 * right) if phrase == "red" else (right > 3 * left)
    assert (heat.peak[0] < 0.5) == (phrase == "red")


def test_the_heat_map_of_a_class_needs_its_own_texts_alone(photos, encoder):
    assert photos.heat_map("red/0.png", "tabby").values.shape == (8, 8)
    assert {text for text in encoder.texts if "photo of" in text} == {"a photo of a tabby"}
