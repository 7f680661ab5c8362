"""What scenes need to know of each class, and the table of all classes.

To add a class, write ``classes/<name>.py`` with a function ``draw(b, view) -> Sprite`` and a module
constant ``KIND = Kind(draw, ...)``, and add its name to `CLASSES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from .toolkit.brush import Brush, Sprite

CLASSES = [
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "dining_table",
    "dog",
    "horse",
    "motorbike",
    "person",
    "potted_plant",
    "sheep",
    "sofa",
    "train",
    "tv_monitor",
]


ROADS = (
    ("street", "road"),
    ("street", "road"),
    ("country_road", "road"),
    ("country_road", "road"),
    ("car_park", "road"),
    ("car_park", "road"),
)
PASTURES = (
    ("meadow", "grass"),
    ("meadow", "grass"),
    ("meadow", "grass"),
    ("mountain", "grass"),
    ("mountain", "grass"),
    ("farmyard", "yard"),
    ("farmyard", "yard"),
    ("park", "grass"),
    ("country_road", "road"),
)
ROOMS = (
    ("living_room", "floor"),
    ("living_room", "floor"),
    ("living_room", "floor"),
    ("bedroom", "floor"),
    ("dining_room", "floor"),
)
"""Homes that classes have in common; the oftener one is listed, the more frequent it is."""


@dataclass(frozen=True)
class Kind:
    """One drawable class.

    ``draw(b, view)`` draws one individual, every detail from ``b.rng``. ``views`` are the names it
    knows (repeat one to make it more frequent). ``homes`` are the (place, surface) pairs where it
    may be the subject. ``companions`` are classes likely beside it. ``fill`` is the share of the
    picture's width or height (whichever binds first) that the subject spans. ``several`` is the
    chance of a second or third of its kind; ``portrait`` that of an upright picture. ``where`` names
    the places or surfaces that a view is bound to (a swan swims on water only); the others fit anywhere.
    """

    draw: Callable[[Brush, str], Sprite]
    views: tuple[str, ...]
    homes: tuple[tuple[str, str], ...]
    companions: tuple[str, ...] = ()
    fill: tuple[float, float] = (0.5, 0.85)
    several: float = 0.15
    portrait: float = 0.15
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def views_at(self, place: str, surface: str) -> list[str]:
        """The views that may be seen on that surface of that place."""
        return [v for v in self.views if v not in self.where or {place, surface} & set(self.where[v])]


@cache
def kinds() -> dict[str, Kind]:
    """Class name -> `Kind` of every class."""
    return {name: import_module(f"{__package__}.classes.{name}").KIND for name in CLASSES}
