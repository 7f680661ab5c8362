"""PAM (Netpbm) and PFM in colour, which Pillow does not read: a few lines of text, then the plain values."""

import math
import re
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

_MOST_HEADER_BYTES = 1 << 16  # it may hold comments
_PAM = re.compile(rb"P7\n(.*?\n)?ENDHDR[^\n]*\n", re.DOTALL)
_PAM_FACT = re.compile(rb"^(WIDTH|HEIGHT|DEPTH|MAXVAL)\s+(\d+)\s*$", re.MULTILINE)
_PFM = re.compile(rb"PF\s+(\d+)\s+(\d+)\s+([-+.\deE]+)\s")


@dataclass(frozen=True)
class Plain:
    """Where the values of a picture begin in its file, and what they are."""

    start: int
    width: int
    height: int
    channels: int
    dtype: str
    most: int
    """The value of white; 0 if none is declared."""

    def values(self, file: BinaryIO) -> np.ndarray:
        """[height, width, channels], of whole numbers in the full range of uint8 or uint16."""
        file.seek(self.start)
        shape = self.height, self.width, self.channels
        length = np.dtype(self.dtype).itemsize * math.prod(shape)
        content = file.read(length)
        if len(content) < length:
            raise ValueError("the last rows are missing")
        values = np.frombuffer(content, self.dtype).reshape(shape)
        if not self.most:
            return values[::-1].astype("f4")  # a PFM begins with its last row
        white = np.iinfo(self.dtype).max
        return (
            (np.minimum(values, self.most) * (white / self.most))
            .round()
            .astype(values.dtype.newbyteorder("="))
        )


def plain_header(file: BinaryIO) -> Plain:
    """Read the header. Raises ValueError if it is malformed."""
    head = file.read(_MOST_HEADER_BYTES)
    if found := _PFM.match(head):
        width, height, scale = int(found[1]), int(found[2]), float(found[3])
        return Plain(found.end(), width, height, 3, "<f4" if scale < 0 else ">f4", 0)
    found = _PAM.match(head)
    facts = dict(_PAM_FACT.findall(found[1] or b"")) if found else {}
    names = (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL")
    width, height, channels, most = (int(facts.get(name, 0)) for name in names)
    if not width or not height:
        raise ValueError("its header lacks a size")
    if not (1 <= channels <= 4 and 0 < most < 1 << 16):
        raise ValueError(f"it has {channels} channels of values up to {most}")
    return Plain(found.end(), width, height, channels, "u1" if most < 256 else ">u2", most)
