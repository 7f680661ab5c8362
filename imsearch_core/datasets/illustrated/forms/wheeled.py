"""Small solids for things on wheels: tubes, lofts, plates and wheels, projected and shaded.

Everything is measured in metres: x from the nose to the tail, y up, z across with the near side
negative. A `Vehicle` collects the pieces and paints the farthest first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ..toolkit.brush import (
    Brush,
    Point,
    Sprite,
    bounds,
    curve,
    dense,
    group,
    line,
    num,
    paint,
    polygon,
    polyline,
)
from ..toolkit.colour import darken, lighten, mix

Vec = tuple[float, float, float]
LEVELS = 56
QUAD = "M{:.5g} {:.5g}L{:.5g} {:.5g} {:.5g} {:.5g} {:.5g} {:.5g}Z"


@dataclass(frozen=True)
class Camera:
    """Perspective from ``away`` metres and ``eye`` metres up; yaw > 0 turns the nose to us.

    At yaw 0 the car stands side on with its nose to the left. Units come out as centimetres.
    """

    length: float
    yaw: float
    eye: float = 1.55
    away: float = 9.0

    def __call__(self, x: float, y: float, z: float) -> Point:
        """Project; z < 0 is the near side."""
        u = x - self.length / 2
        across = u * math.cos(self.yaw) - z * math.sin(self.yaw)
        back = u * math.sin(self.yaw) + z * math.cos(self.yaw)
        k = self.away / (self.away + back) * 100
        return across * k, -(y - self.eye) * k - self.eye * 100


@lru_cache(maxsize=4096)
def tone(colour: str, level: int, gloss: float) -> str:
    """``colour`` on a plane lit by ``level`` of `LEVELS`."""
    v = level / LEVELS
    if gloss > 1:  # chrome mirrors sky, a dark horizon and the ground
        stops = ((0, "#25282c"), (0.3, "#7d7b76"), (0.5, "#34383e"), (0.62, "#aab4bb"), (1, "#f6f8f8"))
        for (u, a), (w, c) in pairwise(stops):
            if v <= w:
                return mix(mix(a, c, (v - u) / (w - u)), colour, 0.12)
    if v > 0.6:
        return lighten(colour, min(0.8, (v - 0.6) ** 1.5 * (1.1 + 2.2 * gloss)))
    return darken(colour, min(0.68, (0.6 - v) * 1.15))


class Vehicle:
    """Pieces of one vehicle seen by ``cam``. ``pose`` moves the points given next (steering)."""

    def __init__(self, b: Brush, cam: Camera) -> None:
        self.b, self.cam = b, cam
        self.pose: Callable[[Vec], Vec] | None = None
        self.items: list[tuple[float, str]] = []
        self.xs: list[float] = []
        self.ys: list[float] = []
        self.c, self.s = math.cos(cam.yaw), math.sin(cam.yaw)

    def at(self, p: Vec) -> Point:
        """Project one point and remember it for the box."""
        x, y = self.cam(*(self.pose(p) if self.pose else p))
        self.xs.append(x)
        self.ys.append(y)
        return x, y

    def depth(self, p: Vec) -> float:
        """Distance behind the middle of the vehicle."""
        x, y, z = self.pose(p) if self.pose else p
        return (x - self.cam.length / 2) * self.s + z * self.c - y * 0.02

    def scale(self, p: Vec) -> float:
        """Local units per metre there."""
        return self.cam.away / (self.cam.away + self.depth(p)) * 100

    def put(self, svg: str, p: Vec) -> None:
        """Add ready drawing whose order is that of the point ``p``."""
        self.items.append((-self.depth(p), svg))

    def svg(self) -> str:
        """All pieces, the farthest first."""
        return "".join(svg for _, svg in sorted(self.items, key=lambda item: item[0]))

    def bounds(self, margin: float) -> tuple[float, float, float, float]:
        """Box around all projected points."""
        return (
            min(self.xs) - margin,
            min(self.ys) - margin,
            max(self.xs) + margin,
            max(self.ys) + margin,
        )

    def tubes(
        self,
        runs: Sequence[Sequence[Vec]],
        width: float,
        colour: str,
        gloss: float = 0.5,
        smooth: bool = False,
        order: Vec | None = None,
    ) -> None:
        """Round bars along polylines (or smooth curves) of one thickness, in three strokes."""
        base, shine = [], []
        k = 100.0
        for run in runs:
            points = [self.at(p) for p in run]
            k = self.scale(run[0])
            base.append(curve(points, False) if smooth else polyline(points))
            (ax, ay), (bx, by) = points[0], points[-1]
            span = math.hypot(bx - ax, by - ay) or 1.0
            nx, ny = -(by - ay) / span, (bx - ax) / span
            if nx * self.b.side * 0.7 - ny < 0:
                nx, ny = -nx, -ny
            shift = width * k * 0.2
            moved = [(x + nx * shift, y + ny * shift) for x, y in points]
            shine.append(curve(moved, False) if smooth else polyline(moved))
        path, w = "".join(base), width * k
        svg = line(path, darken(colour, 0.55), w, stroke_linejoin="round")
        svg += line(path, colour, w * 0.72, stroke_linejoin="round")
        svg += line("".join(shine), lighten(colour, 0.35 + 0.4 * gloss), w * 0.24, opacity=0.85)
        mid = runs[0][len(runs[0]) // 2]
        first = runs[0][0]
        centre = order or tuple((mid[i] + first[i]) / 2 for i in range(3))
        self.put(svg, centre)

    def mesh(
        self,
        rows: Sequence[Sequence[Vec]],
        colour: str,
        gloss: float = 0.5,
        caps: bool = True,
        order: Vec | None = None,
        extra: str = "",
    ) -> None:
        """A solid from rings of equal length; one path for each of its tones."""
        solid = np.array(rows, float)
        hearts = solid.mean(1)
        middle = order or tuple(hearts.mean(0))
        if caps:
            ends = hearts[[0, -1]] + (hearts[[0, -1]] - hearts[[1, -2]]) * 1e-3
            first = ends[0] + (solid[0] - ends[0]) * 1e-3
            last = ends[1] + (solid[-1] - ends[1]) * 1e-3
            solid = np.concatenate([first[None], solid, last[None]])
            hearts = np.concatenate([hearts[:1] * 2 - hearts[1:2], hearts, hearts[-1:] * 2 - hearts[-2:-1]])
        if self.pose:
            solid, hearts = _posed(self.pose, solid), _posed(self.pose, hearts)
        turned = np.roll(solid, -1, 1)
        quads = np.stack([solid[:-1], turned[:-1], turned[1:], solid[1:]], 2)
        centre = quads.mean(2)
        normal = np.cross(quads[:, :, 2] - quads[:, :, 0], quads[:, :, 3] - quads[:, :, 1])
        core = (hearts[:-1] + hearts[1:]) / 2
        if caps:
            core[0], core[-1] = hearts[1] * 2 - hearts[0], hearts[-2] * 2 - hearts[-1]
        outward = ((centre - core[:, None]) * normal).sum(2)
        size = np.linalg.norm(normal, axis=2)
        normal *= (np.where(outward < 0, -1, 1) / np.maximum(size, 1e-12))[..., None]
        cam, c, s = self.cam, self.c, self.s
        across, back = normal[..., 0] * c - normal[..., 2] * s, normal[..., 0] * s + normal[..., 2] * c
        u = centre[..., 0] - cam.length / 2
        view = across * (u * c - centre[..., 2] * s) + back * (u * s + centre[..., 2] * c + cam.away)
        seen = (view + normal[..., 1] * (centre[..., 1] - cam.eye) < 0) & (size > 1e-9)
        light = 0.42 + 0.26 * across * self.b.side + 0.4 * normal[..., 1] - 0.2 * back
        levels = np.clip(np.rint(light * LEVELS), 0, LEVELS).astype(int)
        u = quads[..., 0] - cam.length / 2
        k = cam.away / (cam.away + u * s + quads[..., 2] * c) * 100
        px, py = (u * c - quads[..., 2] * s) * k, -(quads[..., 1] - cam.eye) * k - cam.eye * 100
        self.xs += [float(px.min()), float(px.max())]
        self.ys += [float(py.min()), float(py.max())]
        corners = np.stack([px, py], 3)
        seam = self.cam.length * 0.28
        spread = corners - corners.mean(2, keepdims=True)  # a little larger, which closes the seams
        spread *= seam / np.maximum(np.linalg.norm(spread, axis=3, keepdims=True), seam)
        flat = (corners + spread).reshape(-1, 8)
        shown = np.flatnonzero(seen.ravel())
        bins: dict[int, list[str]] = {}
        for level, ring in zip(levels.ravel()[shown].tolist(), flat[shown].tolist(), strict=True):
            bins.setdefault(level, []).append(QUAD.format(*ring))
        svg = "".join(paint("".join(found), tone(colour, level, gloss)) for level, found in bins.items())
        if not order:
            held, self.pose = self.pose, None
            middle = tuple(hearts.mean(0))
            self.put(svg + extra, middle)
            self.pose = held
        else:
            self.put(svg + extra, middle)

    def loft(
        self,
        spine: Sequence[Point],
        sizes: Sequence[Point],
        colour: str,
        gloss: float = 0.5,
        z: float | Sequence[float] = 0.0,
        around: int = 24,
        steps: int = 5,
        square: float = 1.0,
        **more: object,
    ) -> None:
        """A solid swept along (x, y) points; ``sizes`` are its half height and half width there.

        ``square`` below 1 makes the section boxy.
        """
        zs = [z] * len(spine) if isinstance(z, int | float) else list(z)
        path = [*dense(spine, False, steps), spine[-1][:2]]
        spans = [*dense(sizes, False, steps), sizes[-1][:2]]
        across = [*dense([(v, 0) for v in zs], False, steps), (zs[-1], 0)]
        rows = []
        for i, ((x, y), (h, w), (oz, _)) in enumerate(zip(path, spans, across, strict=True)):
            before, after = path[max(i - 1, 0)], path[min(i + 1, len(path) - 1)]
            dx, dy = after[0] - before[0], after[1] - before[1]
            length = math.hypot(dx, dy) or 1.0
            nx, ny = -dy / length, dx / length
            row = []
            for j in range(around):
                c, s = math.cos(math.tau * j / around), math.sin(math.tau * j / around)
                c, s = math.copysign(abs(c) ** square, c) * h, math.copysign(abs(s) ** square, s) * w
                row.append((x + nx * c, y + ny * c, oz + s))
            rows.append(row)
        self.mesh(rows, colour, gloss, **more)

    def plate(
        self,
        points: Sequence[Vec],
        fill: str,
        soft: bool = False,
        order: Vec | None = None,
        opacity: float | None = None,
        **attrs: object,
    ) -> None:
        """A flat piece."""
        ring = [self.at(p) for p in points]
        middle = order or tuple(sum(p[i] for p in points) / len(points) for i in range(3))
        self.put(paint(curve(ring) if soft else polygon(ring), fill, opacity, **attrs), middle)

    def circle(self, x: float, y: float, z: float, r: float, a0: float = 0, a1: float = math.tau) -> str:
        """Path of a circle, or of an arc between two angles, standing upright along x."""
        full = a1 - a0 >= math.tau - 1e-6
        count = 16 if full else max(4, int((a1 - a0) * 4))
        angles = [a0 + (a1 - a0) * i / (count if full else count - 1) for i in range(count)]
        return curve([self.at((x + r * math.cos(a), y + r * math.sin(a), z)) for a in angles], full)

    def spokes(
        self, x: float, y: float, z: float, r0: float, r1: float, count: int, lace: float, wide: float = 0.0
    ) -> str:
        """Spokes from a hub of radius ``r0`` to the rim, laced by ``lace`` radians."""
        parts = []
        for i in range(count):
            a = math.tau * i / count
            side = wide if i % 2 else -wide
            lean = a + (lace if i % 4 < 2 else -lace)
            hub = self.at((x + r0 * math.cos(lean), y + r0 * math.sin(lean), z + side))
            parts.append(polyline([hub, self.at((x + r1 * math.cos(a), y + r1 * math.sin(a), z))]))
        return "".join(parts)

    def tyre(
        self,
        x: float,
        y: float,
        r: float,
        tube: float,
        rim: str,
        knobs: bool = False,
        wall: str = "#2a2a2e",
        rim_width: float = 0.022,
    ) -> str:
        """Rim and tyre of outer radius ``r`` and thickness ``tube``, without what is inside."""
        k = self.scale((x, y, 0.0))
        mid = self.circle(x, y, 0.0, r - tube / 2)
        inner = self.circle(x, y, 0.0, r - tube - rim_width * 0.5)
        out = paint(inner, stroke=darken(rim, 0.55), stroke_width=num((rim_width + 0.008) * k))
        out += paint(inner, stroke=rim, stroke_width=num(rim_width * 0.8 * k))
        out += paint(mid, stroke="#131316", stroke_width=num(tube * k))
        if knobs:
            edge = self.circle(x, y, 0.0, r - tube * 0.06)
            out += paint(
                edge,
                stroke="#131316",
                stroke_width=num(tube * 0.34 * k),
                stroke_dasharray=f"{num(tube * 0.36 * k)} {num(tube * 0.3 * k)}",
            )
        out += paint(mid, stroke=wall, stroke_width=num(tube * 0.5 * k))
        up = 1.9 if self.b.side < 0 else 1.2
        glow = self.circle(x, y, 0.0, r - tube * 0.32, up - 0.75, up + 0.75)
        return out + line(glow, lighten(wall, 0.5), tube * 0.16 * k, opacity=0.55)

    def sprite(self, svg: str, contacts: list[tuple[float, float, float, float]], **more: float) -> Sprite:
        """The finished drawing, its origin level with the nearest wheel's contact."""
        low = max(y for _, y, _, _ in contacts[:-1] or contacts)
        x0, y0, x1, y1 = self.bounds(6)
        moved = [(x, y - low, rx, ry) for x, y, rx, ry in contacts]
        shifted = group(svg, f"translate(0 {num(-low)})")
        return Sprite(shifted, (x0, y0 - low, x1, y1 - low), 100.0, moved, **more)

    def contact(self, x: float, z: float, rx: float, ry: float) -> tuple[float, float, float, float]:
        """A contact ellipse under a point of the ground."""
        px, py = self.cam(x, 0, z)
        return px, py, rx, ry


def _posed(pose: Callable[[Vec], Vec], points: np.ndarray) -> np.ndarray:
    """Points of an array after a rigid motion."""
    origin = np.array(pose((0.0, 0.0, 0.0)))
    axes = np.array([pose((1.0, 0.0, 0.0)), pose((0.0, 1.0, 0.0)), pose((0.0, 0.0, 1.0))]) - origin
    return points @ axes + origin


def steering(foot: Point, axis: Point, angle: float) -> Callable[[Vec], Vec]:
    """Turn about the steering axis through ``foot`` (x, y) with the unit direction ``axis``."""
    c, s = math.cos(angle), math.sin(angle)

    def turn(p: Vec) -> Vec:
        vx, vy, vz = p[0] - foot[0], p[1] - foot[1], p[2]
        dot = vx * axis[0] + vy * axis[1]
        px, py = axis[0] * dot, axis[1] * dot
        cross = (axis[1] * vz, -axis[0] * vz, axis[0] * vy - axis[1] * vx)
        return (
            foot[0] + px + (vx - px) * c + cross[0] * s,
            foot[1] + py + (vy - py) * c + cross[1] * s,
            vz * c + cross[2] * s,
        )

    return turn


def shadow_strip(cam: Camera, x0: float, x1: float, half: float) -> tuple[float, float, float, float]:
    """One wide contact ellipse under the whole vehicle."""
    corners = [cam(x, 0, z) for x in (x0, x1) for z in (-half, half)]
    cx, cy = cam((x0 + x1) / 2, 0, 0)
    x0, y0, x1, y1 = bounds(corners)
    return cx, cy, (x1 - x0) / 2, max(4.0, (y1 - y0) / 2)
