"""Upholstered furniture: padded blocks in a light axonometric view, and what covers them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..toolkit.brush import Brush, Point, curve, line, paint, rounded
from ..toolkit.colour import darken, lighten, mix
from .outline import hull

FABRICS = (
    "#7f8a94",
    "#a89a86",
    "#5a6b5e",
    "#8a4a42",
    "#3f5472",
    "#c2b49c",
    "#b5763a",
    "#6a5a74",
    "#4f7a7a",
    "#c9a24a",
    "#9a9a98",
    "#d9d2c4",
    "#a85a5a",
    "#34403f",
)
LEATHERS = ("#6b3d22", "#8a5530", "#4a2a1c", "#2c2626", "#9c6a3c", "#5a2420", "#d8ccb8", "#2f4a3a")


@dataclass(frozen=True)
class View:
    """Turns (x right, y up, z back) centimetres into the picture; yaw > 0 shows the right end."""

    yaw: float
    tilt: float

    def __call__(self, x: float, y: float, z: float) -> Point:
        far = z * math.cos(self.yaw) - x * math.sin(self.yaw)
        k = 1 - far * 0.0009
        return (
            (x * math.cos(self.yaw) + z * math.sin(self.yaw)) * k,
            (-y * math.cos(self.tilt) - far * math.sin(self.tilt)) * k,
        )


@dataclass(frozen=True)
class Soft:
    """A cuboid x0..x1, y0..y1 (up), z0..z1 (back)."""

    x0: float
    x1: float
    y0: float
    y1: float
    z0: float
    z1: float


def front(view: View, s: Soft) -> list[Point]:
    """The four corners of the face towards us, clockwise from the upper left."""
    corners = ((s.x0, s.y1), (s.x1, s.y1), (s.x1, s.y0), (s.x0, s.y0))
    return [view(x, y, s.z0) for x, y in corners]


def cushion(b: Brush, view: View, s: Soft, colour: str, r: float, bulge: float) -> str:
    """A padded block: its top, front and (when turned) end face, with rounded edges and seams."""
    faces = []
    top = [
        view(s.x0, s.y1, s.z1),
        view(s.x1, s.y1, s.z1),
        view(s.x1, s.y1, s.z0),
        view(s.x0, s.y1, s.z0),
    ]
    lit, shade = lighten(colour, 0.26), darken(colour, 0.3)
    if abs(view.yaw) > 0.05:
        x = s.x1 if view.yaw > 0 else s.x0
        end = [view(x, s.y1, s.z0), view(x, s.y1, s.z1), view(x, s.y0, s.z1), view(x, s.y0, s.z0)]
        end = end if view.yaw > 0 else [end[i] for i in (1, 0, 3, 2)]
        faces.append((end, lighten(colour, 0.08) if view.yaw * b.side > 0 else shade))
    faces.append((top, lit))
    faces.append((front(view, s), colour))
    every = [p for face, _ in faces for p in face]
    cx, cy = sum(p[0] for p in every) / len(every), sum(p[1] for p in every) / len(every)
    outline = hull(every)
    parts = [paint(rounded(outline, r * 1.3, bulge * 0.5), mix(colour, lit, 0.3))]
    for face, tone in faces:
        grown = [(p[0] + (p[0] - cx) * 0.004, p[1] + (p[1] - cy) * 0.004) for p in face]
        d = rounded(grown, r, bulge)
        low, high = darken(tone, 0.3), lighten(tone, 0.14)
        parts.append(
            paint(
                d,
                b.linear(
                    [(0, high), (0.55, tone), (1, low)],
                    (0.5 + b.side * 0.3, 0),
                    (0.5 - b.side * 0.3, 1),
                ),
            )
        )
    f = faces[-1][0]
    parts.append(line(rounded(f, r, bulge), darken(colour, 0.45), 0.9, opacity=0.4))
    seam = curve(
        [
            (f[0][0] + r * 0.6, f[0][1] + 0.8),
            ((f[0][0] + f[1][0]) / 2, (f[0][1] + f[1][1]) / 2 - bulge * 0.5 + 0.8),
            (f[1][0] - r * 0.6, f[1][1] + 0.8),
        ],
        False,
    )
    parts.append(line(seam, lighten(colour, 0.5), 1.1, opacity=0.55))
    return "".join(parts)
