"""Cattle: Holsteins, Jerseys, Herefords, Highlands and more; standing, grazing, lying, and face to face."""

from __future__ import annotations

from dataclasses import replace

from ..forms.quadruped import Ring, at, blob, chain, fade_down, hoof, place, solid, squash, strands
from ..registry import PASTURES, Kind
from ..toolkit.brush import Brush, Sprite, clockwise, curve, paint, pts, tube
from ..toolkit.colour import darken, jitter, lighten
from .cow_parts import BREEDS, TRUNK, Breed, face_marks, fringe, front_head, hide, profile

_HEAD = pts(
    "-7,-6 2,-12 16,-11.6 32,-8.6 43,-9.4 50.5,-6 53,1 50.5,7.6 45,10.6 39,9.6 28,11.6 15,16.6 4,16 -5,8"
)
_FRONT, _FRONT_W = (22.0, 36.0, 24.0, 7.0), (36, 32, 24, 18, 13.6, 10.6, 9.4, 10.6, 10.4)
_HIND, _HIND_W = (30.0, 42.0, 32.0, 8.0), (44, 44, 37, 25, 15.6, 11.8, 10, 11, 10.6)
_STAND = {"nf": (-12, 2, 0, 16), "ff": (-12, -3, 0, 16), "nh": (20, -28, 4, 18), "fh": (20, -20, 4, 18)}
_WALK = {"nf": (-4, 12, 4, 16), "ff": (-18, -12, -8, 6), "nh": (16, -36, -6, 10), "fh": (26, -14, 12, 20)}


def _side(b: Brush, breed: Breed, graze: bool, facing: bool) -> Sprite:
    rng, base = b.rng, breed.base
    pose = rng.choice((_STAND, _WALK))
    sq = rng.choice((1.0, 1.0, 0.82)) if not graze else 1.0
    px, py, tilt = (
        (108 + rng.uniform(-4, 4), -50 + rng.uniform(-3, 3), 68)
        if graze
        else (86 * sq + 4, -142 + rng.uniform(-8, 6), 34 + rng.uniform(-8, 8))
    )
    if facing:
        px -= 6
    if graze:
        neck = tube([(52, -102), ((52 + px) / 2 + 3, (py - 100) / 2 - 3), (px - 4, py + 6)], [58, 44, 32])
    else:
        neck = tube([(46 * sq, -108), ((50 * sq + px) / 2, (py - 106) / 2), (px - 2, py + 10)], [58, 46, 34])

    def pair(key: str) -> tuple[list[Ring], str]:
        rings, hooves, turn = [], "", sq < 1
        for end, x, y, lengths, widths in (
            ("h", -64, -110, _HIND, _HIND_W),
            ("f", 48, -98, _FRONT, _FRONT_W),
        ):
            shift = 9 if key == "f" and turn else 5 if key == "f" else 0
            ground = -6.4 - (8 if turn and end == "h" else 0) - (3 if turn and key == "f" else 0)
            bones = chain(x * sq + shift, y, lengths, pose[key + end], ground)
            start = 2 if key == "f" else 0
            rings.append(tube(bones[start:], widths[start:]))
            hooves += hoof(
                b, *bones[-1][:2], 11.4, 6.6, darken("#5a4c3e", 0.35 if key == "f" else 0.05), cloven=True
            )
        return rings, hooves

    far, far_hooves = pair("f")
    near, hooves = pair("n")
    trunk, dark = squash(TRUNK, sq), darken(base, 0.6)
    dim = fade_down(b, -120, 110, -38, -26, darken(breed.socks, 0.3)) if breed.socks else ""
    if breed.patch:
        dim += paint(blob(b, -52 * sq, -62, 12, 16) + blob(b, 56 * sq, -60, 10, 14), darken(breed.patch, 0.2))
    svg = solid(b, far, darken(base, 0.3), 3.0, dim, rim=0.5) + far_hooves
    if breed.udder:
        udder = curve(
            [
                (-46 * sq, -66),
                (-22 * sq, -62),
                (-22 * sq, -50),
                (-32 * sq, -44),
                (-44 * sq, -46),
                (-50 * sq, -56),
            ]
        )
        teats = "".join(curve(tube([(x * sq, -47), (x * sq, -39)], [3.6, 2.4])) for x in (-28, -37))
        svg += paint(teats, "#c98f86") + b.form(udder, "#dcb0a4", 3.4)
    sway = rng.uniform(-3, 3)
    tail = [
        (-80 * sq, -132),
        (-87 * sq, -122),
        (-89 * sq, -96),
        (-88 * sq + sway, -70),
        (-88 * sq + sway, -56),
    ]
    svg += b.form(curve(tube(tail, [9, 7, 5, 4, 4])), base, 1.3)
    switch = breed.patch if breed.patch else darken(base, 0.25)
    svg += paint(
        strands(b, [(-90 * sq + sway, -60), (-86 * sq + sway, -58)], (0, 28), 16, 3.2, 0.1),
        switch if switch < "#d" else "#d8d0c2",
    )
    marks = hide(b, breed, sq) + b.spot(px - 16, py + 24, 15, 18, dark, 0.25)
    rings = [trunk, neck, *near]
    svg += fringe(b, breed, [trunk, neck])
    if facing:
        svg += solid(b, rings, base, 6.0, marks) + hooves + b.spot(px - 6, py + 20, 22, 14, dark, 0.4)
        svg += at(front_head(b, breed), px, py + 2, rng.uniform(-6, 6), 0.98)
        right = px + (70 if breed.shaggy else 40)
    else:
        behind, features = profile(b, breed)
        rings.append(place(_HEAD, px, py, tilt, 1.06))
        svg += at(behind, px, py, tilt, 1.06) + solid(
            b, rings, base, 6.0, marks + at(face_marks(b, breed), px, py, tilt, 1.06)
        )
        svg += hooves + at(features, px, py, tilt, 1.06)
        right = px + (74 if breed.horn else 56)
    top = min(py - (66 if breed.shaggy else 44), -146)
    contacts = [(-66 * sq, -1, 17, 3), (52 * sq, -1, 16, 3), (0, 0, 70 * sq, 5)]
    return Sprite(svg, (-102, top, max(right, 84), 4), 100.0, contacts)


def _facing(b: Brush, breed: Breed) -> Sprite:
    """The whole cow seen from the front."""
    rng, base, dark = b.rng, breed.base, darken(breed.base, 0.6)
    back = pts("-34,-92 -33,-118 -20,-134 0,-138 20,-134 33,-118 34,-92 30,-68 16,-56 -16,-56 -30,-68")
    chest = pts("-25,-84 -24,-108 -12,-122 12,-122 24,-108 25,-84 18,-66 8,-56 0,-52 -8,-56 -18,-66")
    legs = [
        tube([(s * 16, -80), (s * 16, -48), (s * 15.4, -26), (s * 15.6, -7)], [24, 15, 10.4, 10.4])
        for s in (-1, 1)
    ]
    hind = [tube([(s * 20, -70), (s * 21, -36), (s * 19.6, -13)], [22, 13, 10]) for s in (-1, 1)]
    dim = fade_down(b, -40, 40, -38, -26, darken(breed.socks, 0.35)) if breed.socks else ""
    svg = solid(b, hind, darken(base, 0.38), 2.4, dim, rim=0.4)
    svg += "".join(hoof(b, s * 19.6, -12.6, 11, 6.4, "#352d28", cloven=True) for s in (-1, 1))
    marks = ""
    if breed.patch:
        marks += paint(
            blob(b, -24, -108, 16, 26) + blob(b, 27, -84, 12, 22) + blob(b, rng.uniform(-8, 8), -66, 9, 9),
            breed.patch,
        )
    if breed.face == "white":
        marks += b.spot(0, -76, 16, 36, "#efe8dc", 1)
    if breed.socks:
        marks += fade_down(b, -40, 40, -38, -26, breed.socks)
    marks += "".join(
        b.spot(s * 24, -88, 7, 26, dark, 0.34) + b.spot(s * 14, -92, 9, 20, lighten(base, 0.5), 0.2)
        for s in (-1, 1)
    )
    marks += b.spot(0, -92, 22, 24, dark, 0.36) + b.spot(0, -62, 7, 16, dark, 0.35)
    if breed.shaggy:
        marks += b.pelt(back, darken(base, 0.4), 14, 150, (0, 1), 0.4) + b.pelt(
            back, lighten(base, 0.3), 14, 150, (0, 1), 0.4
        )
        svg += b.fur(clockwise(back), darken(base, 0.15), 10, 80, 0.6, 2.4)
    svg += solid(b, [back, chest, *legs], base, 5.0, marks)
    if breed.shaggy:
        svg += paint(
            strands(b, pts("-30,-70 -14,-58 0,-54 14,-58 30,-70"), (0, 18), 50, 3.4, 0.1), darken(base, 0.2)
        )
    svg += "".join(hoof(b, s * 15.4, -7, 11.6, 7, "#54483c", cloven=True) for s in (-1, 1))
    svg += at(front_head(b, breed), rng.uniform(-7, 7), -122, rng.uniform(-7, 7), 1.08)
    wide = 66 if breed.shaggy else 50
    top = -209 if breed.shaggy else -172
    return Sprite(svg, (-wide, top, wide, 4), 100.0, [(0, -1, 30, 4), (-16, 0, 11, 3), (16, 0, 11, 3)])


def _lie(b: Brush, breed: Breed) -> Sprite:
    rng, base, dark = b.rng, breed.base, darken(breed.base, 0.6)
    ring = pts(
        "-80,-8 -88,-28 -84,-54 -66,-68 -40,-68 -6,-64 24,-68 44,-72 62,-64 70,-46 68,-24 56,-6 20,-1 -30,-1"
    )
    px, py = 74.0, -92.0
    neck = tube([(50, -44), (60, -66), (px - 1, py + 8)], [54, 44, 33])
    thigh = tube([(-66, -28), (-48, -36), (-24, -22)], [44, 44, 22])
    shank = tube([(-26, -20), (-44, -7), (-20, -5), (-8, -5)], [17, 12, 10, 9])
    arm = tube([(46, -24), (66, -15), (72, -8), (58, -5), (44, -5)], [26, 17, 13, 10, 9])
    marks = at(hide(b, breed), 0, 62, 0) if not breed.socks else hide(b, _without_white(breed))
    marks += b.spot(0, -3, 80, 9, dark, 0.5) + b.spot(20, -34, 8, 28, dark, 0.25)
    svg = (
        fringe(b, breed, [neck])
        if not breed.shaggy
        else b.fur(clockwise(ring), darken(base, 0.15), 10, 90, 0.6, 2.4)
    )
    rings, facing = [ring, neck], rng.random() < 0.6
    tilt = rng.uniform(18, 32)
    if facing:
        svg += solid(b, rings, base, 6.0, marks)
    else:
        behind, features = profile(b, breed)
        rings.append(place(_HEAD, px, py, tilt, 1.04))
        svg += at(behind, px, py, tilt, 1.04) + solid(
            b, rings, base, 6.0, marks + at(face_marks(b, breed), px, py, tilt, 1.04)
        )
    spots = paint(blob(b, -56, -34, 16, 13), breed.patch) if breed.patch else ""
    lower = b.spot(-14, -5, 26, 8, breed.socks, 1) if breed.socks else ""
    svg += solid(b, [thigh, shank], base, 4.0, spots + lower, rim=0.7) + solid(
        b, [arm], base, 2.8, b.spot(52, -4, 22, 8, breed.socks, 1) if breed.socks else "", rim=0.7
    )
    svg += hoof(b, -6, -5.6, 9, 8, "#54483c", -70, True) + hoof(b, 44, -5, 8, 8, "#54483c", 75, True)
    if facing:
        svg += b.spot(px - 4, py + 24, 24, 14, dark, 0.45) + at(
            front_head(b, breed), px, py, rng.uniform(-6, 6)
        )
    else:
        svg += at(features, px, py, tilt, 1.04)
    wide = 70 if breed.shaggy else 58
    return Sprite(svg, (-100, py - (68 if breed.shaggy else 46), px + wide, 3), 100.0, [(-6, -1, 84, 6)])


def _without_white(breed: Breed) -> Breed:
    """The same breed without white legs, for a body without legs."""
    return replace(breed, socks="", face="")


def _face(b: Brush, breed: Breed) -> Sprite:
    base, dark = breed.base, darken(breed.base, 0.6)
    ring = pts("-40,6 -38,-12 -30,-30 -17,-44 17,-44 30,-30 38,-12 40,6")
    marks = b.spot(0, -16, 26, 26, dark, 0.45)
    if breed.patch:
        marks = paint(blob(b, b.rng.choice((-26, 26)), -12, 20, 24), breed.patch) + marks
    if breed.face == "white":
        marks = b.spot(0, 0, 20, 50, "#efe8dc", 1) + marks
    marks += b.pelt(ring, lighten(base, 0.3), 6 if not breed.shaggy else 13, 110, (0, 1), 0.25)
    svg = solid(b, [ring], base, 6.0, marks) + at(front_head(b, breed), 0, -46, b.rng.uniform(-9, 9), 1.25)
    wide = 72 if breed.shaggy else 52
    return Sprite(
        svg,
        (-wide, -142 if breed.shaggy else -93 - 16 * breed.horn, wide, 0),
        100.0,
        relief=0.4,
        cropped=True,
    )


def draw(b: Brush, view: str) -> Sprite:
    """One cow in the pose ``view``."""
    breed = b.rng.choice(BREEDS)
    breed = replace(breed, base=jitter(b.rng, breed.base, 0.018))
    if view in ("stand", "graze", "look"):
        sprite = _side(b, breed, view == "graze", view == "look")
    else:
        sprite = {"front": _facing, "lie": _lie, "face": _face}[view](b, breed)
    sprite.texture, sprite.texture_strength = "fur", 0.035
    return sprite


KIND = Kind(
    draw,
    ("stand", "stand", "look", "look", "graze", "graze", "lie", "front", "face"),
    (
        *PASTURES,
        ("beach", "sand"),
        ("forest", "grass"),
    ),
    companions=("sheep", "person", "horse", "dog"),
    fill=(0.62, 0.95),
    several=0.4,
    portrait=0.08,
)
