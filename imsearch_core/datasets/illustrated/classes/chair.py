"""Chairs: kitchen, windsor, rocking, ladder-back, bentwood, shell, swivel, folding, bar stool, armchair."""

from __future__ import annotations

from ..forms.joinery import Shop
from ..forms.upholstery import FABRICS, LEATHERS, Soft, View, cushion
from ..registry import Kind
from ..toolkit.brush import Brush, Sprite, bounds, paint, polygon, taper
from ..toolkit.colour import darken, jitter, lighten
from .chair_models import kitchen, ladder, rocking, thonet, windsor, wood
from .chair_modern import folding, office, shell, stool

SEATS = {"kitchen": 46, "ladder": 46, "thonet": 46, "shell": 43, "folding": 45, "office": 51, "stool": 79}
MODELS = {f.__name__: f for f in (kitchen, windsor, rocking, ladder, thonet, shell, office, folding, stool)}


def _armchair(b: Brush) -> Sprite:
    """An upholstered armchair for one, some with wings."""
    rng = b.rng
    colour = jitter(rng, rng.choice((*FABRICS, *FABRICS, *LEATHERS)), 0.03)
    look = View(rng.choice((-1, 1)) * rng.uniform(0.3, 0.65), rng.uniform(0.2, 0.3))
    wing, legs = rng.random() < 0.4, rng.uniform(9, 17)
    back, half, arm = (106.0 if wing else rng.uniform(78, 90)), rng.uniform(25, 29), rng.uniform(11, 15)
    deep, wide, tall = 78.0, half + arm, rng.uniform(58, 64)
    timber, parts = wood(Shop(b, 0, 0), 0.1), []
    for x in (-wide + 7, wide - 7):
        for z in (deep - 9, 6):
            d = taper([look(x, legs + 4, z), look(x * 1.04, 0, z)], [6, 3])
            parts.append(paint(d, b.across([(0, lighten(timber, 0.3)), (1, darken(timber, 0.45))])))
    under = ((-wide + 4, 4), (wide - 4, 4), (wide - 4, deep), (-wide + 4, deep))
    parts.append(paint(polygon([look(x, legs if z < 9 else 2, z) for x, z in under]), "#0e0c12", 0.4))
    r, y = rng.uniform(5, 8), 1 if look.yaw > 0 else -1

    def side(sx: float) -> str:
        x = sorted((sx * half, sx * wide))
        out = cushion(b, look, Soft(*x, legs, tall, 2, deep - 8), colour, r, 3)
        if wing:
            x = sorted((sx * (half + 1), sx * (wide - 2)))
            out = cushion(b, look, Soft(*x, tall - 8, back - 5, deep - 34, deep - 14), colour, r, 4) + out
        return out

    parts += [
        side(-y),
        cushion(b, look, Soft(-half - 4, half + 4, legs, back, deep - 18, deep), colour, r + 2, 4),
        cushion(
            b, look, Soft(-half, half, 40, back - 5, deep - 30, deep - 14), lighten(colour, 0.05), r + 3, 6
        ),
        cushion(b, look, Soft(-half, half, legs, 32, 3, deep - 14), colour, r * 0.6, 1),
        cushion(b, look, Soft(-half + 0.5, half - 0.5, 31, 46, -1, deep - 22), lighten(colour, 0.07), r, 4),
        side(y),
    ]
    spots = [look(x, 0, z) for x in (-wide + 7, wide - 7) for z in (6, deep - 9)]
    corners = [look(x, h, z) for x in (-wide - 3, wide + 3) for h in (0, back + 5) for z in (-3, deep + 3)]
    x0, y0, x1, y1 = bounds(corners)
    return Sprite(
        "".join(parts),
        (x0, y0, x1, max(y1, max(p[1] for p in spots) + 5)),
        100.0,
        [(x, h, 7, 2.2) for x, h in spots],
        texture="fabric",
        texture_strength=0.04,
        relief=0.45,
        seats=[(*look(0, 45, 16), 2 * half)],
    )


def draw(b: Brush, view: str) -> Sprite:
    """One chair; ``view`` is its make, with the side it is seen from drawn here."""
    if view == "armchair":
        return _armchair(b)
    rng = b.rng
    side = rng.choice((-1, 1))
    roll = rng.random()
    if roll < 0.62:
        yaw = side * rng.uniform(0.32, 0.8)
    elif roll < 0.74:
        yaw = side * rng.uniform(0.04, 0.2)
    elif roll < 0.86:
        yaw = side * rng.uniform(1.15, 1.5)
    else:
        yaw = side * rng.uniform(2.35, 2.75)
    shop = Shop(b, yaw, rng.uniform(0.24, 0.4))
    MODELS[view](shop)
    if view in SEATS and abs(yaw) < 2:  # else the back hides what lies on it
        shop.seat(0, SEATS[view], -6, 40)
    return shop.sprite(relief=0.28)


KIND = Kind(
    draw,
    (*MODELS, "armchair", "armchair"),
    (
        ("dining_room", "floor"),
        ("living_room", "floor"),
        ("bedroom", "floor"),
        ("dining_room", "floor"),
        ("workshop", "floor"),
        ("garden", "grass"),
    ),
    companions=("dining_table", "potted_plant", "cat", "tv_monitor", "person"),
    fill=(0.62, 0.9),
    several=0.3,
    portrait=0.4,
)
