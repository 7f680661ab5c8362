"""Newer makes of chair: moulded shell, swivel chair, folding garden chair, bar stool."""

from __future__ import annotations

import math

from ..forms.joinery import Shop
from ..forms.outline import disc
from ..toolkit.brush import dense, pts
from ..toolkit.colour import darken, jitter
from .chair_models import SEAT_CLOTHS, rail, wood

PLASTICS = ("#e8e4dc", "#2f3236", "#c8503a", "#4f8a94", "#d6a93a", "#7a9a6a", "#d9d2c4", "#6a7f9a")


def shell(shop: Shop) -> None:
    """Moulded plastic shell on splayed dowel legs."""
    rng = shop.b.rng
    colour, leg = jitter(rng, rng.choice(PLASTICS), 0.03), rng.choice(("#c9a676", "#b98d5c", "#a67c52"))
    for sx in (-1, 1):
        for sz in (-1, 1):
            shop.tube(
                [(sx * 10, 40, sz * 8 + 1), (sx * 16, 20, sz * 15 + 2), (sx * 22, 0, sz * 22 + 3)],
                [3.4, 3, 2.2],
                leg,
            )
            shop.foot(sx * 22, sz * 22 + 3, 2)
    wire = [((-15, 26, -13), (15, 12, 18)), ((15, 26, -13), (-15, 12, 18))]
    for p, q in wire:
        shop.tube([p, q], [1, 1], "#3a3c40", 0.2)

    smooth = [*dense(pts("-22,43 -15,44 0,41 12,42 19,50 23,64 26,82"), False, 6), (26.0, 82.0)]

    def profile(v: float) -> tuple[float, float]:
        return smooth[min(36, round(v * 36))]

    def surface(u: float, v: float) -> tuple[float, float, float]:
        a, (z, y) = u * 2 - 1, profile(v)
        wide = 21 + 3.5 * math.sin(v * math.pi) - max(0, v - 0.72) ** 1.6 * 40
        curl = abs(a) ** 2.6
        lift = 9 * math.sin(min(1.0, 0.14 + v * 1.05) * math.pi)
        return (
            a * wide,
            y + curl * (lift - max(0.0, v - 0.75) ** 1.5 * 70),
            z - curl * 8 * max(0.0, v - 0.45) / 0.55,
        )

    shop.sheet(surface, 12, 18, colour, 1, rim=1.4)


def office(shop: Shop) -> None:
    """Swivel chair on a five-star base with castors."""
    rng = shop.b.rng
    cloth, metal = jitter(rng, rng.choice(SEAT_CLOTHS), 0.03), rng.choice(("#2a2b30", "#2a2b30", "#a9adb3"))
    turn, tall = rng.uniform(0, 1.2), rng.uniform(98, 116)
    for i in range(5):
        a = turn + math.tau * i / 5
        x, z = math.sin(a) * 30, math.cos(a) * 30
        shop.tube([(0, 13, 0), (x * 0.55, 10.5, z * 0.55), (x, 7.5, z)], [6, 5, 3.4], metal)
        shop.tube([(x - 1.8, 3, z), (x, 3.2, z), (x + 1.8, 3, z)], [6, 6.4, 6], "#222328", 0, 0.25)
        shop.foot(x, z, 3.4)
    shop.tube([(0, 10, 0), (0, 20, 0)], [8, 7], "#2a2b30", 0.2)
    shop.tube([(0, 20, 0), (0, 42, 0)], [4.2, 4.2], "#b8bcc2", 0.3)
    shop.slab(disc(13, 13, 4), 40, 43, "#2a2b30", 0.5, lines=0)
    shop.slab(disc(25.5, 25, 3.6), 43, 51, cloth, 1, lines=0, shine=0.25)
    shop.tube(
        [(0, 42, 20), (0, 47, 31), (0, 62, 33)], [6, 6, 5], "#2a2b30", 1.5 if math.cos(shop.yaw) > 0 else 2.5
    )
    arch = rng.uniform(2.6, 4.5)

    def back(u: float, v: float) -> tuple[float, float, float]:
        a = u * 2 - 1
        wide = 23 * (1 - abs(v * 2 - 1) ** arch * 0.3)
        y = 57 + (tall - 57) * v + (1 - abs(a) ** 3) * (3 if v > 0.5 else -2) * abs(v * 2 - 1)
        return (a * wide, y, 27 + v * 9 - math.sin(v * math.pi) * 4 - abs(a) ** 2.4 * 5)

    def shellback(u: float, v: float) -> tuple[float, float, float]:
        x, y, z = back(u, v)
        return (x * 1.03, y, z + 4.5)

    front_on = math.cos(shop.yaw) > 0
    shop.sheet(shellback, 8, 8, "#2a2b30", 2, -2 if front_on else 4, 1.2)
    shop.sheet(back, 10, 10, cloth, 2, 2 if front_on else -3, 1.4, darken(cloth, 0.3))
    if rng.random() < 0.75:
        for sx in (-1, 1):
            shop.tube([(sx * 25, 45, 4), (sx * 30, 50, 4), (sx * 30, 66, 3)], [4, 4, 4], "#2a2b30", 2, 0.3)
            shop.tube(
                [(sx * 30, 68, 15), (sx * 30, 69, 2), (sx * 29, 68, -12)], [5, 6, 5], "#2a2b30", 2, 0.35
            )


def folding(shop: Shop) -> None:
    """Slatted folding garden chair with crossed legs."""
    rng = shop.b.rng
    slat, frame = wood(shop, 0.35), rng.choice(("#3a3c40", "", "#4a5f4a", ""))
    frame, top = frame or slat, 84.0
    for sx in (-1, 1):
        x = sx * 20
        shop.tube(
            [(x, 0, -21), (x, 43, 11), (x, 62, 22), (x, top, 27)],
            [3, 3.2, 3.2, 2.8],
            frame,
            0.4 if sx * shop.yaw < 0 else 2.4,
        )
        shop.tube([(x * 0.9, 0, 26), (x * 0.9, 22, 4), (x * 0.9, 44, -18)], [3, 3.2, 3], frame, 0.3)
        shop.foot(x, -21, 2)
        shop.foot(x * 0.9, 26, 2)
    shop.tube([(-18, 9, 17), (18, 9, 17)], [2.4, 2.4], frame)
    shop.tube([(-20, 12, -13), (20, 12, -13)], [2.4, 2.4], frame)
    for i in range(6):
        z = -20 + i * 6.6
        shop.slab([(-21, z), (21, z), (21, z + 5.2), (-21, z + 5.2)], 43, 45, slat, 1, False, 3)
    rows = rng.choice((2, 3, 4))
    for i in range(rows):
        y = top - 7 - i * 8.4
        rail(shop, y, y + 6, 20, lambda h: 21 + (h - 60) * 0.22, 2.5, 0.4, slat)


def stool(shop: Shop) -> None:
    """Tall bar stool with a low back and a foot ring."""
    rng = shop.b.rng
    frame = rng.choice(("#2f2f33", "#b8bcc2", wood(shop, 0), wood(shop, 0)))
    seat = jitter(rng, rng.choice((*SEAT_CLOTHS, "#7a3f2a", "#a67c52")), 0.03)
    for sx in (-1, 1):
        for sz in (-1, 1):
            shop.tube(
                [(sx * 13, 73, sz * 13), (sx * 17, 36, sz * 17), (sx * 21, 0, sz * 21)],
                [3.4, 3.2, 2.6],
                frame,
            )
            shop.foot(sx * 21, sz * 21, 2)
    for y, r in ((27, 18), (52, 15.4)):
        for p, q in (((-r, -r), (r, -r)), ((r, -r), (r, r)), ((r, r), (-r, r)), ((-r, r), (-r, -r))):
            shop.tube([(p[0], y, p[1]), (q[0], y, q[1])], [2.4, 2.4], frame)
    shop.slab(disc(20, 19, 3), 72, 79, seat, lines=0, shine=0.3)
    for sx in (-1, 1):
        shop.tube([(sx * 15, 75, 16), (sx * 16, 90, 20), (sx * 16, 104, 23)], [2.8, 2.8, 2.4], frame, 2)

    def back(u: float, v: float) -> tuple[float, float, float]:
        a = u * 2 - 1
        return (a * 18.5, 91 + v * 14 + (1 - a * a) * 2 * v, 20 + v * 3 - a * a * 5 + 2)

    shop.sheet(back, 10, 3, seat, 2, 1.5, 1.4)
