"""What trains are put together from: bodies, bogies, cab fronts, rails and smoke."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..forms.solid import Loft, Model
from ..toolkit.brush import Brush, ellipse, line, paint
from ..toolkit.colour import darken, lighten

GLASS = ((0, "#a9c4d2"), (0.45, "#4a626e"), (1, "#1d282e"))


def wall(m: Model, x0: float, x1: float, y0: float, y1: float, side: int, half: float) -> str:
    """Path of a rectangle on a flank."""
    return m.path([(x, y, side * half) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))])


def flank(m: Model) -> int:
    """The side turned to us: -1 near, 1 far, 0 neither."""
    for side in (-1, 1):
        z = side * 1.45
        if m.faces([(9, 1, z), (10, 1, z), (10, 2, z), (9, 2, z)], (0, 0, side)):
            return side
    return 0


def wheels(m: Model, xs: Sequence[float], r: float = 0.46, z: float = 0.8, hub: str = "#6b6662") -> None:
    """A row of plain rail wheels, in front of a dark underframe."""
    side = flank(m) or -1
    for s in (-side, side):
        rings = [m.path(m.disc((x, r, s * z), r, 2, 16)) for x in xs]
        svg = paint("".join(rings), "#1f1e20")
        if s == side:
            svg += paint("".join(m.path(m.disc((x, r, s * (z + 0.05)), r * 0.82, 2, 16)) for x in xs), hub)
            svg += paint(
                "".join(m.path(m.disc((x, r, s * (z + 0.08)), r * 0.3, 2, 10)) for x in xs), "#2c2b2d"
            )
        ahead = 0.2 if s == side and abs(m.eye.yaw) < 1.0 else -30.0
        m.add(m.depth((float(np.mean(xs)), r, s * z)) - ahead, svg)


def chassis(m: Model, x0: float, x1: float) -> None:
    """Dark underframe with two bogies."""
    frame = Loft([x0 + 0.4, x0 + 0.5, x1 - 0.5, x1 - 0.4], 0.85, 1.15, 0.25, power=6)
    m.surface(frame.grid(12), "#2d2c2f", 0.0, bias=-0.4, edge=0.6)
    for x in (x0 + 3.0, x1 - 3.0):
        wheels(m, (x - 1.2, x + 1.2))
        side = flank(m) or -1
        bar = [
            (x - 1.9, 0.62),
            (x - 1.5, 0.82),
            (x + 1.5, 0.82),
            (x + 1.9, 0.62),
            (x + 0.6, 0.42),
            (x - 0.6, 0.42),
        ]
        d = m.path([(u, v, side * 1.05) for u, v in bar])
        m.add(
            m.depth((x, 0.6, side * 1.05)) + (-0.5 if abs(m.eye.yaw) < 1.0 else 30.0),
            paint(d, "#3f3c3b", stroke="#1c1b1c", stroke_width=0.8),
        )


def cap(m: Model, ring: np.ndarray, colour: str, outward: int, marks: str = "") -> str:
    """Flat end of a body when it is turned to us."""
    if not m.faces(ring[:: len(ring) // 4][:4], (outward, 0, 0)):
        return ""
    n = m.eye.matrix @ np.array([outward, 0, 0])
    tone = 0.05 + 0.5 * max(0.0, float(n @ m.light))
    base = lighten(colour, tone * 0.4) if tone > 0.25 else darken(colour, (0.3 - tone) * 0.6)
    fill = m.b.linear([(0, lighten(base, 0.18)), (0.5, base), (1, darken(base, 0.25))])
    return paint(m.path(ring), fill, stroke=darken(colour, 0.6), stroke_width=1.4) + marks


def body(
    m: Model,
    x0: float,
    x1: float,
    colour: str,
    roof: str,
    low: float = 0.95,
    high: float = 3.95,
    half: float = 1.45,
    power: float = 5.0,
    front: str = "",
    nose: float = 0.25,
    over: str = "",
) -> None:
    """A box body with a curved roof from x0 to x1; ``front`` is painted on its leading end."""
    xs = np.array([x0, x0 + nose, *np.linspace(x0 + nose, x1, 6)[1:]])
    k = np.array([0.93, 1, 1, 1, 1, 1, 1])
    mid = (low + high) / 2 - 0.2
    shell = Loft(xs, mid, half * k, (high - mid) * k, (mid - low) * k, power)
    grid = shell.grid(36)
    height = (grid[:-1, :-1, 1] + grid[1:, 1:, 1]) / 2
    colours = np.where(height > high - 0.42, roof, colour)
    ends = cap(m, grid[0], colour, -1, front) + cap(m, grid[-1], darken(colour, 0.3), 1)
    m.surface(grid, colours, 0.12, over=over + ends)


def cab_front(m: Model, x: float, style: dict, kind: str) -> str:
    """Face of a locomotive or multiple unit: panel, windscreen, lamps, buffers, coupling."""
    b, tint = m.b, style["front"]

    def pane(y0: float, y1: float, z0: float, z1: float) -> str:
        return m.path([(x - 0.01, y, z) for y, z in ((y1, z0), (y1, z1), (y0, z1 * 1.02), (y0, z0 * 1.02))])

    if not m.faces([(x, 1, -1), (x, 2, -1), (x, 2, 1), (x, 1, 1)], (-1, 0, 0)):
        return ""
    glass = b.linear(GLASS)
    out = paint(pane(1.02, 2.2, -1.26, 1.26), tint)
    out += paint(pane(0.42, 0.95, -1.15, 1.15), "#2a292b") + paint(
        pane(0.98, 1.1, -1.3, 1.3), darken(tint, 0.45)
    )
    if kind == "unit" and style["wrap"]:
        out += paint(pane(2.15, 3.4, -1.22, 1.22), "#1d2125")
    split = ((-1.12, -0.06), (0.06, 1.12)) if style["split"] else ((-1.14, 1.14),)
    for z0, z1 in split:
        out += paint(pane(2.3, 3.2, z0, z1), glass, stroke="#17191c", stroke_width=1.6)
        lean = (z1 - z0) * 0.2
        out += paint(pane(2.34, 3.16, z0 + lean, z0 + lean * 2), "#ffffff", opacity=0.2)
    for z in (-0.92, 0.92):
        k = m.scale((x, 1.6, z))
        cx, cy = m.flat([(x - 0.02, 1.55, z)])[0]
        out += b.spot(cx, cy, k * 0.45, k * 0.45, "#fff4c8", 0.7)
        out += paint(pane(1.42, 1.7, z - 0.2, z + 0.2), "#2a2c30") + paint(
            ellipse(cx, cy, k * 0.11), "#fffbe6"
        )
        bx, by = m.flat([(x - 0.35, 1.06, z * 0.95)])[0]
        ax, ay = m.flat([(x, 1.06, z * 0.95)])[0]
        out += line(f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}", "#2b2b2e", k * 0.16)
        out += paint(ellipse(bx, by, k * 0.19), "#4a4b4f", stroke="#1c1c1f", stroke_width=1)
    cx, cy = m.flat([(x - 0.02, 3.55, 0)])[0]
    k = m.scale((x, 3.5, 0))
    out += b.spot(cx, cy, k * 0.4, k * 0.4, "#fff4c8", 0.8) + paint(ellipse(cx, cy, k * 0.1), "#fffbe6")
    return out


def rails(m: Model, x0: float, x1: float) -> str:
    """Ballast, sleepers and rails under a train seen at an angle."""
    bed = paint(m.path([(x0, 0, -2.3), (x1, 0, -2.3), (x1, 0, 2.3), (x0, 0, 2.3)]), "#8b8178")
    ties = [
        m.path([(x, 0, -1.4), (x + 0.26, 0, -1.4), (x + 0.26, 0, 1.4), (x, 0, 1.4)])
        for x in np.arange(x0 + 0.3, x1, 0.75)
    ]
    steel = [
        m.path([(x0, 0.06, z), (x1, 0.06, z), (x1, 0.06, z + 0.09), (x0, 0.06, z + 0.09)])
        for z in (-0.8, 0.74)
    ]
    return (
        bed
        + paint("".join(ties), "#54463b")
        + paint("".join(steel), "#c9cdd1", stroke="#4a3f3a", stroke_width=1.2)
    )


def smoke(b: Brush, at: np.ndarray, k: float, drift: float, dark: bool) -> str:
    """A plume leaning back from the chimney."""
    rng, out = b.rng, ""
    tone = "#8d8f96" if dark else "#f1f0ee"
    for i in range(15):
        t = i / 14
        x, y = at[0] + drift * k * t**1.25, at[1] - k * (0.3 + 2.4 * t**0.75)
        r = k * (0.35 + 1.15 * t) * rng.uniform(0.85, 1.15)
        x, y = x + rng.uniform(-0.3, 0.3) * r, y + rng.uniform(-0.25, 0.25) * r
        out += b.spot(x, y, r * 1.15, r, darken(tone, 0.2), 0.8 - 0.45 * t)
        out += b.spot(x + b.side * r * 0.25, y - r * 0.25, r * 0.75, r * 0.65, tone, 0.85 - 0.45 * t)
    return out
