"""Looks of people: the head's outline, and hair, hats and headscarves in many styles."""

from __future__ import annotations

from dataclasses import dataclass

from ..toolkit.brush import Brush, Point, bounds, curve, dense, ellipse, hair, line, paint, pts
from ..toolkit.colour import darken, lighten, mix


@dataclass(frozen=True)
class Look:
    """One person's head: colours and style. ``age`` is child, adult or old."""

    skin: str
    hair: str
    iris: str
    style: str
    woman: bool
    age: str
    beard: str = ""
    hat: str = ""
    cloth: str = "#a84a3c"
    glasses: bool = False
    smile: float = 0.5

    @property
    def slight(self) -> bool:
        """Whether the features are finer than a man's."""
        return self.woman or self.age == "child"


FRONT = pts(
    "0,-12.2 4.5,-11.4 7.1,-8 7.7,-3.5 7.5,-0.8 7.3,2.2 6.7,5.6 5.3,8.9 3,11.3 0,12 "
    "-3,11.3 -5.3,8.9 -6.7,5.6 -7.5,1 -7.7,-3.5 -7.1,-8 -4.5,-11.4"
)
TURNED = pts(
    "1,-12.2 5,-11.2 7.3,-8 7.7,-3.6 7,-0.9 7.3,2 6.7,5.6 5.9,8.8 4.7,11.4 2.5,12.1 "
    "-0.6,11.2 -4,8.8 -6.4,5 -7.6,1 -8.2,-3.5 -7.6,-8 -4,-11.6"
)


def shade(skin: str, amount: float) -> str:
    """Skin turned away from the light: warmer and deeper."""
    return mix(skin, mix(skin, "#3a1410", 0.75), amount)


def face_ring(look: Look, turn: float) -> list[Point]:
    """Outline of the face and skull, turned."""
    sign, t = (1 if turn >= 0 else -1), abs(turn)
    ring = [
        (sign * (a[0] + (c[0] - a[0]) * t), a[1] + (c[1] - a[1]) * t)
        for a, c in zip(FRONT, TURNED, strict=True)
    ]
    jaw = 1.05 if look.age == "child" else 0.93 if look.woman else 1.0
    chin = 0.93 if look.age == "child" else 0.98 if look.woman else 1.02
    ring = [(x * (jaw if y > 4 else 1), y * chin if y > 3 else y) for x, y in ring]
    return ring if turn >= 0 else [ring[0], *ring[:0:-1]]


_CAPS: dict[str, tuple[str, str]] = {
    # style: (outer edge from right ear over the crown to the left ear, hairline back again)
    "short": (
        "7.7,1 8.7,-4.5 8.3,-9.5 5,-13.4 0,-14.4 -5,-13.6 -8.3,-9.5 -8.7,-4.5 -7.7,1",
        "-7.2,-1 -7,-5.4,0.5 -5.2,-8 -1,-8.9 3.4,-8.5 6.2,-7 7,-5,0.5 7.2,-1",
    ),
    "part": (
        "7.7,1 8.8,-4.5 8.8,-9.8 6,-13.8 1,-15.2 -4.6,-13.8 -8.2,-9.5 -8.7,-4.5 -7.7,1",
        "-7.2,-1 -7,-5.2,0.5 -5,-8.4 -3.6,-10,0.4 -0.5,-8.6 3.5,-7.2 6.6,-5.8 7.1,-4,0.5 7.2,-1",
    ),
    "crop": (
        "7.6,0 8.2,-4.5 7.8,-9 4.7,-12.6 0,-13.4 -4.7,-12.6 -7.8,-9 -8.2,-4.5 -7.6,0",
        "-7.2,-2 -7,-6.2,0.3 -5.4,-8.6,0.4 0,-9 5.4,-8.6,0.4 7,-6.2,0.3 7.2,-2",
    ),
    "fringe": (
        "8,4 9.2,-4 8.6,-10 5,-13.9 0,-14.8 -5,-13.9 -8.6,-10 -9.2,-4 -8,4",
        "-7.2,2 -7,-3,0.4 -4,-4.4 0,-4.1 4,-4.6 7,-3,0.4 7.2,2",
    ),
    "swept": (
        "8.4,3 9.3,-4 8.8,-10 5,-14 0,-14.9 -5,-13.9 -8.8,-9.6 -9.2,-4 -8.4,3",
        "-7.5,1 -7.1,-4 -5.4,-7.4 -2.4,-10.6,0.3 1.5,-8.8 5.4,-6.2 7.2,-2.5 7.5,1",
    ),
    "centre": (
        "8.4,4 9.2,-4 8.5,-10 5,-13.6 0,-14.3 -5,-13.6 -8.5,-10 -9.2,-4 -8.4,4",
        "-7.5,2 -7.1,-4 -5,-7.8 -0.2,-11,0.2 5,-7.8 7.1,-4 7.5,2",
    ),
    "slick": (
        "7.6,0 8.3,-4.5 8,-9 4.7,-12.9 0,-13.7 -4.7,-12.9 -8,-9 -8.3,-4.5 -7.6,0",
        "-7.2,-1.5 -6.8,-6 -4.6,-8.8 0,-9.8 4.6,-8.8 6.8,-6 7.2,-1.5",
    ),
}
# style -> (cap, hair behind the head or empty)
STYLES: dict[str, tuple[str, str]] = {
    "short": ("short", ""),
    "part": ("part", ""),
    "crop": ("crop", ""),
    "bald": ("", ""),
    "fringe": ("fringe", ""),
    "bob": ("fringe", "0,-14 7,-12 9.8,-5 10.2,3 9.6,9.5 5,10.5 -5,10.5 -9.6,9.5 -10.2,3 -9.8,-5 -7,-12"),
    "long": (
        "centre",
        "0,-14 7,-12 9.6,-5 9.8,5 10.6,14 9.4,23 4,24 -4,24 -9.4,23 -10.6,14 -9.8,5 -9.6,-5 -7,-12",
    ),
    "wavy": (
        "swept",
        "0,-14.4 7,-12 10,-5 9.6,1 11.4,7 10.4,13 11.6,18 7,21 "
        "-7,21 -11.4,18 -10.6,13 -11.6,7 -9.8,1 -10,-5 -7,-12",
    ),
    "bun": ("slick", "0,-20 3.6,-18.8 4.6,-15.5 3.4,-12 -3.4,-12 -4.6,-15.5 -3.6,-18.8"),
    "ponytail": ("slick", "6,-11 10.6,-10 13,-4 13.4,4 11.6,12 9.6,13 9.8,5 8,-3"),
    "afro": ("short", "0,-19.5 7,-18 12,-12.5 13.6,-5 12,2.4 8,6 -8,6 -12,2.4 -13.6,-5 -12,-12.5 -7,-18"),
    "curly": (
        "fringe",
        "0,-16.5 6.4,-15 10.6,-10 11.6,-3 11.2,4 9.8,10 5,11 "
        "-5,11 -9.8,10 -11.2,4 -11.6,-3 -10.6,-10 -6.4,-15",
    ),
}


def _shift(text: str, turn: float) -> list[Point]:
    return [(p[0] - 0.7 * turn, *p[1:]) for p in pts(text)]


def _bumps(b: Brush, ring: list[Point], colour: str, size: float) -> str:
    """Round curls along and over a ring."""
    rng = b.rng
    edge = "".join(
        ellipse(x + rng.gauss(0, 0.3), y + rng.gauss(0, 0.3), size * rng.uniform(0.7, 1.2))
        for x, y in dense(ring, True, 3)
    )
    curls = []
    x0, y0, x1, y1 = bounds(ring)
    for _ in range(70):
        x, y, r = rng.uniform(x0, x1), rng.uniform(y0, y1), size * 0.6
        curls.append(f"M{x - r:.2f} {y:.2f}q{r:.2f} {-1.5 * r:.2f} {2 * r:.2f} 0")
    marks = line("".join(curls), lighten(colour, 0.25), 0.3, opacity=0.5)
    return paint(edge, colour) + b.form(curve(ring), colour, 1.6, marks)


def back_hair(b: Brush, look: Look, turn: float) -> str:
    """Hair that hangs behind the face and neck."""
    text = STYLES[look.style][1]
    if not text or look.hat == "scarf":
        return ""
    ring = _shift(text, turn * 1.6)
    if look.style == "ponytail" and turn > 0:
        ring = [(-x, y) for x, y, *_ in ring]
    tone = darken(look.hair, 0.18)
    if look.style in ("afro", "curly"):
        return _bumps(b, ring, tone, 1.5)
    low = max(p[1] for p in ring)
    flows = [
        f"M{x:.1f} -9Q{x * 1.6:.1f} {low * 0.3:.1f} {x * 1.35 + b.rng.gauss(0, 0.5):.1f} {low + 1:.1f}"
        for x in (-7.4, -6.6, -5.8, -5, 5, 5.8, 6.6, 7.4)
    ]
    marks = line("".join(flows[::2]), lighten(look.hair, 0.25), 0.5, opacity=0.4)
    marks += line("".join(flows[1::2]), darken(look.hair, 0.5), 0.6, opacity=0.5)
    return b.form(curve(ring), tone, 1.6, marks)


def front_hair(b: Brush, look: Look, turn: float) -> str:
    """Hair on the skull in front, combed along its outline."""
    style = STYLES[look.style][0]
    if not style:
        return ""
    outer, inner = (_shift(t, turn) for t in _CAPS[style])
    light, dark = lighten(look.hair, 0.3), darken(look.hair, 0.45)
    combs: list[list[str]] = [[], []]
    for i in range(9):
        k = 0.97 - i * 0.055
        path = [(x * k + b.rng.gauss(0, 0.12), -6 + (y + 6) * k + i * 0.05, *r) for x, y, *r in outer]
        combs[i % 2].append(curve(path, closed=False))
    marks = line("".join(combs[0]), light, 0.3, opacity=0.4)
    marks += line("".join(combs[1]), dark, 0.35, opacity=0.45)
    marks += b.spot(b.side * 4, -11.5, 4.5, 2.4, lighten(look.hair, 0.6), 0.4)
    out = b.form(curve(outer + inner), look.hair, 1.1, marks)
    if look.style in ("afro", "curly"):
        out += _bumps(
            b,
            _shift("0,-15 5,-13.6 8,-8.6 7.6,-4 6.6,-7 0,-9 -6.6,-7 -7.6,-4 -8,-8.6 -5,-13.6", turn),
            look.hair,
            1.2,
        )
    wisps = [
        hair(x, y, b.rng.gauss(0, 0.4), b.rng.uniform(0.3, 0.7), 0.5, 0.5) for x, y in dense(inner, False, 3)
    ]
    return out + paint("".join(wisps), look.hair, 0.8)


def hat(b: Brush, look: Look, turn: float) -> str:
    """The cap, beanie or straw hat of ``look``, if it has one."""
    cloth = look.cloth
    if look.hat == "cap":
        crown = _shift("8.6,-5.4,0.4 8.5,-10 5,-14.6 0,-15.8 -5,-14.6 -8.5,-10 -8.6,-5.4,0.4 0,-6.6", turn)
        peak = [(x + 3.2 * turn, y) for x, y in pts("-7.6,-6.4 0,-7.8 7.6,-6.4 8.2,-4.4 0,-3.4 -8.2,-4.4")]
        seams = line(
            f"M{-0.9 * turn:.1f} -15.8V-6M-4.4 -14.6Q-5.4 -10 -4 -6M4.4 -14.6Q5.4 -10 4 -6",
            darken(cloth, 0.4),
            0.25,
            opacity=0.6,
        )
        return b.form(curve(crown), cloth, 1.8, seams) + b.form(curve(peak), darken(cloth, 0.12), 0.9)
    if look.hat == "beanie":
        crown = _shift("8.7,-4.6,0.4 8.9,-10 5.4,-15.2 0,-16.6 -5.4,-15.2 -8.9,-10 -8.7,-4.6,0.4 0,-6", turn)
        ribs = "".join(f"M{x * 0.3:.1f} -16Q{x:.1f} -11 {x:.1f} -5" for x in (-7, -5, -3, -1, 1, 3, 5, 7))
        band = curve(_shift("9,-4,0.3 9.1,-7.4,0.3 0,-9 -9.1,-7.4,0.3 -9,-4,0.3 0,-5.2", turn))
        knit = line(ribs, darken(cloth, 0.4), 0.35, opacity=0.5)
        return b.form(curve(crown), cloth, 2.0, knit) + b.form(band, lighten(cloth, 0.08), 0.9, knit)
    if look.hat == "straw":
        brim = _shift("-15,-6.4 -8,-9 0,-9.6 8,-9 15,-6.4 8,-5 0,-5.6 -8,-5", turn)
        crown = _shift("7.6,-8,0.3 7,-13.6 3,-15.8 -3,-15.8 -7,-13.6 -7.6,-8,0.3", turn)
        band = line(curve(_shift("-7.6,-9.2 0,-10.2 7.6,-9.2", turn), closed=False), darken(cloth, 0.3), 1.6)
        return b.form(curve(brim), "#d8bd84", 1.0) + b.form(curve(crown), "#e0c890", 1.8) + band
    return ""


def scarf(b: Brush, look: Look, turn: float) -> str:
    """A headscarf that leaves the face free."""
    outer = _shift(
        "0,-15 6,-13.6 9.4,-8 9.8,0 9,8 11,16 13,22 0,27 -13,22 -11,16 -9,8 -9.8,0 -9.4,-8 -6,-13.6", turn
    )
    window = [(x * 0.9 + 0.9 * turn, y * 0.92 + 0.4) for x, y in face_ring(look, turn)]
    window = [(x, max(y, -8.6)) for x, y in window]
    d = curve(outer) + curve(window)
    folds = "M-9 6Q-2 16 7 15M9 6Q2 20 -9 20M-9 0Q-8 10 -3 13"
    out = paint(d, b.lit(look.cloth), fill_rule="evenodd")
    out += line(folds, darken(look.cloth, 0.5), 0.5, opacity=0.5)
    out += line(curve(window), darken(look.cloth, 0.5), 0.5, opacity=0.6)
    return out + line(
        curve([(x * 0.93, y * 0.95) for x, y in outer[:5]], closed=False),
        lighten(look.cloth, 0.5),
        0.8,
        opacity=0.35,
    )
