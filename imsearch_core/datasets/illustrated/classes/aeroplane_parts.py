"""Fittings of aeroplanes: engines, propellers, windows, undercarriage."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..forms.solid import Loft, Model, across
from ..toolkit.brush import Brush, line, paint
from ..toolkit.colour import lighten
from .aeroplane_models import Craft


def engine(
    b: Brush,
    m: Model,
    at: tuple[float, float, float],
    size: float,
    colour: str,
    prop: bool,
    below: bool,
) -> None:
    """A jet nacelle or a propeller engine whose intake centre is ``at``."""
    x, y, z = at
    long = size * (3.4 if not prop else 4.2)
    t = np.array([0, 0.03, 0.12, 0.35, 0.7, 1.0])
    r = np.array([0.86, 0.96, 1.0, 1.0, 0.85, 0.55]) * size
    if prop:
        r = np.array([0.3, 0.55, 0.8, 0.9, 0.75, 0.2]) * size
    nacelle = Loft(x + t * long, y, r, r)
    colours = np.full((5, 18), colour, dtype="U7")
    colours[0] = "#e3e6e8"
    colours[4] = "#8f959b"
    over = ""
    front = m.disc((x, y, z), r[0], 0)
    if m.faces(front, (-1, 0, 0)) and not prop:
        over = paint(m.path(front), "#2a2e33") + paint(m.path(m.disc((x, y, z), r[0] * 0.86, 0)), "#14161a")
        blades = []
        for i in range(12):
            a = math.tau * i / 12
            tip = (x, y + math.sin(a) * r[0] * 0.8, z + math.cos(a) * r[0] * 0.8)
            blades.append(m.path([(x, y, z), tip], False))
        over += line("".join(blades), "#6d747b", 1.2, opacity=0.6)
        over += paint(m.path(m.disc((x, y, z), r[0] * 0.26, 0)), "#b9bec3")
    rear = m.disc((x + long, y, z), r[-1], 0)
    if m.faces(rear, (1, 0, 0)) and not prop:
        over += paint(m.path(rear), "#2b2a2c")
    grid = nacelle.grid(18) + across(z)
    bias = 1.2 * size if below else 0.35 * size
    m.surface(grid, colours, 0.4, bias=bias, over=over)
    if prop:
        propeller(b, m, (x - 0.05, y, z), size * 2.3, bias + 0.3)


def propeller(
    b: Brush, m: Model, at: tuple[float, float, float], r: float, bias: float, blades: int = 3
) -> None:
    """A turning propeller: a faint disc, blades and spinner."""
    x, y, z = at
    ring = m.path(m.disc(at, r, 0))
    svg = paint(ring, "#dfe6ea", 0.2) + paint(ring, stroke="#3a3f44", stroke_width=1, opacity=0.3)
    turn, blade = b.rng.uniform(0, 2), []
    for i in range(blades):
        a = turn + math.tau * i / blades
        c, s = math.cos(a), math.sin(a)
        shape = [(0.06, -0.05), (0.45, -0.085), (0.97, -0.03), (0.97, 0.03), (0.45, 0.06), (0.06, 0.05)]
        blade.append(m.path([(x, y + (u * s + v * c) * r, z + (u * c - v * s) * r) for u, v in shape]))
    svg += paint("".join(blade), "#33373c", 0.85)
    t = np.array([-0.2, -0.12, 0.0])
    m.add(m.depth(at) - bias, svg)
    hub = Loft(x + t * r, y, np.array([0.01, 0.09, 0.12]) * r, np.array([0.01, 0.09, 0.12]) * r)
    m.surface(hub.grid(12) + across(z), "#d0d3d6", 0.5, bias=bias + 0.1, edge=0.8)


def windows(m: Model, body: Loft, c: Craft) -> str:
    """Cabin windows, doors and flight deck glass on the sides turned to us."""
    r, n, out = c.radius, c.length, ""
    for side in (-1, 1):
        probe = [body.skin(n * 0.4, c.lift + y * r, side) for y in (0.1, 0.4)]
        ring = [probe[0], (n * 0.45, *probe[0][1:]), (n * 0.45, *probe[1][1:]), probe[1]]
        if m.faces(ring, (0, 0, side)):
            holes, count = [], int(n * 0.62 / (r * 0.27))
            rows = [(0.16, 0.15, 0.78)] + ([(0.95, 0.09, 0.27)] if c.hump else [])
            for level, first, last in rows:
                for i in range(int(count * (last - first) / 0.62)):
                    x = n * first + i * r * 0.27
                    if x < n * last:
                        y0, y1 = c.lift + r * level, c.lift + r * (level + 0.17)
                        w = r * 0.13
                        holes.append(
                            m.path(
                                [
                                    body.skin(u, v, side)
                                    for u, v in ((x, y0), (x + w, y0), (x + w, y1), (x, y1))
                                ]
                            )
                        )
            out += paint("".join(holes), "#2c3742")
            doors = []
            for x in (0.115, 0.8):
                pts = [(x * n, -0.28), (x * n + r * 0.42, -0.28), (x * n + r * 0.42, 0.5), (x * n, 0.5)]
                doors.append(m.path([body.skin(u, c.lift + v * r, side) for u, v in pts]))
            out += paint("".join(doors), stroke="#5a626b", stroke_width=1.1, opacity=0.8)
        mid = c.lift + r * (0.72 if c.hump else 0.2)
        x0 = r * (0.95 if not c.hump else 1.45)
        panes = []
        for a, e in ((0.0, 0.42), (0.48, 0.85), (0.91, 1.2)):
            pts = [
                (x0 + a * r * 0.75, mid),
                (x0 + e * r * 0.75, mid),
                (x0 + r * 0.2 + e * r * 0.62, mid + r * 0.3),
                (x0 + r * 0.2 + a * r * 0.68, mid + r * 0.3),
            ]
            ring = [body.skin(u, v, side) for u, v in pts]
            if m.faces(ring, (-1, 0.3, side)):
                panes.append(m.path(ring))
        out += paint("".join(panes), "#1f2a33") if panes else ""
    return out


def fin_badge(b: Brush, m: Model, root: Sequence[float], top: Sequence[float], r: float, tint: str) -> str:
    """A simple emblem on the fin."""
    x = root[0] * 0.35 + top[0] * 0.65 + r * 1.0
    y = root[1] * 0.45 + top[1] * 0.55
    light, kind = lighten(tint, 0.85), b.rng.randrange(3)
    if kind == 0:
        return paint(m.path(m.disc((x, y, 0), r * 0.5, 2)), light)
    if kind == 1:
        low = [(root[0] + r * s, root[1] + r * 0.75 * s, 0) for s in (0.5, 1.0)]
        ring = [
            low[0],
            low[1],
            (low[1][0] + r * 3, low[1][1] + r * 0.9, 0),
            (low[0][0] + r * 3, low[0][1] + r * 0.9, 0),
        ]
        return b.clip(
            m.path([root, (root[0] + r * 3.3, root[1], 0), (top[0] + r * 1.45, top[1], 0), top]),
            paint(m.path(ring), light),
        )
    star = [
        (x + math.cos(a) * r * k, y + math.sin(a) * r * k, 0)
        for a, k in ((i * math.pi / 5 + 1.57, 0.55 if i % 2 == 0 else 0.23) for i in range(10))
    ]
    return paint(m.path(star), light)


def gear(m: Model, nose_x: float, main_x: float, track: float, lift: float, r: float) -> None:
    """Three undercarriage legs with their wheels."""
    size = min(0.62, r * 0.28) if r < 2.5 else 0.75
    top = lift - r * 0.75
    for x, z, count in ((nose_x, 0.0, 1), (main_x, -track, 2), (main_x, track, 2)):
        m.rod([(x, top, z), (x, size, z)], "#c9cdd0", size * 0.35, -0.1)
        for i in range(count):
            for s in (-1, 1):
                m.wheel(
                    (x + (i - (count - 1) / 2) * size * 2.1, size, z + s * size * 0.5),
                    size,
                    size * 0.55,
                    "#aeb3b7",
                )


def jet_tail(m: Model, at: tuple[float, float, float], r: float, burn: bool) -> str:
    """Nozzle of a warplane seen from behind, glowing when it burns."""
    ring = m.disc(at, r, 0)
    if not m.faces(ring, (1, 0, 0)):
        return ""
    glow = "#ffb35a" if burn else "#26262a"
    return paint(m.path(ring), "#3a3c40") + paint(m.path(m.disc(at, r * 0.75, 0)), glow)
