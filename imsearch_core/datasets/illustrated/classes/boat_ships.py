"""Working boats and ships: trawlers, liners and container ships."""

from __future__ import annotations

from random import Random

import numpy as np

from ..forms.solid import Loft, Model
from ..toolkit.brush import line, paint
from ..toolkit.colour import darken, jitter, lighten
from .boat_hull import Hull, foam, portholes
from .boat_parts import funnel, mast, stack


def trawler(m: Model, rng: Random) -> None:
    """A fishing boat with a wheelhouse, mast, gantry and nets."""
    long = rng.uniform(11, 15)
    hull = Hull(long, long * 0.16, long * 0.1, bow=long * 0.085, rake=0.1, stern=0.85, rise=long * 0.015)
    paintwork = jitter(
        rng, rng.choice(("#1f4f8f", "#a82a2c", "#2c6a4a", "#2a6f7f", "#26303f", "#d8832a")), 0.03
    )
    hull.paint(m, paintwork, "#9a8a6a", stripe="#efece2", low="#7a2a26")
    at = rng.choice((0.28, 0.62))
    x0, x1, deck = long * at, long * (at + 0.22), hull.sheer(long * (at + 0.1)) - 0.1
    house = rng.choice(("#f2f0ea", "#f2f0ea", "#e8d9a8"))
    stack(m, x0, x1, deck, deck + 2.2, long * 0.105, house, rows=((0.5, 0.86),), pitch=0.95)
    stack(m, x0 - 0.2, x1 + 0.3, deck + 2.2, deck + 2.4, long * 0.115, paintwork, rows=(), pitch=1)
    top = deck + long * 0.42
    mast(m, (x1 - 0.3, deck + 2.2, 0), (x1 - 0.3, top, 0), 0.13, "#e0ddd4")
    other = long * (0.72 if at < 0.5 else 0.3)
    mast(m, (other, deck, 0), (other, top * 0.9, 0), 0.15, rng.choice(("#d8a51f", "#e0ddd4", "#c9602a")))
    m.rod(
        [(other, deck + 0.8, 0), (other + (2.6 if at < 0.5 else -2.4), top * 0.78, 0)], "#c9a06a", 0.12, -0.1
    )
    for a, c in (
        ((x1 - 0.3, top, 0), (0.1, hull.sheer(0), 0)),
        ((x1 - 0.3, top, 0), (long, hull.sheer(long), 0)),
        ((other, top * 0.9, 0), (long * 0.5, deck, 0)),
    ):
        m.rod([a, c], "#4a4d52", 0.03)
    if at < 0.5:
        for s in (-1, 1):
            m.rod(
                [
                    (long * 0.95, deck - 0.2, s * 1.1),
                    (long * 0.95, deck + 2.6, s * 0.9),
                    (long * 0.95, deck + 2.6, 0),
                ],
                "#4f7f9a",
                0.16,
            )
        heap = Loft(
            long * np.array([0.76, 0.8, 0.86, 0.92]), deck + 0.1, [0.3, 1.0, 0.9, 0.3], [0.2, 0.8, 0.7, 0.2]
        )
        m.surface(heap.grid(12), rng.choice(("#3f7a6a", "#c9762f", "#5a5f4f")), 0.0)
    for x in np.linspace(0.25, 0.85, 4) * long:
        for s in (-1, 1):
            ring = m.disc((x, hull.sheer(x) * 0.6, s * hull.half(x, 0.6)), 0.32, 2, 14)
            if m.faces(ring, (0, 0, s)):
                m.add(
                    m.depth(ring.mean(0)) - 2.5,
                    paint(m.path(ring), "none", stroke="#1e1e20", stroke_width=0.16 * m.scale((x, 1, 0))),
                )


def liner(m: Model, rng: Random) -> None:
    """A passenger ship or ferry: tiers of white decks and a funnel."""
    long = rng.uniform(70, 130)
    hull = Hull(long, long * 0.072, long * 0.062, bow=long * 0.022, rake=0.09, stern=0.7, full=2.6)
    base = rng.choice(("#f2f2ef", "#1f3358", "#26282c", "#f2f2ef", "#8a2428"))
    tint = rng.choice(("#c0332c", "#1f4f9a", "#d8a51f", "#e07a1f"))
    hull.paint(m, base, "#c9b48a", stripe=tint, low="#7a2a26")
    portholes(m, hull, 0.16, 0.9, 0.62, long * 0.0045, 40)
    deck, half, tier = long * 0.06, long * 0.06, long * 0.024
    tiers = rng.randint(3, 5)
    for i in range(tiers):
        a, z = 0.17 + 0.035 * i, 0.95 - 0.03 * i - 0.05 * (i > 2)
        stack(
            m,
            long * a,
            long * z,
            deck + i * tier,
            deck + (i + 1) * tier,
            half * (1 - 0.05 * i),
            "#f4f3ef",
            ((0.3, 0.72),),
            long * 0.02,
            slope=tier * 0.4,
        )
    top = deck + tiers * tier
    for x in (0.5, 0.66)[: rng.randint(1, 2)] if rng.random() < 0.7 else (0.62,):
        funnel(m, (long * x, top), long * 0.022, long * 0.075, tint, "#26282c", lean=long * 0.012)
    mast(m, (long * 0.27, top - tier, 0), (long * 0.28, top + long * 0.06, 0), long * 0.005, "#d9d6cc")
    foam(m, hull, 0.35)


def freighter(m: Model, rng: Random) -> None:
    """A container ship: blocks of coloured boxes and the bridge aft."""
    long = rng.uniform(110, 160)
    hull = Hull(long, long * 0.07, long * 0.055, bow=long * 0.02, rake=0.06, stern=0.88, full=3.4)
    base = rng.choice(("#1f4a7a", "#2a2c30", "#8a2a28", "#2c6a5a", "#4f6f8a"))
    hull.paint(m, base, "#7a4a3a", stripe=lighten(base, 0.6), low="#8a332c")
    deck = long * 0.055
    stack(
        m,
        long * 0.8,
        long * 0.88,
        deck,
        deck + long * 0.125,
        long * 0.052,
        "#f0eee8",
        ((0.2, 0.3), (0.42, 0.52), (0.78, 0.92)),
        long * 0.02,
    )
    funnel(
        m,
        (long * 0.91, deck),
        long * 0.018,
        long * 0.11,
        rng.choice(("#c0332c", "#1f4f9a", "#e07a1f")),
        "#26282c",
    )
    boxes = ("#a8382f", "#2f5f8f", "#3f7a55", "#c9762f", "#d9d6cc", "#6f7276", "#8a5a7a")
    for i in range(6):
        x0, high = long * (0.12 + i * 0.112), rng.randint(2, 4)
        for j in range(high):
            tone = jitter(rng, rng.choice(boxes), 0.03)
            y = deck + j * long * 0.02
            block = Loft(
                [x0, x0 + 0.01, x0 + long * 0.104, x0 + long * 0.105],
                y + long * 0.01,
                long * 0.058,
                long * 0.0098,
                power=14,
            )
            over = ""
            for s in (-1, 1):
                seams = [
                    m.path(
                        [
                            (x0 + long * 0.105 * k / 8, y, s * long * 0.0585),
                            (x0 + long * 0.105 * k / 8, y + long * 0.02, s * long * 0.0585),
                        ],
                        False,
                    )
                    for k in range(1, 8)
                ]
                if m.faces([(x0, y, s), (x0 + 1, y, s), (x0 + 1, y + 1, s), (x0, y + 1, s)], (0, 0, s)):
                    over = line("".join(seams), darken(tone, 0.5), 1, opacity=0.6)
            m.surface(block.grid(20), tone, 0.0, bias=j * 0.5, over=over, edge=1.0)
    mast(m, (long * 0.05, deck, 0), (long * 0.05, deck + long * 0.06, 0), long * 0.004, "#d9d6cc")
    foam(m, hull, 0.3)
