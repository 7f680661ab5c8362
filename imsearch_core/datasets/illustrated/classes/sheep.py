"""Sheep: woolly and shorn, Suffolk, Texel, Jacob and grey ones, horned rams and lambs."""

from __future__ import annotations

from dataclasses import replace

from ..forms.quadruped import Ring, at, chain, hoof, solid
from ..registry import PASTURES, Kind
from ..toolkit.brush import Brush, Sprite, curve, pts, tube
from ..toolkit.colour import darken, jitter
from .sheep_parts import BREEDS, Breed, fleece, front_head, side_head

_WOOL = {
    "stand": "-41,-46 -37,-58 -26,-64 -6,-65 12,-65 23,-70 30,-79 38,-81 "
    "43,-73 43,-60 39,-46 31,-35 16,-29 -2,-27 -20,-28 -35,-33",
    "graze": "-41,-46 -37,-58 -26,-64 -6,-65 14,-65 30,-60 41,-49 50,-36 "
    "55,-27 50,-20 42,-23 34,-31 17,-29 -2,-27 -20,-28 -35,-33",
    "lie": "-42,-8 -44,-22 -38,-34 -24,-40 -4,-40 12,-41 22,-47 "
    "30,-54 38,-55 43,-47 43,-34 41,-18 35,-5 14,-1 -28,-1",
    "front": "-27,-42 -24,-58 -13,-68 0,-70 13,-68 24,-58 27,-42 24,-30 13,-24 0,-22 -13,-24 -24,-30",
}
_SHORN = {
    "stand": "-38,-50 -33,-58 -20,-60 0,-59 16,-61 26,-67 32,-76 38,-77 "
    "42,-69 40,-58 36,-47 29,-37 16,-31 -2,-30 -18,-33 -31,-38",
    "graze": "-38,-50 -33,-58 -20,-60 0,-59 16,-60 29,-54 40,-45 50,-33 "
    "54,-26 49,-21 42,-25 33,-33 17,-31 -2,-30 -18,-33 -31,-38",
}
_FRONT, _FRONT_W = (10.0, 20.0, 14.0), (10, 9, 7.6, 6.2, 5.0, 4.6, 4.8)
_HIND, _HIND_W = (14.0, 20.0, 15.0), (15, 14, 11, 8, 5.4, 4.8, 4.8)
_STAND = {"nf": (-14, 3, 0), "ff": (-12, -4, 0), "nh": (18, -26, 4), "fh": (18, -16, 6)}
_WALK = {"nf": (-4, 12, 8), "ff": (-18, -12, -8), "nh": (10, -34, -8), "fh": (26, -10, 12)}


def _side(b: Brush, breed: Breed, view: str, facing: bool) -> Sprite:
    rng, lamb = b.rng, breed.lamb
    pose = rng.choice((_STAND, _STAND, _WALK))
    shape = (_SHORN if breed.shorn or lamb else _WOOL)[view]
    squeeze = 0.74 if lamb else 1.0
    ring = [(x * squeeze, y * 0.98 - (2 if lamb else 0)) for x, y in pts(shape)]

    hips = 23 if breed.shorn or lamb else 27

    def pair(key: str) -> tuple[list[Ring], str]:
        rings, hooves = [], ""
        for end, x, y, lengths, widths in (
            ("h", -hips, -40, _HIND, _HIND_W),
            ("f", hips - 2, -41, _FRONT, _FRONT_W),
        ):
            shift = (3 if lamb else 5) if key == "f" else 0
            bones = chain(x * squeeze + shift, y, lengths, pose[key + end], -4.4)
            rings.append(tube(bones, [w * (1.15 if breed.shorn else 1.08) for w in widths]))
            hooves += hoof(b, *bones[-1][:2], 5.4, 4.4, "#3a322c" if key == "f" else "#4f443a", cloven=True)
        return rings, hooves

    far, far_hooves = pair("f")
    near, hooves = pair("n")
    svg = solid(b, far, darken(breed.skin, 0.3), 1.3, rim=0.5) + far_hooves
    svg += solid(b, near, breed.skin, 1.5, b.spot(0, -29, 50, 9, darken(breed.skin, 0.7), 0.6)) + hooves
    if lamb or breed.shorn:
        tail = tube([(-34 * squeeze, -54), (-40 * squeeze, -50), (-42 * squeeze, -38)], [6, 6.4, 4])
        svg += b.form(curve(tail), breed.wool, 1.4)
    svg += fleece(b, ring, breed, 0.8 if lamb else 1.0)
    hx, hy, tilt = 38.0, -74.0, 22 + rng.uniform(-8, 12)
    if view == "graze":
        hx, hy, tilt = 51.0, -26.0, 52 + rng.uniform(-3, 6)
    hx *= squeeze if view == "stand" else 0.8 if lamb else 1.0
    size = 1.12 if lamb else 1.08
    if facing:
        svg += at(front_head(b, breed), hx - 1, hy + 1, rng.uniform(-8, 8), 1.12)
    else:
        svg += side_head(b, breed, hx, hy, tilt, size)
    box = (-50, -74 if view == "graze" else -104 if breed.ram or lamb else -94, hx + 34, 3)
    contacts = [(-28 * squeeze, -0.6, 10, 1.8), (27 * squeeze, -0.6, 9, 1.8), (0, -0.2, 36 * squeeze, 3)]
    return Sprite(svg, box, 100.0 if not lamb else 170.0, contacts)


def _lie(b: Brush, breed: Breed) -> Sprite:
    rng, ring = b.rng, pts(_WOOL["lie"])
    svg = fleece(b, ring, breed)
    leg = tube(pts("26,-7 38,-5 46,-3.6 40,-2.4 30,-2.4"), [9, 7.4, 5.6, 5, 4.6])
    svg += solid(b, [leg], breed.skin, 1.3) + hoof(b, 31, -2.4, 4.8, 4.6, "#4f443a", 80, True)
    svg += hoof(b, 2, -3.2, 5, 6, "#4f443a", -75, True)
    if rng.random() < 0.5:
        svg += at(front_head(b, breed), 37, -47, rng.uniform(-8, 8), 1.14)
    else:
        svg += side_head(b, breed, 38, -49, 18 + rng.uniform(-6, 8), 1.1)
    return Sprite(svg, (-48, -76, 70, 2), 100.0 if not breed.lamb else 170.0, [(-2, -0.8, 42, 3.4)])


def _facing(b: Brush, breed: Breed) -> Sprite:
    rng = b.rng
    ring = [(x * (0.8 if breed.shorn or breed.lamb else 1.0), y) for x, y in pts(_WOOL["front"])]
    hind = [tube([(s * 13, -32), (s * 12.6, -18), (s * 12.2, -8)], [9, 6, 5]) for s in (-1, 1)]
    legs = [tube([(s * 9, -34), (s * 9, -18), (s * 8.6, -5)], [10, 6.4, 5.2]) for s in (-1, 1)]
    svg = solid(b, hind, darken(breed.skin, 0.4), 1.2, rim=0.4)
    svg += "".join(hoof(b, s * 12.2, -8, 5.2, 4, "#332b26", cloven=True) for s in (-1, 1))
    svg += solid(b, legs, breed.skin, 1.5, b.spot(0, -26, 22, 9, darken(breed.skin, 0.7), 0.6))
    svg += "".join(hoof(b, s * 8.6, -4.8, 6, 4.8, "#4f443a", cloven=True) for s in (-1, 1))
    svg += fleece(b, ring, breed)
    x, wide = rng.uniform(-4, 4), 40 if breed.ram else 33
    svg += b.spot(x, -46, 13, 13, darken(breed.wool, 0.6), 0.45)
    svg += at(front_head(b, breed), x, -60 + rng.uniform(-4, 3), rng.uniform(-8, 8), 1.2)
    return Sprite(
        svg,
        (-wide, -92, wide, 3),
        100.0 if not breed.lamb else 170.0,
        [(0, -0.8, 18, 2.6), (-9, -0.4, 6, 1.6), (9, -0.4, 6, 1.6)],
    )


def _face(b: Brush, breed: Breed) -> Sprite:
    ring = pts("-31,8 -31,-10 -25,-25 -12,-34 12,-34 25,-25 31,-10 31,8")
    svg = fleece(b, ring, breed, 1.0) + b.spot(0, -14, 17, 17, darken(breed.wool, 0.6), 0.45)
    svg += at(front_head(b, breed), 0, -32, b.rng.uniform(-10, 10), 1.75)
    wide = 58 if breed.ram else 40
    return Sprite(svg, (-wide, -64, wide, 0), 100.0, relief=0.4, cropped=True)


def draw(b: Brush, view: str) -> Sprite:
    """One sheep in the pose ``view``."""
    breed = b.rng.choice(BREEDS)
    breed = replace(breed, wool=jitter(b.rng, breed.wool, 0.018))
    if view in ("stand", "graze", "look"):
        sprite = _side(b, breed, "graze" if view == "graze" else "stand", view == "look")
    else:
        sprite = {"front": _facing, "lie": _lie, "face": _face}[view](b, breed)
    sprite.texture, sprite.texture_strength = "fur", 0.04
    return sprite


KIND = Kind(
    draw,
    ("stand", "stand", "graze", "graze", "look", "front", "lie", "face"),
    (
        *PASTURES,
        ("snow", "snow"),
    ),
    companions=("cow", "dog", "person"),
    fill=(0.58, 0.92),
    several=0.45,
    portrait=0.08,
)
