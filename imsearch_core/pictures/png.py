"""The parts of a PNG that hold its pixels, for files whose other parts are too large or damaged."""

_SIGNATURE_BYTES = 8
_FRAME_BYTES = 12  # length, kind and checksum around what a chunk holds
_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT", b"IEND"})


def without_metadata(content: bytes) -> bytes:
    """A PNG without texts, colour profile and whatever else is not needed to see its pixels upright."""
    kept, position = [content[:_SIGNATURE_BYTES]], _SIGNATURE_BYTES
    while position + _FRAME_BYTES <= len(content):
        end = position + _FRAME_BYTES + int.from_bytes(content[position : position + 4], "big")
        if content[position + 4 : position + 8] in _NEEDED:
            kept.append(content[position:end])
        position = end
    return b"".join(kept)
