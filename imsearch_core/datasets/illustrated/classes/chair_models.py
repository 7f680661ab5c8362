"""The makes of chair, each built standing at the middle of a `Shop`'s current spot, facing us (-z)."""

from __future__ import annotations

import math

from ..forms.joinery import LACQUER, TIMBER, Shop
from ..forms.outline import disc
from ..toolkit.brush import line, track
from ..toolkit.colour import darken, jitter, lighten

SEAT_CLOTHS = (
    "#3f5472",
    "#7f8a94",
    "#8a4a42",
    "#5a6b5e",
    "#2b2c30",
    "#b5763a",
    "#c2b49c",
    "#4f7a7a",
    "#2f2d33",
)


def wood(shop: Shop, painted: float = 0.2) -> str:
    """A timber or, with chance ``painted``, a lacquer."""
    rng = shop.b.rng
    return jitter(rng, rng.choice(LACQUER if rng.random() < painted else TIMBER), 0.025)


def _legs(
    shop: Shop, w: float, d: float, h: float, splay: float, thick: float, colour: str, style: int
) -> None:
    for sx in (-1, 1):
        for sz in (-1, 1):
            top = (sx * w, h, sz * d)
            foot = (sx * (w + splay), 0, sz * (d + splay))
            shop.turned(top, foot, thick, colour, 0, style)
            shop.foot(foot[0], foot[2], 2.2)


def rail(shop: Shop, y0: float, y1: float, w: float, z: float, bow: float, crown: float, colour: str) -> None:
    """A bowed back rail between the posts, lower edge y0, upper edge y1."""

    def surface(u: float, v: float) -> tuple[float, float, float]:
        x, arch = (u * 2 - 1) * w, 1 - (u * 2 - 1) ** 2
        return (x, y0 + (y1 - y0) * v + crown * arch * (0.3 + 0.7 * v), z(y0) + arch * bow + v * 1.2)

    shop.sheet(surface, 8, 2, colour, 2, 0.6, 1.1)


def _bars(shop: Shop, w: float, d: float, y: float, splay: float, h: float, colour: str) -> None:
    """Stretchers between the legs at height ``y``."""
    t = 1 - y / h
    x, z = w + splay * t, d + splay * t
    for sx in (-1, 1):
        shop.tube([(sx * x, y, -z), (sx * x, y, 0), (sx * x, y, z)], [2, 2.6, 2], colour)
    shop.tube([(-x, y + 4, -z), (0, y + 4, -z), (x, y + 4, -z)], [2, 2.6, 2], colour)
    shop.tube([(-x, y, z), (0, y, z), (x, y, z)], [2, 2.4, 2], colour)


def kitchen(shop: Shop) -> None:
    """Plain wooden chair with rails or slats, perhaps a padded seat."""
    rng, colour = shop.b.rng, wood(shop, 0.3)
    style, top = rng.randrange(3), rng.uniform(86, 94)
    _legs(shop, 18, 18, 43, 1.0, 4.2, colour, rng.choice((0, 0, 1)))
    _bars(shop, 18, 18, 16, 1.0, 43, colour)
    seat = jitter(rng, rng.choice(SEAT_CLOTHS), 0.03) if rng.random() < 0.3 else colour
    shop.slab(disc(22.5, 21.5, 5), 42, 46 if seat == colour else 48, seat, lines=0 if seat != colour else 10)

    def z(y: float) -> float:
        return 18 + (y - 44) * 0.16

    for sx in (-1, 1):
        ends = [(sx * 18.5, 44, 18.5), (sx * 18.8, (44 + top) / 2, z((44 + top) / 2)), (sx * 19, top, z(top))]
        shop.tube(ends, [4, 3.8, 3], colour, 2)
    rail(shop, top - 10, top - 1, 19, z, 4, 1.5, colour)
    if style == 0:
        for y in (58, 68):
            rail(shop, y, y + 6, 18.5, z, 4, 0.5, colour)
    else:
        rail(shop, 52, 56, 18.5, z, 3, 0.3, colour)
        for i in range(-2, 3) if style == 1 else (-1.2, 0, 1.2):
            x, bow = i * 6.4, 3.4 * (1 - (i / 3) ** 2)
            wide = 2.2 if style == 1 else 6.0
            shop.tube(
                [(x, 55, z(55) + bow), (x, 66, z(66) + bow), (x, top - 9, z(top) + bow)],
                [wide] * 3,
                colour,
                2,
            )


def windsor(shop: Shop, rockers: bool = False) -> None:
    """Hoop-back with spindles, saddle seat and splayed turned legs; also the rocking chair."""
    rng, colour = shop.b.rng, wood(shop, 0.18)
    style, splay, tall = rng.choice((1, 1, 2)), 6.0, rng.uniform(92, 104) + 6 * rockers
    _legs(shop, 15, 14, 42, splay, 4.6, colour, style)
    t = 1 - 17 / 42
    for sx in (-1, 1):
        side = [
            (sx * (15 + splay * t), 17, -14 - splay * t),
            (sx * 18, 17, 0),
            (sx * (15 + splay * t), 17, 14 + splay * t),
        ]
        shop.tube(side, [1.8, 3.4, 1.8], colour)
    shop.tube([(-18, 17, 0), (0, 17, 0), (18, 17, 0)], [1.8, 3.2, 1.8], colour)
    if rockers:
        for sx in (-1, 1):
            arc = [
                (sx * 21.4, 3.4 + 6 * (u * u) - 3.2, u * 46 + 4)
                for u in (-1, -0.7, -0.35, 0, 0.35, 0.7, 1.15)
            ]
            shop.tube(arc, [3.2, 3.8, 4.2, 4.4, 4.2, 3.8, 3], colour, 0.5)
    shop.slab(disc(23, 22, 2.7), 41.5, 46, colour, lines=12, shine=0.3)

    def hoop(a: float) -> tuple[float, float, float]:
        y = 45 + (tall - 45) * math.sin(a) ** 0.72
        return (-math.cos(a) * 20 * (1 + 0.12 * math.sin(a)), y, 16 + (y - 45) * 0.22)

    arms = rockers or rng.random() < 0.35
    for i in range(1, 8):
        x, y, z = hoop(math.pi * (0.16 + 0.68 * i / 8))
        y, z = y - 1.5, z - 0.3
        base = (x * 0.78, 45, 17.5)
        mid = ((x + base[0]) / 2, (y + 45) / 2, (z + 17.5) / 2)
        shop.tube([base, mid, (x, y, z)], [1.3, 2.0, 1.2], colour, 2, nearer=0.5)
    ring = [hoop(max(0.02, min(math.pi - 0.02, math.pi * i / 14))) for i in range(15)]
    if rockers and rng.random() < 0.6:
        for sx in (-1, 1):
            shop.tube(
                [(sx * 18, 45, 17), (sx * 19.5, 72, 23), (sx * 20.5, tall, 29)], [3, 3.2, 2.8], colour, 2
            )
        rail(shop, tall - 12, tall, 21, lambda y: 16 + (y - 45) * 0.22, 3, 3, colour)
    else:
        shop.tube(ring, [2.6] * 15, colour, 2)
    if arms:
        for sx in (-1, 1):
            shop.tube(
                [(sx * 19.6, 68, 21), (sx * 24, 67, 4), (sx * 24, 66.5, -15)], [2.8, 3.6, 4.6], colour, 2
            )
            shop.tube(
                [(sx * 20, 45, -10), (sx * 22, 56, -11), (sx * 23.5, 66, -11)], [1.8, 3, 1.8], colour, 2
            )


def rocking(shop: Shop) -> None:
    """A windsor on rockers."""
    windsor(shop, True)


def ladder(shop: Shop) -> None:
    """Tall ladder-back with a woven rush seat."""
    rng, colour = shop.b.rng, wood(shop, 0.15)
    top, w = rng.uniform(100, 112), 20.0
    _legs(shop, w, 18, 43, 0.4, 3.8, colour, 0)
    for y in (14, 28):
        _bars(shop, w, 18, y, 0.4, 43, colour)
    rush = jitter(rng, "#c2a468", 0.03)

    def weave(_: str) -> str:
        light, dark, middle = [], [], shop.at((0, 46, 0), False)
        corners = [shop.at((sx * 23, 46, sz * 21), False) for sx, sz in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        for i in range(4):
            p, q = corners[i - 1], corners[i]
            for j in range(1, 10):
                t = j / 10
                ends = (
                    *(p[a] + (middle[a] - p[a]) * t for a in (0, 1)),
                    "L",
                    *(q[a] + (middle[a] - q[a]) * t for a in (0, 1)),
                )
                (light if j % 2 else dark).append(track("M", *ends))
        seams = "".join(track("M", c[0], c[1], "L", middle[0], middle[1]) for c in corners)
        return (
            line("".join(dark), darken(rush, 0.45), 0.9, opacity=0.7)
            + line("".join(light), lighten(rush, 0.5), 0.9, opacity=0.7)
            + line(seams, darken(rush, 0.55), 1.1, opacity=0.6)
        )

    shop.slab(disc(22.5, 20.5, 7), 42.5, 46, rush, lines=0, marks=weave)

    def z(y: float) -> float:
        return 18 + (y - 44) * 0.13

    for sx in (-1, 1):
        post = [
            (sx * w, 44, 18),
            (sx * w, 75, z(75)),
            (sx * w, top, z(top)),
            (sx * w, top + 3, z(top)),
            (sx * w, top + 7, z(top)),
        ]
        shop.tube(post, [3.8, 3.6, 3.2, 2, 3.6], colour, 2)
    count = rng.choice((3, 4, 5))
    for i in range(count):
        y = 53 + i * (top - 60) / (count - 0.35)
        rail(shop, y, y + 6, w, z, 3.5, 3, colour)


def thonet(shop: Shop) -> None:
    """Bentwood cafe chair: round cane seat and two hoops for a back."""
    rng, colour = (
        shop.b.rng,
        jitter(shop.b.rng, shop.b.rng.choice(("#6b3f28", "#2f2624", "#8f5a30", "#a67c52", "#5d3d28")), 0.02),
    )
    for sx in (-1, 1):
        shop.tube([(sx * 15, 44, -13), (sx * 17, 22, -16), (sx * 20, 0, -19)], [3.4, 3, 2.4], colour)
        shop.tube([(sx * 15, 44, 13), (sx * 16, 22, 17), (sx * 18, 0, 24)], [3.4, 3, 2.4], colour)
        shop.foot(sx * 20, -19, 2)
        shop.foot(sx * 18, 24, 2)
    ring = [(x, 24, z) for x, z in disc(15, 15, steps=18)]
    shop.tube([*ring[9:], ring[0]], [2] * 10, colour)
    shop.tube(ring[:10], [2] * 10, colour)
    cane = rng.random() < 0.75

    def net(_: str) -> str:
        rows = []
        for i in range(-9, 10):
            for ends in (((i * 2.2, -20), (i * 2.2, 20)), ((-20, i * 2.2), (20, i * 2.2))):
                rows.append(shop.stroke(*((x, 46, z) for x, z in ends)))
        return line("".join(rows), "#7a5a30", 0.8, opacity=0.65)

    shop.slab(disc(21), 42.5, 46, colour, lines=6)
    shop.slab(
        disc(17.5),
        45.6,
        46,
        "#d8b980" if cane else darken(colour, 0.1),
        1.2,
        lines=0 if cane else 8,
        marks=net if cane else None,
    )
    for w, tall in ((18, 90), (11.5, 78)):
        hoop = []
        for i in range(15):
            a = math.pi * i / 14
            y = 45 + (tall - 45) * math.sin(a) ** 0.62
            hoop.append((-math.cos(a) * w * (1 + 0.16 * math.sin(a)), y, 15 + (y - 45) * 0.2))
        shop.tube(hoop, [3.2 if w > 15 else 2.4] * 15, colour, 2, nearer=0 if w > 15 else 0.5)
