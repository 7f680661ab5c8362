"""Tones: deep grey and colour become the 8 bits that a person would see."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from imsearch_core.pictures.decode import open_image
from imsearch_core.pictures.tones import tonal_range
from tests.conftest import draw
from tests.pictures.test_decode import encoded, png

GREY = np.asarray(draw(1, (200, 150)).convert("L")).astype(np.float64)


def with_marks(values: np.ndarray, mark: float) -> np.ndarray:
    """A corner in which nothing was measured."""
    marked = values.copy()
    marked[:30, :40] = mark
    return marked


def with_hot_pixel(values: np.ndarray) -> np.ndarray:
    hot = values.copy()
    hot[100, 100] = 65535
    return hot


DEEP = {
    "10 bits": GREY * 4,
    "12 bits": GREY * 16,
    "14 bits": GREY * 64,
    "all 16 bits": GREY * 257,
    "12 bits with a hot pixel": with_hot_pixel(GREY * 16),
    "thermal": 7300 + GREY * 3.5,
    "thermal with a hot pixel": with_hot_pixel(7300 + GREY * 3.5),
    "thermal with holes of 0": with_marks(7300 + GREY * 3.5, 0),
    "depth in millimetres": 500 + GREY * 29,
}


def assert_like(opened: Image.Image, twin: np.ndarray, start: int = 0) -> None:
    """The same but for brightness and contrast, and using at least half the range."""
    values = np.asarray(opened.convert("L"), float)[start:]
    assert np.corrcoef(values.ravel(), twin[start:].ravel())[0, 1] > 0.995
    assert np.ptp(values) > 0.5 * 255


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_grey_of_any_depth_in_16_bits_looks_like_its_8_bit_twin(kind, file_format):
    content = encoded(Image.fromarray(DEEP[kind].astype(np.uint16)), file_format)
    rows_to_skip = 30 if "holes" in kind else 0
    opened = np.array(open_image(content))
    if "hot" in kind:
        opened[100, 100] = opened[100, 101]
    assert_like(Image.fromarray(opened), GREY, rows_to_skip)


@pytest.mark.parametrize("mark", [-9999, -32768, -3.4e38, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("scale", [0.002, 40])
def test_marks_for_no_data_do_not_darken_what_was_measured(mark, scale):
    values = with_marks(GREY * scale + 3, mark).astype(np.float32)
    opened = open_image(encoded(Image.fromarray(values), "TIFF"))
    assert_like(opened, GREY, start=30)


def test_32_bit_integers_are_stretched_without_their_marks():
    values = with_marks(100_000 + GREY * 1000, -9999).astype(np.int32)
    assert_like(open_image(encoded(Image.fromarray(values), "TIFF")), GREY, start=30)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.arange(0, 4096), (0, 4095)),
        (np.arange(0, 3000), (0, 4095)),
        (np.arange(0, 65536), (0, 65535)),
        (np.arange(0, 256), (0, 255)),
        (np.linspace(0, 1, 1000), (0, 1)),
        (np.linspace(0, 0.7, 1000), (0, 1)),
        (np.linspace(0, 300.5, 1000), (0, 300.5)),
        (np.arange(0, 301), (0, 300)),
        (np.array([0, 1, 2, 20]), (0, 20)),
        (np.array([7.5, 7.5]), (7.5, 7.5)),
        (np.array([np.nan]), (0, 0)),
        (np.array([-1000, 0, 1000]), (-1000, 1000)),
        (np.array([0, 65535]), (0, 65535)),
    ],
)
def test_a_bit_depth_that_is_used_is_the_range_and_else_the_values_are(values, expected):
    assert tonal_range(values) == expected


@pytest.mark.parametrize("value", [0, 65535])
def test_16_bits_of_black_or_white_alone_stay_black_or_white(value):
    content = encoded(Image.fromarray(np.full((4, 4), value, np.uint16)), "PNG")
    assert open_image(content).getpixel((0, 0)) == (value // 257,) * 3


def colour_png(values: np.ndarray) -> bytes:
    """A PNG of 16-bit colour, which Pillow does not write."""
    height, width, channels = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    return png(width, height, 16, {2: 4, 3: 2, 4: 6}[channels], rows)


@pytest.mark.parametrize("channels", [3, 4])
def test_colour_of_12_bits_in_16_is_not_read_as_black(channels):
    colours = np.asarray(draw(2)).astype(np.uint16)
    alpha = np.full((*colours.shape[:2], channels - 3), 65535)
    opened = open_image(colour_png(np.concatenate([colours * 16, alpha], axis=2)))
    assert np.abs(np.asarray(opened, int) - colours).max() <= 1


@pytest.mark.parametrize("most", [4095, 65535])
def test_grey_with_alpha_of_16_bits_is_laid_over_white(most):
    grey = np.round(GREY / 255 * most)
    alpha = np.where(np.arange(200) < 150, 65535, 0) * np.ones_like(GREY)
    content = colour_png(np.dstack([grey, alpha]).astype(np.uint16))
    opened = np.asarray(open_image(content).convert("L"), float)
    assert np.corrcoef(opened[:, :150].ravel(), GREY[:, :150].ravel())[0, 1] > 0.995
    assert opened[:, 150:].min() == 255


@pytest.mark.parametrize("kind", ["u2", "u4", "f4"])
def test_a_tiff_in_which_0_is_white_is_no_negative(kind):
    content = encoded(Image.fromarray((GREY * 16).astype(np.uint16)), "TIFF")
    negative = tiff((GREY.max() - GREY) * 16, kind, photometric=0)
    assert_like(open_image(content), GREY)
    assert_like(open_image(negative), GREY)


def tiff(values: np.ndarray, kind: str, photometric: int) -> bytes:
    """An uncompressed grey TIFF (TIFF 6.0)."""
    height, width = values.shape
    data = values.astype(f"<{kind}").tobytes()
    sample_format = {"u": 1, "f": 3}[kind[0]]
    tags = {256: width, 257: height, 258: 8 * int(kind[1]), 259: 1, 262: photometric}
    tags |= {273: 8, 277: 1, 278: height, 279: len(data), 339: sample_format}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return (
        b"II*\0" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(tags)) + entries + bytes(4)
    )


def test_colour_of_all_16_bits_keeps_its_high_byte():
    colours = np.asarray(draw(2)).astype(np.uint16)
    opened = open_image(colour_png(colours * 257))
    assert np.array_equal(np.asarray(opened), colours)


def test_animations_and_pages_of_deep_grey_give_the_first_page():
    pages = [Image.fromarray((GREY * 16).astype(np.uint16)), Image.new("I;16", (200, 150))]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    assert_like(open_image(buffer.getvalue()), GREY)
