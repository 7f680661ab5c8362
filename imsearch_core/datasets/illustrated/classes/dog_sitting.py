"""Dogs sitting, from the front and the side, and close-ups of their faces."""

from __future__ import annotations

from ..forms.quadruped import at, blob, fade_down, place, solid
from ..toolkit.brush import Brush, Sprite, clockwise, curve, ellipse, line, paint, pts, tube
from ..toolkit.colour import darken, lighten
from .dog_breeds import Breed
from .dog_coat import (
    coat_hairs,
    draw_tail,
    floor_tail,
    foot_colour,
    front_marks,
    hind_foot,
    paw,
    side_marks,
)
from .dog_head import front_head, side_head


def sit_front(b: Brush, breed: Breed, base: str) -> Sprite:
    """Sitting, towards the viewer."""
    rng = b.rng
    ring = pts(
        "-15,-2 -17,-10 -14.5,-22 -13.5,-33 -10,-46 -6,-52 6,-52 10,-46 13.5,-33 14.5,-22 17,-10 15,-2 0,-1"
    )
    feet = foot_colour(breed, base)
    marks = front_marks(b, breed, base)
    legs = [tube([(s * 8.2, -36), (s * 7.4, -20), (s * 7.0, -3)], [12, 8.6, 7.6]) for s in (-1, 1)]
    dark = darken(base, 0.6)
    tail = (
        b.form(curve(tube(pts("10,-5 20,-4 28,-6 33,-10"), [7, 7, 6, 3])), base, 1.5)
        if breed.tail not in ("stub", "pom")
        else ""
    )
    haunch = "".join(
        b.form(
            ellipse(s * 14.5, -10.5, 7.6, 10),
            base,
            2.2,
            paint(blob(b, s * 15, -12, 4, 5), breed.spots) if breed.spots else "",
        )
        + paint(ellipse(s * 14.8, -2.2, 6.0, 2.7), b.lit(feet, 0.8))
        for s in (-1, 1)
    )
    svg = (
        tail
        + haunch
        + (b.fur(clockwise(ring), base, 4.6 * breed.coat, 130, 0.6, 1.3) if breed.coat > 0.3 else "")
    )
    inner = (
        marks
        + b.spot(0, -12, 4.4, 14, dark, 0.75)
        + b.spot(-12.5, -28, 4, 14, dark, 0.25)
        + b.spot(12.5, -28, 4, 14, dark, 0.25)
    )
    low = fade_down(b, -12, 12, -22, -11, feet) if feet != base else ""
    svg += solid(b, [ring, *legs], base, 3.0, inner + low + coat_hairs(b, breed, base, ring, (0.05, 1)))
    svg += "".join(
        paint(ellipse(s * 7.2, -2.6, 5.0, 3.1), b.lit(feet, 0.8))
        + line(f"M{s * 7.2 - 1.5:.1f} -2v2.2M{s * 7.2 + 1.5:.1f} -2v2.2", darken(feet, 0.6), 0.5, opacity=0.6)
        for s in (-1, 1)
    )
    if breed.coat > 0.5:
        tone = breed.pale if breed.white else lighten(base, 0.3)
        svg += b.pelt(pts("-9,-50 9,-50 8,-24 -8,-24"), tone, 6, 80, (0, 1), 0.65)
    svg += b.spot(0, -47, 13, 6, dark, 0.45) + at(front_head(b, breed, base), 0, -60, rng.uniform(-11, 11))
    return Sprite(svg, (-25, -86, 36, 2), breed.metre * 1.05, pts("0,-0.8,20,2.4 -7,-0.6,6,1.6 7,-0.6,6,1.6"))


def sit_side(b: Brush, breed: Breed, base: str) -> Sprite:
    """Sitting in profile."""
    rng = b.rng
    ring = pts("-23,-3 -26,-12 -21,-25 -12,-37 -1,-50 10,-56 19,-52 22,-43 19,-32 12,-22 4,-12 -6,-3")
    tilt = rng.uniform(-6, 12)
    hx, hy = 13.0, -66.0
    neck = tube([(8, -44), (9, -56), (hx + 1, hy + 2)], [26, 20, 17])
    near = tube([(11, -44), (10.5, -30), (11, -16), (12, -3.2)], [17, 12, 7.6, 6.8])
    far = tube([(16, -40), (17, -22), (18, -3.2)], [11, 7.4, 6.6])
    thigh = tube([(-14, -14), (-6, -18), (3, -15)], [22, 21, 11])
    shank = tube([(1, -15), (-3, -7), (-4, -3)], [9, 7, 5])
    feet, dark = foot_colour(breed, base), darken(base, 0.6)
    front, under, over_ = side_head(b, breed, base)
    head_ring = place(front, hx, hy, tilt)
    marks = at(side_marks(b, breed, base, 0), -6, -6, -48, 0.92) if not breed.white else ""
    if breed.white:
        marks = b.spot(18, -44, 10, 22, breed.pale, 1) + (
            at(paint(curve(pts("-20,-22 -10,-38 2,-52 8,-50 0,-30 -12,-16")), breed.saddle), 0, 0)
            if breed.saddle
            else ""
        )
    marks += (
        b.spot(2, -30, 7, 16, dark, 0.22)
        + b.spot(-3, -27, 16, 5, dark, 0.26)
        + b.spot(4, -11, 8, 8, dark, 0.4)
    )
    if feet != base:
        marks += fade_down(b, 2, 20, -22, -12, feet)
    marks += at(under, hx, hy, tilt) + coat_hairs(b, breed, base, ring, (-0.5, 0.85))
    svg = (
        draw_tail(b, breed, base, -22, -7)
        if breed.tail not in ("brush", "", "plume", "thin")
        else floor_tail(b, breed, base)
    )
    svg += solid(
        b,
        [far],
        darken(base, 0.3),
        1.5,
        fade_down(b, 8, 28, -22, -12, darken(feet, 0.25)) if feet != base else "",
    )
    svg += paw(b, 18.6, -2.6, 6.2, darken(feet, 0.25))
    svg += b.fur(clockwise(ring), base, 4.4 * breed.coat, 120, 0.65, 1.3) if breed.coat > 0.3 else ""
    svg += solid(b, [ring, neck, head_ring, near], base, 3.2, marks) + solid(
        b,
        [thigh, shank],
        base,
        2.4,
        coat_hairs(b, breed, base, thigh, (0.3, 0.9)) if breed.coat or breed.curly else "",
        rim=0.7,
    )
    svg += hind_foot(b, feet) + paw(b, 12.4, -2.6, 6.6, feet) + at(over_, hx, hy, tilt)
    return Sprite(svg, (-62, -94, 50, 2), breed.metre * 1.05, pts("-8,-0.8,18,2.4 14,-0.6,9,1.8"))


def close_up(b: Brush, breed: Breed, base: str) -> Sprite:
    """Head and chest, cut off by the lower edge."""
    ring = pts("-19,5 -18,-8 -14,-20 -10,-30 10,-30 14,-20 18,-8 19,5")
    marks = at(front_marks(b, breed, base), 0, 24, 0, 1.1)
    svg = b.fur(clockwise(ring), base, 4.6 * breed.coat, 100, 0.6, 1.2) if breed.coat > 0.3 else ""
    svg += solid(b, [ring], base, 3.4, marks + coat_hairs(b, breed, base, ring, (0.05, 1)))
    if breed.coat > 0.5:
        svg += b.pelt(
            pts("-11,-26 11,-26 12,2 -12,2"),
            breed.pale if breed.white else lighten(base, 0.3),
            6,
            110,
            (0, 1),
            0.55,
        )
    collar = b.rng.choice(("", "#b3262c", "#2f5fa3", "#3d7a4a"))
    if collar and breed.coat < 0.5:
        svg += line("M-13.4 -19Q0 -9 13.4 -19", darken(collar, 0.35), 4.2) + line(
            "M-13.4 -19.5Q0 -9.6 13.4 -19.5", collar, 3.2
        )
        svg += paint(ellipse(0, -10.4, 2.4), b.lit("#d9b34a"))
    svg += b.spot(0, -23, 15, 7, darken(base, 0.7), 0.5) + at(
        front_head(b, breed, base), 0, -35, b.rng.uniform(-12, 12), 1.08
    )
    return Sprite(svg, (-25, -64, 25, 0), breed.metre, relief=0.4, cropped=True)
