"""What every place shares: the light, the camera frame, layers of background and spots to stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from ..toolkit.colour import jitter


@dataclass(frozen=True)
class Light:
    """The light of one scene. ``side`` -1 left or +1 right is where it comes from.

    ``sky`` is zenith, middle and horizon colour; ``key`` tints lit parts and ``fill`` the shadows
    in the final grading; ``shadow`` (0..1) is the strength of cast shadows, ``cloud`` (0..1) the
    cover, ``haze`` the colour of distance, ``exposure`` a factor on everything.
    """

    name: str
    side: float
    sky: tuple[str, str, str]
    key: tuple[float, float, float] = (1.02, 1.0, 0.97)
    fill: tuple[float, float, float] = (0.97, 0.99, 1.05)
    shadow: float = 0.6
    cloud: float = 0.4
    exposure: float = 1.0

    @property
    def haze(self) -> str:
        """Colour of far distance."""
        return self.sky[2]


_TIMES = {
    "noon": (
        ("#3f7fc4", "#7fb2de", "#cfe3ee"),
        (1.03, 1.01, 0.96),
        (0.95, 0.99, 1.07),
        0.65,
        0.4,
        1.04,
    ),
    "morning": (
        ("#6f9fcf", "#b3cfe2", "#f3e6d2"),
        (1.06, 1.01, 0.92),
        (0.96, 0.99, 1.06),
        0.55,
        0.3,
        1.04,
    ),
    "golden": (
        ("#6a93c0", "#cfc4ae", "#f7dca8"),
        (1.10, 1.01, 0.84),
        (0.97, 0.97, 1.05),
        0.7,
        0.45,
        1.03,
    ),
    "overcast": (
        ("#97a5b1", "#b7c1c9", "#d6dad9"),
        (0.99, 1.0, 1.01),
        (0.98, 1.0, 1.03),
        0.3,
        0.95,
        1.04,
    ),
    "dusk": (
        ("#5a6f9f", "#b3a3b5", "#efc3a0"),
        (1.06, 0.97, 0.93),
        (0.92, 0.94, 1.08),
        0.4,
        0.5,
        0.95,
    ),
    "room": (
        ("#8fb6dd", "#b9d3e8", "#e6eef2"),
        (1.04, 1.0, 0.94),
        (0.98, 0.99, 1.03),
        0.5,
        0.3,
        1.06,
    ),
    "lamp": (
        ("#26304f", "#3a4467", "#59597a"),
        (1.10, 0.98, 0.80),
        (0.92, 0.92, 1.02),
        0.55,
        0.3,
        1.0,
    ),
}
_OUTDOORS = ("noon", "noon", "noon", "morning", "morning", "golden", "golden", "overcast", "dusk")
_INDOORS = ("room", "room", "room", "morning", "overcast", "lamp")


def choose_light(rng: Random, indoors: bool = False) -> Light:
    """A random time of day and side."""
    name = rng.choice(_INDOORS if indoors else _OUTDOORS)
    sky, key, fill, shadow, cloud, exposure = _TIMES[name]
    return Light(
        name,
        rng.choice((-1.0, 1.0)),
        tuple(jitter(rng, c, 0.02) for c in sky),
        key,
        fill,
        shadow,
        min(1.0, max(0.0, cloud + rng.uniform(-0.3, 0.3))),
        exposure * rng.uniform(0.97, 1.04),
    )


@dataclass(frozen=True)
class Frame:
    """The camera: picture size in pixels and where the main subject stands.

    ``ppm`` is pixels per metre at the subject, ``base`` the y of its ground contact, ``horizon``
    the eye level. Anything on the ground at scale ``k * ppm`` stands at ``depth_y(k)``.
    """

    w: int
    h: int
    ppm: float
    base: float
    horizon: float

    @property
    def eye(self) -> float:
        """Height of the camera above the ground in metres."""
        return max(0.05, (self.base - self.horizon) / self.ppm)

    @property
    def blurred(self) -> bool:
        """Whether the subject is so near that what lies behind it is out of focus."""
        return self.ppm >= 150

    def depth_y(self, k: float) -> float:
        """Ground y where things are ``k`` times as large as at the subject."""
        return self.horizon + (self.base - self.horizon) * k

    def metres_y(self, ppm: float) -> float:
        """Ground y where one metre is ``ppm`` pixels."""
        return self.horizon + self.eye * ppm


@dataclass(frozen=True)
class Zone:
    """A texture over part of a layer: the ``area`` polygon, or all of it when empty.

    ``lying`` zones follow the ground perspective, others are seen face on with ``zoom`` pixels
    per texel.
    """

    kind: str
    strength: float
    lying: bool = True
    area: tuple[tuple[float, float], ...] = ()
    zoom: float = 1.0


@dataclass(frozen=True)
class Fill:
    """An opaque gradient over the whole width between two rows.

    ``stops`` are (offset, colour); it runs from ``start`` to ``end``, fractions of the rectangle.
    """

    top: float
    bottom: float
    stops: tuple[tuple[float, str], ...]
    start: tuple[float, float] = (0.0, 0.0)
    end: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class Glow:
    """A soft round light at (x, y) that fades out over the radii ``rx``, ``ry``."""

    x: float
    y: float
    rx: float
    ry: float
    colour: str
    opacity: float


@dataclass(frozen=True)
class Stamp:
    """A painted prop of `stock` with its foot at (x, y), ``width`` by ``height`` pixels.

    ``leaf`` is the colour of its foliage; ``far`` (0..1) fades it into ``haze``. Props are lit from
    the left unless ``mirror``; ``flip`` hangs one upside down from its foot.
    """

    prop: str
    variant: int
    x: float
    y: float
    width: float
    height: float
    leaf: str
    haze: str
    far: float
    mirror: bool = False
    flip: bool = False


@dataclass
class Layer:
    """One sheet of the background, painted in this order: fill, stamps, svg, glows.

    ``zones`` are textures over the fill, or over the svg where there is no fill. The svg is drawn
    from row ``top`` to row ``bottom`` only (the whole picture when 0), which saves time.
    """

    svg: str = ""
    zones: list[Zone] = field(default_factory=list)
    fill: Fill | None = None
    stamps: list[Stamp] = field(default_factory=list)
    glows: list[Glow] = field(default_factory=list)
    top: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True)
class Spot:
    """Where objects may stand: rows ``y0`` to ``y1`` of the picture, of one ``surface``.

    ``ppm(y)`` is the scale there; on level ground it grows towards the viewer. What must look small
    may stand as far back as ``deepest``, beyond ``y0``.
    """

    surface: str
    y0: float
    y1: float
    horizon: float
    eye: float
    fixed_ppm: float = 0.0
    far: float = 0.0

    @property
    def deepest(self) -> float:
        """The farthest y at which anything may stand."""
        return self.far or self.y0

    def ppm(self, y: float) -> float:
        """Pixels per metre for an object whose base is at ``y``."""
        return self.fixed_ppm or max(1.0, (y - self.horizon) / self.eye)


@dataclass
class Place:
    """A drawn background. ``sky`` asks for a painted sky behind the layers down to ``horizon``.

    ``fringe`` "grass" lets blades hide the feet a little.
    """

    name: str
    frame: Frame
    layers: list[Layer]
    spots: list[Spot]
    sky: bool = True
    fringe: str = ""

    def spot(self, surface: str) -> Spot:
        """The first spot of that surface, else the first of all."""
        return next((s for s in self.spots if s.surface == surface), self.spots[0])


REACH = {
    "meadow": 0.2,
    "park": 0.25,
    "mountain": 0.2,
    "snow": 0.2,
    "country_road": 0.2,
    "farmyard": 0.3,
    "airfield": 0.25,
    "car_park": 0.45,
    "beach": 0.35,
    "sea": 0.15,
    "lake": 0.15,
    "harbour": 0.15,
    "open_sky": 0.1,
}
"""How far back things may stand in open places, as the scale there by that at the subject."""


def ground_spot(frame: Frame, surface: str, near: float = 1.25, far: float = 0.45, place: str = "") -> Spot:
    """Level ground from ``far`` to ``near`` times the subject's scale, or as far as `REACH` of ``place``."""
    bottom = min(frame.depth_y(near), frame.h * 1.02)
    back = frame.depth_y(REACH[place]) if place else 0.0
    return Spot(surface, frame.depth_y(far), bottom, frame.horizon, frame.eye, far=back)


def shelf_spot(frame: Frame, surface: str, y0: float, y1: float) -> Spot:
    """A table or shelf: things keep the scale of the subject, a little larger in front."""
    eye = max(0.05, (frame.base - (y0 - (y1 - y0) * 4 - 60)) / frame.ppm)
    horizon = frame.base - eye * frame.ppm
    return Spot(surface, y0, y1, horizon, eye)
