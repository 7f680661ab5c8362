"""The glass of screens: switched off, reflections on it, and the outline of a picture tube."""

from __future__ import annotations

import math

from ..toolkit.brush import Brush, box, curve, line, paint, polygon
from ..toolkit.colour import lighten


def off(b: Brush, w: float, h: float) -> str:
    """Dark glass with the window mirrored in it."""
    tone = b.rng.choice(("#14171c", "#1c2422", "#191a20"))
    x, y = w * (0.14 if b.side < 0 else 0.62), h * 0.16
    panes = "".join(
        polygon(
            [
                (x + i * w * 0.11, y + j * h * 0.2),
                (x + i * w * 0.11 + w * 0.1, y + j * h * 0.2 - 1),
                (x + i * w * 0.11 + w * 0.1, y + j * h * 0.2 + h * 0.17),
                (x + i * w * 0.11, y + j * h * 0.2 + h * 0.18),
            ]
        )
        for i in (0, 1)
        for j in (0, 1)
    )
    return (
        paint(
            box(0, 0, w, h),
            b.linear([(0, lighten(tone, 0.22)), (0.5, tone), (1, lighten(tone, 0.1))], (0, 0), (1, 1)),
        )
        + paint(panes, "#cfe0ea", 0.3)
        + b.spot(w * 0.5, h * 1.05, w * 0.7, h * 0.4, "#a08a70", 0.25)
    )


def glass(b: Brush, w: float, h: float, strength: float = 0.14) -> str:
    """Slanting reflections and a dark rim, over any picture."""
    parts = []
    for x0, wide in ((0.08, 0.2), (0.33, 0.06)):
        a, c = (x0, x0 + wide) if b.side < 0 else (1 - x0, 1 - x0 - wide)
        lean = 0.28 * -b.side
        ring = [
            (w * a, 0),
            (w * c, 0),
            (w * (c + lean * b.side * 0.9), h),
            (w * (a + lean * b.side * 0.9), h),
        ]
        parts.append(paint(polygon(ring), b.linear([(0, "#ffffff", strength), (1, "#ffffff", 0.01)])))
    edge = line(box(0, 0, w, h), "#05060a", h * 0.035, opacity=0.4)
    return "".join(parts) + edge


def arc(w: float, h: float, bulge: float) -> str:
    """The barrel-shaped outline of a picture tube; a negative ``bulge`` makes it squarer."""
    q = math.pi / 4
    ring = []
    for i in range(40):
        a = q + math.tau * i / 40
        c, s = math.cos(a), math.sin(a)
        power = 2 / (4.2 - bulge)
        ring.append(
            (
                w / 2 + math.copysign(abs(c) ** power, c) * w / 2,
                h / 2 + math.copysign(abs(s) ** power, s) * h / 2,
            )
        )
    return curve(ring)
