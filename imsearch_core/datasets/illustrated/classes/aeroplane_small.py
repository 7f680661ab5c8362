"""Small aircraft: a high-wing tourer, a low-wing tourer, a biplane and jet fighters."""

from __future__ import annotations

import numpy as np

from ..forms.solid import Loft, Model, across, plate
from ..toolkit.brush import Brush, ellipse, line, paint
from ..toolkit.colour import darken, jitter, lighten
from .aeroplane_parts import jet_tail, propeller

BRIGHT = ("#c8342c", "#1f5fa8", "#e0a51f", "#2f7a4a", "#2a3a6a", "#d8702a", "#3f9ac8")
GLASS = ((0, "#c3dbe6"), (0.5, "#5f7f90"), (1, "#2a3a44"))


def _pane(m: Model, body: Loft, points: list[tuple[float, float]]) -> str:
    """Windows on whichever flank is turned to us."""
    out = ""
    for side in (-1, 1):
        ring = [body.skin(x, y, side, 0.01) for x, y in points]
        if m.faces(ring, (-0.3, 0.2, side)):
            out += paint(m.path(ring), m.b.linear(GLASS), stroke="#2a2f35", stroke_width=1.6)
    return out


def _stripe(m: Model, body: Loft, points: list[tuple[float, float]], wide: float, colour: str) -> str:
    """A cheat line along the flanks."""
    out = ""
    for side in (-1, 1):
        low = [body.skin(x, y - wide, side, 0.005) for x, y in points]
        high = [body.skin(x, y, side, 0.005) for x, y in reversed(points)]
        if m.faces([low[0], low[-1], high[0], high[-1]], (0, 0, side)):
            out += paint(m.path([*low, *high]), colour)
    return out


def tourer(b: Brush, m: Model, air: bool) -> None:
    """A four-seat propeller aeroplane with high or low wing and fixed undercarriage."""
    rng, tint = b.rng, jitter(b.rng, b.rng.choice(BRIGHT), 0.03)
    high, base = rng.random() < 0.6, rng.choice(("#f3f2ee", "#f3f2ee", "#f0e2b4", tint))
    line_tint = tint if base != tint else "#f3f2ee"
    xs = np.array([0.0, 0.12, 0.5, 1.3, 1.9, 2.6, 3.6, 4.4, 5.6, 7.0, 8.0])
    half = np.array([0.28, 0.42, 0.5, 0.56, 0.6, 0.62, 0.6, 0.5, 0.34, 0.18, 0.08])
    top = np.array([0.25, 0.34, 0.38, 0.42, 0.55, 1.02, 1.02, 0.75, 0.45, 0.32, 0.26])
    down = np.array([0.3, 0.42, 0.5, 0.55, 0.58, 0.58, 0.52, 0.42, 0.25, 0.1, 0.04])
    mid = 1.35 + np.array([0, 0, 0, 0, 0, 0, 0.02, 0.06, 0.14, 0.2, 0.24])
    body = Loft(xs, mid, half, top, down, 3.0)
    over = _stripe(m, body, [(0.3, 1.42), (2.6, 1.36), (4.6, 1.46), (7.8, 1.66)], 0.16, line_tint)
    over += _pane(m, body, [(1.95, 1.82), (2.55, 2.24), (2.7, 2.24), (2.7, 1.72), (2.0, 1.7)])
    over += _pane(m, body, [(2.8, 1.74), (2.8, 2.24), (3.5, 2.22), (3.5, 1.76)])
    over += _pane(m, body, [(3.6, 1.78), (3.6, 2.2), (4.2, 2.04), (4.3, 1.84)])
    front = [(1.85, 1.86, -0.46), (2.5, 2.34, -0.44), (2.5, 2.34, 0.44), (1.85, 1.86, 0.46)]
    if m.faces(front, (-1, 0.8, 0)):
        over += paint(m.path(front), b.linear(GLASS), stroke="#2a2f35", stroke_width=1.6)
    m.surface(body.grid(24), base, 0.35, over=over)
    wing_y = 2.38 if high else 0.95
    for side in (-1, 1):
        z0 = 0.0 if high else 0.45
        root, tip = (2.35, wing_y, side * z0), (2.55, wing_y + (0.12 if high else 0.5), side * 5.4)
        m.surface(plate((root, 1.6), (tip, 1.15), 0.24, steps=4), base, 0.15, bias=0.1 if high else 0)
        cap = [np.array(root) + (np.array(tip) - root) * s for s in (0.84, 1.0)]
        m.surface(
            plate((cap[0] + (0, 0.01, 0), 1.23), (cap[1], 1.16), 0.27, steps=1), line_tint, 0.1, bias=0.6
        )
        if high:
            m.rod([(2.9, 0.95, side * 0.55), (2.9, 2.38, side * 2.6)], base, 0.09, 0.1)
        m.surface(plate(((6.9, 1.6, side * 0.1), 1.05), ((7.15, 1.62, side * 1.7), 0.75), 0.1), base, 0.1)
        if not air or rng.random() < 0.8:
            m.rod([(2.9, 0.85, side * 0.45), (2.95, 0.3, side * 1.2)], base, 0.12)
            m.wheel((2.95, 0.25, side * 1.25), 0.25, 0.16, "#c9cdd0", 0.2)
            spat = Loft(
                2.95 + np.array([-0.42, -0.3, 0.0, 0.3, 0.6]),
                0.36,
                [0.03, 0.13, 0.15, 0.12, 0.02],
                [0.03, 0.16, 0.2, 0.14, 0.02],
                0.05,
            )
            m.surface(spat.grid(10) + across(side * 1.25), base, 0.3, bias=0.5, edge=1)
    m.rod([(0.55, 0.9, 0), (0.5, 0.25, 0)], "#c9cdd0", 0.1)
    m.wheel((0.5, 0.22, 0), 0.22, 0.14, "#c9cdd0")
    m.surface(plate(((6.3, 1.75, 0), 1.7), ((7.5, 3.0, 0), 0.8), 0.1, (0, 0, 1)), base, 0.2, bias=-0.1)
    m.surface(
        plate(((6.95, 2.4, 0), 1.23), ((7.5, 3.0, 0), 0.81), 0.12, (0, 0, 1), 1), line_tint, 0.2, bias=0.02
    )
    propeller(b, m, (-0.05, 1.35, 0), 0.95, 0.6, 2)


def biplane(b: Brush, m: Model, air: bool) -> None:
    """A stagger-winged biplane with open cockpits and wire bracing."""
    rng, tint = b.rng, jitter(b.rng, b.rng.choice((*BRIGHT, "#6a7a3f")), 0.03)
    wings = rng.choice((tint, "#e8c23a", "#efe6cf", "#d8d9d6"))
    xs = np.array([0.0, 0.08, 0.35, 0.9, 1.0, 2.0, 3.2, 4.6, 5.8, 6.6])
    half = np.array([0.34, 0.5, 0.56, 0.56, 0.5, 0.48, 0.44, 0.32, 0.18, 0.06])
    body = Loft(xs, 1.5, half, half * np.array([1, 1, 1, 1, 1, 1.1, 1.1, 1, 1, 1]), half, 2.4)
    grid = body.grid(22)
    colours = np.full((9, 22), tint, dtype="U7")
    colours[:3] = rng.choice(("#c3c7ca", darken(tint, 0.4)))
    over = _stripe(
        m, body, [(1.0, 1.62), (3.4, 1.6), (6.4, 1.56)], 0.14, wings if wings != tint else "#f0ece0"
    )
    nose = m.disc((0.0, 1.5, 0), 0.33, 0)
    if m.faces(nose, (-1, 0, 0)):
        over += paint(m.path(nose), "#2c2d30")
    m.surface(grid, colours, 0.35, over=over)
    for i, x in enumerate((2.35, 3.35)):
        hole = [(x + 0.33 * np.cos(a), 2.0, 0.26 * np.sin(a)) for a in np.linspace(0, 6.28, 14)]
        m.add(m.depth((x, 2.0, 0)) - 0.65, paint(m.path(hole), "#2a2420"))
        if i or rng.random() < 0.5:
            k, (cx, cy) = m.scale((x, 2.3, 0)), m.flat([(x, 2.3, 0)])[0]
            pilot = paint(ellipse(cx, cy, k * 0.16, k * 0.19), b.lit("#7a5236"))
            pilot += paint(ellipse(cx - k * 0.08, cy + k * 0.04, k * 0.09, k * 0.11), b.lit("#d8a583"))
            m.add(m.depth((x, 2.3, 0)) - 0.75, pilot)
        shield = [
            (x - 0.45, 2.0, -0.2),
            (x - 0.32, 2.25, -0.18),
            (x - 0.32, 2.25, 0.18),
            (x - 0.45, 2.0, 0.2),
        ]
        m.add(
            m.depth((x - 0.4, 2.1, 0)) - 0.7,
            paint(m.path(shield), "#cfe0e8", 0.6, stroke="#3a3f44", stroke_width=1),
        )
    ropes = []
    for side in (-1, 1):
        for y, x, reach, bias in ((1.15, 1.35, 4.3, 0.0), (2.75, 0.95, 4.6, 0.5)):
            root = (x, y, side * (0.4 if y < 2 else 0.0))
            tip = (x + 0.05, y + 0.18 * (y < 2) + 0.05, side * reach)
            m.surface(plate((root, 1.3), (tip, 1.15), 0.16, steps=4), wings, 0.1, bias=bias)
        for u in (0.15, 0.75):
            x0, x1 = 1.4 + u * 1.2, 1.0 + u * 1.2
            m.rod([(x0, 1.3, side * 3.5), (x1, 2.76, side * 3.6)], "#a8804f", 0.09, 0.2)
            m.rod([(x0, 1.95, side * 0.4), (x1, 2.74, side * 0.75)], "#a8804f", 0.08, 0.2)
        ropes += [
            [(1.7, 1.2, side * 0.6), (1.4, 2.74, side * 3.5)],
            [(1.4, 2.74, side * 0.8), (1.8, 1.28, side * 3.5)],
        ]
        m.surface(plate(((5.5, 1.62, side * 0.1), 1.0), ((5.7, 1.64, side * 1.5), 0.7), 0.08), wings, 0.1)
        m.rod([(1.2, 1.1, side * 0.35), (1.05, 0.36, side * 0.85)], "#8a8f94", 0.1)
        m.wheel((1.05, 0.36, side * 0.9), 0.36, 0.16, tint, 0.2)
    m.add(
        m.depth((1.5, 2, 0)) - 1.5,
        line("".join(m.path(r, False) for r in ropes), "#4a4d52", 1.2, opacity=0.8),
    )
    fin = np.array(
        [[(5.4, 1.7, 0), (6.9, 1.7, 0)], [(5.7, 2.25, 0), (7.0, 2.2, 0)], [(6.1, 2.55, 0), (6.9, 2.55, 0)]]
    )
    m.surface(fin, wings, 0.1, sheet=True)
    propeller(b, m, (-0.06, 1.5, 0), 1.15, 0.7, 2)


def fighter(b: Brush, m: Model, air: bool) -> None:
    """A jet warplane with bubble canopy, swept or delta wings and one or two fins."""
    rng = b.rng
    skin = rng.choice(("#8d969d", "#7c868f", "#a9b0b4", "#6f7a5c", "#b59f78", "#c8342c", "#1f3f7a"))
    patch = {"#6f7a5c": "#4f4a38", "#b59f78": "#7d6a4a"}.get(skin, darken(skin, 0.14))
    delta, twin, y = rng.random() < 0.45, rng.random() < 0.5, 1.9
    xs = np.array([0.0, 0.3, 0.9, 1.8, 3.0, 4.2, 5.6, 7.5, 10.0, 12.6, 14.2, 15.0])
    r = np.array([0.02, 0.12, 0.28, 0.44, 0.56, 0.66, 0.86, 1.0, 1.02, 0.94, 0.72, 0.6])
    wide = r * (1.25 if twin else 1.0)
    body = Loft(xs, y, wide, r * np.array([1, 1, 1, 1, 1, 1, 1, 0.95, 0.9, 0.9, 1, 1]), r, 2.3)
    grid = body.grid(24)
    middle = (grid[:-1, :-1] + grid[1:, 1:]) / 2
    colours = np.full((11, 24), skin, dtype="U7")
    colours[np.sin(middle[..., 0] * 1.1 + middle[..., 1] * 2.2) > 0.45] = patch
    colours[:2] = darken(skin, 0.45)
    colours[middle[..., 1] < y - 0.45] = lighten(skin, 0.25)
    over = jet_tail(m, (15.0, y, 0), 0.6, air and rng.random() < 0.5)
    m.surface(grid, colours, 0.25, over=over)
    glass = Loft(
        [2.6, 2.9, 3.6, 4.5, 5.6, 6.4],
        y + 0.45,
        [0.05, 0.28, 0.4, 0.42, 0.32, 0.05],
        [0.05, 0.3, 0.55, 0.6, 0.4, 0.1],
        0.1,
    )
    tint = rng.choice(("#5a7a8c", "#8a7a4a", "#6f8fa0"))
    m.surface(glass.grid(16), tint, 0.9, bias=0.9)
    mark = rng.choice(("#c8342c", "#2f5f9a", "#f0ece0", "#3a3f44"))
    for side in (-1, 1):
        duct = Loft([4.6, 4.7, 6.0, 9.0], y - 0.15, [0.3, 0.34, 0.4, 0.3], [0.42, 0.46, 0.5, 0.4], power=4)
        lip = [
            (4.6, y - 0.15 + v * 0.42, side * 0.95 + u * 0.26)
            for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        dark = paint(m.path(lip), "#34383d") if m.faces(lip, (-1, 0, 0)) else ""
        m.surface(duct.grid(16) + across(side * 0.95), skin, 0.2, bias=0.5, over=dark)
        root = (5.6 if delta else 7.0, y - 0.1, side * 1.0)
        tip = (12.0 if delta else 10.2, y - 0.15, side * (4.6 if delta else 5.0))
        chord = (7.6, 1.1) if delta else (4.6, 1.5)
        disc = m.disc((tip[0] - 0.6, y + 0.05, side * 3.2), 0.5, 1)
        over = ""
        if m.faces(disc, (0, 1, 0)):
            over = paint(m.path(disc), mark) + paint(
                m.path(m.disc((tip[0] - 0.6, y + 0.05, side * 3.2), 0.24, 1)), "#f0ece0"
            )
        m.surface(plate((root, chord[0]), (tip, chord[1]), 0.26, steps=4), skin, 0.15, over=over)
        rail = Loft(
            tip[0] + np.array([-1.3, -1.0, 1.6, 1.7]),
            tip[1],
            [0.02, 0.11, 0.11, 0.02],
            [0.02, 0.11, 0.11, 0.02],
        )
        m.surface(rail.grid(10) + across(tip[2]), "#e4e6e4", 0.2, edge=1)
        store = Loft(
            8.6 + np.array([-1.4, -1.0, 0, 1.2, 1.8]),
            y - 0.75,
            [0.02, 0.24, 0.28, 0.24, 0.05],
            [0.02, 0.24, 0.28, 0.24, 0.05],
        )
        m.surface(
            store.grid(12) + across(side * 2.6),
            lighten(skin, 0.2),
            0.2,
            bias=0.4 if m.eye.tilt >= 0 else -0.4,
            edge=1,
        )
        if not delta:
            m.surface(
                plate(((12.6, y, side * 0.8), 2.3), ((14.3, y - 0.05, side * 2.9), 1.0), 0.14), skin, 0.1
            )
        if twin:
            fin = plate(
                ((11.2, y + 0.6, side * 0.75), 2.9), ((13.4, y + 3.0, side * 1.5), 1.3), 0.16, (0, 0, 1)
            )
            m.surface(fin, skin, 0.2)
        if not air:
            m.rod([(9.2, y - 0.5, side * 1.0), (9.2, 0.4, side * 1.5)], "#d8dadb", 0.16)
            m.wheel((9.2, 0.4, side * 1.55), 0.4, 0.25, "#d8dadb", 0.2)
    if not twin:
        m.surface(
            plate(((10.2, y + 0.7, 0), 4.2), ((13.6, y + 3.5, 0), 1.5), 0.2, (0, 0, 1)), skin, 0.2, bias=-0.1
        )
        m.surface(
            plate(((12.9, y + 2.9, 0), 2.07), ((13.6, y + 3.5, 0), 1.52), 0.22, (0, 0, 1), 1),
            mark,
            0.2,
            bias=0.02,
        )
    if not air:
        m.rod([(3.6, y - 0.4, 0), (3.6, 0.35, 0)], "#d8dadb", 0.14)
        m.wheel((3.6, 0.35, 0), 0.35, 0.22, "#d8dadb")
