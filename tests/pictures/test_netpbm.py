"""PAM and PFM in colour, as Netpbm, FFmpeg and OpenCV write them: read by us, as Pillow reads neither."""

import numpy as np
import pytest

from imsearch_core.errors import BadImage
from imsearch_core.pictures.decode import open_image
from tests.conftest import draw

RGB = np.asarray(draw(1))
GREY = np.asarray(draw(1).convert("L"))


def pam(values: np.ndarray, most: int, kind: str = "") -> bytes:
    height, width, channels = values.shape
    header = f"P7\n# by hand\nWIDTH {width}\nHEIGHT {height}\nDEPTH {channels}\nMAXVAL {most}\n"
    header += f"TUPLTYPE {kind}\n" if kind else ""
    return header.encode() + b"ENDHDR\n" + values.astype("u1" if most < 256 else ">u2").tobytes()


def pfm(values: np.ndarray, scale: str) -> bytes:
    height, width, _ = values.shape
    dtype = "<f4" if scale.startswith("-") else ">f4"
    return f"PF\n{width} {height}\n{scale}\n".encode() + values[::-1].astype(dtype).tobytes()


def with_alpha(values: np.ndarray, opacity: int) -> np.ndarray:
    return np.dstack([values, np.full(values.shape[:2], opacity)])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (pam(RGB, 255, "RGB"), RGB),
        (pam(RGB, 255), RGB),
        (pam(GREY[:, :, None], 255, "GRAYSCALE"), GREY),
        (pam(with_alpha(RGB, 255), 255, "RGB_ALPHA"), RGB),
        (pam(with_alpha(GREY, 255), 255, "GRAYSCALE_ALPHA"), GREY),
        (pam(RGB.astype(int) * 257, 65535, "RGB"), RGB),
        (pam(with_alpha(RGB.astype(int) * 257, 65535), 65535, "RGB_ALPHA"), RGB),
        (pam(RGB.astype(int) * 4, 1020, "RGB"), RGB),
        (pam(GREY[:, :, None] > 99, 1, "BLACKANDWHITE"), (GREY > 99) * 255),
        (pfm(RGB / 255, "-1.0"), RGB),
        (pfm(RGB / 255, "1.0"), RGB),
    ],
)
def test_a_picture_of_plain_values_opens_as_what_was_saved(content, expected):
    expected = expected if expected.ndim == 3 else np.dstack([expected] * 3)
    assert np.abs(np.asarray(open_image(content), int) - expected).max() <= 1


def test_what_is_transparent_is_white():
    content = pam(with_alpha(RGB, 0)[:10] | with_alpha(RGB, 255)[:10] * (np.arange(96)[:, None] > 9), 255)
    assert set(np.asarray(open_image(content))[:, :10].flat) == {255}


@pytest.mark.parametrize("name", ["x.pam", "x.pfm", "x", "x.png"])
def test_it_is_known_by_its_first_bytes_whatever_its_name(tmp_path, name):
    for content in (pam(RGB, 255), pfm(RGB / 255, "-1")):
        (tmp_path / name).write_bytes(content)
        assert open_image(tmp_path / name).size == (96, 72)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pam(RGB, 255)[:-9], "damaged: the last rows are missing"),
        (pfm(RGB, "-1")[:-9], "damaged: the last rows are missing"),
        (b"P7\nWIDTH 9\nENDHDR\n", "damaged: its header lacks a size"),
        (b"P7\nENDHDR\n", "damaged: its header lacks a size"),
        (b"PF\n9 x\n", "damaged: its header lacks a size"),
        (pam(np.zeros((2, 2, 7)), 255), "damaged: it has 7 channels"),
        (pam(np.zeros((0, 2, 3)), 255), "damaged: its header lacks a size"),
        (b"P7\nWIDTH 99999\nHEIGHT 99999\nDEPTH 3\nMAXVAL 255\nENDHDR\n", "too large: 99999 × 99999"),
        (b"PF\n99999 99999\n-1\n", "too large: 99999 × 99999"),
    ],
)
def test_a_malformed_one_is_refused_with_the_reason(content, reason):
    with pytest.raises(BadImage, match=reason):
        open_image(content)
