"""What birds are made of: feathered forms, beaks, eyes, folded and spread wings, feet, perches."""

from __future__ import annotations

import math
from itertools import pairwise

from ..toolkit.brush import (
    Brush,
    Point,
    bounds,
    clockwise,
    curve,
    ellipse,
    hair,
    inside,
    line,
    paint,
    pts,
    taper,
)
from ..toolkit.colour import darken, lighten, mix


def feathered(
    b: Brush,
    ring: list[Point],
    colour: str,
    marks: str = "",
    flow: Point = (-0.8, 0.6),
    size: float = 4.0,
    depth: float = 4.0,
) -> str:
    """A body covered with small soft feathers lying along ``flow``."""
    out = b.fur(clockwise(ring), colour, size * 0.6, 110, 0.8, size * 0.4, 0.95)
    out += b.form(curve(ring), colour, depth, marks, rim=0.5)
    out += b.pelt(ring, "#1c1820", size, 170, flow, 0.16)
    return out + b.pelt(ring, "#fff8ea", size * 0.9, 170, flow, 0.26)


def patch(text: str, colour: str, opacity: float = 1.0) -> str:
    """A coloured area through the points of ``text``."""
    return paint(curve(pts(text)), colour, opacity)


def speckle(b: Brush, text: str, colour: str, count: int, size: float, opacity: float = 0.8) -> str:
    """Drop-shaped spots scattered inside the outline ``text``."""
    ring, drops = pts(text), []
    x0, y0, x1, y1 = bounds(ring)
    for _ in range(count):
        x, y = b.rng.uniform(x0, x1), b.rng.uniform(y0, y1)
        if inside(x, y, ring):
            drops.append(hair(x, y, b.rng.gauss(0, 0.3), size * b.rng.uniform(0.8, 1.5), size * 0.6))
    return paint("".join(drops), colour, opacity) if drops else ""


def eye(b: Brush, x: float, y: float, r: float, iris: str = "#1a1210", ring: str = "") -> str:
    """A round bird's eye with its glint, and a bare ``ring`` of skin if given."""
    out = paint(ellipse(x, y, r * 1.45), ring) if ring else b.spot(x, y, r * 2, r * 2, "#0c0a0c", 0.35)
    ball = b.radial([(0, lighten(iris, 0.3)), (0.7, iris), (1, darken(iris, 0.5))], (0.5, 0.65), 0.6)
    out += paint(ellipse(x, y, r), ball, stroke="#0c0a0c", stroke_width=f"{r * 0.18:.2f}")
    out += paint(ellipse(x, y, r * 0.56), "#080608")
    return out + paint(ellipse(x + b.side * r * 0.3, y - r * 0.36, r * 0.26), "#ffffff")


def beak(b: Brush, text: str, colour: str, seam: str = "", nostril: Point | None = None) -> str:
    """A horny beak with its light ridge and the line between the two halves."""
    ring = pts(text)
    fill = b.linear([(0, lighten(colour, 0.35)), (0.45, colour), (1, darken(colour, 0.45))])
    out = paint(curve(ring), fill) + paint(curve(ring), stroke=darken(colour, 0.6), stroke_width=0.35)
    if seam:
        out += line(curve(pts(seam), closed=False), darken(colour, 0.7), 0.5, opacity=0.8)
    if nostril:
        out += paint(ellipse(*nostril, 0.8, 0.45), darken(colour, 0.75), 0.8)
    return out


def quills(points: list[Point], ends: list[Point], width: float) -> str:
    """Long feathers from each of ``points`` to the matching one of ``ends``, round at the tip."""
    parts = []
    for (x, y, *_), (u, v, *_) in zip(points, ends, strict=True):
        mid = (x + (u - x) * 0.6, y + (v - y) * 0.6)
        tip = (x + (u - x) * 0.94, y + (v - y) * 0.94)
        parts.append(taper([(x, y), mid, tip, (u, v)], [width * 0.7, width, width * 0.75, width * 0.15]))
    return "".join(parts)


def _row(a: list[Point], count: int) -> list[Point]:
    """``count`` points spread evenly along the open curve through ``a``."""
    spans = [math.dist(p[:2], q[:2]) for p, q in pairwise(a)]
    total, out = sum(spans), []
    for i in range(count):
        goal, k = total * i / max(1, count - 1), 0
        while k < len(spans) - 1 and goal > spans[k]:
            goal -= spans[k]
            k += 1
        t = min(1.0, goal / spans[k])
        out.append((a[k][0] + (a[k + 1][0] - a[k][0]) * t, a[k][1] + (a[k + 1][1] - a[k][1]) * t))
    return out


def wing(
    b: Brush,
    root: str,
    ends: str,
    colour: str,
    tips: str,
    cover: str,
    count: int = 12,
    width: float = 5.0,
    far: bool = False,
) -> str:
    """A spread wing: flight feathers from the arm ``root`` to the trailing ``ends``, and coverts."""
    if far:
        colour, tips, cover = (darken(c, 0.22) for c in (colour, tips, cover))
    arm, trail = pts(root), pts(ends)
    start, stop = _row(arm, count), _row(trail, count)
    feathers = quills(start, stop, width)
    run = b.linear([(0, lighten(colour, 0.12)), (0.6, colour), (1, darken(colour, 0.18))])
    seams = "".join(f"M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}" for (x, y), (u, v) in zip(start, stop, strict=True))
    out = paint(feathers, run, stroke=darken(colour, 0.55), stroke_width=0.35)
    last = list(zip(start, stop, strict=True))[-(count // 2) :]
    near = [
        (x + (u - x) * (0.85 - 0.35 * i / len(last)), y + (v - y) * (0.85 - 0.35 * i / len(last)))
        for i, ((x, y), (u, v)) in enumerate(last)
    ]
    dark = quills(near, [q for _, q in last], width * 0.98)
    out += paint(dark, tips, 0.9) + line(seams, darken(colour, 0.6), 0.3, opacity=0.5)
    for share, tone, wide in ((0.48, mix(colour, cover, 0.5), 1.25), (0.3, cover, 1.4)):
        half = [
            (x + (u - x) * share, y + (v - y) * share) for (x, y), (u, v) in zip(start, stop, strict=True)
        ]
        out += paint(quills(start, half, width * wide), tone, stroke=darken(tone, 0.4), stroke_width=0.3)
    edge = taper(arm, [width * 1.6] + [width * 1.3] * (len(arm) - 2) + [width * 0.5])
    return out + paint(edge, b.lit(cover, 0.7))


def folded(b: Brush, ring: str, colour: str, edge: str, tip: Point, bars: str = "", marks: str = "") -> str:
    """A folded wing: scaled coverts in front, long quills running to ``tip``; ``bars`` pale bands."""
    outline = pts(ring)
    left, top, right, low = bounds(outline)
    w, h = right - left, low - top
    scales, rows = [], []
    for i in range(5):
        for j in range(7):
            x, y = right - w * (0.04 + 0.1 * i) - j * w * 0.03, top + h * (0.06 + 0.115 * j)
            s = w * 0.085
            scales.append(
                f"M{x:.1f} {y:.1f}q{-s * 1.1:.1f} {s * 0.1:.1f} {-s * 0.9:.1f} "
                f"{s:.1f}q{s * 0.5:.1f} {s * 0.2:.1f} {s * 1.3:.1f} {-s * 0.2:.1f}"
            )
    for i in range(9):
        t = i / 8
        x, y = right - w * (0.42 + 0.05 * t), top + h * (0.1 + 0.72 * t)
        rows.append(
            f"M{x:.1f} {y:.1f}Q{x * 0.5 + tip[0] * 0.5:.1f} {y * 0.55 + tip[1] * 0.45 - h * 0.03:.1f} "
            f"{tip[0] + w * 0.3 * t * (1 - t):.1f} {tip[1] - h * 0.16 * (1 - t):.1f}"
        )
    inner = line("".join(rows), edge, w * 0.018, opacity=0.85)
    inner += line(
        "".join(rows), lighten(colour, 0.5), w * 0.008, opacity=0.4, transform=f"translate(0 {h * 0.02:.2f})"
    )
    inner += line("".join(scales), darken(colour, 0.5), w * 0.012, opacity=0.45)
    if bars:
        x = right - w * 0.42
        inner += line(
            f"M{x:.1f} {top:.1f}q{-w * 0.1:.1f} {h * 0.3:.1f} {w * 0.06:.1f} {h * 0.85:.1f}",
            bars,
            w * 0.06,
            opacity=0.9,
        )
    return b.form(curve(outline), colour, w * 0.05, marks + inner, rim=0.5)


def legs(b: Brush, feet: str, colour: str, width: float, toes: float = 6.0, grip: bool = False) -> str:
    """Thin legs: pairs ``x,y`` of body and foot; toes spread on the ground or grip a branch."""
    points, shins, claws = pts(feet), [], []
    for top, foot in zip(points[::2], points[1::2], strict=True):
        shins.append(taper([top, foot], [width * 1.3, width]))
        for dx in (toes, toes * 0.75, -toes * 0.6):
            drop = width * 1.6 if grip else (0.5 if dx == toes else 1.4)
            claws.append(
                taper(
                    [
                        foot,
                        (foot[0] + dx * 0.6, foot[1] + (0 if grip else drop * 0.5)),
                        (foot[0] + dx, foot[1] + drop),
                    ],
                    [width, width * 0.9, width * 0.3],
                )
            )
    fill = b.across([(0, lighten(colour, 0.3)), (1, darken(colour, 0.35))])
    return paint("".join(shins), fill) + paint("".join(claws), colour)


def branch(b: Brush, half: float, thick: float, leafy: bool = True) -> str:
    """A branch under the origin that comes up from the lower edge at y = ``half`` * 0.55."""
    rng = b.rng
    bark = rng.choice(("#6a5240", "#7d6a56", "#54433a"))
    low = half * 0.55
    spine = [
        (-half * 0.55, low + thick * 2),
        (-half * 0.42, low * 0.55),
        (-half * 0.2, thick * 0.95),
        (0, thick * 0.4),
        (half * 0.4, thick * 0.1),
        (half * 0.82, -thick * 1.2),
    ]
    widths = [thick * 1.9, thick * 1.6, thick * 1.25, thick, thick * 0.72, thick * 0.3]
    twig = taper(
        [(half * 0.25, thick * 0.2), (half * 0.45, thick * 1.8), (half * 0.72, thick * 2.6)],
        [thick * 0.5, thick * 0.36, thick * 0.14],
    )
    cracks = "".join(
        hair(x, y + rng.uniform(-0.4, 0.5) * thick, thick * rng.uniform(0.6, 1.6), -thick * 0.1, thick * 0.09)
        for x, y in [(rng.uniform(-half * 0.4, half * 0.7), rng.uniform(0, thick * 0.6)) for _ in range(30)]
    )
    out = paint(twig, darken(bark, 0.2)) + b.form(
        taper(spine, widths), bark, thick * 0.25, paint(cracks, darken(bark, 0.6), 0.6)
    )
    if not leafy:
        return out
    green, lobes, veins = rng.choice(("#6f9446", "#8aa24c", "#55803f", "#b08a3a")), [], []
    for x, y in ((0.82, -1.2), (0.6, -0.4), (0.72, 2.6), (0.52, 2.0), (0.45, 0.2), (-0.36, 4.0), (0.66, 2.4)):
        x, y, size = x * half, y * thick, half * rng.uniform(0.13, 0.2)
        turn = rng.uniform(-0.9, 0.7) + (0.9 if y > thick else -0.5)
        dx, dy = math.cos(turn) * size, math.sin(turn) * size
        lobes.append(
            taper(
                [(x, y), (x + dx * 0.4, y + dy * 0.4), (x + dx * 0.8, y + dy * 0.8), (x + dx, y + dy)],
                [size * 0.1, size * 0.42, size * 0.28, 0.1],
            )
        )
        veins.append(f"M{x:.1f} {y:.1f}l{dx * 0.9:.1f} {dy * 0.9:.1f}")
    leaves = paint("".join(lobes), b.lit(green), stroke=darken(green, 0.4), stroke_width=0.3)
    return out + leaves + line("".join(veins), lighten(green, 0.4), half * 0.006, opacity=0.7)
