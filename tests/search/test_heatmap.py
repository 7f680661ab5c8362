"""Where an encoder sees a class: exact where it can be, in the right half of a picture, and in colour."""

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from imsearch_core.encoders import find_preset, load_encoder
from imsearch_core.encoders.base import KerasEncoder, Localizer
from imsearch_core.encoders.keras_applications import _encoder
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.pictures.decode import open_image
from imsearch_core.search.heatmap import HeatMap, heat_map, overlay
from tests.conftest import draw
from tests.test_imports import modules_after

if TYPE_CHECKING:
    import keras

SIAMESE_CAT = 284
CLASSES = (SIAMESE_CAT, 440, 999)
WHOLE = (0.0, 0.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def default():
    return load_encoder("efficientnet-lite0")


@pytest.fixture(scope="module")
def averaging():
    """Random weights; the embedding is the mean of the last activations, as in EfficientNet."""
    return untrained("efficientnetv2-b0")


@pytest.fixture(scope="module")
def normalising():
    """One that normalises after it has averaged, like ConvNeXt."""
    import keras

    return untrained("convnext-tiny", keras.layers.LayerNormalization(epsilon=1e-6))


def untrained(name: str, *after: "keras.layers.Layer") -> KerasEncoder:
    import keras

    keras.utils.set_random_seed(0)
    preset = find_preset(name)
    images = keras.Input((preset.crop, preset.crop, 3))
    x = keras.layers.Conv2D(16, 8, strides=8, activation="swish")(keras.layers.Rescaling(1 / 255)(images))
    x = keras.layers.Conv2D(preset.dimension, 4, strides=4, activation="swish")(x)
    x = keras.layers.Dropout(0.2)(keras.layers.GlobalAveragePooling2D()(x))
    for layer in after:
        x = layer(x)
    return _encoder(preset, None, keras.Model(images, keras.layers.Dense(1000)(x)))


def crops(encoder) -> np.ndarray:
    return np.stack([encoder.preset.prepare(draw(seed, (400, 300))) for seed in range(2)])


@pytest.mark.parametrize("name", ["default", "averaging"])
@pytest.mark.parametrize("class_index", CLASSES)
def test_the_mean_of_a_class_activation_map_plus_the_bias_is_the_class_logit(request, name, class_index):
    encoder = request.getfixturevalue(name)
    images = crops(encoder)
    evidence = encoder.activation_map(images, class_index)
    assert evidence.shape == (2, 7, 7)
    assert evidence.dtype == np.float32
    logits = encoder.head.logits(encoder.embed(images))[:, class_index]
    np.testing.assert_allclose(
        evidence.mean(axis=(1, 2)) + encoder.head.bias[class_index], logits, atol=1e-3, rtol=1e-4
    )
    assert evidence.std() > 1e-5


def test_grad_cam_gives_the_class_activation_map_where_both_apply(averaging):
    import keras

    disguised = keras.Model(
        averaging._network.input, keras.layers.Activation("linear")(averaging._network.output)
    )
    by_gradients = KerasEncoder(averaging.preset, None, disguised, averaging.head, averaging._preprocess)
    images = crops(averaging)
    expected = averaging.activation_map(images, SIAMESE_CAT)
    found = by_gradients.activation_map(images, SIAMESE_CAT)
    np.testing.assert_allclose(found, expected, atol=1e-4 * np.abs(expected).max())


def test_grad_cam_is_a_finite_grid_that_differs_between_classes_and_pictures(normalising):
    images = crops(normalising)
    a, b = (normalising.activation_map(images, class_index) for class_index in CLASSES[:2])
    for evidence in (a, b):
        assert evidence.shape == (2, 7, 7)
        assert evidence.dtype == np.float32
        assert np.isfinite(evidence).all()
        assert evidence.min() < 0 < evidence.max()
    assert np.abs(a - b).max() > 0.1 * np.abs(a).max()
    assert np.abs(a[0] - a[1]).max() > 0.01 * np.abs(a).max()


def test_the_finest_grid_before_the_last_pooling_is_used(averaging):
    import keras

    inputs = keras.Input((224, 224, 3), dtype="uint8")
    x = keras.layers.Rescaling(1 / 255)(inputs)
    x = keras.layers.Conv2D(4, 16, strides=16)(x)
    x = keras.layers.Flatten()(keras.layers.MaxPooling2D()(x))
    x = keras.layers.Dense(1280)(x)
    encoder = KerasEncoder(averaging.preset, None, keras.Model(inputs, x), averaging.head)
    assert encoder.activation_map(crops(encoder), 0).shape == (2, 14, 14)


@pytest.mark.usefixtures("embedded_anew")
def test_asking_for_a_map_leaves_embeddings_as_they_were(default):
    images = crops(default)
    before = default.embed(images)
    default.activation_map(images, SIAMESE_CAT)
    np.testing.assert_array_equal(default.embed(images), before)


@pytest.mark.parametrize("cat_is_left", [True, False])
@pytest.mark.parametrize("number", range(4))
def test_the_peak_is_on_the_cat_in_a_picture_that_is_half_cat_and_half_grey(
    default, voc20, cat_is_left, number
):
    files = ("2008_000345", "2008_000227", "2008_000670", "2008_003622")
    photo = open_image(voc20 / "cat" / f"{files[number]}.jpg").resize((300, 300))
    picture = Image.new("RGB", (600, 300), (128, 128, 128))
    picture.paste(photo, (0 if cat_is_left else 300, 0))
    # The network sees the middle; the cat's half fills half of it.
    heat = heat_map(default, picture, SIAMESE_CAT)
    assert (heat.peak[0] < 0.5) == cat_is_left
    half = heat.values.shape[1] // 2
    left, right = heat.values[:, :half].sum(), heat.values[:, -half:].sum()
    assert (left > 2 * right) if cat_is_left else (right > 2 * left)


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((512, 256), (0.28125, 0.0625, 0.71875, 0.9375)),
        ((256, 512), (0.0625, 0.28125, 0.9375, 0.71875)),
        ((300, 300), (0.0625, 0.0625, 0.9375, 0.9375)),
        ((1, 1), (0.0625, 0.0625, 0.9375, 0.9375)),
        ((2, 4), (0.0625, 0.28125, 0.9375, 0.71875)),
    ],
    ids=["landscape", "portrait", "square", "tiny", "tiny portrait"],
)
def test_the_box_is_the_part_of_the_picture_that_the_network_saw(default, size, box):
    heat = heat_map(default, draw(1, size), SIAMESE_CAT)
    assert heat.box == pytest.approx(box)
    left, top, right, bottom = box
    if heat.peak:
        assert left < heat.peak[0] < right
        assert top < heat.peak[1] < bottom


def test_a_network_that_sees_the_whole_of_a_square_has_the_whole_as_its_box():
    heat = heat_map(Pointing(find_preset("efficientnetv2-s")), draw(1, (50, 50)), 0)
    assert heat.box == WHOLE


class Pointing:
    """An encoder that sees every class where it is told to."""

    def __init__(self, preset, evidence=((0, -1), (4, 1))):
        self.preset, self.evidence = preset, np.array(evidence, np.float32)

    def activation_map(self, images: np.ndarray, class_index: int) -> np.ndarray:
        return np.repeat(self.evidence[None], len(images), axis=0)


def test_values_range_from_0_to_1_and_the_peak_is_the_strongest_cell():
    heat = heat_map(Pointing(find_preset("efficientnetv2-s")), draw(1, (80, 40)), 0)
    np.testing.assert_array_equal(heat.values, [[0, 0], [1, 0.25]])
    assert heat.values.dtype == np.float32
    assert heat.box == (0.25, 0, 0.75, 1)
    assert heat.peak == (0.375, 0.75)


def test_a_class_seen_nowhere_has_neither_heat_nor_peak():
    heat = heat_map(Pointing(find_preset("efficientnetv2-s"), [[-1, 0], [-2, -3]]), draw(1), 0)
    assert not heat.values.any()
    assert heat.peak is None


@pytest.mark.parametrize("class_index", [-1, 1000])
def test_a_class_that_does_not_exist_is_refused(default, class_index):
    with pytest.raises(UsageError, match="indices go from 0 to 999"):
        heat_map(default, draw(1), class_index)


def test_an_encoder_that_only_embeds_is_refused_by_name():
    class Embedding:
        preset = find_preset("vgg16")

        def embed(self, images):
            raise AssertionError

    with pytest.raises(ImsearchError, match=r"^vgg16 cannot show where it sees a class$"):
        heat_map(Embedding(), draw(1), SIAMESE_CAT)
    assert isinstance(Pointing(None), Localizer)


def opened(content: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.mode) == ("WEBP", "RGB")
        return np.asarray(image, np.int16)


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((800, 400), (160, 320)),
        ((30, 600), (320, 16)),
        ((100, 50), (50, 100)),
        ((1, 1), (1, 1)),
        ((2, 900), None),
    ],
)
def test_an_overlay_is_a_webp_that_fits_and_keeps_the_proportions(size, shape):
    picture = draw(2, size)
    heat = heat_map(Pointing(find_preset("efficientnet-lite0")), picture, 0)
    content = overlay(picture, heat, 320)
    assert opened(content).shape == (*(shape or (320, 1)), 3)
    assert picture.size == size


def test_an_overlay_glows_where_the_class_is_and_leaves_the_rest_grey():
    picture = Image.new("RGB", (200, 200), (120, 120, 120))
    values = np.zeros((7, 7), np.float32)
    values[1, 1] = 1
    shown = opened(overlay(picture, HeatMap(values, WHOLE, (1.5 / 7, 1.5 / 7)), 200))
    hot, cold = shown[43, 43], shown[150, 150]
    assert hot[0] > 180
    assert hot[0] - hot[2] > 40
    assert np.ptp(cold) <= 3
    assert hot.mean() > cold.mean() + 20


def test_an_overlay_of_no_heat_is_the_faded_picture_and_darker_outside_the_box():
    picture = Image.new("RGB", (400, 200), (200, 100, 100))
    heat = HeatMap(np.zeros((7, 7), np.float32), (0.25, 0, 0.75, 1), None)
    shown = opened(overlay(picture, heat, 400))
    inside, outside = shown[100, 200], shown[100, 20]
    assert np.abs(shown[:, 110:290] - inside).max() <= 5
    assert np.abs(shown[:, :90] - outside).max() <= 5
    assert np.abs(shown[:, 310:] - outside).max() <= 5
    grey = np.asarray(picture.convert("L"), np.float32)[0, 0]
    assert inside.mean() == pytest.approx(0.9 * (grey + 0.25 * (400 / 3 - grey)), abs=2)
    assert outside.mean() < 0.7 * inside.mean()
    assert 0 < np.ptp(inside) < 50


def test_the_heat_has_no_visible_steps():
    picture = Image.new("RGB", (280, 280), "black")
    values = np.zeros((7, 7), np.float32)
    values[3, 3] = 1
    row = opened(overlay(picture, HeatMap(values, WHOLE, (0.5, 0.5)), 280))[140].sum(axis=1)
    assert row.argmax() == pytest.approx(140, abs=8)
    assert np.abs(np.diff(row)).max() < 0.1 * row.max()


def test_importing_heat_maps_imports_no_tensorflow():
    assert modules_after("import imsearch_core.search.heatmap") == set()
