"""A steam locomotive with its tender."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..forms.solid import Loft, Model, across
from ..toolkit.brush import line, paint
from ..toolkit.colour import darken, lighten
from .train_parts import body, chassis, flank, smoke, wall, wheels


def _drum(m: Model, x: float, y0: float, y1: float, radii: tuple[float, ...], colour: str) -> None:
    """An upright turned part (chimney, dome) standing on the boiler."""
    a = np.linspace(0, math.tau, 17)
    ys = np.linspace(y0, y1, len(radii))
    grid = np.array(
        [[(x + r * math.cos(t), y, r * math.sin(t)) for t in a] for y, r in zip(ys, radii, strict=True)]
    )
    m.surface(grid, colour, 0.5, bias=0.5, edge=1.2)


def _drivers(m: Model, xs: tuple[float, ...], r: float, spoke: str) -> None:
    """Spoked driving wheels with coupling and connecting rods."""
    side = flank(m) or -1
    for s in (-side, side):
        z = s * 0.82
        tyre = "".join(m.path(m.disc((x, r, z), r, 2, 26)) for x in xs)
        svg = paint(tyre, "#201f21")
        if s == side:
            svg += paint("".join(m.path(m.disc((x, r, z), r * 0.84, 2, 24)) for x in xs), darken(spoke, 0.65))
            spokes = []
            for x in xs:
                for i in range(12):
                    a = math.tau * i / 12 + 0.2
                    spokes.append(
                        m.path(
                            [(x, r, z), (x + r * 0.86 * math.cos(a), r + r * 0.86 * math.sin(a), z)], False
                        )
                    )
            width = max(1.0, 0.09 * m.scale((xs[0], r, z)))
            svg += line("".join(spokes), spoke, width)
            svg += paint(
                "".join(m.path(m.disc((x, r, z), r * 0.93, 2, 24)) for x in xs),
                stroke="#8f8d8a",
                stroke_width=width,
            )
            svg += paint("".join(m.path(m.disc((x, r, z), r * 0.24, 2, 12)) for x in xs), spoke)
            a = m.b.rng.uniform(0, math.tau)
            pins = [(x + r * 0.45 * math.cos(a), r + r * 0.45 * math.sin(a), z + s * 0.12) for x in xs]
            bar = m.path([pins[0], pins[-1]], False)
            piston = m.path([pins[len(pins) // 2], (xs[0] - r * 1.35, r, z + s * 0.2)], False)
            svg += line(bar + piston, "#3a3a3c", width * 2.6) + line(bar + piston, "#c8cbce", width * 1.7)
        m.add(m.depth((float(np.mean(xs)), r, z)) - (0.6 if s == side else -0.6), svg)


def steam_engine(m: Model, style: dict) -> float:
    """Draw engine and tender from x = 0; returns where the coaches may begin."""
    b, rng = m.b, m.b.rng
    paintwork, red = style["engine"], "#b02a28"
    r, side = style["driver"], flank(m)
    long, axis = 10.2, 2.75
    boiler = Loft(
        [0.5, 0.6, 2.0, 2.02, 5.0, 7.6],
        axis,
        [0.86, 0.9, 0.9, 0.86, 0.9, 0.98],
        [0.86, 0.9, 0.9, 0.86, 0.9, 0.98],
    )
    grid = boiler.grid(24)
    colours = np.full((5, 24), paintwork, dtype="U7")
    colours[:2] = "#2a2a2d"
    over = ""
    for x in (3.4, 4.8, 6.2):
        half = boiler.at(x)[1]
        a = np.linspace(0, math.tau, 25)
        hoop = [(x, axis + half * math.sin(t), half * math.cos(t)) for t in a]
        visible = [p for p in hoop if p[2] * (side or -1) > -0.1]
        over += line(m.path(sorted(visible, key=lambda p: p[1]), False), style["trim"], 2.2, opacity=0.9)
    door = m.disc((0.5, axis, 0), 0.88, 0)
    if m.faces(door, (-1, 0, 0)):
        over += paint(
            m.path(door), b.linear([(0, "#4a4a4e"), (1, "#1d1d20")]), stroke="#121214", stroke_width=1.2
        )
        over += paint(m.path(m.disc((0.46, axis, 0), 0.68, 0)), "#333337", stroke="#6a6a6e", stroke_width=1.4)
        over += line(
            m.path([(0.42, axis - 0.3, 0.1), (0.42, axis, 0), (0.42, axis + 0.2, -0.2)], False),
            "#c8cbce",
            2.4,
        )
        over += paint(m.path(m.disc((0.4, axis, 0), 0.1, 0)), "#d8c27a")
    m.surface(grid, colours, 0.45, over=over)
    _drum(m, 1.3, axis + 0.8, axis + 1.75, (0.42, 0.34, 0.33, 0.36, 0.46, 0.44), "#2a2a2d")
    _drum(m, 3.9, axis + 0.75, axis + 1.45, (0.5, 0.46, 0.44, 0.34, 0.05), style["dome"])
    _drum(m, 5.8, axis + 0.8, axis + 1.3, (0.3, 0.28, 0.24, 0.05), paintwork)
    deck = Loft([0.1, 0.15, 9.9, 10.0], 1.68, 1.32, 0.09, power=8)
    m.surface(deck.grid(12), darken(paintwork, 0.3), 0.1, edge=1.0)
    firebox = Loft([2.3, 2.4, 9.5], 1.3, 0.6, 0.8, power=6)
    m.surface(firebox.grid(12), "#252427", 0.0, bias=-0.3)
    for s in (-1, 1):
        cylinder = Loft([0.9, 0.95, 2.3, 2.35], r * 1.02, [0.3, 0.42, 0.42, 0.3], [0.3, 0.42, 0.42, 0.3])
        m.surface(cylinder.grid(14) + across(s * 1.05), paintwork, 0.3, bias=0.6)
    first = 3.3 + r * 0.3
    _drivers(m, tuple(first + i * r * 2.12 for i in range(3 if r < 0.9 else 2)), r, style["spoke"])
    wheels(m, (1.2, 2.4), 0.48, 0.82, style["spoke"])
    half = 1.36
    marks = ""
    if side:
        hole = wall(m, 8.0, 8.75, 2.75, 3.45, side, half) + wall(m, 8.9, 9.55, 2.75, 3.45, side, half)
        marks = paint(hole, "#1d2226", stroke=style["trim"], stroke_width=1.6)
        marks += paint(wall(m, 7.8, 9.7, 1.85, 2.6, side, half), stroke=style["trim"], stroke_width=1.6)
    front = ""
    if m.faces([(7.6, 1, -1), (7.6, 2, -1), (7.6, 2, 1), (7.6, 1, 1)], (-1, 0, 0)):
        for z in (-1.05, 1.05):
            front += paint(
                m.path(m.disc((7.58, 3.3, z), 0.24, 0)), "#1d2226", stroke=style["trim"], stroke_width=1.4
            )
    body(m, 7.6, 9.9, paintwork, "#2c2c30", 1.7, 4.05, half, 5.0, front, 0.05, marks)
    beam = [(0.05, y, z) for y, z in ((0.85, -1.3), (1.45, -1.3), (1.45, 1.3), (0.85, 1.3))]
    svg = paint(m.path(beam), red, stroke=darken(red, 0.5), stroke_width=1.2)
    for z in (-0.95, 0.95):
        svg += line(m.path([(0.05, 1.15, z), (-0.4, 1.15, z)], False), "#2b2b2e", 0.16 * m.scale((0, 1, 0)))
        svg += paint(m.path(m.disc((-0.42, 1.15, z), 0.24, 0)), "#55565a", stroke="#1c1c1f", stroke_width=1)
    svg += line(m.path([(-0.42, 0.92, -0.95), (-0.42, 1.38, -0.95)], False), "#3a3b3f", 3)
    m.add(m.depth((0, 1.1, 0)) - 1.5, svg)
    lamp = m.disc((0.1, 1.95, 0), 0.2, 0)
    m.add(m.depth((0.1, 1.9, 0)) - 1.0, paint(m.path(lamp), "#fff2c0", stroke="#2a2a2c", stroke_width=1.6))
    start, marks = long + 0.4, ""
    chassis(m, start, start + 6.2)
    if side:
        marks = paint(
            wall(m, start + 0.3, start + 5.9, 1.5, 2.9, side, 1.37), stroke=style["trim"], stroke_width=1.8
        )
    coal = Loft(start + np.array([0.3, 1.2, 2.2, 3.4, 4.6]), 3.0, 1.1, [0.2, 0.6, 0.75, 0.6, 0.1], 0.2)
    m.surface(coal.grid(12), "#29282a", 0.3, bias=-0.1)
    body(m, start, start + 6.2, paintwork, paintwork, 1.15, 3.1, 1.37, 9.0, nose=0.05, over=marks)
    stack = m.flat([(1.3, axis + 1.75, 0)])[0]
    k = m.scale((1.3, axis, 0))
    drift = rng.uniform(2.5, 6.5)
    tail = m.flat([(1.3 + drift, axis, 0)])[0]
    m.flat([(1.3, axis + 5.2, 0), (1.3 + drift * 1.2, axis + 5.2, 0)])
    m.add(-50.0, smoke(b, stack, k, float(tail[0] - stack[0]) / k, rng.random() < 0.3))
    return start + 6.2 + 0.9


def livery(rng: Random) -> dict:
    """Paint and wheel sizes of one engine."""
    engine = rng.choice(("#26272a", "#26272a", "#2f5a3c", "#7a2326", "#25406f", "#4a5a34"))
    return {
        "engine": engine,
        "trim": rng.choice(("#d8b45a", "#c9443a", "#e6dcc0")),
        "dome": rng.choice((engine, "#c79a3f", "#c79a3f")),
        "spoke": rng.choice(("#a8322c", lighten(engine, 0.15), "#4c4a4a")),
        "driver": rng.choice((0.78, 0.88, 0.98)),
    }
