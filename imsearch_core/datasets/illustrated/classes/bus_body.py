"""The body of a bus: walls and roof, glass and wheels, projected for any yaw."""

from __future__ import annotations

import math

from ..forms.wheeled import Camera, Vec, Vehicle
from ..toolkit.brush import Brush, Point, bounds, box, curve, ellipse, line, num, paint, polygon, rounded
from ..toolkit.colour import jitter, lighten
from .bus_models import MODELS


def plan(y: float, front: float, rear: float, half: float, r: float, steps: int) -> list[Vec]:
    """A rectangle at height ``y``; its corners are arcs of ``r`` about ``front`` or ``rear``, ±``half``."""
    ring = []
    for cx, cz, turn in ((front, -half, 2), (rear, -half, 3), (rear, half, 0), (front, half, 1)):
        for i in range(steps + 1):
            t = (turn + i / steps) * math.pi / 2
            ring.append((cx + r * math.cos(t), y, cz + r * math.sin(t)))
    return ring


class Body:
    """A bus being painted: its solid, and helpers to draw on its side and ends."""

    def __init__(self, b: Brush, name: str, yaw: float) -> None:
        rng = b.rng
        self.b, self.name, self.o = b, name, MODELS[name]
        o = self.o
        self.m = Vehicle(
            b, Camera(o.length, yaw, rng.uniform(1.4, 1.7), rng.uniform(2.0, 2.8) * max(9, o.length))
        )
        body, band, skirt = rng.choice(o.liveries)
        self.body, self.band, self.skirt = (jitter(rng, c, 0.012) for c in (body, band, skirt))
        self.w, self.lamps = o.width / 2, rng.random()
        self.chrome = name == "vintage" or rng.random() < 0.2

    def front_x(self, y: float) -> float:
        """x of the front wall at a height."""
        belt = self.o.decks[0][0] - 0.25
        bulge = 0.1 * ((y - 1.3) / 1.3) ** 2 if self.name == "vintage" else 0.0
        return self.o.nose + max(0.0, y - belt) * self.o.rake * (0.5 if self.name == "double" else 1) + bulge

    def ring(self, y: float, inset: float = 0.0) -> list[Vec]:
        """Outline of the body at height ``y``, rounded at the corners."""
        a, z, w = self.front_x(y) + inset, self.o.length - inset, self.w - inset
        r = max(0.04, self.o.corner - inset * 0.3)
        return plan(y, a + r, z - r, w - r, r, 6)

    def walls(self) -> str:
        """Livery bands from skirt to roof."""
        o, m = self.o, self.m
        sill, top = o.decks[0][0] - 0.12, o.height - o.roof
        cuts = [
            (0.3, 0.62, self.skirt),
            (0.62, sill, self.body),
            (sill, top, self.body if len(o.decks) > 1 else self.band),
        ]
        if len(o.decks) > 1:
            cuts[2:] = [
                (sill, o.decks[0][1] + 0.12, self.body),
                (o.decks[0][1] + 0.12, o.decks[1][0] - 0.1, self.band),
                (o.decks[1][0] - 0.1, top, self.body),
            ]
        if self.name in ("school", "coach"):
            cuts[2] = (sill, top, self.body)
        out = []
        for y0, y1, colour in cuts:
            m.mesh([self.ring(y0), self.ring((y0 + y1) / 2), self.ring(y1)], colour, 0.5, False)
            out.append(self.flush())
        arch = [
            self.ring(top + o.roof * math.sin(t), o.roof * (1 - math.cos(t)))
            for t in (i * math.pi / 16 for i in range(9))
        ]
        roof = self.band if self.name in ("vintage", "school", "double") else lighten(self.body, 0.2)
        m.mesh(arch, roof, 0.5, False)
        return "".join(out) + self.flush()

    def flush(self) -> str:
        """What has been collected so far."""
        svg, self.m.items = self.m.svg(), []
        return svg

    def side(self, points: list[Point], out: float = 0.0) -> list[Point]:
        """Project (x, y) points of the near wall."""
        return [self.m.cam(x, y, -self.w - out) for x, y in points]

    def end(self, points: list[Point], rear: bool, out: float = 0.02) -> list[Point]:
        """Project (t, y) points of front or rear wall; |t| above 0.86 turns into the corner."""
        found = []
        for t, y in points:
            r = self.o.corner
            z = t * self.w
            bend = max(0.0, abs(z) - (self.w - r))
            deep = r - math.sqrt(max(0.0, r * r - bend * bend))
            x = self.o.length - deep + out if rear else self.front_x(y) + deep - out
            found.append(self.m.cam(x, y, z))
        return found

    def glass(self, rings: list[list[Point]], heads: bool, radius: float = 5) -> str:
        """Window panes as one path with cabin, passengers and reflections."""
        b, rng = self.b, self.b.rng
        d = "".join(rounded(ring, radius) for ring in rings)
        left, top, right, low = bounds([p for ring in rings for p in ring])
        dark, shine = [], []
        for ring in rings:
            x0, y0, x1, y1 = bounds(ring)
            w, h = x1 - x0, y1 - y0
            dark.append(box(x0, y0 + h * 0.8, w, h * 0.3))
            if heads:
                for u in (0.28, 0.74):
                    s = min(h * 0.14, w * 0.2)
                    if rng.random() < 0.5:
                        x, y = x0 + w * u, y0 + h * rng.uniform(0.48, 0.58)
                        dark.append(ellipse(x, y, s * 0.72, s))
                        dark.append(ellipse(x, y + s * 2.5, s * 1.5, s * 1.7))
                    dark.append(box(x0 + w * u + s, y0 + h * 0.62, s * 1.6, h * 0.5, s * 0.5))
            lean = -b.side * h * 0.45
            u = rng.uniform(0.0, 0.5)
            for v, wide in ((u, 0.22), (u + 0.32, 0.08)):
                x = x0 + w * v
                shine.append(
                    polygon(
                        [
                            (x + lean, y0),
                            (x + w * wide + lean, y0),
                            (x + w * wide - lean, y0 + h),
                            (x - lean, y0 + h),
                        ]
                    )
                )
        sky = b.linear(
            [(0, "#b4cdd8"), (0.35, "#6d8995"), (0.7, "#3a4c55"), (1, "#222d33")], (0, top), (0, low), True
        )
        inside = paint("".join(dark), "#0b1116", 0.62) + paint("".join(shine), "#ffffff", 0.2)
        inside += paint(box(left, top, right - left, (low - top) * 0.06), "#0b1116", 0.4)
        return paint(d, sky) + b.clip(d, inside) + paint(d, stroke="#16191c", stroke_width=2.2)

    def panes(self) -> list[list[Point]]:
        """Side windows, leaving out the lower-deck doors and the bellows."""
        o, rings = self.o, []
        for deck, (y0, y1) in enumerate(o.decks):
            x0, x1 = o.nose + o.corner + (0.3 if not deck else 0.05) + o.rake * 1.2, o.length - o.corner - 0.1
            count = max(3, round((x1 - x0) / o.pane))
            if not deck:
                blocks = [*o.doors, o.joint]
                stops = sorted(v for block in blocks if block[1] for v in block)
                spans, start = [], x0
                for a, z in zip(stops[::2], stops[1::2], strict=True):
                    spans.append((start, a - 0.06))
                    start = z + 0.06
                spans.append((start, x1))
            else:
                spans = [(x0, x1)]
            for a, z in spans:
                n = max(1, round((z - a) / ((x1 - x0) / count)))
                if z - a < 0.3:
                    continue
                step = (z - a) / n
                for i in range(n):
                    p, q = a + i * step + 0.035, a + (i + 1) * step - 0.035
                    rings.append(self.side([(p, y1), (q, y1), (q, y0), (p, y0)]))
        return rings

    def wheels(self, near: bool) -> str:
        """Arches, tyres, rims and nuts."""
        o, m, b, parts, r = self.o, self.m, self.b, [], self.o.radius
        for x in o.wheels:
            z = -self.w if near else self.w
            if near:
                arch = [
                    (x + r * 1.2 * math.cos(t), max(0.3, r + r * 1.2 * math.sin(t)))
                    for t in (i * math.pi / 10 for i in range(11))
                ]
                parts.append(paint(polygon(self.side(arch, 0.004)), "#0c0c0f"))
                rim = self.side(arch, 0.006)
                parts.append(line(curve(rim, False), lighten(self.body, 0.4), 2, opacity=0.6))
            k = m.scale((x, r, z))
            inner = m.circle(x, r, z * 0.86, r - 0.14)
            parts.append(paint(inner, "#101012", stroke="#131316", stroke_width=num(0.28 * k)))
            if near:
                face = z * 0.98
                parts.append(
                    paint(m.circle(x, r, face, r * 0.96), b.linear([(0, "#3a3a3e"), (1, "#17171a")]))
                )
                shade = "#c9ccce" if self.name != "school" else "#d8d8d4"
                parts.append(
                    paint(
                        m.circle(x, r, face, r * 0.6), b.lit(shade, 1.4), stroke="#2a2c30", stroke_width=1.5
                    )
                )
                parts.append(paint(m.circle(x, r, face, r * 0.4), "#5d6064", 0.7))
                parts.append(
                    paint(
                        m.circle(x, r, face, r * 0.3),
                        stroke="#e2e4e6",
                        stroke_width=num(0.03 * k),
                        stroke_dasharray="3 5",
                    )
                )
                parts.append(paint(m.circle(x, r, face, r * 0.2), b.lit("#b8bcc0", 1.4)))
        return "".join(parts)
