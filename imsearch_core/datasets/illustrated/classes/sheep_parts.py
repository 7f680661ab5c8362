"""Sheep in parts: breeds, fleece, curled horns, and heads in profile and from the front."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..forms.quadruped import Ring, at, blob, front_eye, place, side_eye, solid
from ..toolkit.brush import Brush, along, bounds, curve, dense, ellipse, line, num, paint, pts, tube
from ..toolkit.colour import darken, lighten, mix


@dataclass(frozen=True)
class Breed:
    """Colours of wool, face and legs; ``cap`` is wool on the head, ``ram`` curled horns."""

    wool: str
    skin: str
    cap: bool = True
    ram: bool = False
    shorn: bool = False
    lamb: bool = False
    patch: str = ""


BREEDS = (
    Breed("#dccfb4", "#e8dccb"),
    Breed("#cfc1a4", "#e2d5c2"),
    Breed("#dbcfb6", "#343136", cap=False),
    Breed("#d6c9ae", "#302c31", cap=False),
    Breed("#d8c8a6", "#e2d4bf", ram=True),
    Breed("#d3c6ae", "#3a3432", ram=True),
    Breed("#e9e2d4", "#efe7db", shorn=True, cap=False),
    Breed("#e4dccd", "#343136", shorn=True, cap=False),
    Breed("#8d8a88", "#e0dbd2", cap=False),
    Breed("#ebe4d6", "#3a312c", patch="#4a3a31", ram=True),
    Breed("#4a3a32", "#3a2e29", cap=True),
    Breed("#f0e9dc", "#f1e8dc", lamb=True),
    Breed("#efe8da", "#353136", lamb=True, cap=False),
)
_HEAD = pts("-5,-3 1,-8 8,-8.2 16,-6 22.5,-4.6 26,-1.6 25.6,2.6 21.5,5.4 13,6.2 6,8.4 -2,7")


def fleece(b: Brush, ring: Ring, breed: Breed, size: float = 1.0) -> str:
    """Wool over ``ring``: a scalloped edge and rows of small curls; sleek if shorn."""
    rng, wool = b.rng, breed.wool
    dark, light = mix(darken(wool, 0.42), "#6a5238", 0.25), lighten(wool, 0.65)
    x0, y0, x1, y1 = bounds(ring)
    w, h = x1 - x0, y1 - y0
    low = b.spot(x0 + w / 2, y0 + h, w * 0.56, h * 0.42, dark, 0.6)
    low += b.spot(x0 + w * 0.45 + b.side * w * 0.2, y0 + h * 0.2, w * 0.42, h * 0.34, light, 0.5)
    patches = ""
    if breed.patch:
        patches = paint(
            "".join(
                blob(b, x0 + w * u, y0 + h * v, w * 0.15, h * 0.26)
                for u, v in ((0.15, 0.4), (0.5, 0.3), (0.8, 0.75))
            ),
            breed.patch,
        )
    if breed.shorn:
        combs = b.pelt(ring, darken(wool, 0.3), 4, 150, (-0.2, 1), 0.25) + b.pelt(
            ring, light, 4, 120, (-0.2, 1), 0.35
        )
        folds = b.spot(x0 + w * 0.74, y0 + h * 0.5, 5, h * 0.36, dark, 0.3) + b.spot(
            x0 + w * 0.26, y0 + h * 0.5, 6, h * 0.3, dark, 0.3
        )
        return solid(b, [ring], wool, 4.0, patches + low + folds + combs)
    bumps, path = along(dense(ring), round((w + h) / (2.3 * size))), ""
    for i, (x, y, tx, ty) in enumerate(bumps):
        (ux, uy, *_), push = bumps[(i + 1) % len(bumps)], 1.5 * size * rng.uniform(0.3, 1.7)
        path += "M" if not i else ""
        path += f"{num(x)} {num(y)}" if not i else ""
        path += f"Q{num((x + ux) / 2 + ty * push)} {num((y + uy) / 2 - tx * push)} {num(ux)} {num(uy)}"
    if size == 1.0:
        for _ in range(16):
            tone, strength = (dark, 0.26) if rng.random() < 0.6 else (light, 0.3)
            cx, cy = x0 + w * rng.random(), y0 + h * rng.random()
            low += b.spot(cx, cy, rng.uniform(4, 9), rng.uniform(3, 7), tone, strength)
    arcs = ["", "", ""]
    step = 3.0 * size
    rows = int(h / step) + 1
    for row in range(rows):
        for column in range(int(w / step) + 1):
            x = x0 + (column + 0.5 * (row % 2)) * step + rng.uniform(-1, 1) * step * 0.6
            y = y0 + row * step + rng.uniform(-1, 1) * step * 0.6
            r = step * rng.uniform(0.26, 0.62)
            turn = rng.uniform(-0.5, 0.5) * r
            arcs[0] += f"M{x - r:.1f} {y + turn:.1f}q{r:.1f} {r * 1.5:.1f} {2 * r:.1f} {-turn * 2:.1f}"
            if rng.random() < 0.6:
                arcs[1 + (rng.random() < 0.3)] += (
                    f"M{x - r:.1f} {y - r * 0.2:.1f}q{r:.1f} {-r * 1.3:.1f} {2 * r:.1f} {turn:.1f}"
                )
    curls = line(arcs[0], dark, 0.6 * size, opacity=0.38) + line(arcs[1], light, 0.75 * size, opacity=0.42)
    curls += line(arcs[2], "#ffffff", 0.55 * size, opacity=0.4)
    return b.form(path + "Z", wool, 5.0 * size, patches + low + curls)


def _ram_horn(b: Brush, side: float, size: float, start: float = -80) -> str:
    """A curled horn, its root at the origin, winding back, down and forward."""
    spine, widths = [], []
    for i in range(13):
        t = i / 12
        turn, r = math.radians(start - 390 * t), (8.6 - 5.4 * t) * size
        spine.append((side * r * math.cos(turn), r * math.sin(turn) + 7.6 * size))
        widths.append(size * (7.0 - 5.4 * t))
    d = curve(tube(spine, widths))
    ridges = "".join(
        f"M{num(x - ty * w * 0.5)} {num(y + tx * w * 0.5)}L{num(x + ty * w * 0.5)} {num(y - tx * w * 0.5)}"
        for (x, y, tx, ty), w in zip(
            along(spine, 30, False), [size * (7.0 - 5.4 * i / 29) for i in range(30)], strict=True
        )
    )
    return b.form(d, "#b79c72", 1.5 * size, line(ridges, "#5a4630", 0.55 * size, opacity=0.6))


def _profile(b: Brush, breed: Breed) -> tuple[str, str]:
    """Marks on a head in profile, and ear, eye, mouth, wool cap or horn over it."""
    skin, dark = breed.skin, darken(breed.skin, 0.6)
    marks = b.spot(23.5, 0, 7, 6, mix(skin, "#b5877c" if skin > "#8" else "#151315", 0.6), 0.9)
    marks += (
        b.spot(13, 4.6, 8, 3.6, dark, 0.3)
        + b.spot(4, 5, 6, 5, dark, 0.4)
        + b.spot(13, -4, 9, 3.2, lighten(skin, 0.5), 0.5)
    )
    ear = pts("2,-3.6 -3,-6.4 -10,-6 -15,-1.6 -10,1.6 -3,1.4 1.6,-0.4")
    front = side_eye(b, 9.4, -3.0, 1.35, "#a8823c" if skin > "#8" else "#c8963e", 10)
    front += paint(curve(pts("23.4,-2.4 25,-2.6 25.2,-0.8 24,-0.2")), "#2a1a1a", opacity=0.85)
    front += line(
        "M25 1.6Q22 3.4 17.6 2.4", darken(skin, 0.75) if skin > "#8" else "#7a6c6a", 0.6, opacity=0.75
    )
    front += b.form(
        curve(ear),
        skin,
        1.2,
        paint(curve(pts("-1,-2.6 -9,-3.4 -12,-1.4 -7,-0.2")), mix(skin, "#d79c90", 0.5), opacity=0.7),
    )
    if breed.cap:
        knot = pts("-6,-2 -5,-9 0,-12 6,-10.6 8,-7.4 3,-6.4 -1,-4")
        front += fleece(b, knot, Breed(breed.wool, breed.skin), 0.62)
    if breed.ram:
        front += at(_ram_horn(b, 1.0, 0.98), -1.5, -7.5, -8)
    return marks, front


def front_head(b: Brush, breed: Breed) -> str:
    """Head towards the viewer, origin between the eyes, 15 units wide without the ears."""
    skin, dark = breed.skin, darken(breed.skin, 0.6)
    half = pts("3,-10 6.6,-8 8,-3 7.2,3 5.6,8.6 5.2,12.6 3.8,16 1.6,17.4")
    ring: Ring = [(-x, y) for x, y in half[::-1]] + half
    svg = ""
    for s in (-1, 1):
        ear = [(s * x, y) for x, y in pts("6.4,-5.6 11,-8.6 17,-7.4 21,-2.6 16.4,0.6 11,0.2 7,-1.6")]
        inner = [(s * x, y) for x, y in pts("9,-4.4 14,-5.4 18,-2.6 14,-1.2 10,-1.8")]
        svg += b.form(
            curve(ear), skin, 1.3, paint(curve(inner), darken(mix(skin, "#d79c90", 0.55), 0.12), opacity=0.9)
        )
    pink = mix(skin, "#b5807a", 0.6) if skin > "#8" else darken(skin, 0.3)
    marks = b.spot(0, -1, 2.4, 11, lighten(skin, 0.6), 0.4) + b.spot(0, 14, 5, 5, pink, 0.8)
    marks += "".join(
        b.spot(s * 6, 5, 2.6, 8, dark, 0.35) + b.spot(s * 5.6, -1.6, 3, 2.6, dark, 0.32) for s in (-1, 1)
    )
    marks += b.pelt(ring, darken(skin, 0.35), 1.8, 50, (0, 1), 0.25)
    svg += b.form(curve(ring), skin, 2.0, marks)
    for s in (-1, 1):
        svg += front_eye(b, s * 5.7, -1.6, 1.5, "#b58a3e", s * 22, 0.1)
        svg += at(paint(ellipse(0, 0, 0.95, 0.4), "#0d0a0a"), s * 5.7, -1.6, s * 12)
    nose = "M-2.6 11.6Q-1 14 0 14.2Q1 14 2.6 11.6M0 14.2V15.8M0 15.8Q-1.6 16.8 -3 15.8M0 15.8Q1.6 16.8 3 15.8"
    svg += line(nose, darken(pink, 0.65) if skin > "#8" else "#6e6260", 0.75, opacity=0.9)
    if breed.ram:
        svg += "".join(at(_ram_horn(b, -k, 1.1, -40), 14.5 * k, -9) for k in (-1, 1))
    if breed.cap:
        cap = pts("-7.4,-5 -7.6,-10 -3,-13.6 3,-13.6 7.6,-10 7.4,-5 3.6,-4.6 0,-5.8 -3.6,-4.6")
        svg += fleece(b, cap, Breed(breed.wool, breed.skin), 0.62)
    return svg


def side_head(b: Brush, breed: Breed, x: float, y: float, tilt: float, size: float) -> str:
    """A head in profile, hung at (x, y)."""
    marks, features = _profile(b, breed)
    svg = b.spot(x - 4, y + 5, 9, 7, darken(breed.wool, 0.6), 0.4) if y < -40 else ""
    svg += solid(b, [place(_HEAD, x, y, tilt, size)], breed.skin, 1.9, at(marks, x, y, tilt, size))
    return svg + at(features, x, y, tilt, size)
