"""Leaves, blossoms and pots for the potted plants: each leaf has two halves, a midrib, veins and gloss."""

from __future__ import annotations

import math
from collections.abc import Callable

from ..toolkit.brush import Brush, Point, curve, ellipse, hair, line, paint, track
from ..toolkit.colour import darken, jitter, lighten, mix

GREENS = ("#4f7a3a", "#3f6b3a", "#5f8a45", "#35603f", "#6f9448", "#4a7a52")
Shape = Callable[[float], float]


def oval(t: float) -> float:
    """Broadest in the middle."""
    return math.sin(math.pi * t**0.85) ** 0.8


def heart(t: float) -> float:
    """Broadest near the stalk."""
    return math.sin(math.pi * min(1.0, t) ** 0.55) ** 0.85


def strap(t: float) -> float:
    """Even width with a pointed end."""
    return min(1.0, 0.7 + t) * (1 - max(0.0, t - 0.55) ** 1.7 / 0.45**1.7 * 0.98)


def spear(t: float) -> float:
    """Broad at the foot, tapering to a point."""
    return (1 - t) ** 0.75 * (1 - 0.15 * math.cos(t * 9))


def cut(t: float) -> float:
    """A heart with deep slits, the monstera's."""
    slit = max(0.0, math.sin(t * 30 - 1.2)) ** 2 if 0.12 < t < 0.86 else 0.0
    return heart(t) * (1 - 0.74 * slit)


class Plot:
    """Gathers the parts of one plant and what they span."""

    def __init__(self, b: Brush) -> None:
        self.b, self.parts, self.points = b, [], []
        self.green = jitter(b.rng, b.rng.choice(GREENS), 0.03)

    def add(self, svg: str, *points: Point) -> None:
        """Paint something and remember its outermost points."""
        self.parts.append(svg)
        self.points.extend((p[0], p[1]) for p in points)

    def stem(self, points: list[Point], width: float, colour: str) -> None:
        """A round stalk."""
        d = curve(points, False)
        s = self.b.side * width * 0.18
        self.add(
            line(d, darken(colour, 0.42), width)
            + line(
                d, lighten(colour, 0.12), width * 0.5, transform=f"translate({s:.2f} {-width * 0.08:.2f})"
            ),
            *points,
        )

    def leaf(
        self,
        x: float,
        y: float,
        angle: float,
        length: float,
        width: float,
        colour: str,
        droop: float = 0.8,
        shape: Shape = oval,
        veins: int = 5,
        roll: float = 1.0,
        steps: int = 9,
        gloss: float = 0.35,
        edge: str = "",
        rib: float = 0.014,
    ) -> None:
        """A leaf from (x, y); ``angle`` 0 points right, pi/2 up; ``droop`` bends it to the ground.

        ``roll`` narrows the half that turns away; ``edge`` colours the margin.
        """
        b = self.b
        mid, left, right, a = [(x, y)], [], [], angle
        for i in range(steps + 1):
            t = i / steps
            a = angle - droop * t * math.copysign(1, math.cos(angle) or 1)
            if i:
                px, py = mid[-1]
                mid.append((px + math.cos(a) * length / steps, py - math.sin(a) * length / steps))
            px, py = mid[-1]
            nx, ny, w = math.sin(a), math.cos(a), shape(t) * width / 2
            left.append((px - nx * w, py - ny * w))
            right.append((px + nx * w * roll, py + ny * w * roll))
        ring = [*left, *reversed(right[:-1])]
        up = left if sum(p[1] for p in left) < sum(p[1] for p in right) else right
        low = right if up is left else left
        bright = 0.12 + 0.14 * (math.cos(angle) * b.side > -0.2)
        parts = [
            paint(
                curve(ring),
                darken(colour, 0.16),
                stroke=darken(colour, 0.55),
                stroke_width=round(length * 0.012, 2),
            ),
            paint(curve([*up, *reversed(mid[1:-1])]), lighten(colour, bright)),
        ]
        if veins:
            d = []
            for i in range(1, veins + 1):
                j = max(1, round(i * (steps - 1) / (veins + 1)))
                k = min(steps, j + 1)
                for half in (left, right):
                    p, q = mid[j], half[k]
                    d.append(track("M", *p, "L", p[0] + (q[0] - p[0]) * 0.85, p[1] + (q[1] - p[1]) * 0.85))
            parts.append(line("".join(d), darken(colour, 0.4), length * 0.007, opacity=0.5))
        if edge:
            parts.append(line(curve(ring), edge, width * 0.13))
        if gloss:
            j, k = steps // 4, max(steps // 4 + 2, int(steps * 0.75))
            sheen = [((p[0] + m[0]) / 2, (p[1] + m[1]) / 2) for p, m in zip(up[j:k], mid[j:k], strict=True)]
            parts.append(line(curve(sheen, False), lighten(colour, 0.75), width * 0.13, opacity=gloss))
        parts.append(line(curve(mid[: steps - 1], False), lighten(colour, 0.45), length * rib, opacity=0.8))
        parts.append(line(curve(low, False), darken(colour, 0.45), width * 0.05, opacity=0.4))
        self.add("".join(parts), *left, *right)

    def bloom(
        self, x: float, y: float, r: float, colour: str, petals: int = 5, heart_colour: str = "#e2c04a"
    ) -> None:
        """An open flower seen a little from the side."""
        tilt, turn = self.b.rng.uniform(0.7, 1.0), self.b.rng.uniform(0, 6)
        back, front, veins = [], [], []
        for i in range(petals):
            a = turn + math.tau * i / petals
            dx, dy = math.cos(a), math.sin(a) * tilt
            px, py = -math.sin(a), math.cos(a) * tilt
            w = r * 1.25 / petals**0.6
            ring = [(x, y), (x + dx * r * 0.6 + px * w, y + dy * r * 0.6 + py * w), (x + dx * r, y + dy * r)]
            ring.append((x + dx * r * 0.6 - px * w, y + dy * r * 0.6 - py * w))
            (back if dy > 0 else front).append(curve(ring))
            veins.append(
                track("M", x + dx * r * 0.2, y + dy * r * 0.2, "L", x + dx * r * 0.8, y + dy * r * 0.8)
            )
        edge = {"stroke": darken(colour, 0.3), "stroke_width": round(r * 0.05, 2)}
        self.add(
            paint("".join(front), darken(colour, 0.1), **edge)
            + paint("".join(back), lighten(colour, 0.25), **edge)
            + line("".join(veins), darken(colour, 0.25), r * 0.05, opacity=0.6)
            + paint(
                ellipse(x, y, r * 0.2, r * 0.18),
                heart_colour,
                stroke=darken(heart_colour, 0.4),
                stroke_width=0.3,
            ),
            (x - r, y - r),
            (x + r, y + r),
        )


def tuft(plot: Plot, x: float, y: float, rx: float, ry: float, count: int, size: float, colour: str) -> None:
    """A cushion of small leaves in four tones, shaded as one ball."""
    b, rng = plot.b, plot.b.rng
    tones: list[list[str]] = [[], [], [], []]
    for _ in range(count):
        a, q = rng.uniform(0, math.tau), math.sqrt(rng.random())
        dx, dy = math.cos(a) * q, math.sin(a) * q
        level = dx * b.side * 0.9 - dy * 1.1 + rng.gauss(0, 0.45)
        turn, s = rng.uniform(0, math.tau), size * rng.uniform(0.7, 1.3)
        index = 0 if level < -0.5 else 1 if level < 0.2 else 2 if level < 0.85 else 3
        tones[index].append(
            hair(x + dx * rx, y + dy * ry, math.cos(turn) * s, math.sin(turn) * s * 0.8, s * 0.55, 0.2)
        )
    base = ellipse(x, y, rx * 0.86, ry * 0.86)
    shades = (
        darken(colour, 0.5),
        darken(colour, 0.2),
        lighten(colour, 0.08),
        mix(lighten(colour, 0.32), "#d8d070", 0.2),
    )
    svg = paint(base, darken(colour, 0.55)) + "".join(
        paint("".join(t), c) for t, c in zip(tones, shades, strict=True) if t
    )
    plot.add(svg, (x - rx - size, y - ry - size), (x + rx + size, y + ry + size))


def spines(ring: list[Point], length: float) -> str:
    """Little stars of spines at the given places, as path data."""
    parts = []
    for x, y in ring:
        for a in (0.5, 1.6, 2.6, 4.2, 5.4):
            parts.append(track("M", x, y, "l", math.cos(a) * length, -math.sin(a) * length))
    return "".join(parts)
