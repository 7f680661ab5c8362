"""Cats: nine coats, five poses, drawn with the head turned to the viewer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..registry import Kind
from ..toolkit.brush import Brush, Point, Sprite, curve, ellipse, group, hair, line, paint, pts, taper
from ..toolkit.colour import darken, jitter, lighten, mix


@dataclass(frozen=True)
class Coat:
    """Colours of one cat; ``stripe``, ``points`` and ``patch`` are empty where it has none."""

    base: str
    pale: str
    stripe: str = ""
    points: str = ""
    patch: str = ""
    bib: bool = False
    nose: str = "#c98a84"
    eyes: tuple[str, ...] = ("#a8b04a", "#c9a23a", "#8fae5a")


COATS = (
    Coat("#97795a", "#d9c5a6", stripe="#3f2f24"),
    Coat("#97795a", "#f1e9dc", stripe="#443227", bib=True),
    Coat("#9a9a98", "#d6d4ce", stripe="#454648"),
    Coat("#c9813f", "#efd2a4", stripe="#96521f", eyes=("#c9a23a", "#b8873a")),
    Coat("#cf8a4a", "#f6ede0", stripe="#a35f2a", bib=True, eyes=("#c9a23a", "#a8b04a")),
    Coat("#2b2a2e", "#45434a", nose="#3a3436", eyes=("#c9b03a", "#a8b83f")),
    Coat("#2c2b30", "#f2efe9", bib=True, eyes=("#a8b83f", "#c9b03a")),
    Coat("#ebe5da", "#fbf8f2", eyes=("#7fb0d0", "#a8b04a", "#c9a23a")),
    Coat("#dccbb2", "#f0e6d6", points="#4a372e", nose="#4a3834", eyes=("#5f9fd6", "#6fb0e0")),
    Coat("#ece4d8", "#fbf7f0", patch="#c57a3a", bib=True),
    Coat("#747c88", "#929aa5", nose="#5c5a62", eyes=("#d0a23a", "#c98f35")),
)
METRE = 128.0  # units


def _eye(b: Brush, side: float, iris: str, pupil: float) -> str:
    shape = curve([(2.5 * side, 1.1, 0.3), (4.6 * side, -2.1), (7.7 * side, -1.7, 0.3), (5.5 * side, 1.4)])
    x = 5.0 * side
    ball = b.radial(
        [(0, lighten(iris, 0.45)), (0.6, iris), (1, darken(iris, 0.45))], (x, 0.4), 3.2, local=True
    )
    parts = [
        paint(ellipse(x, -0.4, pupil, 2.0), "#0c0b0e"),
        paint(ellipse(x, -3.0, 4, 1.6), "#0c0b0e", opacity=0.5),
        paint(ellipse(x + b.side * 0.9, -1.3, 0.75, 0.65), "#ffffff"),
        paint(ellipse(x - b.side * 0.8, 0.9, 0.5, 0.3), "#ffffff", opacity=0.45),
    ]
    return paint(shape, ball) + b.clip(shape, parts) + paint(shape, stroke="#1c1614", stroke_width=0.6)


def _ear(b: Brush, side: float, coat: Coat) -> str:
    colour = coat.points or coat.base
    outer = [
        (2.2 * side, -8.4, 0),
        (5.4 * side, -12.6),
        (9.9 * side, -16.6, 0.25),
        (12.0 * side, -10.8),
        (12.0 * side, -2.6, 0),
    ]
    inner = [
        (4.8 * side, -8.8, 0),
        (6.8 * side, -12.0),
        (9.6 * side, -14.9, 0.2),
        (10.7 * side, -10.4),
        (10.0 * side, -5.6, 0),
    ]
    pink = mix("#d9a090", darken(colour, 0.3), 0.35)
    tuft = [hair((5.2 + i * 0.6) * side, -7.6, (1.6 + i * 0.2) * side, -4.5 - (i % 3), 0.5) for i in range(6)]
    return (
        b.form(curve(outer), colour, 1.4)
        + paint(curve(inner), b.linear([(0, darken(pink, 0.1)), (1, darken(pink, 0.5))]))
        + paint("".join(tuft), lighten(coat.pale, 0.15), opacity=0.8)
    )


def _face_marks(b: Brush, coat: Coat) -> str:
    parts = []
    if coat.points:
        parts.append(b.spot(0, 3.5, 10.5, 10.5, coat.points, 0.95))
    if coat.patch:
        parts.append(paint(ellipse(-7, -7, 8.2, 8), coat.patch) + paint(ellipse(9, -8, 5.6, 8), "#3a3230"))
    if coat.stripe:
        m = pts("0,-11,0,5.6 2.1,-10.5,-0.3,5.4 4.4,-9.6,0.9,4.9 6.6,-8.3,1,3.8")
        marks = [hair(s * x, y, s * dx, dy, 1.25) for x, y, dx, dy in m for s in (-1, 1)]
        cheeks = pts("12.4,0,-5.2,-1 12.4,2.9,-5.6,-0.4 11.2,6,-4.6,-1.2")
        marks += [hair(s * x, y, s * dx, dy, 1.5) for x, y, dx, dy in cheeks for s in (-1, 1)]
        parts.append(paint("".join(marks), coat.stripe, opacity=0.8))
    if coat.bib:
        blaze = pts("0,-5.5,0.2 1.6,1.5 6.6,5.2 8.6,12 -8.6,12 -6.6,5.2 -1.6,1.5")
        parts.append(paint(curve(blaze), coat.pale))
    elif not coat.points:
        for s in (-1, 1):
            parts.append(b.spot(4.6 * s, 2.6, 4.2, 2.4, coat.pale, 0.55))
            parts.append(b.spot(4.4 * s, -3.2, 2.6, 1.4, coat.pale, 0.7))
    return "".join(parts)


def head(b: Brush, coat: Coat) -> str:
    """A cat's head seen from the front, centred on the origin, 24 units wide and 30 high."""
    rng = b.rng
    half = pts("3.4,-9.6 8,-7.6 11.4,-3 12.2,2 10.4,6.4 6.6,9.4 2.6,11.2")
    ring: list[Point] = [(-x, y) for x, y in half[::-1]] + half
    colour = coat.base
    iris, pupil = rng.choice(coat.eyes), rng.choice((0.7, 0.9, 1.3, 1.8))
    dark = darken(coat.points or colour, 0.3)
    parts = [_ear(b, -1, coat), _ear(b, 1, coat)]
    parts.append(b.fur(ring, darken(colour, 0.12), 3.0, 90, 0.55))
    parts.append(b.form(curve(ring), colour, 2.6, _face_marks(b, coat)))
    for cheek in ("-12,-1 -12,4 -8,8.8 -3,11", "3,11 8,8.8 12,4 12,-1"):
        tone = coat.pale if coat.bib else colour
        parts.append(b.fur(pts(cheek)[::-1], tone, 3.0, 34, 0.55, 0.5, closed=False))
    parts.append(b.pelt(ring, lighten(colour, 0.35), 1.7, 120, (0, -1), 0.35))
    parts.append(b.spot(0, 0.6, 2.0, 4.6, lighten(colour, 0.3), 0.35))
    pad = mix(coat.pale, coat.points, 0.75) if coat.points else coat.pale
    for s in (-1, 1):
        parts.append(b.spot(2.4 * s, 8.2, 4.0, 2.2, dark, 0.45))
        rim = [(0, lighten(pad, 0.3)), (0.7, pad), (1, darken(pad, 0.18))]
        parts.append(paint(ellipse(2.35 * s, 6.7, 3.1, 2.3), b.radial(rim, (0.5, 0.35), 0.65)))
        parts.append(_eye(b, s, iris, pupil))
    parts.append(paint(ellipse(0, 9.7, 2.3, 1.5), b.linear([(0, darken(pad, 0.15)), (1, pad)])))
    nose = curve(pts("-1.9,3.7,0.6 0,3.4 1.9,3.7,0.6 0.4,5.6 -0.4,5.6"))
    parts.append(paint(nose, b.linear([(0, lighten(coat.nose, 0.2)), (1, darken(coat.nose, 0.25))])))
    mouth = "M0 5.6V6.9M0 6.9Q-0.9 8.5 -3 8.1M0 6.9Q0.9 8.5 3 8.1"
    parts.append(line(mouth, darken(coat.nose, 0.62), 0.45, opacity=0.85))
    dots = "".join(ellipse(s * x, y, 0.2) for s in (-1, 1) for x, y in pts("2.6,6.2 3.6,6.8 2.9,7.2"))
    parts.append(paint(dots, darken(pad, 0.6), opacity=0.7))
    whiskers = []
    for s in (-1, 1):
        for x, y, dx, dy in pts("3,6,13,-3.4 3.4,6.6,14,-0.4 3.2,7.2,13,2.8"):
            whiskers.append(
                hair(
                    s * x,
                    y,
                    s * dx * rng.uniform(0.85, 1.1),
                    dy + rng.uniform(-0.8, 0.8),
                    0.24,
                    s * 0.9,
                )
            )
    parts.append(paint("".join(whiskers), "#fdfaf2" if coat.base != "#ebe5da" else "#b9b2a8", opacity=0.85))
    return "".join(parts)


def _marks(b: Brush, coat: Coat, ribs: list[tuple[float, float, float, float]], size: float) -> str:
    """Stripes (x, y, dx, dy) or patches across a body."""
    rng, parts = b.rng, []
    if coat.stripe:
        strokes = [
            hair(x, y, dx, dy, size * rng.uniform(0.8, 1.2), rng.uniform(-0.6, 0.6)) for x, y, dx, dy in ribs
        ]
        parts.append(paint("".join(strokes), coat.stripe, opacity=0.72))
    if coat.patch:
        for i, (x, y, dx, dy) in enumerate(ribs[:: max(1, len(ribs) // 4)]):
            blob = ellipse(x + dx * 0.3, y + dy * 0.3, rng.uniform(5, 8), rng.uniform(4, 8))
            parts.append(paint(blob, coat.patch if i % 2 else "#3a3230"))
    return "".join(parts)


def _limb(b: Brush, coat: Coat, points: list[Point], widths: list[float], far: bool = False) -> str:
    """A leg ending in a paw, seen from the side or front."""
    colour = darken(coat.base, 0.3) if far else coat.base
    foot = coat.pale if coat.bib else coat.points or colour
    foot = darken(foot, 0.25) if far else foot
    d = taper(points, widths)
    (x, y, *_), (u, v, *_) = points[-1], points[-2]
    marks = b.spot(x, y - 1, widths[-1] * 1.5, abs(y - v) * 0.9, foot, 1.0)
    if coat.stripe:
        bars = [hair(u - 4, v + (y - v) * t, 8, 0.6, 1.0) for t in (-0.15, 0.2, 0.5)]
        marks += paint("".join(bars), coat.stripe, opacity=0.5)
    w = widths[-1]
    toes = f"M{x - w * 0.12:.1f} {y + 0.4:.1f}v1.5M{x + w * 0.32:.1f} {y + 0.4:.1f}v1.5"
    paw = ellipse(x + w * 0.12, y, w * 0.74, 2.0)
    return (
        b.form(d, colour, w * 0.3, marks)
        + paint(paw, b.lit(foot, 0.8))
        + line(toes, darken(foot, 0.6), 0.35, opacity=0.6)
    )


def _tail(b: Brush, coat: Coat, points: list[Point], widths: list[float]) -> str:
    colour = coat.points or (coat.patch if coat.patch else coat.base)
    marks = ""
    if coat.stripe:
        rings = "".join(
            ellipse(p[0], p[1], w * 0.32, w * 0.85) for p, w in zip(points[1:], widths[1:], strict=True)
        )
        marks = paint(rings, coat.stripe, opacity=0.6)
    d = taper(points, widths)
    edge = [(p[0], p[1] - w / 2) for p, w in zip(points, widths, strict=True)]
    return b.fur(edge, colour, 2.2, 60, 0.7, 0.4, closed=False) + b.form(d, colour, widths[0] * 0.25, marks)


def _body(b: Brush, coat: Coat, ring: list[Point], marks: str, flow: Point = (0.1, 1.0)) -> str:
    """The furry trunk."""
    hairs = b.fur(ring, coat.base, 3.4, 150, 0.6) + b.form(curve(ring), coat.base, 4.2, marks)
    hairs += b.pelt(ring, darken(coat.base, 0.4), 3.0, 220, flow, 0.28)
    return hairs + b.pelt(ring, lighten(coat.base, 0.4), 2.8, 220, flow, 0.3)


def _sit_front(b: Brush, coat: Coat) -> Sprite:
    ring = pts("-14,-1 -15.4,-9 -11.8,-20 -9.6,-29 -7,-37 7,-37 9.6,-29 11.8,-20 15.4,-9 14,-1 0,0")
    ribs = [(s * (9 + i * 0.8), -33 + i * 4.4, -s * 4.2, 1.2) for i in range(7) for s in (-1, 1)]
    marks = _marks(b, coat, ribs, 1.7)
    chest = b.spot(0, -26, 7.5, 13, coat.pale, 1.0 if coat.bib else 0.55)
    tail = pts("13,-7 18,-4.6 16.5,-1.2 8,-0.6 -1,-0.9")
    swish = b.rng.random() < 0.5
    if swish:
        tail = pts("12,-5 20,-3.4 25,-7 25,-14 28,-18")
    hips = "".join(
        b.form(ellipse(s * 10.6, -8.2, 6.2, 8.0), coat.base, 1.8)
        + paint(
            ellipse(s * 10.8, -1.6, 4.6, 1.9),
            b.lit(coat.pale if coat.bib else coat.points or coat.base),
        )
        for s in (-1, 1)
    )
    legs = "".join(
        _limb(b, coat, [(s * 4.8, -25), (s * 4.5, -12), (s * 4.2, -1.9)], [8.4, 6.4, 5.6]) for s in (-1, 1)
    )
    ruff = b.pelt(pts("-6,-35 6,-35 5,-22 -5,-22"), lighten(coat.pale, 0.3), 3.6, 60, opacity=0.6)
    tail_svg = _tail(b, coat, tail, [5.0, 5.2, 5.0, 4.4, 2.6])
    parts = [
        tail_svg if swish else "",
        _body(b, coat, ring, marks + chest),
        hips,
        b.spot(0, -10, 3.2, 10, darken(coat.base, 0.6), 0.7),
        legs,
        ruff,
    ]
    parts += ["" if swish else tail_svg, b.spot(0, -34, 9, 4, darken(coat.base, 0.7), 0.5)]
    turn = b.rng.uniform(-9, 9)
    parts.append(group(head(b, coat), f"translate(0 -44) rotate({turn:.1f})"))
    contacts = pts("0,-0.8,13,2 -10,-1,5,1.6 10,-1,5,1.6")
    return Sprite("".join(parts), (-30, -64, 32, 2.5), METRE, contacts)


def _sit_side(b: Brush, coat: Coat) -> Sprite:
    ring = pts("-15,-2 -16.5,-9 -13,-19 -6,-29 2,-38 13,-40 15.5,-30 14,-22 9,-12 4,-1 -6,0")
    ribs = [(-15 + i * 2.9, -15 - i * 3.8, 7.0, 4.0) for i in range(6)] + [
        (-8 + i * 3, -10, 1, 7) for i in range(3)
    ]
    marks = _marks(b, coat, ribs, 1.9) + b.spot(14, -28, 6, 12, coat.pale, 1.0 if coat.bib else 0.6)
    haunch = pts("-14,-6 -11,-14 -4,-17 3,-13 4.5,-6 1,-1 -9,-0.6")
    thigh = b.form(
        curve(haunch),
        coat.base,
        2.6,
        _marks(b, coat, [(-12 + i * 4, -15, 3, 6) for i in range(4)], 1.5),
    )
    foot = paint(ellipse(3.5, -1.7, 5.4, 2.0), b.lit(coat.pale if coat.bib else coat.points or coat.base))
    legs = _limb(b, coat, pts("12,-24 13.6,-12 13.4,-1.9"), [7.4, 5.4, 4.8], far=True)
    legs += _limb(b, coat, pts("8.6,-26 9.4,-13 9.2,-1.9"), [8.6, 6.0, 5.2])
    tail = _tail(
        b,
        coat,
        pts("-12,-3 -20,-2.6 -28,-3 -34,-6 -37,-11"),
        [5.2, 5.0, 4.6, 4.0, 2.4],
    )
    top = group(head(b, coat), f"translate(11.5 -46) rotate({b.rng.uniform(-8, 8):.1f}) scale(.96 1)")
    neck = b.spot(10, -36, 9, 5, darken(coat.base, 0.7), 0.4)
    svg = tail + _body(b, coat, ring, marks, (-0.35, 0.9)) + legs + thigh + foot + neck + top
    return Sprite(svg, (-41, -66, 29, 2), METRE, pts("-5,-0.8,11,2 11,-0.9,6,1.7 -27,-1.5,9,1.4"))


def _walk(b: Brush, coat: Coat) -> Sprite:
    rng = b.rng
    ring = pts("-24,-20 -23,-28 -12,-31 2,-29.5 12,-31.5 21,-36 25,-29 20,-21 12,-16 -2,-15 -14,-17")
    ribs = [(-20 + i * 4.0, -32 + abs(i - 4) * 0.2, 1.6, 10) for i in range(10)]
    marks = _marks(b, coat, ribs, 2.0) + b.spot(2, -15, 20, 5, coat.pale, 0.9 if coat.bib else 0.5)
    step = rng.uniform(-1, 1)
    far = _limb(b, coat, [(12, -22), (14 - step * 2, -11), (15 - step * 4, -1.9)], [7, 4.8, 4.2], far=True)
    far += _limb(
        b,
        coat,
        [(-16, -24), (-12, -14), (-16 + step * 2, -8), (-13 + step * 3, -1.9)],
        [11, 7, 4.4, 4.2],
        far=True,
    )
    near = _limb(b, coat, [(14, -25), (15 + step * 2, -12), (16 + step * 4, -1.9)], [9, 5.6, 4.6])
    near += _limb(
        b,
        coat,
        [(-18, -24), (-14, -14), (-20 - step, -8.4), (-18.5 - step * 2, -1.9)],
        [13, 8.4, 4.8, 4.6],
    )
    up = rng.random() < 0.6
    spine = (
        pts("-22,-27 -29,-33 -32,-42 -30,-50 -26,-54")
        if up
        else pts("-22,-26 -30,-24 -36,-17 -42,-14 -47,-17")
    )
    tail = _tail(b, coat, spine, [5.2, 4.6, 4.2, 3.6, 2.0])
    top = group(head(b, coat), f"translate(24 -39) rotate({rng.uniform(-6, 8):.1f}) scale(.84)")
    neck = b.spot(21, -31, 7, 4, darken(coat.base, 0.7), 0.4)
    svg = far + tail + _body(b, coat, ring, marks, (-0.9, 0.4)) + near + neck + top
    box = (-50, -57, 38, 2)
    return Sprite(svg, box, METRE, pts("15,-0.8,6,1.5 -16,-0.8,7,1.5 0,-0.4,22,2.2"))


def _loaf(b: Brush, coat: Coat) -> Sprite:
    ring = pts("-31,-2 -33,-10 -28,-18 -16,-22.5 -2,-22 10,-21 20,-16 23,-6 18,-0.6 -10,0")
    ribs = [(-27 + i * 4.2, -24 + abs(i - 3) * 0.5, -1.4 + i * 0.3, 10) for i in range(8)]
    marks = _marks(b, coat, ribs, 2.0) + b.spot(12, -9, 8, 9, coat.pale, 1.0 if coat.bib else 0.5)
    haunch = b.form(
        ellipse(-21, -8.6, 10, 8.8),
        coat.base,
        2.6,
        _marks(b, coat, [(-29 + i * 5, -17, 2, 7) for i in range(4)], 1.6),
    )
    pale = coat.pale if coat.bib else coat.points or coat.base
    paws = "".join(
        b.form(taper([(x, -6), (x + 2, -3.4), (x + 6.5, -2.2)], [6.5, 5.6, 4.6]), pale, 1.4) for x in (13, 6)
    )
    tail = _tail(
        b,
        coat,
        pts("-30,-5 -29,-1.8 -20,-0.8 -10,-1.2 -2,-1.6"),
        [5.2, 5.2, 5.0, 4.6, 2.6],
    )
    top = group(head(b, coat), f"translate(11.5 -23.5) rotate({b.rng.uniform(-10, 10):.1f})")
    svg = (
        _body(b, coat, ring, marks, (-0.8, 0.6))
        + haunch
        + paws
        + tail
        + b.spot(11, -12.5, 11, 5, darken(coat.base, 0.7), 0.45)
        + top
    )
    return Sprite(svg, (-37, -43, 29, 2), METRE, [(-5, -0.6, 27, 2.4), (14, -0.6, 8, 1.6)])


def _face(b: Brush, coat: Coat) -> Sprite:
    ring = pts("-20,4 -18.5,-6 -13.5,-15 -9.5,-24 9.5,-24 13.5,-15 18.5,-6 20,4")
    ribs = [(s * (15 + i * 2.6), -18 + i * 4.6, -s * 6, 2.4) for i in range(5) for s in (-1, 1)]
    marks = _marks(b, coat, ribs, 2.0) + b.spot(0, -4, 9, 17, coat.pale, 1.0 if coat.bib else 0.6)
    ruff = b.pelt(pts("-9,-20 9,-20 8,2 -8,2"), lighten(coat.pale, 0.3), 4.0, 110, opacity=0.5)
    neck = b.spot(0, -17, 13, 5, darken(coat.base, 0.7), 0.5)
    top = group(head(b, coat), f"translate(0 -25) rotate({b.rng.uniform(-10, 10):.1f})")
    svg = _body(b, coat, ring, marks) + ruff + neck + top
    return Sprite(svg, (-22, -44, 22, 0), METRE, relief=0.35, cropped=True)


_POSES: dict[str, Callable[[Brush, Coat], Sprite]] = {
    "sit_front": _sit_front,
    "sit_side": _sit_side,
    "walk": _walk,
    "loaf": _loaf,
    "face": _face,
}


def draw(b: Brush, view: str) -> Sprite:
    """One cat in the pose ``view``."""
    coat = b.rng.choice(COATS)
    coat = replace(coat, base=jitter(b.rng, coat.base, 0.02))
    sprite = _POSES[view](b, coat)
    sprite.texture, sprite.texture_strength = "fur", 0.05
    return sprite


KIND = Kind(
    draw,
    tuple(_POSES),
    (
        ("living_room", "floor"),
        ("living_room", "floor"),
        ("bedroom", "floor"),
        ("dining_room", "floor"),
        ("garden", "patio"),
        ("meadow", "grass"),
        ("park", "grass"),
        ("farmyard", "yard"),
        ("kitchen", "table"),
        ("desk", "table"),
        ("garden_table", "table"),
        ("workshop", "floor"),
        ("snow", "snow"),
    ),
    companions=("sofa", "potted_plant", "chair", "dog", "bottle", "person"),
    fill=(0.5, 0.86),
)
