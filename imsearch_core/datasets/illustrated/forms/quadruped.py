"""Anatomy shared by the four-legged animals: jointed legs, joined outlines, hooves, eyes, hair.

Animals face right. Angles of limbs are degrees from straight down, positive forward.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..toolkit.brush import Brush, Point, clockwise, curve, dense, ellipse, group, hair, line, num, paint
from ..toolkit.colour import darken, lighten

Ring = list[Point]


def place(points: Sequence[Point], x: float, y: float, angle: float = 0.0, scale: float = 1.0) -> Ring:
    """Points scaled, turned clockwise by ``angle`` degrees and moved to (x, y)."""
    c, s = math.cos(math.radians(angle)) * scale, math.sin(math.radians(angle)) * scale
    return [(x + p[0] * c - p[1] * s, y + p[0] * s + p[1] * c, *p[2:]) for p in points]


def at(content: str, x: float, y: float, angle: float = 0.0, scale: float = 1.0) -> str:
    """The same for drawn details."""
    return group(content, f"translate({num(x)} {num(y)}) rotate({num(angle)}) scale({num(scale)})")


def squash(points: Sequence[Point], by: float) -> Ring:
    """Foreshorten along x."""
    return [(p[0] * by, *p[1:]) for p in points]


def chain(
    x: float,
    y: float,
    lengths: Sequence[float],
    angles: Sequence[float],
    ground: float | None,
) -> Ring:
    """Joints of a leg hung at (x, y), with the middle of every bone between them.

    The leg is stretched or shortened so that its end rests at ``ground``, unless that is None.
    """
    turns = [math.radians(a) for a in angles]
    scale = 1.0
    if ground is not None:
        drop = sum(n * math.cos(t) for n, t in zip(lengths, turns, strict=True))
        scale = (ground - y) / drop
    joints: Ring = [(x, y)]
    for length, turn in zip(lengths, turns, strict=True):
        px, py = joints[-1]
        qx, qy = px + length * scale * math.sin(turn), py + length * scale * math.cos(turn)
        joints += [((px + qx) / 2, (py + qy) / 2), (qx, qy)]
    return joints


def _within(points: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """Which of ``points`` lie in the polygon ``ring``."""
    x, y = points[:, :1], points[:, 1:]
    ax, ay = ring[None, :, 0], ring[None, :, 1]
    bx, by = np.roll(ax, -1), np.roll(ay, -1)
    rise = np.where(by == ay, 1e-9, by - ay)
    return (((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / rise + ax)).sum(1) % 2 == 1


def rim_of(rings: Sequence[Ring]) -> str:
    """Path along the outer edge of overlapping rings, without the lines inside their union."""
    fine = [np.array([p[:2] for p in dense(ring, steps=4)]) for ring in rings]
    parts = []
    for i, points in enumerate(fine):
        hidden = np.zeros(len(points), bool)
        for j, other in enumerate(fine):
            if i != j:
                hidden |= _within(points, other)
        shown, pen = False, ""
        for (x, y), covered in zip([*points, points[0]], [*hidden, hidden[0]], strict=True):
            if not covered:
                pen += f"{'L' if shown else 'M'}{num(x)} {num(y)}"
            shown = not covered
        parts.append(pen)
    return "".join(parts)


def solid(
    b: Brush,
    rings: Sequence[Ring],
    colour: str,
    depth: float,
    marks: str = "",
    rim: float = 1.0,
) -> str:
    """Like `Brush.form`, but of several overlapping rings grown into one body."""
    rings = [clockwise(ring) for ring in rings]
    d, edge = "".join(curve(ring) for ring in rings), rim_of(rings)
    return paint(d, b.lit(colour)) + b.clip(d, [marks, *b.turning(edge, colour, depth, rim)])


def muscles(
    b: Brush, colour: str, soft: Sequence[Sequence[float]], hollow: Sequence[Sequence[float]], squeeze: float
) -> str:
    """Light on the ``soft`` and shade in the ``hollow`` parts of a body: (x, y, rx, ry, opacity) of each."""
    tones = ((lighten(colour, 0.5), soft), (darken(colour, 0.6), hollow))
    return "".join(
        b.spot(x * squeeze, y, rx * squeeze, ry, tone, opacity)
        for tone, spots in tones
        for x, y, rx, ry, opacity in spots
    )


def blob(b: Brush, x: float, y: float, rx: float, ry: float, rough: float = 0.3, count: int = 11) -> str:
    """An irregular patch."""
    rng, points = b.rng, []
    for i in range(count):
        turn, r = math.tau * (i + rng.uniform(-0.25, 0.25)) / count, 1 + rng.uniform(-rough, rough)
        points.append((x + rx * r * math.cos(turn), y + ry * r * math.sin(turn)))
    return curve(points)


def fade_down(
    b: Brush, x0: float, x1: float, top: float, full: float, colour: str, opacity: float = 1.0
) -> str:
    """Colour that comes in between ``top`` and ``full`` and stays down to the ground: dark or white legs."""
    paint_ = b.linear([(0, colour, 0), (1, colour, opacity)], (0, top), (0, full), local=True)
    return paint(f"M{num(x0)} {num(top)}H{num(x1)}V2H{num(x0)}Z", paint_)


def hoof(
    b: Brush, x: float, y: float, w: float, h: float, colour: str, tilt: float = 0.0, cloven: bool = False
) -> str:
    """A hoof hung under the pastern end (x, y)."""
    ring = [(-0.5 * w, -0.1 * h), (0.46 * w, -0.15 * h), (0.82 * w, h, 0.2), (-0.56 * w, h, 0.2)]
    body = paint(curve(ring, tension=0.6), b.lit(colour))
    if cloven:
        body += line(
            f"M{num(0.2 * w)} {num(0.1 * h)}L{num(0.34 * w)} {num(h)}", darken(colour, 0.6), w * 0.09
        )
    return at(body, x, y, tilt)


def strands(
    b: Brush,
    roots: Sequence[Point],
    fall: Point,
    count: int,
    width: float,
    spread: float = 0.25,
    bend: float = 1.0,
) -> str:
    """Path of long hairs hanging from a line of roots by about ``fall``."""
    rng, parts = b.rng, []
    fine = [*dense(roots, closed=False, steps=6), roots[-1][:2]]
    for i in range(count):
        t = (i + rng.random()) / count * (len(fine) - 1.001)
        (ax, ay), (bx, by) = fine[int(t)][:2], fine[int(t) + 1][:2]
        x, y = ax + (bx - ax) * (t % 1), ay + (by - ay) * (t % 1)
        k = rng.uniform(0.7, 1.15)
        dx, dy = (v * k + rng.gauss(0, spread) * math.hypot(*fall) for v in fall)
        parts.append(hair(x, y, dx, dy, width * rng.uniform(0.6, 1.3), rng.uniform(-bend, bend)))
    return "".join(parts)


def side_eye(b: Brush, x: float, y: float, r: float, iris: str = "#2a1a12", tilt: float = 8.0) -> str:
    """An animal's eye seen from the side: lids, wet ball and glint."""
    lid = curve(
        [
            (-1.25 * r, 0.2 * r, 0.4),
            (-0.3 * r, -0.85 * r),
            (0.8 * r, -0.6 * r),
            (1.3 * r, 0.3 * r, 0.4),
            (0.1 * r, 0.75 * r),
        ]
    )
    svg = paint(ellipse(0, -0.1 * r, 1.8 * r, 1.4 * r), "#140f0e", opacity=0.22)
    svg += paint(lid, iris, stroke="#120d0c", stroke_width=num(0.28 * r))
    svg += paint(ellipse(0.1 * r, -0.1 * r, 0.55 * r, 0.6 * r), "#0a0808")
    svg += paint(ellipse(b.side * 0.3 * r, -0.35 * r, 0.24 * r), "#ffffff")
    svg += line(
        f"M{num(-1.3 * r)} {num(-0.45 * r)}Q0 {num(-1.5 * r)} {num(1.2 * r)} {num(-0.5 * r)}",
        "#120d0c",
        0.25 * r,
        opacity=0.6,
    )
    return at(svg, x, y, tilt)


def front_eye(b: Brush, x: float, y: float, r: float, iris: str, tilt: float, pupil: float) -> str:
    """A round animal eye seen from the front."""
    ball = b.radial([(0, lighten(iris, 0.3)), (0.6, iris), (1, darken(iris, 0.6))], (0.5, 0.6), 0.55)
    svg = paint(ellipse(0, 0, 1.32 * r, 1.12 * r), "#120d0c", opacity=0.85)
    svg += paint(ellipse(0, 0.05 * r, r, 0.92 * r), ball)
    svg += paint(ellipse(0, 0, pupil * r, pupil * r), "#080708")
    svg += paint(ellipse(b.side * 0.36 * r, -0.36 * r, 0.27 * r), "#ffffff")
    svg += paint(ellipse(-b.side * 0.35 * r, 0.45 * r, 0.2 * r, 0.13 * r), "#ffffff", opacity=0.45)
    return at(svg, x, y, tilt)
