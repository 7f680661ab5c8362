"""Presets as data: listed and fingerprinted without loading anything, loaded once."""

import importlib
import inspect
import os
import subprocess
import sys
from dataclasses import replace
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image

from imsearch_core.encoders import (
    DEFAULT_ENCODER,
    ClassHead,
    find_preset,
    fingerprint,
    load_encoder,
    missing_files,
    presets,
)
from imsearch_core.encoders.base import KerasEncoder
from imsearch_core.errors import ImsearchError, UsageError
from tests.conftest import ROOT, draw

WITH_KNOWN_WEIGHTS = [preset for preset in presets() if preset.weights_hash]
BY_DOWNLOAD = [preset for preset in presets() if preset.url]


def test_preset_names_are_unique_and_the_default_comes_first():
    names = [preset.name for preset in presets()]
    assert names[0] == DEFAULT_ENCODER
    assert len(set(names)) == len(names)
    assert {"efficientnet-lite0", "vgg16"} <= set(names)
    assert [find_preset(name).name for name in names] == names


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_a_preset_has_all_that_a_user_needs_to_choose(preset):
    assert preset.description
    assert preset.licence
    assert preset.megabytes >= 0
    assert preset.dimension > 0
    assert preset.resize >= preset.crop > 0
    assert missing_files(preset) or len(preset.weights_hash) in (32, 64)
    assert set(preset.weights_hash) <= set("0123456789abcdef")


@pytest.mark.parametrize("preset", BY_DOWNLOAD, ids=lambda preset: preset.name)
def test_weights_are_downloaded_safely_and_under_their_own_name(preset):
    url = urlsplit(preset.url)
    assert url.scheme == "https"
    assert url.path.endswith("/" + preset.weights_file)


def test_listing_and_fingerprinting_presets_loads_neither_tensorflow_nor_keras():
    script = (
        "import sys; from imsearch_core.encoders import fingerprint, presets; "
        "assert all(fingerprint(preset) for preset in presets() if preset.weights_hash); "
        "print(len(presets()), [name for name in ('tensorflow', 'keras', 'h5py') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.strip() == f"{len(presets())} []", run.stderr


@pytest.mark.parametrize("name", ["vgg19", "", "VGG16"])
@pytest.mark.parametrize("function", [find_preset, load_encoder])
def test_an_unknown_encoder_is_refused_and_all_known_ones_are_listed(function, name):
    with pytest.raises(UsageError) as raised:
        function(name)
    assert str(raised.value).startswith(f"no encoder is called {name!r}: choose from ")
    for preset in presets():
        assert preset.name in str(raised.value)


def test_no_two_presets_have_the_same_fingerprint():
    found = [fingerprint(preset) for preset in WITH_KNOWN_WEIGHTS]
    assert all(a != b for i, a in enumerate(found) for b in found[:i])


@pytest.mark.parametrize(
    "change",
    [{"name": "other"}, {"resize": 300}, {"crop": 192}, {"dimension": 99}, {"weights_hash": "0" * 64}],
    ids=lambda change: next(iter(change)),
)
def test_everything_that_changes_embeddings_changes_the_fingerprint(change):
    preset = find_preset(DEFAULT_ENCODER)
    assert fingerprint(replace(preset, **change)) != fingerprint(preset)


def test_anything_else_does_not_change_the_fingerprint():
    preset = find_preset(DEFAULT_ENCODER)
    assert fingerprint(replace(preset, description="other words", megabytes=1)) == fingerprint(preset)


def test_the_fingerprint_depends_on_the_content_of_own_weights_and_not_on_their_name(tmp_path):
    preset = find_preset("vgg16")
    for name, content in (("a.h5", b"1"), ("b.h5", b"1"), ("c.h5", b"2")):
        (tmp_path / name).write_bytes(content)
    a, b, c = (fingerprint(preset, tmp_path / name) for name in ("a.h5", "b.h5", "c.h5"))
    assert a == b != c
    assert fingerprint(preset) not in (a, c)


def prepared(picture: Image.Image, resize: int, crop: int) -> np.ndarray:
    preset = replace(find_preset(DEFAULT_ENCODER), resize=resize, crop=crop)
    return preset.prepare(picture).astype(int)


@pytest.mark.parametrize(
    "size",
    [(1, 1), (2, 3), (1, 5000), (5000, 1), (224, 224), (256, 256), (223, 1000), (640, 480), (3000, 200)],
)
@pytest.mark.parametrize(("resize", "crop"), [(256, 224), (384, 384)])
def test_a_picture_of_any_size_is_prepared_at_the_networks(size, resize, crop):
    square = prepared(Image.new("RGB", size, (10, 130, 250)), resize, crop)
    assert square.shape == (crop, crop, 3)
    assert np.abs(square - (10, 130, 250)).max() <= 1


@pytest.mark.parametrize(("size", "scaled"), [((640, 480), (341, 256)), ((300, 900), (256, 768))])
def test_a_picture_is_prepared_as_the_middle_of_the_scaled_one(size, scaled):
    picture = draw(12, size)
    left, top = (scaled[0] - 224) // 2, (scaled[1] - 224) // 2
    whole = picture.resize(scaled, Image.Resampling.BICUBIC).crop((left, top, left + 224, top + 224))
    difference = np.abs(prepared(picture, 256, 224) - np.asarray(whole, int))
    assert difference.mean() < 0.5
    assert difference.max() <= 3


def test_the_seen_box_is_the_part_that_is_prepared():
    preset = find_preset(DEFAULT_ENCODER)
    assert preset.seen_box((512, 256)) == pytest.approx((0.28125, 0.0625, 0.71875, 0.9375))
    picture = Image.new("RGB", (512, 256), "black")
    left, top, right, bottom = (
        round(edge * side) for edge, side in zip(preset.seen_box(picture.size), (512, 256) * 2, strict=True)
    )
    picture.paste("white", (left, top, right, bottom))
    assert preset.prepare(picture)[2:-2, 2:-2].min() >= 250


def test_an_encoder_is_loaded_once():
    assert load_encoder(DEFAULT_ENCODER) is load_encoder() is load_encoder(DEFAULT_ENCODER, None)


def test_weights_replaced_under_the_same_name_are_read_again(tmp_path):
    path = tmp_path / "own.pth"
    path.write_bytes(b"1")
    os.utime(path, ns=(1, 1))
    with pytest.raises(ImsearchError) as first:
        load_encoder(DEFAULT_ENCODER, path)
    path.write_bytes(b"2")
    os.utime(path, ns=(1, 2))
    with pytest.raises(ImsearchError) as second:
        load_encoder(DEFAULT_ENCODER, path)
    assert str(first.value) != str(second.value)


def test_a_head_that_does_not_fit_the_preset_is_refused_with_both_sizes():
    head = ClassHead(np.zeros((512, 10), np.float32), np.zeros(10, np.float32))
    with pytest.raises(ImsearchError, match="512 features into 10 classes; 1280 into 1000 are needed"):
        KerasEncoder(find_preset(DEFAULT_ENCODER), None, None, head)


# Where Keras keeps the hash of each file: the key of its WEIGHTS_HASHES, or none (vgg16 has it in its code).
KERAS_HASHES = {
    "vgg16": ("vgg16", None),
    "resnet50v2": ("resnet", "resnet50v2"),
    "efficientnetv2-b0": ("efficientnet_v2", "b0"),
    "efficientnetv2-s": ("efficientnet_v2", "-s"),
    "convnext-tiny": ("convnext", "convnext_tiny"),
}


@pytest.mark.parametrize("preset", BY_DOWNLOAD, ids=lambda preset: preset.name)
def test_the_published_hashes_are_those_of_the_installed_keras(preset):
    module_name, key = KERAS_HASHES[preset.name]
    module = importlib.import_module(f"keras.src.applications.{module_name}")
    if key is not None:
        assert module.WEIGHTS_HASHES[key][0] == preset.weights_hash
        return
    source = inspect.getsource(module)
    after_name = source.split(f'"{preset.weights_file}",', 1)[1]
    assert after_name.split('file_hash="', 1)[1].split('"', 1)[0] == preset.weights_hash
