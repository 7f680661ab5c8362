"""Small craft: yachts under sail, dinghies, rowing boats, speedboats and narrow boats."""

from __future__ import annotations

from random import Random

import numpy as np

from ..forms.solid import Loft, Model
from ..toolkit.brush import paint
from ..toolkit.colour import darken, jitter
from .boat_hull import Hull, foam
from .boat_parts import cabin, crew, funnel, mast, sail, stack

HULLS = ("#f0efe9", "#f0efe9", "#1f3a63", "#a82a2c", "#2f6f8a", "#2c5a44", "#e0b23a", "#26282c", "#4f9ab0")
WOODS = ("#8a5a34", "#a8713f", "#6b4630", "#b98a52")
CLOTH = ("#f4f0e4", "#f4f0e4", "#f7f4ec", "#e9dcc0", "#b5432f", "#d97f3a", "#3f6f9f")


def yacht(m: Model, rng: Random) -> None:
    """A cruising yacht heeling under mainsail and jib."""
    long = rng.uniform(9, 13)
    hull = Hull(long, long * 0.15, long * 0.1, bow=long * 0.03, rake=0.09, stern=0.72)
    paintwork = jitter(rng, rng.choice(HULLS), 0.02)
    hull.paint(m, paintwork, "#c9a878", stripe=rng.choice(("#b3262b", "#1f3a63", "#d8a51f", "#2c5a44")))
    cabin(m, hull, 0.34, 0.66, long * 0.045, 0.5, "#efece4", portholes=3)
    foot, top = long * 0.42, long * rng.uniform(1.2, 1.4)
    deck = hull.sheer(foot)
    mast(m, (foot, deck, 0), (foot + long * 0.015, top, 0), long * 0.012, "#c9ccce")
    out = rng.choice((-1, 1)) * rng.uniform(0.05, 0.32)
    boom = (long * 0.93, deck + long * 0.1, out * long * 0.5)
    tack = (foot + 0.1, deck + long * 0.11, 0)
    cloth = rng.choice(CLOTH)
    sail(m, tack, (foot + 0.15, top * 0.98, 0), boom, cloth, out * long * 0.28 + 0.25, battens=4)
    m.rod([tack, boom], "#b9bcbe", long * 0.012, -0.1)
    jib = cloth if rng.random() < 0.7 else rng.choice(CLOTH)
    sail(
        m,
        (long * 0.02, hull.sheer(0.2) + 0.2, 0),
        (foot - 0.1, top * 0.86, 0),
        (foot + long * 0.1, deck + 0.5, out * long * 0.3),
        jib,
        out * long * 0.25 + 0.2,
    )
    for end in ((0.0, hull.sheer(0), 0), (long * 0.97, hull.sheer(long), 0)):
        m.rod([(foot, top, 0), end], "#5a5e62", 0.02)
    if rng.random() < 0.6:
        crew(
            m,
            rng,
            [(long * 0.78, hull.sheer(long * 0.78) - 0.35, z) for z in rng.sample((-0.5, 0.1, 0.6), 2)],
        )


def dinghy(m: Model, rng: Random) -> None:
    """A small sailing dinghy or a catamaran with a bright sail."""
    tint, cat = rng.choice(("#d8432f", "#e8a51f", "#2f7fb5", "#3a9a6a", "#7a3f9a")), rng.random() < 0.4
    long = rng.uniform(4.2, 5.4)
    if cat:
        for z in (-1.1, 1.1):
            hull = Hull(long, 0.24, 0.42, bow=0.2, rake=0.03, stern=0.6, shift=z)
            hull.paint(m, "#f0eee8", tint, stripe=tint)
        deck = Loft([long * 0.3, long * 0.32, long * 0.78, long * 0.8], 0.52, 1.05, 0.05, power=9)
        m.surface(deck.grid(12), "#3a3f46", 0.1)
    else:
        hull = Hull(long, 0.85, 0.5, bow=0.18, rake=0.05, stern=0.8)
        hull.paint(m, rng.choice((tint, "#f2f0ea", rng.choice(WOODS))), "#c9a878", stripe=tint)
    foot, top, out = long * 0.34, long * rng.uniform(1.35, 1.6), rng.choice((-1, 1)) * rng.uniform(0.1, 0.4)
    mast(m, (foot, 0.5, 0), (foot + 0.2, top, 0), 0.07, "#c9ccce")
    cloth = rng.choice(("#f4f0e4", tint, "#f7f4ec"))
    marks = tint if cloth != tint else "#f4f0e4"
    sail(
        m,
        (foot + 0.1, 1.0, 0),
        (foot + 0.25, top, 0),
        (long * 0.95, 1.15, out * 1.6),
        cloth,
        out * 1.2 + 0.15,
        4,
        marks,
    )
    sail(
        m,
        (0.1, 0.75, 0),
        (foot, top * 0.78, 0),
        (foot + 0.2, 0.85, out),
        rng.choice((cloth, marks)),
        out + 0.1,
    )
    m.rod([(foot, 1.0, 0), (long * 0.95, 1.1, out * 1.6)], "#b9bcbe", 0.06, -0.1)
    crew(m, rng, [(long * 0.74, 0.42, -0.55 * np.sign(out))][: rng.randint(1, 2)])


def rowing(m: Model, rng: Random) -> None:
    """An open wooden rowing boat, moored or with a rower."""
    long, wood = rng.uniform(3.6, 4.8), jitter(rng, rng.choice(WOODS), 0.03)
    outside = rng.choice((wood, wood, "#2f6f8a", "#a82a2c", "#3f7a55", "#f0ece2", "#2f5f9a"))
    hull = Hull(long, 0.74, 0.38, bow=0.22, rake=0.05, stern=0.62, rise=0.1)
    hull.paint(
        m, outside, wood, stripe=rng.choice((wood, "#f0ece2", darken(outside, 0.4))), hollow=True, planks=True
    )
    row = rng.random() < 0.55
    if row:
        crew(m, rng, [(long * 0.5, 0.12, 0)])
        if rng.random() < 0.5:
            crew(m, rng, [(long * 0.78, 0.14, 0)])
    for s in (-1, 1):
        pin = (long * 0.52, hull.sheer(long * 0.52) + 0.04, s * hull.half(long * 0.52))
        tip = (long * 0.7, 0.02, s * 2.0) if row else (long * 0.92, 0.62, s * 0.42)
        inner = (long * 0.46, 0.66, s * 0.22) if row else (long * 0.2, 0.5, s * 0.3)
        m.rod([inner, pin, tip], "#c9a06a", 0.06, 0.5 if not row else s * -0.1)
        if row:
            m.rod([(long * 0.67, 0.12, s * 1.75), tip], "#d8b47c", 0.16, 0.1)


def speedboat(m: Model, rng: Random) -> None:
    """A motor boat or cabin cruiser, its bow lifted at speed."""
    long = rng.uniform(6, 10)
    hull = Hull(long, long * 0.155, long * 0.1, bow=long * 0.035, rake=0.2, stern=0.92)
    tint = rng.choice(("#1f3a63", "#b3262b", "#d8832a", "#2a2c30", "#2f8a8a"))
    base = rng.choice(("#f4f3ef", "#f4f3ef", "#e4e8ea", "#7a4a2c", tint))
    hull.paint(
        m,
        base,
        "#b9875a" if base == "#7a4a2c" else "#e9e4d8",
        stripe=tint if base != tint else "#f4f3ef",
        low=tint,
    )
    if long > 7.6:
        stack(
            m,
            long * 0.34,
            long * 0.7,
            hull.sheer(long * 0.5) - 0.1,
            hull.sheer(long * 0.5) + long * 0.11,
            long * 0.105,
            "#f4f3ef",
            ((0.35, 0.8),),
            long * 0.1,
            slope=long * 0.09,
        )
        m.rod([(long * 0.6, long * 0.2, 0), (long * 0.64, long * 0.3, 0)], "#d9dbdd", 0.12)
    else:
        x, y = long * 0.4, hull.sheer(long * 0.42)
        half = hull.half(x) * 0.8
        pane = [
            (x, y - 0.05, -half),
            (x + 0.7, y + 0.6, -half * 0.85),
            (x + 0.7, y + 0.6, half * 0.85),
            (x, y - 0.05, half),
        ]
        svg = paint(m.path(pane), "#6f8fa0", 0.75, stroke="#d9dee2", stroke_width=2.4)
        wing = [(x, y - 0.05, -half), (x + 0.7, y + 0.6, -half * 0.85), (x + 1.5, y, -half)]
        m.add(
            m.depth((x, y, 0)) - 1.2,
            svg + paint(m.path(wing), "#54707f", 0.8, stroke="#d9dee2", stroke_width=2),
        )
        crew(
            m,
            rng,
            [
                (x + 1.3 + i * 1.1, y - 0.55, z)
                for i, z in enumerate(rng.sample((-0.35, 0.4, 0.0), rng.randint(1, 3)))
            ],
        )
    if rng.random() < 0.6:
        engine = Loft(
            long + np.array([-0.1, 0.0, 0.4, 0.5]),
            0.8,
            [0.15, 0.26, 0.26, 0.15],
            [0.3, 0.45, 0.42, 0.2],
            [0.5, 0.7, 0.6, 0.2],
            3,
        )
        m.surface(engine.grid(12), rng.choice(("#2a2c30", "#e4e6e8")), 0.4)
    foam(m, hull, 1.0)


def barge(m: Model, rng: Random) -> None:
    """A narrow boat with painted cabin sides, or a gondola-slim river launch."""
    long = rng.uniform(12, 16)
    hull = Hull(long, 1.05, 0.75, bow=0.45, rake=0.03, stern=0.8, rise=0.1, full=3.2)
    tint = jitter(rng, rng.choice(("#1f4f3a", "#8a2a2a", "#24406f", "#5a2f5a", "#2a2c30")), 0.02)
    second = rng.choice(("#c9322c", "#d8a51f", "#2f6f4a", "#3a6fa5"))
    hull.paint(m, "#26272a", "#8a5a34", stripe=second)
    stack(
        m,
        long * 0.16,
        long * 0.84,
        0.65,
        1.85,
        0.88,
        tint,
        ((0.45, 0.8),),
        long * 0.09,
        trim=second,
        slope=0.1,
    )
    funnel(m, (long * 0.72, 1.85), 0.13, 0.5, "#26272a", "#d8b45a")
    if rng.random() < 0.6:
        crew(m, rng, [(long * 0.91, 0.7, 0.1)], standing=True)
    pots = [(x * long, 1.9, -0.5) for x in (0.3, 0.4, 0.5)]
    for x, y, z in pots[: rng.randint(0, 3)]:
        cx, cy = m.flat([(x, y + 0.15, z)])[0]
        k = m.scale((x, y, z))
        svg = m.b.spot(cx, cy, k * 0.3, k * 0.25, "#4f8a3f", 1) + m.b.spot(
            cx, cy - k * 0.1, k * 0.2, k * 0.14, second, 1
        )
        m.add(m.depth((x, y, z)) - 2, svg)
