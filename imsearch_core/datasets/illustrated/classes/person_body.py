"""Bodies of people: jointed limbs, clothes with folds, hands and shoes.

Lengths are hundredths of an adult's height times 1.7, so that a grown-up is 170 units tall.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..toolkit.brush import Brush, Point, curve, group, hair, line, paint, pts, taper
from ..toolkit.colour import darken, lighten
from .person_hair import Look, back_hair, shade
from .person_head import head

LONG = ("shirt", "sweater", "hoodie", "jacket", "suit", "coat")


@dataclass(frozen=True)
class Outfit:
    """Clothes: ``top`` one of `LONG` or tee, jersey, dress, blouse; ``bottom`` covers the legs."""

    top: str
    colour: str
    under: str
    bottom: str
    legs: str
    shoes: str
    boots: bool = False


@dataclass(frozen=True)
class Person:
    """Everything that makes one individual."""

    look: Look
    outfit: Outfit
    height: float
    wide: float = 1.0

    @property
    def metre(self) -> float:
        """Local units for one metre."""
        return 170 / self.height

    @property
    def shoulder(self) -> float:
        """How far the shoulders are from the middle."""
        return (15.2 if self.look.slight else 18.2) * self.wide


def joint(start: Point, end: Point, first: float, second: float, sign: float) -> Point:
    """Elbow or knee between ``start`` and ``end``, bent to the side ``sign``."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    span = min(max(math.hypot(dx, dy), 0.1), first + second - 0.1)
    along = (first**2 - second**2 + span**2) / (2 * span)
    off = math.sqrt(max(0.0, first**2 - along**2)) * sign
    ux, uy = dx / math.hypot(dx, dy), dy / math.hypot(dx, dy)
    return start[0] + ux * along - uy * off, start[1] + uy * along + ux * off


def _between(a: Point, c: Point, t: float) -> Point:
    return a[0] + (c[0] - a[0]) * t, a[1] + (c[1] - a[1]) * t


def creases(b: Brush, a: Point, c: Point, width: float, colour: str, count: int) -> str:
    """Short folds across a sleeve or trouser leg from ``a`` to ``c``."""
    rng, dark, light = b.rng, [], []
    dx, dy = c[0] - a[0], c[1] - a[1]
    size = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / size, dx / size
    for i in range(count):
        x, y = _between(a, c, (i + rng.uniform(0.2, 0.8)) / count)
        s = rng.choice((-1, 1))
        reach, lean = width * rng.uniform(0.4, 0.7), width * rng.uniform(-0.35, 0.35)
        fold = (nx * reach * -s + dx / size * lean, ny * reach * -s + dy / size * lean)
        root = (x + nx * width * 0.5 * s, y + ny * width * 0.5 * s)
        dark.append(hair(*root, *fold, width * 0.11, 0.6))
        light.append(hair(root[0], root[1] + width * 0.12, *fold, width * 0.09, 0.6))
    return paint("".join(dark), darken(colour, 0.5), 0.5) + paint("".join(light), lighten(colour, 0.4), 0.28)


def hand(b: Brush, x: float, y: float, angle: float, skin: str, flip: float = 1.0) -> str:
    """A relaxed hand whose fingers point down, turned by ``angle`` degrees about the wrist."""
    d = curve(
        pts(
            "-2.6,-1.5 -3.4,3 -3.6,7 -3,11 -2,15 -0.6,16.6 1.2,16.2 "
            "2.2,13 2.8,9 3,6.6 4.4,9.4 5.2,9 4.6,5.4 3.4,2 2.6,-1.5"
        )
    )
    fingers = "M-1.7 15.4Q-2.3 11.5 -1.9 8.4M0 16.2Q-0.4 12 -0.2 8.4M3 6.6Q2.6 4.6 1.6 3.4"
    fill = b.linear([(0, skin), (1, shade(skin, 0.35))])
    svg = paint(d, fill) + line(fingers, shade(skin, 1.1), 0.4, opacity=0.6)
    svg += line(d, shade(skin, 1.2), 0.35, opacity=0.35)
    return group(svg, f"translate({x:.1f} {y:.1f}) rotate({angle:.1f}) scale({flip:g} 1)")


def arm(
    b: Brush,
    p: Person,
    shoulder: Point,
    wrist: Point,
    sign: float,
    far: bool = False,
    turn: float = 0.0,
    elbow: Point | None = None,
    hidden: bool = False,
) -> str:
    """Sleeve, forearm and hand from ``shoulder`` to ``wrist``, the elbow bent to ``sign``."""
    o, skin = p.outfit, p.look.skin
    if far:
        skin = shade(skin, 0.3)
    elbow = elbow or joint(shoulder, wrist, 30, 27, sign)
    k = (0.88 if p.look.woman else 1.0) * p.wide
    mid, low = _between(shoulder, elbow, 0.45), _between(elbow, wrist, 0.4)
    angle = math.degrees(math.atan2(wrist[1] - elbow[1], wrist[0] - elbow[0])) - 90
    paw = "" if hidden else hand(b, *wrist, angle + turn, skin, -sign)
    inward = 1 if shoulder[0] > elbow[0] else -1
    cap = (shoulder[0] + inward * 2.4, shoulder[1] - 4.6)
    path = [cap, shoulder, mid, elbow, low, wrist]
    cloth = darken(o.colour, 0.22) if far else o.colour
    if o.top in LONG:
        bulk = 1.16 if o.top in ("coat", "jacket", "hoodie", "sweater") else 1.05
        widths = [4 * k, 10.6 * k * bulk, 10.6 * k * bulk, 9.6 * k * bulk, 9.0 * k * bulk, 7.2 * k * bulk]
        folds = creases(b, mid, low, 9.6, cloth, 5) + creases(b, low, wrist, 8, cloth, 2)
        x, y = _between(elbow, wrist, 0.93)
        nx, ny = wrist[1] - elbow[1], elbow[0] - wrist[0]
        n = math.hypot(nx, ny) or 1
        cuff = line(
            f"M{x - nx / n * 6:.1f} {y - ny / n * 6:.1f}L{x + nx / n * 6:.1f} {y + ny / n * 6:.1f}",
            darken(cloth, 0.45),
            0.7,
            opacity=0.6,
        )
        return paw + b.form(taper(path, widths), cloth, 1.9, folds + cuff, rim=0.4)
    bare = taper(path, [3, 9.2 * k, 9.2 * k, 7.8 * k, 8.0 * k, 5.2 * k])
    fill = b.across([(0, lighten(skin, 0.14)), (0.5, skin), (1, shade(skin, 0.5))])
    out = paw + b.form(bare, skin, 1.8, fill=fill, rim=0.4)
    end = _between(shoulder, elbow, 0.66)
    sleeve = taper([cap, shoulder, _between(shoulder, elbow, 0.35), end], [4, 11.4 * k, 12 * k, 12.4 * k])
    return out + b.form(sleeve, cloth, 1.8, creases(b, shoulder, end, 12, cloth, 2), rim=0.4)


def _shod(b: Brush, ring: list[Point], colour: str) -> str:
    d = curve(ring)
    return paint(d, b.lit(colour, 1.2)) + line(d, darken(colour, 0.6), 0.5, opacity=0.35)


def shoe(b: Brush, p: Person, x: float, y: float, way: float, angle: float = 0.0) -> str:
    """A shoe below the ankle (x, y): ``way`` -1..1 says how far it points left or right."""
    o = p.outfit
    colour, sole = o.shoes, "#efece4" if o.shoes not in ("#2a2223", "#5a3a26") else "#17130f"
    if abs(way) < 0.45:
        s = -1 if way < 0 else 1
        ring = pts("-3.8,-4 -4.6,1 -5.2,5.4 -4,8 0,9 4.2,8 5.2,5 4.2,0 3.8,-4")
        ring = [(px + way * max(0, py) * 0.9, py) for px, py in ring]
        rim = curve(
            [
                (way * 5 - 5.2, 6),
                (way * 7 - 3.6, 8.2),
                (way * 8, 9.2),
                (way * 7 + 3.8, 8.2),
                (way * 5 + 5.2, 6),
            ],
            closed=False,
        )
        laces = (
            "".join(f"M{way * t - 1.8:.1f} {t:.1f}h3.6" for t in (0, 1.8, 3.6)) if sole != "#17130f" else ""
        )
        svg = _shod(b, ring, colour) + line(laces, "#f4f0e8", 0.5, opacity=0.8)
        svg += line(rim, sole, 1.5)
        return group(svg, f"translate({x:.1f} {y:.1f}) rotate({angle * s:.1f})")
    up = "-11" if o.boots else "-4.6"
    ring = pts(f"-4.2,{up},0.4 -5.2,0 -5.6,5.4,0.4 4,6.6 17,6.6,0.5 18,4 14,0.8 7,-1.2 4.6,{up},0.4")
    tread = pts("-5.8,4.8,0.3 4,6 17.8,4.6,0.3 18,7.2,0.3 4,7.2 -5.8,7.4,0.3")
    marks = line("M6 -1.2l2 2.4M8.4 -0.6l1.6 2.2M-5 3Q2 1 6.4 5", lighten(colour, 0.5), 0.5, opacity=0.5)
    svg = _shod(b, ring, colour) + marks + paint(curve(tread), sole)
    return group(svg, f"translate({x:.1f} {y:.1f}) rotate({angle:.1f}) scale({way:.2f} 1)")


def leg(
    b: Brush,
    p: Person,
    hip: Point,
    ankle: Point,
    sign: float,
    way: float,
    tilt: float = 0.0,
    far: bool = False,
) -> str:
    """One leg with its shoe; ``sign`` bends the knee (0 keeps it straight), ``way`` points the shoe."""
    o, skin = p.outfit, shade(p.look.skin, 0.3 if far else 0.0)
    if sign:
        knee = joint(hip, ankle, 42, 41, sign)
    else:
        x, y = _between(hip, ankle, 0.5)
        knee = (x + way * 2.2, y)
    thigh, calf = _between(hip, knee, 0.5), _between(knee, ankle, 0.35)
    path = [hip, thigh, knee, calf, ankle]
    k = p.wide
    foot = shoe(b, p, ankle[0], ankle[1], way, tilt)
    cloth = darken(o.legs, 0.28) if far else o.legs
    if o.bottom in ("jeans", "trousers"):
        slim = 0.88 if p.look.woman else 1.0
        widths = [17 * k, 16.6 * k, 13.2 * k * slim, 13 * k * slim, 10.8 * k * slim]
        near = _between(thigh, knee, 0.6)
        folds = creases(b, near, calf, 12, cloth, 4) + creases(
            b, _between(knee, ankle, 0.75), ankle, 12, cloth, 3
        )
        folds += creases(b, hip, thigh, 15, cloth, 2)
        seam = b.spot(
            *_between(thigh, knee, 0.3), 4, 16, lighten(cloth, 0.4), 0.45 if o.bottom == "jeans" else 0.2
        )
        if far:
            return foot + paint(taper(path, widths), b.lit(cloth)) + folds
        return foot + b.form(taper(path, widths), cloth, 2.2, seam + folds, rim=0.5)
    bare = taper(path, [11 * k, 13.5 * k, 10 * k, 10.6 * k, 6.2 * k])
    fill = b.across([(0, lighten(skin, 0.14)), (0.5, skin), (1, shade(skin, 0.55))])
    out = b.form(bare, skin, 2.2, b.spot(*knee, 4, 4, shade(skin, 0.5), 0.4), fill, 0.4)
    if o.bottom == "shorts":
        end = _between(hip, knee, 0.86)
        out += b.form(
            taper([hip, thigh, end], [17 * k, 17.6 * k, 17 * k]),
            cloth,
            2.6,
            creases(b, hip, end, 16, cloth, 4),
        )
    return out + foot


def neck_and_head(
    b: Brush, p: Person, x: float, chin: float, turn: float, tilt: float, scale: float
) -> tuple[str, str, str]:
    """The hair behind the body, the neck before it, and the head above its clothes."""
    skin, w = p.look.skin, 4.7 if p.look.slight else 5.8
    place = f"translate({x:.1f} {chin - 11 * scale:.1f}) rotate({tilt:.1f}) scale({scale:.3f})"
    fill = b.linear([(0, shade(skin, 0.8)), (0.5, shade(skin, 0.35)), (1, shade(skin, 0.1))])
    ring = [
        (x - w, chin - 6),
        (x - w * 0.95, chin + 3),
        (x - w * 1.5, chin + 9),
        (x, chin + 14),
        (x + w * 1.5, chin + 9),
        (x + w * 0.95, chin + 3),
        (x + w, chin - 6),
    ]
    cords = line(
        f"M{x - w * 0.5:.1f} {chin + 2:.1f}L{x - 0.8:.1f} {chin + 9:.1f}"
        f"M{x + w * 0.5:.1f} {chin + 2:.1f}L{x + 0.8:.1f} {chin + 9:.1f}",
        shade(skin, 0.9),
        0.4,
        opacity=0.4,
    )
    throat = paint(curve(ring), fill) + cords
    return group(back_hair(b, p.look, turn), place), throat, group(head(b, p.look, turn), place)
