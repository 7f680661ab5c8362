"""Table tops near the eye, before a room or garden out of focus: kitchen, desk, bar, garden table."""

from __future__ import annotations

from ..toolkit.brush import Brush, box, curve, ellipse, line, paint, polygon, track
from ..toolkit.colour import BOOKS, darken, jitter, lighten, mix
from .indoors import bookcase, day_window, wall
from .outdoors import backdrop, plane, tree, wood
from .scenery import GREENS, WALLS, WOODS, picture
from .stage import Fill, Frame, Glow, Layer, Light, Place, Zone, shelf_spot


def _top(b: Brush, f: Frame, top: float, cloth: bool) -> Layer:
    """The board from row ``top`` to the near edge, with what is below it."""
    rng = b.rng
    colour = jitter(rng, rng.choice((*WOODS, "#d9d2c4", "#5a4a40")), 0.03)
    lip = min(f.h - 2.0, f.base + f.h * rng.uniform(0.06, 0.25))
    svg = ""
    if cloth:
        ink = rng.choice(("#b5453c", "#4a6a94", "#6f8a5a", "#d8cdb4"))
        stripes = []
        for i in range(-9, 10):
            x = f.w / 2 + i * f.w * 0.075
            stripes.append(
                polygon([(x, top), (x + f.w * 0.032, top), (x + f.w * 0.042 + i * 5, lip), (x + i * 5, lip)])
            )
        svg = paint("".join(stripes), ink, opacity=0.28)
    svg += paint(box(0, lip, f.w, 4), lighten(colour, 0.3))
    svg += paint(box(0, lip + 3, f.w, f.h), darken(colour, 0.55))
    area = ((0, top), (f.w, top), (f.w, lip), (0, lip))
    stop = (lip - top) / (f.h - top)
    board = Fill(top, f.h, ((0, lighten(colour, 0.28)), (stop, colour), (1, darken(colour, 0.6))))
    shine = Glow(
        f.w * (0.2 if b.side < 0 else 0.8),
        top + (lip - top) * 0.3,
        f.w * 0.45,
        (lip - top) * 0.9,
        "#fff4dc",
        0.35,
    )
    grain = Zone("fabric" if cloth else "planks", 0.03, area=area)
    return Layer(svg, [grain], board, glows=[shine], top=top if cloth else lip)


def _finish(b: Brush, f: Frame, name: str, top: float, back: list[Layer], sky: bool = False) -> Place:
    board = _top(b, f, top, b.rng.random() < 0.25 and name != "bar")
    lip = f.h - 2.0
    spot = shelf_spot(f, "table", top + (f.base - top) * 0.35, min(lip - 4, f.base + f.h * 0.06))
    return Place(name, f, [*back, board], [spot], sky=sky)


def _edge(b: Brush, f: Frame) -> float:
    """The row where the table ends and the room begins."""
    return f.base - f.h * b.rng.uniform(0.1, 0.22)


def crockery(b: Brush, x: float, y: float, w: float, tall: float) -> str:
    """Plates, bowls, cups and jars on a shelf whose top is at ``y``."""
    rng, parts, at = b.rng, [], x + tall * 0.2
    while at < x + w - tall * 0.5:
        tone = rng.choice(("#e9e2d2", "#c9705a", "#7f9aa8", "#d8b45c", "#8fa37a", "#b9a6b4", "#f2ede2"))
        shade = b.across([(0, lighten(tone, 0.3)), (1, darken(tone, 0.3))])
        pick, size = rng.randrange(4), tall * rng.uniform(0.5, 0.85)
        if pick == 0:  # a plate on edge
            parts.append(paint(ellipse(at + size * 0.42, y - size * 0.45, size * 0.42, size * 0.45), shade))
            rim = ellipse(at + size * 0.42, y - size * 0.45, size * 0.27, size * 0.29)
            parts.append(line(rim, darken(tone, 0.2), 1, opacity=0.6))
            at += size
        elif pick == 1:  # a stack of bowls
            for i in range(3):
                yy = y - i * size * 0.14
                bowl = [
                    (at, yy - size * 0.2),
                    (at + size * 0.7, yy - size * 0.2),
                    (at + size * 0.5, yy),
                    (at + size * 0.2, yy),
                ]
                parts.append(paint(curve(bowl, tension=0.5), darken(tone, 0.06 * i)))
            at += size * 0.9
        elif pick == 2:  # a cup
            parts.append(line(ellipse(at + size * 0.5, y - size * 0.26, size * 0.13), tone, size * 0.07))
            parts.append(paint(box(at, y - size * 0.5, size * 0.48, size * 0.5, size * 0.1), shade))
            at += size * 0.85
        else:  # a lidded jar
            parts.append(paint(box(at, y - size * 0.8, size * 0.5, size * 0.8, size * 0.09), shade))
            parts.append(
                paint(
                    box(at - size * 0.02, y - size * 0.92, size * 0.54, size * 0.16, 1.5), darken(tone, 0.4)
                )
            )
            at += size * 0.7
    return "".join(parts)


def kitchen(b: Brush, light: Light, f: Frame) -> Place:
    """A kitchen: cupboards or open shelves, tiles, a rail of pans, a window."""
    rng, top = b.rng, _edge(b, f)
    tone = jitter(rng, rng.choice(WALLS), 0.03)
    glazed = rng.random() < 0.65
    left, right = (0.36, 1.0) if b.side < 0 else (0.0, 0.64)
    if not glazed:
        left, right = 0.0, 1.0
    parts = ""
    if glazed:
        x = f.w * (rng.uniform(0.02, 0.06) if b.side < 0 else rng.uniform(0.66, 0.7))
        parts += day_window(b, light, x, top - f.h * 0.66, f.w * 0.28, f.h * 0.5, "")
    tile_y = top - f.h * 0.3
    tiles = paint(
        box(left * f.w, tile_y, (right - left) * f.w, top - tile_y), lighten(tone, 0.5), opacity=0.8
    )
    step = f.h * 0.075
    grid = "".join(f"M{left * f.w:.0f} {tile_y + i * step:.1f}H{right * f.w:.0f}" for i in range(1, 4))
    grid += "".join(
        f"M{left * f.w + i * step * 1.5:.1f} {tile_y:.1f}V{top:.1f}"
        for i in range(1, int((right - left) * f.w / step / 1.5) + 1)
    )
    parts += tiles + line(grid, darken(tone, 0.12), 1.0, opacity=0.6)
    cupboard = jitter(
        rng, rng.choice(("#dcd6c8", "#8fa09a", "#b59a72", "#6f8090", "#a8685a", "#7f8f6a")), 0.03
    )
    if rng.random() < 0.55:
        count = round((right - left) / 0.21)
        wide = (right - left) * f.w / count
        for i in range(count):
            x = left * f.w + i * wide
            parts += paint(box(x + 1, -2, wide - 2, tile_y - f.h * 0.05, 2), b.lit(cupboard))
            panel = box(x + 8, 5, wide - 16, tile_y - f.h * 0.05 - 15, 1)
            parts += line(panel, darken(cupboard, 0.25), 1.2) + paint(
                ellipse(x + (wide - 10 if i % 2 else 10), tile_y - f.h * 0.1, 2.2), "#d9d2c4"
            )
        parts += paint(
            box(left * f.w, tile_y - f.h * 0.052, (right - left) * f.w, 4), "#12142a", opacity=0.25
        )
    else:
        plank = rng.choice(WOODS)
        for y in (tile_y - f.h * 0.03, tile_y - f.h * 0.27):
            parts += crockery(b, left * f.w + 8, y, (right - left) * f.w - 16, f.h * 0.2)
            parts += paint(
                box(left * f.w, y, (right - left) * f.w, 5),
                b.linear([(0, lighten(plank, 0.25)), (1, darken(plank, 0.2))]),
            )
            parts += paint(box(left * f.w, y + 5, (right - left) * f.w, 5), "#12142a", opacity=0.18)
    rail, x = tile_y + f.h * 0.035, left * f.w + f.w * 0.05
    if rng.random() < 0.75:
        parts += line(f"M{left * f.w + 6:.0f} {rail:.1f}H{right * f.w - 6:.0f}", "#8f9499", 2.2)
        while x < right * f.w - f.w * 0.08:
            metal, r = (
                rng.choice(("#4a4e54", "#b5734a", "#8f959b", "#7a3b34")),
                f.h * rng.uniform(0.035, 0.06),
            )
            parts += line(f"M{x:.1f} {rail:.1f}v{f.h * 0.05:.1f}", darken(metal, 0.2), 2.6)
            if rng.random() < 0.6:
                parts += paint(ellipse(x, rail + f.h * 0.05 + r, r, r), b.lit(metal))
            else:
                parts += line(f"M{x:.1f} {rail:.1f}v{f.h * 0.14:.1f}", metal, 3.4)
                parts += paint(ellipse(x, rail + f.h * 0.15, 5, 8), metal)
            x += f.w * rng.uniform(0.09, 0.15)
    back = Layer(parts, [Zone("plaster", 0.012, lying=False)], wall(b, top, tone), bottom=top + 1)
    return _finish(b, f, "kitchen", top, [back])


def desk(b: Brush, light: Light, f: Frame) -> Place:
    """A study: a pin board or picture, shelves of books, a lamp, perhaps a window."""
    rng, top = b.rng, _edge(b, f)
    tone = jitter(rng, rng.choice(WALLS), 0.03)
    parts = ""
    sunny, far = (0.02, 0.6) if b.side < 0 else (0.68, 0.05)
    if rng.random() < 0.55:
        parts += day_window(b, light, f.w * sunny, top - f.h * 0.68, f.w * 0.28, f.h * 0.52, "")
    else:
        parts += bookcase(b, f.w * sunny, top + 4, f.w * 0.3, f.h * 0.66)
    x, wide = f.w * far, f.w * 0.34
    if rng.random() < 0.5:  # a cork board with notes
        y, tall = top - f.h * 0.66, f.h * 0.36
        parts += paint(box(x - 4, y - 4, wide + 8, tall + 8, 2), rng.choice((*WOODS, "#efe9dc")))
        parts += paint(box(x, y, wide, tall), b.lit("#c29a68"))
        for _ in range(7):
            nx, ny = x + wide * rng.uniform(0.04, 0.78), y + tall * rng.uniform(0.05, 0.65)
            note = rng.choice(("#f6f0dc", "#f2d86a", "#f0b8a8", "#b8d4c4", "#a8c4dc", "#ffffff"))
            parts += paint(box(nx, ny, wide * 0.18, tall * rng.uniform(0.2, 0.32)), note)
            parts += paint(ellipse(nx + wide * 0.09, ny + 2, 2), "#b5453c")
    else:
        parts += picture(b, x + wide * 0.1, top - f.h * 0.68, wide * 0.72, f.h * 0.3)
    y = top - f.h * rng.uniform(0.16, 0.22)
    inks = (*BOOKS, "#5a4a66", "#b5653c")
    plank, at = rng.choice(WOODS), x
    while at < x + wide * 0.9:  # a shelf of books
        thick, up, ink = rng.uniform(6, 13), f.h * rng.uniform(0.11, 0.17), rng.choice(inks)
        parts += paint(box(at, y - up, thick, up), ink) + paint(
            box(at, y - up * 0.8, thick, 3), lighten(ink, 0.4)
        )
        at += thick + (rng.random() < 0.12) * 12
    parts += paint(
        box(x - 6, y, wide + 12, 5), b.linear([(0, lighten(plank, 0.25)), (1, darken(plank, 0.25))])
    )
    parts += paint(box(x - 6, y + 5, wide + 12, 4), "#12142a", opacity=0.2)
    if rng.random() < 0.6:  # an angled lamp at the back of the desk
        lx, way, ink = (
            f.w * rng.uniform(0.38, 0.62),
            -b.side,
            rng.choice(("#2f3a44", "#b5453c", "#3f6f5a", "#c9a45a")),
        )
        reach = way * f.w
        arm = track("M", lx, top, "l", -reach * 0.05, -f.h * 0.2, "l", reach * 0.12, -f.h * 0.14)
        hx, hy = lx + way * f.w * 0.07, top - f.h * 0.34
        hood = [
            (hx - 5, hy - 8),
            (hx + 5, hy - 8),
            (hx + f.w * 0.05, hy + f.h * 0.05),
            (hx - f.w * 0.05, hy + f.h * 0.05),
        ]
        parts += line(arm, darken(ink, 0.3), 3.5) + paint(
            ellipse(lx, top - 1, f.w * 0.05, 5), darken(ink, 0.2)
        )
        parts += paint(polygon(hood), b.lit(ink))
    back = Layer(parts, [Zone("plaster", 0.012, lying=False)], wall(b, top, tone), bottom=top + 1)
    if light.name == "lamp":
        back.glows.append(Glow(f.w * 0.5, top - f.h * 0.2, f.w * 0.4, f.h * 0.5, "#ffd88a", 0.3))
    return _finish(b, f, "desk", top, [back])


def bar(b: Brush, light: Light, f: Frame) -> Place:
    """A pub counter before shelves of bottles out of focus."""
    rng, top = b.rng, _edge(b, f)
    inks = ("#3f5a3a", "#7a4a24", "#a8b0a8", "#5a2e2e", "#c9a45a", "#2f3a40")
    parts = ""
    for y in (top - f.h * 0.12, top - f.h * 0.48):
        parts += paint(box(0, y, f.w, 5), b.linear([(0, "#b08a5a"), (1, "#4a3020")]))
        x = rng.uniform(0, 12)
        while x < f.w:
            ink, wide, tall = rng.choice(inks), rng.uniform(9, 14), f.h * rng.uniform(0.17, 0.25)
            half = [(0, 0, 0), (0, 0.55), (0.33, 0.72), (0.36, 1, 0)]
            ring = [(x + wide * u, y - tall * v, *c) for u, v, *c in half]
            ring += [(x + wide * (1 - u), y - tall * v, *c) for u, v, *c in half[::-1]]
            parts += paint(curve(ring), b.across([(0, lighten(ink, 0.3)), (0.4, ink), (1, darken(ink, 0.5))]))
            label = box(x + wide * 0.12, y - tall * 0.42, wide * 0.76, tall * 0.25)
            parts += paint(label, lighten(ink, 0.65), opacity=0.7)
            x += wide * rng.uniform(1.2, 2.4)
    glow = Glow(f.w * rng.uniform(0.3, 0.7), f.h * 0.05, f.w * 0.5, f.h * 0.6, "#ffcf86", 0.35)
    wood_tone = darken(rng.choice(WOODS), 0.45)
    back = Layer(parts, [], wall(b, top, wood_tone), glows=[glow], bottom=top + 1)
    return _finish(b, f, "bar", top, [back])


def garden_table(b: Brush, light: Light, f: Frame) -> Place:
    """A table outdoors with greenery behind."""
    rng, top = b.rng, _edge(b, f)
    lawn = mix("#7d9548", light.haze, 0.2)
    back = [Layer("", [Zone("grass", 0.06)], plane(f, lawn, light.haze)), *backdrop(b, f, light, True)]
    stamps = []
    if rng.random() < 0.7:
        tall = f.h * rng.uniform(0.12, 0.3)
        stamps.append(wood(b, f, top - f.h * 0.04, tall, rng.choice(GREENS), light.haze, 0.2))
    for x in (rng.uniform(-0.05, 0.4), rng.uniform(0.6, 1.05))[: rng.randint(1, 2)]:
        tall = f.h * rng.uniform(0.6, 0.95)
        stamps.append(tree(b, x * f.w, top - f.h * 0.02, tall, rng.choice(GREENS), light.haze, 0.12))
    for _ in range(rng.randint(0, 4)):
        tall = f.h * rng.uniform(0.1, 0.2)
        stamps.append(
            tree(b, rng.uniform(0, 1) * f.w, top + 3, tall, rng.choice(GREENS), light.haze, 0.05, "bush")
        )
    return _finish(b, f, "garden_table", top, [*back, Layer(stamps=stamps)], sky=True)


PLACES = {p.__name__: p for p in (kitchen, desk, bar, garden_table)}
