"""Bottles: wine, champagne, beer, cola, milk, water, oil, whisky, with glass, liquid and label."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ..registry import Kind
from ..toolkit.brush import Brush, Point, Sprite, box, curve, ellipse, line, paint, polygon, pts, track
from ..toolkit.colour import darken, jitter, lighten, mix

METRE = 400.0  # units: one unit is 2.5 mm


@dataclass(frozen=True)
class Model:
    """A bottle shape: ``profile`` is (height, half width[, 0 for a corner]) from foot to lip.

    ``glass`` is tint and opacity choices, ``liquid`` colours (empty: same as glass), ``label`` the
    heights of its foot and top, ``cap`` the closure.
    """

    profile: list[Point]
    glass: tuple[tuple[str, float], ...]
    liquid: tuple[str, ...]
    label: tuple[float, float]
    cap: str
    paper: tuple[str, ...] = ("#efe6d0", "#f4efe4", "#e2d3b0", "#2d2b2b", "#7a2a2c", "#d9c9a2")


_GREEN = (("#2f4a2c", 0.93), ("#1f3324", 0.95), ("#4a5a28", 0.9))
_BROWN = (("#6b3d18", 0.9), ("#52300f", 0.93))
_CLEAR = (("#cfe0dc", 0.3), ("#d5dfe4", 0.28))

MODELS = {
    "bordeaux": Model(
        pts("0,14.4 4,15.2 40,15.2 72,15.2 82,13 88,7.6 93,5.8 116,5.4 120,5.6"),
        (*_GREEN, ("#28261f", 0.96)),
        ("#3a0f18",),
        (16, 58),
        "foil",
    ),
    "burgundy": Model(
        pts("0,15.8 4,17 36,17 54,16.2 72,11.4 86,7 98,5.6 116,5.2 119,5.4"),
        (("#5a6630", 0.9), *_GREEN),
        ("#3a0f18",),
        (13, 44),
        "foil",
    ),
    "champagne": Model(
        pts("0,16.6 4,17.8 40,17.8 56,16.8 76,11.4 92,7.2 106,6 120,6 124,6.2"),
        (("#2c4226", 0.95), ("#1f3020", 0.96)),
        ("#c9b060",),
        (16, 46),
        "muselet",
    ),
    "white": Model(
        pts("0,13.6 4,14.6 40,14.6 66,14.2 84,9.6 100,6.4 120,5.2 132,5.2 135,5.4"),
        (("#b8b878", 0.45), ("#8f9a52", 0.7)),
        ("#d8c878", "#e4d490"),
        (16, 50),
        "foil",
    ),
    "rose": Model(
        pts("0,14.4 4,15.2 40,15.2 72,15.2 82,13 88,7.6 93,5.8 116,5.4 120,5.6"),
        _CLEAR,
        ("#e09a8a", "#e8b09c"),
        (18, 52),
        "foil",
    ),
    "beer": Model(
        pts("0,11.4 3,12.2 30,12.2 50,12.2 60,10.4 72,6.2 88,5.2 92,5.4"),
        (*_BROWN, *_GREEN, *_BROWN),
        ("#7a3f10",),
        (12, 40),
        "crown",
        ("#c8a23a", "#efe6d0", "#a8322c", "#2f5a3a", "#e8e4da", "#2b3f66"),
    ),
    "stubby": Model(
        pts("0,13.4 3,14.4 30,14.4 44,14 54,8.6 60,6.4 68,5.8 72,6"),
        _BROWN,
        ("#7a3f10",),
        (10, 36),
        "crown",
        ("#c8a23a", "#efe6d0", "#a8322c", "#2f5a3a"),
    ),
    "cola": Model(
        pts("0,11.2 4,11.8 16,11.2 26,9.4 40,11.6 50,11.8 60,9.6 70,6.4 76,5.4 80,5.6"),
        (("#bcd0c4", 0.35), ("#cfe0dc", 0.3)),
        ("#2a120c",),
        (38, 52),
        "crown",
        ("#b8232a", "#c62f2f"),
    ),
    "milk": Model(
        pts("0,14.6 3,15.6 30,15.8 52,15.6 64,11.6 74,8.2 80,8.2 83,9.2 88,9.2"),
        _CLEAR,
        ("#f6f2e8",),
        (0, 0),
        "foilcap",
    ),
    "water": Model(
        pts("0,13.2 4,14.2 18,14.2 24,13.2 30,14.2 56,14.2 72,12.6 86,7 92,5.4 98,5.4"),
        (("#c6e0ee", 0.35), ("#a8d4e4", 0.42), ("#bfe0d4", 0.4)),
        ("#d8ecf4",),
        (34, 56),
        "screw",
        ("#3f7fb5", "#e8f0f4", "#2f9a8a", "#d8e8f0"),
    ),
    "oil": Model(
        pts("0,12.4,0.3 2,13.2 40,13.2 68,13.2 78,11.2 86,6.4 92,5 108,4.8 112,5.2"),
        (("#a8a860", 0.5), ("#4a5a28", 0.88), ("#cfd0a0", 0.35)),
        ("#b9a02a", "#a8941f"),
        (16, 52),
        "pourer",
    ),
    "whisky": Model(
        pts("0,18.4,0.3 3,19.4,0.4 60,19.4,0.5 68,18.6 76,10 80,6.8 94,6.2 98,6.8"),
        (("#d8d0c0", 0.3), ("#e0d8c8", 0.28)),
        ("#b5651d", "#a8561a", "#c27a2a"),
        (14, 50),
        "cork",
    ),
    "squash": Model(
        pts("0,15 4,16 40,16 64,15 78,9.6 86,6.6 104,6.2 106,6.4"),
        _CLEAR,
        ("#c8342c", "#e07a1f", "#7aa83a", "#6a2a5a"),
        (18, 50),
        "screw",
    ),
}


def _ring(profile: list[Point], scale: float = 1.0, top: float = 1e9) -> list[Point]:
    """Symmetric outline of a profile, shrunk sideways by ``scale`` and cut off at ``top``."""
    half = [p for p in profile if p[0] < top]
    if top < profile[-1][0]:
        half.append((top, _width(profile, top), 0))
    right = [(p[1] * scale, -p[0], *p[2:]) for p in half]
    left = [(-x, y, *soft) for x, y, *soft in right]
    bottom = [(0, profile[0][1] * 0.13)]
    return [*left, *reversed(right), *bottom]


def _width(profile: list[Point], height: float) -> float:
    """Half width at a height."""
    for low, high in pairwise(profile):
        if low[0] <= height <= high[0]:
            t = (height - low[0]) / max(0.01, high[0] - low[0])
            t = t * t * (3 - 2 * t)
            return low[1] + (high[1] - low[1]) * t
    return profile[-1][1]


def _wrap(profile: list[Point], low: float, high: float, grow: float = 0.3) -> str:
    """A band round the bottle with the curved edges of a cylinder seen from a little above."""
    a, c = _width(profile, low) + grow, _width(profile, high) + grow
    down = track("M", -a, -low, "Q", 0, -low + a * 0.26, a, -low)
    return down + track("L", c, -high, "Q", 0, -high + c * 0.26, -c, -high, "Z")


def _round(b: Brush, colour: str, gloss: float = 0.5) -> str:
    """Paint that turns ``colour`` round a cylinder."""
    return b.across(
        [
            (0, darken(colour, 0.4)),
            (0.14, colour),
            (0.28, lighten(colour, gloss)),
            (0.45, colour),
            (0.8, darken(colour, 0.45)),
            (1, darken(colour, 0.65)),
        ]
    )


def _label(b: Brush, model: Model) -> str:
    low, high = model.label
    if high <= low:
        return ""
    rng, paper = b.rng, jitter(b.rng, b.rng.choice(model.paper), 0.03)
    pale = sum(int(paper[i : i + 2], 16) for i in (1, 3, 5)) > 380
    ink = (
        rng.choice(("#3a2a24", "#7a2a2c", "#2a4a3a", "#2b3a5a"))
        if pale
        else rng.choice(("#e8d8a8", "#f0ece0"))
    )
    accent = rng.choice(("#b58a3a", "#8a2f2a", "#3f6a4a", "#c9a24a", "#2f4f7a"))
    tall, w = high - low, _width(model.profile, (low + high) / 2)
    parts = [paint(_wrap(model.profile, low, high), paper)]
    style = rng.randrange(4)
    y = -(low + tall * 0.6)
    dip = w * 0.1
    if style == 0:
        parts.append(paint(ellipse(0, y + dip, w * 0.36, w * 0.36), accent))
        parts.append(
            paint(ellipse(0, y + dip, w * 0.26), "none", stroke=lighten(paper, 0.3), stroke_width=0.5)
        )
    elif style == 1:
        parts.append(paint(_wrap(model.profile, low + tall * 0.62, low + tall * 0.92), accent))
    elif style == 2:
        parts.append(
            paint(
                polygon(
                    [
                        (-w * 0.45, y + w * 0.5),
                        (-w * 0.1, y - w * 0.2),
                        (w * 0.1, y + w * 0.2),
                        (w * 0.25, y),
                        (w * 0.5, y + w * 0.5),
                    ]
                ),
                accent,
            )
        )
    else:
        parts.append(
            line(
                f"M{-w * 0.5:.1f} {y + 3:.1f}q{w * 0.25:.1f} -7 {w * 0.5:.1f} 0t{w * 0.5:.1f} 0",
                accent,
                1.8,
            )
        )
    for t, reach, thick in pts("0.36,0.62,1.7 0.25,0.4,0.6 0.17,0.5,0.5 0.09,0.3,0.5"):
        yy, r = -(low + tall * t), w * reach
        parts.append(
            line(
                f"M{-r:.2f} {yy + dip:.2f}Q0 {yy + dip + r * 0.2:.2f} {r:.2f} {yy + dip:.2f}",
                ink,
                thick * tall / 34,
                stroke_dasharray="2.6 0.7 1.8 0.9",
                opacity=0.85,
            )
        )
    edge = _wrap(model.profile, low + tall * 0.04, low + tall * 0.96, -0.4)
    parts.append(paint(edge, stroke=accent, stroke_width=0.5, opacity=0.7))
    dark = [
        (0, "#16100c", 0.4),
        (0.2, "#16100c", 0),
        (0.32, "#ffffff", 0.12),
        (0.5, "#16100c", 0),
        (1, "#16100c", 0.62),
    ]
    return "".join(parts) + paint(_wrap(model.profile, low, high), b.across(dark))


def _cap(b: Brush, model: Model) -> str:
    rng, top, r = b.rng, model.profile[-1][0], model.profile[-1][1]
    metal = rng.choice(("#c9a24a", "#b8bcc0", "#a8322c", "#2f5a3a", "#2b3f66", "#dcdcd8", "#1f1f22"))
    if model.cap == "foil":
        foil = rng.choice(("#5a1a24", "#2a2a2e", "#b08d3a", "#6f7a3a", "#8a2f2a", "#c9c4b8"))
        band = _wrap(model.profile, top - rng.uniform(20, 26), top, 0.5)
        return (
            paint(band, _round(b, foil, 0.55))
            + paint(_wrap(model.profile, top - 4, top - 3, 0.9), _round(b, lighten(foil, 0.2)))
            + paint(ellipse(0, -top, r + 0.5, r * 0.24), lighten(foil, 0.35))
        )
    if model.cap == "muselet":
        gold = rng.choice(("#c9a24a", "#b5923a", "#d8c890", "#8a2f2a"))
        bulb = curve(
            [
                (-r - 1, -top + 3),
                (-r * 0.9, -top - 4),
                (-r * 0.5, -top - 8),
                (r * 0.5, -top - 8),
                (r * 0.9, -top - 4),
                (r + 1, -top + 3),
            ]
        )
        wire = line(f"M{-r:.1f} {-top + 2:.1f}Q0 {-top + 4:.1f} {r:.1f} {-top + 2:.1f}", "#8f8f88", 0.8)
        return (
            paint(_wrap(model.profile, top - 36, top, 0.5), _round(b, gold, 0.65))
            + paint(bulb, _round(b, gold, 0.7))
            + wire
        )
    if model.cap == "crown":
        lip = paint(_wrap(model.profile, top - 6, top - 4, 0.8), _round(b, "#8a7a5a"), opacity=0.5)
        teeth = box(-r - 1.4, -top - 2.6, 2 * r + 2.8, 4.2, 1)
        grooves = "".join(f"M{-r - 0.6 + i * (2 * r + 1.2) / 8:.2f} {-top - 1.4:.2f}v2.8" for i in range(9))
        return (
            lip
            + paint(teeth, _round(b, metal, 0.6))
            + line(grooves, darken(metal, 0.5), 0.35)
            + paint(ellipse(0, -top - 2.4, r + 0.6, 1.2), lighten(metal, 0.35))
        )
    if model.cap in ("screw", "foilcap"):
        tall = 8.0 if model.cap == "screw" else 3.4
        grooves = "".join(f"M{-r + i * 2 * r / 11:.2f} {-top - tall + 1.6:.2f}V{-top:.2f}" for i in range(12))
        return (
            paint(box(-r - 0.8, -top - tall, 2 * r + 1.6, tall + 1, 0.8), _round(b, metal, 0.5))
            + line(grooves, darken(metal, 0.5), 0.4, opacity=0.6)
            + paint(ellipse(0, -top - tall, r + 0.6, 1.3), lighten(metal, 0.35))
        )
    cork = rng.choice(("#c49a6a", "#b5855a")) if model.cap != "pourer" else "#3a3a38"
    plug = box(-r * 0.75, -top - 5, r * 1.5, 6, 0.6)
    if model.cap == "pourer":
        return paint(plug, _round(b, cork)) + line(
            f"M0 {-top - 4:.1f}q0 -7 {b.side * 5:.1f} -10", "#b8bcc0", 1.8
        )
    head = box(-r - 1.2, -top - 10, 2 * r + 2.4, 7, 1.6)
    return paint(plug, _round(b, cork)) + paint(
        head, _round(b, rng.choice(("#2a211c", cork, "#6b4a2c")), 0.45)
    )


def draw(b: Brush, view: str) -> Sprite:
    """One bottle of the model ``view``."""
    rng, model = b.rng, MODELS[view]
    profile, top = model.profile, model.profile[-1][0]
    tint, dense = rng.choice(model.glass)
    tint = jitter(rng, tint, 0.02)
    outline = curve(_ring(profile))
    level = top * rng.choice((0.9, 0.84, 0.78, 0.62, 0.5)) if dense < 0.85 else top * 0.8
    liquid = jitter(rng, rng.choice(model.liquid), 0.02)
    rim = darken(tint, 0.55)
    glass = b.across(
        [
            (0, rim, min(1, dense + 0.35)),
            (0.1, tint, dense),
            (0.3, lighten(tint, 0.3), dense * 0.85),
            (0.6, tint, dense),
            (0.88, darken(tint, 0.35), dense),
            (1, rim, min(1, dense + 0.4)),
        ]
    )
    parts = [paint(outline, darken(tint, 0.1), opacity=0.55 * dense)]
    fluid: list[str] = []
    if dense < 0.85:
        body = curve(_ring(profile, 0.93, level))
        r = _width(profile, level) * 0.93
        thick = 0.97 if view in ("milk", "cola") else 0.9
        tone = b.across(
            [
                (0, darken(liquid, 0.5), thick),
                (0.25, lighten(liquid, 0.2), thick),
                (0.55, liquid, thick),
                (1, darken(liquid, 0.55), thick),
            ]
        )
        fluid = [
            paint(body, tone),
            paint(ellipse(0, -level, r, r * 0.2), lighten(liquid, 0.4), opacity=0.85),
        ]
        fluid.append(b.spot(-b.side * 5, -8, 10, 9, lighten(liquid, 0.6), 0.55))
    parts += [paint(outline, glass), *fluid]
    foot = profile[0][1]
    parts.append(paint(ellipse(0, -1.2, foot * 0.86, foot * 0.15), lighten(tint, 0.35), opacity=0.35))
    parts.append(_label(b, model))
    s, w = b.side, profile[2][1]
    neck = _width(profile, top * 0.85)
    shoulder = [
        (s * w * 0.66, -6, 0),
        (s * w * 0.66, -profile[3][0]),
        (s * neck * 0.62, -top * 0.84),
        (s * neck * 0.6, -top * 0.96, 0),
        (s * neck * 0.3, -top * 0.96, 0),
        (s * neck * 0.3, -top * 0.82),
        (s * w * 0.42, -profile[3][0]),
        (s * w * 0.42, -6, 0),
    ]
    window = b.linear([(0, "#ffffff", 0.75), (0.5, "#ffffff", 0.5), (1, "#ffffff", 0.12)])
    edge = [
        (-s * w * 0.86, -5),
        (-s * w * 0.88, -profile[3][0] * 0.9),
        (-s * _width(profile, top * 0.7) * 0.84, -top * 0.7),
    ]
    shine = [
        paint(curve(shoulder), window, opacity=0.62 if model.label[1] else 0.5),
        line(curve(edge, False), lighten(tint, 0.75), 1.1, opacity=0.55),
    ]
    shine.append(b.spot(s * w * 0.45, -profile[3][0] * 1.08, w * 0.3, 6, "#ffffff", 0.5))
    parts.append(b.clip(outline, shine))
    parts.append(paint(outline, stroke=darken(mix(tint, "#3a4a4a", 0.3), 0.4), stroke_width=0.5, opacity=0.6))
    parts.append(_cap(b, model))
    wide = max(p[1] for p in profile) + 2
    contacts = [(0, 0.6, foot * 1.02, foot * 0.2)]
    return Sprite("".join(parts), (-wide, -top - 14, wide, 3), METRE, contacts, relief=0.12, shadow=0.8)


KIND = Kind(
    draw,
    tuple(MODELS),
    (
        ("kitchen", "table"),
        ("bar", "table"),
        ("desk", "table"),
        ("garden_table", "table"),
        ("kitchen", "table"),
    ),
    companions=("cat", "potted_plant", "tv_monitor"),
    fill=(0.68, 0.92),
    several=0.5,
    portrait=0.4,
)
