"""Colour helpers: hex strings in, hex strings out, mixed in OKLab so that steps look even."""

from __future__ import annotations

import math
from functools import lru_cache
from random import Random

import numpy as np

BOOKS = ("#7a3b34", "#3c566e", "#a88a4e", "#4f6a52", "#d2c6ac")  # the spines on any shelf

Row = tuple[float, float, float]

_TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LMS = tuple(map(tuple, np.linalg.inv(_TO_LMS).tolist()))
_FROM_LAB = tuple(map(tuple, np.linalg.inv(_TO_LAB).tolist()))


def _times(matrix: tuple[Row, ...], x: float, y: float, z: float) -> Row:
    """Matrix by vector; far faster than NumPy for three numbers."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    return a * x + b * y + c * z, d * x + e * y + f * z, g * x + h * y + i * z


def rgb(colour: str) -> np.ndarray:
    """Return ``#rrggbb`` as three floats 0..1 (gamma-coded, as stored in a picture)."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0


@lru_cache(maxsize=8192)
def _lab(colour: str) -> Row:
    linear = ((int(colour[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5))
    return _times(_TO_LAB, *(math.cbrt(v) for v in _times(_TO_LMS, *linear)))


@lru_cache(maxsize=8192)
def _hex(lightness: float, a: float, b: float) -> str:
    linear = _times(_FROM_LMS, *(v**3 for v in _times(_FROM_LAB, lightness, a, b)))
    values = (min(1.0, max(0.0, v)) ** (1 / 2.2) * 255 for v in linear)
    return "#" + "".join(f"{int(v + 0.5):02x}" for v in values)


@lru_cache(maxsize=16384)
def mix(first: str, second: str, amount: float) -> str:
    """Blend ``first`` towards ``second``; ``amount`` 0 keeps the first, 1 gives the second."""
    one, two = _lab(first), _lab(second)
    return _hex(*(round(p + (q - p) * amount, 4) for p, q in zip(one, two, strict=True)))


def lighten(colour: str, amount: float) -> str:
    """Move towards warm white, as a lit plane does."""
    return mix(colour, "#fff6e4", amount)


def darken(colour: str, amount: float) -> str:
    """Move towards a cool near-black, as a shaded plane does."""
    return mix(colour, "#12142a", amount)


def jitter(rng: Random, colour: str, amount: float = 0.03) -> str:
    """Return a near neighbour of ``colour``; 0.03 is just visible, 0.1 is another paint."""
    lightness, a, b = _lab(colour)
    return _hex(
        round(lightness + rng.uniform(-amount, amount), 3),
        round(a + rng.uniform(-amount, amount) * 0.5, 3),
        round(b + rng.uniform(-amount, amount) * 0.5, 3),
    )
