"""Sofas built of soft boxes in a light axonometric view: front or three-quarter."""

from __future__ import annotations

import math

from ..forms.outline import within
from ..forms.upholstery import FABRICS, LEATHERS, Soft, View, cushion, front
from ..registry import ROOMS, Kind
from ..toolkit.brush import (
    Brush,
    Point,
    Sprite,
    bounds,
    curve,
    ellipse,
    line,
    paint,
    polygon,
    rounded,
    taper,
    track,
)
from ..toolkit.colour import darken, jitter, lighten

METRE = 100.0  # units: centimetres
CUSHIONS = ("#c9a24a", "#b5563f", "#e6ddcc", "#4a6a7a", "#6f7f52", "#8a5a74", "#d8b4a0", "#2f3a48")


def _tufts(b: Brush, face: list[Point], colour: str, columns: int, rows: int) -> str:
    """Deep diamond buttoning over a face."""
    folds, pads, dots = [], [], []
    for row in range(rows):
        for i in range(columns + row % 2):
            u, v = (i + 0.5 - 0.5 * (row % 2)) / columns, (row + 0.6) / (rows + 0.2)
            x, y = within(face, min(1, max(0, u)), v)
            dots.append(ellipse(x, y, 1.7, 1.5))
            for du in (-0.5, 0.5):
                uu, vv = u + du / columns, v + 1 / (rows + 0.2)
                if 0 <= uu <= 1 and vv < 1:
                    p = within(face, uu, vv)
                    folds.append(f"M{x:.1f} {y:.1f}L{p[0]:.1f} {p[1]:.1f}")
            p = within(face, min(1, max(0, u)), min(0.98, v + 1 / (rows + 0.2)))
            pads.append(b.spot(p[0] + b.side * 2, (y + p[1]) / 2 - 1, 6.5, 6, lighten(colour, 0.6), 0.45))
    d = "".join(folds)
    return (
        line(d, darken(colour, 0.55), 2.6, opacity=0.4)
        + line(d, darken(colour, 0.7), 0.9, opacity=0.7)
        + "".join(pads)
        + paint("".join(dots), darken(colour, 0.6))
        + paint(
            "".join(dots),
            lighten(colour, 0.4),
            opacity=0.5,
            transform=f"translate({b.side * 0.5} -.6)",
        )
    )


def _creases(b: Brush, face: list[Point], colour: str, count: int) -> str:
    """A few soft folds in a cushion."""
    rng, parts = b.rng, []
    for _ in range(count):
        u, v = rng.uniform(0.1, 0.9), rng.uniform(0.15, 0.9)
        p, q = (
            within(face, u, v),
            within(
                face,
                min(1, max(0, u + rng.uniform(-0.2, 0.2))),
                min(1, v + rng.uniform(-0.25, 0.25)),
            ),
        )
        d = track("M", *p, "Q", (p[0] + q[0]) / 2 + rng.uniform(-4, 4), p[1], *q)
        parts.append(
            line(d, darken(colour, 0.5), 1.6, opacity=0.22)
            + line(d, lighten(colour, 0.5), 1.0, opacity=0.25, transform="translate(0 -1.4)")
        )
    return "".join(parts)


def _pillow(b: Brush, x: float, y: float, size: float) -> str:
    """A scatter cushion leaning against the back."""
    rng = b.rng
    colour, ink = rng.sample(CUSHIONS, 2)
    h, turn = size / 2, rng.uniform(-0.3, 0.3)
    ring = []
    for px, py in (
        (-h, -h),
        (0, -h * 0.86),
        (h, -h),
        (h * 0.88, 0),
        (h, h),
        (0, h * 0.9),
        (-h, h),
        (-h * 0.88, 0),
    ):
        corner = (0.35,) if abs(px) == abs(py) else ()
        ring.append(
            (
                x + px * math.cos(turn) - py * math.sin(turn),
                y + px * math.sin(turn) + py * math.cos(turn),
                *corner,
            )
        )
    marks = ""
    style = rng.randrange(4)
    if style < 2:
        step = size / (5 if style else 8)
        lines = "".join(
            f"M{x - size + (i * step):.1f} {y - size:.1f}l{size * turn * -2:.1f} {size * 2:.1f}"
            for i in range(int(2 * size / step))
        )
        marks = line(lines, ink, step * 0.32, opacity=0.75)
    elif style == 2:
        marks = paint(
            "".join(ellipse(x + rng.uniform(-h, h), y + rng.uniform(-h, h), 2.2) for _ in range(16)),
            ink,
        )
    shade = b.spot(x - b.side * 4, y + h * 0.5, h * 1.3, h * 1.1, "#14121c", 0.45)
    return shade + b.form(curve(ring), colour, size * 0.14, marks)


def _throw(b: Brush, view: View, s: Soft, drop: float) -> str:
    """A blanket laid over a block: top and front."""
    colour, ink = b.rng.sample(CUSHIONS, 2)
    top = [
        view(s.x0, s.y1 + 1, s.z1),
        view(s.x1, s.y1 + 1, s.z1),
        view(s.x1, s.y1 + 1, s.z0 - 2),
        view(s.x0, s.y1 + 1, s.z0 - 2),
    ]
    down = [
        top[3],
        top[2],
        view(s.x1 + 1, s.y1 - drop, s.z0 - 3),
        view(s.x0 - 1, s.y1 - drop - 4, s.z0 - 3),
    ]
    parts = [
        paint(rounded(top, 2), lighten(colour, 0.22)),
        paint(rounded(down, 2, 1), b.linear([(0, colour), (1, darken(colour, 0.25))])),
    ]
    for v in (0.12, 0.2, 0.72, 0.8):
        p, q = within(down, 0, v), within(down, 1, v)
        parts.append(line(f"M{p[0]:.1f} {p[1]:.1f}L{q[0]:.1f} {q[1]:.1f}", ink, 1.8, opacity=0.8))
    hem = (within(down, i / 14, 1) for i in range(15))
    fringe = "".join(f"M{x:.1f} {y:.1f}v4" for x, y in hem)
    return "".join(parts) + line(fringe, colour, 1.0)


def _roll(b: Brush, view: View, x: float, y: float, z0: float, z1: float, r: float, colour: str) -> str:
    """A scrolled arm end: a cylinder from z0 to z1, its face towards us."""
    (ax, ay), (bx, by) = view(x, y, z0), view(x, y, z1)
    body = paint(
        taper([(ax, ay), ((ax + bx) / 2, (ay + by) / 2), (bx, by)], [r * 2, r * 2, r * 1.9]),
        b.lit(lighten(colour, 0.1)),
    )
    far = paint(ellipse(bx, by, r, r), lighten(colour, 0.12))
    face = b.form(ellipse(ax, ay, r, r), colour, r * 0.3)
    swirl = line(ellipse(ax, ay, r * 0.72), darken(colour, 0.5), 1.0, opacity=0.55)
    studs = "".join(
        ellipse(ax + math.cos(i * 0.45) * r * 0.86, ay + math.sin(i * 0.45) * r * 0.86, 0.9)
        for i in range(14)
    )
    return far + body + face + swirl + paint(studs, "#c9a86a")


def draw(b: Brush, view: str) -> Sprite:
    """One sofa; ``view`` is one of those in ``KIND``."""
    rng = b.rng
    chesterfield = view.startswith("chesterfield")
    turned = view.endswith("quarter") or view == "corner"
    leather = rng.random() < (0.85 if chesterfield else 0.25)
    colour = jitter(rng, rng.choice(LEATHERS if leather else FABRICS), 0.03)
    look = View(
        rng.choice((-1, 1)) * rng.uniform(0.35, 0.62) if turned else rng.uniform(-0.03, 0.03),
        rng.uniform(0.2, 0.3),
    )
    seats = 3 if view == "corner" else rng.choice((2, 2, 3))
    arm = rng.uniform(13, 24)
    half = seats * rng.uniform(31, 35)
    deep, legs = rng.uniform(80, 92), rng.uniform(7, 17) if not chesterfield else 8
    seat, back = 42.0, rng.uniform(74, 88) if not chesterfield else rng.uniform(68, 74)
    arm_top = back if chesterfield else rng.uniform(54, 64)
    wide, r = half + arm, rng.uniform(4, 8)
    parts = []
    wood = rng.choice(("#5d3d28", "#8f6540", "#2b2522", "#b48f63", "#9a9da0"))
    for x in (-wide + 8, wide - 8):
        for z in (deep - 8, 6):
            p, q = look(x, legs + 4, z), look(x * 1.015, 0, z)
            parts.append(
                paint(
                    taper([p, q], [5.5, 3.2]),
                    b.across([(0, lighten(wood, 0.3)), (1, darken(wood, 0.45))]),
                )
            )
    parts.append(
        paint(
            polygon(
                [
                    look(-wide + 4, legs, 4),
                    look(wide - 4, legs, 4),
                    look(wide - 4, 2, deep),
                    look(-wide + 4, 2, deep),
                ]
            ),
            "#0e0c12",
            opacity=0.45,
        )
    )
    shell = darken(colour, 0.06)
    rear = Soft(-wide + 2, wide - 2, legs, back, deep - 20, deep)
    parts.append(cushion(b, look, rear, shell, r, 2))
    sides = [
        Soft(-wide, -half, legs, arm_top, 2, deep - 2),
        Soft(half, wide, legs, arm_top, 2, deep - 2),
    ]
    far_first = sides if look.yaw > 0 else sides[::-1]

    def arm_svg(s: Soft) -> str:
        svg = cushion(b, look, s, shell, r, 1.5)
        if chesterfield:
            svg += _roll(b, look, (s.x0 + s.x1) / 2, arm_top, 0, deep - 4, arm * 0.62, colour)
        return svg

    parts.append(arm_svg(far_first[0]))
    if not turned:
        parts.append(arm_svg(far_first[1]))
    parts.append(
        cushion(b, look, Soft(-half, half, legs, seat - 12, 3, deep - 16), darken(shell, 0.1), 2, 0.5)
    )
    width = 2 * half / seats
    order = range(seats) if look.yaw > 0 else range(seats - 1, -1, -1)
    if chesterfield:
        panel = Soft(-half, half, seat - 4, back + 1, deep - 30, deep - 6)
        parts.append(cushion(b, look, panel, colour, 6, 1))
        parts.append(_tufts(b, front(look, panel), colour, seats * 4, 3))
    else:
        lean = rng.uniform(20, 30)
        for i in order:
            x = -half + i * width
            pad = Soft(
                x + 0.6,
                x + width - 0.6,
                seat - 3,
                back + rng.uniform(-1, 3),
                deep - 16 - lean * 0.7,
                deep - 16,
            )
            parts.append(cushion(b, look, pad, lighten(colour, 0.05), 9, 4))
            parts.append(_creases(b, front(look, pad), colour, 3))
    for i in order:
        x, mid = -half + i * width, deep * 0.5
        pad = Soft(x + 0.5, x + width - 0.5, seat - 13, seat + 2, 0, deep - 28)
        parts.append(cushion(b, look, pad, lighten(colour, 0.03), 5, 2.4))
        cx, cy = look(x + width / 2, seat, mid)
        parts.append(b.spot(cx, cy - 6, width * 0.5, 7, "#14121c", 0.3))
    if turned:
        parts.append(arm_svg(far_first[1]))
    if view == "corner":
        x0, x1 = (half - width, wide) if look.yaw > 0 else (-wide, -half + width)
        parts.append(cushion(b, look, Soft(x0, x1, legs, seat - 11, -62, 4), darken(shell, 0.08), 4, 1))
        parts.append(
            cushion(b, look, Soft(x0, x1, seat - 12, seat + 2, -64, 2), lighten(colour, 0.04), 6, 2.4)
        )
    if rng.random() < 0.3 and not chesterfield:
        x = rng.uniform(-half * 0.7, half * 0.3)
        parts.append(_throw(b, look, Soft(x, x + width * 0.55, 0, seat + 2, 0, deep - 40), 24))
    for _ in range(rng.choice((0, 1, 2, 2, 3))):
        x, y = look(rng.choice((-1, 1)) * half * rng.uniform(0.35, 0.85), seat + 17, deep * 0.5)
        parts.append(_pillow(b, x, y, rng.uniform(30, 40)))
    depth_low = -64 if view == "corner" else 0
    corners = [
        look(x, y, z) for x in (-wide - 6, wide + 6) for y in (0, back + 14) for z in (depth_low, deep)
    ]
    x0, y0, x1, y1 = bounds(corners)
    feet = [look(x, 0, z) for x in (-wide + 6, wide - 6) for z in (6, deep - 6)]
    contacts = [(x, y, 7, 2.2) for x, y in feet]
    cx, cy = look(0, 0, deep * 0.4)
    contacts.append((cx, cy, wide * 0.95, max(6, deep * 0.16)))
    box = (x0 - 4, y0 - 6, x1 + 4, max(0.0, y1) + 4)
    return Sprite(
        "".join(parts),
        box,
        METRE,
        contacts,
        "leather" if leather else "fabric",
        0.035,
        relief=0.3,
        shadow=0.8,
        seats=[(*look(-half + (i + 0.5) * width, seat + 2, deep * 0.22), width) for i in range(seats)],
    )


KIND = Kind(
    draw,
    ("front", "front", "quarter", "quarter", "chesterfield", "chesterfield_quarter", "corner"),
    ROOMS,
    companions=("cat", "dog", "potted_plant", "tv_monitor", "person", "chair"),
    fill=(0.66, 0.92),
    several=0.08,
    portrait=0.03,
)
