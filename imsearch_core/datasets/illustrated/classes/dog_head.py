"""Dogs' heads from the front and in profile, with ears, masks and blazes of each breed."""

from __future__ import annotations

from ..forms.quadruped import Ring, front_eye, side_eye, squash
from ..toolkit.brush import Brush, Point, clockwise, curve, dense, ellipse, hair, line, paint, pts
from ..toolkit.colour import darken, lighten, mix
from .dog_breeds import Breed

_EARS_FRONT = {
    "drop": "8,-12 13.6,-11.5 17.5,-4 18,5 14.5,8.4 11,3 9.6,-5",
    "hound": "9,-10 14,-9.5 18.6,-1 20,10 16,16.5 12,11 10.4,0",
    "prick": "3.4,-10.5 6,-17 11.4,-23.5,0.2 14.4,-14 12.6,-4.5",
    "tip": "5,-11 8,-17.5 13,-17 18,-11.5 16.5,-7 12.4,-8 12,-3",
    "curly": "9,-9 15,-8.5 19,-1 20,9 16,14.5 11.5,10 10,0",
}
_EARS_SIDE = {
    "drop": "-2,-7 4,-8.4 6.6,-3 6,5 1.4,9.4 -3,4.6 -4.4,-2",
    "hound": "-2,-5.5 4,-6.6 7,0 6.4,9 1,16 -4,10 -4.6,0",
    "prick": "-4.6,-5 -4.4,-13 -1,-20.5,0.2 3.4,-13.5 5.6,-7",
    "tip": "-4,-6 -3,-13.5 1.6,-15.6 8,-11.8 8.4,-7.6 4.6,-8.6 4,-6",
    "curly": "-3,-5 4,-6 7.4,1 7,10 1,15 -5,10 -5,0",
}


def _ear_colour(breed: Breed, base: str) -> str:
    if breed.patch:
        return breed.patch
    if breed.name == "shepherd":
        return mix(base, breed.mask, 0.55)
    if breed.spots:
        return "#3a3537"
    if breed.name == "labrador" and base > "#8":
        return darken(mix(base, "#b07a3c", 0.4), 0.06)
    return darken(base, 0.14 if breed.ears in ("drop", "hound", "curly") else 0.04)


def _tufts(b: Brush, ring: Ring, breed: Breed, colour: str) -> str:
    """Curls of a topknot or ear, or its soft fringe."""
    if breed.curly:
        dabs = "".join(ellipse(x, y, b.rng.uniform(1.5, 2.6)) for x, y in dense(ring, steps=3))
        return paint(dabs, b.lit(colour))
    return b.fur(clockwise(ring), colour, 1.2 + 2.4 * breed.coat, 60, 0.6, 0.7) if breed.coat else ""


def _ear(b: Brush, breed: Breed, base: str, text: str, side: float) -> str:
    colour = _ear_colour(breed, base)
    ring: Ring = [(p[0] * side, *p[1:]) for p in pts(text)]
    inner = ""
    if breed.ears == "prick":
        cx, cy = sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
        small = [(cx + (p[0] - cx) * 0.6 - 0.5 * side, cy + (p[1] - cy) * 0.68 + 1.2, *p[2:]) for p in ring]
        inner = paint(curve(small), darken(mix(colour, "#c58f7c", 0.6), 0.25), opacity=0.9)
    flow = (0.1 * side, 1) if breed.ears != "prick" else (0.2 * side, -1)
    hairs = b.pelt(ring, lighten(colour, 0.35), 2.6, 40, flow, 0.25) + b.pelt(
        ring, darken(colour, 0.4), 2.6, 40, flow, 0.2
    )
    return _tufts(b, ring, breed, colour) + b.form(curve(ring), colour, 1.5, inner + hairs)


def front_head(b: Brush, breed: Breed, base: str) -> str:
    """Head towards the viewer, centred near the eyes, about 28 units wide without the ears."""
    rng, pale = b.rng, breed.pale
    wide = 0.9 if breed.muzzle > 1.05 else 1.0
    half = squash(pts("4,-13 9,-11.2 12,-6 12.6,0 10.6,5.4 8.2,9.4 7.4,13 4.6,16.4"), wide)
    if breed.coat > 0.5 or breed.name == "husky":
        half = squash(pts("4,-12.6 9.4,-10.8 12.6,-6 14,1 13,6.6 9.6,10.6 7.4,13.4 4.6,16"), wide)
    skull: list[Point] = [(-x, y) for x, y in half[::-1]] + half
    text = _EARS_FRONT[breed.ears]
    ears = _ear(b, breed, base, text, -1) + _ear(b, breed, base, text, 1)
    hanging = breed.ears in ("drop", "hound", "curly", "tip")
    dark, marks = darken(base, 0.6), ""
    if breed.white == "husky":
        face = "0,-7 2,-2.6 6,-5.8 9.4,-4 11.6,2 14,8 8,18 0,20 -8,18 -14,8 -11.6,2 -9.4,-4 -6,-5.8 -2,-2.6"
        marks += paint(curve(pts(face)), pale)
    elif breed.white:
        marks += paint(
            curve(pts("-1.4,-14 1.4,-14 2,-6 3,0 7.6,5 9,12 6,18 -6,18 -9,12 -7.6,5 -3,0 -2,-6")), pale
        )
    if breed.mask:
        marks += b.spot(0, 9, 11, 12, breed.mask, 1.0) + b.spot(0, -12, 9, 6, breed.mask, 0.4)
    if breed.patch:
        marks += paint(curve(pts("-14,-14 -2,-14 -2.2,-3 -4,3 -10,5 -14,2")), breed.patch)
        if rng.random() < 0.5:
            marks += paint(curve(pts("14,-14 2.4,-14 3,-3 5,3 10,5 14,2")), breed.patch)
    if breed.tan:
        marks += "".join(b.spot(s * 5, -5.4, 2.2, 1.6, breed.tan, 1) for s in (-1, 1)) + b.spot(
            0, 12, 9, 7, breed.tan, 0.9
        )
    if breed.spots:
        dots = "".join(
            ellipse(rng.uniform(-12, 12), rng.uniform(-12, 3), rng.uniform(0.6, 1.5)) for _ in range(20)
        )
        marks += paint(dots, breed.spots)
    if not (breed.white or breed.mask or breed.tan or breed.spots):
        marks += b.spot(0, 11, 8, 8, lighten(base, 0.4), 0.5)
    marks += b.spot(0, -6, 2.0, 7, dark, 0.22) + "".join(
        b.spot(s * 6, -1.4, 4.6, 3.8, dark, 0.34) + b.spot(s * 6.0, -6.2, 4, 2.6, lighten(base, 0.5), 0.3)
        for s in (-1, 1)
    )
    marks += b.pelt(skull, lighten(base, 0.4), 1.8 + breed.coat, 90, (0, -1), 0.28)
    svg = "" if hanging else ears
    svg += _tufts(b, skull, breed, base) + b.form(curve(skull), base, 2.6, marks)
    svg += _muzzle(b, breed, base)
    iris = rng.choice(breed.eyes)
    brow = darken(base, 0.55)
    for s in (-1, 1):
        svg += front_eye(b, s * 5.7 * wide, -0.9, 1.95, iris, s * 8, 0.6 if iris < "#6" else 0.42)
        svg += paint(hair(s * 2.9, -2.0, s * 5.2, -0.6, 0.9, s * 0.8), brow, opacity=0.55)
    if breed.curly:
        svg += _tufts(b, pts("-10,-9 -7,-15 0,-18 7,-15 10,-9 4,-7 -4,-7"), breed, lighten(base, 0.08))
        svg += paint(curve(pts("-10,-9 -7,-15 0,-18 7,-15 10,-9 0,-6.5")), b.lit(base))
    return svg + (ears if hanging else "")


def _muzzle(b: Brush, breed: Breed, base: str) -> str:
    """Muzzle, nose and mouth from the front; mouth open with the tongue out half of the time."""
    rng = b.rng
    pad = base
    if breed.white or breed.patch or breed.spots:
        pad = breed.pale
    elif breed.mask:
        pad = mix(base, breed.mask, 0.85)
    elif breed.tan:
        pad = breed.tan
    elif base > "#8":
        pad = lighten(base, 0.18)
    svg, lip = "", darken(pad, 0.7)
    if rng.random() < 0.5:
        jaw = curve(pts("-5,12 -4.2,17.6 0,20 4.2,17.6 5,12"))
        tongue = curve(pts("-2.6,13.4 -2.9,18.6 0,21.6 2.9,18.6 2.6,13.4"))
        svg += paint(jaw, "#3a1c1e") + paint(
            curve(pts("-4.6,16 -3.4,18.8 0,20.2 3.4,18.8 4.6,16 0,18.4")), b.lit(pad)
        )
        svg += paint(tongue, b.linear([(0, "#a84a54"), (0.4, "#dc8086"), (1, "#e79a9c")])) + line(
            "M0 14.5V19.6", "#b45a62", 0.5
        )
    else:
        svg += paint(curve(pts("-4.4,13 -3.6,16.4 0,17.8 3.6,16.4 4.4,13")), b.lit(darken(pad, 0.12)))
    top = pts("-4.4,4.4 -2.6,0.2 2.6,0.2 4.4,4.4 7.4,8.6 7.0,12.6 3.6,14.6 0,13 -3.6,14.6 -7.0,12.6 -7.4,8.6")
    svg += b.spot(0, 10, 9.6, 8, darken(pad, 0.6), 0.34)
    fade = b.linear([(0, pad if breed.white or breed.mask else base), (0.45, pad), (1, darken(pad, 0.12))])
    light = b.spot(b.side * 2.4, 8, 5, 4, lighten(pad, 0.5), 0.4)
    if breed.coat > 0.5 and not breed.curly:
        light += b.pelt(top, lighten(pad, 0.4), 2.4, 40, (0, 1), 0.4)
    svg += b.form(curve(top), pad, 1.5, light, fill=fade, rim=0.7)
    svg += line("M0 8.8V12.4M0 12.4Q-2.4 14.8 -5.6 13.4M0 12.4Q2.4 14.8 5.6 13.4", lip, 0.6, opacity=0.9)
    dots = "".join(ellipse(s * x, y, 0.24) for s in (-1, 1) for x, y in pts("3,10.4 4.4,11.2 4.2,9.6"))
    svg += paint(dots, lip, opacity=0.6)
    nose = "#2a2224" if base not in ("#5b3a28", "#8a4a28") else "#3d251f"
    shape = curve(pts("-3.7,5.0 -2.6,3.4 0,3.1 2.6,3.4 3.7,5.0 2.6,7.6 0,8.9 -2.6,7.6"))
    svg += paint(shape, b.linear([(0, lighten(nose, 0.3)), (0.4, nose), (1, darken(nose, 0.5))]))
    svg += paint(ellipse(-1.6, 6.3, 0.9, 0.7) + ellipse(1.6, 6.3, 0.9, 0.7), "#0a0808")
    return svg + paint(ellipse(b.side * 0.9, 4.1, 1.3, 0.5), "#ffffff", opacity=0.55)


def side_head(b: Brush, breed: Breed, base: str) -> tuple[Ring, str, str]:
    """Outline in profile from the occiput along +x, marks on it, and the features over it."""
    pale = breed.pale
    m = breed.muzzle
    stop = 5.6 if m < 1.15 else 7.2
    ring: Ring = [
        (-6, 1),
        (-4, -6),
        (2, -10),
        (8, -9.8),
        (12, -stop - 1.2),
        (14.4, -stop + 1),
        *[(14 + x * m, y) for x, y in pts("5,-4.2 9.6,-4 11.8,-2.6 11.6,0.4 10,3.4 5,5.4 1,6.4")],
        (9, 9),
        (2, 10),
        (-4, 8),
    ]
    tip = 14 + 11 * m
    marks, dark = "", darken(base, 0.6)
    if breed.white == "husky":
        marks += paint(curve([(6, -3), (12, -6), (tip + 3, -5), (tip + 3, 10), (0, 14), (2, 4)]), pale)
    elif breed.white:
        marks += paint(curve([(12, -4), (16, -7), (tip + 3, -6), (tip + 3, 9), (10, 10), (13, 3)]), pale)
    if breed.mask:
        marks += b.spot(tip - 4, 1, 13, 9, breed.mask, 1.0)
    if breed.patch:
        marks += paint(curve(pts("-8,-12 12,-12 13,-4 10,1 2,4 -8,4")), breed.patch)
    if breed.tan:
        marks += b.spot(tip - 3, 4, 11, 5, breed.tan, 1) + b.spot(10.6, -6.6, 2.2, 1.6, breed.tan, 1)
    if breed.spots:
        dots = "".join(
            ellipse(b.rng.uniform(0, tip), b.rng.uniform(-9, 8), b.rng.uniform(0.6, 1.5)) for _ in range(18)
        )
        marks += paint(dots, breed.spots)
    if not (breed.white or breed.mask or breed.tan or breed.spots or breed.patch):
        marks += b.spot(tip - 5, 3, 10, 5, lighten(base, 0.4), 0.45)
    marks += (
        b.spot(12, -2, 5, 4, dark, 0.3)
        + b.spot(4, 8, 9, 4, dark, 0.32)
        + b.spot(8, 3, 6, 4, lighten(base, 0.5), 0.22)
    )
    features = line(
        f"M{tip - 1:.1f} 2.6Q{tip - 5 * m:.1f} 4.4 {tip - 10 * m:.1f} 3.6Q13.4 4.6 12.6 6.2",
        "#1d1314",
        0.75,
        opacity=0.8,
    )
    if b.rng.random() < 0.35:
        tongue = [(tip - 5 * m, 4.2), (tip - 2, 3.2), (tip - 1.2, 8), (tip - 2.6, 11), (tip - 4.6, 8)]
        features += paint(curve(tongue), b.linear([(0, "#b65660"), (1, "#e48f92")]))
    nose = [(tip - 2.4, -4.4), (tip - 0.2, -4.6), (tip + 1.5, -2.6), (tip + 0.8, -0.4), (tip - 1.2, -0.8)]
    features += paint(curve(nose), b.linear([(0, "#4a4044"), (0.5, "#211a1c"), (1, "#120e10")]))
    features += side_eye(b, 12.2, -3.0, 1.45, b.rng.choice(breed.eyes), -4)
    if breed.curly:
        knot = pts("-7,-4 -6,-12 0,-16 7,-14.6 11,-9 6,-7 0,-5")
        features += _tufts(b, knot, breed, lighten(base, 0.06)) + paint(curve(knot), b.lit(base))
    features += _ear(b, breed, base, _EARS_SIDE[breed.ears], 1)
    return ring, marks, features
