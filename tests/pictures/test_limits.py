"""What one picture may cost: hostile files are refused from their first bytes, and large ones take turns."""

import struct
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from PIL import Image

from imsearch_core.encoders.base import centre_crop
from imsearch_core.errors import BadImage
from imsearch_core.pictures import limits
from imsearch_core.pictures.decode import NOTE, open_image
from imsearch_core.pictures.jpeg import jpeg_cost
from imsearch_core.pictures.limits import reserved
from tests.conftest import ROOT, draw
from tests.pictures.test_decode import difference, encoded, png


def webp_bomb() -> bytes:
    """A lossless WebP of 38 bytes that declares 16,383 × 16,383 pixels."""
    image = b"\x2f" + struct.pack("<I", 16382 | 16382 << 14) + bytes(13)
    chunk = b"VP8L" + struct.pack("<I", len(image)) + image
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def resized(content: bytes, width: int, height: int) -> bytes:
    """A JPEG whose header declares another size."""
    at = max(content.find(b"\xff\xc0"), content.find(b"\xff\xc2")) + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


def with_scans(content: bytes, count: int) -> bytes:
    """A progressive JPEG whose last scan is there `count` times more."""
    start = content.rindex(b"\xff\xda")
    return content[:-2] + count * content[start:-2] + content[-2:]


BASELINE = encoded(draw(1), "JPEG", quality=95)
PROGRESSIVE = encoded(draw(1), "JPEG", quality=95, progressive=True)
BOMBS = {
    "WebP of 38 bytes": (webp_bomb(), "too large: 16383 × 16383 pixels"),
    "JPEG of 4 gigapixels": (resized(BASELINE, 65_500, 65_500), "too large: 4,290,250,000 pixels"),
    "progressive JPEG": (resized(PROGRESSIVE, 20_000, 20_000), "too slow to decode: 10 scans"),
    "JPEG of 4,000 scans": (with_scans(PROGRESSIVE, 3990), "too slow to decode: a JPEG of 4,000 scans"),
    "QOI": (b"qoif" + struct.pack(">IIBB", 5000, 5000, 4, 0) + b"\xfd" * 500_000, "too slow to decode: QOI"),
    "PNG": (png(30_000, 30_000, 8, 2, bytes(1000)), "too large"),
    "JPEG 2000": (
        encoded(draw(1), "JPEG2000", no_jp2=True).replace(struct.pack(">II", 96, 72), b"\0\0\x40\0" * 2),
        "too large",
    ),
}


@pytest.mark.parametrize("kind", BOMBS)
@pytest.mark.parametrize("shorter_side", [None, 256])
def test_a_picture_that_would_cost_too_much_is_refused_with_the_reason(kind, shorter_side):
    content, expected = BOMBS[kind]
    with pytest.raises(BadImage) as refused:
        open_image(content, shorter_side)
    assert str(refused.value).startswith(expected)


_MANY = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from PIL import Image
from imsearch_core.bench.machine import most_memory
from imsearch_core.errors import BadImage
from imsearch_core.pictures.decode import open_image

def read(path):
    try:
        open_image(path, 256)
    except BadImage as refused:
        return str(refused)

Image.init()
before = most_memory()
with ThreadPoolExecutor(8) as workers:
    reasons = list(workers.map(read, sorted(Path(sys.argv[1]).iterdir())))
print(sum(reason is None for reason in reasons), (most_memory() - before) / 1e6)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as Unix tells it")
def test_a_folder_of_bombs_and_large_pictures_is_read_by_eight_threads_in_bounded_memory(tmp_path):
    for name, (content, _) in BOMBS.items():
        for copy in range(4):
            (tmp_path / f"{name} {copy}").write_bytes(content)
    large = png(7000, 7000, 8, 2, (b"\0" + bytes(21_000)) * 7000)  # some 400 MB each while it is decoded
    for copy in range(3):
        (tmp_path / f"0 large {copy}").write_bytes(large)
    run = subprocess.run([sys.executable, "-c", _MANY, tmp_path], cwd=ROOT, capture_output=True, text=True)
    opened, megabytes = run.stdout.split()
    assert int(opened) == 3, run.stderr
    assert float(megabytes) < 1.1 * limits.MEMORY / 1e6


@pytest.mark.parametrize("fraction", [2, 4, 8])
def test_a_jpeg_too_large_to_decode_whole_is_decoded_at_a_fraction(monkeypatch, fraction):
    picture = draw(2, (1600, 800))
    content = encoded(picture, "JPEG", quality=90)
    size = 1600 // fraction, 800 // fraction
    monkeypatch.setattr(limits, "MEMORY", size[0] * size[1] * 12 + len(content))
    opened = open_image(content)
    assert opened.size == size
    assert difference(opened, picture.resize(size)) < 2


def test_a_jpeg_of_200_megapixels_is_read():
    content = resized(encoded(Image.new("L", (160, 120), 90), "JPEG"), 16_320, 12_240)
    assert open_image(content).size == (8160, 6120)
    assert open_image(content, 256).size == (1020, 765)


def test_the_limit_of_pixels_counts_to_the_last_one(monkeypatch):
    content = encoded(draw(7), "PNG")
    monkeypatch.setattr(limits, "MEMORY", 96 * 72 * 12)
    assert open_image(content).size == (96, 72)
    monkeypatch.setattr(limits, "MEMORY", 96 * 72 * 12 - 1)
    with pytest.raises(BadImage, match=r"^too large: 96 × 72 pixels \(limit 6,911\)$"):
        open_image(content)


def test_large_pictures_wait_for_one_another_and_small_ones_do_not():
    started = []

    def decode(name: str, memory: int) -> None:
        with reserved(memory):
            started.append(name)

    with reserved(limits.MEMORY - 100):
        large = threading.Thread(target=decode, args=("large", 2 * limits.MEMORY))
        large.start()
        decode("small", 100)
        time.sleep(0.05)  # for the large one to begin, were it allowed to
        assert started == ["small"]
    large.join(10)
    assert started == ["small", "large"]


def test_memory_is_free_again_after_a_picture_that_failed():
    with pytest.raises(BadImage), reserved(limits.MEMORY):
        raise BadImage("damaged")
    with reserved(limits.MEMORY):
        pass


def test_the_cost_of_a_jpeg_is_told_from_its_markers():
    grey = jpeg_cost(encoded(Image.new("L", (40, 30)), "JPEG", progressive=True))
    assert (grey.pixels, grey.coefficient_bytes) == (1200, 2400)
    full = jpeg_cost(encoded(draw(1), "JPEG", progressive=True, subsampling=0))
    halved = jpeg_cost(encoded(draw(1), "JPEG", progressive=True, subsampling=2))
    assert (full.coefficient_bytes, halved.coefficient_bytes) == (96 * 72 * 6, 96 * 72 * 3)
    assert full.scans == 10
    assert jpeg_cost(BASELINE).scans == 1
    assert jpeg_cost(BASELINE).coefficient_bytes == 0
    assert jpeg_cost(b"\xff\xd8\xff\xd9") is None


CUT = encoded(draw(3, (400, 300)), "JPEG", quality=95)
CUT_PROGRESSIVE = encoded(draw(3, (400, 300)), "JPEG", quality=95, progressive=True)


@pytest.mark.parametrize("missing", [1, 2, 30, 150])
@pytest.mark.parametrize("content", [CUT, CUT_PROGRESSIVE], ids=["baseline", "progressive"])
def test_a_jpeg_without_its_last_bytes_is_read_with_a_note(content, missing):
    opened = open_image(content[:-missing])
    assert opened.info == {NOTE: "the end of the file is missing"}
    assert difference(opened, open_image(content)) < 2
    assert NOTE not in open_image(content).info


END = b"\xff\xd9"


@pytest.mark.parametrize("shorter_side", [None, 60])
@pytest.mark.parametrize("after", [b"", b"more" * 50], ids=["", "and more after it"])
def test_a_jpeg_that_lacks_its_last_rows_before_the_end_marker_is_read_with_a_note(shorter_side, after):
    opened = open_image(CUT[:-100] + END + after, shorter_side)
    assert opened.info == {NOTE: "the last rows are missing"}
    assert difference(opened, open_image(CUT, shorter_side)) < 2


def test_a_jpeg_that_lacks_many_rows_before_the_end_marker_is_refused():
    for content in (CUT[: len(CUT) // 2], CUT_PROGRESSIVE[: CUT_PROGRESSIVE.index(b"\xff\xda") + 300]):
        with pytest.raises(BadImage, match=r"^damaged: the last rows are missing$"):
            open_image(content + END)


def test_a_progressive_jpeg_that_ends_before_its_fine_scans_is_read_with_a_note():
    last = CUT_PROGRESSIVE.rindex(b"\xff\xda")
    assert open_image(CUT_PROGRESSIVE[:last] + END).info == {NOTE: "its finest detail is missing"}


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_that_really_ends_in_grey_is_whole(mode, progressive):
    picture = draw(3, (400, 300)).convert(mode)
    picture.paste(Image.new(mode, (400, 60), "#808080"), (0, 240))
    content = encoded(picture, "JPEG", quality=95, progressive=progressive)
    assert open_image(content).getpixel((399, 299)) == (128, 128, 128)
    assert open_image(content).info == {}


@pytest.mark.parametrize("part", [0.5, 0.85])
def test_a_jpeg_without_many_of_its_rows_is_refused(part):
    with pytest.raises(BadImage, match=r"^damaged: the end of the file is missing, and many rows with it$"):
        open_image(CUT[: int(part * len(CUT))])


def test_a_progressive_jpeg_without_its_fine_scans_is_refused():
    last = CUT_PROGRESSIVE.rindex(b"\xff\xda")
    with pytest.raises(BadImage, match=r"^damaged"):
        open_image(CUT_PROGRESSIVE[:last])


def test_a_large_png_is_reduced_like_a_large_jpeg():
    picture = draw(4, (1600, 1200))
    reduced = open_image(encoded(picture, "PNG"), 256)
    assert reduced.size == (800, 600)
    assert difference(centre_crop(reduced, 256, 224), centre_crop(picture, 256, 224)) < 1
    assert np.array_equal(open_image(picture, 256), reduced)
