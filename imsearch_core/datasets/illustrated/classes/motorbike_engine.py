"""The running gear of a motorbike: wheels, mudguards, engine, frame and exhaust."""

from __future__ import annotations

import math

from ..forms.wheeled import Camera, Vehicle, steering
from ..toolkit.brush import Brush, line, num, paint
from ..toolkit.colour import darken, jitter, lighten
from .motorbike_models import STYLES

PAINTS = (
    "#b01f24",
    "#1f4fa0",
    "#1d1e22",
    "#e6a81e",
    "#2d6b3f",
    "#d8d8d4",
    "#d85a1e",
    "#5a1f2c",
    "#2a8f95",
    "#7f8a92",
    "#274a6a",
    "#4fae3a",
)
PASTELS = ("#9fd0c4", "#e8dcc0", "#c0392f", "#8fb8d8", "#e9b84a", "#5f7f6a", "#e6a0a8", "#f0eee6")

CHROME = "#b8bcc0"


class Gear:
    """A motorbike being built on a `Vehicle`: what makes it run."""

    def __init__(self, b: Brush, name: str, yaw: float) -> None:
        rng = b.rng
        self.b, self.name, self.style = b, name, STYLES[name]
        o = self.style
        self.x0 = o.front[0]
        self.length = o.front[0] + o.base + o.rear[0]
        self.m = Vehicle(b, Camera(self.length, yaw, 1.2, rng.uniform(8, 12)))
        colour = jitter(rng, rng.choice(PASTELS if name == "scooter" else PAINTS), 0.02)
        self.paints = {
            "colour": colour,
            "second": rng.choice((colour, "#e8e6e0", "#26272b", darken(colour, 0.3))),
            "black": "#26272b",
            "seat": rng.choice(("#221f20", "#221f20", "#6f4226", "#3a2a24")),
            "chrome": CHROME,
        }
        self.dark = name in ("sport", "dirt") or rng.random() < 0.3
        self.front, self.rear = (self.x0, o.front[0]), (self.x0 + o.base, o.rear[0])
        foot = (self.front[0] + 0.06 * o.axis[1], self.front[1] - 0.06 * o.axis[0])
        t = (o.head - foot[1]) / o.axis[1]
        self.head = (foot[0] + o.axis[0] * t, o.head)
        self.foot = foot
        self.steer = steering(foot, o.axis, rng.choice((0.0, 0.15, 0.3, -0.12)))

    def wheel(self, hub: tuple[float, float], size: tuple[float, float], kind: str) -> None:
        """One wheel with its spokes and brake disc."""
        m, (x, y), (r, tube) = self.m, hub, size
        k, inside = m.scale((x, y, 0)), r - tube * 0.9
        if kind == "spoke":
            d = m.spokes(x, y, 0, 0.045, inside, 24, 0.7, 0.03)
            svg = line(d, "#2c2e32", 0.009 * k, opacity=0.6) + line(d, "#dfe2e5", 0.0045 * k)
            rim = "#c6cacd" if not self.dark else "#3a3b40"
        elif kind == "disc":
            svg = paint(m.circle(x, y, 0, inside), self.b.lit("#c2c4c4"))
            svg += paint(m.circle(x, y, 0, inside * 0.55), stroke="#6c7074", stroke_width=2)
            rim = "#c6cacd"
        else:
            count = 5 if self.name == "sport" else 7
            shade = "#34363b" if self.dark else "#b4b8bc"
            d = m.spokes(x, y, 0, 0.03, inside, count, 0)
            svg = line(d, darken(shade, 0.6), 0.052 * k) + line(d, shade, 0.038 * k)
            svg += line(d, lighten(shade, 0.5), 0.01 * k, opacity=0.8)
            rim = "#d0402c" if self.name == "sport" and self.dark and k > 100.5 else shade
        m.put(svg + m.tyre(x, y, r, tube * 0.92, rim, self.style.knobs, "#26262a", 0.032), (x, y, 0.0))
        if kind != "disc":
            disc = m.circle(x, y, -0.07, r * 0.4)
            svg = paint(disc, stroke="#54585d", stroke_width=num(0.042 * k))
            svg += paint(disc, stroke="#b4b9bd", stroke_width=num(0.028 * k))
            m.put(svg, (x, y, -0.07))
        m.tubes([[(x, y, -0.085), (x, y, 0.085)]], 0.05, CHROME, 1)

    def guard(
        self, hub: tuple[float, float], r: float, a0: float, a1: float, half: float, colour: str
    ) -> None:
        """Mudguard as an arched blade."""
        angles = [a0 + (a1 - a0) * i / 7 for i in range(8)]
        spine = [(hub[0] + r * math.cos(a), hub[1] + r * math.sin(a)) for a in angles]
        sizes = [(0.014 + 0.018 * math.sin(i / 7 * math.pi), half) for i in range(8)]
        self.m.loft(spine, sizes, colour, 0.8, steps=2, around=12, square=0.8, order=(hub[0], hub[1], -0.03))

    def fins(self, foot: tuple[float, float], top: tuple[float, float], half: tuple[float, float]) -> None:
        """A finned cylinder with its head cover."""
        (ax, ay), (bx, by), (h, w) = foot, top, half
        spine, sizes, count = [], [], 8
        for i in range(count):
            for u, grow in ((0.0, 1.0), (0.5, 1.0), (0.5, 0.7), (0.99, 0.7)):
                t = (i + u) / count
                spine.append((ax + (bx - ax) * t, ay + (by - ay) * t))
                sizes.append((h * grow, w * grow))
        metal = "#43454a" if self.dark else "#8a8e92"
        self.m.loft(spine, sizes, metal, 0.9, 0, 14, 1, 0.7)
        dx, dy = (bx - ax) * 0.22, (by - ay) * 0.22
        cap = [(bx, by), (bx + dx, by + dy), (bx + dx * 1.3, by + dy * 1.3)]
        self.m.loft(
            cap,
            [(h, w), (h * 0.95, w * 0.95), (h * 0.5, w * 0.6)],
            CHROME,
            1.2 if not self.dark else 0.6,
            0,
            14,
            2,
            0.8,
        )

    def engine(self) -> None:
        """Crankcase, cylinders, covers, frame tubes, radiator."""
        o, m, x0, kind = self.style, self.m, self.x0, self.style.engine
        if kind == "none":
            return
        mid = o.base * 0.47 + x0 + (0.06 if kind == "vee" else 0)
        case = "#3a3c40" if self.dark else "#777b80"
        cases = [(mid - 0.22, 0.36), (mid - 0.05, 0.38), (mid + 0.14, 0.38), (mid + 0.27, 0.4)]
        m.loft(
            cases, [(0.07, 0.1), (0.14, 0.15), (0.13, 0.15), (0.08, 0.1)], case, 0.8, around=16, square=0.7
        )
        for dx, r in ((-0.06, 0.105), (0.13, 0.085)):
            ring = [
                (mid + dx + r * math.cos(a), 0.38 + r * math.sin(a), -0.165)
                for a in (i * 0.45 for i in range(14))
            ]
            m.plate(
                ring, self.b.lit(lighten(case, 0.25), 1.2), True, stroke=darken(case, 0.5), stroke_width=1.3
            )
        top = o.head - 0.24
        if kind == "vee":
            self.fins((mid - 0.07, 0.47), (mid - 0.2, top - 0.04), (0.095, 0.1))
            self.fins((mid + 0.06, 0.47), (mid + 0.19, top - 0.04), (0.095, 0.1))
            ring = [
                (mid + 0.085 * math.cos(a), 0.6 + 0.085 * math.sin(a), -0.15)
                for a in (i * 0.45 for i in range(14))
            ]
            m.plate(ring, self.b.lit("#d8dadc", 1.3), True, stroke="#3a3c40", stroke_width=1.4)
        elif kind == "boxer":
            for z in (0.26, -0.26):
                m.loft(
                    [(mid - 0.14, 0.42), (mid, 0.42), (mid + 0.12, 0.42)],
                    [(0.06, 0.07), (0.085, 0.1), (0.06, 0.07)],
                    "#a9adb0",
                    1,
                    z,
                )
        elif kind != "hidden":
            width = 0.19 if kind == "twin" else 0.11
            self.fins((mid - 0.05, 0.48), (mid - 0.11, top), (0.1, width))
            m.loft([(mid + 0.06, 0.66), (mid + 0.2, 0.66)], [(0.055, 0.1), (0.045, 0.09)], "#2c2d31", 0.4)
        shade = self.paints["colour"] if self.name in ("chopper", "dirt") else "#1d1e21"
        hx, hy = self.head
        seat = (x0 + o.base * 0.72, o.head - 0.2, 0.0)
        pivot = (mid + 0.26, 0.4, 0.0)
        m.tubes([[(hx - 0.03, hy - 0.16, 0), (hx + 0.03, hy + 0.02, 0)]], 0.08, shade)
        if kind == "hidden":
            return
        m.tubes(
            [[(hx, hy - 0.04, 0), (mid - 0.26, 0.42, 0), (mid - 0.2, 0.24, 0), (mid + 0.2, 0.24, 0), pivot]],
            0.045,
            shade,
        )
        m.tubes([[(hx, hy - 0.02, 0), seat, pivot]], 0.04, shade)
        hard = self.name == "chopper"
        end = (self.rear[0], self.rear[1]) if hard else (self.rear[0] - 0.02, o.head - 0.18)
        for z in (0.1, -0.1):
            m.tubes([[(seat[0], seat[1], z * 0.5), (*end, z * (1.4 if hard else 1.0))]], 0.034, shade)

    def exhaust(self) -> None:
        """Header pipes and silencers."""
        o, m, kind = self.style, self.m, self.style.exhaust
        x0, mid, z = self.x0, self.style.base * 0.47 + self.x0, -0.19
        shade, gloss = ("#5d6064", 1.0) if self.dark else (CHROME, 2)
        if kind == "low":
            for side in (z, -z):
                run = [
                    (mid - 0.16, o.head - 0.28, side * 0.5),
                    (mid - 0.29, o.head - 0.4, side * 0.7),
                    (mid - 0.3, 0.36, side * 0.9),
                    (mid - 0.18, 0.25, side),
                    (mid + 0.2, 0.24, side),
                ]
                m.tubes(
                    [run], 0.055, "#c2b8a4" if gloss == 2 else shade, 1, True, order=(mid, 0.3, side * 1.2)
                )
                end = x0 + o.base + 0.2
                spine = [(mid + 0.16, 0.245), (mid + 0.34, 0.255), (end - 0.1, 0.3), (end, 0.31)]
                m.loft(
                    spine,
                    [(0.03, 0.03), (0.055, 0.055), (0.06, 0.06), (0.045, 0.045)],
                    shade,
                    gloss,
                    side,
                    18,
                )
        elif kind == "high":
            m.tubes(
                [
                    [
                        (mid - 0.1, 0.3, z * 0.6),
                        (mid + 0.2, 0.28, z * 0.8),
                        (mid + 0.42, 0.4, z),
                        (mid + 0.5, 0.55, z),
                    ]
                ],
                0.055,
                "#a89a88",
                1,
                True,
            )
            up = 0.12 if self.name == "dirt" else 0.0
            spine = [
                (mid + 0.46, 0.52 + up),
                (mid + 0.56, 0.6 + up),
                (mid + 0.86, 0.76 + up),
                (mid + 0.94, 0.8 + up),
            ]
            m.loft(spine, [(0.03, 0.03), (0.065, 0.055), (0.065, 0.055), (0.04, 0.04)], "#9a9ea2", 1.2, z, 18)
        else:
            m.loft(
                [(mid + 0.3, 0.17), (mid + 0.62, 0.2), (mid + 0.7, 0.2)],
                [(0.045, 0.04), (0.055, 0.05), (0.02, 0.02)],
                shade,
                gloss,
                z * 0.8,
            )
