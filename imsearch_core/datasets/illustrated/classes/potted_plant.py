"""Potted plants: monstera, rubber plant, fig tree, palm, fern, snake plant, aloe, cacti, orchid, flowers."""

from __future__ import annotations

from ..forms.foliage import Plot
from ..registry import Kind
from ..toolkit.brush import Brush, Sprite, bounds
from .plants_leafy import aloe, fern, ficus, monstera, palm, rubber, snake, spider
from .plants_pots import pot
from .plants_showy import bonsai, cactus, flowers, orchid, succulent

# Builder, pot radius in centimetres, pot height as a share of it, pots that suit it
PLANTS = {
    "monstera": (monstera, (17, 20), 1.55, ("clay", "glazed", "basket", "cylinder")),
    "rubber": (rubber, (15, 18), 1.6, ("clay", "basket", "cylinder")),
    "ficus": (ficus, (17, 21), 1.5, ("clay", "glazed", "basket")),
    "palm": (palm, (17, 20), 1.5, ("basket", "clay", "cylinder")),
    "fern": (fern, (14, 17), 1.4, ("clay", "glazed", "basket")),
    "snake": (snake, (13, 16), 1.5, ("clay", "cylinder", "glazed")),
    "aloe": (aloe, (10, 13), 1.5, ("clay", "clay", "glazed")),
    "spider": (spider, (11, 14), 1.5, ("clay", "glazed", "cylinder")),
    "cactus": (cactus, (8, 12), 1.45, ("clay", "clay", "glazed")),
    "succulent": (succulent, (7, 9), 1.4, ("clay", "glazed", "cylinder")),
    "orchid": (orchid, (8, 9), 1.6, ("glazed", "cylinder", "clay")),
    "flowers": (flowers, (11, 14), 1.4, ("clay", "clay", "glazed")),
    "bonsai": (bonsai, (19, 23), 0.45, ("tray",)),
}


def draw(b: Brush, view: str) -> Sprite:
    """One plant in its pot."""
    builder, radius, ratio, kinds = PLANTS[view]
    r, p = b.rng.uniform(*radius), Plot(b)
    h = r * ratio * b.rng.uniform(0.92, 1.1)
    p.add(pot(b, r, h, b.rng.choice(kinds)), (-r * 1.15, -h), (r * 1.15, r * 0.22))
    p.add(b.spot(0, -h + r * 0.06, r * 0.8, r * 0.17, "#10140c", 0.6))
    builder(p, r if view != "bonsai" else r * 1.15, -h + r * 0.05)
    x0, y0, x1, y1 = bounds(p.points)
    box = (x0 - r * 0.12, y0 - r * 0.12, x1 + r * 0.12, max(y1, r * 0.3))
    return Sprite("".join(p.parts), box, 100.0, [(0, r * 0.02, r * 0.82, r * 0.2)], relief=0.3, shadow=0.9)


KIND = Kind(
    draw,
    (*PLANTS, "monstera", "flowers", "cactus"),
    (
        ("living_room", "floor"),
        ("living_room", "floor"),
        ("bedroom", "floor"),
        ("kitchen", "table"),
        ("desk", "table"),
        ("garden_table", "table"),
        ("garden", "grass"),
    ),
    companions=("cat", "chair", "sofa", "bottle", "tv_monitor", "potted_plant"),
    fill=(0.66, 0.92),
    several=0.35,
    portrait=0.4,
)
