"""Dogs: twelve breeds with their own ears, muzzles, tails, legs and coats, in six poses."""

from __future__ import annotations

from ..forms.quadruped import Ring, at, chain, fade_down, place, solid
from ..registry import Kind
from ..toolkit.brush import Brush, Sprite, clockwise, pts, tube
from ..toolkit.colour import darken, jitter, lighten
from .dog_breeds import BREEDS, Breed
from .dog_coat import (
    coat_hairs,
    draw_tail,
    floor_tail,
    foot_colour,
    hind_foot,
    paw,
    side_marks,
)
from .dog_head import front_head, side_head
from .dog_sitting import close_up, sit_front, sit_side

_TRUNK = pts(
    "-35,-51 -29,-56 -15,-57 0,-56.6 16,-59.5 27,-57 34,-49 "
    "35,-42 31,-33.5 21,-27.5 6,-29 -9,-33 -19,-37.5 -28,-40 -36,-44"
)
_FRONT, _FRONT_W = (12.0, 21.0, 8.0), (16, 15, 11.5, 8.2, 6.6, 6.2, 6.6)
_HIND, _HIND_W = (17.0, 19.0, 12.0), (21, 22, 16, 10.4, 6.8, 6.0, 6.4)
_STAND = {"nf": (-24, 3, 10), "ff": (-20, -2, 8), "nh": (22, -40, 2), "fh": (24, -30, 8)}
_WALK = {"nf": (-8, 14, 14), "ff": (-32, -14, -22), "nh": (8, -48, -10), "fh": (34, -16, 12)}


def _stand(b: Brush, breed: Breed, base: str, facing: bool) -> Sprite:
    rng = b.rng
    drop, lx = (1 - breed.legs) * 29, breed.longer
    pose = rng.choice((_STAND, _STAND, _WALK))
    trunk: Ring = [(p[0] * lx, p[1] + drop) for p in _TRUNK]

    def pair(key: str) -> tuple[list[Ring], str]:
        rings, paws = [], ""
        tone = darken(foot_colour(breed, base), 0.3 if key == "f" else 0.0)
        shift = 3 if key == "f" else 0
        stout = 1.0 if breed.legs > 0.6 else 0.82
        for end, x, lengths, widths in (("h", -25, _HIND, _HIND_W), ("f", 23, _FRONT, _FRONT_W)):
            bones = chain(x * lx + shift, (-46 if end == "h" else -45) + drop, lengths, pose[key + end], -3.4)
            rings.append(tube(bones, [w * stout * (1.18 if breed.curly else 1) for w in widths]))
            paws += paw(b, bones[-1][0] + 0.6, -2.6, widths[-1] * 0.95, tone)
        return rings, paws

    far, far_paws = pair("f")
    near, paws = pair("n")
    hx, hy = 38 * lx - (3 if facing else 0), -72 + drop + rng.uniform(-2, 2)
    neck = tube([(21 * lx, -47 + drop), (30 * lx, -61 + drop), (hx + 1, hy + 2)], [27, 20, 17])
    shade = darken(base, 0.32)
    dim = fade_down(b, -60 * lx, 60 * lx, -24, -12, darken(breed.pale, 0.3)) if breed.white else ""
    if breed.tan:
        dim = fade_down(b, -60, 60, -14, -9, darken(breed.tan, 0.3))
    svg = draw_tail(b, breed, base, -33 * lx, -52 + drop) + solid(b, far, shade, 1.6, dim, rim=0.5) + far_paws
    marks = side_marks(b, breed, base, drop)
    dark = darken(base, 0.6)
    marks += b.spot(16 * lx, -42 + drop, 5, 14, dark, 0.25) + b.spot(-15 * lx, -41 + drop, 6, 11, dark, 0.28)
    marks += b.spot(24 * lx, -50 + drop, 8, 10, lighten(base, 0.5), 0.22) + b.spot(
        -26 * lx, -49 + drop, 9, 9, lighten(base, 0.5), 0.22
    )
    marks += b.spot(2 * lx, -29 + drop, 22 * lx, 4, dark, 0.4)
    rings = [trunk, neck, *near]
    tilt = rng.uniform(4, 16)
    if not facing:
        ring, under, over_ = side_head(b, breed, base)
        rings.append(place(ring, hx, hy, tilt))
        marks += at(under, hx, hy, tilt)
    fringe = ""
    if breed.coat > 0.3 and not breed.curly:
        fringe = b.fur(clockwise(trunk), base, 5 * breed.coat, 110, 0.72, 1.4) + b.fur(
            clockwise(neck), base, 4 * breed.coat, 50, 0.7, 1.2
        )
    marks += coat_hairs(b, breed, base, trunk) + coat_hairs(b, breed, base, neck, (-0.4, 0.9))
    svg += fringe + solid(b, rings, base, 3.4, marks) + paws
    if breed.coat > 0.8:
        hem = [
            (34 * lx, -48 + drop),
            (30 * lx, -36 + drop),
            (20 * lx, -29 + drop),
            (0, -31 + drop),
            (-14 * lx, -35 + drop),
        ]
        svg += b.fur(hem[2:], lighten(base, 0.1), 6, 34, 0.45, 1.3, 0.8, closed=False)
        tone = breed.pale if breed.white else lighten(base, 0.18)
        svg += b.fur(hem[:3], tone, 6, 36, 0.45, 1.3, 0.9, closed=False)
    if facing:
        svg += b.spot(hx - 2, hy + 10, 13, 6, dark, 0.35) + at(
            front_head(b, breed, base), hx + 1, hy - 1, rng.uniform(-10, 8), 0.94
        )
    else:
        svg += at(over_, hx, hy, tilt)
    box = (-72 * lx, hy - 26, hx + 38, 3)
    contacts = [(-26 * lx, -0.6, 10, 1.8), (25 * lx, -0.6, 9, 1.8), (0, -0.4, 34 * lx, 3)]
    return Sprite(svg, box, breed.metre, contacts)


def _lie(b: Brush, breed: Breed, base: str) -> Sprite:
    rng, lx = b.rng, breed.longer
    ring = [
        (p[0] * lx, p[1])
        for p in pts("-36,-3 -39,-12 -34,-22 -20,-25.5 -4,-26 10,-30 22,-35 30,-30 31,-18 28,-6 18,-1 -12,-1")
    ]
    feet, dark = foot_colour(breed, base), darken(base, 0.6)
    hx, hy = 27.0 * lx, -46.0
    neck = tube([(20 * lx, -22), (24 * lx, -34), (hx, hy + 3)], [25, 20, 17])
    arm = tube([(20 * lx, -10), (30 * lx, -5.4), (42 * lx, -4), (50 * lx, -3.6)], [14, 8.6, 7, 6.4])
    far = tube([(26 * lx, -10), (36 * lx, -6.4), (52 * lx, -4.6)], [10, 7, 6])
    thigh = tube([(-28 * lx, -11), (-20 * lx, -15), (-10 * lx, -9)], [20, 20, 11])
    marks = at(side_marks(b, breed, base, 0), 0, 31, 0) if breed.saddle or breed.spots or breed.patch else ""
    if breed.white:
        marks += b.spot(28 * lx, -22, 11, 18, breed.pale, 1)
    marks += b.spot(-10 * lx, -14, 7, 12, dark, 0.28) + b.spot(12 * lx, -16, 6, 12, dark, 0.25)
    marks += b.spot(0, -2, 34 * lx, 4.5, dark, 0.5) + coat_hairs(b, breed, base, ring, (-0.8, 0.5))
    svg = at(floor_tail(b, breed, base), -22 * lx + 4, 0, 0, 0.9)
    svg += solid(
        b, [far], darken(base, 0.28), 1.5, b.spot(52 * lx, -4, 14, 8, darken(feet, 0.25), 1.0)
    ) + paw(b, 53 * lx, -4.2, 6, darken(feet, 0.22))
    svg += b.fur(clockwise(ring), base, 4.4 * breed.coat, 120, 0.65, 1.3) if breed.coat > 0.3 else ""
    facing = rng.random() < 0.6
    rings, tilt = [ring, neck, arm], rng.uniform(-2, 14)
    if not facing:
        profile, under, over_ = side_head(b, breed, base)
        rings.append(place(profile, hx, hy, tilt))
        marks += at(under, hx, hy, tilt)
    marks += b.spot(50 * lx, -4, 17, 9, feet, 1.0)
    svg += solid(b, rings, base, 3.2, marks) + solid(
        b, [thigh], base, 2.6, coat_hairs(b, breed, base, thigh, (0.3, 0.9)), rim=0.7
    )
    svg += at(hind_foot(b, feet), -14 * lx, 0) + paw(b, 50.5 * lx, -2.8, 6.6, feet)
    if facing:
        svg += b.spot(hx, hy + 11, 13, 6, dark, 0.4) + at(
            front_head(b, breed, base), hx + 1, hy, rng.uniform(-10, 10), 0.96
        )
    else:
        svg += at(over_, hx, hy, tilt)
    contacts = [(-4 * lx, -0.6, 36 * lx, 2.6), (42 * lx, -0.5, 12, 1.6)]
    return Sprite(svg, (-78 * lx, hy - 26, max(62 * lx, hx + 36), 2), breed.metre, contacts)


def draw(b: Brush, view: str) -> Sprite:
    """One dog in the pose ``view``."""
    breed = b.rng.choice(BREEDS)
    base = jitter(b.rng, b.rng.choice(breed.colours), 0.02)
    if view in ("stand", "look"):
        sprite = _stand(b, breed, base, view == "look")
    else:
        if breed.name == "dachshund" and view == "sit_side":
            view = "lie"
        sprite = {"sit_front": sit_front, "sit_side": sit_side, "lie": _lie, "face": close_up}[view](
            b, breed, base
        )
    sprite.texture, sprite.texture_strength = "fur", 0.04
    return sprite


KIND = Kind(
    draw,
    ("stand", "stand", "look", "sit_front", "sit_side", "lie", "face", "face"),
    (
        ("garden", "grass"),
        ("park", "grass"),
        ("park", "grass"),
        ("meadow", "grass"),
        ("forest", "grass"),
        ("beach", "sand"),
        ("beach", "sand"),
        ("snow", "snow"),
        ("living_room", "floor"),
        ("living_room", "floor"),
        ("bedroom", "floor"),
        ("street", "pavement"),
        ("farmyard", "yard"),
    ),
    companions=("sofa", "person", "person", "cat", "chair", "sheep", "bicycle"),
    fill=(0.58, 0.9),
)
