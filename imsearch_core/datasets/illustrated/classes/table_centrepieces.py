"""What stands in the middle of a table: fruit, flowers, candles, teapot, bread, a bottle."""

from __future__ import annotations

import math

from ..forms.foliage import GREENS, Plot
from ..forms.joinery import Shop
from ..toolkit.brush import box, curve, ellipse, group, line, paint, taper, track
from ..toolkit.colour import darken, jitter, lighten
from . import bottle
from .tableware import CHINA, shade, spot


def wine_bottle(shop: Shop, x: float, y: float, z: float) -> None:
    """One of the drawn bottles."""
    px, py, k, e, depth = spot(shop, x, y, z)
    made = bottle.draw(shop.b, shop.b.rng.choice(("bordeaux", "burgundy", "white", "rose", "water", "oil")))
    shop.at((x, y + 33, z))
    s = k * 100 / made.metre
    x0, y0, x1, y1 = (v * s for v in made.box)
    shop.parts.append(("bottle", (px + x0, py + y0, px + x1, py + y1)))
    svg = shade(shop, px, py, 5 * k, e) + group(made.svg, f"translate({px:.2f} {py:.2f}) scale({s:.4f})")
    shop.add(6, depth - 2, svg)


def fruit(shop: Shop, x: float, y: float, z: float) -> None:
    """A bowl heaped with fruit."""
    b, rng = shop.b, shop.b.rng
    px, py, k, e, depth = spot(shop, x, y, z)
    r, tall, tone = 15 * k, 9 * k, jitter(rng, rng.choice((*CHINA, "#8f6540", "#3f6a86")), 0.03)
    shop.at((x, y + 22, z))
    rim = py - tall
    parts = [shade(shop, px, py, r, e), paint(ellipse(px, rim, r, r * e), darken(tone, 0.35))]
    for i, (dx, dy, q) in enumerate(
        (
            (-0.55, 0.1, 0.34),
            (0.55, 0.05, 0.36),
            (-0.1, 0.22, 0.36),
            (0.15, -0.05, 0.36),
            (-0.3, -0.34, 0.33),
            (0.38, -0.36, 0.33),
            (0.04, -0.6, 0.32),
        )
    ):
        ink = rng.choice(("#c8342c", "#e08a2a", "#8fa83a", "#d8b03a", "#b02a3a", "#e0a03a"))
        cx, cy = px + dx * r, rim + dy * r - r * 0.08
        ball = b.radial(
            [(0, lighten(ink, 0.5)), (0.4, lighten(ink, 0.06)), (1, darken(ink, 0.45))],
            (0.5 + 0.22 * b.side, 0.28),
            0.75,
        )
        parts.append(
            paint(ellipse(cx, cy, q * r, q * r * 0.94), ball)
            + line(track("M", cx, cy - q * r * 0.8, "l", 0.6, -1.8 * k), "#4a3420", 0.7 * k)
        )
        if i == 3 and rng.random() < 0.6:
            for j in range(3):
                d = track(
                    "M",
                    px - r * 0.75,
                    rim - r * (0.1 + 0.13 * j),
                    "Q",
                    px,
                    rim - r * (0.75 + 0.12 * j),
                    px + r * 0.8,
                    rim - r * (0.02 + 0.14 * j),
                )
                parts.append(line(d, "#8a6a1a", 3.6 * k) + line(d, "#e8c840", 2.9 * k))
    wall = [
        (px - r, rim, 0),
        (px - r * 0.8, rim + tall * 0.62),
        (px - r * 0.4, py + r * e * 0.16),
        (px + r * 0.4, py + r * e * 0.16),
        (px + r * 0.8, rim + tall * 0.62),
        (px + r, rim, 0),
        (px + r * 0.7, rim + r * e * 0.72),
        (px, rim + r * e),
        (px - r * 0.7, rim + r * e * 0.72),
    ]
    round_ = b.across(
        [(0, lighten(tone, 0.1)), (0.25, lighten(tone, 0.45)), (0.6, tone), (1, darken(tone, 0.5))]
    )
    parts.append(paint(curve(wall), round_, stroke=darken(tone, 0.5), stroke_width=0.4))
    shop.add(6, depth - 3, "".join(parts))


def vase(shop: Shop, x: float, y: float, z: float) -> None:
    """Cut flowers in a vase."""
    b, rng = shop.b, shop.b.rng
    px, py, k, e, depth = spot(shop, x, y, z)
    tone, plot = jitter(rng, rng.choice((*CHINA, "#3f6a86", "#4a7a5a", "#b8663f")), 0.03), Plot(b)
    shop.at((x - 14, y + 46, z))
    shop.at((x + 14, y + 46, z))
    h, ink = 18 * k, rng.choice(("#c8323a", "#e8e0f0", "#e0a03a", "#d8587a", "#8a5ab0", "#f0d860"))
    heads = []
    for i in range(11):
        a, q = math.pi * (0.12 + 0.76 * (i * 0.618 % 1)), rng.uniform(9, 22) * k
        heads.append((px + math.cos(a) * q * 0.9, py - h - math.sin(a) * q - 2 * k))
    plot.add(
        line("".join(track("M", px, py - h, "Q", px, py - h - 6 * k, *p) for p in heads), "#5a7a3a", 0.9 * k)
    )
    for hx, hy in heads[:8]:
        plot.leaf(
            px,
            py - h - 2 * k,
            math.atan2(py - h - hy, hx - px) + rng.uniform(-0.5, 0.5),
            12 * k,
            4.6 * k,
            jitter(rng, rng.choice(GREENS), 0.03),
            0.5,
            veins=0,
        )
    for hx, hy in sorted(heads, key=lambda p: p[1]):
        plot.bloom(hx, hy, 4.6 * k, jitter(rng, ink, 0.05), rng.choice((6, 9)))
    body = [
        (px - 3.4 * k, py - h, 0),
        (px - 3 * k, py - h * 0.85),
        (px - 6.4 * k, py - h * 0.45),
        (px - 4 * k, py),
        (px, py + 4 * k * e),
        (px + 4 * k, py),
        (px + 6.4 * k, py - h * 0.45),
        (px + 3 * k, py - h * 0.85),
        (px + 3.4 * k, py - h, 0),
    ]
    round_ = b.across(
        [(0, darken(tone, 0.1)), (0.25, lighten(tone, 0.5)), (0.55, tone), (1, darken(tone, 0.55))]
    )
    svg = shade(shop, px, py, 6 * k, e) + paint(
        curve(body), round_, stroke=darken(tone, 0.5), stroke_width=0.4
    )
    shop.add(6, depth - 2, svg + "".join(plot.parts))


def candles(shop: Shop, x: float, y: float, z: float) -> None:
    """Two or three burning candles in holders."""
    b, rng = shop.b, shop.b.rng
    metal = rng.choice(("#b8bcc2", "#c9a24a", "#3a3a3f"))
    for i in range(rng.choice((2, 3))):
        px, py, k, e, depth = spot(shop, x + (i - 1) * 9, y, z + (i % 2) * 4)
        tall = rng.uniform(18, 27) * k
        top = py - 4 * k - tall
        shop.at((x, y + 34, z))
        svg = shade(shop, px, py, 4 * k, e) + paint(ellipse(px, py, 4 * k, 4 * k * e), b.lit(metal))
        svg += paint(
            taper([(px, py), (px, py - 2 * k), (px, py - 5 * k)], [4 * k, 1.6 * k, 3.4 * k]),
            b.across([(0, lighten(metal, 0.5)), (1, darken(metal, 0.5))]),
        )
        svg += paint(box(px - 1.2 * k, top, 2.4 * k, tall, 0.5), b.across([(0, "#fff8e8"), (1, "#c8b8a0")]))
        svg += b.spot(px, top - 3 * k, 9 * k, 9 * k, "#ffd890", 0.55)
        svg += paint(
            curve(
                [(px, top - 6 * k, 0), (px + 1.3 * k, top - 2 * k), (px, top), (px - 1.3 * k, top - 2 * k)]
            ),
            "#f8b43a",
        ) + paint(ellipse(px, top - 1.8 * k, 0.6 * k, 1.5 * k), "#fff4d0")
        shop.add(6, depth - 2, svg)


def teapot(shop: Shop, x: float, y: float, z: float) -> None:
    """A round teapot."""
    b, rng = shop.b, shop.b.rng
    px, py, k, e, depth = spot(shop, x, y, z)
    tone, s, r = jitter(rng, rng.choice((*CHINA, "#3f6a86", "#8a4a3a")), 0.03), rng.choice((-1, 1)), 7.5 * k
    cy = py - r * 0.85
    svg = shade(shop, px, py, r, e)
    svg += line(
        track("M", px - s * r * 0.8, cy - r * 0.5, "q", -s * r * 1.1, r * 0.2, -s * r * 0.1, r * 1.0),
        darken(tone, 0.25),
        r * 0.2,
    )
    svg += paint(
        taper(
            [
                (px + s * r * 0.7, cy + r * 0.3),
                (px + s * r * 1.3, cy - r * 0.2),
                (px + s * r * 1.7, cy - r * 0.8),
            ],
            [r * 0.6, r * 0.32, r * 0.2],
        ),
        darken(tone, 0.12),
    )
    ball = b.radial(
        [(0, lighten(tone, 0.6)), (0.4, lighten(tone, 0.08)), (1, darken(tone, 0.5))],
        (0.5 + 0.22 * b.side, 0.28),
        0.75,
    )
    svg += paint(ellipse(px, cy, r * 1.08, r * 0.95), ball, stroke=darken(tone, 0.5), stroke_width=0.4)
    svg += paint(
        ellipse(px, cy - r * 0.78, r * 0.5, r * 0.24),
        lighten(tone, 0.2),
        stroke=darken(tone, 0.4),
        stroke_width=0.4,
    ) + paint(ellipse(px, cy - r * 1.05, r * 0.15), tone)
    shop.add(6, depth - 2, svg)


def bread(shop: Shop, x: float, y: float, z: float) -> None:
    """A loaf on a board with slices."""
    b = shop.b
    shop.slab(
        [(x - 17, z - 8), (x + 17, z - 8), (x + 17, z + 8), (x - 17, z + 8)],
        y,
        y + 1.8,
        "#b98d5c",
        5.5,
        False,
        5,
    )
    px, py, k, _, depth = spot(shop, x - 3, y + 1.8, z)
    crust = "#b8743a"
    loaf = [
        (px - 11 * k, py),
        (px - 10 * k, py - 6 * k),
        (px, py - 8.5 * k),
        (px + 9 * k, py - 6.5 * k),
        (px + 11 * k, py),
        (px, py + 2.4 * k),
    ]
    cuts = "".join(track("M", px + i * 5 * k - 2 * k, py - 7.4 * k, "l", 3 * k, 4 * k) for i in (-1, 0, 1))
    svg = b.spot(px, py + k, 14 * k, 5 * k, "#1a1418", 0.5) + b.form(
        curve(loaf), crust, 2.2 * k, line(cuts, "#f0d8a8", 1.4 * k)
    )
    for i in (0, 1):
        cx = px + (14 + i * 3.4) * k
        svg += paint(
            ellipse(cx, py - 0.6 * k + i * k, 4.4 * k, 2.6 * k), "#f0dcb4", stroke=crust, stroke_width=0.9 * k
        )
    shop.add(6, depth - 1, svg)


CENTRES = (fruit, vase, candles, teapot, bread, wine_bottle)
