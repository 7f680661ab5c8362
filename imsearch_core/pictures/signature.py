"""What a picture looks like in 2 kB: two thumbnails to find copies by, and measures of its quality."""

import hashlib
from functools import reduce
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops

from imsearch_core.pictures.decode import jpeg_size, open_image

VERSION = 2  # raise it when signatures or their table change, so that stored ones are made again
SIDE = 32
"""Pixels, of the square thumbnails."""
SIGNATURE = np.dtype(
    [
        ("width", "<u4"),  # pixels of the upright picture
        ("height", "<u4"),
        ("darkest", "<f4"),  # brightness of the 5th percentile of its pixels, 0 to 1
        ("brightest", "<f4"),  # brightness of the 99th percentile, 0 to 1
        ("blur", "<f4"),  # 0 (sharp) to 1: see `_blur`
        ("entropy", "<f4"),  # of its brightness, 0 to 8 bits
        ("colour", "<f4"),  # 99th percentile of the difference between a pixel's channels, 0 to 1
        ("whole", "u1", (SIDE, SIDE)),  # brightness, squeezed into a square
        ("inner", "u1", (SIDE, SIDE)),  # the same without borders of one colour
    ]
)
_SHORTER = 256  # pixels that the measures are taken at
_LONGEST = 1024
_BORDER = 12  # levels: a border differs by no more from its colour, after it was saved as a JPEG
_INNER = 0.25  # of the sides: the least that a border encloses
_REBLUR = 11  # pixels


def signature(path: Path) -> np.void:
    """The SIGNATURE of a picture. Raises BadImage if it is not usable."""
    size = jpeg_size(path)
    image = open_image(path, _SHORTER // 2 if size else None)
    width, height = size or image.size
    if (scale := min(_SHORTER / min(image.size), _LONGEST / max(image.size))) < 1:
        small = (max(1, round(side * scale)) for side in image.size)
        image = image.resize(tuple(small), Image.Resampling.BOX)
    pixels = np.asarray(image)
    grey, channels = image.convert("L"), image.split()
    spread = ImageChops.subtract(reduce(ImageChops.lighter, channels), reduce(ImageChops.darker, channels))
    found = np.zeros((), SIGNATURE)
    found["width"], found["height"] = width, height
    found["darkest"], found["brightest"] = _percentile(grey, 0.05), _percentile(grey, 0.99)
    found["blur"], found["entropy"] = _blur(np.asarray(grey, np.float32)), grey.entropy()
    found["colour"] = _percentile(spread, 0.99)
    found["whole"] = _squeezed(grey, (0, 0, *image.size))
    found["inner"] = _squeezed(grey, inner_box(pixels))
    return found[()]


def pixel_hash(path: Path) -> bytes:
    """A hash of a picture as it is decoded at full size; the same for files that show the same pixels.

    Raises BadImage if it is not usable.
    """
    image = open_image(path)
    return hashlib.sha256(repr(image.size).encode() + image.tobytes()).digest()


def inner_box(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what borders of one colour leave of `pixels` uint8 [h, w, 3].

    Borders on facing or neighbouring sides may differ. A picture that would nearly vanish is left whole.
    """
    height, width = pixels.shape[:2]
    left, top, right, bottom = 0, 0, width, height
    values = pixels.astype(np.int16)
    while True:
        before = (left, top, right, bottom)
        part = values[top:bottom, left:right]
        top += _border(part)
        bottom -= _border(part[::-1])
        if bottom - top < _INNER * height:
            break
        part = values[top:bottom, left:right].transpose(1, 0, 2)
        left += _border(part)
        right -= _border(part[::-1])
        if right - left < _INNER * width:
            break
        if before == (left, top, right, bottom):
            # What is next to a border was mixed with it when the picture was reduced or saved.
            return left + (left > 0), top + (top > 0), right - (right < width), bottom - (bottom < height)
    return 0, 0, width, height


def _border(lines: np.ndarray) -> int:
    """How many of the first `lines` int16 [n, k, 3] have the colour of the first one throughout."""
    colour = np.median(lines[0], axis=0)
    if np.abs(lines[0] - colour).max() > _BORDER:
        return 0
    other = np.abs(lines - colour).max(axis=(1, 2)) > _BORDER
    return int(other.argmax()) if other.any() else len(lines)


def _percentile(image: Image.Image, share: float) -> float:
    """The level, 0 to 1, that a `share` of the pixels of a one-channel picture do not exceed."""
    counts = np.cumsum(image.histogram())
    return int(np.searchsorted(counts, share * counts[-1])) / 255


def _squeezed(grey: Image.Image, box: tuple[int, int, int, int]) -> np.ndarray:
    return np.asarray(grey.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box))


def _blur(grey: np.ndarray) -> float:
    """How little a picture float32 [h, w] changes when it is blurred once more, 0 to 1.

    F. Crété-Roffet, T. Dolmiere, P. Ladet and M. Nicolas, "The blur effect", 2007.
    """
    worst = 0.0
    for lines in (grey, grey.T):
        if lines.shape[0] <= _REBLUR:
            continue
        sums = np.cumsum(lines, axis=0)  # exact in float32: whole numbers below 2²⁴
        again = (sums[_REBLUR:] - sums[:-_REBLUR]) / np.float32(_REBLUR)
        inside = lines[_REBLUR // 2 + 1 : _REBLUR // 2 + 1 + len(again)]
        # Two pixels apart: in a very smooth picture neighbours differ by rounding alone.
        change = np.abs(inside[2:] - inside[:-2])
        lost = np.maximum(0, change - np.abs(again[2:] - again[:-2]))
        if (total := float(change.sum())) > 0:
            worst = max(worst, 1 - float(lost.sum()) / total)
    return worst
