"""Furniture in the round: a small perspective camera with turned bars, slabs, blocks and bent sheets."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..toolkit.brush import Brush, Point, Sprite, bounds, curve, line, paint, polygon, taper, track
from ..toolkit.colour import darken, lighten
from .outline import grain, hull

Solid3 = tuple[float, float, float]  # x right, y up, z away from us, in centimetres
Box = tuple[float, float, float, float]
METRE = 100.0
TIMBER = ("#8f6540", "#a67c52", "#7a5233", "#b98d5c", "#5d3d28", "#c9a676", "#6b3f28", "#9a5f36")
LACQUER = ("#2f2c2d", "#e9e4d8", "#5f7f8a", "#8a3a34", "#6f8a6a", "#c9a24a", "#3d566f")


def _normal(o: Solid3, p: Solid3, q: Solid3) -> Solid3:
    """The normal, not of unit length, of the plane through three points."""
    a, c = ([end[i] - o[i] for i in range(3)] for end in (p, q))
    return a[1] * c[2] - a[2] * c[1], a[2] * c[0] - a[0] * c[2], a[0] * c[1] - a[1] * c[0]


class Shop:
    """Collects solid parts seen by one camera and sorts them by layer, then from far to near.

    ``yaw`` > 0 turns the right side towards us, ``tilt`` looks down, ``reach`` is the distance.
    ``distant`` pieces are painted with less detail. ``seats`` and ``parts`` are those of the `Sprite`,
    in picture coordinates.
    """

    def __init__(self, b: Brush, yaw: float, tilt: float, reach: float = 520.0) -> None:
        self.b, self.yaw, self.tilt, self.reach = b, yaw, tilt, reach
        self.items: list[tuple[float, float, str]] = []
        self.points: list[Point] = []
        self.feet: list[Solid3] = []
        self.seats: list[tuple[float, float, float]] = []
        self.parts: list[tuple[str, Box]] = []
        self.base_layer, self.distant = 0.0, False
        self.put(0, 0, 0)
        cy, sy, ct, st = math.cos(yaw), math.sin(yaw), math.cos(tilt), math.sin(tilt)
        self._axes = (cy, sy, ct, st)
        self.forward = (-sy * ct, -st, cy * ct)
        raw = (b.side * 0.5 * cy + 0.45 * sy, 0.78, b.side * 0.5 * sy - 0.45 * cy)
        size = math.hypot(*raw)
        self.light = tuple(v / size for v in raw)

    def put(self, x: float, z: float, turn: float, layer: float = 0.0) -> None:
        """Set down what follows at (x, z), turned by ``turn``, its layers from ``layer`` on."""
        self._spot, self.base_layer = (x, z, math.cos(turn), math.sin(turn)), layer

    def world(self, p: Solid3) -> Solid3:
        """A point of the current piece in the room."""
        ox, oz, c, s = self._spot
        return (ox + p[0] * c + p[2] * s, p[1], oz + p[2] * c - p[0] * s)

    def at(self, p: Solid3, record: bool = True) -> tuple[float, float, float, float]:
        """Picture x, y, depth and scale of a point."""
        x, y, z = self.world(p)
        cy, sy, ct, st = self._axes
        far = z * cy - x * sy
        depth = far * ct - y * st
        k = self.reach / (self.reach + depth)
        sx, sy2 = (x * cy + z * sy) * k, (-y * ct - far * st) * k
        if record:
            self.points.append((sx, sy2))
        return sx, sy2, depth, k

    def add(self, layer: float, depth: float, svg: str) -> None:
        """Keep a drawn part; smaller layers, then greater depths, come first."""
        self.items.append((self.base_layer + layer, -depth, svg))

    def tone(self, colour: str, normal: Solid3) -> str:
        """``colour`` as lit on a plane with that outward normal."""
        value = sum(a * c for a, c in zip(normal, self.light, strict=True)) - 0.42
        step = round(value * 40) / 40
        return lighten(colour, step * 0.5) if step > 0 else darken(colour, -step * 0.5)

    def tube(
        self,
        points: Sequence[Solid3],
        widths: Sequence[float],
        colour: str,
        layer: float = 0,
        gloss: float = 0.45,
        nearer: float = 0.0,
    ) -> None:
        """A round bar along ``points`` with the given thickness at each."""
        spots = [self.at(p) for p in points]
        flat = [(p[0], p[1]) for p in spots]
        thick = [w * p[3] for w, p in zip(widths, spots, strict=True)]
        dx, dy = flat[-1][0] - flat[0][0], flat[-1][1] - flat[0][1]
        if math.hypot(dx, dy) < 1:
            dx, dy = 1.0, 0.0
        nx, ny = -dy / math.hypot(dx, dy), dx / math.hypot(dx, dy)
        if nx * self.b.side - ny < 0:
            nx, ny = -nx, -ny

        def strip(shift: float, share: float) -> str:
            moved = [(x + nx * w * shift, y + ny * w * shift) for (x, y), w in zip(flat, thick, strict=True)]
            return taper(moved, [w * share for w in thick])

        if self.distant:
            svg = paint(strip(0, 1), darken(colour, 0.5)) + paint(strip(0.1, 0.74), lighten(colour, 0.06))
        else:
            svg = paint(strip(0, 1), darken(colour, 0.42), stroke=darken(colour, 0.62), stroke_width=0.5)
            svg += paint(strip(0.1, 0.72), colour)
            svg += paint(strip(0.2, 0.26), lighten(colour, gloss), opacity=0.8)
        self.add(layer, sum(p[2] for p in spots) / len(spots) - nearer, svg)

    def turned(
        self, top: Solid3, foot: Solid3, width: float, colour: str, layer: float = 0, style: int = 0
    ) -> None:
        """A lathe-turned leg; ``style`` 0 is a plain taper, 1 and 2 have swellings and rings."""
        steps = {
            0: ((0, 1), (0.5, 0.9), (1, 0.62)),
            1: ((0, 0.8), (0.2, 0.85), (0.36, 1.25), (0.44, 0.6), (0.5, 0.95), (0.8, 0.75), (1, 0.55)),
            2: ((0, 0.7), (0.12, 1.1), (0.2, 0.6), (0.5, 1.3), (0.78, 0.6), (0.86, 1.0), (1, 0.5)),
        }[style]
        line3 = [tuple(a + (c - a) * t for a, c in zip(top, foot, strict=True)) for t, _ in steps]
        self.tube(line3, [width * w for _, w in steps], colour, layer)

    def slab(
        self,
        outline: Sequence[Point],
        y0: float,
        y1: float,
        colour: str,
        layer: float = 1,
        smooth: bool = True,
        lines: int = 9,
        marks: Callable[[str], str] | None = None,
        shine: float = 0.0,
    ) -> None:
        """A flat piece with the (x, z) ``outline``; ``marks`` paints on the top."""
        b = self.b
        up, down = ([self.at((x, y, z)) for x, z in outline] for y in (y1, y0))
        ring = [(p[0], p[1]) for p in up]
        path = curve(ring) if smooth else polygon(ring)
        skirt = hull([*ring, *((p[0], p[1]) for p in down)])
        side = curve(skirt, tension=0.5) if smooth else polygon(skirt)
        edge = b.across([(0, lighten(colour, 0.12)), (0.35, darken(colour, 0.14)), (1, darken(colour, 0.5))])
        x = 0.0 if b.side < 0 else 1.0
        face = b.linear(
            [(0, lighten(colour, 0.34)), (0.5, lighten(colour, 0.14)), (1, darken(colour, 0.08))],
            (x, 0),
            (1 - x, 1),
        )
        left, top, right, low = bounds(ring)
        quad = [(left, top), (right, top), (right, low), (left, low)]
        inner = grain(b, quad, lines, colour, 0.28) if lines and not self.distant else ""
        if shine and not self.distant:
            wide, tall = right - left, low - top
            cx, cy = (left + right) / 2 + b.side * wide * 0.2, (top + low) / 2
            inner += b.spot(cx, cy, wide * 0.34, tall * 0.42, "#fff8ea", shine)
        if marks:
            inner += marks(path)
        svg = paint(side, edge, stroke=darken(colour, 0.6), stroke_width=0.5) + paint(path, face)
        svg += (b.clip(path, inner) if inner else "") + line(path, lighten(colour, 0.55), 0.8, opacity=0.6)
        self.add(layer, sum(p[2] for p in up) / len(up), svg)

    def block(
        self,
        low: Sequence[Solid3],
        high: Sequence[Solid3],
        colour: str,
        layer: float = 0,
        lines: int = 0,
        nearer: float = 0.0,
    ) -> None:
        """A six-sided block between two rings of four corners."""
        faces = [low, high, *([low[i - 1], low[i], high[i], high[i - 1]] for i in range(4))]
        every = [*low, *high]
        middle = self.world(tuple(sum(p[a] for p in every) / 8 for a in range(3)))
        parts = []
        for face in faces:
            w = [self.world(p) for p in face]
            n = _normal(w[0], w[1], w[3])
            size = math.hypot(*n)
            if size < 0.01:
                continue
            centre = tuple(sum(p[a] for p in w) / 4 for a in range(3))
            if sum(n[a] * (centre[a] - middle[a]) for a in range(3)) < 0:
                n = tuple(-v for v in n)
            eye = [-self.forward[a] * self.reach - centre[a] for a in range(3)]
            if sum(n[a] * eye[a] for a in range(3)) <= 0:
                continue
            tone = self.tone(colour, tuple(v / size for v in n))
            flat = [self.at(p)[:2] for p in face]
            d = polygon(flat)
            x = 0.0 if self.b.side < 0 else 1.0
            shade = self.b.linear([(0, lighten(tone, 0.1)), (1, darken(tone, 0.16))], (x, 0), (1 - x, 1))
            parts.append(
                paint(d, shade, stroke=darken(tone, 0.35), stroke_width=0.5, stroke_linejoin="round")
            )
            if lines:
                a, c = (math.dist(flat[0], flat[1]), math.dist(flat[1], flat[2]))
                quad = flat if a > c else [*flat[1:], flat[0]]
                if min(a, c) > 1.5:
                    parts.append(grain(self.b, quad, lines if min(a, c) > 8 else 2, tone))
        depth = sum(self.at(p, False)[2] for p in every) / 8
        self.add(layer, depth - nearer, "".join(parts))

    def box(self, x: Point, y: Point, z: Point, colour: str, layer: float = 0, lines: int = 0) -> None:
        """An upright block from ranges of x, y and z."""
        rings = [[(x[0], h, z[0]), (x[1], h, z[0]), (x[1], h, z[1]), (x[0], h, z[1])] for h in y]
        self.block(rings[0], rings[1], colour, layer, lines)

    def sheet(
        self,
        surface: Callable[[float, float], Solid3],
        nu: int,
        nv: int,
        colour: str,
        layer: float = 2,
        nearer: float = 0.0,
        rim: float = 1.0,
        back: str = "",
    ) -> None:
        """A bent sheet ``surface(u, v)`` for u, v in 0..1; ``back`` colours its other side."""
        if self.distant:
            nu, nv = max(3, nu // 2), max(1, nv // 2)
        net = [[surface(i / nu, j / nv) for j in range(nv + 1)] for i in range(nu + 1)]
        seen = [[self.at(p) for p in row] for row in net]
        cells = []
        for i in range(nu):
            for j in range(nv):
                w = [self.world(net[a][c]) for a, c in ((i, j), (i + 1, j), (i, j + 1))]
                n = _normal(*w)
                size = math.hypot(*n) or 1.0
                eye = [-self.forward[a] * self.reach - w[0][a] for a in range(3)]
                sign = 1.0 if sum(n[a] * eye[a] for a in range(3)) > 0 else -1.0
                tone = self.tone(back if back and sign < 0 else colour, tuple(v / size * sign for v in n))
                ring = [seen[i][j], seen[i + 1][j], seen[i + 1][j + 1], seen[i][j + 1]]
                cells.append((-sum(p[2] for p in ring), polygon(ring), tone))
        under = "".join(d for _, d, _ in cells)
        svg = line(under, darken(colour, 0.6), rim * 1.6, stroke_linejoin="round") if rim else ""
        svg += "".join(paint(d, t, stroke=t, stroke_width=0.8) for _, d, t in sorted(cells))
        every = [p for row in seen for p in row]
        self.add(layer, sum(p[2] for p in every) / len(every) - nearer, svg)

    def stroke(self, p: Solid3, q: Solid3) -> str:
        """Path of a straight line between two points, for marks on what is there already."""
        (ax, ay, *_), (bx, by, *_) = self.at(p, False), self.at(q, False)
        return track("M", ax, ay, "L", bx, by)

    def foot(self, x: float, z: float, r: float = 3.0) -> None:
        """Note that something rests on the ground here."""
        px, py, _, k = self.at((x, 0, z))
        self.feet.append((px, py, r * k))

    def seat(self, x: float, y: float, z: float, width: float) -> None:
        """Note that a small object may stand or lie here."""
        px, py, _, k = self.at((x, y, z), False)
        self.seats.append((px, py, width * k))

    def drawing(self) -> str:
        """All parts, far ones first."""
        return "".join(svg for _, _, svg in sorted(self.items, key=lambda item: item[:2]))

    def sprite(self, pad: float = 4.0, **extra: object) -> Sprite:
        """Everything as a sprite that stands on its nearest foot."""
        base = max(f[1] for f in self.feet)
        middle = (min(f[0] for f in self.feet) + max(f[0] for f in self.feet)) / 2
        x0, y0, x1, y1 = bounds([(x - middle, y - base) for x, y in self.points])
        contacts = [(x - middle, y - base, r * 1.2, r * 0.45) for x, y, r in self.feet]
        svg = f'<g transform="translate({-middle:.2f} {-base:.2f})">{self.drawing()}</g>'
        box = (x0 - pad, y0 - pad, x1 + pad, y1 + pad)
        return Sprite(
            svg,
            box,
            METRE,
            contacts,
            seats=[(x - middle, y - base, width) for x, y, width in self.seats],
            parts=[(c, (a - middle, t - base, e - middle, d - base)) for c, (a, t, e, d) in self.parts],
            **extra,
        )
