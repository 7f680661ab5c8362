"""Pictures and texts prepared as a model's own files say: to the pixel as Pillow does it, or refused."""

import json

import numpy as np
import pytest
from PIL import Image
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from imsearch_core.encoders.onnx_layout import read_preparation, read_texts
from imsearch_core.errors import ImsearchError
from tests.conftest import draw

CLIP = {
    "size": {"shortest_edge": 56},
    "crop_size": {"height": 56, "width": 56},
    "resample": 3,
    "image_mean": [0.5, 0.4, 0.3],
    "image_std": [0.2, 0.25, 0.5],
}
SQUASHED = {"size": {"height": 56, "width": 56}, "resample": 2, "do_center_crop": False}


@pytest.fixture
def prepared(tmp_path):
    """Reads a preparation from a configuration."""

    def read(config):
        path = tmp_path / "preprocessor_config.json"
        path.write_text(json.dumps(config))
        return read_preparation(path)

    return read


SIZES = [(100, 75), (75, 100), (333, 211), (640, 40), (40, 640), (9, 7), (7, 30), (56, 56), (3, 1), (1, 200)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("resize", [56, 64])
def test_the_square_is_cut_from_the_whole_picture_scaled_with_pillow(prepared, size, resize):
    picture = draw(3, size)
    width, height = (int(resize * side / min(size)) for side in size)
    left, top = (width - 56) // 2, (height - 56) // 2
    whole = picture.resize((width, height), Image.Resampling.BICUBIC)
    square = prepared(CLIP | {"size": {"shortest_edge": resize}}).square(picture)
    difference = np.abs(square - np.asarray(whole, int)[top : top + 56, left : left + 56])
    assert difference.max() <= (0 if max(size) <= 3 * min(size) else 1)


@pytest.mark.parametrize("size", SIZES)
def test_a_squashed_picture_is_the_whole_one(prepared, size):
    picture = draw(3, size)
    preparation = prepared(SQUASHED)
    whole = picture.resize((56, 56), Image.Resampling.BILINEAR)
    assert np.array_equal(preparation.square(picture), np.asarray(whole))
    assert preparation.seen_box(size) == (0, 0, 1, 1)


def test_a_long_picture_costs_no_more_than_others(prepared, monkeypatch):
    sizes = []
    resize = Image.Image.resize
    monkeypatch.setattr(
        Image.Image, "resize", lambda image, size, *rest: sizes.append(size) or resize(image, size, *rest)
    )
    assert prepared(CLIP).square(Image.new("RGB", (1, 5000))).shape == (56, 56, 3)
    assert sizes[0][1] < 1000


def test_values_are_normalised_per_channel(prepared):
    square = np.full((1, 56, 56, 3), (0, 102, 255), np.uint8)
    found = prepared(CLIP).input_of(square)
    assert found.shape == (1, 3, 56, 56)
    assert found[0, :, 0, 0] == pytest.approx([-2.5, 0.0, 1.4], abs=1e-6)
    unchanged = prepared(CLIP | {"do_normalize": False}).input_of(square)
    assert unchanged[0, :, 0, 0] == pytest.approx([0, 0.4, 1])


@pytest.mark.parametrize(
    ("config", "squashed"),
    [
        ({"size": 56, "crop_size": 56, "feature_extractor_type": "CLIPFeatureExtractor"}, False),
        ({"size": 56, "feature_extractor_type": "ViTFeatureExtractor"}, True),
    ],
)
def test_sizes_as_older_files_write_them_are_understood(prepared, config, squashed):
    preparation = prepared(config)
    assert (preparation.crop, preparation.width is not None) == (56, squashed)


def test_the_seen_box_is_the_middle(prepared):
    assert prepared(CLIP).seen_box((200, 100)) == (0.25, 0, 0.75, 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"size": None}, "preprocessor_config.json cannot be followed"),
        ({"size": {"longest_edge": 5, "shortest_edge": 4}}, "does not say 'width'"),
        ({"crop_size": {"height": 56, "width": 40}}, "no square"),
        ({"crop_size": {"height": 99, "width": 99}}, "99 pixels are cut out of 56"),
        ({"do_resize": False}, "must be resized"),
        ({"resample": 17}, "17 is not a valid Resampling"),
        ({"image_std": [1, 1]}, "cannot be followed"),
        ({"image_std": [1, 1, 0]}, "cannot be followed"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_the_reason(prepared, change, reason):
    with pytest.raises(ImsearchError, match=reason):
        prepared(CLIP | change)


@pytest.mark.parametrize("content", ["", "[]", '{"size": '])
def test_a_damaged_file_is_named(tmp_path, content):
    path = tmp_path / "preprocessor_config.json"
    path.write_text(content)
    with pytest.raises(ImsearchError, match=r"preprocessor_config\.json is damaged"):
        read_preparation(path)


@pytest.fixture
def texts(tmp_path):
    """Reads how texts become numbers, from a tokenizer of three words and these other files."""
    tokenizer = Tokenizer(models.WordLevel({"<pad>": 7, "<end>": 1, "a": 2, "red": 3, "<unk>": 0}, "<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing("$A <end>", special_tokens=[("<end>", 1)])
    tokenizer.save(str(tmp_path / "tokenizer.json"))

    def read(config=None, told=None, length=None, full_length=False):
        for name, content in (("config.json", config), ("tokenizer_config.json", told)):
            if content is not None:
                (tmp_path / name).write_text(json.dumps(content))
        return read_texts(tmp_path, length, full_length)

    return read


PADDED = {"pad_token": "<pad>", "model_max_length": 4}


def test_texts_are_padded_to_the_longest_and_their_ends_kept_when_cut(texts):
    numbers, mask = texts(told=PADDED).tokens(["red", "a a", "a a a a a"])
    assert numbers.tolist() == [[3, 1, 7, 7], [2, 2, 1, 7], [2, 2, 2, 1]]
    assert mask.tolist() == [[1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]


def test_texts_are_padded_to_full_length_for_a_tower_without_a_mask(texts):
    assert texts(told=PADDED, full_length=True).tokens(["red"])[0].tolist() == [[3, 1, 7, 7]]
    assert texts(told=PADDED).tokens(["red"])[0].tolist() == [[3, 1]]


def test_a_siglip_gets_small_letters_at_full_length_and_no_mask(texts):
    numbers, mask = texts({"model_type": "siglip"}, PADDED).tokens(["RED"])
    assert numbers.tolist() == [[3, 1, 7, 7]]
    assert mask.tolist() == [[1, 1, 1, 1]]


def test_padding_goes_to_the_side_that_the_file_names(texts):
    told = PADDED | {"padding_side": "left", "pad_token": {"content": "<pad>"}}
    assert texts(told=told, full_length=True).tokens(["red"])[0].tolist() == [[7, 7, 3, 1]]


@pytest.mark.parametrize(
    ("files", "most"),
    [
        ({}, 77),
        ({"config": {"model_type": "siglip"}}, 64),
        (
            {"config": {"text_config": {"max_position_embeddings": 12}}, "told": {"model_max_length": 1e30}},
            12,
        ),
        ({"told": {"model_max_length": 20}, "length": 9}, 9),
    ],
)
def test_the_longest_text_is_what_the_first_file_that_knows_it_says(texts, files, most):
    assert texts(**files).tokens(["a " * 200])[0].shape == (1, most)
