"""Rolling stock: coaches, locomotives, bullet trains and goods wagons."""

from __future__ import annotations

import numpy as np

from ..forms.solid import Loft, Model
from ..toolkit.brush import line, paint
from ..toolkit.colour import darken, lighten
from .train_parts import GLASS, body, cab_front, chassis, flank, wall, wheels


def coach(m: Model, x0: float, long: float, style: dict, cab: bool = False) -> None:
    """A passenger coach; with ``cab`` the driving end of a multiple unit."""
    b, side, half = m.b, flank(m), 1.46
    x1, over = x0 + long, ""
    if side:
        for y0, y1, colour in style["bands"]:
            over += paint(wall(m, x0 + 0.25, x1 - 0.02, y0, y1, side, half), colour)
        first = x0 + (2.6 if cab else 1.2)
        pitch = style["pitch"]
        count = int((x1 - 1.2 - first) / pitch)
        doors = style["doors"]
        holes, leaves = [], []
        for i in range(count):
            x = first + i * pitch
            if i in (doors if isinstance(doors, tuple) else ()) or (i in (0, count - 1)):
                leaves.append(wall(m, x + 0.1, x + min(1.5, pitch) - 0.1, 1.1, 3.35, side, half))
                holes.append(wall(m, x + 0.3, x + min(1.5, pitch) - 0.3, 2.15, 3.15, side, half + 0.01))
            else:
                holes.append(wall(m, x + 0.1, x + pitch - 0.22, style["sill"], 3.15, side, half + 0.01))
        if style.get("ribbon"):
            over += paint(wall(m, x0 + 1.0, x1 - 0.6, style["sill"] - 0.1, 3.25, side, half), "#23282e")
        over += paint("".join(leaves), style["door"], stroke=darken(style["door"], 0.5), stroke_width=1)
        ends = m.flat([(x0, 3.15, side * half), (x0, style["sill"], side * half)])
        glass = b.linear(GLASS, (0, ends[0][1] - 4), (0, ends[1][1] + 4), local=True)
        over += paint("".join(holes), glass, stroke="#1b1f23", stroke_width=0.8)
        shine = line(
            m.path([(x0 + 0.4, 3.48, side * half), (x1, 3.48, side * half)], False),
            "#ffffff",
            1.2,
            opacity=0.4,
        )
        low = line(
            m.path([(x0 + 0.3, 1.15, side * half), (x1, 1.15, side * half)], False),
            "#14161a",
            1.4,
            opacity=0.45,
        )
        over += shine + low
    front = cab_front(m, x0, style, "unit") if cab else ""
    chassis(m, x0, x1)
    body(m, x0, x1, style["body"], style["roof"], front=front, over=over, nose=0.7 if cab else 0.15)
    if not cab:
        bellows = Loft([x0 - 0.8, x0 + 0.1], 2.3, 1.1, 1.3, power=6)
        m.surface(bellows.grid(12), "#2a2a2d", 0.0, bias=-1.2, edge=0.6)


def locomotive(m: Model, long: float, style: dict, electric: bool) -> None:
    """A box-shaped diesel or electric locomotive."""
    b, side, half, over = m.b, flank(m), 1.46, ""
    if side:
        for y0, y1, colour in style["bands"]:
            over += paint(wall(m, 0.3, long - 0.05, y0, y1, side, half), colour)
        cab = [
            wall(m, 0.7, 1.55, 2.3, 3.15, side, half),
            wall(m, long - 1.6, long - 0.8, 2.3, 3.15, side, half),
        ]
        over += paint("".join(cab), b.linear(GLASS), stroke="#17191c", stroke_width=1)
        doors = [
            wall(m, 1.8, 2.5, 1.1, 3.3, side, half),
            wall(m, long - 2.6, long - 1.9, 1.1, 3.3, side, half),
        ]
        over += paint("".join(doors), stroke=darken(style["body"], 0.6), stroke_width=1.2)
        grilles, slats = [], []
        for i in range(4):
            x = 3.4 + i * (long - 6.6) / 4
            w = (long - 6.6) / 4 * 0.78
            grilles.append(wall(m, x, x + w, 2.5, 3.2, side, half))
            for j in range(5):
                y = 2.56 + j * 0.13
                slats.append(m.path([(x, y, side * half), (x + w, y, side * half)], False))
        over += paint("".join(grilles), darken(style["body"], 0.55)) + line(
            "".join(slats), "#8c9197", 1, opacity=0.7
        )
    chassis(m, 0, long)
    front = cab_front(m, 0, style, "loco")
    body(m, 0, long, style["body"], style["roof"], front=front, nose=0.55, over=over)
    if electric:
        x = 2.6
        knee, up = (x + 1.5, 4.75, 0), (x + 0.2, 5.45, 0)
        m.rod([(x, 4.0, 0), knee, up], "#4a4d52", 0.09, 0.4)
        m.rod([(x + 0.2, 5.45, -0.8), (x + 0.2, 5.45, 0.8)], "#4a4d52", 0.08, 0.4)
    else:
        vent = Loft([long * 0.4, long * 0.42, long * 0.58, long * 0.6], 3.95, 0.6, 0.25, power=5)
        m.surface(vent.grid(12), "#55585c", 0.1, bias=0.2, edge=0.8)


def bullet(m: Model, long: float, style: dict) -> None:
    """Leading car of a high-speed train with its long drooping nose."""
    b, side = m.b, flank(m)
    nose = style["nose"]
    t = np.array([0, 0.02, 0.06, 0.13, 0.22, 0.34, 0.48, 0.64, 0.82, 1.0])
    top = np.array([1.05, 1.35, 1.6, 1.88, 2.16, 2.5, 2.95, 3.4, 3.7, 3.8])
    half = np.array([0.1, 0.62, 0.88, 1.08, 1.22, 1.33, 1.41, 1.45, 1.47, 1.47])
    xs = np.concatenate([t * nose, np.linspace(nose, long, 6)[1:]])
    top, half = np.append(top, [3.8] * 5), np.append(half, [1.47] * 5)
    mid = np.clip(0.95 + (top - 1.05) * 0.42, 1.0, 2.1)
    shell = Loft(xs, mid, half, top - mid, mid - 0.62, 3.2)
    grid = shell.grid(36)
    middle = (grid[:-1, :-1] + grid[1:, 1:]) / 2
    x, y = middle[..., 0], middle[..., 1]
    colours = np.full(x.shape, style["body"], dtype="U7")
    crown = np.interp(x, xs, top)
    colours[(y > crown - 0.35) & (x > nose * 0.9)] = style["roof"]
    if style["mask"]:
        colours[(y > np.interp(x, xs, mid) + 0.15) & (x < nose * 0.98)] = style["front"]
    colours[y < 0.95] = style["front"]
    over = ""
    band = [(nose * s, shell.at(nose * s)[0]) for s in (0.06, 0.2, 0.4, 0.6, 0.8, 1.0)]
    for s in (-1, 1):
        run = [shell.skin(u, v - 0.1, s) for u, v in band] + [
            shell.skin(long, 1.6, s),
            shell.skin(long, 1.35, s),
        ]
        run += [shell.skin(u, v - 0.32, s) for u, v in band[::-1]]
        if s == side:
            over += paint(m.path(run), style["front"])
        lamp = [shell.skin(nose * u, v, s) for u, v in ((0.1, 1.32), (0.24, 1.6), (0.25, 1.72), (0.12, 1.5))]
        if m.faces(lamp, (-0.5, 0.3, s)):
            over += paint(m.path(lamp), "#fff8dc", stroke="#2a2e33", stroke_width=1.2)
    screen = [
        shell.skin(nose * u, v, s)
        for s, u, v in ((-1, 0.37, 2.45), (-1, 0.62, 3.2), (1, 0.62, 3.2), (1, 0.37, 2.45))
    ]
    crest = [(nose * u, float(np.interp(nose * u, xs, top)) - 0.02, 0) for u in (0.62, 0.37)]
    glass = [screen[0], screen[1], crest[0], screen[2], screen[3], crest[1]]
    over += paint(m.path(glass), b.linear(GLASS), stroke="#14181c", stroke_width=1.4)
    if side:
        holes = []
        u = nose + 1.4
        while u < long - 1.5:
            holes.append(
                m.path(
                    [
                        shell.skin(p, q, side, 0.01)
                        for p, q in ((u, 2.2), (u + 1.2, 2.2), (u + 1.2, 2.85), (u, 2.85))
                    ]
                )
            )
            u += 1.75
        over += paint("".join(holes), "#27323a", stroke="#12161a", stroke_width=0.8)
        door = m.path(
            [
                shell.skin(p, q, side)
                for p, q in ((nose - 1, 1.1), (nose - 0.1, 1.1), (nose - 0.1, 3.0), (nose - 1, 3.0))
            ]
        )
        over += paint(door, stroke="#5a626b", stroke_width=1.2)
    wheels(m, (nose * 0.8, nose * 0.8 + 2.4, long - 4.2, long - 1.8))
    skirt = Loft([2.5, 3, long - 0.3], 0.7, 1.2, 0.3, power=5)
    m.surface(skirt.grid(12), "#34363a", 0.0, bias=-0.3, edge=0.6)
    m.surface(grid, colours, 0.3, over=over)


def wagon(m: Model, x0: float, long: float, colour: str, kind: int) -> None:
    """A goods wagon: box, tank, coal hopper or container flat."""
    side, half, x1, over = flank(m), 1.42, x0 + long, ""
    chassis(m, x0, x1)
    m.rod([(x0 - 0.9, 0.95, 0), (x0 + 0.4, 0.95, 0)], "#2a2a2c", 0.3)
    if kind == 1:
        t = np.array([0, 0.02, 0.06, 0.5, 0.94, 0.98, 1.0])
        r = np.array([0.5, 1.1, 1.36, 1.4, 1.36, 1.1, 0.5])
        tank = Loft(x0 + 0.4 + t * (long - 0.8), 2.45, r, r)
        m.surface(tank.grid(24), colour, 0.35)
        dome = Loft(np.array([x0 + long / 2 - 0.5, x0 + long / 2 + 0.5]), 3.8, 0.5, 0.35, power=4)
        m.surface(dome.grid(12), darken(colour, 0.2), 0.2, bias=0.2)
        return
    top = (3.9, 0, 2.9, 3.5)[kind]
    ribs = np.linspace(x0 + 0.4, x1 - 0.4, 13 if kind != 3 else 26)
    if side:
        d = "".join(m.path([(u, 1.25, side * half), (u, top - 0.2, side * half)], False) for u in ribs)
        over = line(d, darken(colour, 0.5), 1.6, opacity=0.7)
        over += line(d, lighten(colour, 0.5), 1.0, opacity=0.4, transform="translate(1.6 0)")
        if kind == 0:
            middle = (x0 + x1) / 2
            door = wall(m, middle - 1.2, middle + 1.2, 1.25, 3.4, side, half)
            over += paint(door, darken(colour, 0.15), stroke=darken(colour, 0.6), stroke_width=1.4)
    if kind == 2:
        u = np.linspace(x0 + 0.6, x1 - 0.6, 12)
        coal = Loft(u, 2.75, 1.25, 0.35 + 0.3 * np.abs(np.sin(u * 1.3)), 0.2, 2.4)
        m.surface(coal.grid(14), "#2e2c2d", 0.25, bias=-0.2)
    body(m, x0, x1, colour, colour if kind != 0 else "#77797a", 1.15, top, half, 9.0, over=over, nose=0.05)
