"""What decoding may cost: pixels and work for one picture, memory for all that are decoded at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from imsearch_core.errors import BadImage
from imsearch_core.pictures.jpeg import JpegCost

MEMORY = 1_000_000_000
"""Bytes for all pictures that are being decoded at one time, whatever the number of threads."""
MAX_JPEG_PIXELS = 500_000_000
"""A JPEG may be larger than what fits `MEMORY` as it can be decoded at a fraction of its size."""
MAX_SCANS = 100
MAX_SCANNED_PIXELS = 1_200_000_000
"""Pixels times scans of a JPEG: at most some ten seconds of work."""
MAX_SLOW_PIXELS = 6_000_000
"""Of formats whose decoders are written in Python, 1.5 to 4 s for a million pixels."""
_JPEG_BITS = 8
_BYTES_PER_PIXEL = {"WEBP": 20, "AVIF": 16, "HEIF": 16, "JXL": 20, "JPEG2000": 25, "plain values": 48}
_DECODED_TURNED_AND_CONVERTED = 12  # Pillow keeps a colour pixel in 4 bytes

_changed = threading.Condition()
_reserved = 0


def bytes_per_pixel(file_format: str | None) -> int:
    """The most memory that decoding to RGB takes for each pixel; decoders differ in what they keep."""
    return _BYTES_PER_PIXEL.get(file_format, _DECODED_TURNED_AND_CONVERTED)


def fits(width: int, height: int, file_format: str | None) -> bool:
    """Whether there is ever memory for decoding a picture of this size."""
    return width * height * bytes_per_pixel(file_format) <= MEMORY


def check_size(width: int, height: int, file_format: str | None) -> int:
    """The bytes that decoding a picture of this size takes. Raises BadImage if that is too much."""
    if not fits(width, height, file_format):
        most = MEMORY // bytes_per_pixel(file_format)
        raise BadImage(f"too large: {width} × {height} pixels (limit {most:,})")
    return width * height * bytes_per_pixel(file_format)


def check_jpeg(cost: JpegCost) -> None:
    """Raise BadImage if nothing here decodes a JPEG, or too much work, even at a fraction of its size."""
    if cost.bits != _JPEG_BITS:
        raise BadImage(f"a JPEG of {cost.bits} bits is not supported: save it as PNG or TIFF")
    if cost.pixels > MAX_JPEG_PIXELS:
        raise BadImage(f"too large: {cost.pixels:,} pixels (limit {MAX_JPEG_PIXELS:,})")
    if cost.scans > MAX_SCANS:
        raise BadImage(f"too slow to decode: a JPEG of {cost.scans:,} scans (limit {MAX_SCANS})")
    if cost.scans * cost.pixels > MAX_SCANNED_PIXELS:
        raise BadImage(f"too slow to decode: {cost.scans} scans of {cost.pixels:,} pixels")


def check_slow(width: int, height: int, file_format: str | None) -> None:
    """Raise BadImage if a decoder written in Python would take too long for a picture of this size."""
    if width * height > MAX_SLOW_PIXELS:
        raise BadImage(
            f"too slow to decode: {file_format} of {width * height:,} pixels (limit {MAX_SLOW_PIXELS:,})"
        )


@contextmanager
def reserved(memory: int) -> Iterator[None]:
    """Wait until `memory` bytes are free for decoding, and hold them; no more than there are at all."""
    global _reserved
    memory = min(memory, MEMORY)
    with _changed:
        _changed.wait_for(lambda: _reserved + memory <= MEMORY)
        _reserved += memory
    try:
        yield
    finally:
        with _changed:
            _reserved -= memory
            _changed.notify_all()
