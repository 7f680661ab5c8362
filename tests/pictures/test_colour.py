"""Colour: profiles are applied, and whatever is not RGB arrives as the colours that were meant."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from imsearch_core.pictures.decode import open_image
from tests.conftest import draw
from tests.pictures.test_decode import difference, encoded

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def fixed(number: float) -> bytes:
    return round(number * 65536).to_bytes(4, "big", signed=True)


def icc(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    """A version 2 display profile (ICC.1:2001-04)."""
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name + (start + len(body)).to_bytes(4, "big") + len(content).to_bytes(4, "big")
        body += content + bytes(-len(content) % 4)
    white = fixed(0.9642) + fixed(1) + fixed(0.8249)
    header = bytes(4) + b"test\2\x10\0\0mntr" + space + b"XYZ " + bytes(12) + b"acsp" + bytes(28) + white
    profile = header.ljust(128, b"\0") + len(tags).to_bytes(4, "big") + table + body
    return len(profile).to_bytes(4, "big") + profile[4:]


def xyz(*numbers: float) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(map(fixed, numbers))


def gamma(exponent: float) -> bytes:
    return b"curv\0\0\0\0\0\0\0\1" + round(exponent * 256).to_bytes(2, "big")


def text(words: bytes) -> bytes:
    return b"desc\0\0\0\0" + (len(words) + 1).to_bytes(4, "big") + words + bytes(79)


WHITE = {b"desc": text(b"test"), b"cprt": b"text\0\0\0\0none\0", b"wtpt": xyz(0.9642, 1, 0.8249)}
# Primaries adapted to D50, from the spaces' published definitions.
PROPHOTO = icc(
    b"RGB ",
    WHITE
    | {b"rXYZ": xyz(0.7977, 0.2880, 0), b"gXYZ": xyz(0.1352, 0.7119, 0), b"bXYZ": xyz(0.0313, 0.0001, 0.8249)}
    | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), gamma(1.8)),
)
ADOBE_RGB = icc(
    b"RGB ",
    WHITE
    | {
        b"rXYZ": xyz(0.6097, 0.3111, 0.0195),
        b"gXYZ": xyz(0.2053, 0.6257, 0.0609),
        b"bXYZ": xyz(0.1492, 0.0632, 0.7446),
    }
    | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), gamma(2.2)),
)
LINEAR_GREY = icc(b"GRAY", WHITE | {b"kTRC": gamma(1)})


def in_profile(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    target = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(image, SRGB, target, outputMode=mode)


@pytest.mark.parametrize("profile", [PROPHOTO, ADOBE_RGB], ids=["ProPhoto", "Adobe RGB"])
@pytest.mark.parametrize(
    ("file_format", "options"),
    [("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True}), ("JPEG", {"quality": 98, "subsampling": 0})],
)
def test_a_picture_with_a_profile_has_the_colours_of_its_srgb_twin(profile, file_format, options):
    stored = in_profile(draw(1), profile, "RGB")
    assert difference(stored, draw(1)) > 4
    content = encoded(stored, file_format, icc_profile=profile, **options)
    assert difference(open_image(content), draw(1)) < 2


@pytest.mark.parametrize("quality", [75, 95])
def test_what_a_lossy_file_has_lost_is_all_that_is_lost(quality):
    content = encoded(in_profile(draw(1), PROPHOTO, "RGB"), "JPEG", quality=quality, icc_profile=PROPHOTO)
    stored = np.asarray(Image.open(io.BytesIO(content))) / 255
    prophoto = np.array([[0.7977, 0.2880, 0], [0.1352, 0.7119, 0], [0.0313, 0.0001, 0.8249]])
    # sRGB (IEC 61966-2-1), adapted to D50.
    srgb = [[0.4361, 0.2225, 0.0139], [0.3851, 0.7169, 0.0971], [0.1431, 0.0606, 0.7142]]
    linear = (stored**1.8 @ prophoto @ np.linalg.inv(srgb)).clip(0, 1)
    meant = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(np.asarray(open_image(content)) - 255 * meant).max() < 2


def test_a_profile_of_more_than_a_megabyte_is_applied():
    profile = PROPHOTO.ljust(3 << 20, b"\0")
    profile = len(profile).to_bytes(4, "big") + profile[4:]
    stored = in_profile(draw(1), PROPHOTO, "RGB")
    assert difference(open_image(encoded(stored, "PNG", icc_profile=profile)), draw(1)) < 2


def test_a_profile_is_applied_beside_a_text_that_is_too_long():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("workflow", "x" * (3 << 20), zip=True)
    stored = in_profile(draw(1), PROPHOTO, "RGB")
    content = encoded(stored, "PNG", icc_profile=PROPHOTO, pnginfo=texts)
    assert difference(open_image(content), draw(1)) < 2


def test_a_transparent_picture_has_its_profile_applied_before_it_is_laid_over_white():
    stored = in_profile(draw(1), PROPHOTO, "RGB")
    stored.putalpha(Image.new("L", stored.size, 128))
    expected = Image.blend(Image.new("RGB", stored.size, "white"), draw(1), 128 / 255)
    assert difference(open_image(encoded(stored, "PNG", icc_profile=PROPHOTO)), expected) < 2


def test_a_grey_profile_is_applied():
    content = encoded(Image.new("L", (2, 2), 55), "PNG", icc_profile=LINEAR_GREY)
    assert open_image(content).getpixel((0, 0)) == pytest.approx((128,) * 3, abs=2)


def test_lab_is_read():
    stored = ImageCms.applyTransform(
        draw(1), ImageCms.buildTransform(SRGB, ImageCms.createProfile("LAB"), "RGB", "LAB")
    )
    assert difference(open_image(encoded(stored, "TIFF")), draw(1)) < 3


@pytest.mark.parametrize(
    "profile",
    [b"garbage", SRGB.tobytes(), LINEAR_GREY, PROPHOTO[:200], PROPHOTO[:128] + b"\xff" * 200],
    ids=["garbage", "sRGB", "for grey", "cut", "damaged"],
)
def test_a_profile_that_is_srgb_or_damaged_or_for_other_colours_changes_nothing(profile):
    assert difference(open_image(encoded(draw(1), "PNG", icc_profile=profile)), draw(1)) == 0


def test_an_opened_picture_carries_no_profile_that_would_be_applied_again():
    opened = open_image(encoded(in_profile(draw(1), PROPHOTO, "RGB"), "PNG", icc_profile=PROPHOTO))
    assert opened.info == {}
    assert difference(open_image(opened), opened) == 0


def test_other_colours_are_not_turned_grey_by_the_conversion():
    assert np.ptp(np.asarray(open_image(encoded(Image.new("CMYK", (2, 2), (0, 200, 0, 0)), "TIFF")))) > 150
