"""Aeroplanes: airliners, propeller craft, a biplane and jets, parked, landing or overhead."""

from __future__ import annotations

import numpy as np

from ..forms.solid import Eye, Loft, Model, plate
from ..registry import Kind
from ..toolkit.brush import Brush, Sprite, group
from ..toolkit.colour import jitter, lighten
from .aeroplane_models import AIRLINER, BIPLANE, FIGHTER, JUMBO, REGIONAL, TOURER, TURBOPROP, WIDE, Craft
from .aeroplane_parts import engine, fin_badge, gear, windows
from .aeroplane_small import biplane, fighter, tourer

LIVERY = ("#1f4f9a", "#c02a32", "#0f7a6a", "#e07a1f", "#2a2f5a", "#7a2f7a", "#d8a51f", "#3f9ac8")
SMALL = {TOURER: tourer, BIPLANE: biplane, FIGHTER: fighter}


def fuselage(c: Craft) -> Loft:
    """Round tube with a blunt nose, and a tail cone sweeping up."""
    n = c.length
    x = (
        np.concatenate(
            [np.linspace(0, 1, 9) ** 1.8 * 0.15, np.linspace(0.2, 0.62, 5), np.linspace(0.7, 1, 7)]
        )
        * n
    )
    nose = np.clip(x / (2.9 * c.radius), 0, 1)
    tail = np.clip((x / n - 0.64) / 0.36, 0, 1)
    r = c.radius * np.sqrt(1 - (1 - nose) ** 2.1) * (1 - 0.9 * tail**1.7)
    mid = c.lift - 0.32 * c.radius * (1 - nose) ** 2 + 0.72 * c.radius * tail**1.6
    bump = np.clip(1 - np.abs(x / n - 0.16) / 0.17, 0, 1) ** 0.5 * 0.42 * c.radius if c.hump else 0
    return Loft(x, mid, np.maximum(r, 0.02), np.maximum(r, 0.02) + bump * (nose > 0.25), np.maximum(r, 0.02))


def _livery(b: Brush, grid: np.ndarray, c: Craft, tint: str) -> np.ndarray:
    """Colours of the fuselage faces."""
    rng = b.rng
    base = rng.choice(("#f1f1ee", "#f1f1ee", "#eceff2", "#dfe3e6", lighten(tint, 0.75)))
    style = rng.choice(("tail", "tail", "belly", "line", "whole", "bare"))
    mid = (grid[:-1, :-1] + grid[1:, 1:]) / 2
    x, y = mid[..., 0] / c.length, (mid[..., 1] - c.lift) / c.radius
    out = np.full(x.shape, base, dtype="U7")
    out[y < -0.55] = "#b9bfc6"
    if style == "tail":
        out[x - y * 0.05 > 0.74] = tint
    elif style == "belly":
        out[y < -0.3] = tint
    elif style == "line":
        out[(y > -0.25) & (y < 0.32)] = tint
        out[y <= -0.25] = "#c2c8ce"
    elif style == "whole":
        out[:] = tint
    return out


def _airliner(b: Brush, m: Model, c: Craft, air: bool) -> None:
    """Everything of a transport aircraft."""
    rng, eye = b.rng, m.eye
    tint = jitter(rng, rng.choice(LIVERY), 0.03)
    metal = rng.choice(("#c3c9cf", "#d3d7da", "#aeb6be"))
    body = fuselage(c)
    grid = body.grid(28)
    m.surface(grid, _livery(b, grid, c, tint), 0.25, over=windows(m, body, c))
    r, n, half = c.radius, c.length, c.span / 2
    wing_x, wing_y = n * (0.36 if not c.high else 0.4), c.lift + r * (0.9 if c.high else -0.5)
    rise = half * (0.02 if c.high else 0.1)
    below = eye.tilt > 0.12 or (air and eye.tilt > 0)
    for side in (-1, 1):
        z0 = 0.0 if c.high else r * 0.8
        lead = (wing_x, wing_y, side * z0)
        tip = (wing_x + c.sweep, wing_y + rise, side * half)
        m.surface(plate((lead, c.chord), (tip, c.chord * 0.3), r * 0.34, steps=4), metal, 0.1)
        if not c.props and not c.tee:
            up = (tip[0] + 0.5, tip[1], tip[2])
            top = (tip[0] + c.chord * 0.26, tip[1] + r * 0.5, tip[2] + side * 0.2)
            m.surface(plate((up, c.chord * 0.26), (top, c.chord * 0.14), 0.1, (0, 0, 1), 1), tint, bias=0.1)
        for share, size in c.engines:
            z = side * half * share
            x = wing_x + c.sweep * share - size * (1.6 if not c.props else 1.9)
            y = wing_y + rise * share - size * (1.0 if not c.props else 0.15)
            engine(b, m, (x, y, z), size, tint if rng.random() < 0.6 else "#d9dcdf", c.props, below)
        fin_x, fin_y = n * 0.885, c.lift + r * 0.75
        high = c.lift + r * (3.55 if c.tee else 0.75)
        tx = n * (0.965 if c.tee else 0.885)
        tail_root, tail_tip = (
            (tx, high, side * r * (0 if c.tee else 0.3)),
            (tx + r * 1.5, high + 0.15 * r, side * c.span * 0.19),
        )
        m.surface(plate((tail_root, r * 1.9), (tail_tip, r * 0.9), r * 0.16), metal, 0.1)
        if c.rear:
            engine(b, m, (n * 0.7, c.lift + r * 0.35, side * r * 1.65), r * 0.5, "#dfe2e4", False, False)
    root, top = (fin_x - r * 1.3, fin_y, 0), (n * 0.968, c.lift + r * 3.6, 0)
    m.surface(
        plate((root, r * 3.3), (top, r * 1.45), r * 0.22, (0, 0, 1), 3),
        tint,
        0.2,
        bias=-0.3,
        over=fin_badge(b, m, root, top, r, tint),
    )
    if not air or rng.random() < 0.4:
        gear(m, c.length * 0.13, c.length * 0.5, r * 1.0, c.lift, r)


def _frame(b: Brush, c: Craft, view: str, nose_up: float = 0.0) -> tuple[Eye, bool]:
    """Viewpoint for a named view, and whether the craft is in the air."""
    rng, size = b.rng, max(c.length, c.span * 0.8)
    pivot, unit = (c.length / 2, c.lift, 0), 1000 / size
    if view == "side":
        return Eye(
            pivot, rng.uniform(-0.12, 0.12), nose_up, away=size * 1.7, height=size * 0.13, unit=unit
        ), False
    if view == "quarter":
        yaw = rng.choice((1, 1, 1, -1)) * rng.uniform(0.35, 1.05)
        return Eye(pivot, yaw, nose_up, away=size * 1.4, height=size * 0.12, unit=unit), False
    if view == "front":
        return Eye(
            pivot, rng.uniform(1.3, 1.5), nose_up, away=size * 1.5, height=size * 0.1, unit=unit
        ), False
    if view == "climb":
        return Eye(
            pivot,
            rng.uniform(-0.2, 0.5),
            rng.uniform(0.08, 0.28),
            0,
            rng.uniform(0.1, 0.3),
            size * 3,
            c.lift,
            unit,
        ), True
    if view == "below":
        return Eye(
            pivot,
            rng.uniform(-0.6, 0.9),
            rng.uniform(0, 0.2),
            rng.uniform(-0.3, 0.3),
            rng.uniform(0.5, 1.0),
            size * 2.5,
            c.lift,
            unit,
        ), True
    roll = rng.choice((-1, 1)) * rng.uniform(0.35, 0.8) * (1.4 if c is FIGHTER else 1.0)
    return Eye(
        pivot,
        rng.uniform(-0.5, 0.9),
        rng.uniform(0, 0.15),
        roll,
        rng.uniform(-0.2, 0.2),
        size * 2.5,
        c.lift,
        unit,
    ), True


def draw(b: Brush, view: str) -> Sprite:
    """One aeroplane."""
    fleet = (AIRLINER, AIRLINER, JUMBO, REGIONAL, TURBOPROP, WIDE, TOURER, TOURER, BIPLANE, FIGHTER, FIGHTER)
    c = b.rng.choice(fleet)
    eye, air = _frame(b, c, view, 0.17 if c is BIPLANE else 0.0)
    m = Model(b, eye)
    m.bounce = 0.22 if air else 0.15
    if c in SMALL:
        SMALL[c](b, m, air)
    else:
        _airliner(b, m, c, air)
    x0, y0, x1, y1 = m.box()
    unit = eye.unit
    if air:
        lift = (y1 - y0) * 0.25 + y1
        return Sprite(
            group(m.svg(), f"translate(0 {-lift:.1f})"),
            (x0, y0 - lift, x1, y1 - lift),
            unit,
            relief=0.25,
            shadow=0.5,
        )
    spots = []
    for x, z in ((0.13, 0), (0.5, -c.radius), (0.5, c.radius)):
        spots.append(m.spot((x * c.length, 0, z), c.radius * unit * 0.5, c.radius * unit * 0.12))
    sink = y1 - 6 if c is BIPLANE else 0.0
    svg = group(m.svg(), f"translate(0 {-sink:.1f})")
    return Sprite(svg, (x0, y0 - sink, x1, y1 - sink), unit, spots, relief=0.3)


KIND = Kind(
    draw,
    ("side", "quarter", "quarter", "front", "climb", "climb", "below", "bank"),
    (("airfield", "runway"), ("open_sky", "sky"), ("open_sky", "sky")),
    fill=(0.74, 0.98),
    several=0.12,
    portrait=0.04,
    where={
        **dict.fromkeys(("side", "quarter", "front"), ("runway",)),
        **dict.fromkeys(("climb", "below", "bank"), ("sky",)),
    },
)
