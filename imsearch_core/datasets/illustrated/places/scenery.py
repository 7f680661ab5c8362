"""Props for backgrounds: hills, houses, fronts, windows, fences, curtains. All return SVG text."""

from __future__ import annotations

from ..toolkit.brush import Brush, box, curve, line, paint, polygon
from ..toolkit.colour import darken, lighten, mix

GREENS = ("#4f6b33", "#5d7a3a", "#6c8440", "#3f5d38", "#76893f", "#4a6a4a")
AUTUMN = ("#a5702c", "#b4562b", "#8c7a34", "#c08a34")
BRICKS = ("#9a5844", "#a9745a", "#8d6b5a", "#b58f72", "#7f5348")
WALLS = (
    "#d9cdb8",
    "#cfd6d3",
    "#b9c7c4",
    "#d8bfa6",
    "#a9b6a0",
    "#c7b8c4",
    "#e4dfd2",
    "#8fa3ad",
    "#b88f7a",
    "#6f7f78",
    "#ded2a8",
    "#99a9bd",
)
WOODS = ("#7a5233", "#8f6540", "#a67c52", "#5d3d28", "#b48f63", "#6b4630")


def hills(b: Brush, y: float, w: float, height: float, colour: str, rough: bool = False) -> str:
    """A range of hills whose foot is at ``y``; ``rough`` makes mountains with lit faces."""
    rng, points = b.rng, []
    count = rng.randint(5, 8) if not rough else rng.randint(7, 10)
    for i in range(count + 1):
        lift = rng.uniform(0.25, 1.0) if not (rough and i % 2) else rng.uniform(0.15, 0.45)
        points.append((-20 + (w + 40) * i / count, y - height * lift, *([0] if rough else [])))
    shape = [(-30, y + 4, 0), *points, (w + 30, y + 4, 0)]
    d = curve(shape)
    parts = [paint(d, b.linear([(0, colour), (1, lighten(colour, 0.25))]))]
    if rough:
        for i in range(1, len(points) - 1):
            (px, py, *_), (nx, ny, *_) = points[i], points[i + (1 if b.side > 0 else -1)]
            if py < ny:
                mid = (px + (nx - px) * 0.35, y - (y - ny) * 0.55)
                parts.append(
                    paint(
                        polygon([(px, py), (nx, ny), (nx, y), mid]),
                        lighten(colour, 0.3),
                        opacity=0.7,
                    )
                )
                cap = [
                    (px, py),
                    (px + (nx - px) * 0.42, py + (ny - py) * 0.42),
                    (px + (nx - px) * 0.2, py + height * 0.16),
                    (px, py + height * 0.1),
                    (px - (nx - px) * 0.18, py + height * 0.15),
                ]
                parts.append(paint(polygon(cap), "#f4f6f8", opacity=0.85))
    return "".join(parts)


def window(b: Brush, x: float, y: float, w: float, h: float, glass: str, frame: str, bars: int = 1) -> str:
    """A glazed window with reveal, sill, glazing bars and a slanting reflection."""
    t = max(0.8, w * 0.06)
    parts = [
        paint(box(x - t, y - t, w + 2 * t, h + 2 * t), frame),
        paint(box(x, y, w, h), b.linear([(0, darken(glass, 0.45)), (1, darken(glass, 0.2))])),
        paint(
            polygon(
                [
                    (x + w * 0.15, y),
                    (x + w * 0.5, y),
                    (x + w * 0.25, y + h),
                    (x, y + h),
                    (x, y + h * 0.3),
                ]
            ),
            "#ffffff",
            opacity=0.16,
        ),
    ]
    for i in range(1, bars + 1):
        parts.append(paint(box(x + w * i / (bars + 1) - t * 0.3, y, t * 0.6, h), frame))
    parts.append(paint(box(x, y + h * 0.45, w, t * 0.6), frame))
    parts.append(paint(box(x - 2 * t, y + h + t * 0.6, w + 4 * t, t * 1.2), lighten(frame, 0.2)))
    parts.append(paint(box(x - t, y + h + t * 1.8, w + 2 * t, t), "#12142a", opacity=0.25))
    return "".join(parts)


def house(b: Brush, x: float, y: float, w: float, h: float, haze: str, far: float) -> str:
    """A gabled country house or barn seen from the long side."""
    rng = b.rng
    wall = mix(rng.choice((*BRICKS, *WALLS[:7])), haze, far)
    roof = mix(rng.choice(("#6b4a40", "#55565e", "#8a5a44", "#4d4a48")), haze, far)
    rise, o = h * rng.uniform(0.45, 0.7), w * 0.04
    parts = [paint(box(x, y - h, w, h), b.across([(0, lighten(wall, 0.12)), (1, darken(wall, 0.22))]))]
    top = [
        (x - o, y - h),
        (x + w * 0.08, y - h - rise),
        (x + w * 0.92, y - h - rise),
        (x + w + o, y - h),
    ]
    parts.append(paint(polygon(top), b.linear([(0, lighten(roof, 0.12)), (1, darken(roof, 0.15))])))
    parts.append(paint(box(x, y - h, w, h * 0.07), "#12142a", opacity=0.3))
    parts.append(paint(box(x + w * 0.72, y - h - rise * 1.35, w * 0.08, rise * 0.5), darken(wall, 0.2)))
    count = max(2, round(w / h * 1.6))
    for i in range(count):
        wx = x + w * (i + 0.28) / count
        if i == count // 2:
            parts.append(paint(box(wx, y - h * 0.56, w / count * 0.42, h * 0.56), darken(roof, 0.3)))
        else:
            parts.append(
                window(
                    b,
                    wx,
                    y - h * 0.72,
                    w / count * 0.42,
                    h * 0.36,
                    mix("#8fa6b8", haze, far),
                    mix("#e8e4da", haze, far),
                )
            )
    return "".join(parts)


def facade(b: Brush, x: float, y: float, w: float, floor: float, floors: int, haze: str, far: float) -> str:
    """A town front standing at (x, y): shop or door at street level, windows above, a cornice."""
    rng = b.rng
    wall = mix(rng.choice((*BRICKS, *WALLS)), haze, far)
    trim = mix("#e9e4d8", wall, rng.uniform(0, 0.5))
    h = floor * floors
    parts = [paint(box(x, y - h, w, h), b.across([(0, lighten(wall, 0.1)), (1, darken(wall, 0.18))]))]
    bays = max(2, round(w / floor * 0.95))
    for row in range(1, floors):
        for i in range(bays):
            cell = w / bays
            parts.append(
                window(
                    b,
                    x + cell * (i + 0.27),
                    y - floor * (row + 0.84),
                    cell * 0.46,
                    floor * 0.58,
                    mix("#7f97ab", haze, far),
                    trim,
                )
            )
    shop = rng.choice(("#2f4a4a", "#5a2e2e", "#2e3a5a", "#3d3d3d", "#51603a"))
    shop = mix(shop, haze, far)
    parts.append(paint(box(x + w * 0.03, y - floor * 0.95, w * 0.94, floor * 0.95), shop))
    parts.append(
        window(b, x + w * 0.1, y - floor * 0.7, w * 0.5, floor * 0.5, "#c9b98f", darken(shop, 0.2), 2)
    )
    parts.append(paint(box(x + w * 0.7, y - floor * 0.75, w * 0.18, floor * 0.75), darken(shop, 0.4)))
    if rng.random() < 0.5:
        awning = mix(rng.choice(("#b5453c", "#d8c38a", "#3f6f5a", "#4a6a94")), haze, far)
        parts.append(
            paint(
                polygon(
                    [
                        (x + w * 0.06, y - floor * 0.88),
                        (x + w * 0.64, y - floor * 0.88),
                        (x + w * 0.68, y - floor * 0.62),
                        (x + w * 0.02, y - floor * 0.62),
                    ]
                ),
                b.linear([(0, lighten(awning, 0.1)), (1, darken(awning, 0.2))]),
            )
        )
    parts.append(paint(box(x - 1, y - h - floor * 0.1, w + 2, floor * 0.14), trim))
    parts.append(paint(box(x, y - h + floor * 0.04, w, floor * 0.07), "#12142a", opacity=0.25))
    return "".join(parts)


def fence(b: Brush, y: float, w: float, ppm: float, colour: str) -> str:
    """A post-and-rail fence across the picture at scale ``ppm``."""
    rng, parts = b.rng, []
    for lift in (0.45, 0.95):
        d = f"M-5 {y - lift * ppm:.1f}L{w + 5} {y - lift * ppm + rng.uniform(-2, 2):.1f}"
        parts.append(line(d, darken(colour, 0.2), ppm * 0.09))
        parts.append(line(d, lighten(colour, 0.2), ppm * 0.03, transform=f"translate(0 {-ppm * 0.025:.2f})"))
    step, x = ppm * 2.0, rng.uniform(-1, 0) * ppm
    while x < w + step:
        post = box(x, y - 1.2 * ppm, ppm * 0.12, 1.22 * ppm, ppm * 0.02)
        parts.append(paint(post, b.across([(0, lighten(colour, 0.25)), (1, darken(colour, 0.35))])))
        x += step
    return "".join(parts)


def picture(b: Brush, x: float, y: float, w: float, h: float) -> str:
    """A framed landscape print on a wall, with a thrown shadow."""
    rng = b.rng
    wood, t = rng.choice((*WOODS, "#2b2b2e", "#efe9dc", "#b9974f")), w * 0.05
    sky, land = (
        rng.choice(("#c9d8de", "#e6cfa8", "#9fb4c9")),
        rng.choice((*GREENS, "#9b6b52", "#587089")),
    )
    mount = box(x + t, y + t, w - 2 * t, h - 2 * t)
    m = t * 2.6
    scene = [
        (x + m, y + h * 0.6),
        (x + w * 0.35, y + h * 0.42),
        (x + w * 0.6, y + h * 0.58),
        (x + w - m, y + h * 0.5),
        (x + w - m, y + h - m, 0),
        (x + m, y + h - m, 0),
    ]
    return (
        paint(box(x - b.side * t, y + t * 1.4, w, h), "#12142a", opacity=0.25)
        + paint(box(x, y, w, h), b.lit(wood))
        + paint(mount, "#f1ece0")
        + paint(box(x + m, y + m, w - 2 * m, h - 2 * m), b.linear([(0, sky), (1, lighten(sky, 0.5))]))
        + paint(curve(scene), b.linear([(0, land), (1, darken(land, 0.3))]))
    )


def curtain(b: Brush, x: float, y: float, w: float, h: float, colour: str) -> str:
    """A hanging curtain with folds."""
    folds = 5
    parts = [paint(box(x, y, w, h), colour)]
    for i in range(folds):
        shade = b.linear(
            [(0, darken(colour, 0.45)), (0.5, lighten(colour, 0.2)), (1, darken(colour, 0.3))],
            (0, 0),
            (1, 0),
        )
        parts.append(paint(box(x + w * i / folds, y, w / folds + 0.5, h + b.rng.uniform(-1, 2)), shade))
    return "".join(parts)
