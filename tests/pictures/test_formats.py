"""Formats: which are read whatever a file is called, and what a file is by its first bytes."""

import importlib.util
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imsearch_core.errors import BadImage
from imsearch_core.pictures.decode import open_image
from imsearch_core.pictures.formats import HEAD_BYTES, SUFFIXES, kind_of
from imsearch_core.pictures.headers import jxl_size, webp_size
from tests.conftest import draw
from tests.pictures.test_decode import exif_with, stored


def encoded(image: Image.Image, file_format: str, **options) -> bytes:
    if file_format == "HEIF":
        pytest.importorskip("pillow_heif", reason="pillow-heif is not installed").register_heif_opener()
    elif file_format == "JXL":
        pytest.importorskip("pillow_jxl", reason="pillow-jxl-plugin is not installed")
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def difference(a: Image.Image, b: Image.Image) -> float:
    return float(np.abs(np.asarray(a, float) - np.asarray(b, float)).mean())


# the right suffix: (Pillow's format, how to save, the largest mean difference that the format may cost)
OTHERS = {
    ".avif": ("AVIF", {"quality": 95}, 3),
    ".heic": ("HEIF", {"quality": 95}, 3),
    ".jxl": ("JXL", {"lossless": True}, 0),
    ".jp2": ("JPEG2000", {}, 0),
    ".j2k": ("JPEG2000", {"no_jp2": True}, 0),
    ".tga": ("TGA", {}, 0),
    ".ppm": ("PPM", {}, 0),
    ".ico": ("ICO", {"sizes": [(96, 72)]}, 0),
    ".dib": ("DIB", {}, 0),
    ".pcx": ("PCX", {}, 0),
    ".sgi": ("SGI", {}, 0),
    ".qoi": ("QOI", {}, 0),
    ".dds": ("DDS", {}, 0),
}


@pytest.mark.parametrize("suffix", OTHERS)
def test_each_less_common_format_opens_as_the_same_picture(tmp_path, suffix):
    file_format, options, tolerance = OTHERS[suffix]
    path = tmp_path / f"picture{suffix}"
    path.write_bytes(encoded(draw(1), file_format, **options))
    assert difference(open_image(path), draw(1)) <= tolerance
    assert suffix in SUFFIXES


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["HEIF", "AVIF"])
@pytest.mark.parametrize("said_by", ["a box", "EXIF alone", "both, as phones do"])
def test_heif_and_avif_are_turned_upright_once(file_format, orientation, said_by):
    # Encoders make a box of the orientation; a tag that they do not know stays in EXIF and is renamed.
    exif = Image.Exif() if said_by == "EXIF alone" else exif_with(orientation)
    unknown, known = (struct.pack(">HHIH", tag, 3, 1, orientation) for tag in (0x0113, 0x0112))
    if said_by != "a box":
        exif[0x0113] = orientation
    content = encoded(stored(draw(3), orientation), file_format, quality=95, exif=exif.tobytes())
    turned = content.replace(unknown, known)
    assert (turned != content) == (said_by != "a box")
    assert (b"irot" in turned or b"imir" in turned) == (said_by != "EXIF alone" and orientation > 1)
    assert difference(open_image(turned), draw(3)) < 3


@pytest.mark.filterwarnings("ignore:::PIL")
@pytest.mark.parametrize("file_format", ["HEIF", "AVIF"])
def test_heif_and_avif_with_a_damaged_exif_block_are_read(file_format):
    content = encoded(draw(3), file_format, quality=95, exif=exif_with(1).tobytes()[:-9] + b"\xff" * 20)
    assert difference(open_image(content), draw(3)) < 3


def raw_psd(width: int, height: int, channels: list[np.ndarray]) -> bytes:
    """A PSD without layers: header, three empty sections, then the flattened picture uncompressed."""
    header = b"8BPS\0\1" + bytes(6) + len(channels).to_bytes(2, "big")
    header += height.to_bytes(4, "big") + width.to_bytes(4, "big") + b"\0\x08\0\3"
    return header + bytes(12) + b"\0\0" + b"".join(channel.tobytes() for channel in channels)


def test_a_psd_opens_flattened():
    channels = [np.asarray(band) for band in draw(2).split()]
    assert difference(open_image(raw_psd(96, 72, channels)), draw(2)) == 0


@pytest.mark.parametrize("name", ["x.jpg", "x.png", "x", "x.jpg?w=200", "x.heic", "x.dng2"])
@pytest.mark.parametrize("file_format", ["AVIF", "PNG", "JPEG2000", "BMP"])
def test_a_file_is_read_by_its_content_whatever_its_name(tmp_path, name, file_format):
    content = encoded(draw(3), file_format)
    (tmp_path / name).write_bytes(content)
    assert difference(open_image(tmp_path / name), open_image(content)) == 0


@pytest.mark.parametrize(
    ("content", "module", "expected"),
    [
        (b"\xff\x0a\0\0", "pillow_jxl", "JPEG XL needs the package pillow-jxl-plugin"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "pillow_heif", "HEIF needs the package pillow-heif"),
        (b"II*\0\x10\0\0\0CR\2\0", "rawpy", "camera RAW needs the package rawpy"),
        (b"FUJIFILMCCD-RAW 0201", "rawpy", "camera RAW needs the package rawpy"),
    ],
)
def test_a_format_whose_package_is_missing_is_refused_with_its_name(content, module, expected):
    if importlib.util.find_spec(module):
        expected = "damaged"  # these are first bytes alone
    with pytest.raises(BadImage, match=expected):
        open_image(content)


@pytest.mark.parametrize("name", ["x.nef", "x.DNG", "x.arw"])
def test_a_tiff_called_camera_raw_is_not_read_as_its_preview(tmp_path, name):
    draw(4).save(tmp_path / name, "TIFF")
    with pytest.raises(BadImage, match="camera RAW"):
        open_image(tmp_path / name)


def test_a_dng_is_known_by_its_tags_whatever_its_name():
    with pytest.raises(BadImage, match="camera RAW"):
        open_image(encoded(draw(4), "TIFF", tiffinfo={50706: b"\1\4\0\0"}))


def dng(values: np.ndarray, orientation: int) -> bytes:
    """A small DNG (version 1.4) of a sensor's values, uint16 below a white of 4095."""
    height, width = values.shape
    identity = struct.pack("<18i", *(n for value in np.eye(3, dtype=int).flat for n in (value, 1)))
    short, long = "<H", "<I"
    tags = [
        (254, 4, struct.pack(long, 0)),
        (256, 4, struct.pack(long, width)),
        (257, 4, struct.pack(long, height)),
        (258, 3, struct.pack(short, 16)),
        (259, 3, struct.pack(short, 1)),
        (262, 3, struct.pack(short, 32803)),  # a mosaic of colour filters
        (271, 2, b"Test\0"),
        (272, 2, b"Test\0"),
        (273, 4, None),  # where the values begin
        (274, 3, struct.pack(short, orientation)),
        (277, 3, struct.pack(short, 1)),
        (278, 4, struct.pack(long, height)),
        (279, 4, struct.pack(long, values.nbytes)),
        (33421, 3, struct.pack("<2H", 2, 2)),
        (33422, 1, bytes([0, 1, 1, 2])),
        (50706, 1, bytes([1, 4, 0, 0])),
        (50708, 2, b"Test\0"),
        (50717, 4, struct.pack(long, 4095)),
        (50721, 10, identity),
    ]
    after = 8 + 2 + 12 * len(tags) + 4
    body = b"".join(data for _, _, data in tags if data and len(data) > 4)
    directory = b""
    for tag, kind, data in tags:
        data = struct.pack(long, after + len(body)) if data is None else data
        count = len(data) // {1: 1, 2: 1, 3: 2, 4: 4, 10: 8}[kind]
        if len(data) > 4:
            data = struct.pack(long, after + body.index(data))
        directory += struct.pack("<HHI", tag, kind, count) + data.ljust(4, b"\0")
    return struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + directory + bytes(4) + body + values.tobytes()


@pytest.mark.parametrize(("orientation", "bright"), [(1, "top"), (6, "right")])
def test_camera_raw_is_developed_upright(orientation, bright):
    pytest.importorskip("rawpy", reason="rawpy is not installed")
    values = np.full((96, 128), 300, "<u2")
    values[:48] = 3500
    opened = open_image(dng(values, orientation))
    halves = {"top": ((32, 10), (32, 40)), "right": ((40, 32), (10, 32))}[bright]
    light, dark = (opened.getpixel(place) for place in halves)
    assert min(light) > 200 > 100 > max(dark)
    assert len({*dark}) == 1


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "AVIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "camera RAW"),
        (b'<?xml version="1.0"?>\n<svg>', "SVG"),
        (b'<?xml version="1.0"?>\n<annotation>', None),
        (b"plain text", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell_the_kind_of_a_file(head, kind):
    assert kind_of(head) == kind


@pytest.mark.parametrize("size", [(1, 1), (64, 64), (800, 600), (511, 513), (9000, 16)])
def test_sizes_are_read_from_the_first_bytes(size):
    picture = Image.new("RGB", size, "red")
    for lossless in (False, True):
        assert webp_size(encoded(picture, "WEBP", lossless=lossless)[:HEAD_BYTES]) == size
    transparent = Image.new("RGBA", size, (9, 9, 9, 9))
    assert webp_size(encoded(transparent, "WEBP")[:HEAD_BYTES]) == size
    for container in (False, True):
        content = encoded(picture, "JXL", use_container=container)
        assert jxl_size(content[:HEAD_BYTES]) == size


def test_a_tiff_that_pillow_cannot_bring_to_rgb_is_refused_by_its_mode():
    content = bytearray(encoded(Image.new("CMYK", (2, 1)), "TIFF"))
    at = content.index(b"\x15\1\3\0\1\0\0\0\4\0") + 8  # SamplesPerPixel: 4 becomes 7
    content[at] = 7
    with pytest.raises(BadImage, match="TIFF mode not supported: CMYK, 7 channels of 8 bits"):
        open_image(bytes(content))


def changed(content: bytes, at: bytes, to: int) -> bytes:
    """A file with another byte after the first place of some."""
    place = content.index(at) + len(at)
    return content[:place] + bytes([to]) + content[place + 1 :]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            changed(encoded(draw(1), "JPEG"), b"\xff\xc0\0\x11", 12),
            "a JPEG of 12 bits is not supported: save it as",
        ),
        (encoded(draw(1), "PNG")[:8] + bytes(99), "damaged, or a kind of PNG that is not supported"),
        (encoded(draw(1), "JPEG").replace(b"\xff\xc0", b"\xff\xf7"), "JPEG-LS is not supported: save it as"),
        (
            encoded(draw(1), "TIFF").replace(b"\3\1\3\0\1\0\0\0\1\0", b"\3\1\3\0\1\0\0\0\x98\x87"),
            "TIFF compression not supported: JPEG 2000; save it with another",
        ),
        (
            encoded(draw(1), "TIFF").replace(b"\3\1\3\0\1\0\0\0\1\0", b"\3\1\3\0\1\0\0\0\x09\x99"),
            "TIFF compression not supported: number 39177",
        ),
    ],
    ids=["JPEG of 12 bits", "PNG without anything", "JPEG-LS", "JPEG 2000 in TIFF", "a number in TIFF"],
)
def test_a_variant_that_is_not_read_is_called_what_it_is(content, reason):
    with pytest.raises(BadImage, match=reason):
        open_image(content)


def test_every_suffix_is_lower_case_with_its_dot():
    assert all(suffix == suffix.lower() == Path(f"x{suffix}").suffix for suffix in SUFFIXES)
