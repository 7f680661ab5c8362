"""Pictures: whatever the file, an upright 8-bit RGB image or a BadImage with the reason."""

import io
import os
import random
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imsearch_core.encoders.base import centre_crop
from imsearch_core.errors import BadImage
from imsearch_core.pictures.decode import open_image, thumbnail
from tests.conftest import ROOT, draw

pytestmark = pytest.mark.filterwarnings("ignore:::PIL")  # about the damage that we do on purpose

# name: (Pillow's format, how to save, the largest mean difference that the format may cost)
FORMATS = {
    "x.jpg": ("JPEG", {"quality": 95}, 2),
    "progressive.jpg": ("JPEG", {"quality": 95, "progressive": True}, 2),
    "phone.jpg": ("MPO", {"quality": 95, "save_all": True, "append_images": [draw(9)]}, 2),
    "x.png": ("PNG", {}, 0),
    "x.webp": ("WEBP", {"lossless": True}, 0),
    "lossy.webp": ("WEBP", {"quality": 95}, 3),
    "x.gif": ("GIF", {}, 12),
    "x.bmp": ("BMP", {}, 0),
    "x.tiff": ("TIFF", {}, 0),
    "lzw.tif": ("TIFF", {"compression": "tiff_lzw"}, 0),
}
ORIENTATION = 0x0112


def encoded(image: Image.Image, file_format: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def encoded_as(name: str, image: Image.Image) -> bytes:
    file_format, options, _ = FORMATS[name]
    return encoded(image, file_format, **options)


def png(width: int, height: int, depth: int, colour: int, rows: bytes = b"") -> bytes:
    """A PNG made by hand, for what Pillow does not write."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def difference(a: Image.Image | np.ndarray, b: Image.Image | np.ndarray) -> float:
    """Mean absolute difference of two pictures of one size, in grey levels."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    assert a.shape == b.shape
    return float(np.abs(a - b).mean())


def reason(source: Path | bytes) -> str:
    with pytest.raises(BadImage) as raised:
        open_image(source)
    return str(raised.value)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_opens_as_the_same_rgb_picture(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(encoded_as(name, draw(1)))
    opened = open_image(path)
    assert opened.mode == "RGB"
    assert difference(opened, draw(1)) <= FORMATS[name][2]


@pytest.mark.parametrize("name", FORMATS)
def test_a_files_content_opens_like_the_file(tmp_path, name):
    content = encoded_as(name, draw(2))
    (tmp_path / name).write_bytes(content)
    assert difference(open_image(content), open_image(tmp_path / name)) == 0


_EACH_FIRST = """
import os, sys
from pathlib import Path
from imsearch_core.pictures.decode import open_image
for name in sys.argv[1:]:
    if not (child := os.fork()):  # has opened nothing yet
        os.write(1, f"{open_image(Path(name)).size}\\n".encode())
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks, as a fresh process for each format is slow")
def test_the_first_picture_of_a_process_opens_whatever_its_format(tmp_path):
    names = ["x.png", "x.webp", "x.gif", "x.bmp", "x.tiff"]
    for name in names:
        (tmp_path / name).write_bytes(encoded_as(name, draw(1)))
    command = [sys.executable, "-c", _EACH_FIRST, *(tmp_path / name for name in names)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.splitlines() == ["(96, 72)"] * 5, run.stderr


def two_pixels(mode: str, *values) -> Image.Image:
    image = Image.new(mode, (2, 1))
    image.putdata(values)
    return image


def palette(**options) -> bytes:
    image = two_pixels("P", 0, 1)
    image.putpalette([200, 10, 30, 5, 250, 90])
    return encoded(image, "PNG", **options)


def tiff(values: list, kind: str) -> bytes:
    return encoded(Image.fromarray(np.array([values], kind)), "TIFF")


NAN, INFINITY = float("nan"), float("inf")
PIXELS = {
    "grey JPEG": (encoded(Image.new("L", (2, 1), 77), "JPEG"), [(77,) * 3] * 2),
    "grey PNG": (encoded(two_pixels("L", 0, 200), "PNG"), [(0,) * 3, (200,) * 3]),
    "1-bit PNG": (encoded(two_pixels("1", 0, 255), "PNG"), [(0,) * 3, (255,) * 3]),
    "1-bit TIFF": (encoded(two_pixels("1", 255, 0), "TIFF"), [(255,) * 3, (0,) * 3]),
    "CMYK TIFF": (
        encoded(two_pixels("CMYK", (255, 0, 0, 0), (0, 0, 0, 255)), "TIFF"),
        [(0, 255, 255), (0,) * 3],
    ),
    "CMYK JPEG": (
        encoded(Image.new("CMYK", (2, 1), (0, 255, 0, 0)), "JPEG", quality=100),
        [(255, 0, 255)] * 2,
    ),
    "palette": (palette(), [(200, 10, 30), (5, 250, 90)]),
    "palette with a transparent colour": (palette(transparency=0), [(255,) * 3, (5, 250, 90)]),
    "palette with half transparency": (palette(transparency=b"\xff\x80"), [(200, 10, 30), (129, 252, 172)]),
    "palette GIF with a transparent colour": (
        encoded(two_pixels("L", 0, 200), "GIF", transparency=0),
        [(255,) * 3, (200,) * 3],
    ),
    "grey with alpha": (
        encoded(two_pixels("LA", (0, 0), (0, 128)), "PNG"),
        [(255,) * 3, (127,) * 3],
    ),
    "colour with alpha PNG": (
        encoded(two_pixels("RGBA", (9, 9, 9, 0), (255, 0, 0, 128)), "PNG"),
        [(255,) * 3, (255, 127, 127)],
    ),
    "colour with alpha WebP": (
        encoded(two_pixels("RGBA", (9, 9, 9, 0), (40, 50, 60, 255)), "WEBP", lossless=True),
        [(255,) * 3, (40, 50, 60)],
    ),
    "colour with alpha TIFF": (
        encoded(two_pixels("RGBA", (9, 9, 9, 0), (40, 50, 60, 255)), "TIFF"),
        [(255,) * 3, (40, 50, 60)],
    ),
    "one transparent colour": (
        encoded(two_pixels("RGB", (1, 2, 3), (40, 50, 60)), "PNG", transparency=(1, 2, 3)),
        [(255,) * 3, (40, 50, 60)],
    ),
    "16-bit grey PNG": (
        encoded(Image.fromarray(np.array([[0x00FF, 0xABCD]], np.uint16)), "PNG"),
        [(0,) * 3, (0xAB,) * 3],
    ),
    "16-bit colour PNG": (
        png(2, 1, 16, 2, b"\0" + struct.pack(">6H", 0x1100, 0x2200, 0x3300, 0xFFFF, 0, 0x8000)),
        [(0x11, 0x22, 0x33), (255, 0, 128)],
    ),
    "16-bit TIFF": (tiff([0x12FF, 0xFFFF], "<u2"), [(0x12,) * 3, (255,) * 3]),
    "16-bit big-endian TIFF": (tiff([0x12FF, 0xFFFF], ">u2"), [(0x12,) * 3, (255,) * 3]),
    "32-bit integer TIFF": (tiff([-1000, 0, 1000], "<i4"), [(0,) * 3, (128,) * 3, (255,) * 3]),
    "float TIFF": (tiff([0.0, 0.25, 1.0], "<f4"), [(0,) * 3, (64,) * 3, (255,) * 3]),
    "float TIFF of one value": (tiff([7.5, 7.5], "<f4"), [(128,) * 3] * 2),
    "float TIFF with holes": (
        tiff([1000, 1001, NAN, INFINITY, -INFINITY], "<f4"),
        [(0,) * 3, (255,) * 3, (0,) * 3, (255,) * 3, (0,) * 3],
    ),
    "float TIFF of holes alone": (tiff([NAN, NAN], "<f4"), [(128,) * 3] * 2),
}


@pytest.mark.parametrize("kind", PIXELS)
def test_every_kind_of_pixel_becomes_the_right_rgb(kind):
    content, expected = PIXELS[kind]
    opened = open_image(content)
    assert opened.mode == "RGB"
    np.testing.assert_allclose(np.asarray(opened, int)[0], expected, atol=1)


@pytest.mark.parametrize(
    ("file_format", "options"),
    [("PNG", {}), ("TIFF", {}), ("TGA", {}), ("WEBP", {"lossless": True, "exact": True})],
)
def test_opacity_that_is_0_everywhere_hides_nothing(tmp_path, file_format, options):
    picture = draw(1)
    picture.putalpha(0)
    picture.save(tmp_path / "x.tga", file_format, **options)
    assert difference(open_image(tmp_path / "x.tga"), draw(1)) == 0
    nothing = encoded(Image.new("RGBA", (9, 9)), "PNG")
    assert open_image(nothing).getextrema() == ((255, 255),) * 3


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "TIFF"])
def test_an_animation_or_many_pages_give_the_first_picture(file_format):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    content = encoded(frames[0], file_format, save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(content)) as image:
        assert image.n_frames == 3
    assert difference(open_image(content), frames[0]) < 2


@pytest.mark.parametrize(("file_format", "options"), [("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {})])
def test_an_animation_that_begins_blank_gives_its_first_frame_with_content(file_format, options):
    blank = Image.new("RGB", (96, 72), "black")
    frames = [blank, Image.new("RGB", (96, 72), "white"), draw(1), draw(2)]
    content = encoded(frames[0], file_format, save_all=True, append_images=frames[1:], **options)
    expected = open_image(encoded(draw(1), file_format))
    assert difference(open_image(content), expected) < (12 if file_format == "GIF" else 3)


def test_a_blank_picture_stays_blank_whatever_its_later_frames():
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "lime")]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    cut = content[: content.rindex(b"\x21\xf9") + 12]  # the second frame has no pixels
    assert open_image(cut).getpixel((4, 4)) == (255, 0, 0)


@pytest.mark.parametrize("kind", ["text", "profile", "damaged"])
@pytest.mark.parametrize("place", ["before", "after"])
def test_large_or_damaged_metadata_does_not_refuse_a_pngs_pixels(kind, place):
    large = zlib.compress(bytes(1_900_000))
    name, data = {"text": (b"zTXt", b"workflow\0\0" + large), "profile": (b"iCCP", b"icc\0\0" + large)}.get(
        kind, (b"gAMA", b"\0\1")
    )
    checksum = zlib.crc32(name + data) ^ (kind == "damaged")
    chunk = struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)
    content = encoded(draw(1), "PNG")
    at = 33 if place == "before" else content.rindex(b"IEND") - 4
    assert difference(open_image(content[:at] + chunk + content[at:]), draw(1)) == 0


# What a camera held that way would have stored: the inverse of what makes it upright.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def stored(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(STORED[orientation]) if orientation in STORED else image


def exif_with(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["x.jpg", "phone.jpg", "x.png", "x.webp", "x.tiff", "lzw.tif"])
def test_all_exif_orientations_give_the_same_upright_picture(name, orientation):
    file_format, options, tolerance = FORMATS[name]
    content = encoded(stored(draw(3), orientation), file_format, exif=exif_with(orientation), **options)
    assert difference(open_image(content), draw(3)) <= tolerance
    assert difference(open_image(content, shorter_side=32), draw(3)) <= tolerance


GREY = draw(1).convert("L")
PAGES = {  # after a blank one of another size: the page, how it is saved, and how it is shown
    "colours": (draw(1), {}, draw(1)),
    "compressed": (draw(1), {"compression": "tiff_lzw"}, draw(1)),
    "black and white": (GREY.convert("1"), {"compression": "group4"}, GREY.convert("1")),
    "deep grey": (Image.fromarray(np.asarray(GREY).astype(np.uint16) * 257), {}, GREY),
    "turned": (stored(draw(1), 6), {"exif": exif_with(6)}, draw(1)),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_tiff_that_begins_blank_gives_its_first_page_with_content(kind):
    page, options, expected = PAGES[kind]
    blank = Image.new(page.mode, (64, 48), "white" if page.mode in ("RGB", "1") else 0)
    content = encoded(blank, "TIFF", save_all=True, append_images=[blank, page, page.rotate(180)], **options)
    assert difference(open_image(content), expected.convert("RGB")) < 2


def test_a_thumbnail_or_mask_of_a_blank_tiff_is_no_page_of_it():
    for mark in (1, 4):
        other = draw(1)
        other.encoderinfo = {"tiffinfo": {254: mark}}
        content = encoded(Image.new("RGB", (9, 9)), "TIFF", save_all=True, append_images=[other])
        assert open_image(content).size == (9, 9)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_leaves_the_picture_as_it_is(orientation):
    content = encoded(draw(3), "PNG", exif=exif_with(orientation))
    assert difference(open_image(content), draw(3)) == 0


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"garbage",
        b"MM\x00\x2a",
        b"MM\x00\x2a\xff\xff\xff\xff",
        b"II\x2a\x00\x08\x00\x00\x00\xff\xff" + b"\xff" * 40,
        exif_with(6).tobytes()[6:-9],
    ],
)
def test_a_damaged_exif_block_does_not_keep_a_picture_from_opening(exif):
    content = encoded(draw(4), "JPEG", exif=b"Exif\0\0" + exif)
    assert difference(open_image(content), open_image(encoded(draw(4), "JPEG"))) == 0


def test_a_picture_is_turned_upright_even_if_other_exif_tags_are_damaged():
    entries = [
        struct.pack(">HHI4s", 0x0100, 2, 4, b"abc"),  # a width that is text
        struct.pack(">HHII", ORIENTATION, 3, 1, 6 << 16),
    ]
    exif = b"Exif\0\0MM\0\x2a" + struct.pack(">IH", 8, len(entries)) + b"".join(entries) + bytes(4)
    content = encoded(stored(draw(4), 6), "JPEG", quality=95, exif=exif)
    assert difference(open_image(content), draw(4)) <= 2


@pytest.mark.parametrize("part", [0.01, 0.1, 0.3, 0.5])
@pytest.mark.parametrize("name", [name for name in FORMATS if name != "phone.jpg"])
def test_a_truncated_picture_is_refused_with_a_reason(tmp_path, name, part):
    content = encoded_as(name, draw(5, (400, 300)))
    (tmp_path / name).write_bytes(content[: int(part * len(content))])
    assert reason(tmp_path / name).startswith(("cannot be read: ", "not a picture", "damaged"))


@pytest.mark.parametrize("source", ["file", "content"])
def test_an_empty_file_is_refused_as_empty(tmp_path, source):
    (tmp_path / "x.jpg").touch()
    assert reason(tmp_path / "x.jpg" if source == "file" else b"") == "the file is empty"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("note.jpg", b"a text, not a picture\n" * 100, "not a picture in a known format"),
        ("one byte.webp", b"\0", "not a picture in a known format"),
        ("page.png", b"<!DOCTYPE html><html><body>404</body></html>", "a web page, not a picture"),
        ("drawing.gif", b'<svg width="1"/>', "an SVG drawing: drawings are not supported"),
        ("document.tif", b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript document, not a picture"),
        ("film.jpg", b"\0\0\0\x18ftypmp42\0\0\0\0isom", "a video, not a picture"),
        (
            "pointer.jpg",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
            "a Git LFS pointer: the picture itself was not downloaded (run git lfs pull)",
        ),
        (
            "layers.jpg",
            b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\1",
            "damaged, or a kind of PSD that is not supported",
        ),
    ],
)
def test_what_is_not_a_readable_picture_is_called_what_it_is(tmp_path, name, content, expected):
    (tmp_path / name).write_bytes(content)
    assert reason(tmp_path / name) == expected


def test_a_png_named_jpg_opens(tmp_path):
    path = tmp_path / "x.jpg"
    path.write_bytes(encoded(draw(6), "PNG"))
    assert difference(open_image(path), draw(6)) == 0


_REFUSED = """
import sys, time
from pathlib import Path
from imsearch_core.bench.machine import most_memory
from imsearch_core.pictures.decode import BadImage, open_image
for bomb in sys.argv[1:]:
    for side in (None, 256):
        before, start = most_memory(), time.process_time()
        try:
            open_image(Path(bomb), side)
        except BadImage as error:
            seconds = time.process_time() - start
            print(f"{seconds}|{most_memory() - before}|{error}")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say how much memory was held")
def test_a_decompression_bomb_is_refused_quickly_and_in_little_memory(tmp_path):
    bombs = []
    for size in ((30_000, 30_000), (10_001, 10_000)):
        row = b"\0" + bytes(3 * size[0])
        bombs.append(tmp_path / f"{size[0]}.png")
        bombs[-1].write_bytes(png(*size, 8, 2, row * 100))  # declares more rows than it holds
        assert bombs[-1].stat().st_size < 20_000
    run = subprocess.run(
        [sys.executable, "-c", _REFUSED, *bombs], cwd=ROOT, capture_output=True, text=True, check=True
    )
    refusals = [line.split("|") for line in run.stdout.splitlines()]
    assert len(refusals) == 4
    for seconds, grown, message in refusals:
        assert message.startswith("too large: ")
        assert float(seconds) < 2
        assert int(grown) < 50_000_000  # bytes; decoded it would be 300 million


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_called_jpg_is_refused_without_waiting_for_a_writer(tmp_path):
    os.mkfifo(tmp_path / "x.jpg")
    reasons = []
    thread = threading.Thread(target=lambda: reasons.append(reason(tmp_path / "x.jpg")), daemon=True)
    thread.start()
    thread.join(10)
    assert reasons == ["not a regular file"]


def test_a_folder_called_jpg_is_refused(tmp_path):
    (tmp_path / "x.jpg").mkdir()
    assert reason(tmp_path / "x.jpg") == "not a regular file"


def test_a_missing_file_is_refused_and_says_so(tmp_path):
    assert reason(tmp_path / "x.jpg") == "cannot be read: No such file or directory"


def test_a_dangling_link_is_refused_like_a_missing_file(tmp_path):
    (tmp_path / "x.jpg").symlink_to("gone.jpg")
    assert reason(tmp_path / "x.jpg") == "cannot be read: No such file or directory"


def test_a_file_that_we_may_not_read_is_refused_and_says_so(tmp_path):
    path = tmp_path / "x.jpg"
    draw(0).save(path)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert reason(path) == "cannot be read: Permission denied"


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_bytes_anywhere_give_a_picture_or_bad_image_and_nothing_else(name):
    file_format, options, _ = FORMATS[name]
    exif = {} if file_format in ("GIF", "BMP") else {"exif": exif_with(6)}
    content = encoded(draw(8), file_format, **options, **exif)
    refused = 0
    for seed in range(80):
        rng = random.Random(seed)
        damaged = bytearray(content)
        # Half of the damage falls on the header, where it matters most.
        for _ in range(rng.choice((1, 3, 10))):
            damaged[rng.randrange(rng.choice((min(200, len(content)), len(content))))] = rng.randrange(256)
        try:
            assert open_image(bytes(damaged), rng.choice((None, 16))).mode == "RGB"
        except BadImage:
            refused += 1
    assert refused


def test_a_large_jpeg_is_decoded_smaller_with_nearly_the_same_centre_crop(tmp_path):
    path = tmp_path / "large.jpg"
    draw(11, (3000, 2000)).save(path, quality=90)
    full, drafted = open_image(path), open_image(path, shorter_side=256)
    assert full.size == (3000, 2000)
    assert 2 * 256 <= min(drafted.size) < 2000
    assert difference(centre_crop(full, 256, 224), centre_crop(drafted, 256, 224)) < 1


def test_a_small_jpeg_is_never_decoded_at_less_than_its_size():
    assert open_image(encoded(draw(11, (500, 400)), "JPEG"), shorter_side=256).size == (500, 400)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((800, 400), (160, 80)), ((30, 600), (8, 160)), ((100, 50), (100, 50)), ((5000, 1), (160, 1))],
)
def test_a_thumbnail_is_a_webp_that_fits_and_keeps_the_proportions(size, expected):
    picture = draw(13, size)
    content = thumbnail(picture, 160)
    with Image.open(io.BytesIO(content)) as small:
        assert (small.format, small.mode, small.size) == ("WEBP", "RGB", expected)
    assert picture.size == size


def test_a_thumbnail_looks_like_the_picture():
    picture = draw(13, (800, 400))
    assert difference(open_image(thumbnail(picture, 160)), picture.resize((160, 80))) < 4


def test_real_photos_open_and_their_drafts_look_the_same_to_a_network(voc20):
    photos = sorted(voc20.glob("*/*.jpg"))[::20]
    assert photos
    for path in photos:
        full, drafted = open_image(path), open_image(path, shorter_side=100)
        assert difference(centre_crop(full, 100, 88), centre_crop(drafted, 100, 88)) < 4, path
