"""Dogs' coat patterns, hair, paws and tails."""

from __future__ import annotations

from ..forms.quadruped import Ring, blob, fade_down
from ..toolkit.brush import Brush, Point, bounds, clockwise, curve, line, paint, pts, tube
from ..toolkit.colour import darken, lighten
from .dog_breeds import Breed


def paw(b: Brush, x: float, y: float, w: float, colour: str) -> str:
    """A paw under the leg that ends at (x, y)."""
    d = curve(
        [
            (x - 0.62 * w, y + 2.4),
            (x - 0.5 * w, y - 1.8),
            (x + 0.2 * w, y - 2.6),
            (x + 0.95 * w, y - 0.4),
            (x + 1.0 * w, y + 2.4),
            (x, y + 2.8),
        ]
    )
    toes = f"M{x + 0.35 * w:.1f} {y + 0.2:.1f}v2.2M{x + 0.7 * w:.1f} {y + 0.4:.1f}v1.9"
    return paint(d, b.lit(colour, 0.7)) + line(toes, darken(colour, 0.6), 0.5, opacity=0.6)


def foot_colour(breed: Breed, base: str) -> str:
    """Colour of the paws."""
    return breed.pale if breed.white or breed.patch else breed.tan or base


def side_marks(b: Brush, breed: Breed, base: str, drop: float) -> str:
    """Coat pattern of a body seen from the side, whose belly sinks by ``drop``."""
    rng, svg = b.rng, ""
    x = breed.longer
    if breed.saddle:
        ring = [
            (-40, -60),
            (0, -63),
            (30, -64),
            (33, -54),
            (24, -46),
            (10, -42),
            (-6, -40),
            (-20, -46),
            (-32, -48),
            (-40, -46),
        ]
        svg += paint(curve([(p[0] * x, p[1] + drop) for p in ring]), breed.saddle, opacity=0.95)
        if breed.coat > 0.3:
            low = [(p[0] * x, p[1] + drop + 3) for p in ring]
            svg += b.pelt(low, breed.saddle, 5, 130, (-0.8, 0.55), 0.7)
    if breed.tan:
        svg += fade_down(b, -60, 60, -14, -9, breed.tan) + b.spot(36 * x, -38 + drop, 9, 9, breed.tan, 1)
    if breed.white:
        svg += b.spot(28 * x, -34 + drop, 17, 19, breed.pale, 1.0) + b.spot(
            0, -30 + drop, 34 * x, 7, breed.pale, 0.9
        )
        svg += fade_down(b, -60 * x, 60 * x, -24, -12, breed.pale)
        if breed.name == "collie":
            svg += paint(curve(pts("24,-64 40,-66 46,-40 34,-28 26,-34 22,-48")), breed.pale)
    elif not breed.tan and not breed.spots:
        svg += b.spot(0, -29 + drop, 36 * x, 8, lighten(base, 0.4), 0.5) + b.spot(
            33 * x, -42 + drop, 8, 15, lighten(base, 0.4), 0.45
        )
    if breed.spots:
        dots = "".join(
            blob(
                b,
                rng.uniform(-42, 44),
                rng.uniform(-76, -4),
                rng.uniform(1.0, 2.9),
                rng.uniform(1.0, 2.7),
                0.25,
                7,
            )
            for _ in range(64)
        )
        svg += paint(dots, breed.spots)
    if breed.patch:
        svg += paint(
            blob(b, -26, -50 + drop, 15, 12) + blob(b, rng.uniform(2, 12), -52 + drop, 10, 9), breed.patch
        )
    return svg


def coat_hairs(b: Brush, breed: Breed, base: str, ring: Ring, flow: Point = (-0.85, 0.5)) -> str:
    """Lie of the coat over a form."""
    if breed.curly:
        return curls(b, ring, base)
    size = 2.6 + 3.4 * breed.coat
    count = int(110 + 90 * breed.coat)
    svg = b.pelt(ring, darken(base, 0.35), size, count, flow, 0.16 + 0.14 * breed.coat)
    return svg + b.pelt(ring, lighten(base, 0.4), size, count, flow, 0.16 + 0.16 * breed.coat)


def curls(b: Brush, ring: Ring, base: str) -> str:
    """Tight curls scattered over a form."""
    rng, (x0, y0, x1, y1) = b.rng, bounds(ring)
    arcs = ["", ""]
    for i in range(230):
        x, y, r = rng.uniform(x0, x1), rng.uniform(y0, y1), rng.uniform(0.9, 1.7)
        arcs[i % 2] += f"M{x:.1f} {y:.1f}q{r:.1f} {-r * 1.5:.1f} {r * 2:.1f} 0t{-r:.1f} {r:.1f}"
    return line(arcs[0], darken(base, 0.4), 0.7, opacity=0.4) + line(
        arcs[1], lighten(base, 0.45), 0.7, opacity=0.45
    )


def draw_tail(b: Brush, breed: Breed, base: str, x: float, y: float) -> str:
    """Tail rooted at (x, y)."""
    wag = b.rng.uniform(-3, 3)
    spine, widths = {
        "": ([(4, 0), (-7, 2), (-15, 7), (-22, 13 + wag), (-28, 13 + wag)], [8, 7.6, 6.4, 5, 2.5]),
        "plume": ([(4, 0), (-8, 2), (-16, 8), (-24, 14 + wag), (-34, 13 + wag)], [7, 8, 10, 9, 3]),
        "brush": ([(4, 0), (-6, 7), (-9, 17), (-13, 27), (-20, 33 + wag)], [7, 9, 10.5, 9, 3]),
        "up": ([(4, 0), (-4, -5), (-7, -14), (-6 + wag, -23), (-3 + wag, -30)], [7, 6.2, 5.4, 4.6, 2.4]),
        "thin": ([(4, 0), (-8, 0), (-16, 2), (-25, 0 + wag), (-33, -6 + wag)], [6.4, 5, 4, 3, 1.4]),
        "stub": ([(4, 0), (0, -5), (-2, -10), (-2 + wag / 3, -15), (-1, -17)], [6.4, 6, 5, 4, 2]),
        "pom": ([(4, 0), (-2, -4), (-5, -9), (-7, -14), (-8, -18)], [5, 4, 4, 4, 3]),
        "curl": ([(5, 1), (-4, -6), (-5, -16), (4, -20), (13, -14)], [9, 11, 12.5, 11, 4]),
    }[breed.tail]
    spine = [(x + p[0], y + p[1]) for p in spine]
    colour = breed.saddle if breed.name == "shepherd" else base
    ring = tube(spine, widths)
    tip = b.spot(*spine[-1], 10, 10, breed.pale, 1.0) if breed.white else ""
    svg = ""
    if breed.coat > 0.3 and not breed.curly:
        svg += b.fur(clockwise(ring), darken(colour, 0.15), 3.4, 60, 0.7) + b.pelt(
            ring, lighten(colour, 0.3), 4, 50, (-0.8, 0.4), 0.4
        )
    svg = b.form(curve(ring), colour, widths[1] * 0.25, tip) + svg
    if breed.tail == "pom":
        puff = [(spine[-1][0] + p[0], spine[-1][1] + p[1]) for p in pts("-7,0 -5,-6 1,-8 6,-4 6,3 1,7 -5,5")]
        svg += b.form(curve(puff), colour, 2, curls(b, puff, base)) + b.fur(
            clockwise(puff), colour, 2.2, 50, 0.6
        )
    return svg


def front_marks(b: Brush, breed: Breed, base: str) -> str:
    """Chest and flanks seen from the front."""
    svg = ""
    if breed.saddle:
        svg += b.spot(-15, -34, 8, 22, breed.saddle, 1) + b.spot(15, -34, 8, 22, breed.saddle, 1)
    if breed.white:
        svg += b.spot(0, -34, 14, 28, breed.pale, 1) + paint(
            curve(pts("-6,-54 6,-54 9,-40 5,-22 0,-16 -5,-22 -9,-40")), breed.pale
        )
    elif breed.tan:
        svg += b.spot(-5, -37, 4, 4.5, breed.tan, 1) + b.spot(5, -37, 4, 4.5, breed.tan, 1)
    else:
        svg += b.spot(0, -36, 10, 17, lighten(base, 0.4), 0.5)
    if breed.spots:
        dots = "".join(
            blob(
                b,
                b.rng.uniform(-17, 17),
                b.rng.uniform(-48, 0),
                b.rng.uniform(1, 2.5),
                b.rng.uniform(1, 2.4),
                0.25,
                7,
            )
            for _ in range(34)
        )
        svg += paint(dots, breed.spots)
    if breed.patch:
        svg += paint(blob(b, b.rng.choice((-11, 11)), -30, 7, 10), breed.patch)
    return svg


def hind_foot(b: Brush, colour: str) -> str:
    """The long hind foot of a sitting dog."""
    return paint(curve(pts("-8,-0.3 -8,-4.6 0,-5.8 7,-4.4 9,-1.2 6,0.2")), b.lit(colour, 0.8))


def floor_tail(b: Brush, breed: Breed, base: str) -> str:
    """Tail of a sitting or lying dog, along the ground."""
    wide = 9 if breed.coat > 0.5 else 5.6 if breed.tail != "thin" else 4
    ring = tube(pts("-18,-6 -30,-3.6 -42,-3.4 -52,-6 -57,-10"), [wide, wide, wide * 0.9, wide * 0.7, 2])
    colour = breed.saddle if breed.name == "shepherd" else base
    tip = b.spot(-57, -8, 10, 8, breed.pale, 1.0) if breed.white else ""
    return (b.fur(clockwise(ring), colour, 3, 70, 0.7) if breed.coat > 0.5 else "") + b.form(
        curve(ring), colour, wide * 0.25, tip
    )
