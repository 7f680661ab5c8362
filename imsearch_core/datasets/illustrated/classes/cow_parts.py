"""Cattle in parts: breeds, hides, horns, and heads in profile and from the front."""

from __future__ import annotations

from dataclasses import dataclass

from ..forms.quadruped import Ring, at, blob, fade_down, front_eye, muscles, side_eye, squash, strands
from ..toolkit.brush import Brush, Point, box, clockwise, curve, ellipse, hair, line, paint, pts, tube
from ..toolkit.colour import darken, lighten, mix


@dataclass(frozen=True)
class Breed:
    """Colours of one breed; ``horn`` is a factor of length, 0 for polled cattle."""

    base: str
    patch: str = ""
    face: str = ""
    muzzle: str = "#c9938a"
    ring: str = ""
    socks: str = ""
    horn: float = 0.0
    shaggy: bool = False
    udder: bool = True


BREEDS = (
    Breed("#eeeae2", patch="#26242a"),
    Breed("#eeeae2", patch="#2b282c"),
    Breed("#eeeae2", patch="#232127"),
    Breed("#efe9de", patch="#8f4a2a"),
    Breed("#26242a", patch="#eeeae2", face="blaze", socks="#eeeae2", muzzle="#6a5654"),
    Breed("#b07a48", muzzle="#2c2426", ring="#e9dcc6", horn=0.5),
    Breed("#86412a", face="white", socks="#efe8dc", udder=False),
    Breed("#86412a", face="white", socks="#efe8dc", horn=0.7),
    Breed("#ad6230", muzzle="#b58a78", horn=1.7, shaggy=True, udder=False),
    Breed("#c58a4c", muzzle="#b58a78", horn=1.7, shaggy=True, udder=False),
    Breed("#e0d2b8", muzzle="#d2a394", horn=0.5),
)
TRUNK = pts(
    "-79,-131 -68,-138.5 -44,-137 -8,-133.5 22,-136 40,-138 58,-130 70,-114 72,-98 67,-80 54,-67 34,-60 "
    "6,-54 -20,-56 -44,-64 -58,-78 -78,-88 -85,-104 -85,-122"
)


def _tag(b: Brush, x: float, y: float, size: float = 1.0) -> str:
    """A yellow ear tag."""
    colour = b.rng.choice(("#eec230", "#f0c83a", "#e8962e"))
    tag = paint(box(-3.6, 0, 7.2, 8.6, 1.6), b.lit(colour, 0.7))
    tag += line("M-2 3.6h1.4M0.6 3.6h1.4M-2 6h3.8", "#3a3020", 0.9, opacity=0.75)
    return at(tag + paint(ellipse(0, 1.2, 0.9), "#a8801e"), x, y, b.rng.uniform(-14, 14), size)


def _horn(b: Brush, points: list[Point], width: float) -> str:
    d = curve(tube(points, [width * k for k in (1.0, 0.86, 0.6, 0.18)]))
    (x0, y0, *_), (x1, y1, *_) = points[0], points[-1]
    fill = b.linear(
        [(0, "#b9a27c"), (0.4, "#e8dcc0"), (0.8, "#d8c8a8"), (1, "#4a4038")], (x0, y0), (x1, y1), local=True
    )
    return b.form(d, "#ddcfb2", width * 0.24, fill=fill)


def hide(b: Brush, breed: Breed, sq: float = 1.0) -> str:
    """Patches, pale parts, muscles and hollows of the body."""
    rng, marks = b.rng, ""
    if breed.patch:
        spots = [
            (-66, -118, 22, 26),
            (-22, -112, 24, 26),
            (30, -118, 24, 30),
            (2, -70, 14, 10),
            (66, -132, 15, 20),
            (-56, -74, 10, 14),
        ]
        keep = [s for s in spots if rng.random() < 0.86] or spots
        d = "".join(
            blob(
                b,
                (x + rng.uniform(-8, 8)) * sq,
                y + rng.uniform(-8, 8),
                rx * sq * rng.uniform(0.8, 1.2),
                ry,
                0.34,
                10,
            )
            for x, y, rx, ry in keep
        )
        marks += paint(d, breed.patch)
    if breed.face == "white":
        marks += b.spot(10, -56, 52 * sq, 9, "#efe8dc", 0.95)
    if breed.socks:
        marks += fade_down(b, -120, 110, -38, -26, breed.socks)
    if breed.ring:
        marks += fade_down(b, -120, 110, -50, -6, darken(breed.base, 0.5), 0.7) + b.spot(
            60 * sq, -100, 30, 44, darken(breed.base, 0.5), 0.4
        )
    soft = (
        (-62, -122, 18, 18, 0.32),
        (0, -122, 46, 12, 0.32),
        (44, -112, 15, 22, 0.26),
        (0, -90, 40, 20, 0.18),
    )
    hollow = (
        (-44, -104, 9, 24, 0.34),
        (24, -100, 8, 32, 0.28),
        (-6, -58, 50, 9, 0.45),
        (-60, -84, 9, 16, 0.3),
        (62, -104, 7, 26, 0.28),
        (-48, -134, 7, 6, 0.25),
        (40, -74, 11, 10, 0.32),
    )
    marks += muscles(b, breed.base, soft, hollow, sq)
    if breed.shaggy:
        ring = squash(TRUNK, sq)
        for tone, count in ((darken(breed.base, 0.4), 150), (lighten(breed.base, 0.3), 150)):
            marks += b.pelt(ring, tone, 15, count, (-0.25, 1), 0.4)
    return marks


def face_marks(b: Brush, breed: Breed) -> str:
    """Colours of the head in profile."""
    marks, dark = "", darken(breed.base, 0.6)
    if breed.patch and breed.face != "blaze":
        marks += paint(curve(pts("-14,-6 2,-7 20,-8 34,-3 36,4 26,14 12,22 -14,20")), breed.patch)
    if breed.face == "white":
        marks += paint("M-2 -20H64V24H6Z", "#efe8dc")
    if breed.face == "blaze":
        marks += paint(curve(pts("4,-16 30,-14 56,-12 58,0 44,-3 28,-5 10,-7")), "#eeeae2")
    if breed.ring:
        marks += b.spot(42, 1, 16, 15, breed.ring, 1)
    marks += b.spot(51, 1, 11, 13, breed.muzzle, 1) + b.spot(51, 1, 7, 10, breed.muzzle, 1)
    marks += (
        b.spot(26, 8, 12, 7, dark, 0.35)
        + b.spot(6, 12, 9, 8, dark, 0.35)
        + b.spot(15, 4, 9, 6, lighten(breed.base, 0.5), 0.25)
    )
    return marks


def profile(b: Brush, breed: Breed) -> tuple[str, str]:
    """What lies behind the head in profile, and eye, ear, nostril and horn in front."""
    colour = breed.patch or breed.base if breed.face != "blaze" else breed.base
    behind = paint(curve(pts("0,-6 -4,-12 -14,-15 -21,-10 -14,-4 -4,-1")), darken(colour, 0.35))
    front = ""
    if breed.horn:
        k = breed.horn
        far = [(4, -9), (8 + 4 * k, -14 - 4 * k), (8 + 12 * k, -16 - 14 * k), (4 + 14 * k, -18 - 26 * k)]
        behind += _horn(b, far, 7)
        front += _horn(
            b,
            [(0, -9), (-1 + 2 * k, -14 - 5 * k), (2 + 7 * k, -18 - 14 * k), (-2 + 8 * k, -20 - 25 * k)],
            7.6,
        )
    ear = pts("2,-5 -4,-8.6 -14,-8 -22,-2 -16,3.4 -7,3.4 1,1")
    front += b.form(
        curve(ear),
        colour,
        2.2,
        paint(curve(pts("-2,-3 -12,-4 -17,-1 -11,1.6 -3,0.4")), mix(colour, "#d9a090", 0.4), opacity=0.7),
    )
    if breed.shaggy:
        front += b.fur(clockwise(ear), darken(breed.base, 0.1), 10, 40, 0.55, 1.8)
    elif b.rng.random() < 0.65:
        front += at(_tag(b, 0, 0, 0.8), -13, 0, -25)
    front += side_eye(b, 18, -4.4, 2.5, "#241712")
    front += paint(curve(pts("46,-5 49.4,-5.6 50.6,-2.6 48,-1.4")), "#1a1112", opacity=0.85)
    front += line("M50 5.4Q43 7.4 36 4.4", darken(breed.muzzle, 0.7), 0.9, opacity=0.7)
    if breed.shaggy:
        lock = strands(b, pts("-6,-9 4,-14 13,-12"), (17, 9), 36, 3.2, 0.14)
        front += paint(lock, darken(breed.base, 0.12)) + paint(
            strands(b, pts("-4,-10 10,-13"), (15, 8), 14, 1.6, 0.14), lighten(breed.base, 0.25)
        )
    return behind, front


def fringe(b: Brush, breed: Breed, rings: list[Ring]) -> str:
    """The long hem of a Highland's coat."""
    if not breed.shaggy:
        return ""
    svg = "".join(b.fur(clockwise(ring), darken(breed.base, 0.15), 10, 70, 0.6, 2.4) for ring in rings)
    hem = pts("58,-72 40,-62 8,-56 -30,-60 -56,-74")
    return svg + paint(strands(b, hem, (-3, 19), 60, 3.4, 0.12), darken(breed.base, 0.2))


def front_head(b: Brush, breed: Breed) -> str:
    """Head towards the viewer, the origin between the eyes; 32 units wide without the ears."""
    rng, base, dark = b.rng, breed.base, darken(breed.base, 0.6)
    half = pts("5,-21 11.6,-18.6 15.4,-11 15.8,-3 13,7 10.6,16 11.6,22 12.4,28 9,34 4,36")
    ring: Ring = [(-x, y) for x, y in half[::-1]] + half
    colour = breed.patch if breed.patch and breed.face != "blaze" else base
    svg = ""
    for s in (-1, 1):
        if breed.horn:
            k = breed.horn
            svg += _horn(
                b,
                [
                    (s * 8, -18),
                    (s * (15 + 10 * k), -21 - 1 * k),
                    (s * (17 + 19 * k), -24 - 8 * k),
                    (s * (16 + 21 * k), -27 - 21 * k),
                ],
                8,
            )
        ear = [(s * x, y) for x, y in pts("12,-15 20,-18.5 30,-17 36,-10 31,-4.5 22,-5 14,-8")]
        inner = [(s * x, y) for x, y in pts("16,-12.6 24,-14.4 31,-11 27,-7.4 19,-8")]
        tone = darken(mix(colour, "#d9a090", 0.45), 0.2)
        svg += b.form(curve(ear), colour, 2.4, paint(curve(inner), tone, opacity=0.9))
        svg += b.fur(
            clockwise(ear),
            darken(colour, 0.1),
            11 if breed.shaggy else 3,
            46,
            0.6,
            1.4 if breed.shaggy else 0.8,
        )
        if not breed.shaggy and s * b.side > -2 and rng.random() < 0.7:
            svg += _tag(b, s * 27, -7.5)
    marks = ""
    if breed.face == "white":
        marks += paint("M-20 -24H20V40H-20Z", "#efe8dc") + b.spot(0, -20, 12, 7, "#efe8dc", 1)
    elif breed.patch or breed.face:
        if colour != base:
            marks += paint("M-20 -24H20V40H-20Z", colour)
        if rng.random() < 0.8 or breed.face:
            marks += paint(
                curve(pts("-2,-22 3,-21 5,-12 3.4,-2 6,10 12,18 14,30 -14,30 -12,18 -5,10 -4,-2 -5,-14")),
                "#eeeae2",
            )
    if breed.ring:
        marks += b.spot(0, 22, 19, 13, breed.ring, 1) + b.spot(0, -12, 8, 10, darken(base, 0.4), 0.4)
    marks += b.spot(0, -4, 4, 16, lighten(base, 0.5), 0.25)
    marks += "".join(
        b.spot(s * 11, 8, 5, 14, dark, 0.32) + b.spot(s * 11.6, -3, 6, 5, dark, 0.35) for s in (-1, 1)
    )
    marks += b.pelt(ring, darken(colour, 0.4), 3.6, 70, (0, 1), 0.2) + b.pelt(
        ring, lighten(colour, 0.4), 3.6, 70, (0, 1), 0.2
    )
    svg += b.form(curve(ring), base, 4.0, marks)
    nose = pts("-11.4,24 -7,20 0,21.6 7,20 11.4,24 12,29 8,33.6 0,34.6 -8,33.6 -12,29")
    skin = breed.muzzle
    wet = b.spot(b.side * 4, 23.5, 5, 2.2, "#ffffff", 0.4) + b.spot(0, 33, 10, 3, darken(skin, 0.6), 0.5)
    svg += b.form(curve(nose), skin, 2.0, wet)
    holes = "".join(
        curve([(s * 4.4, 25.6), (s * 7.6, 23.4), (s * 9.2, 25.6), (s * 7.2, 27.6)]) for s in (-1, 1)
    )
    svg += paint(holes, darken(skin, 0.8)) + line(
        "M-8.4 32.6Q0 35.4 8.4 32.6", darken(skin, 0.7), 0.9, opacity=0.7
    )
    svg += "".join(front_eye(b, s * 12.2, -4, 2.7, "#2a1a14", s * 18, 0.7) for s in (-1, 1))
    lids = "".join(hair(s * 8.6, -6.0, s * 7, 0.2, 1.6, s * 0.9) for s in (-1, 1))
    svg += paint(lids, darken(colour, 0.7), opacity=0.6)
    if breed.shaggy:
        roots = pts("-12,-19 -6,-22.5 0,-23.4 6,-22.5 12,-19")
        svg += paint(strands(b, roots, (0, 25), 60, 4, 0.12), darken(base, 0.15)) + paint(
            strands(b, roots, (0, 23), 30, 2, 0.12), lighten(base, 0.25)
        )
    elif breed.face != "white":
        svg += paint(strands(b, pts("-6,-21 0,-22.6 6,-21"), (0, 9), 26, 1.8, 0.2), darken(colour, 0.25))
    return svg
