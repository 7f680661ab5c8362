"""Dining tables: round pedestal, farmhouse, modern, glass, under a cloth; laid and with chairs."""

from __future__ import annotations

import math
from itertools import pairwise

from ..forms.joinery import TIMBER, Box, Shop
from ..forms.outline import disc
from ..registry import Kind
from ..toolkit.brush import Brush, Sprite, group, line, paint, polygon
from ..toolkit.colour import darken, jitter, lighten
from . import chair, tableware
from .table_centrepieces import CENTRES

TOP = 75.0
SEATS = ("kitchen", "kitchen", "ladder", "thonet", "shell", "windsor")
CLOTHS = ("#f2efe6", "#f2efe6", "#e6d8bc", "#9fb4c2", "#c8a8a0", "#a8b89a")
INKS = ("#b5453c", "#4a6a94", "#6f8a5a", "#c9a24a", "#8a8a8a")


def _corners(w: float, d: float) -> list[tuple[float, float]]:
    """The (x, z) outline of a rectangular top."""
    return [(-w / 2, d / 2), (w / 2, d / 2), (w / 2, -d / 2), (-w / 2, -d / 2)]


def _legs(shop: Shop, w: float, d: float, colour: str, style: str) -> None:
    for sx in (-1, 1):
        for sz in (-1, 1):
            x, z = sx * (w / 2 - 9), sz * (d / 2 - 9)
            if style == "turned":
                shop.b.rng.choice((1, 1))  # decides nothing, but what is drawn next depends on it
                shop.turned((x, TOP - 12, z), (x, 0, z), 9, colour, 0.2, 1)
                shop.box((x - 4.4, x + 4.4), (TOP - 16, TOP - 4), (z - 4.4, z + 4.4), colour, 0.25)
            elif style == "splay":
                shop.tube([(x * 0.86, TOP - 4, z * 0.8), (x, 0, z)], [6.5, 4], colour, 0.2)
            else:
                shop.box((x - 4.2, x + 4.2), (0, TOP - 4), (z - 4.2, z + 4.2), colour, 0.2, 4)
            shop.foot(x, z, 5)
    if style != "splay":
        shop.box(
            (-w / 2 + 9, w / 2 - 9),
            (TOP - 14, TOP - 4),
            (-d / 2 + 7, d / 2 - 7),
            darken(colour, 0.08),
            0.3,
            5,
        )


def _pedestal(shop: Shop, colour: str) -> None:
    column = [(0, TOP - 4, 0), (0, 62, 0), (0, 50, 0), (0, 40, 0), (0, 26, 0), (0, 16, 0), (0, 10, 0)]
    for i in range(4):
        a = math.tau * (i + 0.5) / 4 + 0.2
        x, z = math.sin(a), math.cos(a)
        shop.tube([(x * 5, 17, z * 5), (x * 22, 11, z * 22), (x * 38, 2.5, z * 38)], [9, 7, 6], colour, 0.1)
        shop.foot(x * 38, z * 38, 5)
    shop.tube(column, [24, 12, 9, 17, 13, 17, 15], colour, 0.2)


def _planks(shop: Shop, w: float, d: float, colour: str, boards: int) -> str:
    rows = []
    for i in range(1, boards):
        z = -d / 2 + d * i / boards
        rows.append(shop.stroke((-w / 2, TOP, z), (w / 2, TOP, z)))
    return line("".join(rows), darken(colour, 0.6), 0.9, opacity=0.65)


def _glass(shop: Shop, ring: list, tint: str) -> None:
    """A clear top through which the legs are seen."""
    up, down = ([shop.at((x, y, z))[:2] for x, z in ring] for y in (TOP, TOP - 1.6))
    b = shop.b
    xs = [p[0] for p in up]
    shine = b.linear(
        [(0, "#ffffff", 0.5), (0.35, tint, 0.42), (0.6, "#ffffff", 0.3), (1, tint, 0.5)], (0.2, 0), (0.8, 1)
    )
    svg = paint(polygon(down), darken(tint, 0.3), 0.6) + paint(
        polygon(up), shine, stroke="#5f8f86", stroke_width=1.1
    )
    mid = (min(xs) + max(xs)) / 2
    shop.add(1, 0, svg + b.spot(mid + b.side * 30, up[0][1], 26, 10, "#ffffff", 0.4))


def _cloth(shop: Shop, w: float, d: float, drop: float) -> None:
    """A tablecloth: its top with the pattern and the hanging sides we can see."""
    rng = shop.b.rng
    colour, ink = jitter(rng, rng.choice(CLOTHS), 0.02), rng.choice(INKS)
    pattern = rng.choice(("check", "check", "stripe", "plain"))
    side = 1 if shop.yaw > 0 else -1
    parts = []
    if abs(shop.yaw) > 0.06:
        x = side * w / 2
        parts.append(
            tableware.folds(shop, ((x, d / 2), (x, -d / 2)), TOP, drop, colour, (side, 0, 0), pattern, ink)
        )
    parts.append(
        tableware.folds(
            shop, ((-w / 2, -d / 2), (w / 2, -d / 2)), TOP, drop, colour, (0, 0, -1), pattern, ink
        )
    )
    shop.add(1.5, 0, "".join(parts))

    def marks(_: str) -> str:
        rows = []
        for i in range(-14, 15) if pattern != "plain" else (-4, 4):
            x = i * (12 if pattern != "plain" else w / 9)
            if abs(x) < w / 2:
                rows.append(shop.stroke((x, TOP, -d / 2), (x, TOP, d / 2)))
            if abs(x) < d / 2 and pattern == "check":
                rows.append(shop.stroke((-w / 2, TOP, x), (w / 2, TOP, x)))
        return line("".join(rows), ink, 3.6 if pattern != "plain" else 1.4, opacity=0.42)

    shop.slab(_corners(w, d), TOP - 0.5, TOP + 0.2, colour, 2, False, 0, marks, 0.35)


def _lay(
    shop: Shop, w: float, d: float, places: list[tuple[float, float]], full: bool, before: list[Box]
) -> None:
    """Plates and glasses for the ``places`` and something in the middle; what is free are seats."""
    rng = shop.b.rng
    china, meal = jitter(rng, rng.choice(tableware.CHINA), 0.02), rng.random() < 0.6
    wine = rng.choice(("#7a1f30", "#e0c870", "#c8dce4", "#e09a8a"))
    if full:
        for x, z in places:
            tableware.plate(shop, x, TOP, z, china, meal)
            lean = 13 if x < w * 0.3 else -13
            tableware.wineglass(shop, x + lean, TOP, z * 0.48, wine)
    things = rng.sample(CENTRES, 3 if w > 130 else 2)
    for i, thing in enumerate(things):
        x = (i - (len(things) - 1) / 2) * min(44.0, w * 0.27)
        thing(shop, x, TOP, rng.uniform(-0.06, 0.1) * d)
    xs = sorted({x for x, _ in places}) if full and w > d else []
    gaps = [((x + y) / 2, y - x - 38) for x, y in pairwise(xs)] if full else _thirds(w)
    _free(shop, d, gaps, before)


def _thirds(w: float) -> list[tuple[float, float]]:
    return [(x * w, 0.27 * w) for x in (-0.27, 0.0, 0.27)]


def _free(shop: Shop, d: float, gaps: list[tuple[float, float]], before: list[Box]) -> None:
    """Seats (x, width) along the near side of the top, except behind the chairs that stand before it."""
    for x, width in gaps:
        px, py, *_ = shop.at((x, TOP, -0.26 * d), False)
        if not any(x0 - width / 2 < px < x1 + width / 2 and y0 < py for x0, y0, x1, _ in before):
            shop.seat(x, TOP, -0.26 * d, width)


def _chairs(shop: Shop, spots: list[tuple[float, float, float]], close: bool) -> list[Box]:
    """One set of chairs at (x, z, turn), those behind the table drawn before it.

    Returns the boxes of those before it. Up ``close`` the table hides the others up to its edge.
    """
    rng, before = shop.b.rng, []
    model, state = chair.MODELS[rng.choice(SEATS)], rng.getstate()
    depths, shop.distant = [], True
    for x, z, turn in spots:
        shop.put(0, 0, 0)
        depths.append((shop.at((x, 0, z), False)[2], x, z, turn))
    for rank, (depth, x, z, turn) in enumerate(sorted(depths, reverse=True)):
        rng.setstate(state)
        behind = depth > -14
        shop.put(x, z, turn + math.sin(rank * 5.3) * 0.08, (-40 if behind else 20) + rank * 4)
        first = len(shop.points)
        model(shop)
        xs, ys = zip(*shop.points[first:], strict=True)
        low = max(ys)
        if close and behind:
            shop.put(0, 0, 0)
            low = shop.at((x * 0.84, TOP, z * 0.84), False)[1]
        box = (min(xs) - 2, min(ys) - 2, max(xs) + 2, low)
        shop.parts.append(("chair", box))
        before += [] if behind else [box]
    shop.put(0, 0, 0)
    shop.distant = False
    return before


def draw(b: Brush, view: str) -> Sprite:
    """One table; ``close`` is a laid table cut off by the lower edge of the picture."""
    rng, close = b.rng, view == "close"
    style = rng.choice(("farm", "cloth", "round", "cloth")) if close else view
    yaw = rng.choice((-1, 1)) * (
        rng.uniform(0.15, 0.45)
        if close
        else rng.choice((0.03, rng.uniform(0.3, 0.62), rng.uniform(0.3, 0.62)))
    )
    shop = Shop(b, yaw, rng.uniform(0.52, 0.68) if close else rng.uniform(0.3, 0.44), 400 if close else 560)
    colour = jitter(rng, rng.choice(TIMBER), 0.025)
    if style in ("round", "glass_round"):
        w = d = rng.uniform(104, 128)
    else:
        w, d = rng.uniform(112, 140) if close else rng.uniform(135, 190), rng.uniform(80, 96)
    if style == "round":
        _pedestal(shop, colour)
        shop.slab(disc(w / 2), TOP - 4.5, TOP, colour, 1, lines=16, shine=0.4)
    elif style == "glass":
        frame = rng.choice(("#b8bcc2", "#2a2b30", "#a67c52"))
        _legs(shop, w - 12, d - 8, frame, "splay")
        _glass(shop, _corners(w, d), "#a8ccc4")
    elif style == "modern":
        pale = rng.choice(("#f0ede6", "#f0ede6", "#3a3b40", "#d8d4ca"))
        _legs(shop, w, d, rng.choice((lighten(colour, 0.2), pale, "#b8bcc2")), "splay")
        shop.slab(
            disc(w / 2, d / 2, rng.choice((4, 9)), 48),
            TOP - 3.4,
            TOP,
            pale,
            1,
            lines=0,
            shine=0.2 if pale == "#3a3b40" else 0.5,
        )
    else:
        plain = rng.choice(("turned", "square", "turned"))
        _legs(shop, w, d, rng.choice((colour, colour, "#ece8dc")), plain)
        if style == "cloth":
            _cloth(shop, w, d, rng.uniform(18, 30))
        else:
            shop.slab(
                _corners(w, d),
                TOP - 4.5,
                TOP,
                colour,
                1,
                False,
                26,
                lambda _: _planks(shop, w, d, colour, rng.choice((5, 6, 7))),
                0.4,
            )
    if w == d:
        n = rng.choice((3, 4, 4))
        turns = [math.tau * i / n + 0.5 for i in range(n)]
        r, rr = w / 2 + rng.uniform(10, 20), w / 2 - 17
        spots = [(math.sin(t) * r, math.cos(t) * r, t) for t in turns if not close or math.cos(t + yaw) > 0.2]
        places = [(math.sin(t) * rr, math.cos(t) * rr) for t in turns]
    else:
        xs = (-w * 0.25, w * 0.25) if w < 180 else (-w * 0.31, 0.0, w * 0.31)
        spots = [(x, d / 2 + rng.uniform(6, 16), 0.0) for x in xs]
        places = [(x, s * (d / 2 - 17)) for x in xs for s in (-1, 1)]
        if not close and rng.random() < 0.55:
            spots.append((rng.choice(xs), -d / 2 - rng.uniform(26, 36), math.pi))
        for s in (-1, 1):
            if not close and rng.random() < 0.4:
                spots.append((s * (w / 2 + rng.uniform(14, 24)), 0.0, s * math.pi / 2))
    before = _chairs(shop, spots, close) if close or rng.random() < 0.85 else []
    roll = rng.random()
    if close or roll < 0.94:
        _lay(shop, w, d, places, close or roll < 0.6, before)
    else:
        _free(shop, d, _thirds(w), before)
    sprite = shop.sprite(relief=0.2)
    if not close:
        return sprite
    foot, ys = max(f[1] for f in shop.feet), [shop.at((x, TOP, -d / 2))[1] for x in (-w / 2, w / 2)]
    edge = max(ys) - rng.uniform(2, 8) if style != "cloth" else max(ys) + 6
    x0, y0, x1, _ = sprite.box
    down = foot - edge
    svg = group(sprite.svg, f"translate(0 {down:.2f})")
    parts = [(c, (a, t + down, e, min(1.0, u + down))) for c, (a, t, e, u) in sprite.parts]
    seats = [(x, y + down, width) for x, y, width in sprite.seats if y + down < -6]
    box = (x0, y0 + down, x1, 1.0)
    return Sprite(svg, box, 100.0, relief=0.2, cropped=True, seats=seats, parts=parts)


KIND = Kind(
    draw,
    ("farm", "farm", "round", "round", "cloth", "cloth", "modern", "glass", "close", "close", "close"),
    (
        ("dining_room", "floor"),
        ("dining_room", "floor"),
        ("dining_room", "floor"),
        ("living_room", "floor"),
        ("garden", "grass"),
    ),
    companions=("chair", "person", "potted_plant", "cat", "dog"),
    fill=(0.78, 0.97),
    several=0.0,
    portrait=0.03,
)
