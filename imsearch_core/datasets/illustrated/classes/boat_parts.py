"""What stands on boats: masts, sails, deckhouses, funnels and crew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import numpy as np

from ..forms.solid import Loft, Model, across
from ..toolkit.brush import ellipse, line, paint, polygon
from ..toolkit.colour import darken, lighten
from .boat_hull import Hull


def mast(m: Model, foot: Sequence[float], top: Sequence[float], thick: float, colour: str) -> None:
    """A mast with spreaders."""
    m.rod([foot, top], colour, thick * 1.4)
    x, y = foot[0] * 0.4 + top[0] * 0.6, foot[1] * 0.4 + top[1] * 0.6
    wide = (top[1] - foot[1]) * 0.06
    m.rod([(x, y, -wide), (x, y, wide)], colour, thick * 0.7)


def sail(
    m: Model,
    tack: Sequence[float],
    head: Sequence[float],
    clew: Sequence[float],
    colour: str,
    belly: float,
    battens: int = 0,
    mark: str = "",
) -> None:
    """A three-cornered sail with a bellied curve; ``mark`` colours a panel band."""
    tack, head, clew = (np.asarray(p, float) for p in (tack, head, clew))
    rows = []
    for u in np.linspace(0, 1, 11):
        luff, leech = tack + (head - tack) * u, clew + (head - clew) * u
        leech[0] += 0.07 * float(np.linalg.norm(clew - tack)) * math.sin(math.pi * u)
        v = np.linspace(0, 1, 8)[:, None]
        bulge = np.sin(math.pi * v**0.8) * belly * (1 - u) ** 0.6
        rows.append(luff + (leech - luff) * v + bulge * (0, 0, 1))
    grid = np.array(rows)
    colours = np.full((10, 7), colour, dtype="U7")
    if mark:
        colours[2:4] = mark
    seams = [m.path(grid[i], False) for i in range(2, 10, 2)]
    over = line("".join(seams), darken(colour, 0.4), 1.2, opacity=0.45)
    if battens:
        ends = [m.path(grid[i, 4:], False) for i in (2, 4, 6, 8)[:battens]]
        over += line("".join(ends), darken(colour, 0.55), 1.8, opacity=0.5)
    ax, ay = m.flat(grid[3])[0]
    bx, by = m.flat(grid[3])[-1]
    ends = ((ax, ay), (bx, by)) if belly * m.b.side > 0 else ((bx, by), (ax, ay))
    fall = [(0, "#1a2233", 0.0), (0.45, "#1a2233", 0.03), (1, "#1a2233", 0.3)]
    outline = np.concatenate([grid[0], grid[:, -1], grid[::-1, 0]])
    over = paint(m.path(outline), m.b.linear(fall, *ends, local=True)) + over
    m.surface(grid, colours, 0.0, sheet=True, over=over)


def stack(
    m: Model,
    x0: float,
    x1: float,
    y0: float,
    y1: float,
    half: float,
    colour: str,
    rows: Sequence[tuple[float, float]],
    pitch: float,
    trim: str = "",
    slope: float = 0.0,
) -> None:
    """A deckhouse with rows of windows, each given by its limits as shares of the height."""
    corners = [(x0, x1, y0), (x0 + slope, x1 - slope * 0.4, y1)]

    def at(t: float, v: float, z: float) -> tuple[float, float, float]:
        left, right = (corners[0][k] + (corners[1][k] - corners[0][k]) * v for k in (0, 1))
        return left + (right - left) * t, y0 + (y1 - y0) * v, z * half * (1 - 0.04 * v)

    b, dark, count = m.b, darken(colour, 0.55), max(1, round((x1 - x0) / pitch))
    top = m.path([at(0, 1, -1), at(1, 1, -1), at(1, 1, 1), at(0, 1, 1)])
    svg = ""
    lit = {(0, -1): 0.1, (0, 1): 0.1, (-1, 0): 0.0, (1, 0): 0.0}
    for (dx, dz), tone in lit.items():
        ends = ((0, dz), (1, dz)) if dz else ((0 if dx < 0 else 1, -1), (0 if dx < 0 else 1, 1))
        (ta, za), (tb, zb) = ends
        ring = [at(ta, 0, za), at(tb, 0, zb), at(tb, 1, zb), at(ta, 1, za)]
        if not m.faces(ring, (dx, 0, dz)):
            continue
        n = m.eye.matrix @ np.array([dx, 0, dz], float)
        tone = 0.35 - max(0.0, float(n @ m.light)) * 0.6
        base = darken(colour, max(0.0, tone)) if tone > 0 else lighten(colour, -tone)
        svg += paint(
            m.path(ring),
            b.linear([(0, lighten(base, 0.1)), (1, darken(base, 0.12))]),
            stroke=dark,
            stroke_width=1,
        )
        if trim:
            edge = [
                at(ta + (tb - ta) * u, v, za + (zb - za) * u)
                for u, v in ((0.01, 0.08), (0.99, 0.08), (0.99, 0.92), (0.01, 0.92))
            ]
            svg += paint(m.path(edge), stroke=trim, stroke_width=2.2)
        panes, number = [], count if dz else max(2, round(2 * half / pitch))
        for low, high in rows:
            for i in range(number):
                u0, u1 = (i + 0.2) / number, (i + 0.8) / number
                quad = [(u0, low), (u1, low), (u1, high), (u0, high)]
                panes.append(m.path([at(ta + (tb - ta) * u, v, za + (zb - za) * u) for u, v in quad]))
        if panes:
            svg += paint("".join(panes), "#33475a", stroke="#e9e6dc" if trim else dark, stroke_width=0.9)
    if m.eye.world(np.array(at(0.5, 1, 0)))[1] < m.eye.height:
        svg += paint(top, lighten(colour, 0.25), stroke=dark, stroke_width=1)
    m.add(m.depth(((x0 + x1) / 2, y0, 0)) - half * 0.1 - (y0 - 0) * 0.2, svg)


def cabin(
    m: Model, hull: Hull, a: float, z: float, high: float, wide: float, colour: str, portholes: int
) -> None:
    """A low coachroof between two shares of the length."""
    x0, x1 = hull.long * a, hull.long * z
    y = float(hull.sheer((x0 + x1) / 2))
    half = hull.beam * wide
    stack(
        m, x0, x1, y - 0.15, y + high, half, colour, ((0.45, 0.8),), (x1 - x0) / portholes, slope=high * 0.9
    )


def funnel(
    m: Model, at: tuple[float, float], r: float, high: float, colour: str, cap: str, lean: float = 0.0
) -> None:
    """A funnel with a dark top."""
    a, (x, y) = np.linspace(0, math.tau, 17), at
    grid = np.array(
        [
            [(x + lean * v + r * 1.3 * math.cos(t), y + high * v, r * math.sin(t)) for t in a]
            for v in (0, 0.72, 0.74, 1)
        ]
    )
    colours = np.full((3, 16), colour, dtype="U7")
    colours[1:] = cap
    m.surface(grid, colours, 0.3, bias=r * 3)


def crew(m: Model, rng: Random, seats: list[tuple[float, float, float]], standing: bool = False) -> None:
    """Small figures, head and jacket, sitting (or standing) in the boat."""
    for x, y, z in seats:
        coat, skin = (
            rng.choice(("#c9402f", "#e0a02f", "#2f5f9a", "#f0ece2", "#3f7a55")),
            rng.choice(("#e0b08f", "#c68d66", "#7d5338")),
        )
        rise = 0.75 if standing else 0.0
        body = Loft(
            x + np.array([-0.2, -0.12, 0.12, 0.2]),
            y + 0.42 + rise,
            [0.12, 0.24, 0.24, 0.12],
            [0.25, 0.36, 0.36, 0.25],
            [0.24, 0.32 + rise, 0.32 + rise, 0.24],
        )
        figure = body.grid(12) + across(z)
        m.surface(figure, coat, 0.0, bias=0.25, edge=0.8)
        k, (cx, cy) = m.scale((x, y, z)), m.flat([(x - 0.04, y + 1.0 + rise, z)])[0]
        head = paint(ellipse(cx, cy, k * 0.12, k * 0.15), m.b.lit(skin))
        brim = polygon(
            [
                (cx - k * 0.15, cy - k * 0.03),
                (cx - k * 0.1, cy - k * 0.17),
                (cx + k * 0.1, cy - k * 0.17),
                (cx + k * 0.14, cy - k * 0.03),
            ]
        )
        hat = paint(brim, rng.choice((coat, "#3a2c22", "#f0ece2")))
        m.add(m.depth((x, y, z)) - 0.35, head + hat)
        flat = m.flat(figure).reshape(-1, 2)
        (x0, _), (x1, _) = flat.min(0), flat.max(0)
        low = m.flat([(x, y + 0.18, z)])[0][1]  # the hull hides what is below
        m.people.append((float(x0), float(cy - k * 0.18), float(x1), float(low)))
