"""What screens stand on and what stands beside them: sideboard, desk, keyboard, lamp, mug, books."""

from __future__ import annotations

from ..forms.joinery import TIMBER, Shop
from ..forms.outline import disc
from ..toolkit.brush import box, ellipse, line, paint, polygon
from ..toolkit.colour import BOOKS, darken, jitter, lighten
from .tv_sets import face


def sideboard(shop: Shop, w: float, h: float, d: float) -> None:
    """A low cabinet with doors, drawers or open shelves."""
    b, rng = shop.b, shop.b.rng
    colour = jitter(rng, rng.choice((*TIMBER, "#e6e2d8", "#3a3a3e")), 0.03)
    leg = rng.choice((0.0, 6.0, 12.0)) if h > 30 else 3.0
    for sx in (-1, 1):
        for z in (-d / 2 + 4, d / 2 - 4):
            if leg:
                shop.tube(
                    [(sx * (w / 2 - 6), leg + 2, z), (sx * (w / 2 - 4), 0, z)], [4, 2.6], darken(colour, 0.15)
                )
            shop.foot(sx * (w / 2 - 4), z, 4)
    shop.box((-w / 2, w / 2), (leg, h - 2.5), (-d / 2, d / 2), colour, 0.5, 9)
    shop.box(
        (-w / 2 - 1.5, w / 2 + 1.5), (h - 2.5, h), (-d / 2 - 1.5, d / 2 + 1.5), lighten(colour, 0.06), 0.6, 6
    )
    parts, tall, n = [], h - 2.5 - leg, rng.choice((2, 3, 4))
    for i in range(n):
        x, ww = w / n * i + 2.5, w / n - 4
        if rng.random() < 0.3:
            parts.append(paint(box(x, 2.5, ww, tall - 5), darken(colour, 0.7)))
            books = 0.0
            while books < ww * 0.7:
                t, up = rng.uniform(2, 4.5), tall * rng.uniform(0.5, 0.75)
                ink = rng.choice(BOOKS)
                parts.append(paint(box(x + 1 + books, tall - 2.5 - up, t, up), ink))
                books += t + 0.2
        else:
            panel = box(x, 2.5, ww, tall - 5, 0.8)
            parts.append(
                paint(panel, b.lit(lighten(colour, 0.04), 0.4), stroke=darken(colour, 0.55), stroke_width=0.8)
            )
            parts.append(
                paint(
                    ellipse(x + (ww - 4 if i % 2 == 0 else 4), tall / 2, 1.3),
                    "#c9b28a",
                    stroke="#3a2a20",
                    stroke_width=0.4,
                )
            )
    face(shop, -w / 2, w / 2, leg, h - 2.5, -d / 2 - 0.1, "".join(parts), 0.55, 1)


def desk(shop: Shop, w: float, h: float, d: float) -> None:
    """A writing desk."""
    rng = shop.b.rng
    colour = jitter(rng, rng.choice((*TIMBER, "#e6e2d8")), 0.03)
    for sx in (-1, 1):
        for z in (-d / 2 + 4, d / 2 - 4):
            x = sx * (w / 2 - 5)
            shop.box((x - 2.5, x + 2.5), (0, h - 3), (z - 2.5, z + 2.5), darken(colour, 0.1))
            shop.foot(x, z, 3.5)
    shop.box((-w / 2 + 5, w / 2 - 5), (h - 14, h - 3), (-d / 2 + 5, d / 2 - 5), darken(colour, 0.06), 0.4, 6)
    shop.box((-w / 2, w / 2), (h - 3, h), (-d / 2, d / 2), colour, 0.6, 14)


def keyboard(shop: Shop, y: float, z: float, colour: str) -> None:
    """Keyboard with its keys, and a mouse."""
    w, d = 22.0, 7.5
    low = [(-w, y, z - d), (w, y, z - d), (w, y, z + d), (-w, y, z + d)]
    high = [(x, h + (1.4 if q < z else 3.0), q) for x, h, q in low]
    shop.block(low, high, colour, 3)
    keys = []
    for row in range(5):
        v0, x = (row + 0.35) / 5.4, -w + 1.4
        widths = (5.6, 5.0, 4.4, 3.8, 9.5)[4 - row] if row else 5.0
        while x < w - 2.4:
            k = 18 if row == 0 and -8 < x < -2 else 2.3 if x > -w + 2 else widths * 0.7
            k = min(k, w - 1.2 - x)
            quad = []
            for u, v in ((x, v0 + 0.14), (x + k, v0 + 0.14), (x + k, v0), (x, v0)):
                quad.append(shop.at((u, y + 1.8 + v * 1.6, z - d + v * 2 * d), False)[:2])
            keys.append(polygon(quad))
            x += k + 0.5
    tone = lighten(colour, 0.25) if colour < "#8" else lighten(colour, 0.5)
    d3 = "".join(keys)
    shop.add(3.1, 0, paint(d3, darken(colour, 0.5), transform="translate(0 .5)") + paint(d3, tone))
    shop.slab([(x + 31, v + z) for x, v in disc(3.4, 5.4, 2.4)], y, y + 2.6, colour, 3, lines=0, shine=0.5)


def extras(shop: Shop, y: float, w: float, lamp: bool) -> None:
    """A lamp, a mug or books beside the screen."""
    b, rng, s = shop.b, shop.b.rng, shop.b.rng.choice((-1, 1))
    x = s * w * 0.45
    roll = rng.random()
    if lamp and roll < 0.4:
        metal = rng.choice(("#2f3236", "#c8503a", "#5f7f8a", "#d8d4ca"))
        shop.slab([(u + x, v + 8) for u, v in disc(8)], y, y + 2, metal, 1, lines=0)
        shop.tube(
            [(x, y + 1, 8), (x + s * 7, y + 24, 8), (x - s * 5, y + 46, 6)], [1.8, 1.6, 1.6], metal, 1.1
        )
        shop.tube(
            [(x - s * 3, y + 48, 6), (x - s * 8, y + 44, 4), (x - s * 13, y + 38, 2)], [6, 10, 16], metal, 1.2
        )
    elif roll < 0.65:
        mug, (px, py, _, k) = (
            jitter(rng, rng.choice(("#b5453c", "#e8e4dc", "#3f6a86")), 0.03),
            shop.at((x, y, -8)),
        )
        tone = b.across([(0, lighten(mug, 0.2)), (0.3, lighten(mug, 0.4)), (1, darken(mug, 0.45))])
        svg = line(ellipse(px + 5 * k, py - 5 * k, 2.6 * k, 3 * k), darken(mug, 0.15), 1.4)
        svg += (
            paint(box(px - 4.2 * k, py - 10 * k, 8.4 * k, 11 * k, 2.2), tone)
            + paint(ellipse(px, py - 9.8 * k, 4.2 * k, 1.4 * k), lighten(mug, 0.3))
            + paint(ellipse(px, py - 9.5 * k, 3.6 * k, 1.1 * k), "#4a2f20")
        )
        shop.add(3, -10, svg)
    elif roll < 0.85:
        for i in range(3):
            ink = rng.choice(BOOKS)
            q = rng.uniform(-2, 2)
            shop.box((x - 9 + q, x + 9 + q), (y + i * 3, y + i * 3 + 2.8), (-6, 8), ink, 1 + i * 0.1)
