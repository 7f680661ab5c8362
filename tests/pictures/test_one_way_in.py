"""The same picture gives the same pixels as a file, its content, an image or an array."""

import io

import numpy as np
import pytest
from PIL import Image

from imsearch_core.errors import BadImage
from imsearch_core.pictures.decode import open_image
from tests.conftest import draw
from tests.pictures.test_colour import PROPHOTO, in_profile
from tests.pictures.test_decode import encoded, exif_with, stored

GREY = np.asarray(draw(1).convert("L"))
FILES = {
    "large JPEG": encoded(draw(1, (1600, 1200)), "JPEG"),
    "turned JPEG": encoded(stored(draw(1), 6), "JPEG", exif=exif_with(6)),
    "12 bits": encoded(Image.fromarray(GREY.astype(np.uint16) * 16), "PNG"),
    "profile": encoded(in_profile(draw(1), PROPHOTO, "RGB"), "PNG", icc_profile=PROPHOTO),
    "transparent WebP": encoded(Image.merge("RGBA", (*draw(1).split(), draw(2).getchannel(0))), "WEBP"),
    "palette GIF": encoded(draw(1), "GIF"),
    "AVIF": encoded(draw(1), "AVIF"),
    "WebP that begins blank": encoded(
        Image.new("RGB", (96, 72)), "WEBP", save_all=True, append_images=[draw(1)], lossless=True
    ),
    "TIFF": encoded(draw(1), "TIFF"),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("shorter_side", [None, 64])
def test_a_path_bytes_and_an_opened_image_give_the_same_pixels(tmp_path, kind, shorter_side):
    content = FILES[kind]
    path = tmp_path / "picture"
    path.write_bytes(content)
    expected = open_image(path, shorter_side)
    assert np.array_equal(open_image(content, shorter_side), expected)
    with Image.open(path) as image:
        assert np.array_equal(open_image(image, shorter_side), expected)
        image.load()  # the caller's image is still of use
    with Image.open(io.BytesIO(content)) as image:
        assert np.array_equal(open_image(image, shorter_side), expected)


@pytest.mark.parametrize("kind", sorted(FILES.keys() - {"WebP that begins blank"}))
def test_an_image_that_was_decoded_already_gives_the_same_pixels(kind):
    with Image.open(io.BytesIO(FILES[kind])) as image:
        image.load()
        before = image.tobytes()
        assert np.array_equal(open_image(image), open_image(FILES[kind]))
        assert image.tobytes() == before


def test_what_is_done_to_an_opened_picture_does_not_reach_the_image_it_came_from():
    image = draw(1)
    open_image(image).paste("red", (0, 0, *image.size))
    assert np.array_equal(image, draw(1))


COLOURS = np.asarray(draw(3))
ALPHA = np.asarray(draw(4).convert("L"))[:, :, None]


TRANSPARENT = np.concatenate([COLOURS, ALPHA], axis=2)
GREY_WITH_ALPHA = np.concatenate([GREY[:, :, None], ALPHA], axis=2)
ARRAYS = {
    "colour": (COLOURS, draw(3)),
    "floats": (COLOURS / 255, draw(3)),
    "half floats": ((COLOURS / 255).astype(np.float16), draw(3)),
    "16 bits": (COLOURS.astype(np.uint16) * 257, draw(3)),
    "large integers": (COLOURS.astype(np.int64), draw(3)),
    "a view": (COLOURS[:, ::-1], draw(3).transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
    "grey": (GREY, Image.fromarray(GREY)),
    "one channel": (GREY[:, :, None], Image.fromarray(GREY)),
    "true and false": (GREY > 127, Image.fromarray(GREY > 127)),
    "transparent": (TRANSPARENT, Image.fromarray(TRANSPARENT)),
    "transparent floats": (TRANSPARENT / 255, Image.fromarray(TRANSPARENT)),
    "grey with alpha": (GREY_WITH_ALPHA, Image.fromarray(GREY_WITH_ALPHA)),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_an_array_gives_the_pixels_of_its_picture(kind):
    array, expected = ARRAYS[kind]
    difference = np.asarray(open_image(array), int) - np.asarray(open_image(expected), int)
    assert np.abs(difference).max() <= 1


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((3, 20, 30)), r"an array of shape \(3, 20, 30\)"),
        (np.zeros(9), r"an array of shape \(9,\)"),
        (np.zeros((0, 9)), r"an array of shape \(0, 9\)"),
        (np.zeros((2, 2, 2, 3)), "an array of shape"),
        (np.array([["a", "b"]]), "an array of <U1: expected numbers"),
        (np.zeros((2, 2), complex), "an array of complex128: expected numbers"),
    ],
)
def test_an_array_that_is_not_a_picture_is_refused_with_its_shape_or_type(array, reason):
    with pytest.raises(BadImage, match=reason):
        open_image(array)
