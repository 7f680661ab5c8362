"""The boxes of HEIF and AVIF files (ISO/IEC 14496-12, 23008-12), for what decoders do not tell."""

import os
from collections.abc import Iterator
from typing import BinaryIO

_TURNS = {b"irot", b"imir"}
_WAY = (b"meta", b"iprp", b"ipco")  # the properties of pictures lie in boxes within boxes
_VERSION_BYTES = {b"meta": 4}


def is_turned_by_a_box(file: BinaryIO) -> bool:
    """Whether a property says how pictures are turned; then decoders follow it, and EXIF has no say."""
    start, end = 0, file.seek(0, os.SEEK_END)
    for name in _WAY:
        inside = next(((first, last) for kind, first, last in _boxes(file, start, end) if kind == name), None)
        if inside is None:
            return False
        start, end = inside[0] + _VERSION_BYTES.get(name, 0), inside[1]
    return any(kind in _TURNS for kind, *_ in _boxes(file, start, end))


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind of each box between two places in a file, and where its content begins and ends."""
    while start + 8 <= end:
        file.seek(start)
        length, kind, first = int.from_bytes(file.read(4), "big"), file.read(4), start + 8
        if length == 1:
            length, first = int.from_bytes(file.read(8), "big"), start + 16
        last = start + length if length else end  # the last box may leave its length open
        if not first <= last <= end:
            return
        yield kind, first, last
        start = last
