"""Rooms: each ``PLACES[name](b, light, frame) -> Place`` is drawn afresh from the brush's rng.

Nothing in the furnishing belongs to one of the dataset's classes.
"""

from __future__ import annotations

from functools import partial

from ..toolkit.brush import Brush, box, curve, ellipse, line, paint, polygon
from ..toolkit.colour import BOOKS, darken, jitter, lighten, mix
from .outdoors import strip
from .scenery import GREENS, WALLS, WOODS, curtain, picture
from .stage import Fill, Frame, Glow, Layer, Light, Place, Zone, ground_spot


def wall(b: Brush, foot: float, colour: str) -> Fill:
    """A room wall down to ``foot``, brighter towards the light."""
    x = 0.0 if b.side < 0 else 1.0
    stops = ((0, lighten(colour, 0.3)), (0.5, colour), (1, darken(colour, 0.3)))
    return Fill(0, foot + 1, stops, (x, 0.2), (1 - x, 0.8))


def skirting(b: Brush, f: Frame, foot: float, ppm: float, colour: str) -> str:
    """Skirting board with its shadow line."""
    tall = ppm * 0.11
    return (
        paint(
            box(0, foot - tall, f.w, tall),
            b.linear([(0, lighten(colour, 0.55)), (1, lighten(colour, 0.15))]),
        )
        + line(f"M0 {foot - tall:.1f}H{f.w}", darken(colour, 0.3), 0.8, opacity=0.6)
        + paint(
            box(0, foot - 1, f.w, max(3, ppm * 0.06)),
            b.linear([(0, "#12142a", 0.4), (1, "#12142a", 0)]),
        )
    )


def day_window(b: Brush, light: Light, x: float, y: float, w: float, h: float, drape: str) -> str:
    """A window with daylight, a hint of garden and perhaps curtains."""
    _, mid, low = light.sky
    t = w * 0.05
    parts = [
        paint(box(x - t, y - t, w + 2 * t, h + 2 * t), "#f2ede2"),
        paint(
            box(x, y, w, h),
            b.linear([(0, mid), (0.6, lighten(low, 0.3)), (1, mix(b.rng.choice(GREENS), low, 0.4))]),
        ),
    ]
    leaves = []
    for _ in range(26):
        px, py = x + b.rng.uniform(0.05, 0.95) * w, y + h * b.rng.uniform(0.6, 0.97)
        leaves.append(ellipse(px, py, w * 0.04, h * 0.03))
    parts.append(paint("".join(leaves), mix(b.rng.choice(GREENS), low, 0.3), opacity=0.8))
    parts.append(paint(box(x + w / 2 - t * 0.35, y, t * 0.7, h), "#efe9dc"))
    parts.append(paint(box(x, y + h * 0.4, w, t * 0.6), "#efe9dc"))
    parts.append(paint(box(x - t * 2, y + h + t, w + t * 4, t * 1.2), "#e4dccb"))
    if drape:
        for px in (x - w * 0.24, x + w * 0.96):
            parts.append(curtain(b, px, y - h * 0.1, w * 0.28, h * 1.25, drape))
        parts.append(line(f"M{x - w * 0.3:.1f} {y - h * 0.1:.1f}H{x + w * 1.3:.1f}", "#6b4a30", t * 0.8))
    return "".join(parts)


def lamp(b: Brush, x: float, foot: float, ppm: float, lit: bool) -> tuple[str, list[Glow]]:
    """A standing lamp and its light."""
    h, r = 1.55 * ppm, 0.22 * ppm
    shade = "#f0dca8" if lit else "#d8cdb4"
    glow = [Glow(x, foot - h, r * 4.5, r * 4.5, "#ffe3a0", 0.5)] if lit else []
    top, low = foot - h - r * 0.7, foot - h + r * 0.7
    cone = polygon([(x - r * 0.6, top), (x + r * 0.6, top), (x + r, low), (x - r, low)])
    svg = line(f"M{x:.1f} {foot:.1f}V{foot - h:.1f}", "#4a4038", ppm * 0.03)
    svg += paint(ellipse(x, foot, r * 0.7, r * 0.16), "#3a322c")
    return svg + paint(cone, b.across([(0, lighten(shade, 0.5)), (1, darken(shade, 0.22))])), glow


def sideboard(b: Brush, x: float, foot: float, ppm: float) -> str:
    """A low chest with drawers, with a bowl, books and a vase of twigs on it."""
    rng = b.rng
    wood, w, h = rng.choice((*WOODS, "#e6e0d2", "#7f8f8a")), ppm * 1.35, ppm * 0.78
    parts = [
        paint(box(x + w * at, foot - ppm * 0.12, w * 0.05, ppm * 0.13), darken(wood, 0.45))
        for at in (0.05, 0.9)
    ]
    parts.append(paint(box(x, foot - h, w, h - ppm * 0.1), b.lit(wood)))
    parts.append(paint(box(x - w * 0.02, foot - h - ppm * 0.03, w * 1.04, ppm * 0.05), lighten(wood, 0.3)))
    for row in range(2):
        for i in range(3):
            px, py = x + w * (0.03 + i * 0.32), foot - h + ppm * (0.06 + row * 0.31)
            parts.append(line(box(px, py, w * 0.3, ppm * 0.27), darken(wood, 0.35), max(0.7, ppm * 0.012)))
            parts.append(paint(ellipse(px + w * 0.15, py + ppm * 0.13, ppm * 0.022), "#d8c48a"))
    top = foot - h - ppm * 0.03
    vx, tone = x + w * rng.uniform(0.12, 0.3), rng.choice(("#b5c4c9", "#c9705a", "#e6dcc8", "#4f6a72"))
    for _ in range(7):
        dx = rng.uniform(-0.22, 0.22) * ppm
        up = ppm * rng.uniform(0.4, 0.62)
        parts.append(
            line(
                f"M{vx:.1f} {top - ppm * 0.2:.1f}q{dx * 0.3:.1f} {-up * 0.6:.1f} {dx:.1f} {-up:.1f}",
                "#8a7a52",
                max(0.7, ppm * 0.012),
            )
        )
        parts.append(
            paint(
                ellipse(vx + dx, top - ppm * 0.2 - up, ppm * 0.03, ppm * 0.05),
                rng.choice(("#e0cfa0", "#d8a0a0", "#f2ede2")),
            )
        )
    vase = [
        (vx - 0.05 * ppm, top - 0.3 * ppm),
        (vx + 0.05 * ppm, top - 0.3 * ppm),
        (vx + 0.09 * ppm, top - 0.1 * ppm),
        (vx + 0.05 * ppm, top),
        (vx - 0.05 * ppm, top),
        (vx - 0.09 * ppm, top - 0.1 * ppm),
    ]
    parts.append(paint(curve(vase), b.across([(0, lighten(tone, 0.35)), (1, darken(tone, 0.35))])))
    for i in range(3):
        ink = rng.choice(BOOKS)
        parts.append(
            paint(box(x + w * 0.6 + i * 2, top - ppm * 0.055 * (i + 1), w * 0.28 - i * 4, ppm * 0.05, 1), ink)
        )
    return "".join(parts)


def radiator(b: Brush, x: float, foot: float, ppm: float) -> str:
    """A ribbed radiator."""
    w, h, ribs = ppm * 1.0, ppm * 0.6, []
    for i in range(10):
        ribs.append(box(x + w * i / 10, foot - h - ppm * 0.1, w * 0.085, h, w * 0.03))
    return paint("".join(ribs), b.linear([(0, "#f6f2e8"), (1, "#c4bfb4")])) + line(
        f"M{x:.1f} {foot - h * 0.3:.1f}h{w:.1f}", "#b5b0a4", max(0.8, ppm * 0.015)
    )


def clock(x: float, y: float, r: float) -> str:
    """A round wall clock."""
    hands = f"M{x:.1f} {y:.1f}v{-r * 0.7:.1f}M{x:.1f} {y:.1f}l{r * 0.45:.1f} {r * 0.25:.1f}"
    return (
        paint(ellipse(x, y, r * 1.14), "#5d3d28")
        + paint(ellipse(x, y, r), "#f4efe2")
        + line(hands, "#22242a", max(0.8, r * 0.1))
    )


def bed(b: Brush, x: float, foot: float, ppm: float) -> str:
    """The side of a bed along the wall."""
    rng = b.rng
    wood, spread = (
        rng.choice(WOODS),
        jitter(rng, rng.choice(("#7f95a8", "#b5705a", "#8a9a78", "#d8cdb8", "#9a86a8")), 0.03),
    )
    w, way = ppm * 2.0, rng.choice((-1, 1))
    head = x if way < 0 else x + w - ppm * 0.1
    parts = [paint(box(head, foot - ppm * 1.05, ppm * 0.1, ppm * 1.05, ppm * 0.03), b.lit(wood))]
    parts.append(paint(box(x, foot - ppm * 0.34, w, ppm * 0.2), darken(wood, 0.1)))
    parts.append(
        paint(
            box(x + ppm * 0.05, foot - ppm * 0.62, w - ppm * 0.1, ppm * 0.34, ppm * 0.1),
            b.linear([(0, lighten(spread, 0.3)), (1, darken(spread, 0.15))]),
        )
    )
    px = x + ppm * 0.12 if way < 0 else x + w - ppm * 0.62
    parts.append(paint(box(px, foot - ppm * 0.78, ppm * 0.5, ppm * 0.24, ppm * 0.1), b.lit("#efe9dc")))
    parts.append(
        paint(box(x + ppm * 0.05, foot - ppm * 0.14, w - ppm * 0.1, ppm * 0.14), "#15131a", opacity=0.55)
    )
    return "".join(parts)


def bookcase(b: Brush, x: float, foot: float, w: float, h: float) -> str:
    """Shelves filled with books of many colours."""
    rng, wood = b.rng, b.rng.choice((*WOODS, "#e6e0d2"))
    parts = [
        paint(box(x, foot - h, w, h), b.lit(wood)),
        paint(box(x + w * 0.05, foot - h * 0.97, w * 0.9, h * 0.93), darken(wood, 0.6)),
    ]
    inks = (*BOOKS, "#5a4a66", "#2f3a40", "#b5653c")
    rows = 4
    for row in range(rows):
        floor_y = foot - h * (0.04 + row * 0.93 / rows)
        tall, px = h * 0.93 / rows, x + w * 0.06
        while px < x + w * 0.9:
            thick, ink = w * rng.uniform(0.03, 0.07), rng.choice(inks)
            if rng.random() < 0.85:
                up = tall * rng.uniform(0.6, 0.86)
                parts.append(paint(box(px, floor_y - up, thick, up), ink))
                parts.append(paint(box(px, floor_y - up * 0.8, thick, up * 0.07), lighten(ink, 0.4)))
            px += thick * 1.05
        parts.append(paint(box(x + w * 0.04, floor_y, w * 0.92, h * 0.018), lighten(wood, 0.12)))
    return "".join(parts)


def _room(b: Brush, light: Light, f: Frame, name: str) -> Place:
    """Floor, wall and what hangs or stands there; ``name`` picks the furnishing."""
    rng = b.rng
    k = rng.uniform(0.3, 0.5) if f.blurred else rng.uniform(0.62, 0.8)
    foot = max(f.h * 0.42, f.depth_y(k))
    k = (foot - f.horizon) / max(1.0, f.base - f.horizon)
    ppm = max(f.ppm * k, 40.0)
    tone = jitter(rng, rng.choice(WALLS), 0.03)
    surface = rng.choice(
        ("planks", "parquet", "planks", "carpet", "carpet" if name == "bedroom" else "tiles")
    )
    colour = {
        "carpet": ("#a89c8a", "#8f8f92", "#b5a58a", "#7f6f64", "#6f7a80"),
        "tiles": ("#c9bca6", "#b5b3ae", "#b98d70"),
    }
    colour = jitter(rng, rng.choice(colour.get(surface, WOODS)), 0.03)
    back, glows = "", []
    if rng.random() < 0.25:
        back += paint(box(0, foot - ppm * 0.95, f.w, ppm * 0.95), lighten(tone, 0.35), opacity=0.6)
        back += line(f"M0 {foot - ppm * 0.95:.0f}H{f.w}", darken(tone, 0.25), 2)
    drape = rng.choice(("", "#c9b28a", "#7f5a5a", "#5a6f7a", "#e6ddcc", "#6f7a5a"))
    eye_level = foot - ppm * 1.5
    glazed = rng.random() < 0.6
    wx = rng.uniform(0.05, 0.25) * f.w if b.side < 0 else rng.uniform(0.6, 0.78) * f.w
    if glazed:
        back += day_window(b, light, wx, eye_level - ppm * 0.7, ppm * 1.1, ppm * 1.3, drape)
        if rng.random() < 0.4:
            back += radiator(b, wx + ppm * 0.05, foot, ppm)
    art_x = rng.uniform(0.45, 0.7) * f.w if b.side < 0 else rng.uniform(0.12, 0.4) * f.w
    for i in range(rng.randint(0, 2)):
        wide, tall = ppm * rng.uniform(0.4, 0.75), ppm * rng.uniform(0.35, 0.6)
        back += picture(b, art_x + i * ppm * 0.95, eye_level - tall / 2, wide, tall)
    if rng.random() < 0.2:
        back += clock(art_x - ppm * 0.5, eye_level - ppm * 0.25, ppm * 0.16)
    back += skirting(b, f, foot, ppm, tone)
    edge = (0.9 if b.side < 0 else 0.08) * f.w
    roll, low = rng.random(), foot + max(6.0, ppm * 0.06)
    if name == "bedroom" and roll < 0.45:
        back += bed(b, edge - ppm * (1.3 if b.side < 0 else 0.7), low, ppm)
    elif roll < 0.3:
        back += bookcase(b, edge - ppm * 0.5, foot + 3, ppm * 0.95, ppm * 2.0)
    elif roll < 0.55:
        svg, glows = lamp(b, edge, foot + 4, ppm, light.name == "lamp")
        back += svg
    elif roll < 0.85:
        back += sideboard(b, edge - ppm * 0.65, low, ppm)
    floor, box_ = "", ((0, foot), (f.w, foot), (f.w, f.h), (0, f.h))
    if glazed and light.shadow > 0.4:
        x = wx - b.side * ppm * 0.5
        pool = [
            (x, foot + 4),
            (x + ppm * 1.1, foot + 4),
            (x + ppm * 1.5 - b.side * ppm, f.h),
            (x - b.side * ppm, f.h),
        ]
        floor += paint(polygon(pool), "#fff2d0", opacity=0.22)
    if rng.random() < 0.45:
        floor += _rug(b, f, max(k * 1.1, 0.7))
    boards = Fill(foot, f.h, ((0, lighten(colour, 0.1)), (1, darken(colour, 0.12))))
    layers = [
        Layer(floor, [Zone(surface, 0.05, area=box_)], boards, top=foot),
        Layer("", [Zone("plaster", 0.012, lying=False)], wall(b, foot - 1, tone)),
        Layer(back, glows=glows, bottom=low + 1),
    ]
    return Place(name, f, layers, [ground_spot(f, "floor", far=k * 1.1)], sky=False)


def _rug(b: Brush, f: Frame, far: float) -> str:
    """A bordered rug before the viewer."""
    rug = jitter(
        b.rng, b.rng.choice(("#8a3f3a", "#3f5a72", "#c9b28a", "#5f6f52", "#a8785a", "#d6cdbd")), 0.03
    )
    svg = paint(polygon(strip(f, -1.5, 1.5, 1.3, far)), rug)
    inner = polygon(strip(f, -1.35, 1.35, 1.22, far * 1.07))
    svg += line(inner, lighten(rug, 0.45), 2)
    if b.rng.random() < 0.5:
        svg += paint(polygon(strip(f, -1.1, 1.1, 1.14, far * 1.14)), darken(rug, 0.2), opacity=0.7)
    return svg


def workshop(b: Brush, light: Light, f: Frame) -> Place:
    """Concrete floor, brick wall, a bench, tools on a board."""
    rng = b.rng
    foot = max(f.h * 0.45, f.depth_y(0.6))
    ppm = max(30.0, (foot - f.horizon) / f.eye)
    tone = jitter(rng, rng.choice(("#a9745a", "#b9b2a6", "#8f8478")), 0.03)
    left = b.side < 0
    back = day_window(b, light, f.w * (0.06 if left else 0.65), foot - ppm * 2.1, ppm * 1.2, ppm, "")
    x0, y0 = f.w * (0.5 if left else 0.1), foot - ppm * 2.1
    back += paint(box(x0, y0, ppm * 1.6, ppm * 0.8), "#8a6a48")
    for i in range(7):
        x, metal = x0 + ppm * (0.15 + i * 0.21), rng.choice(("#c9ccd0", "#7a3b34", "#3c4248", "#d8a03a"))
        long = ppm * rng.uniform(0.25, 0.55)
        back += line(f"M{x:.1f} {y0 + ppm * 0.12:.1f}v{long:.1f}", metal, ppm * 0.05)
        back += line(
            f"M{x - ppm * 0.06:.1f} {y0 + ppm * 0.14:.1f}h{ppm * 0.12:.1f}", darken(metal, 0.3), ppm * 0.06
        )
    wood, bench = rng.choice(WOODS), foot - ppm * 0.9
    for at in (0.1, 1.55):
        back += paint(box(x0 + ppm * at, bench, ppm * 0.11, ppm * 0.95), darken(wood, 0.3))
    back += paint(
        box(x0 - ppm * 0.05, bench, ppm * 1.85, ppm * 0.12), b.linear([(0, lighten(wood, 0.3)), (1, wood)])
    )
    for i, tin in enumerate(rng.sample(("#b5453c", "#3f5f7f", "#d8b45c", "#4f6a52", "#8f959b"), 3)):
        tx = x0 + ppm * (0.15 + i * rng.uniform(0.3, 0.5))
        shade = b.across([(0, lighten(tin, 0.35)), (1, darken(tin, 0.35))])
        back += paint(box(tx, bench - ppm * 0.24, ppm * 0.2, ppm * 0.24, 1), shade)
    area = ((0.0, 0.0), (f.w, 0.0), (f.w, foot), (0.0, foot))
    bricks = Zone("brick", 0.05, lying=False, area=area, zoom=max(0.6, ppm / 256))
    layers = [
        Layer("", [Zone("asphalt", 0.05)], Fill(foot, f.h, ((0, "#a5a39e"), (1, "#77756f")))),
        Layer("", [bricks], wall(b, foot - 1, tone)),
        Layer(back, bottom=foot + ppm * 0.06 + 1),
    ]
    return Place("workshop", f, layers, [ground_spot(f, "floor", far=0.65)], sky=False)


PLACES = {name: partial(_room, name=name) for name in ("living_room", "dining_room", "bedroom")}
PLACES["workshop"] = workshop
