"""What a JPEG asks of its decoder, told from its markers (ITU-T T.81, annex B) without decoding it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

END = b"\xff\xd9"
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)  # not a stuffed byte, fill byte or restart
_MORE = 256  # bytes
_START_OF_SCAN = 0xDA
_START_OF_LS_FRAME = 0xF7
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_LAST_COEFFICIENT = 63


@dataclass(frozen=True)
class JpegCost:
    """What a JPEG asks of its decoder."""

    pixels: int
    """Width × height as stored, before any reduction."""
    scans: int
    """Passes over the picture."""
    coefficient_bytes: int
    """What the decoder keeps of the whole picture between scans; 0 if one scan holds everything."""
    bits: int
    """Of each value."""
    fine: bool
    """Whether the scan that completes the finest luma has begun: a file cut after it lacks nearly nothing."""


def jpeg_cost(content: bytes) -> JpegCost | None:
    """Survey a JPEG; None if it has no frame, and so no picture."""
    frame, progressive, scans, fine = b"", False, 0, False
    for marker, segment in _segments(content):
        if marker in _START_OF_FRAME and not frame:
            frame, progressive = segment, marker in _PROGRESSIVE
        elif marker == _START_OF_SCAN and segment and frame:
            scans += 1
            components = segment[0]
            if not progressive and scans == 1 and components == _components(frame):
                return JpegCost(_pixels(frame), 1, 0, frame[0], True)  # the decoder reads no further
            luma, parameters = segment[1:2] == frame[6:7], segment[1 + 2 * components :]
            if luma and len(parameters) >= 3:
                fine |= parameters[1] == _LAST_COEFFICIENT and parameters[2] & 0x0F == 0
    if len(frame) < 6:
        return None
    coefficient_bytes = round(2 * _pixels(frame) * _samples_per_pixel(frame))
    return JpegCost(_pixels(frame), scans, coefficient_bytes, frame[0], fine)


def is_jpeg_ls(content: bytes) -> bool:
    """Whether it is a JPEG-LS, which begins like a JPEG (ITU-T T.87)."""
    return any(marker == _START_OF_LS_FRAME for marker, _ in _segments(content))


def with_more_to_decode(content: bytes) -> bytes:
    """A JPEG with a few more bits of picture before its end marker; a complete one has no use for them."""
    end = 2
    for _, segment, start in _placed_segments(content):
        end = start + len(segment)
    found = _MARKER.search(content, end)
    end = found.start() if found else len(content)
    return content[:end] + bytes(_MORE) + content[end:]


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker up to the end of the picture, with what its segment holds."""
    return ((marker, segment) for marker, segment, _ in _placed_segments(content))


def _placed_segments(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Each marker up to the end of the picture, with what its segment holds, and where that begins."""
    position = 2
    while (found := _MARKER.search(content, position)) and found[1] != END[1:]:
        length = int.from_bytes(content[found.end() : found.end() + 2], "big")
        yield found[1][0], content[found.end() + 2 : found.end() + length], found.end() + 2
        position = found.end() + max(2, length)


def _pixels(frame: bytes) -> int:
    return int.from_bytes(frame[1:3], "big") * int.from_bytes(frame[3:5], "big")


def _components(frame: bytes) -> int:
    return frame[5] if len(frame) > 5 else 0


def _samples_per_pixel(frame: bytes) -> float:
    """1 for grey, 3 for full colour, 1.5 where colour is stored at half the width and height."""
    factors = [(byte >> 4, byte & 0x0F) for byte in frame[7::3]]
    widest, tallest = (max((pair[axis] for pair in factors), default=1) or 1 for axis in (0, 1))
    return sum(across * down for across, down in factors) / (widest * tallest)
