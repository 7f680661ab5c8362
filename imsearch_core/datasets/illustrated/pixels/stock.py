"""Trees, firs, hedges and woods: painted once per process, then scaled and tinted for each picture.

A prop is kept as tone (0 shade .. 255 light), wood (0 foliage .. 255 bark) and opacity, in the red,
green and alpha channels of an image that is lit from the left.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from random import Random

import numpy as np
from PIL import Image

from ..places.stage import Stamp
from ..toolkit.brush import Brush, Point, ellipse, hair, line, paint, taper
from ..toolkit.colour import darken, lighten, mix, rgb
from .rasterise import rasterise

VARIANTS = {"tree": 9, "fir": 4, "bush": 4, "wood": 4, "turf": 4}
SIZES = {"tree": (280, 300), "fir": (130, 300), "bush": (200, 120), "wood": (1200, 110), "turf": (1200, 40)}
_BANDS = ("wood", "turf")  # a picture shows a window of these


def _ink(tone: float, wood: bool = False) -> str:
    """The colour that stands for a tone (0..1) of foliage or bark."""
    return f"#{int(min(1, max(0, tone)) * 255):02x}{'ff' if wood else '00'}00"


def _leaves(rng: Random, cx: float, cy: float, rx: float, ry: float, count: int, size: float) -> str:
    """Leaf-like dabs over an ellipse, denser inside, as path data."""
    parts = []
    for _ in range(count):
        a, r = rng.uniform(0, math.tau), rng.random() ** 0.6
        s, t = size * rng.uniform(0.6, 1.4), rng.uniform(-1.2, 1.2)
        x, y = cx + math.cos(a) * rx * r, cy + math.sin(a) * ry * r
        parts.append(hair(x, y, s * math.cos(t), s * math.sin(t), s * 0.7))
    return "".join(parts)


def _clump(rng: Random, cx: float, cy: float, r: float, tone: float, size: float) -> str:
    """A mass of leaves: shaded below and to the right, lit above and to the left."""
    flat = r * 0.78
    count = int(14 + r * r * 0.055)
    return "".join(
        (
            paint(ellipse(cx, cy, r * 0.72, flat * 0.72), _ink(tone - 0.22)),
            paint(_leaves(rng, cx, cy, r, flat, count, size), _ink(tone - 0.25)),
            paint(
                _leaves(rng, cx - r * 0.1, cy - flat * 0.14, r * 0.8, flat * 0.76, count, size), _ink(tone)
            ),
            paint(
                _leaves(
                    rng, cx - r * 0.22, cy - flat * 0.34, r * 0.6, flat * 0.5, count * 2 // 3, size * 0.9
                ),
                _ink(tone + 0.22),
            ),
            paint(
                _leaves(rng, cx - r * 0.3, cy - flat * 0.48, r * 0.4, flat * 0.32, count // 4, size * 0.8),
                _ink(tone + 0.42),
            ),
        )
    )


def _limb(rng: Random, start: Point, angle: float, length: float, width: float) -> list[tuple[str, str]]:
    """A bending branch and its lit edge, as path data."""
    (x, y), bend = start, rng.uniform(-0.25, 0.25)
    points = [start]
    for i in (1, 2):
        a = angle + bend * i
        points.append((x + math.sin(a) * length * i / 2, y - math.cos(a) * length * i / 2))
    edge = [(px - width * 0.25, py) for px, py in points]
    return [(taper(points, [width, width * 0.7, width * 0.35]), taper(edge, [width * 0.3, width * 0.2, 0.5]))]


def _tree(rng: Random, variant: int) -> str:
    """A broad-leaved tree with its foot at (140, 300): oak, lime, birch or poplar by turns."""
    kind = ("oak", "lime", "oak", "birch", "lime", "oak", "poplar", "birch", "lime")[variant]
    wide, tall, stem = {
        "oak": (114, 92, 0.17),
        "lime": (86, 106, 0.18),
        "birch": (62, 104, 0.22),
        "poplar": (38, 124, 0.12),
    }[kind]
    cx, foot = 140 + rng.uniform(-6, 6), 297.0
    middle = 300 - 300 * stem - tall * 0.95
    girth = {"oak": 16, "lime": 13, "birch": 8, "poplar": 9}[kind]
    trunk = [
        (140.0, foot),
        (140 + rng.uniform(-4, 4), foot - 50),
        (cx, middle + tall * 0.25),
        (cx, middle - tall * 0.3),
    ]
    bark, bright = [taper(trunk, [girth * 1.5, girth, girth * 0.7, girth * 0.3])], []
    bright.append(
        taper([(x - girth * 0.3, y) for x, y in trunk], [girth * 0.45, girth * 0.3, girth * 0.2, 0.5])
    )
    for i in range(6):
        side = -1 if i % 2 else 1
        start = (
            trunk[1][0] + (cx - trunk[1][0]) * i / 6,
            foot - 55 - (foot - 55 - middle) * (0.25 + i * 0.12),
        )
        for wood, edge in _limb(
            rng, start, side * rng.uniform(0.4, 0.9), wide * rng.uniform(0.4, 0.6), girth * 0.4
        ):
            bark.append(wood)
            bright.append(edge)
    parts = [paint("".join(bark), _ink(0.25, True)), paint("".join(bright), _ink(0.75, True))]
    clumps = []
    for i in range(34):
        a, r = i * 2.4, math.sqrt((i + 1.5) / 36)
        x, y = cx + math.cos(a) * wide * r * 0.8, middle + math.sin(a) * tall * r * 0.82
        pinch = 1 - 0.35 * max(0.0, (y - middle) / tall) if kind != "oak" else 1.0
        size = rng.uniform(0.26, 0.46) * (min(wide, tall) * 0.7 + 14) * (1.15 - 0.35 * r)
        if r < 0.75 or rng.random() < 0.62:
            clumps.append(
                (cx + (x - cx) * pinch + rng.uniform(-7, 7), y + rng.uniform(-7, 7), max(11.0, size))
            )
    # Those behind and below are painted first and darker, those towards the light last.
    clumps.sort(
        key=lambda c: (c[0] - cx) * 0.5 / wide - (middle - c[1]) / tall + rng.uniform(-0.3, 0.3), reverse=True
    )
    dab = 5.2 if kind in ("oak", "lime") else 4.0
    for i, (x, y, r) in enumerate(clumps):
        lift = 0.34 - 0.11 * ((x - cx) / wide + (y - middle) / tall) + 0.1 * i / len(clumps)
        parts.append(_clump(rng, x, y, r, lift, dab))
    return "".join(parts)


def _fir(rng: Random, variant: int) -> str:
    """A fir with its foot at (65, 300): drooping tiers of boughs."""
    parts = [paint(taper([(65, 299), (65, 240)], [11, 8]), _ink(0.35, True))]
    tiers, wide = 15 + variant % 3, 46 + 5 * (variant % 2)
    for i in range(tiers):
        t = (tiers - i) / tiers  # 1 at the lowest tier
        y, reach = 8 + 258 * t, 4 + wide * t**0.85 * rng.uniform(0.85, 1.1)
        dark, mid, lit = [], [], []
        for _ in range(int(16 + 30 * t)):
            u = rng.uniform(-1, 1)
            long = reach * rng.uniform(0.5, 1.0)
            drop = (10 + 12 * t) * rng.uniform(0.6, 1.2) * (1 - 0.45 * abs(u))
            stroke = hair(65 + u * long * 0.25, y - 17 * t, u * long * 0.8, drop, 4 + 7 * t, u * 0.6)
            (dark if u > 0.15 or rng.random() < 0.3 else lit if rng.random() < 0.4 else mid).append(stroke)
        parts += [paint("".join(d), _ink(tone)) for d, tone in ((dark, 0.1), (mid, 0.27), (lit, 0.5)) if d]
    return "".join(parts) + paint(hair(65, 24, 0, -21, 4), _ink(0.25))


def _bush(rng: Random, variant: int) -> str:
    """A rounded shrub standing on the lower edge of 200 x 120."""
    parts = [paint(ellipse(100, 104, 76, 16), _ink(0.08))]
    for i in range(22):
        u, r = (i * 0.618) % 1 * 2 - 1, rng.uniform(17, 27)
        y = 112 - r * 0.6 - (22 - i) / 22 * 52 * math.sqrt(1 - u * u * 0.9)
        parts.append(_clump(rng, 100 + u * 72, y, r, 0.36 - 0.1 * u - 0.006 * i, 4.6))
    return "".join(parts)


def _wood(rng: Random, variant: int) -> str:
    """The edge of a wood or a high hedge: crowns side by side along 1200 x 110."""
    back, front, x = [], [], -20.0
    while x < 1220:
        r = rng.uniform(17, 30)
        top = rng.uniform(22, 58) if variant % 2 else rng.uniform(36, 56)
        back.append((x, top, r))
        front.append((x + rng.uniform(-10, 10), top + r * 1.3, r * 0.9))
        x += r * rng.uniform(0.8, 1.4)
    base = "M-10 112V80" + "".join(f"L{x:.0f} {y:.0f}" for x, y, _ in back) + "L1210 80V112Z"
    parts = [paint(base, _ink(0.1))]
    parts += [_clump(rng, x, y, r, 0.36 + rng.uniform(-0.08, 0.08), 4.4) for x, y, r in back]
    parts += [_clump(rng, x, y, r, 0.24 + rng.uniform(-0.06, 0.06), 4.4) for x, y, r in front]
    shade = "".join(ellipse(x, 106, 26, 12) for x in range(0, 1201, 30))
    return "".join(parts) + paint(shade, _ink(0.04), opacity=0.8) + line("M0 110H1200", _ink(0.0), 8)


def _turf(rng: Random, variant: int) -> str:
    """Blades of grass in tufts along 1200 x 40, thin on top."""
    parts = []
    for tone in (0.12, 0.3, 0.42, 0.55):
        blades = []
        for _ in range(150):
            x, reach = rng.uniform(0, 1200), rng.uniform(12, 34) * rng.uniform(0.6, 1.1)
            foot = rng.uniform(30, 41)
            for _ in range(4):
                lean, up = rng.uniform(-0.5, 0.5) * reach, -reach * rng.uniform(0.5, 1)
                blades.append(
                    hair(x + rng.uniform(-5, 5), foot, lean, max(up, 1 - foot), 3.2, rng.uniform(-1, 1))
                )
        parts.append(paint("".join(blades), _ink(tone)))
    return "".join(parts)


_PAINTERS = {"tree": _tree, "fir": _fir, "bush": _bush, "wood": _wood, "turf": _turf}


@cache
def prop(name: str, variant: int) -> Image.Image:
    """One painted prop as an RGBA image of tone, wood, nothing and opacity."""
    w, h = SIZES[name]
    rng = Random(f"{name}/{variant}")
    svg = _PAINTERS[name](rng, variant)
    pixels = rasterise(Brush(rng), svg, (0, 0, w, h), 1.0)
    return Image.fromarray((pixels * 255 + 0.5).astype(np.uint8))


def tinted(stamp: Stamp, size: tuple[int, int], part: tuple[int, int, int, int]) -> np.ndarray:
    """A prop scaled to ``size`` (w, h) pixels and coloured: RGBA 0..1 of its pixel box ``part``."""
    image = prop(stamp.prop, stamp.variant % VARIANTS[stamp.prop])
    if stamp.mirror:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if stamp.flip:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    if stamp.prop in _BANDS:
        wide = min(image.width, max(1, round(size[0] * image.height / size[1])))
        start = stamp.variant * 197 % (image.width + 1 - wide)
        image = image.crop((start, 0, start + wide, image.height))
    kx, ky = image.width / size[0], image.height / size[1]
    box = (part[0] * kx, part[1] * ky, part[2] * kx, part[3] * ky)
    image = image.resize((part[2] - part[0], part[3] - part[1]), Image.Resampling.BILINEAR, box)
    raw = np.asarray(image)
    foliage, timber = _paints(stamp.leaf, stamp.haze, round(stamp.far, 2))
    out = np.empty((*raw.shape[:2], 4), np.float32)
    out[..., :3] = foliage[raw[..., 0]]
    if stamp.prop in ("tree", "fir"):
        wood = raw[..., 1:2].astype(np.float32) / 255
        out[..., :3] += (timber[raw[..., 0]] - out[..., :3]) * wood
    out[..., 3] = raw[..., 3].astype(np.float32) / 255
    return out


@lru_cache(maxsize=512)
def _paints(leaf: str, haze: str, far: float) -> tuple[np.ndarray, np.ndarray]:
    """Colours of foliage and of bark by tone: 256 x 3 each."""
    bark = mix("#6b5138", leaf, 0.2)
    sunny = lighten(mix(leaf, "#d8c860", 0.25), 0.12)
    foliage = (darken(leaf, 0.55), darken(leaf, 0.15), sunny, lighten(leaf, 0.55))
    timber = (darken(bark, 0.5), bark, lighten(bark, 0.35))
    return _ramp([mix(c, haze, far) for c in foliage], (0, 0.3, 0.6, 1)), _ramp(
        [mix(c, haze, far) for c in timber], (0, 0.5, 1)
    )


def _ramp(colours: list[str], offsets: tuple[float, ...]) -> np.ndarray:
    """256 x 3 table of colours between the given ones."""
    values = np.array([rgb(c) for c in colours]).T
    return np.stack([np.interp(np.linspace(0, 1, 256), offsets, v) for v in values], 1).astype(np.float32)
