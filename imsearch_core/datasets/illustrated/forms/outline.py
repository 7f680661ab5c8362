"""Flat outlines for furniture: convex hull, rounded plan, wood grain on a face."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..toolkit.brush import Brush, Point, curve, line
from ..toolkit.colour import darken


def hull(points: Sequence[Point]) -> list[Point]:
    """Convex hull, clockwise on screen."""
    return convex(sorted({(round(p[0], 3), round(p[1], 3)) for p in points}))


def convex(ordered: list[Point]) -> list[Point]:
    """The same of sorted points."""

    def half(seq: list[Point]) -> list[Point]:
        chain: list[Point] = []
        for p in seq:
            while len(chain) > 1 and (chain[-1][0] - chain[-2][0]) * (p[1] - chain[-2][1]) <= (
                chain[-1][1] - chain[-2][1]
            ) * (p[0] - chain[-2][0]):
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return half(ordered) + half(ordered[::-1])


def disc(rx: float, rz: float | None = None, power: float = 2.0, steps: int = 28) -> list[Point]:
    """A round (x, z) outline; a ``power`` above 2 squares it."""
    rz, ring = rx if rz is None else rz, []
    for i in range(steps):
        c, s = math.cos(math.tau * i / steps), math.sin(math.tau * i / steps)
        ring.append(
            (math.copysign(abs(c) ** (2 / power), c) * rx, math.copysign(abs(s) ** (2 / power), s) * rz)
        )
    return ring


def within(face: Sequence[Point], u: float, v: float) -> Point:
    """Point of a four-cornered face: ``u`` from the first corner to the second, ``v`` on to the third."""
    (ax, ay, *_), (bx, by, *_), (cx, cy, *_), (dx, dy, *_) = face
    x = (ax * (1 - u) + bx * u) * (1 - v) + (dx * (1 - u) + cx * u) * v
    y = (ay * (1 - u) + by * u) * (1 - v) + (dy * (1 - u) + cy * u) * v
    return x, y


def grain(b: Brush, quad: Sequence[Point], count: int, colour: str, opacity: float = 0.3) -> str:
    """Wavy wood grain running from the first to the second corner of a face."""
    rng, parts = b.rng, []
    for _ in range(count):
        v, u0, u1 = rng.uniform(0.06, 0.94), rng.uniform(0.02, 0.45), rng.uniform(0.5, 0.98)
        ring = []
        for u in (u0, (u0 * 2 + u1) / 3, (u0 + u1 * 2) / 3, u1):
            ring.append(within(quad, u, min(0.96, max(0.04, v + rng.gauss(0, 0.025)))))
        parts.append(curve(ring, False))
    return line("".join(parts), darken(colour, 0.5), 0.7, opacity=opacity)
