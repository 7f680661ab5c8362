"""TIFFs of modes that Pillow does not know: read if they are stored plainly, else refused by their mode."""

import struct

import numpy as np
import pytest
from PIL import Image

from imsearch_core.errors import BadImage
from imsearch_core.pictures.decode import open_image
from tests.conftest import draw
from tests.pictures.test_decode import difference, stored

RGB = np.asarray(draw(1))
GREY = np.asarray(draw(1).convert("L"))
KINDS = {"u": 1, "i": 2, "f": 3}


def tiff(
    values: np.ndarray,
    photometric: int,
    extra: int = 0,
    strips: int = 1,
    compression: int = 1,
    orientation: int = 1,
    planar: bool = False,
) -> bytes:
    """A TIFF of values [height, width, channels], in their byte order; if `planar`, channel by channel."""
    order = ">" if values.dtype.byteorder == ">" else "<"
    height, width, channels = values.shape
    layers = np.moveaxis(values, 2, 0) if planar else [values]
    pieces = [piece.tobytes() for layer in layers for piece in np.array_split(layer, strips)]
    offsets = [8 + sum(map(len, pieces[:i])) for i in range(len(pieces))]
    entries = {
        256: [width],
        257: [height],
        258: [8 * values.itemsize] * channels,
        259: [compression],
        262: [photometric],
        273: offsets,
        274: [orientation],
        277: [channels],
        278: [-(-height // strips)],
        279: [len(piece) for piece in pieces],
        284: [1 + planar],
        338: [2] * extra,
        339: [KINDS[values.dtype.kind]] * channels,
    }
    entries = {tag: numbers for tag, numbers in entries.items() if numbers}
    at = 8 + sum(map(len, pieces))
    beyond = at + 2 + 12 * len(entries) + 4
    table, longer = struct.pack(f"{order}H", len(entries)), b""
    for tag, numbers in entries.items():
        content = struct.pack(f"{order}{len(numbers)}I", *numbers)
        if len(numbers) > 1:
            longer += content
            content = struct.pack(f"{order}I", beyond + len(longer) - len(content))
        table += struct.pack(f"{order}HHI", tag, 4, len(numbers)) + content
    start = (b"MM" if order == ">" else b"II") + struct.pack(f"{order}HI", 42, at)
    return start + b"".join(pieces) + table + bytes(4) + longer


def with_alpha(values: np.ndarray, alpha: int) -> np.ndarray:
    return np.concatenate([values, np.full((*values.shape[:2], 1), alpha, values.dtype)], axis=2)


@pytest.mark.parametrize("strips", [1, 3])
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(
    ("kind", "scale"), [("f4", 1 / 255), ("f2", 1 / 255), ("f8", 1 / 255), ("u4", 257 << 16), ("f4", 257)]
)
def test_colour_of_16_to_64_bits_is_read(kind, scale, order, strips):
    values = (RGB.astype(np.float64) * scale).astype(order + kind)
    opened = open_image(tiff(values, photometric=2, strips=strips))
    assert np.corrcoef(np.ravel(opened), np.ravel(RGB))[0, 1] > 0.999
    assert difference(opened, draw(1)) < 6


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("alpha", [65535, 32768])
def test_deep_grey_with_opacity_is_laid_over_white(alpha, order):
    values = with_alpha(GREY[:, :, None].astype(np.uint16) * 257, alpha).astype(f"{order}u2")
    share = alpha / 65535
    expected = Image.fromarray((255 - share * (255 - GREY.astype(float))).astype(np.uint8)).convert("RGB")
    assert difference(open_image(tiff(values, photometric=1, extra=1)), expected) < 2


def test_print_colours_with_opacity_are_laid_over_white():
    values = with_alpha(np.asarray(draw(1).convert("CMYK")), 255)
    assert difference(open_image(tiff(values, photometric=5, extra=1)), draw(1)) < 1
    faint = open_image(tiff(with_alpha(values[:, :, :4], 51), photometric=5, extra=1))
    assert difference(faint, Image.blend(Image.new("RGB", faint.size, "white"), draw(1), 0.2)) < 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_colours_and_print_colours_are_turned_upright(orientation):
    turned = stored(draw(1), orientation)
    deep = tiff(np.asarray(turned) / np.float32(255), photometric=2, orientation=orientation)
    assert difference(open_image(deep), draw(1)) < 6
    values = with_alpha(np.asarray(turned.convert("CMYK")), 255)
    content = tiff(values, photometric=5, extra=1, orientation=orientation)
    assert difference(open_image(content), draw(1)) < 1


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", ["u2", "u4", "f4"])
@pytest.mark.parametrize("opaque", [False, True])
def test_deep_colours_stored_channel_by_channel_are_read(order, kind, opaque):
    scale = {"u2": 257, "u4": 257 << 16, "f4": 1 / 255}[kind]
    values = (RGB.astype(np.float64) * scale).astype(order + kind)
    if opaque:
        values = with_alpha(values, 1 if kind == "f4" else np.iinfo(kind).max).astype(order + kind)
    content = tiff(values, photometric=2, extra=int(opaque), strips=3, planar=True)
    assert difference(open_image(content), draw(1)) < 6


def test_what_is_stored_in_another_way_is_refused_by_its_mode():
    content = tiff(RGB.astype(np.float32), photometric=2, compression=32773)
    with pytest.raises(BadImage, match=r"TIFF mode not supported: RGB, 3 channels of 32 bits \(float\)"):
        open_image(content)


def test_a_file_that_lacks_values_or_claims_too_many_is_refused():
    content = tiff(RGB.astype(np.float32), photometric=2)
    wide = content.replace(struct.pack("<HHII", 256, 4, 1, 96), struct.pack("<HHII", 256, 4, 1, 960))
    with pytest.raises(BadImage, match=r"^damaged: "):
        open_image(wide)
    vast = content.replace(struct.pack("<HHII", 256, 4, 1, 96), struct.pack("<HHII", 256, 4, 1, 1 << 30))
    with pytest.raises(BadImage, match=r"^too large: "):
        open_image(vast)
