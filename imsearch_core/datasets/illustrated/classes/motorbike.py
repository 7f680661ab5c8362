"""Motorbikes: sports, cruiser, chopper, classic, café racer, scooter, dirt and touring bikes."""

from __future__ import annotations

import math

from ..forms.wheeled import shadow_strip
from ..registry import ROADS, Kind
from ..toolkit.brush import Brush, Sprite, curve, line, num, paint, polyline
from ..toolkit.colour import darken
from .motorbike_engine import CHROME, Gear
from .motorbike_models import STYLES


class Machine(Gear):
    """The running gear with its front end, rear end and bodywork."""

    def front_end(self) -> None:
        """All that steers: wheel, fork, mudguard, bars, mirrors, lamp."""
        o, m = self.style, self.m
        m.pose = self.steer
        self.wheel(self.front, o.front, o.wheels)
        (fx, fy), (hx, hy) = self.front, self.head
        gap = 0.075 + o.front[1] * 0.35
        tx, ty = hx - 0.06 * o.axis[1], hy + 0.06 * o.axis[0]
        split = 0.45
        mid = (fx + (tx - fx) * split, fy + (ty - fy) * split)
        upper = "#c9993a" if self.name in ("dirt", "sport") else CHROME
        if self.name == "scooter":
            m.tubes([[(fx, fy, -gap), (fx + 0.05, fy + 0.14, -gap)]], 0.06, "#8f9498", 0.8)
        for z in (gap, -gap) if self.name != "scooter" else ():
            m.tubes([[(fx, fy, z), (*mid, z)]], 0.062, "#34363a" if self.dark else "#9ea2a6", 0.8)
            m.tubes([[(*mid, z), (tx, ty, z)]], 0.045, upper, 1)
        if o.fender[1]:
            shade = self.paints["colour"] if self.name != "cafe" else CHROME
            self.guard(self.front, o.front[0] + 0.025, *o.fender, o.front[1] * 0.62, shade)
        rise, back, half = o.bars
        bx, by = tx + 0.02, ty + 0.03
        chrome = "#2c2e32" if self.dark else CHROME
        for side in (1, -1):
            z = side * half
            run = [
                (bx, by, 0),
                (bx, by + rise * 0.5, z * 0.3),
                (bx + back * 0.3, by + rise, z * 0.6),
                (bx + back * 0.7, by + rise, z * 0.85),
            ]
            m.tubes([run], 0.032, chrome, 1, True)
            m.tubes([[run[-1], (bx + back, by + rise - 0.015, z * 1.12)]], 0.05, "#1f2023", 0.2)
            m.tubes(
                [
                    [
                        (bx + back * 0.6, by + rise, z * 0.8),
                        (bx + back * 0.5 - 0.06, by + rise - 0.02, z * 1.1),
                    ]
                ],
                0.018,
                "#c6cacd",
                1,
            )
            if self.name != "dirt":
                ex, ey, ez = bx + 0.02, by + rise + 0.17, z * 1.05
                m.tubes([[(bx + back * 0.5, by + rise, z * 0.75), (ex, ey - 0.02, ez)]], 0.018, chrome, 1)
                m.loft(
                    [(ex - 0.025, ey), (ex + 0.012, ey)], [(0.03, 0.045), (0.045, 0.07)], chrome, 1, ez, 14, 1
                )
        m.put(
            line(
                curve(
                    [
                        m.at(p)
                        for p in (
                            (bx, by + rise, -half * 0.6),
                            (bx - 0.14, by - 0.1, -half * 0.4),
                            (hx - 0.04, hy - 0.25, -0.05),
                        )
                    ],
                    False,
                ),
                "#1b1c20",
                1.3,
            ),
            (bx - 0.1, by, -0.1),
        )
        if o.lamp:
            self.lamp(*o.lamp)
        m.pose = None

    def lamp(self, x: float, y: float, r: float) -> None:
        """Headlamp bowl and glass, with indicators on bare forks."""
        m, x = self.m, x + self.x0
        inset = self.name in ("sport", "touring")
        if not inset:
            m.loft([(x - 0.05, y), (x, y), (x + 0.1, y)], [(r, r), (r, r), (r * 0.4, r * 0.4)], CHROME, 2)
            for z in (0.2, -0.2):
                m.tubes([[(x + 0.1, y - 0.02, z * 0.4), (x + 0.08, y - 0.02, z)]], 0.02, CHROME, 1)
                m.loft(
                    [(x + 0.05, y - 0.02), (x + 0.1, y - 0.02)], [(0.03, 0.03)] * 2, "#e0842a", 1, z, 12, 1
                )
        zs = (r * 1.3, -r * 1.3) if self.name == "sport" else (0.0,)
        for z in zs:
            at = x - 0.055 if not inset else x - 0.02
            ring = [
                (
                    at + (0.09 if inset and abs(z) else 0.0) * abs(math.sin(a)),
                    y + r * math.cos(a) * (0.62 if inset else 0.88),
                    z + r * 1.15 * math.sin(a),
                )
                for a in (i * math.tau / 14 for i in range(14))
            ]
            if m.s > 0.15:
                glass = self.b.linear([(0, "#fdfdf4"), (0.5, "#d9e4e6"), (1, "#8fa4ac")])
                m.plate(ring, glass, True, (x - 0.4, y, z), stroke="#2a2c30", stroke_width=1.4)

    def rear_end(self) -> None:
        """Rear wheel, swing arm, chain, shocks, mudguard, tail lamp."""
        o, m, (rx, ry) = self.style, self.m, self.rear
        self.wheel(self.rear, o.rear, o.wheels)
        r = o.rear[0]
        mid = o.base * 0.47 + self.x0 + 0.28
        if self.name != "scooter":
            for z in (0.11 + o.rear[1] * 0.2, -0.11 - o.rear[1] * 0.2):
                m.tubes(
                    [[(mid, 0.4, z * 0.8), (rx, ry, z)]],
                    0.055,
                    "#2a2c30" if self.name != "sport" else "#a4a8ac",
                )
                if o.shocks and self.name != "chopper":
                    a, c = (rx - 0.1, o.head - 0.2, z), (rx - 0.03, ry + 0.04, z)
                    m.tubes([[a, c]], 0.034, CHROME, 1)
                    k = m.scale(a)
                    svg = paint(
                        polyline([m.at(a), m.at(c)]),
                        stroke="#24262a",
                        stroke_width=num(0.07 * k),
                        stroke_dasharray="2.2 1.6",
                    )
                    m.put(svg, ((a[0] + c[0]) / 2, 0.6, z * 1.15))
            k = m.scale((rx, ry, 0))
            sprocket = m.circle(rx, ry, -0.09, 0.1)
            m.put(paint(sprocket, stroke="#6c6f74", stroke_width=num(0.03 * k)), (rx, ry, -0.1))
            m.tubes(
                [
                    [(mid - 0.08, 0.45, -0.1), (rx, ry + 0.1, -0.1)],
                    [(mid - 0.08, 0.33, -0.1), (rx, ry - 0.1, -0.1)],
                ],
                0.02,
                "#4a4c50",
                0.8,
            )
        if self.name in ("classic", "cruiser", "chopper", "touring"):
            arc = {"cruiser": (-0.35, 2.0), "chopper": (0.15, 2.2)}.get(self.name, (0.1, 1.9))
            self.guard(self.rear, r + 0.04, *arc, o.rear[1] * 0.62, self.paints["colour"])
        elif self.name in ("cafe", "sport"):
            self.guard(self.rear, r + 0.03, 0.75, 2.1, o.rear[1] * 0.5, "#26272b")
        spot = {
            "sport": (1.6, 0.95),
            "cafe": (1.48, 0.8),
            "dirt": (1.5, 0.93),
            "scooter": (1.46, 0.46),
            "touring": (1.95, 0.98),
        }
        lx, ly = spot.get(self.name, (o.base + r * 0.86, r * 1.6))
        m.loft([(lx + self.x0, ly), (lx + self.x0 + 0.05, ly)], [(0.035, 0.05)] * 2, "#c21f26", 1, 0, 14, 1)

    def bodywork(self) -> None:
        """Tank, seat, fairings, panniers, screen, stripe, stand."""
        o, m, b = self.style, self.m, self.b
        for i, (shade, spine, sizes, square) in enumerate(o.bodies):
            moved = [(x + self.x0, y) for x, y, *_ in spine]
            gloss = {"seat": 0.25, "black": 0.2, "chrome": 2}.get(shade, 1.0)
            near = (sum(p[0] for p in moved) / len(moved), 0.6 + i * 0.05, -max(s[1] for s in sizes) * 0.9)
            m.loft(moved, sizes, self.paints[shade], gloss, around=30, square=square, steps=6, order=near)
        x0 = self.x0
        if self.name in ("sport", "touring"):
            tall = 0.3 if self.name == "touring" else 0.12
            w = 0.26 if self.name == "touring" else 0.14
            by = 1.08 if self.name == "touring" else 0.93
            rows = [
                [
                    (x0 + f + 0.06 * abs(t) ** 2 + u * 0.2, by + u * tall, t * w * (1 - 0.25 * u))
                    for t in (-1, -0.5, 0, 0.5, 1)
                ]
                for u, f in ((0.0, 0.02), (1.0, 0.06))
            ]
            ring = [*rows[0], *rows[1][::-1]]
            glass = b.linear([(0, "#cfe0e6"), (0.5, "#8fa8b2"), (1, "#4a5c64")])
            m.plate(ring, glass, True, (x0 + 0.05, 0.9, -0.3), 0.72, stroke="#2a3238", stroke_width=1.2)
        if self.name == "touring":
            for z in (0.3, -0.3):
                m.loft(
                    [(x0 + 1.3, 0.58), (x0 + 1.4, 0.6), (x0 + 1.7, 0.6), (x0 + 1.86, 0.6)],
                    [(0.12, 0.06), (0.17, 0.1), (0.17, 0.1), (0.12, 0.06)],
                    self.paints["colour"],
                    0.9,
                    z,
                    20,
                    3,
                    0.55,
                )
        if self.name in ("classic", "cafe", "cruiser", "chopper"):
            _, spine, sizes, _ = o.bodies[0]  # the tank
            (tx, ty, *_), half = spine[2], sizes[2]
            ring = [
                (tx + x0 + 0.13 * math.cos(a), ty + 0.055 * math.sin(a), -half[1] * 0.98)
                for a in (i * 0.45 for i in range(14))
            ]
            trim = b.rng.choice(("#e8dcc0", "#d8d8d4", "#2a2b2f", "#d8a92a"))
            m.plate(ring, trim, True, (tx + x0, 0.9, -0.3), 0.9, stroke=darken(trim, 0.4), stroke_width=0.8)
        if self.name == "sport":
            d = [(0.32, 0.74), (0.52, 0.66), (0.9, 0.46), (0.84, 0.42), (0.5, 0.52), (0.3, 0.66)]
            trim = b.rng.choice(("#f0efea", "#1d1e22", "#e0b030"))
            m.plate([(x + x0, y, -0.215) for x, y in d], trim, False, (x0 + 0.5, 0.6, -0.4), 0.95)
            vent = [(0.5, 0.5), (0.68, 0.44), (0.66, 0.36), (0.5, 0.4)]
            m.plate([(x + x0, y, -0.212) for x, y in vent], "#141518", False, (x0 + 0.5, 0.6, -0.4))
        mid = o.base * 0.5 + x0
        m.tubes([[(mid, 0.26, -0.08), (mid + 0.12, 0.0, -0.24)]], 0.028, "#2c2e32")
        if self.name != "scooter":
            m.tubes([[(mid + 0.2, 0.34, -0.1), (mid + 0.2, 0.34, -0.26)]], 0.04, "#1f2023")


def draw(b: Brush, view: str) -> Sprite:
    """One motorbike; ``view`` is "side", "front_quarter", "rear_quarter" or "front"."""
    rng = b.rng
    name = rng.choice([*STYLES, "sport", "cruiser", "classic", "scooter"])
    low, high = {
        "side": (-0.1, 0.18),
        "front_quarter": (0.45, 0.95),
        "rear_quarter": (-0.8, -0.4),
        "front": (1.2, 1.42),
    }[view]
    bike = Machine(b, name, rng.uniform(low, high))
    for part in (bike.rear_end, bike.engine, bike.exhaust, bike.bodywork, bike.front_end):
        part()
    m = bike.m
    contacts = [m.contact(x, 0, 13, 4) for x in (bike.front[0], bike.rear[0])]
    contacts.append(shadow_strip(m.cam, bike.front[0], bike.rear[0], 0.15))
    return m.sprite(m.svg(), contacts, relief=0.2)


KIND = Kind(
    draw,
    ("side", "side", "side", "front_quarter", "front_quarter", "front_quarter", "rear_quarter", "front"),
    (
        *ROADS,
        ("farmyard", "yard"),
        ("meadow", "grass"),
        ("beach", "sand"),
        ("garden", "grass"),
    ),
    companions=("person", "person", "car", "bicycle"),
    fill=(0.62, 0.92),
    several=0.2,
    portrait=0.05,
)
