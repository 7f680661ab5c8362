"""Heads of people: faces seen from the front, three-quarter or side, with hair, beards and hats.

A head is drawn in centimetres around the point between the eyes: the crown at y = -12, the chin at
y = 12. ``turn`` -1..1 turns it to the left or right.
"""

from __future__ import annotations

import math

from ..toolkit.brush import Brush, Point, curve, ellipse, group, hair, line, paint, pts, taper
from ..toolkit.colour import darken, lighten, mix
from .person_hair import Look, face_ring, front_hair, hat, scarf, shade


class _Map:
    """Projects points of the frontal face onto the turned head."""

    def __init__(self, turn: float) -> None:
        self.angle = 0.25 * turn

    def __call__(self, x: float, y: float, bump: float = 0.0) -> Point:
        around = math.asin(max(-0.99, min(0.99, x / 8.8)))
        return 8.8 * math.sin(around + self.angle) + bump * math.sin(self.angle), y

    def many(self, text: str, side: float = 1.0) -> list[Point]:
        return [(*self(side * p[0], p[1]), *p[2:]) for p in pts(text)]


def _eye(b: Brush, look: Look, at: _Map, s: int) -> str:
    big = 1.16 if look.age == "child" else 1.06 if look.woman else 0.96
    cx = at(s * 3.45, 0)[0]
    white = at.many("1.85,0.45,0.3 2.6,-0.55 3.6,-0.95 4.6,-0.55 5.2,0.05,0.3 3.8,0.85", s)
    white = [(cx + (p[0] - cx) * (0.6 + 0.4 * big), p[1] * big, *p[2:]) for p in white]
    shape = curve(white)
    r = 1.02 * big
    look_x = cx + 0.22 * math.copysign(1, at.angle) * (abs(at.angle) > 0.05)
    dark = darken(look.iris, 0.6)
    inner = [
        paint(ellipse(look_x, -0.1, r, 0.9 * big), dark),
        paint(ellipse(look_x, -0.02, r * 0.8, 0.76 * big), look.iris),
        paint(ellipse(look_x, -0.1, r * 0.42), "#0e0b0c"),
        line(curve([(x, y + 0.3) for x, y, *_ in white[1:4]], closed=False), "#2a1a18", 0.5, opacity=0.35),
        paint(ellipse(look_x + b.side * 0.36, -0.5, 0.27), "#ffffff"),
    ]
    lid, crease = white[:5], [(x, y - 0.75) for x, y, *_ in white[1:5]]
    lash = darken(look.hair if look.woman else shade(look.skin, 1.2), 0.75 if look.woman else 0.4)
    out = b.spot(cx, -1.0, 3.0, 2.2, shade(look.skin, 0.6), 0.5)
    out += paint(shape, mix("#f4efe8", look.skin, 0.1)) + "".join(inner)
    out += line(curve(lid, closed=False), lash, 0.5 if look.woman else 0.36, opacity=0.95)
    out += line(curve(crease, closed=False), shade(look.skin, 1.0), 0.22, opacity=0.6)
    low = [white[5], (cx - s * 0.8, 0.95 * big)]
    return out + line(curve([white[4], *low], closed=False), shade(look.skin, 1.1), 0.16, opacity=0.6)


def _brow(b: Brush, look: Look, at: _Map, s: int) -> str:
    lift = b.rng.uniform(-0.15, 0.25)
    arch = at.many("1.5,-2.5 3.5,-3.35 5.9,-2.45", s)
    arch = [(x, y - lift) for x, y in arch]
    tone = mix(look.hair, "#2a1c16", 0.4) if look.age != "old" else mix(look.hair, "#6a6660", 0.5)
    widths = [0.55, 0.62, 0.15] if look.slight else [0.85, 1.0, 0.3]
    return paint(taper(arch, widths), tone, 0.82)


def _mouth(b: Brush, look: Look, at: _Map) -> str:
    up, y = 0.5 * look.smile, 7.0
    wide = 2.5 + 0.5 * look.smile
    lip = mix(look.skin, "#a8303c", 0.42 if look.woman else 0.2)
    lip = shade(lip, 0.25)

    def p(x: float, v: float, *soft: float) -> Point:
        return (*at(x, v, 0.6), *soft)

    left, right = p(-wide, y - up, 0.3), p(wide, y - up, 0.3)
    upper = curve([left, p(-0.8, y - 0.85), p(0, y - 0.6), p(0.8, y - 0.85), right, p(0, y + 0.25)])
    drop = 1.35 if look.smile < 0.7 else 1.9
    lower = curve([left, p(0, y + 0.15), right, p(1.4, y + drop - 0.25), p(-1.4, y + drop - 0.25)])
    out = b.spot(*at(0, 9.7, 0.6), 2.6, 0.9, shade(look.skin, 0.9), 0.4)
    out += paint(lower, lighten(lip, 0.08)) + paint(upper, darken(lip, 0.12))
    if look.smile > 0.7:
        teeth = curve([left, p(0, y - 0.1), right, p(1.3, y + 0.95), p(-1.3, y + 0.95)])
        out += paint(teeth, "#f6f0e6") + line(teeth, darken(lip, 0.5), 0.18, opacity=0.7)
    seam = curve([left, p(-1, y + 0.02), p(0, y + 0.12), p(1, y + 0.02), right], closed=False)
    if look.smile <= 0.7:
        out += line(seam, darken(lip, 0.6), 0.26, opacity=0.85)
    out += paint(ellipse(*at(b.side * -0.2 + 0.1, y + drop * 0.62, 0.6), 0.9, 0.25), "#ffffff", 0.16)
    nicks = "".join(hair(*p(s * (wide + 0.15), y - up - 0.35), s * 0.25, 0.75, 0.25) for s in (-1, 1))
    return out + paint(nicks, shade(look.skin, 1.1), 0.5)


def _nose(b: Brush, look: Look, at: _Map) -> str:
    wide = 1.5 if look.slight else 1.8
    s = -b.side
    deep = shade(look.skin, 0.9)
    side = curve(
        [
            at(s * 0.9, -1.6),
            at(s * 0.8, 1.0, 1.2),
            at(s * 1.0, 3.2, 2.4),
            at(s * wide, 4.5, 1),
            at(0, 4.9, 2),
            at(s * 0.25, 1.5, 1.8),
        ]
    )
    out = paint(side, deep, 0.3)
    out += b.spot(*at(0, 5.3, 1.2), 2.0, 0.8, deep, 0.6)
    out += b.spot(*at(b.side * 0.2, 3.2, 2.6), 0.9, 1.3, lighten(look.skin, 0.5), 0.6)
    wings = [
        curve([at(q * (wide - 0.2), 3.3, 0.8), at(q * wide, 4.4, 0.8), at(q * 0.9, 4.8, 1.2)], closed=False)
        for q in (-1, 1)
    ]
    holes = "".join(ellipse(*at(q * 0.75, 4.65, 1.6), 0.42, 0.22) for q in (-1, 1))
    return out + line("".join(wings), deep, 0.24, opacity=0.7) + paint(holes, darken(deep, 0.5), 0.75)


def _beard(b: Brush, look: Look, at: _Map, ring: list[Point]) -> str:
    tone = look.hair
    edge = [p for p in ring if p[1] > 0.5]
    top = at.many("6.9,0.5 6.2,4 4.2,5.2 2.2,5.6 0,5.5 -2.2,5.6 -4.2,5.2 -6.2,4 -6.9,0.5")
    if look.beard == "stubble":
        return paint(curve(edge + top[::-1]), tone, 0.2)
    drop = 1.0
    chin = [(x * 1.05, y + drop * max(0.0, (y - 5) / 7)) for x, y in edge]
    if chin[0][0] < chin[-1][0]:
        top = top[::-1]
    shape = chin + top[::-1]
    hole = curve(
        [(*at(x, y, 0.6), k) for x, y, k in pts("-2.4,6.8,1 0,6.2,1 2.4,6.8,1 1.6,8.3,1 -1.6,8.3,1")]
    )
    body = paint(curve(shape) + hole, tone, 0.93, fill_rule="evenodd")
    body += b.pelt(shape, lighten(tone, 0.3), 1.5, 90, (0.0, 1.0), 0.4)
    return body + b.fur(chin, tone, 1.3, 46, 0.3, 0.35, 0.9, closed=False)


def _glasses(at: _Map) -> str:
    rims = "".join(curve(at.many("1.4,-1.4 3.4,-1.9 5.6,-1.4 5.5,1.2 3.5,2.1 1.6,1.3", s)) for s in (-1, 1))
    bridge = curve(at.many("-1.4,-0.5 0,-0.9 1.4,-0.5"), closed=False)
    arms = curve(at.many("5.6,-0.9 7.6,-0.8"), closed=False) + curve(
        at.many("-5.6,-0.9 -7.6,-0.8"), closed=False
    )
    return paint(rims, "#dfeaf2", 0.14) + line(rims + bridge + arms, "#2b2426", 0.36, opacity=0.9)


def head(b: Brush, look: Look, turn: float = 0.0) -> str:
    """The head without the hair behind it, see `person_hair.back_hair`."""
    skin, ring, at = look.skin, face_ring(look, turn), _Map(turn)
    low = 0.8 if look.age == "child" else 0.0
    deep, rosy = shade(skin, 0.9), mix(skin, "#c8503c", 0.4)
    ears = ""
    if look.hat != "scarf" and look.style not in ("bob", "long", "wavy", "curly"):
        for s in (-1, 1):
            if s * turn > 0.3:
                continue
            x = s * (7.9 - 1.3 * abs(turn))
            d = curve(
                [
                    (x - s * 0.5, -1.4),
                    (x + s * 1.1, -1.9),
                    (x + s * 1.3, 0.6),
                    (x + s * 0.2, 3.2),
                    (x - s * 0.6, 2.6),
                ]
            )
            ears += paint(d, shade(skin, 0.25)) + line(
                f"M{x + s * 0.7:.1f} -1q{-s * 0.5:.1f} 1.5 0 2.6", deep, 0.3, opacity=0.6
            )
    marks = b.spot(-b.side * 6.6, 2, 4.5, 10, deep, 0.5) + b.spot(
        b.side * 2.2, -5.4, 4.5, 3.4, lighten(skin, 0.5), 0.5
    )
    for s in (-1, 1):
        marks += b.spot(*at(s * 4.4, 4.1, 0.6), 2.7, 2.0, rosy, 0.5)
        marks += b.spot(*at(s * 4.3, 2.6, 0.6), 1.8, 1.1, lighten(skin, 0.4), 0.3)
    if look.age == "old":
        wrinkles = (
            "".join(
                curve([at(s * 2.0, 4.6), at(s * 3.3, 6), at(s * 3.6, 8)], closed=False)
                + curve([at(s * 2.4, 1.9), at(s * 3.8, 2.5), at(s * 5, 2)], closed=False)
                for s in (-1, 1)
            )
            + "M-3.5 -6.4Q0 -6.9 3.5 -6.4M-3 -5.2Q0 -5.6 3 -5.2"
        )
        marks += line(wrinkles, deep, 0.3, opacity=0.45)
    if look.beard == "stubble":
        marks += _beard(b, look, at, ring)
    if look.style != "bald":
        marks += b.spot(0, -9.5, 8.5, 3.6, deep, 0.55)
    fill = b.linear(
        [(0, lighten(skin, 0.16)), (0.5, skin), (1, shade(skin, 0.4))],
        (0.5 + b.side * 0.4, 0.1),
        (0.5 - b.side * 0.4, 0.95),
    )
    out = ears + b.form(curve(ring), skin, 1.0, marks, fill, 0.25)
    face = _nose(b, look, at)
    face += "".join(_eye(b, look, at, s) + _brow(b, look, at, s) for s in (-1, 1))
    if look.beard == "full":
        out += _beard(b, look, at, ring)
    out += group(face + _mouth(b, look, at), f"translate(0 {low})")
    if look.glasses:
        out += _glasses(at)
    if look.hat == "scarf":
        return out + scarf(b, look, turn)
    return out + front_hair(b, look, turn) + hat(b, look, turn)
