"""Buses: double-decker, city, school, coach, minibus, vintage and articulated, from any side."""

from __future__ import annotations

import math

from ..forms.wheeled import Vehicle, shadow_strip
from ..registry import ROADS, Kind
from ..toolkit.brush import Brush, Sprite, box, curve, ellipse, line, paint, polygon, polyline, rounded
from ..toolkit.colour import darken, lighten
from .bus_body import plan
from .bus_models import MODELS
from .bus_side import Side


class Bus(Side):
    """The body with all that is on its front and rear."""

    def tail(self) -> str:
        """Rear wall: window, lamps, engine grille, plate."""
        o, b = self.o, self.b
        parts = []
        for y0, y1 in o.decks:
            parts.append(
                self.glass(
                    [self.end([(-0.76, y1), (0.76, y1), (0.76, y0 + 0.15), (-0.76, y0 + 0.15)], True)],
                    True,
                    9,
                )
            )
        for s in (-1, 1):
            for y, colour in ((1.02, "#c8242a"), (0.84, "#e08a2a"), (0.68, "#e9e6e0")):
                lamp = self.end(
                    [(s * 0.9, y + 0.08), (s * 0.74, y + 0.08), (s * 0.74, y - 0.07), (s * 0.9, y - 0.07)],
                    True,
                )
                parts.append(paint(rounded(lamp, 4), b.lit(colour), stroke="#1c1c20", stroke_width=1))
        for y in (0.72, 0.8, 0.88, 0.96):
            bar = polyline(self.end([(-0.45, y), (0.45, y)], True))
            parts.append(line(bar, darken(self.body, 0.65), 4))
        if self.name == "school":
            ring = self.end([(-0.3, 1.62), (0.3, 1.62), (0.3, 0.7), (-0.3, 0.7)], True)
            parts.append(paint(rounded(ring, 4), stroke="#1d1d20", stroke_width=3))
        return "".join(parts) + self.bumper(True)

    def bumper(self, rear: bool) -> str:
        """Bumper bar and number plate."""
        b, low = self.b, 0.36
        ts = (-1, -0.9, -0.5, 0, 0.5, 0.9, 1)
        ring = [
            *self.end([(t, low + 0.22) for t in ts], rear, 0.05),
            *self.end([(t, low) for t in ts[::-1]], rear, 0.05),
        ]
        shade = "#c4c8cb" if self.chrome else "#1f2024" if self.name == "school" else darken(self.skirt, 0.35)
        out = paint(
            polygon(ring), b.linear([(0, lighten(shade, 0.35)), (0.5, shade), (1, darken(shade, 0.5))])
        )
        plate = self.end([(-0.22, 0.58), (0.22, 0.58), (0.22, 0.44), (-0.22, 0.44)], rear, 0.07)
        out += paint(polygon(plate), "#f0ecd8" if rear else "#f4f2ea", stroke="#222226", stroke_width=1)
        return out + paint(
            polyline(self.end([(-0.18, 0.51), (0.18, 0.51)], rear, 0.07)),
            stroke="#26262c",
            stroke_width=7,
            stroke_dasharray="4 2 5 2 4 5",
        )

    def face(self) -> str:
        """Front wall: windscreens, route board, lamps, grille, wipers, mirrors."""
        o, b, parts = self.o, self.b, []
        reach = 0.95 if self.name != "vintage" else 0.82
        for deck, (y0, y1) in enumerate(o.decks):
            low = y0 - (0.28 if not deck and self.name not in ("vintage", "school") else 0.0)
            top = y1 if deck or self.name in ("vintage", "school", "mini") else y1 - 0.02
            halves = (
                ((-reach, -0.02), (0.02, reach))
                if deck or self.name in ("vintage", "school", "double", "city")
                else ((-reach, reach),)
            )
            rings = []
            for a, z in halves:
                ts = [a + (z - a) * i / 6 for i in range(7)]
                rings.append(
                    [*self.end([(t, top) for t in ts], False), *self.end([(t, low) for t in ts[::-1]], False)]
                )
            parts.append(self.glass(rings, bool(deck), 7))
            if not deck:
                seat = self.end([(0.45, low + 0.1), (0.45, low + 0.55)], False)
                x, y = seat[1]
                s = abs(seat[0][1] - seat[1][1]) * 0.28
                wheel = self.end([(0.6, low + 0.12), (0.3, low + 0.12)], False)
                parts.append(
                    paint(
                        ellipse(x, y, s * 0.75, s) + ellipse(x, y + s * 2.2, s * 1.5, s * 1.4), "#0d1418", 0.6
                    )
                )
                parts.append(line(polyline(wheel), "#0a0d10", 4, opacity=0.7))
                wipers = []
                for t0, t1 in ((-0.6, -0.2), (0.2, 0.6)):
                    wipers.append(polyline(self.end([(t0, low + 0.02), (t1, low + 0.5)], False)))
                parts.append(line("".join(wipers), "#101214", 2.4))
        y1 = o.decks[0][1]
        if self.name != "school" or not o.nose:
            up = min(o.height - o.roof * 0.5 - 0.28, y1 + 0.06)
            wide = 0.5 if self.name == "mini" else 0.68
            board = self.end(
                [(-wide, up + 0.3), (wide, up + 0.3), (wide, up + 0.02), (-wide, up + 0.02)], False, 0.03
            )
            parts.append(paint(rounded(board, 4), "#141519", stroke="#3a3c40", stroke_width=1.4))
            text = self.end([(-wide + 0.12, up + 0.16), (wide - 0.12, up + 0.16)], False, 0.035)
            tint = b.rng.choice(("#f5ab34", "#f2efe4", "#ffd24a"))
            parts.append(
                paint(
                    polyline(text),
                    stroke=tint,
                    stroke_width=13,
                    stroke_dasharray="9 4 12 14 8 3 10 3 7 3 11 3",
                )
            )
        if not o.nose:
            parts.append(self.bumper(False) + self.headlamps())
        return "".join(parts)

    def headlamps(self) -> str:
        """Lamps and grille between them."""
        b, parts, y = self.b, [], 0.82
        deep = 0.13
        grille = self.end(
            [(-0.5, y + deep), (0.5, y + deep), (0.44, y - deep), (-0.44, y - deep)], False, 0.03
        )
        if self.name in ("vintage", "double", "mini") or self.lamps < 0.4:
            parts.append(
                paint(
                    rounded(grille, 8),
                    "#1a1b1f",
                    stroke="#c4c8cb" if self.chrome else "#3a3c40",
                    stroke_width=2,
                )
            )
            for i in range(1, 5):
                v = y + deep - i * deep * 0.4
                bar = polyline(self.end([(-0.44, v), (0.44, v)], False, 0.04))
                parts.append(line(bar, "#8f9499", 2.2, opacity=0.8))
        for s in (-1, 1):
            for t, r in ((0.76, 0.13), (0.56, 0.1)) if self.name != "vintage" else ((0.72, 0.15),):
                ring = self.end(
                    [
                        (s * t + r / self.w * math.cos(a), y + r * math.sin(a))
                        for a in (i * math.tau / 12 for i in range(12))
                    ],
                    False,
                    0.04,
                )
                glass = b.linear([(0, "#ffffff"), (0.5, "#dfe8ea"), (1, "#93a5ac")])
                parts.append(
                    paint(curve(ring), glass, stroke="#d4d6d8" if self.chrome else "#26282c", stroke_width=3)
                )
            ring = self.end(
                [(s * 0.95, y + 0.1), (s * 0.9, y + 0.1), (s * 0.9, y - 0.1), (s * 0.95, y - 0.1)],
                False,
                0.03,
            )
            parts.append(paint(rounded(ring, 3), "#e8902a"))
        return "".join(parts)

    def bonnet(self) -> str:
        """The long nose of a school bus."""
        o, m, b = self.o, self.m, self.b
        rows = []
        for y, inset in ((0.5, 0.0), (0.9, 0.0), (1.3, 0.03), (1.46, 0.1), (1.54, 0.24)):
            w, x0, r = 1.0 - inset, inset * 0.8, 0.16
            rows.append(plan(y, x0 + r, o.nose, w - r, r, 5))
        m.mesh(rows, self.body, 0.5)
        parts = [self.flush()]
        if math.sin(m.cam.yaw) > 0.12:
            grille = [m.cam(-0.01, y, z) for z, y in ((-0.5, 1.28), (0.5, 1.28), (0.5, 0.72), (-0.5, 0.72))]
            parts.append(paint(rounded(grille, 5), "#17181b", stroke="#c4c8cb", stroke_width=2))
            bars = [(m.cam(-0.02, y, -0.46), m.cam(-0.02, y, 0.46)) for y in (0.8, 0.9, 1.0, 1.1, 1.2)]
            parts.append(line("".join(map(polyline, bars)), "#a4a8ac", 2.4))
            for z in (-0.74, 0.74):
                ring = [
                    m.cam(-0.02, 1.0 + 0.13 * math.sin(a), z + 0.13 * math.cos(a))
                    for a in (i * math.tau / 12 for i in range(12))
                ]
                parts.append(
                    paint(
                        curve(ring),
                        b.linear([(0, "#ffffff"), (1, "#93a5ac")]),
                        stroke="#26282c",
                        stroke_width=2.4,
                    )
                )
            bar = [m.cam(-0.12, y, z) for z, y in ((-1.15, 0.66), (1.15, 0.66), (1.15, 0.42), (-1.15, 0.42))]
            parts.append(paint(polygon(bar), b.linear([(0, "#4a4c50"), (1, "#121214")])))
            flash = self.end([(-0.8, 2.82), (-0.5, 2.82), (0.5, 2.82), (0.8, 2.82)], False, 0.05)
            for (x, y), tint in zip(flash, ("#c8242a", "#e8902a", "#e8902a", "#c8242a"), strict=True):
                parts.append(paint(ellipse(x, y, 11), "#1c1c20") + paint(ellipse(x, y, 8), tint))
        return "".join(parts)

    def mirrors(self) -> str:
        """Mirrors on arms before the front."""
        o, b, parts = self.o, self.b, []
        y = o.decks[0][1] - 0.25
        for s in (-1, 1):
            root, tip = (
                self.m.cam(self.front_x(y) + 0.1, y + 0.2, s * self.w * 0.96),
                self.m.cam(self.front_x(y) - 0.18, y, s * (self.w + 0.2)),
            )
            self.m.xs.extend((tip[0] - 14, tip[0] + 14))
            parts.append(line(polyline([root, (tip[0], tip[1] - 16)]), "#1b1c20", 4))
            parts.append(
                paint(
                    box(tip[0] - 9, tip[1] - 18, 18, 42, 7),
                    b.lit("#26272b"),
                    stroke="#111114",
                    stroke_width=1,
                )
            )
        return "".join(parts)

    def paint(self) -> str:
        """All of it, back to front."""
        m, w, o = self.m, self.w, self.o
        floor = [
            m.at((x, y, z))
            for x, y, z in (
                (0.4, 0.36, -w),
                (o.length - 0.3, 0.36, -w),
                (o.length - 0.3, 0.2, w),
                (0.4, 0.2, w),
            )
        ]
        yaw = m.cam.yaw
        under = paint(polygon(floor), "#08080b") if abs(math.cos(yaw)) > 0.12 else ""
        parts = [under, self.wheels(False)]
        if abs(math.cos(yaw)) < 0.12:
            parts.append(self.wheels(True))
        if o.nose and yaw < 0:
            parts.append(self.bonnet())
        seen = _end_seen(m, o.length)
        parts += [self.mirrors() if seen == "rear" else "", self.walls()]
        if abs(math.cos(yaw)) >= 0.12:
            parts.append(self.near_side())
        if seen == "rear":
            parts.append(self.tail())
        elif seen == "front":
            parts.append(self.face())
        if o.nose and yaw >= 0:
            parts.append(self.bonnet())
            if abs(math.cos(yaw)) >= 0.12:
                parts.append(self.wheels(True))
        return "".join(parts) + (self.mirrors() if seen != "rear" else "")


def _end_seen(m: Vehicle, length: float) -> str:
    """Which end is turned to the viewer: "front", "rear" or neither."""
    reach = m.cam.away * math.sin(m.cam.yaw)
    return "front" if reach > length / 2 * 1.02 else "rear" if reach < -length / 2 * 1.02 else ""


def draw(b: Brush, view: str) -> Sprite:
    """One bus; ``view`` is "side", "front_quarter", "rear_quarter", "front" or "rear"."""
    rng = b.rng
    name = rng.choice([*MODELS, "double", "city", "school", "coach"])
    low, high = {
        "side": (-0.04, 0.12),
        "front_quarter": (0.62, 1.1),
        "rear_quarter": (-1.05, -0.65),
        "front": (1.5, 1.57),
        "rear": (-1.57, -1.5),
    }[view]
    bus = Bus(b, name, rng.uniform(low, high))
    svg, m, w = bus.paint(), bus.m, bus.w
    contacts = [m.contact(x, z, 40, 8) for x in bus.o.wheels for z in (-w, w)]
    contacts.append(shadow_strip(m.cam, 0.3, bus.o.length - 0.3, w * 0.9))
    return m.sprite(svg, contacts, relief=0.25)


KIND = Kind(
    draw,
    (
        "side",
        "side",
        "front_quarter",
        "front_quarter",
        "front_quarter",
        "front_quarter",
        "rear_quarter",
        "front",
        "rear",
    ),
    (
        ("street", "road"),
        *ROADS,
        ("snow", "snow"),
    ),
    companions=("car", "car", "car", "person"),
    fill=(0.72, 0.96),
    several=0.2,
    portrait=0.03,
)
