"""A car body as a solid: side profile times rounded plan, projected for any yaw."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

from ..forms.wheeled import Camera
from ..toolkit.brush import Point, dense, polygon


@dataclass(frozen=True)
class Shell:
    """Geometry of one model in metres; x runs from the nose (0) to the tail, y up, z across.

    ``profile`` is the upper outline from the nose's lower edge over the roof to the tail's, each
    point (x, y, softness). ``glass`` are the x limits of windscreen and rear window on it:
    (foot, head, head, foot). ``belt`` is the height of the window sill, ``windows`` the side
    glass as polygons, ``doors`` the x of the shut lines, ``wheels`` the two axles.
    """

    profile: list[Point]
    glass: tuple[float, float, float, float]
    belt: float
    windows: list[list[Point]]
    doors: tuple[float, ...]
    wheels: tuple[float, float]
    radius: float = 0.32
    width: float = 1.76
    sill: float = 0.24
    lamp: float = 0.66
    tuck: float = 0.8
    outline: list[Point] = field(default_factory=list, compare=False)

    @property
    def length(self) -> float:
        """Overall length."""
        return max(p[0] for p in self.profile)

    def half(self, x: float, y: float) -> float:
        """Half width of the body at a point of its side: narrower at nose, tail and roof."""
        ends = min(x, self.length - x)
        plan = 1 - 0.11 * max(0.0, 1 - max(0.0, ends) / 0.75) ** 2
        roof = max(p[1] for p in self.profile)
        t = max(0.0, (y - self.belt) / max(0.1, roof - self.belt))
        low = max(0.0, (0.5 - y) / 0.5) * 0.05
        return self.width / 2 * plan * (1 - low - (1 - self.tuck) * t)

    def smooth(self) -> list[Point]:
        """The profile as a dense polyline."""
        if not self.outline:
            self.outline.extend([*dense(self.profile, closed=False, steps=5), self.profile[-1][:2]])
        return self.outline

    def top(self, x0: float, x1: float) -> list[Point]:
        """The points of the profile above the belt between two x."""
        return [p for p in self.smooth() if x0 <= p[0] <= x1 and p[1] > self.belt - 0.06]

    def end_x(self, y: float, rear: bool) -> float:
        """x of the nose (or tail) surface at height ``y``."""
        ring = self.smooth()
        ring = ring[::-1] if rear else ring
        for a, b in pairwise(ring):
            if a[1] <= y <= b[1]:
                return a[0] + (b[0] - a[0]) * (y - a[1]) / max(1e-6, b[1] - a[1])
        return ring[0][0]


class CarCamera(Camera):
    """The same for what lies on the surface of a `Shell`."""

    def near(self, shell: Shell, x: float, y: float, out: float = 0.0) -> Point:
        """Point of the near side of the body."""
        return self(x, y, -shell.half(x, y) - out)

    def side(self, shell: Shell, points: list[Point], out: float = 0.0) -> list[Point]:
        """Project a polygon lying on the near side."""
        return [(*self.near(shell, p[0], p[1], out), *p[2:]) for p in points]

    def end(self, shell: Shell, points: list[Point], rear: bool) -> list[Point]:
        """Project (t, y) points of nose or tail; t -1 is the near edge, 1 the far one."""
        out = []
        for t, y, *soft in points:
            x = shell.end_x(y, rear)
            bow = 0.05 * (1 - t * t) * (1 if rear else -1)
            out.append((*self(x + bow, y, t * shell.half(x, y)), *soft))
        return out

    def pane(self, shell: Shell, x0: float, x1: float, inset: float) -> list[Point]:
        """Windscreen or rear window between two x, leaving ``inset`` metres of pillar."""
        run = shell.top(x0, x1)
        left = [self(x, y, -shell.half(x, y) + inset) for x, y, *_ in run]
        right = [self(x, y, shell.half(x, y) - inset) for x, y, *_ in run]
        return [*left, *right[::-1]]

    def wheel(self, x: float, y: float, z: float) -> str:
        """SVG matrix that lays a drawing in metres (x right, y down) on the side at a wheel."""
        ox, oy = self(x, y, z)
        ax, ay = self(x + 0.1, y, z)
        bx, by = self(x, y - 0.1, z)
        values = ((ax - ox) * 10, (ay - oy) * 10, (bx - ox) * 10, (by - oy) * 10, ox, oy)
        return "matrix(" + " ".join(f"{v:.3f}" for v in values) + ")"


def strips(shell: Shell, camera: CarCamera) -> list[tuple[float, str, float, float]]:
    """The visible slices of nose, bonnet, roof and tail, the farthest first.

    Each is (depth, path, normal x, normal y), the normal in the plane of the profile.
    """
    ring, out = shell.smooth(), []
    for (ax, ay, *_), (bx, by, *_) in pairwise(ring):
        length = math.hypot(bx - ax, by - ay)
        if length < 1e-4:
            continue
        za, zb = shell.half(ax, ay), shell.half(bx, by)
        quad = [camera(ax, ay, -za), camera(ax, ay, za), camera(bx, by, zb), camera(bx, by, -zb)]
        area = sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(quad, quad[1:] + quad[:1], strict=True))
        if area > 0:
            depth = ((ax + bx) / 2 - shell.length / 2) * math.sin(camera.yaw)
            out.append((depth, polygon(quad), -(by - ay) / length, (bx - ax) / length))
    return sorted(out, key=lambda item: -item[0])
