"""Places made by people: streets, roads, yards, stations, runways."""

from __future__ import annotations

from ..toolkit.brush import Brush, box, curve, ellipse, line, paint, polygon, track
from ..toolkit.colour import darken, jitter, lighten, mix
from .outdoors import backdrop, band, plane, stand, strip, tree, turf, wood
from .scenery import GREENS, WOODS, facade, fence, house, window
from .stage import Fill, Frame, Layer, Light, Place, Spot, Zone, ground_spot

ASPHALTS = ("#6d6e70", "#7b7875", "#63676d", "#85807a")
IRON = "#3c4248"


def street_lamp(b: Brush, x: float, foot: float, tall: float) -> str:
    """A lamp post with a curved arm."""
    wide, arm = max(1.4, tall * 0.016), -b.side * tall * 0.16
    post = f"M{x:.1f} {foot:.1f}V{foot - tall * 0.92:.1f}q0 {-tall * 0.08:.1f} {arm:.1f} {-tall * 0.08:.1f}"
    head = ellipse(x + arm * 1.2, foot - tall * 0.99, tall * 0.045, tall * 0.014)
    base = box(x - wide * 1.3, foot - tall * 0.12, wide * 2.6, tall * 0.12, wide * 0.4)
    return (
        line(post, IRON, wide)
        + line(post, "#9aa2a8", wide * 0.3, transform=f"translate({b.side * wide * 0.2:.1f} 0)")
        + paint(base, IRON)
        + paint(head, "#e9e4d0")
    )


def bollards(f: Frame, k: float, count: int) -> str:
    """A row of iron posts along a kerb."""
    ppm, y = f.ppm * k, f.depth_y(k)
    step, parts = f.w / count, []
    for i in range(count):
        x = (i + 0.5) * step
        parts.append(box(x - ppm * 0.07, y - ppm * 0.85, ppm * 0.14, ppm * 0.85, ppm * 0.06))
    return paint("".join(parts), IRON)


def bin_(b: Brush, x: float, foot: float, ppm: float) -> str:
    """A litter bin."""
    tone = b.rng.choice(("#3f5a4a", "#4a5058", "#5a3f3a"))
    body = box(x, foot - ppm * 0.95, ppm * 0.5, ppm * 0.95, ppm * 0.05)
    return paint(body, b.across([(0, lighten(tone, 0.3)), (1, darken(tone, 0.35))])) + paint(
        box(x + ppm * 0.08, foot - ppm * 0.82, ppm * 0.34, ppm * 0.16, ppm * 0.04), "#15171c"
    )


def sign(b: Brush, x: float, foot: float, ppm: float) -> str:
    """A round or three-cornered road sign on a post."""
    y, r = foot - ppm * 2.4, ppm * 0.34
    post = line(f"M{x:.1f} {foot:.1f}V{y:.1f}", "#a3a8ac", max(1.2, ppm * 0.07))
    if b.rng.random() < 0.5:
        plate = paint(ellipse(x, y, r), b.rng.choice(("#c23b32", "#2f5f9f")))
        return post + plate + paint(box(x - r * 0.6, y - r * 0.16, r * 1.2, r * 0.32), "#f4f1ea")
    corners = [(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)]
    inner = [(x, y - r * 0.5), (x + r * 0.55, y + r * 0.55), (x - r * 0.55, y + r * 0.55)]
    return post + paint(polygon(corners), "#c23b32") + paint(polygon(inner), "#f4f1ea")


def farmyard(b: Brush, light: Light, f: Frame) -> Place:
    """Trodden yard before a barn or cottage, with fence, trees and bales."""
    rng = b.rng
    colour = jitter(rng, rng.choice(("#a58f6c", "#b39b78", "#94886a", "#8f8b5a")), 0.02)
    ppm = min(f.ppm * 0.55, rng.uniform(16, 30))
    foot = f.metres_y(ppm)
    parts, top = [], 0.0
    for x in (rng.uniform(-0.15, 0.25), rng.uniform(0.5, 0.85))[: rng.randint(1, 2)]:
        wide, tall = rng.uniform(9, 15) * ppm, rng.uniform(3.2, 4.6) * ppm
        parts.append(house(b, x * f.w, foot, wide, tall, light.haze, 0.15))
        top = max(top, tall * 2.2)
    straw = mix("#cfae62", light.haze, 0.15)
    x = rng.uniform(0.05, 0.8) * f.w
    for i in range(rng.choice((0, 0, 2, 3))):
        r = ppm * 0.75
        bale = ellipse(x + i * r * 1.9, foot - r * 0.9 + ppm * 0.2, r)
        parts.append(paint(bale, b.lit(straw)))
        for ring in (0.7, 0.42):
            coil = ellipse(x + i * r * 1.9, foot - r * 0.9 + ppm * 0.2, r * ring)
            parts.append(line(coil, darken(straw, 0.25), r * 0.06, opacity=0.7))
    near = ppm * 1.25
    if rng.random() < 0.6:
        parts.append(fence(b, f.metres_y(near), f.w, near, rng.choice(WOODS)))
    yard = Layer("", [Zone("gravel", 0.09)], plane(f, colour, light.haze), turf(b, f, "#8a8a48", 1.3, 0.4, 8))
    built = Layer("".join(parts), top=foot - max(top, near * 1.4), bottom=f.metres_y(near) + 3)
    layers = [yard, *backdrop(b, f, light), Layer(stamps=stand(b, f, light, 3, 14, 6)), built]
    return Place("farmyard", f, layers, [ground_spot(f, "yard", place="farmyard")])


def street(b: Brush, light: Light, f: Frame) -> Place:
    """A town street seen across the road: kerb, pavement, a row of fronts."""
    kerb = b.rng.uniform(0.6, 0.7)
    return _street(b, light, f, kerb, kerb * b.rng.uniform(0.72, 0.85))


def pavement(b: Brush, light: Light, f: Frame) -> Place:
    """A town street whose subject stands on the pavement, close to the fronts."""
    return _street(b, light, f, b.rng.uniform(1.1, 1.16), b.rng.uniform(0.66, 0.78))


def _street(b: Brush, light: Light, f: Frame, kerb: float, wall: float) -> Place:
    """A street whose kerb and fronts are at those scales relative to the subject."""
    rng = b.rng
    colour = jitter(rng, rng.choice(ASPHALTS), 0.02)
    near = kerb > 1
    pave = mix(rng.choice(("#b5aca0", "#a8a7a5", "#bfb19a")), light.haze, 0.1)
    y = f.depth_y(kerb)
    slabs = band(f, kerb, wall)
    road = paint(polygon(slabs), pave)
    road += line(f"M-5 {y:.1f}H{f.w + 5}", lighten(pave, 0.3), f.ppm * 0.06)
    road += line(f"M-5 {y + f.ppm * 0.07:.1f}H{f.w + 5}", darken(colour, 0.45), f.ppm * 0.05)
    if not near:
        road += _markings(b, f, colour)
    ppm, foot = f.ppm * wall, f.depth_y(wall)
    fronts, green, x = [], [], rng.uniform(-0.4, 0) * f.w
    storey = max(ppm * 3.1, f.h * 0.14)
    while x < f.w:
        wide = storey * rng.uniform(1.5, 2.6)
        if rng.random() < 0.12:
            green.append(tree(b, x + wide * 0.5, foot, storey * 2.2, rng.choice(GREENS), light.haze, 0.2))
            green.append(wood(b, f, foot, storey * 0.5, rng.choice(GREENS), light.haze, 0.2))
        else:
            fronts.append(facade(b, x, foot, wide, storey, rng.randint(2, 5), light.haze, 0.18))
        x += wide
    fronts.append(paint(box(0, foot - 1, f.w, f.ppm * 0.08), "#12142a", opacity=0.25))
    by = min(kerb * 0.93, 0.9)  # lamps and trees stand by the kerb, but behind the subject
    at, fit = f.ppm * by, f.depth_y(by)
    avenue = []
    if rng.random() < 0.4:
        start, step = rng.uniform(-0.1, 0.3), rng.uniform(0.35, 0.6)
        leaf = rng.choice(GREENS)
        avenue = [
            tree(b, (start + i * step) * f.w, fit, at * rng.uniform(4.5, 6), leaf, light.haze, 0.05)
            for i in range(3)
        ]
    things = ""
    if rng.random() < 0.65:
        things += street_lamp(b, rng.uniform(0.05, 0.95) * f.w, fit, at * 5)
    if not near and rng.random() < 0.35:
        things += bollards(f, kerb * 0.95, rng.randint(5, 8))
    if rng.random() < 0.4:
        things += bin_(b, rng.uniform(0.02, 0.9) * f.w, fit, at)
    if rng.random() < 0.4:
        things += sign(b, rng.uniform(0.04, 0.96) * f.w, fit, at)
    paved = Zone("paving", 0.05, area=tuple(slabs))
    layers = [
        Layer(road, [Zone("asphalt", 0.06), paved], plane(f, colour, light.haze), top=f.horizon),
        Layer(stamps=green),
        Layer("".join(fronts), bottom=foot + f.ppm * 0.08),
        Layer(things, stamps=avenue, bottom=min(y, fit + 1) + 1),
    ]
    walk = Spot("pavement", f.depth_y(wall * 1.05), f.depth_y(kerb * 0.97), f.horizon, f.eye)
    spots = [walk] if near else [ground_spot(f, "road", 1.2, kerb * 1.06), walk]
    return Place("street", f, layers, spots)


def _markings(b: Brush, f: Frame, colour: str) -> str:
    """Dashes or a crossing on the road, and perhaps a manhole cover."""
    rng, marks = b.rng, ""
    if rng.random() < 0.6:
        for i in range(-4, 5):
            x = (i * 3.2 + rng.uniform(-0.1, 0.1)) * f.ppm + f.w / 2
            y0, y1 = f.depth_y(1.16), f.depth_y(1.2)
            dash = [(x, y1), (x + f.ppm * 1.9, y1), (x + f.ppm * 1.8, y0), (x, y0)]
            marks += paint(polygon(dash), "#ded9cb", opacity=0.8)
    elif rng.random() < 0.6:
        side = rng.choice((-1, 1)) * rng.uniform(2.6, 3.6)
        for k0, k1 in ((0.74, 0.8), (0.86, 0.93), (1.0, 1.08), (1.16, 1.26)):
            marks += paint(polygon(strip(f, side - 1.3, side + 1.3, k1, k0)), "#e6e1d4", opacity=0.85)
    if rng.random() < 0.6:
        k, x = rng.uniform(0.8, 1.1), rng.uniform(0.1, 0.9) * f.w
        cover = ellipse(x, f.depth_y(k), f.ppm * 0.33 * k, f.ppm * 0.09 * k)
        marks += paint(cover, darken(colour, 0.35)) + line(cover, lighten(colour, 0.15), 0.7)
    return marks


def country_road(b: Brush, light: Light, f: Frame) -> Place:
    """A lane through fields, seen from beside it or along it."""
    rng = b.rng
    grass = jitter(rng, rng.choice(("#7d9548", "#8a9a4e", "#98a055", "#b3a662")), 0.03)
    tar = jitter(rng, rng.choice((*ASPHALTS, "#a99878")), 0.02)
    if rng.random() < 0.6:
        area = band(f, 1.45, 0.72)
        road = paint(polygon(area), tar)
        for k in (1.38, 0.75):
            edge = f"M0 {f.depth_y(k):.1f}H{f.w}"
            road += line(edge, "#e2ded2", max(1, f.ppm * 0.05 * k), opacity=0.75)
        verge = turf(b, f, grass, 0.73, 0.5, 12)
    else:
        area = strip(f, -3.4, 3.4, 1.8, 0.02)
        road = paint(polygon(area), tar)
        for x in (-3.1, 3.0):
            road += paint(polygon(strip(f, x, x + 0.12, 1.8, 0.02)), "#e2ded2", opacity=0.75)
        verge = []
    parts, foot = "", f.metres_y(8)
    if rng.random() < 0.35:
        parts += house(b, rng.uniform(0, 0.7) * f.w, foot, 90, 32, light.haze, 0.3)
    ppm = f.ppm * 0.6
    if rng.random() < 0.4:
        x = rng.uniform(0, 60)
        while x < f.w:
            post = box(x, f.depth_y(0.6) - ppm * 0.8, max(1.5, ppm * 0.1), ppm * 0.8)
            parts += paint(post, "#efece2") + paint(
                box(x, f.depth_y(0.6) - ppm * 0.6, max(1.5, ppm * 0.1), ppm * 0.16), "#b5453c"
            )
            x += f.w * 0.22
    zones = [Zone("grass", 0.05), Zone("asphalt", 0.05, area=tuple(area))]
    layers = [
        Layer(road, zones, plane(f, grass, light.haze), top=f.horizon),
        *backdrop(b, f, light, True),
        Layer(stamps=stand(b, f, light, rng.randint(1, 6), 14, 4)),
        Layer(parts, stamps=verge, top=foot - 90, bottom=f.depth_y(0.6) + 2),
    ]
    return Place("country_road", f, layers, [ground_spot(f, "road", 1.15, 0.75, "country_road")])


def car_park(b: Brush, light: Light, f: Frame) -> Place:
    """Marked bays in front of a shop, an office or a hedge, with lamps and a planted island."""
    rng = b.rng
    colour = jitter(rng, rng.choice(ASPHALTS), 0.03)
    bays = ""
    for i in range(-6, 7):
        x = i * 2.7 + 0.4
        bays += paint(polygon(strip(f, x, x + 0.1, 1.05, 0.62)), "#e8e4d8", opacity=0.75)
    bays += paint(polygon(band(f, 0.615, 0.605)), "#e8e4d8", opacity=0.6)
    if rng.random() < 0.5:
        x = rng.choice((-2.4, 2.6, 4.5))
        shaft, head = strip(f, x, x + 0.16, 1.3, 1.12), strip(f, x - 0.25, x + 0.41, 1.13, 1.12)
        tip = ((head[0][0] + head[1][0]) / 2, f.depth_y(1.07))
        bays += paint(polygon(shaft), "#e8e4d8", opacity=0.8) + paint(
            polygon([head[0], head[1], tip]), "#e8e4d8", opacity=0.8
        )
    ppm = f.ppm * 0.42
    foot = f.metres_y(ppm)
    parts, top = "", foot
    if rng.random() < 0.65:
        wall = mix(rng.choice(("#cfd2d2", "#b9a893", "#8d9aa3", "#c4a58a", "#a9745a")), light.haze, 0.12)
        tall, left = max(ppm * rng.uniform(4, 6.5), f.h * 0.22), rng.uniform(-0.2, 0.25) * f.w
        top = foot - tall * 1.02
        shade = b.across([(0, lighten(wall, 0.15)), (1, darken(wall, 0.15))])
        parts += paint(box(left, foot - tall, f.w, tall), shade)
        for i in range(1, 6):
            seam = f"M{left + f.w * i * 0.19 - f.w * 0.035:.0f} {foot - tall * 0.84:.0f}V{foot:.0f}"
            parts += line(seam, darken(wall, 0.2), 0.8, opacity=0.5)
        accent = mix(rng.choice(("#3f5f7f", "#8a3b36", "#4a5f4a", "#55565e", "#a8742f")), light.haze, 0.1)
        parts += paint(
            box(left, foot - tall, f.w, tall * 0.18), b.linear([(0, lighten(accent, 0.12)), (1, accent)])
        )
        board = box(left + f.w * 0.12, foot - tall * 0.97, f.w * 0.3, tall * 0.12, 1.5)
        parts += paint(board, "#f1ece0") + paint(
            box(left + f.w * 0.16, foot - tall * 0.93, f.w * 0.22, tall * 0.04, 1), accent
        )
        door = rng.randrange(1, 5)
        for i in range(5):
            x = left + f.w * (0.06 + i * 0.19)
            if i == door:
                parts += paint(box(x, foot - tall * 0.6, f.w * 0.1, tall * 0.6), "#3a4650")
                parts += line(f"M{x + f.w * 0.05:.0f} {foot - tall * 0.6:.0f}V{foot:.0f}", "#c9ced2", 1.2)
                awning = [
                    (x - 6, foot - tall * 0.6),
                    (x + f.w * 0.1 + 6, foot - tall * 0.6),
                    (x + f.w * 0.1 + 12, foot - tall * 0.5),
                    (x - 12, foot - tall * 0.5),
                ]
                parts += paint(polygon(awning), b.linear([(0, lighten(accent, 0.25)), (1, accent)]))
            else:
                parts += window(b, x, foot - tall * 0.66, f.w * 0.12, tall * 0.42, "#8fa6b8", "#5a6066", 2)
    leaf, stamps = rng.choice(GREENS), []
    hedge = ppm * rng.uniform(0.7, 1.1)
    stamps.append(wood(b, f, foot + 3, hedge, leaf, light.haze, 0.1))
    for _ in range(rng.randint(1, 3)):
        stamps.append(
            tree(b, rng.uniform(0, 1) * f.w, foot + 2, ppm * rng.uniform(4.5, 7), leaf, light.haze, 0.15)
        )
    lamps = ""
    if rng.random() < 0.7:
        lamps += street_lamp(b, rng.uniform(0.04, 0.96) * f.w, f.depth_y(0.6), f.ppm * 0.6 * 5.5)
    if rng.random() < 0.4:
        x, tick, y = rng.uniform(0.05, 0.9) * f.w, f.ppm * 0.58, f.depth_y(0.58)
        lamps += paint(box(x, y - tick * 1.5, tick * 0.55, tick * 1.5, 2), b.lit("#4a6a94")) + paint(
            box(x + tick * 0.1, y - tick * 1.3, tick * 0.35, tick * 0.3, 1), "#e9e4d0"
        )
    layers = [
        Layer(bays, [Zone("asphalt", 0.08)], plane(f, colour, light.haze), top=f.horizon),
        *backdrop(b, f, light),
        Layer(parts, top=top, bottom=foot + 2),
        Layer(lamps, stamps=stamps, bottom=f.depth_y(0.62)),
    ]
    return Place("car_park", f, layers, [ground_spot(f, "road", 1.2, 0.55, "car_park")])


def airfield(b: Brush, light: Light, f: Frame) -> Place:
    """Runway concrete, grass verge, hangars and a tower far off."""
    rng = b.rng
    slab = jitter(rng, rng.choice(("#a3a29c", "#8f8f8c", "#77787a")), 0.02)
    area = band(f, 1.7, 0.35)
    runway = paint(polygon(area), b.linear([(0, mix(slab, light.haze, 0.35)), (1, slab)]))
    for k in (0.6, 1.35):
        paint_line = rng.choice(("#e9e4d4", "#d9b64a"))
        runway += line(f"M0 {f.depth_y(k):.1f}H{f.w}", paint_line, max(1.2, 4 * k), opacity=0.8)
    parts, foot = "", f.horizon + 3
    for _ in range(rng.randint(1, 3)):
        x, wide, tall = rng.uniform(0, 0.85) * f.w, rng.uniform(50, 90), rng.uniform(14, 22)
        hangar = mix(rng.choice(("#9aa5ad", "#b5ab98", "#7f8d94")), light.haze, 0.3)
        roof = [
            (x, foot, 0),
            (x, foot - tall * 0.6, 0),
            (x + wide / 2, foot - tall),
            (x + wide, foot - tall * 0.6, 0),
            (x + wide, foot, 0),
        ]
        parts += paint(curve(roof), b.across([(0, lighten(hangar, 0.2)), (1, darken(hangar, 0.2))]))
        parts += paint(box(x + wide * 0.2, foot - tall * 0.6, wide * 0.6, tall * 0.6), darken(hangar, 0.35))
    if rng.random() < 0.5:
        x, tone = rng.uniform(0.08, 0.92) * f.w, mix("#d6d0c2", light.haze, 0.25)
        parts += paint(box(x - 4, foot - 40, 8, 40), b.across([(0, tone), (1, darken(tone, 0.3))]))
        cabin = [(x - 10, foot - 52), (x + 10, foot - 52), (x + 7, foot - 40), (x - 7, foot - 40)]
        parts += paint(polygon(cabin), mix("#3f5566", light.haze, 0.2)) + paint(
            box(x - 11, foot - 55, 22, 3.5), tone
        )
    ground = Layer(runway, [Zone("asphalt", 0.05)], plane(f, "#7f9150", light.haze), top=f.horizon)
    layers = [ground, *backdrop(b, f, light), Layer(parts, top=foot - 57, bottom=foot + 1)]
    return Place("airfield", f, layers, [ground_spot(f, "runway", far=0.45, place="airfield")])


def _rails(f: Frame) -> str:
    """Two rails across the picture, where the subject's wheels stand."""
    parts = ""
    for k in (0.94, 1.01):
        y = f.depth_y(k)
        parts += line(f"M0 {y:.1f}H{f.w}", "#4a3f3a", max(2, f.ppm * 0.07))
        parts += line(f"M0 {y - 1:.1f}H{f.w}", "#d7dade", max(0.8, f.ppm * 0.025))
    return parts


def _sleepers(f: Frame) -> str:
    wide, d = f.ppm * 0.6, []
    y0, y1 = f.depth_y(1.04), f.depth_y(0.92)
    for i in range(int(f.w / wide) + 2):
        x, slant = (i - 0.5) * wide, (i - 0.5) * wide - f.w / 2
        back = x - slant * 0.09
        d.append(polygon([(x, y0), (x + wide * 0.42, y0), (back + wide * 0.42, y1), (back, y1)]))
    return paint("".join(d), "#57483c", opacity=0.85)


def railway(b: Brush, light: Light, f: Frame) -> Place:
    """A track across the landscape: ballast, sleepers, two rails, perhaps overhead wires."""
    rng = b.rng
    grass = jitter(rng, rng.choice(GREENS), 0.03)
    area = band(f, 1.12, 0.86)
    track = paint(polygon(area), jitter(rng, "#8b8178", 0.03)) + _sleepers(f) + _rails(f)
    wires, stop = "", f.depth_y(0.84)
    if rng.random() < 0.45:
        tall, x = max(f.ppm * 5.6, f.h * 0.5), rng.uniform(0.02, 0.2) * f.w
        while x < f.w:
            wires += line(f"M{x:.1f} {stop:.1f}V{stop - tall:.1f}", "#6b7075", max(1.5, f.ppm * 0.12))
            wires += line(f"M{x:.1f} {stop - tall * 0.92:.1f}h{f.w * 0.1:.1f}", "#6b7075", 1.2)
            x += f.w * rng.uniform(0.5, 0.7)
        for lift in (0.86, 0.95):
            y = stop - tall * lift
            wires += line(f"M0 {y:.1f}Q{f.w / 2} {y + 6:.1f} {f.w} {y:.1f}", "#3c4248", 0.8, opacity=0.8)
    elif rng.random() < 0.6:
        wires = fence(b, f.depth_y(0.7), f.w, f.ppm * 0.7, rng.choice(WOODS))
    zones = [Zone("grass", 0.06), Zone("gravel", 0.12, area=tuple(area))]
    ground = Layer(
        track, zones, plane(f, grass, light.haze), turf(b, f, grass, 0.85, 0.55, 10), top=f.horizon
    )
    ground.stamps += turf(b, f, grass, 1.35, 1.18, 10)
    layers = [
        ground,
        *backdrop(b, f, light, True),
        Layer(stamps=stand(b, f, light, rng.randint(1, 6), 16, 5)),
        Layer(wires, bottom=stop + 1),
    ]
    return Place("railway", f, layers, [Spot("rail", f.base, f.base + 0.5, f.horizon, f.eye)])


def station(b: Brush, light: Light, f: Frame) -> Place:
    """A railway platform: canopy on columns, clock and lamps, the track before the far platform."""
    rng = b.rng
    pit, near = band(f, 1.12, 0.86), f.depth_y(1.16)
    ground = _sleepers(f) + _rails(f)
    ground += paint(box(0, near, f.w, f.h), b.linear([(0, "#c4bcae"), (1, "#a39c90")]))
    ground += paint(box(0, near + 3, f.w, 3), "#e2c04a") + paint(box(0, near - 1, f.w, 2), "#6f685e")
    lip, rise = f.depth_y(0.84), f.ppm * 0.75
    brick = mix(rng.choice(("#9a5844", "#b9b2a6", "#cfc4ae", "#7f8d94", "#a9745a")), light.haze, 0.1)
    deck, tall = lip - rise, max(f.ppm * 3.3, f.h * 0.3)
    wall_top = deck - tall
    back = paint(
        box(0, wall_top, f.w, tall),
        b.linear([(0, darken(brick, 0.3)), (0.3, brick), (1, darken(brick, 0.1))]),
    )
    bay = max(tall * 0.75, f.w / 7)
    shift = rng.uniform(-0.5, 0) * bay
    count = int(f.w / bay) + 2
    door = rng.randrange(count)
    for i in range(count):
        x = shift + i * bay + bay * 0.28
        if i == door:
            back += paint(
                box(x, deck - tall * 0.68, bay * 0.4, tall * 0.68),
                rng.choice(("#2f4a4a", "#5a2e2e", "#3a4a64")),
            )
            back += paint(
                box(x + bay * 0.06, deck - tall * 0.62, bay * 0.28, tall * 0.26), "#c9b98f", opacity=0.8
            )
        else:
            back += window(b, x, deck - tall * 0.66, bay * 0.4, tall * 0.42, "#8fa6b8", "#e8e4da")
    board_x = rng.uniform(0.1, 0.6) * f.w
    panel = box(board_x, deck - tall * 0.84, bay * 0.9, tall * 0.13, 1.5)
    back += paint(panel, "#2f4f7f") + paint(
        box(board_x + bay * 0.1, deck - tall * 0.8, bay * 0.7, tall * 0.045, 1), "#f1ece0"
    )
    # The platform the wall stands on, seen from the track.
    back += paint(box(0, deck - 1, f.w, max(3, rise * 0.16)), "#d6cec0")
    back += paint(
        box(0, deck + rise * 0.14, f.w, rise * 0.9),
        b.linear([(0, "#5f584f"), (0.3, "#8a8276"), (1, "#5a544d")]),
    )
    roof = rng.choice(("#4a5f4a", "#55565e", "#6b3a36", "#3f5566"))
    eave, deep = wall_top - tall * 0.04, tall * 0.16
    for i in range(4):
        x = f.w * (0.1 + i * 0.27)
        back += line(f"M{x:.0f} {deck:.0f}V{eave:.0f}", IRON, max(2, f.ppm * 0.11))
        for way in (-1, 1):
            bend = (0, -deep * 1.2, way * deep * 1.5, -deep * 1.3)
            brace = track("M", x, eave + deep * 2.2, "q", *bend)
            back += line(brace, IRON, max(1.3, f.ppm * 0.06))
    back += paint(box(0, eave, f.w, deep), b.linear([(0, lighten(roof, 0.15)), (1, darken(roof, 0.25))]))
    scallop = "".join(
        f"M{x} {eave + deep:.1f}l4 {deep * 0.4:.1f}l4 {-deep * 0.4:.1f}Z" for x in range(0, f.w, 8)
    )
    back += paint(scallop, darken(roof, 0.1))
    if rng.random() < 0.7:
        x, r = rng.uniform(0.15, 0.85) * f.w, tall * 0.09
        y = eave + deep * 1.5 + r
        back += line(f"M{x:.1f} {eave + deep:.1f}V{y:.1f}", IRON, 1.6) + paint(ellipse(x, y, r * 1.15), IRON)
        hands = f"M{x:.1f} {y:.1f}v{-r * 0.75:.1f}M{x:.1f} {y:.1f}l{r * 0.5:.1f} {r * 0.2:.1f}"
        back += paint(ellipse(x, y, r), "#f4f0e4") + line(hands, "#22242a", max(0.8, r * 0.12))
    layers = [
        Layer(
            ground,
            [Zone("gravel", 0.1, area=tuple(pit))],
            Fill(f.horizon, f.h, ((0, "#7d756c"), (1, "#6f675e"))),
            top=f.horizon,
        ),
        *backdrop(b, f, light)[1:],
        Layer(back, top=eave - 2, bottom=lip + 1),
    ]
    spots = [
        Spot("rail", f.base, f.base + 0.5, f.horizon, f.eye),
        ground_spot(f, "platform", 1.5, 1.2),
    ]
    return Place("station", f, layers, spots)


PLACES = {p.__name__: p for p in (farmyard, street, country_road, car_park, airfield, railway, station)}
PLACES["street/pavement"] = pavement
"""The places, and those that are drawn in another way for a subject on that surface."""
