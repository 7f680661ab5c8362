"""Televisions and monitors: flat screens, old picture tubes with aerials, computers with keyboards."""

from __future__ import annotations

from ..forms.joinery import Shop
from ..registry import ROOMS, Kind
from ..toolkit.brush import Brush, Sprite, group
from .tv_furniture import desk, extras, keyboard, sideboard
from .tv_sets import flat, tube


def draw(b: Brush, view: str) -> Sprite:
    """One screen on its furniture; a ``_close`` view is cut off at the lower edge of the picture."""
    rng, close = b.rng, view.endswith("_close")
    kind = view.removesuffix("_close")
    yaw = rng.choice((-1, 1)) * rng.choice(
        (rng.uniform(0, 0.08), rng.uniform(0.3, 0.6), rng.uniform(0.3, 0.6))
    )
    shop = Shop(b, yaw, rng.uniform(0.12, 0.26), 900)
    computer = kind in ("monitor", "beige")
    if computer:
        wide, tall, deep = rng.uniform(92, 112), 73.0, 60.0
        desk(shop, wide, tall, deep)
    elif kind == "tube":
        wide, tall, deep = rng.uniform(72, 100), rng.uniform(36, 60), 46.0
        sideboard(shop, wide, tall, deep)
    else:
        wide, tall, deep = rng.uniform(120, 165), rng.uniform(38, 56), 42.0
        sideboard(shop, wide, tall, deep)
    if kind == "flat":
        flat(
            shop,
            tall,
            wide * rng.uniform(0.66, 0.88),
            rng.choice(("", "", "", "off")),
            rng.uniform(1.4, 3.4),
            False,
        )
    elif kind == "tube":
        tube(shop, tall, rng.uniform(54, 70), False)
    else:
        shop.put(0, 10, rng.uniform(-0.15, 0.15))
        if kind == "monitor":
            flat(
                shop,
                tall,
                rng.uniform(60, 74),
                rng.choice(("work", "work", "work", "work", "", "off")),
                rng.uniform(1.2, 2.4),
                True,
            )
        else:
            tube(shop, tall, rng.uniform(46, 54), True)
        shop.put(0, 0, 0)
        keyboard(
            shop,
            tall,
            -deep / 2 + 13,
            "#d8d0b8" if kind == "beige" else rng.choice(("#2a2b30", "#d8dadd", "#3a3c42")),
        )
    extras(shop, tall, wide, computer)
    sprite = shop.sprite(relief=0.22)
    if not close:
        return sprite
    edge = shop.at((0, tall, -deep / 2))[1] + 9
    foot = max(f[1] for f in shop.feet)
    x0, y0, x1, _ = sprite.box
    reach = min(-x0, x1, (edge - foot - y0) * 0.85)
    svg = group(sprite.svg, f"translate(0 {foot - edge:.2f})")
    return Sprite(svg, (-reach, y0 + foot - edge, reach, 1.0), 100.0, relief=0.22, cropped=True)


KIND = Kind(
    draw,
    (
        "flat",
        "flat",
        "tube",
        "tube",
        "monitor",
        "flat_close",
        "tube_close",
        "monitor_close",
        "monitor_close",
        "beige_close",
    ),
    ROOMS,
    companions=("sofa", "chair", "potted_plant", "cat", "person"),
    fill=(0.7, 0.94),
    several=0.06,
    portrait=0.06,
)
