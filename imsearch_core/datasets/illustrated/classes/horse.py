"""Horses: eight coats, standing, grazing, trotting, turned to the viewer, foals, and portraits."""

from __future__ import annotations

import math
from dataclasses import replace

from ..forms.quadruped import Ring, at, blob, chain, fade_down, hoof, place, solid, squash, strands
from ..registry import Kind
from ..toolkit.brush import Brush, Point, Sprite, curve, ellipse, line, paint, pts, tube
from ..toolkit.colour import darken, jitter, lighten
from .horse_parts import COATS, Coat, draw_mane, draw_tail, head_parts, hide

_TRUNK = pts(
    "-71,-139 -57,-150.5 -34,-149.5 -6,-144 16,-149 30,-155 48,-146 64,-126 70,-110 64,-96 48,-83 26,-77 "
    "-6,-74 -32,-80 -48,-87 -66,-92 -77,-108 -78,-126"
)
_HEAD = pts(
    "-7,-4 4,-9.5 16,-12 28,-10 42,-7.2 54,-7.4 61,-4.6 64,1 "
    "62,6.4 57,10.4 52,9.2 46,6.6 37,8 28,13 18,17.6 7,17 -3,11"
)
_FRONT, _FRONT_W = (27.0, 41.0, 30.0, 9.0), (40, 36, 27, 17, 12.2, 8.0, 7.4, 8.6, 7.6)
_HIND, _HIND_W = (36.0, 46.0, 38.0, 10.0), (46, 47, 40, 24, 13.6, 9.4, 8.2, 9.0, 8.0)
_STAND = {"nf": (-13, 2, 0, 28), "ff": (-12, -1, 0, 28), "nh": (24, -33, 2, 28), "fh": (24, -27, 4, 28)}
_STANCE = {"nf": (-10, 7, 3, 30), "ff": (-16, -9, -3, 20), "nh": (26, -38, -2, 24), "fh": (26, -22, 8, 30)}
_GAITS = (
    {"nf": (2, 30, 22, 30), "ff": (-4, 14, -50, -70), "nh": (12, -48, -14, -8), "fh": (36, -12, 14, 20)},
    {"nf": (2, 36, -32, -50), "ff": (-16, -18, -12, 10), "nh": (36, -16, 12, 20), "fh": (14, -50, -34, -50)},
)


def _legs(
    b: Brush, coat: Coat, gait: dict, planted: bool, sq: float, keys: str
) -> tuple[list[Ring], str, str]:
    """Rings, hooves and socks of the near ("n") or far ("f") pair."""
    rings, hooves, socks = [], "", ""
    turn = sq < 1
    for end in "fh":
        angles, front = gait[keys + end], end == "f"
        x, y = (49 * sq, -113) if front else (-56 * sq, -124)
        ground = -6.0 - (9 if turn and not front else 0) - (3 if turn and keys == "f" else 0)
        x += (14 if front else 10) if turn and keys == "f" else (3 if keys == "f" else 0)
        lengths, widths = (_FRONT, _FRONT_W) if front else (_HIND, _HIND_W)
        bones = chain(x, y, lengths, angles, ground if planted else None)
        start = 1 if keys == "f" else 0
        rings.append(tube(bones[start:], widths[start:]))
        (hx, hy), lean = bones[-1], max(-60.0, min(30.0, 28 - angles[-1])) if not planted else 0
        horn = "#4a4038" if coat.legs or b.rng.random() < 0.5 else "#8a7760"
        hooves += hoof(b, hx, hy - 0.6, 10.4, 6.8, darken(horn, 0.3 if keys == "f" else 0), lean)
        if b.rng.random() < 0.35:
            (ux, uy) = bones[-3]
            socks += paint(curve(tube([(ux, uy), bones[-2], (hx, hy + 2)], [13, 13, 12])), "#efe9de")
    return rings, hooves, socks


def _horse(
    b: Brush,
    coat: Coat,
    gait: dict,
    planted: bool,
    poll: Point,
    tilt: float,
    sq: float = 1.0,
    foal: bool = False,
) -> Sprite:
    """A whole horse with its poll at ``poll`` and its face ``tilt`` degrees below level."""
    base, size = coat.base, 0.92 if foal else 1.08
    px, py = poll[0] * sq, poll[1]
    low = py > -120
    root, mid = (
        (42 * sq, -127),
        ((44 * sq + px) / 2 + (2 if low else -1), (py - 128) / 2 + (-1 if low else 2)),
    )
    if low:
        root = (46 * sq, -120)
    neck = tube([root, mid, (px - 2, py + 7)], [42 if low else 64, 44 if low else 46, 33])
    head = place(squash(_HEAD, 1 if sq == 1 else 0.94), px, py, tilt, size)
    behind, face_marks, features = head_parts(b, coat)
    trunk = [(x * sq, y * 0.86 - 21 if foal else y) for x, y in _TRUNK]
    far, far_hooves, far_socks = _legs(b, coat, gait, planted, sq, "f")
    near, hooves, socks = _legs(b, coat, gait, planted, sq, "n")
    shade = darken(base, 0.34)
    dim = fade_down(b, -120, 120, -66, -44, darken(coat.legs, 0.25), 0.95) if coat.legs else ""
    svg = solid(b, far, shade, 3.0, dim + far_socks, rim=0.5) + far_hooves
    flow = b.rng.uniform(-1, 1)
    tail = pts("-71,-139 -82,-130 -88,-108 -88,-80 -84,-52")
    if not planted:
        tail = pts("-71,-139 -86,-143 -102,-128 -112,-104 -116,-84")
    if foal:
        tail = pts("-70,-138 -79,-132 -83,-118 -84,-104 -83,-94")
    tail = [(x * sq + flow * i * 0.8, y) for i, (x, y) in enumerate(tail)]
    svg += draw_tail(b, coat, tail, [8, 13, 17, 15, 5])
    rings = [trunk, neck, head, *near]
    if sq < 1:
        rings.append(tube([(52 * sq, -140), (62 * sq, -112), (58 * sq, -92)], [30, 44, 30]))
    marks = hide(b, coat, sq) + socks + at(face_marks, px, py, tilt, size)
    svg += at(behind, px, py, tilt, size) + solid(b, rings, base, 6.0, marks) + hooves
    crest = [(px + 1, py - 5), neck[4], (22 * sq, -151)]
    fall = (6, 24) if not low else (-4, 26)
    if foal:
        fall = (fall[0] * 0.3, fall[1] * 0.4)
    svg += draw_mane(b, coat, crest, fall) + at(features, px, py, tilt, size)
    lock = strands(b, [(1, -9), (8, -11.5)], (15, 2.5), 10, 2.4, 0.07)
    svg += at(paint(lock, coat.mane), px, py, tilt, size)
    top = min(py - 28, -160)
    right = max(px + 64 * size * math.cos(math.radians(tilt)) + 12, 82 * sq)
    box = (-126 if not planted else -102 * min(1, sq + 0.06), top, right, 5)
    contacts = [((52 if k else -66) * sq, -1, 16, 3) for k in (0, 1)] + [(0, 0, 64 * sq, 5)]
    return Sprite(svg, box, 100.0 if not foal else 150.0, contacts, "fur", 0.025, relief=0.55)


def _portrait(b: Brush, coat: Coat) -> Sprite:
    """Head and neck, cut off by the lower edge."""
    tilt = b.rng.uniform(38, 52)
    neck = tube([(-16, 30), (-13, -30), (-4, -70), (6, -90)], [112, 80, 56, 42])
    px, py = 4.0, -106.0
    behind, face_marks, features = head_parts(b, coat)
    shade, pale = darken(coat.base, 0.6), lighten(coat.base, 0.45)
    marks = (
        b.spot(18, -52, 14, 44, shade, 0.4)
        + b.spot(-8, -50, 17, 40, pale, 0.28)
        + b.spot(8, -84, 16, 12, shade, 0.4)
    )
    if coat.patch:
        marks = paint(blob(b, -10, -24, 34, 34), coat.patch) + marks
    marks += b.pelt(pts("-50,-80 30,-80 40,0 -60,0"), darken(coat.base, 0.3), 5, 150, (-0.1, 1), 0.14)
    svg = at(behind, px, py, tilt, 1.3) + solid(
        b, [neck, place(_HEAD, px, py, tilt, 1.3)], coat.base, 5.0, marks + at(face_marks, px, py, tilt, 1.3)
    )
    svg += draw_mane(b, coat, pts("6,-109 -16,-96 -34,-64 -52,-18"), (9, 36))
    svg += at(
        features + paint(strands(b, [(0, -9), (8, -11.5)], (17, 2.5), 16, 2.4, 0.07), coat.mane),
        px,
        py,
        tilt,
        1.3,
    )
    if b.rng.random() < 0.5:
        strap = b.rng.choice(("#6b3f22", "#2f4f8a", "#a3262c", "#2e2a28"))
        straps = "M43 -9Q46 0 42 9M43 -5L4 11M2 -8Q-2 2 2 16"
        tack = line(straps, darken(strap, 0.4), 3.4) + line(straps, strap, 2.5)
        rings = ellipse(43, -4, 2.3) + ellipse(3.4, 10.5, 2.0)
        svg += at(tack + paint(rings, stroke="#c9b27a", stroke_width=1.1), px, py, tilt, 1.3)
    return Sprite(
        svg, (-78, -138, 74, 0), 100.0, texture="fur", texture_strength=0.025, relief=0.45, cropped=True
    )


def draw(b: Brush, view: str) -> Sprite:
    """One horse in the pose ``view``."""
    rng = b.rng
    coat = rng.choice(COATS)
    coat = replace(coat, base=jitter(rng, coat.base, 0.02))
    stance = rng.choice((_STAND, _STANCE))
    if view == "portrait":
        return _portrait(b, coat)
    if view == "graze":
        return _horse(
            b,
            coat,
            _STANCE,
            True,
            (104 + rng.uniform(-6, 4), -58 + rng.uniform(-6, 4)),
            66 + rng.uniform(-6, 8),
        )
    if view == "trot":
        return _horse(b, coat, rng.choice(_GAITS), False, (90, -204), 44 + rng.uniform(-4, 8))
    if view == "quarter":
        return _horse(b, coat, stance, True, (100, -200), 56 + rng.uniform(-4, 8), 0.74)
    if view == "foal":
        return _horse(b, coat, stance, True, (80, -190), 40 + rng.uniform(-8, 8), 0.9, True)
    return _horse(
        b, coat, stance, True, (86 + rng.uniform(-4, 4), -200 + rng.uniform(-8, 8)), 42 + rng.uniform(-6, 10)
    )


KIND = Kind(
    draw,
    ("stand", "stand", "graze", "graze", "trot", "trot", "quarter", "portrait", "portrait", "foal"),
    (
        ("meadow", "grass"),
        ("meadow", "grass"),
        ("mountain", "grass"),
        ("park", "grass"),
        ("forest", "grass"),
        ("farmyard", "yard"),
        ("farmyard", "yard"),
        ("country_road", "road"),
        ("beach", "sand"),
        ("snow", "snow"),
    ),
    companions=("person", "person", "dog", "cow", "car"),
    fill=(0.6, 0.95),
    several=0.28,
    portrait=0.1,
)
