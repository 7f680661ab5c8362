"""Computer desktops, a dark screen, reflections on glass and the outline of a picture tube."""

from __future__ import annotations

import math

from ..toolkit.brush import Brush, box, curve, line, paint, polygon, track
from ..toolkit.colour import darken, lighten


def _desktop(b: Brush, w: float, h: float, dark: bool) -> str:
    rng = b.rng
    tone = rng.choice(("#2f6aa8", "#3f8a7a", "#5a4a8a", "#c8784a"))
    parts = [
        paint(box(0, 0, w, h), b.linear([(0, lighten(tone, 0.35)), (1, darken(tone, 0.35))], (0, 0), (1, 1)))
    ]
    hill = curve(
        [(0, h * 0.8, 0), (w * 0.3, h * 0.6), (w * 0.65, h * 0.78), (w, h * 0.62, 0), (w, h, 0), (0, h, 0)]
    )
    parts.append(paint(hill, lighten(tone, 0.2), 0.5))
    inks = ("#e0a03a", "#5ab0e0", "#c85a5a", "#6fb05a", "#f0f0f0")
    parts += [
        paint(box(w * 0.03, h * (0.06 + i * 0.16), w * 0.045, h * 0.09, 1), ink)
        for i, ink in enumerate(inks[:4])
    ]
    page, ink = ("#20242c", "#c8d0d8") if dark else ("#f6f5f1", "#4a5058")
    for x, y, ww, hh in ((0.42, 0.2, 0.5, 0.56), (0.14, 0.1, 0.5, 0.62))[rng.randrange(2) :]:
        X, Y, W, H = x * w, y * h, ww * w, hh * h  # noqa: N806
        parts.append(paint(box(X + 1, Y + 1.2, W, H, 1), "#10141c", 0.35) + paint(box(X, Y, W, H, 1), page))
        parts.append(paint(box(X, Y, W, H * 0.1, 1), rng.choice(("#d8dce0", "#3f4a5a", "#4a7ab0"))))
        rows = "".join(
            track(
                "M",
                X + W * (0.06 + 0.05 * (i % 3) * dark),
                Y + H * (0.2 + i * 0.085),
                "h",
                W * rng.uniform(0.25, 0.55),
            )
            for i in range(9)
        )
        parts.append(line(rows, ink, H * 0.028, opacity=0.7))
        if dark:
            parts.append(
                line(rows, rng.choice(inks), H * 0.028, stroke_dasharray=f"{W * 0.08:.1f} {W * 0.14:.1f}")
            )
        else:
            parts.append(paint(box(X + W * 0.66, Y + H * 0.2, W * 0.28, H * 0.34), b.lit(rng.choice(inks))))
            cols = "".join(
                box(X + W * (0.67 + i * 0.055), Y + H * 0.9 - H * q, W * 0.035, H * q)
                for i, q in enumerate((0.12, 0.2, 0.16, 0.26, 0.23))
            )
            parts.append(paint(cols, "#4a7ab0"))
    parts.append(paint(box(0, h * 0.93, w, h * 0.07), "#20262f", 0.85))
    parts += [
        paint(box(w * (0.03 + i * 0.05), h * 0.945, w * 0.03, h * 0.04, 0.6), ink)
        for i, ink in enumerate(inks)
    ]
    return "".join(parts)


def desktop(b: Brush, w: float, h: float) -> str:
    """Windows on a desktop."""
    return _desktop(b, w, h, False)


def editor(b: Brush, w: float, h: float) -> str:
    """A dark text editor."""
    return _desktop(b, w, h, True)


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
