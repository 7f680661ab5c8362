"""Solids in metres seen from any side: lofted bodies, plates and drums, shaded face by face.

Objects lie along x (nose at 0), y is up, z across; z < 0 is the near side at yaw 0. `Model`
collects parts, paints each with the light of the brush and sorts them by distance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ..toolkit.brush import Brush, line, paint
from ..toolkit.colour import darken, lighten

LEVELS = 34


@lru_cache(maxsize=8192)
def shade(colour: str, level: int) -> str:
    """``colour`` under light ``level`` of 0..`LEVELS`; the local colour lies a little above half."""
    t = level / LEVELS - 0.55
    return lighten(colour, min(0.75, t * 1.25)) if t > 0 else darken(colour, min(0.7, -t * 1.15))


def _turn(axis: int, angle: float) -> np.ndarray:
    c, s = math.cos(angle), math.sin(angle)
    i, j = [(1, 2), (0, 2), (0, 1)][axis]
    out = np.eye(3)
    out[i, i], out[i, j], out[j, i], out[j, j] = c, -s, s, c
    return out


class Eye:
    """A viewer ``away`` metres from ``pivot`` and ``height`` metres up.

    ``yaw`` > 0 brings the nose towards us, ``pitch`` > 0 lifts it, ``roll`` tips the near side
    up, ``tilt`` > 0 shows the underside. ``unit`` is local units per metre.
    """

    def __init__(
        self,
        pivot: Sequence[float],
        yaw: float = 0.0,
        pitch: float = 0.0,
        roll: float = 0.0,
        tilt: float = 0.0,
        away: float = 60.0,
        height: float = 1.6,
        unit: float = 100.0,
    ) -> None:
        self.pivot, self.away, self.height, self.unit = np.array(pivot), away, height, unit
        self.yaw, self.tilt = yaw, tilt
        self.matrix = _turn(0, tilt) @ _turn(1, yaw) @ _turn(2, -pitch) @ _turn(0, roll)
        self.place = np.array([0.0, height, -away])

    def world(self, points: np.ndarray) -> np.ndarray:
        """Camera-aligned metres: x right, y up from the ground, z away."""
        return (np.asarray(points, float) - self.pivot) @ self.matrix.T + (0, self.pivot[1], 0)

    def flat(self, world: np.ndarray) -> np.ndarray:
        """Local drawing units of world points."""
        k = self.away / (self.away + world[..., 2])
        x, y = world[..., 0] * k, (world[..., 1] - self.height) * k + self.height
        return np.stack([x, -y], -1) * self.unit


class Loft:
    """A body of superellipse sections along x, each given at the stations ``xs``.

    ``mid`` is the height of its widest line, ``half`` the half width there, ``up`` and ``down``
    its reach above and below; ``power`` 2 is round, 5 a box with rounded edges.
    """

    def __init__(
        self,
        xs: Sequence[float],
        mid: Sequence[float] | float,
        half: Sequence[float] | float,
        up: Sequence[float] | float,
        down: Sequence[float] | float | None = None,
        power: float = 2.0,
    ) -> None:
        self.xs, self.power = np.asarray(xs, float), power
        given = (mid, half, up, up if down is None else down)
        self.rows = [np.broadcast_to(np.asarray(v, float), self.xs.shape) for v in given]

    def at(self, x: float | np.ndarray) -> list[np.ndarray]:
        """mid, half, up and down at x."""
        return [np.interp(x, self.xs, row) for row in self.rows]

    def grid(self, steps: int = 26, arc: tuple[float, float] = (0.0, 1.0)) -> np.ndarray:
        """Points (station, angle, xyz); turns of the angle run far side, top, near side, bottom."""
        a = np.linspace(*arc, steps + 1) * math.tau
        c, s = np.cos(a), np.sin(a)
        e = 2 / self.power
        mid, half, up, down = (row[:, None] for row in self.rows)
        z = half * np.sign(c) * np.abs(c) ** e
        y = mid + np.where(s > 0, up, down) * np.sign(s) * np.abs(s) ** e
        return np.stack([np.broadcast_to(self.xs[:, None], z.shape), y, z], -1)

    def skin(self, x: float, y: float, side: int = -1, out: float = 0.0) -> tuple[float, ...]:
        """The point of the near (-1) or far (1) flank at x and height y."""
        mid, half, up, down = self.at(x)
        reach = max(1e-6, up if y > mid else down)
        t = min(1.0, abs(y - mid) / reach)
        return x, y, side * (half * (1 - t**self.power) ** (1 / self.power) + out)


def across(z: float) -> np.ndarray:
    """An offset by ``z`` metres sideways."""
    return np.array([0.0, 0.0, z])


def plate(
    root: tuple[Sequence[float], float],
    tip: tuple[Sequence[float], float],
    thick: float,
    normal: Sequence[float] = (0, 1, 0),
    steps: int = 3,
) -> np.ndarray:
    """Grid of a wing or fin: (leading edge point, chord) at root and tip, lens-shaped section."""
    turn = np.array([0.0, 0.04, 0.2, 0.55, 1.0, 0.55, 0.2, 0.04, 0.0])
    bump = np.array([0.0, 0.5, 1.0, 0.8, 0.0, -0.6, -0.7, -0.4, 0.0]) * thick / 2
    rows = []
    for s in np.linspace(0, 1, steps + 1):
        lead = np.asarray(root[0], float) * (1 - s) + np.asarray(tip[0], float) * s
        chord = root[1] * (1 - s) + tip[1] * s
        ring = lead + np.outer(turn * chord, (1, 0, 0))
        rows.append(ring + np.outer(bump * (1 - 0.6 * s), normal))
    return np.array(rows)


class Model:
    """The parts of one object on their way to becoming an SVG.

    ``bounce`` is light from below, ``people`` the boxes of figures aboard.
    """

    def __init__(self, b: Brush, eye: Eye) -> None:
        self.b, self.eye = b, eye
        self.parts: list[tuple[float, str]] = []
        self.people: list[tuple[float, float, float, float]] = []
        self.extent = [1e9, 1e9, -1e9, -1e9]
        self.bounce = 0.13
        light = np.array([b.side * 0.55, 0.72, -0.45])
        self.light = light / np.linalg.norm(light)
        half = self.light + np.array([0.0, 0.0, -1.0])
        self.half = half / np.linalg.norm(half)

    def flat(self, points: Sequence[Sequence[float]] | np.ndarray) -> np.ndarray:
        """Project object points and let the box of the drawing include them."""
        xy = self.eye.flat(self.eye.world(np.asarray(points, float)))
        ring, e = xy.reshape(-1, 2), self.extent
        (x0, y0), (x1, y1) = ring.min(0), ring.max(0)
        self.extent = [min(e[0], x0), min(e[1], y0), max(e[2], x1), max(e[3], y1)]
        return xy

    def path(self, points: Sequence[Sequence[float]] | np.ndarray, closed: bool = True) -> str:
        """Straight-sided path through object points."""
        xy = self.flat(points)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in xy) + ("Z" if closed else "")

    def spot(self, point: Sequence[float], rx: float, ry: float) -> tuple[float, float, float, float]:
        """A contact ellipse of a `Sprite` at an object point."""
        x, y = self.flat([point])[0]
        return float(x), float(y), rx, ry

    def scale(self, point: Sequence[float]) -> float:
        """Local units per metre at a point."""
        depth = self.eye.world(np.asarray(point, float))[2]
        return self.eye.unit * self.eye.away / (self.eye.away + depth)

    def depth(self, point: Sequence[float]) -> float:
        """Distance order of a point, larger is farther."""
        return float(self.eye.world(np.asarray(point, float))[2])

    def faces(self, ring: Sequence[Sequence[float]], outward: Sequence[float]) -> bool:
        """Whether a flat ring whose outside is towards ``outward`` is turned to us."""
        w = self.eye.world(np.asarray(ring, float))
        n = np.cross(w[2] - w[0], w[-1] - w[1])
        n *= np.sign(n @ (self.eye.matrix @ np.asarray(outward, float))) or 1
        return bool(n @ (self.eye.place - w.mean(0)) > 0)

    def add(self, depth: float, svg: str) -> None:
        """Add finished drawing at a distance."""
        self.parts.append((depth, svg))

    def surface(
        self,
        grid: np.ndarray,
        colour: str | np.ndarray,
        gloss: float = 0.3,
        sheet: bool = False,
        bias: float = 0.0,
        over: str = "",
        edge: float = 1.6,
    ) -> None:
        """Paint a grid of points, its faces shaded by their normals; ``colour`` may be per face.

        A ``sheet`` shows both its sides, otherwise only faces turned outward and to us are seen.
        ``over`` is drawn on top of it and ``bias`` metres bring it forward.
        """
        world = self.eye.world(grid)
        p, q, r, s = world[:-1, :-1], world[:-1, 1:], world[1:, 1:], world[1:, :-1]
        n = np.cross(r - p, s - q)
        size = np.linalg.norm(n, axis=-1, keepdims=True)
        n, mid = n / np.maximum(size, 1e-9), (p + q + r + s) / 4
        toward = self.eye.place - mid
        if sheet:
            n *= np.where((n * toward).sum(-1, keepdims=True) < 0, -1, 1)
            seen = size[..., 0] > 1e-7
        else:
            hub = world.mean(1, keepdims=True)
            hub = (hub[:-1] + hub[1:]) / 2
            n *= np.where((n * (mid - hub)).sum(-1, keepdims=True) < 0, -1, 1)
            seen = ((n * toward).sum(-1) > 0) & (size[..., 0] > 1e-7)
        tone = self.bounce + 0.15 * (1 + n[..., 1]) + 0.5 * np.clip(n @ self.light, 0, 1)
        tone += gloss * np.clip(n @ self.half, 0, 1) ** 16
        level = np.clip(np.rint(tone * LEVELS), 0, LEVELS).astype(int)
        xy = self.flat(grid)
        names = [[f"{x:.1f} {y:.1f}" for x, y in row] for row in xy]
        groups: dict[tuple[str, int], list[str]] = {}
        plain = colour if isinstance(colour, str) else ""
        for i, j in zip(*np.nonzero(seen), strict=True):
            d = f"M{names[i][j]}L{names[i][j + 1]}L{names[i + 1][j + 1]}L{names[i + 1][j]}Z"
            groups.setdefault((plain or str(colour[i, j]), int(level[i, j])), []).append(d)
        if not groups:
            return
        hue = max(groups, key=lambda key: len(groups[key]))
        under = "".join("".join(ds) for ds in groups.values())
        svg = line(self._rim(seen, names, not sheet), darken(hue[0], 0.62), edge)
        svg += paint(under, shade(*hue))
        svg += "".join(paint("".join(ds), shade(*key)) for key, ds in groups.items())
        self.add(float(world[..., 2].mean()) - bias, svg + over)

    @staticmethod
    def _rim(seen: np.ndarray, names: list[list[str]], ring: bool) -> str:
        """Edges between seen and unseen faces; a ``ring`` closes on itself."""
        side = np.pad(seen, ((0, 0), (1, 1)), mode="wrap" if ring else "constant")
        ends = np.pad(seen, ((1, 1), (0, 0)))
        turns = np.nonzero(side[:, 1:] != side[:, :-1])
        parts = [f"M{names[i][j]}L{names[i + 1][j]}" for i, j in zip(*turns, strict=True)]
        stops = np.nonzero(ends[1:] != ends[:-1])
        parts += [f"M{names[i][j]}L{names[i][j + 1]}" for i, j in zip(*stops, strict=True)]
        return "".join(parts) or "M0 0"

    def disc(self, centre: Sequence[float], r: float, axis: int, steps: int = 22) -> np.ndarray:
        """Ring of points round ``centre`` in the plane across ``axis``."""
        a = np.linspace(0, math.tau, steps, endpoint=False)
        ring = np.zeros((steps, 3))
        i, j = [(1, 2), (0, 2), (0, 1)][axis]
        ring[:, i], ring[:, j] = r * np.cos(a), r * np.sin(a)
        return ring + np.asarray(centre, float)

    def wheel(self, centre: Sequence[float], r: float, width: float, rim: str, bias: float = 0.0) -> None:
        """A tyred wheel turning about z."""
        x, y, z = centre
        ends = [self.disc((x, y, z - width / 2), r, 2), self.disc((x, y, z + width / 2), r, 2)]
        grid = np.stack([np.vstack([ring, ring[:1]]) for ring in ends])
        near = min((-1, 1), key=lambda s: self.depth((x, y, z + s * width)))
        face = (x, y, z + near * width / 2)
        over = paint(self.path(self.disc(face, r, 2)), "#27272b")
        over += paint(self.path(self.disc(face, r * 0.58, 2)), rim)
        over += paint(self.path(self.disc(face, r * 0.2, 2)), darken(rim, 0.5))
        self.surface(grid, "#2b2b30", 0.0, bias=bias, over=over, edge=0.8)

    def rod(self, points: Sequence[Sequence[float]], colour: str, thick: float, bias: float = 0.0) -> None:
        """A strut, mast or rope ``thick`` metres wide with a lit edge."""
        middle = np.mean(np.asarray(points, float), axis=0)
        width = max(0.8, thick * self.scale(middle))
        d = self.path(points, False)
        svg = line(d, darken(colour, 0.35), width)
        if width > 2:
            shift = f"translate({self.b.side * width * 0.18:.2f} 0)"
            svg += line(d, lighten(colour, 0.3), width * 0.4, transform=shift)
        self.add(self.depth(middle) - bias, svg)

    def svg(self) -> str:
        """All parts, the farthest first."""
        return "".join(svg for _, svg in sorted(self.parts, key=lambda part: -part[0]))

    def box(self, pad: float = 4.0) -> tuple[float, float, float, float]:
        """Bounds of everything projected so far."""
        x0, y0, x1, y1 = map(float, self.extent)
        return x0 - pad, y0 - pad, x1 + pad, y1 + pad
