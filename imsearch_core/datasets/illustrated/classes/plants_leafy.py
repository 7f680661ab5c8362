"""House plants grown for their leaves: monstera, rubber plant, fig, palm, fern, snake plant, aloe."""

from __future__ import annotations

import math
from random import Random

from ..forms.foliage import Plot, cut, oval, spear, strap, tuft
from ..toolkit.brush import curve, ellipse, hair, line, paint, pts, taper, track
from ..toolkit.colour import darken, jitter, lighten, mix

UP = math.pi / 2


def _fan(rng: Random, count: int, spread: float) -> list[float]:
    """Angles about the vertical, the outermost (hindmost) first, alternating sides."""
    angles = [UP + spread * (i / (count - 1) * 2 - 1) + rng.gauss(0, 0.06) for i in range(count)]
    rng.shuffle(angles)
    return sorted(angles, key=lambda a: -abs(a - UP) + rng.uniform(0, 0.7))


def monstera(p: Plot, r: float, y: float) -> None:
    """Swiss cheese plant: long stalks, big slit leaves."""
    rng, n = p.b.rng, p.b.rng.randint(8, 11)
    for i, a in enumerate(_fan(rng, n, 1.0)):
        reach = r * rng.uniform(2.0, 3.3) * (1 - 0.25 * i / n)
        tip = (math.cos(a) * reach, y - math.sin(a) * reach * 1.35 - r * 0.5)
        p.stem(
            [(rng.uniform(-0.2, 0.2) * r, y), (tip[0] * 0.35, y + (tip[1] - y) * 0.6), tip], r * 0.09, p.green
        )
        size, lean = r * rng.uniform(1.7, 2.3), math.copysign(1, math.cos(a))
        tone = mix(darken(p.green, 0.3), lighten(p.green, 0.06), i / n)
        p.leaf(
            *tip,
            UP - lean * rng.uniform(0.9, 2.0),
            size,
            size * 0.98,
            tone,
            rng.uniform(0.3, 0.9),
            cut,
            6,
            rng.uniform(0.8, 1),
            34,
            0.3,
        )


def rubber(p: Plot, r: float, y: float) -> None:
    """Rubber plant: upright stems with large glossy leaves."""
    rng = p.b.rng
    colour = rng.choice((darken(p.green, 0.25), "#3f4a35", "#4a6a3a", "#5a3f3c"))
    for stem in rng.sample((-1, 0, 1), rng.choice((1, 2, 3))):
        tall, lean = r * rng.uniform(4.2, 5.8), stem * r * 0.9
        p.stem([(stem * r * 0.3, y), (lean * 0.6, y - tall * 0.5), (lean, y - tall)], r * 0.13, "#7a5f45")
        for i in range(11):
            t = 0.2 + 0.8 * i / 10
            side = 1 if (i + stem) % 2 else -1
            x, h = stem * r * 0.3 + (lean - stem * r * 0.3) * t, y - tall * t
            size = r * rng.uniform(1.25, 1.6) * (1.1 - 0.3 * t)
            a = UP - side * rng.uniform(0.5, 1.15) * (1.25 - 0.7 * t)
            p.leaf(
                x,
                h,
                a,
                size,
                size * 0.46,
                jitter(rng, colour, 0.025),
                rng.uniform(0.3, 0.9),
                oval,
                7,
                rng.uniform(0.7, 1),
                9,
                0.5,
            )
        p.leaf(lean, y - tall, UP, r * 0.8, r * 0.2, lighten(colour, 0.15), 0.1, oval, 0)


def ficus(p: Plot, r: float, y: float) -> None:
    """A little tree: plaited or plain trunk and a dense crown."""
    rng = p.b.rng
    tall, bark = r * rng.uniform(2.6, 4.2), jitter(rng, "#8a6f55", 0.03)
    for s in (-1, 1):
        wave = [(s * r * 0.13 * math.cos(i * 1.5), y - tall * i / 6) for i in range(7)]
        p.stem(wave, r * 0.15, bark)
    ball = rng.random() < 0.4
    clumps = pts("0,0,1.5") if ball else pts("-0.9,0.3,0.85 0.9,0.2,0.85 -0.3,-0.9,0.9 0.6,-0.8,0.8 0,0,1.1")
    for cx, cy, q in clumps:
        tuft(
            p,
            cx * r,
            y - tall - r * 0.9 + cy * r,
            q * r,
            q * r * 0.92,
            260 if ball else 120,
            r * 0.26,
            p.green,
        )


def palm(p: Plot, r: float, y: float) -> None:
    """Kentia palm: arching fronds of long leaflets."""
    _fronds(p, r * p.b.rng.uniform(4.2, 5.2), y, 11, 0.95, 0.85, 15, 0.28, 0.05)


def fern(p: Plot, r: float, y: float) -> None:
    """Boston fern: a fountain of fine fronds."""
    _fronds(p, r * p.b.rng.uniform(2.3, 2.9), y, 27, 1.5, 1.75, 22, 0.1, 0.038)


def _fronds(
    p: Plot,
    reach: float,
    y: float,
    n: int,
    spread: float,
    droop: float,
    pairs: int,
    leaflet: float,
    wide: float,
) -> None:
    rng = p.b.rng
    for i, a0 in enumerate(_fan(rng, n, spread)):
        size, lean = reach * rng.uniform(0.75, 1.05), math.copysign(1, math.cos(a0))
        tone = mix(darken(p.green, 0.36), lighten(p.green, 0.16), min(1.0, i / n + rng.uniform(-0.15, 0.15)))
        x, h, spine, dark, light = rng.uniform(-3, 3), y, [], [], []
        bend = droop * rng.uniform(0.7, 1.2) * (0.35 + abs(math.cos(a0)))
        for j in range(pairs):
            t = j / (pairs - 1)
            a = a0 - lean * bend * t**1.4
            x, h = x + math.cos(a) * size / pairs, h - math.sin(a) * size / pairs
            spine.append((x, h))
            if t < 0.12:
                continue
            span = size * leaflet * math.sin(math.pi * (0.12 + 0.88 * t) ** 0.8 * 0.97) ** 0.7
            for s, group in ((1, light), (-1, dark)):
                turn = a + s * (1.15 - 0.45 * t)
                group.append(
                    hair(
                        x,
                        h,
                        math.cos(turn) * span,
                        -math.sin(turn) * span + span * 0.18,
                        size * wide,
                        0.12 * s,
                    )
                )
            p.points.append((x + lean * span, h - span * 0.6))
            p.points.append((x, h + span))
        p.add(
            paint("".join(dark), darken(tone, 0.16))
            + paint("".join(light), lighten(tone, 0.1))
            + line(curve([(0, y), *spine], False), mix(tone, "#c2b070", 0.4), size * 0.009)
        )


def snake(p: Plot, r: float, y: float) -> None:
    """Sansevieria: stiff upright swords, banded, often edged with yellow."""
    rng, edge = p.b.rng, p.b.rng.choice(("#d8cf7a", "#d8cf7a", ""))
    for i in range(rng.randint(9, 13)):
        x = rng.uniform(-0.55, 0.55) * r
        tall, wide = r * rng.uniform(2.2, 4.4) * (1.1 - 0.05 * i), r * rng.uniform(0.36, 0.48)
        lean = x * 0.5 + rng.uniform(-0.15, 0.15) * r
        spine = [
            (x, y + i * 0.15),
            (x + lean * 0.3, y - tall * 0.35),
            (x + lean * 0.8, y - tall * 0.75),
            (x + lean, y - tall),
        ]
        d = taper(spine, [wide * 0.75, wide, wide * 0.8, 0.3])
        bands = []
        for j in range(13):
            t = j / 13
            bx, by = x + lean * t * 1.02, y - tall * t
            bands.append(
                track(
                    "M",
                    bx - wide * 0.6,
                    by,
                    "q",
                    wide * 0.3,
                    -2.6,
                    wide * 0.6,
                    rng.uniform(-1, 1),
                    "t",
                    wide * 0.6,
                    -1,
                )
            )
        tone = mix(darken(p.green, 0.3), lighten(p.green, 0.04), i / 12)
        marks = line("".join(bands), mix(lighten(tone, 0.4), "#a8b8a0", 0.5), r * 0.06, opacity=0.55)
        body = p.b.across([(0, lighten(tone, 0.22)), (0.45, tone), (1, darken(tone, 0.42))])
        svg = paint(d, body) + p.b.clip(d, marks + (line(d, edge, wide * 0.26) if edge else ""))
        p.add(
            svg + line(d, darken(tone, 0.55), 0.5, opacity=0.6),
            (x + lean - wide, y - tall),
            (x + lean + wide, y),
        )


def aloe(p: Plot, r: float, y: float) -> None:
    """Thick toothed spears in a rosette."""
    rng, colour = p.b.rng, mix(p.green, "#8fb0a0", 0.45)
    for i, a in enumerate(_fan(rng, 15, 1.25)):
        size = r * rng.uniform(2.0, 2.9)
        tone = mix(darken(colour, 0.25), lighten(colour, 0.1), i / 15)
        p.leaf(
            rng.uniform(-0.2, 0.2) * r,
            y,
            a,
            size,
            r * 0.5,
            tone,
            -0.35 + rng.uniform(-0.2, 0.3),
            spear,
            0,
            0.95,
            16,
            0.3,
            darken(tone, 0.25),
        )
        dots = "".join(
            ellipse(
                math.cos(a) * size * t + rng.uniform(-2, 2) * r / 15, y - math.sin(a) * size * t, r * 0.025
            )
            for t in (0.2, 0.3, 0.42, 0.55)
        )
        p.add(paint(dots, lighten(tone, 0.6), 0.7))


def spider(p: Plot, r: float, y: float) -> None:
    """Spider plant: striped arching blades and hanging plantlets."""
    rng, colour = p.b.rng, lighten(p.green, 0.08)
    places = [(0.0, y, 1.0, 28)]
    for s in rng.sample((-1, 1), rng.choice((1, 2))):
        x, h = s * r * rng.uniform(1.5, 2.0), y + r * rng.uniform(0.3, 1.0)
        p.stem([(0, y), (s * r * 0.9, y - r * 1.1), (x, h)], r * 0.04, "#b8b878")
        places.append((x, h, 0.3, 12))
    for x, h, k, n in places:
        for i, a in enumerate(_fan(rng, n, 1.45)):
            tone = mix(darken(colour, 0.25), lighten(colour, 0.1), i / n)
            size = r * rng.uniform(1.7, 2.6) * k
            p.leaf(
                x,
                h,
                a,
                size,
                r * 0.2 * max(0.5, k),
                tone,
                rng.uniform(1.1, 2.0) * (0.3 + abs(math.cos(a))),
                strap,
                0,
                1,
                9,
                0,
                rib=0.026,
            )
