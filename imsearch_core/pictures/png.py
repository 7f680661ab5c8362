"""The parts of a PNG that matter for its pixels, for files whose other parts are too large or damaged."""

import zlib
from collections.abc import Iterator

_SIGNATURE_BYTES = 8
_FRAME_BYTES = 12  # length, kind and checksum around what a chunk holds
_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT", b"IEND"})


def without_metadata(content: bytes) -> bytes:
    """A PNG without texts, colour profile and whatever else is not needed to see its pixels upright."""
    kept = [chunk for chunk in _chunks(content) if chunk[4:8] in _NEEDED]
    return b"".join([content[:_SIGNATURE_BYTES], *kept])


def icc_profile(content: bytes, most_bytes: int) -> bytes | None:
    """The colour profile of a PNG, up to `most_bytes`; None if there is none, or it is damaged."""
    for chunk in _chunks(content):
        if chunk[4:8] == b"iCCP":
            _, _, compressed = chunk[8:-4].partition(b"\0")
            try:
                return zlib.decompressobj().decompress(compressed[1:], most_bytes)
            except zlib.error:
                return None
    return None


def _chunks(content: bytes) -> Iterator[bytes]:
    position = _SIGNATURE_BYTES
    while position + _FRAME_BYTES <= len(content):
        end = position + _FRAME_BYTES + int.from_bytes(content[position : position + 4], "big")
        yield content[position:end]
        position = end
