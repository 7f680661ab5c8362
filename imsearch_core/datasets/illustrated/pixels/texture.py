"""Tileable surface textures made of filtered noise, laid flat or in ground perspective."""

from __future__ import annotations

from functools import cache

import numpy as np

SIZE = 1024  # texels on each side of a tile
METRES = 4.0  # how much ground the built surfaces (planks, tiles, bricks) of one tile cover

# Noise surfaces: (roughness exponent, horizontal stretch, vertical stretch, share of fine grain)
_NOISE = {
    "cloud": (1.75, 1.0, 1.6, 0.0),
    "grass": (0.75, 0.6, 2.2, 0.5),
    "gravel": (0.45, 1.0, 1.0, 0.6),
    "asphalt": (0.6, 1.0, 1.0, 0.6),
    "sand": (1.0, 1.0, 2.0, 0.25),
    "snow": (1.5, 1.0, 2.5, 0.05),
    "water": (1.0, 0.35, 2.6, 0.0),
    "carpet": (0.4, 1.0, 1.0, 0.7),
    "plaster": (1.2, 1.0, 1.0, 0.25),
    "fur": (0.85, 1.3, 0.45, 0.25),
    "fabric": (0.35, 1.0, 1.0, 0.8),
    "leather": (1.05, 1.0, 1.0, 0.1),
}
_BUILT = ("planks", "tiles", "brick", "paving", "parquet")
TILES = (*_NOISE, *_BUILT)


def _noise(seed: int, power: float, sx: float, sy: float, fine: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    fx = np.fft.rfftfreq(SIZE).astype(np.float32)[None, :] * SIZE
    fy = np.fft.fftfreq(SIZE).astype(np.float32)[:, None] * SIZE
    radius = np.maximum(np.hypot(fx / sx, fy / sy), 2.0)
    spectrum = np.fft.rfft2(rng.standard_normal((SIZE, SIZE), np.float32)) * radius**-power
    field = np.fft.irfft2(spectrum, s=(SIZE, SIZE))
    field = (field - field.mean()) / field.std()
    if fine:
        field = field * (1 - fine) + rng.standard_normal((SIZE, SIZE), np.float32) * fine
    return field


def _courses(seed: int, course: int, length: int, joint: int, grain: np.ndarray) -> np.ndarray:
    """Rows of bricks or boards: ``course`` texels high, ``length`` long, each its own tone."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    row = y // course
    shift = rng.integers(0, length, SIZE)[row] if length > 3 * course else (row % 2) * length // 2
    column = ((x + shift) % SIZE) // length
    tone = rng.standard_normal((SIZE // course + 1, SIZE // length + 1))[row, column]
    seam = (y % course < joint) | ((x + shift) % length < joint)
    return np.where(seam, -3.2, tone * 0.9 + grain)


@cache
def tile(kind: str) -> np.ndarray:
    """The texture ``kind`` as a SIZE x SIZE array around 0, about -2..2."""
    seed = TILES.index(kind)
    if kind in _NOISE:
        return _noise(seed, *_NOISE[kind]).astype(np.float32)
    if kind in ("planks", "parquet"):
        grain = _noise(seed, 0.9, 0.12, 1.6, 0.0) * 0.6
        wood = _courses(seed, 32, 512, 1, grain) if kind == "planks" else _courses(seed, 16, 96, 1, grain)
        return wood.T.astype(np.float32)
    grain = _noise(seed, 0.8, 1, 1, 0.4) * 0.5
    course, length, joint = {"tiles": (128, 128, 3), "brick": (18, 54, 2), "paving": (96, 160, 2)}[kind]
    return _courses(seed, course, length, joint, grain).astype(np.float32)


def flat(kind: str, shape: tuple[int, int], offset: tuple[int, int], zoom: float = 1.0) -> np.ndarray:
    """Texture seen face on; ``zoom`` is pixels per texel, ``offset`` moves it in texels."""
    rows = ((np.arange(shape[0]) / zoom).astype(np.int32) + offset[0]) % SIZE
    columns = ((np.arange(shape[1]) / zoom).astype(np.int32) + offset[1]) % SIZE
    return tile(kind)[np.ix_(rows, columns)]


def ground(
    kind: str,
    shape: tuple[int, int],
    horizon: float,
    eye: float,
    ppm: float,
    offset: tuple[int, int],
) -> np.ndarray:
    """Texture lying on the ground below ``horizon``, for an eye ``eye`` metres above it.

    ``ppm`` is pixels per metre where the subject stands; noise is as fine as a pixel there. Rows
    above the horizon are zero; the texture fades with distance.
    """
    height, width = shape
    first = max(0, int(horizon) + 1)
    out = np.zeros(shape, np.float32)
    if first >= height:
        return out
    scale = (np.arange(first, height) - horizon + 0.5) / eye  # pixels per metre, row by row
    density = SIZE / METRES if kind in _BUILT else ppm * 0.9
    depth = 1.35 * height / scale
    rows = (depth * density).astype(np.int64) + offset[0]
    across = (np.arange(width) - width / 2)[None, :] / scale[:, None] * density
    columns = across.astype(np.int64) + offset[1]
    fade = np.clip(scale / ppm * 1.6, 0, 1) ** 0.8
    out[first:] = tile(kind)[rows[:, None] % SIZE, columns % SIZE] * fade[:, None]
    return out
