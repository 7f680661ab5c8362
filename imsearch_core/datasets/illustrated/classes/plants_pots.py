"""Flower pots: terracotta, glazed, basket, plain cylinder and shallow tray."""

from __future__ import annotations

import math

from ..toolkit.brush import Brush, Point, ellipse, line, paint, track
from ..toolkit.colour import darken, jitter, lighten

CLAYS = ("#b8663f", "#c0764e", "#a85a3a", "#c98a62")
GLAZES = (
    "#3f6a86",
    "#e6e1d6",
    "#2f3a40",
    "#7a9a8a",
    "#c9a24a",
    "#8a4a5a",
    "#d8c8b0",
    "#5a7a4f",
    "#b5b8ba",
    "#c97a5a",
)


def _weave(b: Brush, outline: str, r: float, h: float, colour: str) -> str:
    rows, dark, light = 9, [], []
    for row in range(rows):
        y = -h * (row + 0.5) / rows
        for i in range(-10, 11):
            x = math.sin(i / 10 * 1.5) * r * 1.08
            wide = math.cos(i / 10 * 1.5) * r * 0.11 + 0.4
            bend = r * 0.16 * (1 - (x / r) ** 2)
            (dark if (row + i) % 2 else light).append(ellipse(x, y + bend, wide, h / rows * 0.46))
    return b.clip(
        outline, paint("".join(dark), darken(colour, 0.35)) + paint("".join(light), lighten(colour, 0.22))
    )


def pot(b: Brush, r: float, h: float, kind: str) -> str:
    """A pot of top radius ``r`` and height ``h`` standing at the origin, filled with earth."""
    rng = b.rng
    colour = jitter(rng, rng.choice(CLAYS if kind == "clay" else GLAZES), 0.025)
    if kind == "basket":
        colour = jitter(rng, "#c29a62", 0.04)
    foot = {"clay": 0.68, "glazed": 0.62, "basket": 0.82, "cylinder": 0.9, "tray": 0.86}[kind]
    belly = {"clay": 0.0, "glazed": 0.16, "basket": 0.14, "cylinder": 0.0, "tray": 0.0}[kind]
    dip = r * 0.2
    ring: list[Point] = []
    for i in range(9):
        t = i / 8
        ring.append((-(r * (1 + (foot - 1) * t) + r * belly * math.sin(math.pi * t)), -h + h * t))
    floor = r * foot
    body = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in ring)
    body += track("C", -floor * 0.6, dip * foot * 1.1, floor * 0.6, dip * foot * 1.1, floor, 0)
    body += "".join(f"L{-x:.2f} {y:.2f}" for x, y in reversed(ring)) + "Z"
    gloss = {"clay": 0.25, "basket": 0.2}.get(kind, 0.6)
    tone = b.across(
        [
            (0, darken(colour, 0.12)),
            (0.16, lighten(colour, 0.14)),
            (0.28, lighten(colour, gloss)),
            (0.42, lighten(colour, 0.06)),
            (0.72, darken(colour, 0.3)),
            (0.93, darken(colour, 0.52)),
            (1, darken(colour, 0.4)),
        ]
    )
    parts = [paint(body, tone, stroke=darken(colour, 0.6), stroke_width=round(r * 0.025, 2))]
    ink = rng.choice(("#f0ece0", darken(colour, 0.4), "#2f4f7a", "#b5563f"))
    if kind == "basket":
        shade = b.across(
            [(0, "#1a120c", 0.1), (0.3, "#ffffff", 0.12), (0.55, "#1a120c", 0.05), (1, "#1a120c", 0.6)]
        )
        parts += [_weave(b, body, r, h, colour), paint(body, shade)]
    elif kind in ("glazed", "cylinder") and rng.random() < 0.45:
        bands = []
        for t in rng.choice(((0.3, 0.4), (0.35, 0.55, 0.75), (0.5,))):
            w = r * (1 + (foot - 1) * t) + r * belly * math.sin(math.pi * t)
            bands.append(track("M", -w, -h + h * t, "Q", 0, -h + h * t + dip * 2.0, w, -h + h * t))
        parts.append(b.clip(body, line("".join(bands), ink, h * 0.05, opacity=0.7)))
    if kind == "clay":
        lip = h * 0.2
        w, low = r * 1.07, r * 1.02
        band = track(
            "M", -w, -h, "L", -low, -h + lip, "Q", 0, -h + lip + dip * 1.9, low, -h + lip, "L", w, -h
        )
        band += track("Q", 0, -h + dip * 1.9, -w, -h, "Z")
        under = track("M", -low, -h + lip, "Q", 0, -h + lip + dip * 1.9, low, -h + lip)
        parts.append(
            line(under, darken(colour, 0.6), h * 0.05, opacity=0.5, transform=f"translate(0 {h * 0.03:.2f})")
        )
        parts.append(paint(band, tone, stroke=darken(colour, 0.55), stroke_width=round(r * 0.02, 2)))
        r = w
    parts.append(
        paint(
            ellipse(0, -h, r, dip),
            lighten(colour, 0.2),
            stroke=darken(colour, 0.5),
            stroke_width=round(r * 0.02, 2),
        )
    )
    parts.append(paint(ellipse(0, -h + dip * 0.06, r * 0.9, dip * 0.84), darken(colour, 0.5)))
    earth = ellipse(0, -h + dip * 0.24, r * 0.86, dip * 0.66)
    crumbs = "".join(
        ellipse(rng.uniform(-0.6, 0.6) * r, -h + dip * (0.24 + rng.uniform(-0.4, 0.4)), r * 0.035)
        for _ in range(14)
    )
    parts.append(paint(earth, "#3a2a20") + paint(crumbs, "#6b5240"))
    if kind in ("glazed", "cylinder", "tray"):
        x = b.side * r * 0.5
        shine = track("M", x, -h * 0.8, "Q", x + b.side * r * 0.12, -h * 0.5, x * 0.8, -h * 0.2)
        parts.append(line(shine, "#ffffff", r * 0.07, opacity=0.35))
    return "".join(parts)
