"""TIFFs of modes that Pillow does not know, if their pixels are stored plainly (TIFF 6.0)."""

from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _OFFSETS = 256, 257, 258, 259, 273
_SAMPLES, _LENGTHS, _PLANAR, _SAMPLE_FORMAT = 277, 279, 284, 339
_ONE_AFTER_THE_OTHER = 2
_KINDS = {1: "u", 2: "i", 3: "f"}
_TYPES = {"u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8"}


def is_misread(tags: Mapping[int, Any]) -> bool:
    """Whether Pillow takes the values for 8 bits although they are longer: one channel after the other."""
    planar = tags.get(_SAMPLES, 1) > 1 and tags.get(_PLANAR, 1) == _ONE_AFTER_THE_OTHER
    return planar and tags.get(_COMPRESSION, 1) == 1 and max(tags.get(_BITS, (1,))) > 8


def plain_values(file: BinaryIO, tags: Mapping[int, Any]) -> np.ndarray | None:
    """The values [height, width, channels] of a first page that is neither compressed nor in tiles.

    None if they are stored in another way. Raises ValueError if some are missing.
    """
    file.seek(0)
    byte_order = "<" if file.read(2) == b"II" else ">"
    samples, bits = tags.get(_SAMPLES, 1), set(tags.get(_BITS, (1,)))
    kinds = set(tags.get(_SAMPLE_FORMAT, (1,)))
    if len(bits) != 1 or len(kinds) != 1 or tags.get(_COMPRESSION, 1) != 1 or _OFFSETS not in tags:
        return None
    kind = f"{_KINDS.get(kinds.pop())}{bits.pop() // 8}"
    if kind not in _TYPES:
        return None
    pieces = []
    for offset, length in zip(tags[_OFFSETS], tags[_LENGTHS], strict=True):
        file.seek(offset)
        pieces.append(file.read(length))
    values = np.frombuffer(b"".join(pieces), f"{byte_order}{kind}")
    height, width = tags[_HEIGHT], tags[_WIDTH]
    values = values[: height * width * samples]
    if tags.get(_PLANAR, 1) == _ONE_AFTER_THE_OTHER:
        values = values.reshape(samples, height, width).transpose(1, 2, 0)
    else:
        values = values.reshape(height, width, samples)
    return values.astype("f4" if kind == "f2" else kind)
