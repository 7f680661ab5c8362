"""Bicycle models: their proportions, wheels, frame and fork."""

from __future__ import annotations

from dataclasses import dataclass

from ..forms.wheeled import Camera, Vec, Vehicle, steering
from ..toolkit.brush import Brush, line, num
from ..toolkit.colour import darken, jitter, lighten

COLOURS = (
    "#b8282c",
    "#1f5fa8",
    "#2f7a4f",
    "#e0a526",
    "#222428",
    "#e9e6dc",
    "#d9622a",
    "#3aa0a8",
    "#7a2f5f",
    "#8f979d",
    "#9fc3b4",
    "#e28ba0",
    "#27407a",
)
LEATHER = ("#7a4524", "#94592c", "#1d1d20")


@dataclass(frozen=True)
class Build:
    """Proportions in metres. ``bar`` names the handlebar, ``frame`` the tube layout."""

    radius: float
    tube: float
    base: float
    bracket: float
    seat: float
    rise: float
    bar: str
    frame: str = "diamond"
    pipe: float = 0.036
    stays: float = 0.43
    guards: bool = False
    knobs: bool = False
    seats: int = 1


BUILDS = {
    "road": Build(0.34, 0.03, 1.0, 0.27, 0.98, 0.92, "drop"),
    "racer": Build(0.34, 0.03, 0.99, 0.27, 1.0, 0.9, "drop", "aero", 0.046, 0.41),
    "mountain": Build(0.35, 0.062, 1.12, 0.32, 0.94, 0.98, "flat", "slope", 0.05, 0.44, knobs=True),
    "city": Build(0.345, 0.042, 1.1, 0.28, 0.96, 1.08, "swept", "step", 0.036, 0.47, True),
    "dutch": Build(0.35, 0.042, 1.12, 0.28, 0.94, 1.12, "swept", "swan", 0.036, 0.47, True),
    "roadster": Build(0.35, 0.04, 1.1, 0.29, 0.98, 1.06, "swept", "diamond", 0.034, 0.47, True),
    "bmx": Build(0.255, 0.055, 0.93, 0.29, 0.6, 0.93, "bmx", "bmx", 0.04, 0.36, knobs=True),
    "folding": Build(0.225, 0.045, 1.0, 0.28, 0.92, 1.02, "flat", "beam", 0.05, 0.4, True),
    "tandem": Build(0.34, 0.034, 1.68, 0.28, 0.96, 0.98, "drop", "tandem", 0.038, 0.43, seats=2),
    "child": Build(0.2, 0.05, 0.72, 0.2, 0.54, 0.7, "swept", "child", 0.038, 0.3, True),
}


class Chassis:
    """A bicycle being built on a `Vehicle`: geometry, wheels, frame and fork."""

    def __init__(self, b: Brush, name: str, yaw: float) -> None:
        rng = b.rng
        self.b, self.name, self.build = b, name, BUILDS[name]
        o = self.build
        self.length = o.base + 2 * o.radius
        self.m = Vehicle(b, Camera(self.length, yaw, 1.2, rng.uniform(8, 12)))
        self.colour = jitter(rng, rng.choice(COLOURS), 0.02)
        self.metal = "#c6cace" if rng.random() < 0.75 else "#34363a"
        self.leather = rng.choice(LEATHER)
        self.rim = rng.choice(("#c4c8cc", "#b4b8bc", "#c4c8cc", "#2c2e32"))
        self.front, self.rear = (o.radius, o.radius), (o.radius + o.base, o.radius)
        self.axis = (0.3, 0.954) if name != "mountain" else (0.37, 0.929)
        fork = o.radius + 0.06 if o.radius > 0.3 else o.radius + 0.05
        trail = 0.045
        self.crown = self.up(
            (self.front[0] + trail * self.axis[1], self.front[1] - trail * self.axis[0]), fork
        )
        top = max(0.1, (o.rise - 0.1 - self.crown[1]) / self.axis[1])
        self.head = self.up(self.crown, min(top, 0.3 if o.guards else 0.17))
        self.bb = (self.rear[0] - o.stays, o.bracket)
        self.cluster = (
            self.bb[0] + 0.3 * (o.seat - o.bracket) * 0.72,
            o.bracket + (o.seat - o.bracket) * 0.72,
        )
        self.turn = rng.choice((0.0, 0.12, -0.16, 0.3)) if name != "tandem" else 0.06
        self.steer = steering(self.crown, self.axis, self.turn)

    def up(self, p: tuple[float, float], length: float) -> tuple[float, float]:
        """Point ``length`` up the steering axis from ``p``."""
        return p[0] + self.axis[0] * length, p[1] + self.axis[1] * length

    def wheel(self, hub: tuple[float, float], sporty: bool) -> None:
        """Spokes, hub, rim, tyre."""
        o, m, (x, y) = self.build, self.m, hub
        k = m.scale((x, y, 0))
        inside = o.radius - o.tube - 0.01
        spokes = m.spokes(x, y, 0, 0.022, inside, 28 if not sporty else 16, 0.9, 0.03)
        deep = 0.05 if self.name == "racer" else 0.02
        svg = line(spokes, "#3c3f44", 0.0055 * k, opacity=0.6) + line(
            spokes, "#dfe3e6", 0.003 * k, opacity=0.85
        )
        wall = "#b08a5a" if self.name in ("roadster", "road") and self.leather == LEATHER[1] else "#2b2b30"
        svg += m.tyre(x, y, o.radius, o.tube, self.rim, o.knobs, wall, deep)
        m.put(svg, (x, y, 0.0))
        m.tubes([[(x, y, -0.055), (x, y, 0.055)]], 0.04, self.metal, 1.0)

    def fork(self) -> None:
        """Fork with its blades, front wheel, guard, stem and bars: all that steers."""
        o, m = self.build, self.m
        self.wheel(self.front, self.name in ("road", "racer"))
        (fx, fy), (cx, cy) = self.front, self.crown
        if o.guards:
            self.guard(self.front, 0.5, 2.75)
        blade = 0.055 + o.tube * 0.35
        mid = (fx + (cx - fx) * 0.42 + 0.03, fy + (cy - fy) * 0.42)
        for side in (1, -1):
            z = side * blade
            run: list[Vec] = [(cx, cy, z * 0.75), (*mid, z), (fx, fy, z)]
            if self.name == "mountain":
                m.tubes([[(cx, cy, z), (*mid, z)]], 0.032, "#d8b040" if self.turn else "#c6cace", 1)
                m.tubes([[(*mid, z), (fx, fy, z)]], 0.05, "#26282c")
            else:
                shade = self.metal if self.name == "bmx" else self.colour
                m.tubes([run], 0.027, shade, smooth=True, order=(fx + 0.02, fy, z * 1.4))
        m.tubes([[(cx, cy, -blade * 0.9), (cx, cy, blade * 0.9)]], 0.04, self.colour)

    def guard(self, hub: tuple[float, float], a0: float, a1: float) -> None:
        """Mudguard over a wheel between two angles."""
        o, m = self.build, self.m
        k = m.scale((*hub, 0))
        d = m.circle(*hub, 0, o.radius + 0.025, a0, a1)
        shade = self.colour if self.name != "folding" else "#26282c"
        svg = line(d, darken(shade, 0.5), 0.05 * k) + line(d, shade, 0.036 * k)
        svg += line(
            d, lighten(shade, 0.7), 0.009 * k, opacity=0.8, transform=f"translate({num(self.b.side)} -1.2)"
        )
        m.put(svg, (hub[0], hub[1], 0.0))

    def frame(self) -> None:
        """The frame's tubes by layout."""
        o, m, w = self.build, self.m, self.build.pipe
        (cx, cy), (hx, hy), (bx, by), (sx, sy), (rx, ry) = (
            self.crown,
            self.head,
            self.bb,
            self.cluster,
            self.rear,
        )

        def at(f: float) -> Vec:
            return cx + (hx - cx) * f, cy + (hy - cy) * f, 0.0

        bb, seat = (bx, by, 0.0), (sx, sy, 0.0)
        runs = [[bb, seat], [at(0.15), bb]]
        if o.frame in ("diamond", "aero"):
            runs.append([at(0.88), seat])
        elif o.frame == "slope":
            runs.append([at(0.8), (bx + (sx - bx) * 0.72, by + (sy - by) * 0.72, 0)])
        elif o.frame == "bmx":
            runs.append([at(0.8), seat])
        elif o.frame in ("step", "child"):
            runs.append([at(0.75), (bx + (sx - bx) * 0.42, by + (sy - by) * 0.42, 0)])
        elif o.frame == "tandem":
            fx, fy = bx - 0.66, by
            up = (fx + (sx - bx), sy, 0)
            runs = [
                [bb, seat],
                [(fx, fy, 0), up],
                [at(0.15), (fx, fy, 0)],
                [(fx, fy, 0), bb],
                [at(0.85), seat],
                [at(0.3), bb],
            ]
        if o.frame in ("swan", "beam"):
            dip = [
                at(0.8),
                ((hx + bx) / 2 - 0.08, by + 0.22, 0),
                ((hx + bx) / 2 + 0.06, by + 0.1, 0),
                (bx, by + 0.1, 0),
            ]
            if o.frame == "beam":
                runs = [[bb, seat], [at(0.2), (bx, by + 0.06, 0)]]
            else:
                runs = [[bb, seat]]
                m.tubes([dip, [(p[0] - 0.03, p[1] - 0.08, 0) for p in dip]], w, self.colour, 0.7, True)
        for side in (1, -1):
            z = side * 0.06
            m.tubes(
                [[(bx, by, z * 0.6), (rx, ry, z)], [(sx, sy, z * 0.4), (rx, ry, z)]],
                w * 0.56,
                self.colour,
                0.7,
                order=(rx - 0.1, ry, z * 1.3),
            )
        thick = w * (1.35 if o.frame in ("aero", "slope", "beam") else 1)
        for run in runs[1:]:
            m.tubes([run], thick, self.colour, 0.8)
        m.tubes(runs[:1], w, self.colour, 0.8)
        m.tubes([[(cx, cy, 0), (hx, hy, 0)]], w * 1.25, self.colour, 0.8)
        if o.frame in ("diamond", "aero", "slope") and self.b.rng.random() < 0.5:
            (ax, ay, _), f = at(0.15), 0.62
            px, py = ax + (bx - ax) * f, ay + (by - ay) * f
            m.loft(
                [(px + 0.06, py + 0.03), (px - 0.05, py + 0.135)],
                [(0.034,) * 2] * 2,
                self.b.rng.choice(("#e8e8e4", "#c8402f", "#2f6fb0", "#33363a")),
                0.5,
                0,
                12,
                1,
            )
