"""Hulls cut at the waterline, with their foam and portholes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..forms.solid import Model
from ..toolkit.brush import curve, ellipse, line, paint
from ..toolkit.colour import darken, lighten


class Hull:
    """A hull ``long`` metres, ``beam`` its greatest half width and ``free`` its side above water.

    ``bow`` is the extra height of the stem and ``rise`` that of the stern, ``rake`` the overhang
    of the stem as a share of the length, ``stern`` the width of the transom, ``full`` how bluff.
    """

    def __init__(
        self,
        long: float,
        beam: float,
        free: float,
        bow: float,
        rake: float,
        stern: float,
        rise: float = 0.0,
        full: float = 1.9,
        shift: float = 0.0,
    ) -> None:
        self.long, self.beam, self.free, self.bow = long, beam, free, bow
        self.rake, self.stern, self.rise, self.full, self.shift = rake, stern, rise, full, shift

    def sheer(self, x: float | np.ndarray) -> np.ndarray:
        """Height of the deck edge."""
        t = np.clip(np.asarray(x) / self.long, 0, 1)
        return self.free + self.bow * (1 - t) ** 2.2 + self.rise * t**3

    def half(self, x: float | np.ndarray, level: float = 1.0) -> np.ndarray:
        """Half width at x, at a ``level`` from the waterline (0) to the deck (1)."""
        t = np.clip(np.asarray(x) / self.long, 0, 1)
        fore = 1 - np.clip(1 - t / 0.55, 0, 1) ** self.full
        aft = 1 - (1 - self.stern) * np.clip((t - 0.55) / 0.45, 0, 1) ** 2
        return self.beam * fore * aft * (0.8 + 0.2 * level)

    def grid(self, inset: float = 1.0) -> np.ndarray:
        """Points (station, level, xyz) from the far deck edge down, under and up the near side."""
        t = np.linspace(0, 1, 17) ** 1.25
        levels = np.array([1, 0.92, 0.72, 0.42, 0.16, 0.0])
        rows = []
        for s in t:
            ring = []
            for side in (1, -1):
                for v in levels if side == 1 else levels[::-1]:
                    x = self.long * (s + (1 - s) * self.rake * (1 - v))
                    y = float(self.sheer(self.long * s)) * v
                    ring.append((x, y, side * float(self.half(self.long * s, v)) * inset + self.shift))
            rows.append(ring)
        return np.array(rows)

    def paint(
        self,
        m: Model,
        colour: str,
        deck: str,
        stripe: str = "",
        low: str = "",
        hollow: bool = False,
        planks: bool = False,
    ) -> None:
        """Deck or open inside first, then the outer sides and the transom."""
        grid = self.grid()
        colours = np.full((16, 11), colour, dtype="U7")
        colours[:, (0, 10)] = stripe or colour
        if low:
            colours[:, (4, 6)] = low
        rim = np.concatenate([grid[:, 0], grid[::-1, -1]])
        b = m.b
        if hollow:
            fill = b.linear([(0, darken(deck, 0.45)), (1, darken(deck, 0.1))])
            inside = paint(m.path(rim), fill)
            inner = self.grid(0.93)
            floor = np.concatenate([inner[:, 2] * (1, 0.3, 0.8), inner[::-1, -3] * (1, 0.3, 0.8)])
            marks = [paint(m.path(floor), lighten(deck, 0.05))]
            for x in np.linspace(0.15, 0.9, 9) * self.long:
                h, y = float(self.half(x)), float(self.sheer(x))
                rib = [
                    (x, y, -h),
                    (x, y * 0.5, -h * 0.85),
                    (x, y * 0.2, 0),
                    (x, y * 0.5, h * 0.85),
                    (x, y, h),
                ]
                marks.append(line(m.path(rib, False), darken(deck, 0.45), 2.4, opacity=0.8))
            for x in (0.28, 0.52, 0.8):
                x, y = x * self.long, float(self.sheer(x * self.long)) * 0.68
                h, w = float(self.half(x)) * 0.96, self.long * 0.055
                seat = [(x - w, y, -h), (x + w, y, -h), (x + w, y, h), (x - w, y, h)]
                marks.append(
                    paint(m.path(seat), lighten(deck, 0.25), stroke=darken(deck, 0.6), stroke_width=1.6)
                )
            svg = inside + b.clip(m.path(rim), marks)
        else:
            svg = paint(m.path(rim), b.linear([(0, lighten(deck, 0.2)), (1, darken(deck, 0.2))]))
        middle = (self.long / 2, self.free, self.shift)
        m.add(m.depth(middle) + self.beam * 1.05, svg)
        over, near = "", grid[:, -1]
        if planks:
            seams = [m.path(grid[:, k], False) for k in (8, 8, 9)]
            over = line("".join(seams), darken(colour, 0.55), 1.4, opacity=0.6)
        end = grid[-1]
        if m.faces([end[0], end[5], end[6], end[11]], (1, 0, 0)):
            over += paint(
                m.path(end),
                b.linear([(0, colour), (1, darken(colour, 0.4))]),
                stroke=darken(colour, 0.6),
                stroke_width=1.4,
            )
        m.surface(grid, colours, 0.35, bias=self.beam * 0.2 if not hollow else self.beam, over=over)
        for edge, bias in ((near, 1.2), (grid[:, 0], -1.0)):
            d = m.path(edge, False)
            width = max(2.0, 0.012 * self.long * m.eye.unit * (1.2 if hollow else 0.6))
            svg = line(d, darken(stripe or colour, 0.35), width) + line(
                d, lighten(stripe or colour, 0.35), width * 0.5
            )
            m.add(m.depth(edge.mean(0)) - (self.beam * bias if hollow else 0), svg)
        self._waterline(m, grid)

    def _waterline(self, m: Model, grid: np.ndarray) -> None:
        """Broken foam and a dark line where hull and water meet."""
        rng, parts = m.b.rng, []
        for ring in (grid[:, 5], grid[:, 6]):
            xy = m.flat(ring)
            for (ax, ay), (bx, by) in pairwise(xy):
                if rng.random() < 0.75:
                    parts.append(
                        f"M{ax:.1f} {ay + rng.uniform(-1, 3):.1f}L{bx:.1f} {by + rng.uniform(-1, 3):.1f}"
                    )
        near = max((grid[:, 5], grid[:, 6]), key=lambda ring: float(m.flat(ring)[:, 1].mean()))
        svg = line(m.path(near, False), "#10202c", 5, opacity=0.5)
        m.add(-1e3, svg + line("".join(parts), "#eef4f4", 2.4, opacity=0.6))


def foam(m: Model, hull: Hull, strength: float) -> None:
    """Bow wave and wake of a boat under way."""
    rng, parts, long, flecks = m.b.rng, [], hull.long, []
    for s in (-1, 1):
        inner, outer = [], []
        for t in np.linspace(0.03, 1.12, 24):
            x = long * t
            z = float(hull.half(min(x, long), 0.0))
            spread = hull.beam * strength * (0.1 + 0.55 * t) * rng.uniform(0.6, 1.2)
            lift = hull.free * 0.3 * strength * max(0.0, 1 - t * 2.5)
            inner.append(m.flat([(x, lift, s * z)])[0])
            outer.append(m.flat([(x, 0.0, s * (z + spread))])[0])
            k = m.scale((x, 0, z)) * hull.beam * strength
            cx, cy = outer[-1]
            flecks.append(ellipse(cx, cy, k * rng.uniform(0.1, 0.25), k * rng.uniform(0.02, 0.05)))
        parts.append(curve([tuple(p) for p in (*inner, *outer[::-1])]))
    m.add(-2e3, paint("".join(parts), "#eef5f6", 0.7) + paint("".join(flecks), "#ffffff", 0.7))


def portholes(m: Model, hull: Hull, a: float, z: float, level: float, r: float, count: int) -> None:
    """A row of round windows along the side turned to us."""
    ahead = np.array([5.0, 0.0, 0.0])
    for s in (-1, 1):
        ring = hull.grid()[8, :3] if s == 1 else hull.grid()[8, -3:]
        if not m.faces([ring[0], ring[2], ring[2] + ahead, ring[0] + ahead], (0, 0, s)):
            continue
        dots = []
        for t in np.linspace(a, z, count):
            x = hull.long * t
            cx, cy = m.flat([(x, float(hull.sheer(x)) * level, s * float(hull.half(x, level)))])[0]
            dots.append(ellipse(cx, cy, r * m.eye.unit))
        m.add(m.depth((hull.long / 2, 0, s * hull.beam)) - hull.beam, paint("".join(dots), "#2a3844"))
