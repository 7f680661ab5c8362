"""A laid table: plates with knife and fork, wine glasses, the folds of the cloth."""

from __future__ import annotations

import math

from ..forms.joinery import Shop
from ..toolkit.brush import curve, ellipse, line, paint, polygon, track
from ..toolkit.colour import darken, lighten, mix

CHINA = ("#f4f1ea", "#f4f1ea", "#e6e0d2", "#7f9fb5", "#c9d4c8", "#d8b8a0")


def spot(shop: Shop, x: float, y: float, z: float) -> tuple[float, float, float, float, float]:
    """Picture place, scale, foreshortening and depth of a point on the table."""
    px, py, depth, k = shop.at((x, y, z))
    return px, py, k, math.sin(shop.tilt) * 1.08, depth


def shade(shop: Shop, px: float, py: float, r: float, e: float) -> str:
    """Soft shadow on the cloth, away from the light."""
    return shop.b.spot(px - shop.b.side * r * 0.4, py + r * e * 0.15, r * 1.5, r * e * 1.35, "#1a1418", 0.5)


def plate(shop: Shop, x: float, y: float, z: float, china: str, meal: bool) -> None:
    """A plate with knife and fork, perhaps with a meal."""
    b, rng = shop.b, shop.b.rng
    px, py, k, e, depth = spot(shop, x, y, z)
    r = 13.5 * k
    face = b.linear(
        [(0, lighten(china, 0.5)), (1, darken(china, 0.12))], (0.5 + b.side * 0.4, 0), (0.5 - b.side * 0.4, 1)
    )
    parts = [shade(shop, px, py, r, e), paint(ellipse(px, py + 0.7 * k, r, r * e), darken(china, 0.4))]
    parts.append(paint(ellipse(px, py, r, r * e), face, stroke=darken(china, 0.25), stroke_width=0.4))
    parts.append(
        paint(
            ellipse(px, py + 0.3 * k, r * 0.66, r * e * 0.64),
            darken(china, 0.06),
            stroke=darken(china, 0.22),
            stroke_width=0.5,
        )
    )
    if meal:
        for _ in range(3):
            fx, fy, tone = (
                px + rng.uniform(-4, 4) * k,
                py + rng.uniform(-2.5, 2.5) * e * k,
                rng.choice(("#6f9448", "#b5763a", "#c8452f", "#e2c26a", "#7a4a2a")),
            )
            parts.append(
                paint(
                    ellipse(fx, fy - k, 3.6 * k, 3.0 * k * (e + 0.15)),
                    b.lit(tone),
                    stroke=darken(tone, 0.4),
                    stroke_width=0.3,
                )
            )
        leaves = "".join(
            ellipse(px + rng.uniform(-6, 6) * k, py + rng.uniform(-4, 4) * e * k - k, 1.4 * k, 0.8 * k)
            for _ in range(7)
        )
        parts.append(
            paint(leaves, "#5f8a3a") + paint(ellipse(px + 3 * k, py - 1.5 * k, 1.5 * k, 1.2 * k), "#c8342c")
        )
    cut = []
    for s in (-1, 1):
        cut.append(shop.stroke((x + s * 17.5, y, z - 9), (x + s * 17.5, y, z + 9)))
    parts.append(
        line("".join(cut), "#5a5a60", 1.5 * k, opacity=0.8)
        + line("".join(cut), "#e2e4e6", 0.9 * k, transform="translate(-.2 -.3)")
    )
    shop.add(6, depth, "".join(parts))


def wineglass(shop: Shop, x: float, y: float, z: float, wine: str) -> None:
    """A stemmed glass with wine or water."""
    b = shop.b
    px, py, k, e, depth = spot(shop, x, y, z)
    r, h = 4.0 * k, 19.0 * k
    bowl = [
        (px - r * 0.8, py - h, 0),
        (px - r * 1.1, py - h * 0.72),
        (px - r * 0.6, py - h * 0.52),
        (px, py - h * 0.46),
        (px + r * 0.6, py - h * 0.52),
        (px + r * 1.1, py - h * 0.72),
        (px + r * 0.8, py - h, 0),
    ]
    fluid = [
        (px - r * 1.08, py - h * 0.72, 0),
        (px - r * 0.6, py - h * 0.53),
        (px, py - h * 0.47),
        (px + r * 0.6, py - h * 0.53),
        (px + r * 1.08, py - h * 0.72, 0),
    ]
    svg = shade(shop, px, py, r, e) + paint(
        ellipse(px, py, r * 0.85, r * e * 0.85), "#dfeaf0", 0.45, stroke="#8fa0ac", stroke_width=0.4
    )
    svg += line(track("M", px, py, "V", py - h * 0.48), "#a8b8c2", 0.8 * k) + paint(
        curve(bowl), "#dfeaf2", 0.38, stroke="#8395a2", stroke_width=0.4
    )
    svg += paint(curve(fluid), b.lit(wine), 0.9) + paint(
        ellipse(px, py - h * 0.72, r * 1.06, r * e * 0.7), lighten(wine, 0.25), 0.9
    )
    svg += paint(
        ellipse(px, py - h, r * 0.8, r * e * 0.6), "#ffffff", 0.2, stroke="#93a4b0", stroke_width=0.4
    )
    svg += line(
        track("M", px + b.side * r * 0.6, py - h * 0.94, "q", b.side * r * 0.25, h * 0.14, 0, h * 0.3),
        "#ffffff",
        0.9 * k,
        opacity=0.8,
    )
    shop.add(6, depth - 2, svg)


def folds(
    shop: Shop, ends: tuple, y: float, drop: float, colour: str, normal: tuple, pattern: str, ink: str
) -> str:
    """One hanging side of a tablecloth between two upper corners, rippling at the hem."""
    (ax, az), (cx, cz) = ends
    top, hem, n = [], [], 16
    for i in range(n + 1):
        t = i / n
        x, z = ax + (cx - ax) * t, az + (cz - az) * t
        wave = math.sin(t * n * 0.9) * 1.8 + 2.0
        top.append(shop.at((x, y, z))[:2])
        hem.append(shop.at((x + normal[0] * wave, y - drop - (0.6 * wave), z + normal[2] * wave))[:2])
    tone = shop.tone(colour, normal)
    svg = paint(polygon([*top, *reversed(hem)]), tone, stroke=darken(tone, 0.35), stroke_width=0.5)
    dark, light, rows = [], [], []
    for i in range(1, n):
        p, q = top[i], hem[i]
        (dark if math.sin(i * 0.9) < 0 else light).append(track("M", p[0], p[1] + 1, "L", q[0], q[1] - 0.4))
    for t in (0.3, 0.6, 0.9) if pattern != "plain" else (0.9,):
        row = [(p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t) for p, q in zip(top, hem, strict=True)]
        rows.append(curve(row, False))
    svg += line("".join(rows), ink, 3.0 if pattern != "plain" else 1.2, opacity=0.5)
    if pattern == "check":
        stripes = "".join(track("M", *top[i], "L", *hem[i]) for i in range(0, n + 1, 2))
        svg += line(stripes, ink, 3.4, opacity=0.45)
    svg += line("".join(dark), darken(tone, 0.5), 3.0, opacity=0.22) + line(
        "".join(light), lighten(tone, 0.7), 2.2, opacity=0.3
    )
    return svg + line(curve(top, False), mix(colour, "#ffffff", 0.5), 1.0, opacity=0.7)
