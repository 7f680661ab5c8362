"""The near side of a bus: windows, doors, trim, route board and bellows."""

from __future__ import annotations

from ..toolkit.brush import box, curve, line, num, paint, polygon, polyline, rounded
from ..toolkit.colour import darken
from .bus_body import Body


class Side(Body):
    """The body with what is on its near side."""

    def near_side(self) -> str:
        """Sheen, windows, doors, trim, arches and the bellows of the near side."""
        o, b = self.o, self.b
        x0, x1 = o.nose + o.corner, o.length - o.corner
        wall = self.side([(x0, o.height - o.roof), (x1, o.height - o.roof), (x1, 0.3), (x0, 0.3)])
        ys = [p[1] for p in wall]
        stops = [
            (0, "#fff6e4", 0.34),
            (0.3, "#fff6e4", 0.0),
            (0.55, "#fff6e4", 0.16),
            (0.64, "#12142a", 0.1),
            (1, "#12142a", 0.5),
        ]
        parts = [paint(polygon(wall), b.linear(stops, (0, min(ys)), (0, max(ys)), True))]
        if self.name == "coach":
            y = o.decks[0][0]
            sweep = self.side(
                [
                    (x0, y - 0.5),
                    (x0 + 3.2, y - 0.5),
                    (x1, y + 0.9),
                    (x1, y + 0.1),
                    (x0 + 4.6, 0.62),
                    (x0 + 1.6, 0.62),
                ]
            )
            parts.append(paint(curve(sweep, tension=0.5), self.band, 0.9))
        parts.append(self.glass(self.panes(), True))
        lines, lights = [], []
        for y in (
            0.62,
            o.decks[0][0] - 0.12,
            *([o.decks[1][0] - 0.1, o.decks[0][1] + 0.12] if len(o.decks) > 1 else []),
        ):
            run = self.side([(x0, y), (x1, y)])
            lines.append(polyline(run))
            lights.append(polyline([(x, v + 1.6) for x, v in run]))
        hatch = [x0 + (x1 - x0) * i / 7 for i in range(1, 7)]
        seams = "".join(polyline(self.side([(x, 0.66), (x, o.decks[0][0] - 0.16)])) for x in hatch)
        parts.append(
            line("".join(lights), "#fff6e4", 1.2, opacity=0.45)
            + line("".join(lines), darken(self.body, 0.6), 1.6, opacity=0.7)
        )
        parts.append(line(seams, darken(self.body, 0.55), 1.1, opacity=0.4))
        if self.name == "school":
            rails = []
            for y in (0.85, 1.12, 1.42):
                rails.append(polyline(self.side([(x0 + 0.9, y), (x1, y)])))
            parts.append(line("".join(rails), "#1d1d20", 4.6))
            parts.append(
                paint(
                    polyline(self.side([(3.5, 2.62), (7.5, 2.62)])),
                    stroke="#222226",
                    stroke_width=9,
                    stroke_dasharray="9 4 12 4 7 4 10 14",
                )
            )
        for a, z in o.doors:
            parts.append(self.door(a, z))
        if o.joint[1]:
            a, z = o.joint
            bellows = self.side([(a, o.height - 0.12), (z, o.height - 0.12), (z, 0.45), (a, 0.45)], 0.01)
            folds = (a + (z - a) * i / 8 for i in range(9))
            ribs = "".join(polyline(self.side([(x, o.height - 0.14), (x, 0.47)], 0.01)) for x in folds)
            parts.append(paint(polygon(bellows), "#25262a") + line(ribs, "#5a5c62", 3, opacity=0.8))
        board = self.side(
            [
                (o.doors[0][1] + 0.3, o.decks[0][1] + 0.08 + (0.1 if len(o.decks) > 1 else 0)),
                (o.doors[0][1] + 1.7, o.decks[0][1] + 0.08),
            ]
        )
        if self.name in ("double", "city", "bendy"):
            (px, py), (qx, _) = board
            parts.append(paint(box(px, py - 16, qx - px, 18, 3), "#15161a"))
            parts.append(
                paint(
                    f"M{num(px + 6)} {num(py - 7)}H{num(qx - 6)}",
                    stroke="#f0a83a",
                    stroke_width=7,
                    stroke_dasharray="5 3 8 3 4 8",
                )
            )
        return "".join(parts) + self.wheels(True)

    def door(self, a: float, z: float) -> str:
        """Folding doors of glass."""
        o = self.o
        top = o.decks[0][1] + 0.05
        frame = self.side([(a, top), (z, top), (z, 0.42), (a, 0.42)], 0.01)
        mid = (a + z) / 2
        leaves = [
            self.side([(p, top - 0.1), (q, top - 0.1), (q, 0.6), (p, 0.6)], 0.01)
            for p, q in ((a + 0.08, mid - 0.05), (mid + 0.05, z - 0.08))
        ]
        return paint(rounded(frame, 4), darken(self.body, 0.5)) + self.glass(leaves, False, 4)
