"""The drawing toolkit: smooth curves, paints, shaded forms, fur, and the ``Sprite`` they make.

All lengths are local drawing units, x to the right, y DOWN (so "up" is negative). A class module
draws around the origin, which is the point where the object touches the ground.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from .colour import darken, lighten

Point = tuple[float, ...]  # (x, y), or (x, y, 0) for a sharp corner
Stop = tuple[float, str] | tuple[float, str, float]  # offset, colour, optional opacity


def num(value: float) -> str:
    """Format a coordinate compactly, to four figures."""
    return f"{value:.4g}"


def pts(text: str) -> list[Point]:
    """Points from text, ``"-3,0 4.5,2 0,9,0"``: x,y and perhaps a softness, split by spaces."""
    return [tuple(float(v) for v in word.split(",")) for word in text.split()]


def curve(points: Sequence[Point], closed: bool = True, tension: float = 1.0) -> str:
    """Smooth path through ``points`` (Catmull-Rom as Beziers). A third value 0 makes a corner."""
    count = len(points)

    def tangent(i: int) -> tuple[float, float]:
        soft = points[i][2] if len(points[i]) > 2 else 1.0
        if closed:
            before, after = points[i - 1], points[(i + 1) % count]
        else:
            before, after = points[max(i - 1, 0)], points[min(i + 1, count - 1)]
        k = soft * tension / 6
        return (after[0] - before[0]) * k, (after[1] - before[1]) * k

    parts = [f"M{num(points[0][0])} {num(points[0][1])}"]
    for i in range(count if closed else count - 1):
        j = (i + 1) % count
        (ax, ay), (bx, by) = tangent(i), tangent(j)
        p, q = points[i], points[j]
        values = (p[0] + ax, p[1] + ay, q[0] - bx, q[1] - by, q[0], q[1])
        parts.append("C" + " ".join(map(num, values)))
    return "".join(parts) + ("Z" if closed else "")


def track(*parts: str | float) -> str:
    """Path data from commands and numbers: ``track("M", 0, 0, "Q", 5, -3, 10, 0)``."""
    return " ".join(p if isinstance(p, str) else num(p) for p in parts)


def polyline(points: Sequence[Point]) -> str:
    """Open path with straight sides."""
    return "M" + "L".join(f"{num(p[0])} {num(p[1])}" for p in points)


def polygon(points: Sequence[Point]) -> str:
    """Closed path with straight sides."""
    return polyline(points) + "Z"


def rounded(points: Sequence[Point], radius: float, bulge: float = 0.0) -> str:
    """Closed polygon with rounded corners; ``bulge`` swells its sides outward (clockwise rings)."""
    parts, count = [], len(points)
    for i, (x, y, *_) in enumerate(points):
        (ax, ay, *_), (bx, by, *_) = points[i - 1], points[(i + 1) % count]
        la, lb = math.hypot(ax - x, ay - y) or 1.0, math.hypot(bx - x, by - y) or 1.0
        ra, rb = min(radius, la * 0.48), min(radius, lb * 0.48)
        sx, sy = x + (ax - x) / la * ra, y + (ay - y) / la * ra
        ex, ey = x + (bx - x) / lb * rb, y + (by - y) / lb * rb
        if i:
            push = bulge / la
            mx, my = (ax + x) / 2 - (ay - y) * -push, (ay + y) / 2 + (x - ax) * -push
            parts.append(f"Q{num(mx)} {num(my)} {num(sx)} {num(sy)}" if bulge else f"L{num(sx)} {num(sy)}")
        else:
            parts.append(f"M{num(sx)} {num(sy)}")
        parts.append(f"Q{num(x)} {num(y)} {num(ex)} {num(ey)}")
    return "".join(parts) + "Z"


def ellipse(cx: float, cy: float, rx: float, ry: float | None = None) -> str:
    """Path of an ellipse."""
    ry = rx if ry is None else ry
    arc = f"a{num(rx)} {num(ry)} 0 1 1 "
    return f"M{num(cx - rx)} {num(cy)}{arc}{num(2 * rx)} 0{arc}{num(-2 * rx)} 0Z"


def box(x: float, y: float, w: float, h: float, r: float = 0.0) -> str:
    """Path of a rectangle with corners rounded by ``r``."""
    r = max(0.0, min(r, w / 2, h / 2))
    if not r:
        return f"M{num(x)} {num(y)}h{num(w)}v{num(h)}h{num(-w)}Z"
    a, n = f"a{num(r)} {num(r)} 0 0 1 ", num
    return (
        f"M{n(x + r)} {n(y)}h{n(w - 2 * r)}{a}{n(r)} {n(r)}v{n(h - 2 * r)}{a}{n(-r)} {n(r)}"
        f"h{n(2 * r - w)}{a}{n(-r)} {n(-r)}v{n(2 * r - h)}{a}{n(r)} {n(-r)}Z"
    )


def tube(points: Sequence[Point], widths: Sequence[float]) -> list[tuple[float, float]]:
    """Outline of a limb as points: ``points`` along its middle, the full width at each of them."""
    left, right = [], []
    for i, (point, width) in enumerate(zip(points, widths, strict=True)):
        before, after = points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy) or 1.0
        nx, ny = -dy / length * width / 2, dx / length * width / 2
        left.append((point[0] + nx, point[1] + ny))
        right.append((point[0] - nx, point[1] - ny))
    return left + right[::-1]


def taper(points: Sequence[Point], widths: Sequence[float]) -> str:
    """Closed outline of a limb: `tube` as a smooth curve."""
    return curve(tube(points, widths))


def along(points: Sequence[Point], steps: int, closed: bool = True) -> list[tuple[float, ...]]:
    """Sample a polyline at ``steps`` even places: (x, y, unit tangent x, unit tangent y)."""
    ring = [*points, points[0]] if closed else list(points)
    pairs = list(pairwise(ring))
    spans = [math.hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairs]
    total, samples, index, passed = sum(spans), [], 0, 0.0
    for step in range(steps):
        goal = total * step / steps
        while index < len(spans) - 1 and passed + spans[index] < goal:
            passed += spans[index]
            index += 1
        (a, b), span = pairs[index], spans[index] or 1.0
        t = (goal - passed) / span
        dx, dy = (b[0] - a[0]) / span, (b[1] - a[1]) / span
        samples.append((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, dx, dy))
    return samples


def dense(points: Sequence[Point], closed: bool = True, steps: int = 5) -> list[Point]:
    """Points on the very curve that `curve` draws, ``steps`` for each given one."""
    count, out = len(points), []
    for i in range(count if closed else count - 1):
        p, q = points[i], points[(i + 1) % count]
        before = points[i - 1] if closed or i else p
        after = points[(i + 2) % count] if closed or i + 2 < count else q
        ka = (p[2] if len(p) > 2 else 1.0) / 2
        kb = (q[2] if len(q) > 2 else 1.0) / 2
        for step in range(steps):
            t = step / steps
            h1, h2 = 2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t
            h3, h4 = 3 * t**2 - 2 * t**3, t**3 - t**2
            x, y = (
                h1 * p[a] + h2 * ka * (q[a] - before[a]) + h3 * q[a] + h4 * kb * (after[a] - p[a])
                for a in (0, 1)
            )
            out.append((x, y))
    return out


def bounds(points: Sequence[Point]) -> tuple[float, float, float, float]:
    """Box (x0, y0, x1, y1) around points."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def clockwise(ring: Sequence[Point]) -> list[Point]:
    """The ring in the order that runs clockwise on screen."""
    area = sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(ring, [*ring[1:], ring[0]], strict=True))
    return list(ring) if area > 0 else list(ring)[::-1]


def inside(x: float, y: float, ring: Sequence[Point]) -> bool:
    """Whether a point lies in a polygon."""
    found = False
    for (ax, ay, *_), (bx, by, *_) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            found = not found
    return found


def hair(x: float, y: float, dx: float, dy: float, width: float, bend: float = 0.0) -> str:
    """One tapered stroke from (x, y) by (dx, dy), ``width`` at its root; joins into one path."""
    length = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / length * width / 2, dx / length * width / 2
    mx, my = dx * 0.5 - ny * bend * 4, dy * 0.5 + nx * bend * 4
    n = num
    return (
        f"M{n(x + nx)} {n(y + ny)}q{n(mx)} {n(my)} {n(dx - nx)} {n(dy - ny)}"
        f"q{n(-mx - nx)} {n(-my - ny)} {n(-dx - nx)} {n(-dy - ny)}Z"
    )


def paint(d: str, fill: str = "none", opacity: float | None = None, **attrs: object) -> str:
    """A path element; ``stroke_width=2`` becomes ``stroke-width="2"``.

    ``opacity`` applies to fill and stroke each, which is far cheaper than to a group.
    """
    if opacity is not None:
        attrs["fill_opacity" if fill != "none" else "stroke_opacity"] = num(opacity)
        if fill != "none" and "stroke" in attrs:
            attrs["stroke_opacity"] = num(opacity)
    extra = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attrs.items())
    return f'<path d="{d}" fill="{fill}"{extra}/>'


def line(d: str, colour: str, width: float, **attrs: object) -> str:
    """A round-capped stroke along ``d``."""
    return paint(d, stroke=colour, stroke_width=num(width), stroke_linecap="round", **attrs)


def group(content: Iterable[str] | str, transform: str = "", **attrs: object) -> str:
    """Wrap in ``<g>``, for instance ``group(parts, "translate(10 0) scale(-1 1)")``."""
    body = content if isinstance(content, str) else "".join(content)
    extra = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attrs.items())
    return f"<g{f' transform={chr(34)}{transform}{chr(34)}' if transform else ''}{extra}>{body}</g>"


@dataclass
class Sprite:
    """One drawn object. The origin is its ground contact, y up is negative.

    ``box`` bounds the drawing (x0, y0, x1, y1) in local units and ``metre`` is how many local
    units make one metre, which keeps two objects on the same ground in proportion. ``contacts``
    are the soft dark ellipses (cx, cy, rx, ry) under wheels, paws or legs. ``texture`` names a
    surface of `texture.TILES` laid over the whole sprite with ``texture_strength``. ``relief``
    (0..1) is the strength of the automatic light-side / dark-side modelling of the silhouette,
    ``shadow`` (0..1) that of the cast shadow. A ``cropped`` sprite is a close-up that the lower
    edge of the picture cuts off at y = 0. ``seats`` are the places (x, y, width) on it where a small
    object may stand or lie: the seat of a sofa, the top of a table. ``parts`` are things of other
    classes drawn within the sprite, each (class, box in local units): the chairs around a table.
    """

    svg: str
    box: tuple[float, float, float, float]
    metre: float
    contacts: list[tuple[float, float, float, float]] = field(default_factory=list)
    texture: str | None = None
    texture_strength: float = 0.06
    relief: float = 0.5
    shadow: float = 1.0
    cropped: bool = False
    seats: list[tuple[float, float, float]] = field(default_factory=list)
    parts: list[tuple[str, tuple[float, float, float, float]]] = field(default_factory=list)

    @property
    def width(self) -> float:
        """Width in local units."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """Height in local units."""
        return self.box[3] - self.box[1]


class Brush:
    """Collects gradients, clips and filters for one SVG, and paints shaded forms.

    ``side`` is where the light comes from in this drawing: -1 left, +1 right. Use it whenever you
    add a highlight or a shade by hand.
    """

    def __init__(self, rng: Random, side: float = -1.0) -> None:
        self.rng, self.side = rng, side
        self._defs: dict[str, str] = {}

    def defs(self) -> str:
        """All collected definitions as one ``<defs>`` element."""
        items = (text.replace("@", key) for text, key in self._defs.items())
        return f"<defs>{''.join(items)}</defs>"

    def _define(self, text: str) -> str:
        key = self._defs.setdefault(text, f"d{len(self._defs)}")
        return f"url(#{key})"

    @staticmethod
    def _stops(stops: Sequence[Stop]) -> str:
        return "".join(
            f'<stop offset="{num(s[0])}" stop-color="{s[1]}"'
            + (f' stop-opacity="{num(s[2])}"' if len(s) > 2 else "")
            + "/>"
            for s in stops
        )

    def linear(
        self, stops: Sequence[Stop], start: Point = (0, 0), end: Point = (0, 1), local: bool = False
    ) -> str:
        """Gradient paint; points are fractions of the shape's box, or local units if ``local``."""
        units = ' gradientUnits="userSpaceOnUse"' if local else ""
        x1, y1, x2, y2 = map(num, (*start, *end))
        return self._define(
            f'<linearGradient id="@" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"{units}>'
            f"{self._stops(stops)}</linearGradient>"
        )

    def radial(
        self, stops: Sequence[Stop], centre: Point = (0.5, 0.5), r: float = 0.5, local: bool = False
    ) -> str:
        """Radial gradient paint, measured like `linear`. Fading to opacity 0 it is a soft spot."""
        units = ' gradientUnits="userSpaceOnUse"' if local else ""
        cx, cy = map(num, centre)
        return self._define(
            f'<radialGradient id="@" cx="{cx}" cy="{cy}" r="{num(r)}"{units}>'
            f"{self._stops(stops)}</radialGradient>"
        )

    def across(self, stops: Sequence[Stop]) -> str:
        """Left-to-right gradient whose FIRST stop is on the light side."""
        start, end = ((0, 0), (1, 0)) if self.side < 0 else ((1, 0), (0, 0))
        return self.linear(stops, start, end)

    def lit(self, colour: str, strength: float = 1.0) -> str:
        """Gradient from the lit upper corner to the shaded lower corner of a shape."""
        x = 0.1 if self.side < 0 else 0.9
        stops = [
            (0, lighten(colour, 0.22 * strength)),
            (0.45, colour),
            (1, darken(colour, 0.38 * strength)),
        ]
        return self.linear(stops, (x, 0), (1 - x, 1))

    def clip(self, d: str, content: Iterable[str] | str) -> str:
        """Show ``content`` only inside the outline ``d``. Costs about 1-2 ms: use for big forms."""
        key = self._define(f'<clipPath id="@"><path d="{d}"/></clipPath>')
        return group(content, clip_path=key)

    def blurred(self, content: Iterable[str] | str, radius: float) -> str:
        """Gaussian blur; slow on large areas, prefer `spot`."""
        key = self._define(
            f'<filter id="@" x="-40%" y="-40%" width="180%" height="180%">'
            f'<feGaussianBlur stdDeviation="{num(radius)}"/></filter>'
        )
        return group(content, filter=key)

    def spot(self, cx: float, cy: float, rx: float, ry: float, colour: str, opacity: float) -> str:
        """A soft round dab (shade, blush, glow) that fades to nothing at its rim; cheap."""
        stops = [(0, colour, opacity), (0.5, colour, opacity * 0.55), (1, colour, 0)]
        return paint(ellipse(cx, cy, rx, ry), self.radial(stops))

    def form(
        self, d: str, colour: str, depth: float, marks: str = "", fill: str = "", rim: float = 1.0
    ) -> str:
        """Paint the outline ``d`` as a rounded solid.

        ``depth`` is how far (local units) the turning shade reaches in from the edge, about 0.2 of
        the form's thickness. ``marks`` are drawn on the surface beneath the shading (stripes,
        patches). ``fill`` replaces the default lit gradient of ``colour``; ``rim`` scales the
        light edge.
        """
        # Soft broad strokes need no smoothing of their edges, which would double their cost.
        turning = group(self.turning(d, colour, depth, rim), shape_rendering="optimizeSpeed")
        return paint(d, fill or self.lit(colour)) + self.clip(d, [marks, turning])

    def turning(self, edge: str, colour: str, depth: float, rim: float) -> list[str]:
        """Strokes along the ``edge`` of a solid that shade it where it turns away, see `form`."""
        dark, light, dx = darken(colour, 0.62), lighten(colour, 0.7), self.side * depth
        below = f"translate({num(dx * 0.3)} {num(-depth * 0.3)})"
        above = f"translate({num(-dx * 0.18)} {num(depth * 0.2)})"
        shades = [line(edge, dark, depth * w, opacity=0.13, transform=below) for w in (2.4, 1.5, 0.8)]
        lights = [line(edge, light, depth * w, opacity=0.1 * rim, transform=above) for w in (1.2, 0.6)]
        return shades + lights

    def fur(
        self,
        outline: Sequence[Point],
        colour: str,
        length: float,
        steps: int = 120,
        droop: float = 0.5,
        width: float | None = None,
        opacity: float = 1.0,
        closed: bool = True,
    ) -> str:
        """Short tapered hairs growing out of ``outline`` (drawn clockwise on screen), one path.

        ``droop`` 0 makes them stand straight out, 1 lays them along the outline.
        """
        rng, parts = self.rng, []
        for x, y, tx, ty in along(dense(outline, closed), steps, closed):
            reach = length * rng.uniform(0.5, 1.15)
            lean = droop * rng.uniform(0.6, 1.4)
            dx, dy = ty * (1 - lean) + tx * lean, -tx * (1 - lean) + ty * lean
            inset = length * 0.45
            parts.append(
                hair(
                    x - ty * inset,
                    y + tx * inset,
                    dx * reach,
                    dy * reach,
                    width or length * 0.3,
                    rng.uniform(-0.5, 0.5),
                )
            )
        return paint("".join(parts), colour, opacity)

    def pelt(
        self,
        outline: Sequence[Point],
        colour: str,
        length: float,
        count: int = 160,
        flow: Point = (0.15, 1.0),
        opacity: float = 0.4,
    ) -> str:
        """Hairs scattered over the inside of ``outline``, lying along ``flow``, one path."""
        rng, parts = self.rng, []
        x0, y0, x1, y1 = bounds(outline)
        for _ in range(count):
            x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
            if inside(x, y, outline):
                reach = length * rng.uniform(0.6, 1.3)
                turn = rng.gauss(0, 0.28)
                dx, dy = flow[0] - turn * flow[1], flow[1] + turn * flow[0]
                parts.append(hair(x, y, dx * reach, dy * reach, length * 0.11, rng.uniform(-1, 1)))
        return paint("".join(parts), colour, opacity) if parts else ""
