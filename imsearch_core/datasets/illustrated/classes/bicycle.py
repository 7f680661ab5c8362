"""Bicycles: road, mountain, city, BMX, folding, tandem and child's, from the side or aslant."""

from __future__ import annotations

import math

from ..forms.outline import convex
from ..registry import Kind
from ..toolkit.brush import Brush, Sprite, curve, line, num, paint, polygon, polyline
from ..toolkit.colour import darken, lighten
from .bicycle_frame import BUILDS, Chassis


class Bike(Chassis):
    """The chassis with all that is bolted to it."""

    def bars(self) -> None:
        """Stem, handlebar, grips, brake levers, cables, lamp."""
        o, m, b = self.build, self.m, self.b
        hx, hy = self.head
        top = self.up(self.head, max(0.02, (o.rise - hy) / self.axis[1]))
        kind, metal = o.bar, self.metal
        m.tubes([[(hx, hy, 0), (*top, 0)]], 0.03, metal, 1)
        reach = {"drop": 0.1, "flat": 0.08, "swept": 0.05, "bmx": 0.05}[kind]
        sx, sy = top[0] - reach, top[1] + (0.02 if kind != "bmx" else -0.02)
        m.tubes([[(*top, 0), (sx, sy, 0)]], 0.034, metal, 1)
        half = {"drop": 0.21, "flat": 0.3, "swept": 0.29, "bmx": 0.34}[kind] * (0.8 if o.radius < 0.21 else 1)
        cables = []
        for side in (1, -1):
            z = side * half
            if kind == "drop":
                run = [
                    (sx, sy, 0),
                    (sx, sy, z * 0.85),
                    (sx - 0.02, sy, z),
                    (sx - 0.09, sy - 0.01, z),
                    (sx - 0.11, sy - 0.07, z),
                    (sx - 0.06, sy - 0.13, z),
                    (sx + 0.06, sy - 0.14, z),
                ]
                m.tubes([run], 0.033, self.leather if self.leather != "#1d1d20" else "#26262b", 0.2, True)
                hood = [(sx - 0.08, sy, z), (sx - 0.13, sy + 0.05, z)]
                m.tubes([hood], 0.042, "#222226", 0.3)
                m.tubes([[(sx - 0.12, sy + 0.01, z), (sx - 0.13, sy - 0.09, z)]], 0.016, "#c6cace", 1)
                lever = (sx - 0.12, sy + 0.04, z)
            else:
                rise = {"flat": 0.03, "swept": 0.07, "bmx": 0.2}[kind]
                back = {"flat": 0.03, "swept": 0.24, "bmx": 0.08}[kind]
                run = [
                    (sx, sy, 0),
                    (sx, sy + rise * 0.3, z * 0.3),
                    (sx, sy + rise, z * 0.62),
                    (sx + back * 0.3, sy + rise, z * 0.9),
                    (sx + back * 0.6, sy + rise * 0.95, z),
                ]
                m.tubes([run], 0.026, metal, 1, True)
                end = (sx + back, sy + rise * 0.85, z * (1.02 if kind == "swept" else 1.3))
                m.tubes([[run[-1], end]], 0.042, self.leather, 0.2)
                lever = (sx - 0.05, sy + rise * 0.6, z * 0.92)
                m.tubes([[run[-2], lever]], 0.014, "#c6cace", 1)
            cables.append(
                [lever, (sx - 0.1, sy - 0.12, z * 0.4), (self.crown[0] - 0.02, self.crown[1] + 0.06, 0)]
            )
        if kind == "bmx":
            m.tubes([[(sx, sy + 0.13, -half * 0.5), (sx, sy + 0.13, half * 0.5)]], 0.024, metal, 1)
        k = m.scale((hx, hy, 0))
        for run in cables:
            m.put(line(curve([m.at(p) for p in run], False), "#222328", 0.008 * k), (sx - 0.1, sy, -0.05))
        if o.guards and o.radius > 0.21:
            lx, ly = self.crown[0] - 0.08, self.crown[1] + 0.08
            m.loft(
                [(lx - 0.05, ly), (lx, ly), (lx + 0.05, ly)],
                [(0.045,) * 2, (0.045,) * 2, (0.01,) * 2],
                "#c6cace",
                2,
            )
            m.loft([(lx - 0.056, ly), (lx - 0.05, ly)], [(0.036,) * 2] * 2, "#fff4cf", 0)
        if (self.name in ("city", "dutch") and b.rng.random() < 0.75) or (
            self.name == "child" and b.rng.random() < 0.4
        ):
            self.basket(sx - 0.02, sy - 0.06)

    def basket(self, x: float, y: float) -> None:
        """Wicker basket hung before the bars."""
        m, o = self.m, self.build
        s = 0.75 if o.radius < 0.21 else 1.0
        wicker = self.b.rng.choice(("#b98a4e", "#a8763e", "#6f4a2a"))
        rows = []
        for t, grow in ((0.0, 0.8), (0.5, 0.9), (1.0, 1.0)):
            w, d = 0.17 * s * grow, 0.13 * s * grow
            ring = []
            for i in range(20):
                c, q = math.cos(math.tau * i / 20), math.sin(math.tau * i / 20)
                u, v = math.copysign(abs(c) ** 0.55, c), math.copysign(abs(q) ** 0.55, q)
                ring.append((x - 0.15 * s + d * u, y - 0.2 * s + 0.24 * s * t, w * v))
            rows.append(ring)
        weave = []
        for t in range(1, 8):
            f = t / 8
            ring = [
                tuple(a + (c - a) * f for a, c in zip(p, q, strict=True))
                for p, q in zip(rows[0], rows[2], strict=True)
            ]
            points = [m.at(p) for p in ring]
            weave.append(curve(points))
        lower, upper = [m.at(p) for p in rows[0]], [m.at(p) for p in rows[2]]
        for p, q in zip(lower, upper, strict=True):
            weave.append(polyline([p, q]))
        inside = paint(curve(upper), darken(wicker, 0.55))
        rim = paint(curve(upper), stroke=darken(wicker, 0.3), stroke_width=4) + paint(
            curve(upper), stroke=lighten(wicker, 0.3), stroke_width=2
        )
        shell = self.b.clip(
            polygon([*upper, upper[0]]) + polygon(convex(sorted(lower + upper))),
            line("".join(weave), darken(wicker, 0.5), 1.1, opacity=0.6),
        )
        m.mesh(rows, wicker, 0.1, False, order=(x - 0.15 * s, y, -0.16), extra=shell + inside + rim)

    def drive(self) -> None:
        """Chainring, chain, cranks and pedals."""
        o, m, rng = self.build, self.m, self.b.rng
        spots = [self.bb] if o.seats == 1 else [self.bb, (self.bb[0] - 0.66, self.bb[1])]
        a = rng.uniform(0, math.tau)
        big = 0.095 if o.radius > 0.21 else 0.06
        (rx, ry), z, k = self.rear, -0.05, m.scale((*self.bb, 0))
        for i, (x, y) in enumerate(spots):
            tx, ty, small = (rx, ry, 0.042) if not i else (*self.bb, big)
            cased = o.guards and self.name != "folding"
            if cased:
                ring = [
                    (x - big - 0.03, y),
                    (x - 0.02, y + big + 0.03),
                    (tx, ty + small + 0.04),
                    (tx + small + 0.03, ty),
                    (tx, ty - small - 0.03),
                    (x, y - big - 0.03),
                ]
                d = curve([m.at((u, v, z - 0.01)) for u, v in ring], tension=0.9)
                shade = self.colour if self.name == "child" else "#202226"
                m.put(
                    paint(d, self.b.lit(shade)) + paint(d, stroke=lighten(shade, 0.4), stroke_width=1),
                    (x, y, z),
                )
            else:
                m.tubes(
                    [[(x, y + big, z), (tx, ty + small, z)], [(x, y - big, z), (tx, ty - small, z)]],
                    0.013,
                    "#55585c",
                    0.6,
                    order=(x, y, z),
                )
                ring = m.circle(x, y, z, big)
                svg = paint(ring, stroke="#2a2c30", stroke_width=num(0.022 * k)) + paint(
                    ring, stroke="#c6cace", stroke_width=num(0.012 * k), stroke_dasharray="2.2 1"
                )
                svg += line(m.spokes(x, y, z, 0.0, big, 5, 0), "#c6cace", 0.014 * k)
                svg += paint(m.circle(tx, ty, z, small), "#4a4d52", stroke="#c6cace", stroke_width=1.2)
                m.put(svg, (x, y, z))
            for side in (1, -1):
                angle = a + (math.pi if side > 0 else 0)
                arm = 0.17 if o.radius > 0.21 else 0.11
                px, py, pz = x + arm * math.cos(angle), y + arm * math.sin(angle), side * 0.1
                m.tubes(
                    [[(x, y, side * 0.075), (px, py, pz)]],
                    0.026,
                    "#c6cace" if o.radius > 0.21 else "#3a3c40",
                    1,
                )
                m.loft(
                    [(px - 0.045, py), (px + 0.045, py)],
                    [(0.014, 0.05)] * 2,
                    "#2a2b2f",
                    0.3,
                    side * 0.155,
                    10,
                    1,
                    0.5,
                )
        if self.name in ("road", "racer", "mountain", "tandem"):
            m.tubes(
                [[(rx, ry - 0.03, z), (rx - 0.02, ry - 0.12, z), (rx - 0.05, ry - 0.17, z)]],
                0.022,
                "#3a3c40",
                1,
            )

    def saddle(self, base: tuple[float, float]) -> None:
        """Seat post and saddle above a cluster."""
        o, m = self.build, self.m
        slope = (base[0] - self.bb[0]) / max(0.1, base[1] - self.bb[1]) if o.seats == 1 else 0.3
        x, y = base[0] + slope * (o.seat - base[1]), o.seat
        m.tubes([[(*base, 0), (x, y - 0.02, 0)]], 0.028, self.metal, 1)
        fat = 1.45 if o.guards else 1.0
        m.loft(
            [
                (x - 0.155, y - 0.012),
                (x - 0.14, y),
                (x - 0.05, y + 0.004),
                (x + 0.05, y + 0.008),
                (x + 0.11, y + 0.026),
                (x + 0.135, y + 0.03),
            ],
            [
                (0.006, 0.012),
                (0.016, 0.02),
                (0.02, 0.032),
                (0.024 * fat, 0.06 * fat),
                (0.027 * fat, 0.072 * fat),
                (0.016, 0.055 * fat),
            ],
            self.leather,
            0.6,
            square=0.85,
        )

    def extras(self) -> None:
        """Rack, stand, lamp, stabilisers."""
        o, m, (rx, ry) = self.build, self.m, self.rear
        rng, top = self.b.rng, o.radius * 2 + 0.06
        if o.guards:
            self.guard(self.rear, 0.15, 2.7)
            if o.radius > 0.3:
                for z in (0.06, -0.06):
                    m.tubes(
                        [
                            [(self.cluster[0] + 0.06, top, z), (rx + 0.2, top, z)],
                            [(rx + 0.1, top, z), (rx, ry, z)],
                        ],
                        0.016,
                        "#3a3c40" if self.metal[1] == "3" else "#b4b8bc",
                        1,
                    )
                m.tubes([[(rx + 0.2, top, -0.06), (rx + 0.2, top, 0.06)]], 0.016, "#b4b8bc", 1)
            m.loft(
                [(rx + o.radius + 0.03, ry + 0.14), (rx + o.radius + 0.055, ry + 0.14)],
                [(0.03, 0.03)] * 2,
                "#c0272d",
            )
        if self.name == "child" and rng.random() < 0.6:
            for z in (0.16, -0.16):
                m.tubes([[(rx, ry, z * 0.3), (rx, 0.09, z)]], 0.018, "#b4b8bc", 1)
                d = m.circle(rx, 0.07, z, 0.06)
                m.put(paint(d, "#e8e4da", stroke="#222226", stroke_width=2.4), (rx, 0, z * 1.1))
        elif self.name not in ("road", "racer", "bmx", "tandem") or rng.random() < 0.5:
            m.tubes(
                [[(self.bb[0] + 0.1, o.bracket, -0.04), (self.bb[0] + 0.16, 0.0, -0.17)]], 0.02, "#b4b8bc", 1
            )

    def assemble(self) -> None:
        """Build everything."""
        self.wheel(self.rear, self.name in ("road", "racer"))
        self.m.pose = self.steer
        self.fork()
        self.bars()
        self.m.pose = None
        self.frame()
        self.drive()
        self.saddle(self.cluster)
        if self.build.seats == 2:
            self.saddle((self.cluster[0] - 0.66, self.cluster[1]))
        self.extras()


def draw(b: Brush, view: str) -> Sprite:
    """One bicycle; ``view`` is "side", "front_quarter" or "rear_quarter"."""
    rng = b.rng
    name = rng.choice([*BUILDS, "road", "mountain", "city", "dutch"])
    low, high = {"side": (-0.12, 0.16), "front_quarter": (0.4, 0.95), "rear_quarter": (-0.8, -0.4)}[view]
    bike = Bike(b, name, rng.uniform(low, high))
    bike.assemble()
    m = bike.m
    contacts = [m.contact(x, 0, 9, 2.6) for x in (bike.front[0], bike.rear[0])]
    contacts.append((0.0, 0.0, 60.0, 2.0))
    return m.sprite(m.svg(), contacts, relief=0.12, shadow=0.9)


KIND = Kind(
    draw,
    ("side", "side", "side", "front_quarter", "front_quarter", "rear_quarter"),
    (
        ("street", "road"),
        ("street", "pavement"),
        ("park", "grass"),
        ("country_road", "road"),
        ("car_park", "road"),
        ("meadow", "grass"),
        ("beach", "sand"),
        ("farmyard", "yard"),
        ("garden", "grass"),
        ("forest", "grass"),
        ("station", "platform"),
    ),
    companions=("person", "person", "car", "motorbike", "dog"),
    fill=(0.6, 0.9),
    several=0.22,
    portrait=0.05,
)
