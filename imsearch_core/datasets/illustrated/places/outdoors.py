"""Places in nature: each ``PLACES[name](b, light, frame) -> Place`` is drawn afresh from the brush's rng."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ..toolkit.brush import Brush, box, curve, ellipse, line, paint, polygon
from ..toolkit.colour import darken, jitter, lighten, mix
from .scenery import AUTUMN, GREENS, WOODS, facade, fence, hills
from .stage import REACH, Fill, Frame, Glow, Layer, Light, Place, Spot, Stamp, Zone, ground_spot


def plane(f: Frame, colour: str, haze: str) -> Fill:
    """The ground from the horizon down, paler with distance."""
    stops = ((0, mix(colour, haze, 0.55)), (0.25, mix(colour, haze, 0.12)), (1, darken(colour, 0.12)))
    return Fill(f.horizon, f.h, stops)


def strip(f: Frame, x0: float, x1: float, near: float, far: float) -> list[tuple[float, float]]:
    """Corners of a strip running into depth, ``x0``..``x1`` metres beside the middle."""
    corners = []
    for x, k in ((x0, near), (x1, near), (x1, far), (x0, far)):
        corners.append((f.w / 2 + x * f.ppm * k, f.depth_y(k)))
    return corners


def band(f: Frame, near: float, far: float) -> list[tuple[float, float]]:
    """Corners of a strip across the whole picture between two depths."""
    y0, y1 = f.depth_y(near), f.depth_y(far)
    return [(-5, y0), (f.w + 5, y0), (f.w + 5, y1), (-5, y1)]


def wood(b: Brush, f: Frame, y: float, height: float, leaf: str, haze: str, far: float) -> Stamp:
    """The edge of a wood, or a hedge, across the picture with its foot at ``y``."""
    return Stamp(
        "wood", b.rng.randrange(1000), f.w / 2, y, f.w, max(5.0, height * 1.25), leaf, haze, far, b.side > 0
    )


def tree(
    b: Brush, x: float, y: float, height: float, leaf: str, haze: str, far: float, kind: str = "tree"
) -> Stamp:
    """A tree (or "fir", "bush") ``height`` pixels tall, standing at (x, y)."""
    shape = {"tree": 0.93, "fir": 0.43, "bush": 1.7}[kind] * b.rng.uniform(0.88, 1.15)
    leaf = jitter(b.rng, leaf, 0.03)
    return Stamp(kind, b.rng.randrange(9), x, y + 2, height * shape, height, leaf, haze, far, b.side > 0)


def stand(b: Brush, f: Frame, light: Light, count: int, near: float, far: float) -> list[Stamp]:
    """A few trees between two scales in pixels per metre, farthest first."""
    rng = b.rng
    leaves = rng.sample(GREENS, 3) if rng.random() < 0.8 else list(AUTUMN[:3])
    kind = "fir" if rng.random() < 0.2 else "tree"
    stamps = []
    for ppm in sorted(rng.uniform(far, near) for _ in range(count)):
        fade = min(0.6, max(0.05, 0.75 - ppm / near * 0.65))
        x, y = rng.uniform(-0.05, 1.05) * f.w, min(f.metres_y(ppm), f.h)
        stamps.append(tree(b, x, y, ppm * rng.uniform(6, 11), rng.choice(leaves), light.haze, fade, kind))
    return stamps


def turf(b: Brush, f: Frame, colour: str, near: float, far: float, count: int = 14) -> list[Stamp]:
    """Patches of grass blades scattered between two depths, farthest first."""
    rng, stamps = b.rng, []
    tones = [jitter(rng, colour, 0.02) for _ in range(2)]
    for k in sorted(rng.uniform(far, near) for _ in range(count)):
        blade, y = max(4.0, min(22.0, f.ppm * k * 0.1)), f.depth_y(k)
        if y - blade < f.h:
            x, wide = rng.uniform(0, 1) * f.w, blade * rng.uniform(4, 9)
            tone = rng.choice(tones)
            stamps.append(Stamp("turf", rng.randrange(1000), x, y, wide, blade, tone, tone, 0.0, b.side > 0))
    return stamps


def backdrop(b: Brush, f: Frame, light: Light, wild: bool = False) -> list[Layer]:
    """Hills, woods or open distance on the horizon."""
    rng, parts, woods = b.rng, [], []
    tallest = 0.0
    if wild or rng.random() < 0.55:
        for i in range(rng.randint(1, 3)):
            colour = mix(rng.choice(("#6d8299", "#7b8f83", "#5f7a70")), light.haze, 0.62 - i * 0.18)
            tall = f.h * rng.uniform(0.05, 0.15)
            parts.append(hills(b, f.horizon, f.w, tall, colour))
            tallest = max(tallest, tall)
    if rng.random() < 0.75:
        leaf = mix(rng.choice(GREENS), light.haze, rng.uniform(0.1, 0.3))
        woods.append(wood(b, f, f.horizon + 2, f.h * rng.uniform(0.03, 0.09), leaf, light.haze, 0.25))
    far = Layer("".join(parts), top=f.horizon - tallest * 1.3 - 2, bottom=f.horizon + 1)
    return [far, Layer(stamps=woods)]


def grassland(b: Brush, light: Light, f: Frame, name: str, back: list[Layer], colour: str = "") -> Place:
    """Shared body of the grassy places: texture, blades in front and the given far things."""
    rng = b.rng
    colour = colour or jitter(rng, rng.choice(("#7d9548", "#8a9a4e", "#6d8a45", "#98a055", "#a39a5c")), 0.03)
    flowers = ""
    if rng.random() < 0.45:
        tint, dots = rng.choice(("#f3efe2", "#e8c64a", "#c8604f", "#a890c8")), []
        for _ in range(45):
            k = rng.uniform(0.35, 1.3)
            dots.append(ellipse(rng.uniform(0, f.w), f.depth_y(k), 0.6 + 1.4 * k, 0.5 + 0.9 * k))
        flowers = paint("".join(dots), tint)
    ground = Layer(
        flowers,
        [Zone("grass", 0.11)],
        plane(f, colour, light.haze),
        turf(b, f, colour, 1.3, 0.5, 22),
        top=f.depth_y(0.3),
    )
    return Place(
        name,
        f,
        [ground, *back],
        [ground_spot(f, "grass", place=name if name in REACH else "")],
        fringe="grass",
    )


def meadow(b: Brush, light: Light, f: Frame) -> Place:
    """Pasture with hedges, some trees and perhaps a fence."""
    back = [*backdrop(b, f, light), Layer(stamps=stand(b, f, light, b.rng.randint(0, 5), 11, 3))]
    if b.rng.random() < 0.4:
        ppm = min(f.ppm * 0.6, 45)
        rails = fence(b, f.metres_y(ppm), f.w, ppm, jitter(b.rng, b.rng.choice(WOODS), 0.04))
        back.append(Layer(rails, top=f.metres_y(ppm) - 1.3 * ppm, bottom=f.metres_y(ppm) + 2))
    return grassland(b, light, f, "meadow", back)


def park(b: Brush, light: Light, f: Frame) -> Place:
    """Lawn among large trees with a light path."""
    rng = b.rng
    path = strip(f, -4.5, -2.2, 1.6, 0.06) if rng.random() < 0.5 else band(f, 0.6, 0.42)
    way = Layer(paint(polygon(path), mix("#c9b592", light.haze, 0.15)), top=f.horizon)
    far = wood(b, f, f.horizon + 2, f.h * 0.16, rng.choice(GREENS), light.haze, 0.35)
    trees = stand(b, f, light, rng.randint(3, 6), 20, 7)
    bushes = [
        tree(
            b,
            rng.uniform(0, 1) * f.w,
            f.metres_y(ppm),
            ppm * 1.6,
            rng.choice(GREENS),
            light.haze,
            0.2,
            "bush",
        )
        for ppm in sorted(rng.uniform(8, 18) for _ in range(rng.randint(0, 3)))
    ]
    back = [way, Layer(stamps=[far, *trees, *bushes])]
    return grassland(b, light, f, "park", back, rng.choice(("#78913f", "#6b8a46", "#85984c")))


def mountain(b: Brush, light: Light, f: Frame) -> Place:
    """High pasture under rocky peaks."""
    rng = b.rng
    tall = f.horizon * rng.uniform(0.5, 0.85)
    peaks = hills(b, f.horizon, f.w, tall, mix("#6f7f92", light.haze, 0.35), True)
    peaks += hills(b, f.horizon + 2, f.w, f.h * 0.12, mix("#4f6b52", light.haze, 0.3))
    firs = [
        tree(
            b,
            rng.uniform(0, 1) * f.w,
            f.metres_y(ppm),
            ppm * 8,
            "#4d6650",
            light.haze,
            0.5 - ppm * 0.02,
            "fir",
        )
        for ppm in sorted(rng.uniform(3, 12) for _ in range(rng.randint(0, 7)))
    ]
    back = [Layer(peaks, top=f.horizon - tall * 1.1 - 4, bottom=f.horizon + 6), Layer(stamps=firs)]
    return grassland(b, light, f, "mountain", back)


def forest(b: Brush, light: Light, f: Frame) -> Place:
    """A clearing between trunks, leaf litter below, light filtering through."""
    rng = b.rng
    leaf = rng.choice((*GREENS, *AUTUMN[:2]))
    canopy = Fill(0, f.horizon + 3, ((0, mix(leaf, light.haze, 0.35)), (1, mix(leaf, light.haze, 0.75))))
    layers, reach = [Layer(fill=canopy)], f.h - f.horizon
    for k in (0.15, 0.25, 0.45):
        trunks, foot = "", f.horizon + reach * k * 0.75
        for _ in range(4):
            x, wide = rng.uniform(0, f.w), rng.uniform(9, 20) * (0.4 + k * 1.6)
            bark = mix("#54463a", light.haze, 0.62 - k)
            shape = curve(
                [
                    (x - wide, foot, 0),
                    (x - wide * 0.45, foot - 12),
                    (x - wide * 0.4, -5, 0),
                    (x + wide * 0.4, -5, 0),
                    (x + wide * 0.45, foot - 12),
                    (x + wide, foot, 0),
                ]
            )
            trunks += paint(shape, b.across([(0, lighten(bark, 0.25)), (0.5, bark), (1, darken(bark, 0.4))]))
        under = [wood(b, f, foot + 3, f.h * (0.05 + 0.1 * k), leaf, light.haze, 0.5 - k * 0.6)]
        crown = replace(
            wood(b, f, f.h * (0.3 - 0.2 * k), f.h * (0.34 - 0.24 * k), leaf, light.haze, 0.55 - k * 0.7),
            flip=True,
        )
        layers.append(Layer(trunks, bottom=foot + 1))
        layers.append(Layer(stamps=[*under, crown]))
    if light.shadow > 0.4:
        x = f.w * (0.2 if b.side < 0 else 0.8)
        layers[-1].glows.append(Glow(x, 0, f.w * 0.55, f.h * 0.8, "#fff3c4", 0.35))
    place = grassland(b, light, f, "forest", layers, rng.choice(("#8a7a4c", "#7f8a48", "#8d6f48")))
    place.sky = False
    return place


def snow(b: Brush, light: Light, f: Frame) -> Place:
    """Snowed-over field with firs."""
    rng = b.rng
    firs = [
        tree(
            b,
            rng.uniform(0, 1) * f.w,
            f.metres_y(ppm),
            ppm * rng.uniform(7, 10),
            "#4d6660",
            light.haze,
            max(0.1, 0.5 - ppm * 0.02),
            "fir",
        )
        for ppm in sorted(rng.uniform(4, 15) for _ in range(rng.randint(4, 12)))
    ]
    ground = plane(f, mix("#e6edf3", light.sky[1], 0.12), light.haze)
    layers = [Layer("", [Zone("snow", 0.025)], ground), *backdrop(b, f, light, True), Layer(stamps=firs)]
    return Place("snow", f, layers, [ground_spot(f, "snow", place="snow")])


def beach(b: Brush, light: Light, f: Frame, afloat: bool = False) -> Place:
    """Sand in front, surf and open sea behind; the subject stands on the sand or is ``afloat``."""
    rng = b.rng
    sand = jitter(rng, "#d8c39a", 0.03)
    sea = mix(rng.choice(("#4f8fa6", "#5b86a8", "#3f7f94")), light.sky[1], 0.25)
    shore = f.horizon + (f.base - f.horizon) * rng.uniform(0.4, 0.6)
    if afloat:
        shore = f.base + (f.h - f.base) * rng.uniform(0.35, 0.45)
    waves = [(f.w * i / 6, shore + rng.uniform(-3, 3)) for i in range(7)]
    water = curve([(-5, f.horizon, 0), (f.w + 5, f.horizon, 0), *reversed(waves), (-5, shore, 0)])
    wet = min((f.base - f.horizon) * 0.14, f.h * 0.04)
    surf = line(curve(waves, False), darken(sand, 0.25), wet, opacity=0.6, transform="translate(0 5)")
    surf += paint(water, b.linear([(0, mix(sea, light.haze, 0.3)), (0.7, sea), (1, lighten(sea, 0.35))]))
    for i in range(3):
        shift = f"translate({i * 9} {-i * min((shore - f.horizon) * 0.16, 7.0):.1f})"
        surf += line(curve(waves, False), "#ffffff", 3.2 - i, opacity=0.75, transform=shift)
    offing = ((0, f.horizon), (f.w, f.horizon), (f.w, shore - 3), (0, shore - 3))
    zones = [Zone("sand", 0.035), Zone("water", 0.06, area=offing)]
    layers = [Layer(surf, zones, plane(f, sand, light.haze), top=f.horizon, bottom=shore + wet + 12)]
    if rng.random() < 0.5:
        far = hills(b, f.horizon, f.w * 0.6, f.h * 0.09, mix("#6f8a7a", light.haze, 0.4))
        layers.append(Layer(far, top=f.horizon - f.h * 0.12, bottom=f.horizon + 4))
    spots = [
        Spot("sand", shore + wet, f.h, f.horizon, f.eye) if afloat else ground_spot(f, "sand", far=0.75),
        Spot("water", f.horizon + (shore - f.horizon) * 0.35, shore - 4, f.horizon, f.eye),
    ]
    return Place("beach", f, layers, spots)


def _open_water(b: Brush, light: Light, f: Frame, name: str) -> Place:
    """Open sea, a lake with a wooded shore, or a harbour before quay houses."""
    rng = b.rng
    tone = mix(rng.choice(("#3f7389", "#466f94", "#4f8a8a", "#3c6478")), light.sky[1], 0.3)
    stops = [(0.0, mix(tone, light.haze, 0.5)), (0.3, tone), (1.0, darken(tone, 0.3))]
    layers: list[Layer] = []
    if name == "lake":
        layers = backdrop(b, f, light, True)
        leaf = rng.choice(GREENS)
        layers.append(Layer(stamps=[wood(b, f, f.horizon + 2, f.h * 0.1, leaf, light.haze, 0.3)]))
        stops[:1] = [(0.0, mix("#3f5a48", tone, 0.4)), (0.16, mix(tone, light.haze, 0.2))]
    elif name == "harbour":
        layers = [_quay(b, light, f)]
        stops[:1] = [(0.0, mix("#6f6a62", tone, 0.5)), (0.12, tone)]
    elif rng.random() < 0.4:
        layers = backdrop(b, f, light, True)[:1]
    water = Layer("", [Zone("water", 0.10)], Fill(f.horizon, f.h, tuple(stops)))
    if light.name in ("golden", "morning", "dusk"):
        x = f.w * (0.25 if b.side < 0 else 0.75)
        depth = (f.h - f.horizon) * 1.2
        water.glows.append(Glow(x, f.horizon, f.w * 0.16, depth, "#fff0c8", 0.55))
    spots = [ground_spot(f, "water", far=0.4, place=name)]
    return Place(name, f, [water, *layers], spots)


def _quay(b: Brush, light: Light, f: Frame) -> Layer:
    """Houses on a quay at the far side of a harbour."""
    rng = b.rng
    foot, x, parts = f.horizon + 3, 0.0, []
    while x < f.w:
        wide = rng.uniform(30, 54)
        floor = rng.uniform(15, 20)
        parts.append(facade(b, x, foot, wide, floor, rng.randint(2, 3), light.haze, 0.3))
        x += wide
    stone = mix("#6f6a62", light.haze, 0.2)
    parts.append(paint(box(0, foot - 1, f.w, f.h * 0.025), stone))
    parts.append(paint(box(0, foot - 1, f.w, 1.5), lighten(stone, 0.4)))
    return Layer("".join(parts), top=foot - 66, bottom=foot + f.h * 0.025)


def open_sky(b: Brush, light: Light, f: Frame) -> Place:
    """Nothing but sky and clouds, with a low strip of land at most."""
    layers = []
    if f.horizon < f.h:
        land = mix("#6f8050", light.haze, 0.4)
        layers = [Layer("", [], plane(f, land, light.haze)), *backdrop(b, f, light, True)]
    spot = Spot("sky", f.h * 0.3, f.h * 0.8, f.horizon, f.eye, f.ppm)
    return Place("open_sky", f, layers, [spot])


def garden(b: Brush, light: Light, f: Frame) -> Place:
    """A paved patio or lawn before a wall or hedge with flower beds."""
    rng = b.rng
    k = rng.uniform(0.4, 0.6)
    foot, ppm = f.depth_y(k), f.ppm * k
    paved = rng.random() < 0.6
    stone = jitter(rng, rng.choice(("#c2b49c", "#b5a798", "#b98d70")), 0.02)
    lawn = "#7f9548"
    tall, leaf = max(ppm * rng.uniform(1.6, 2.4), f.h * 0.22), rng.choice(GREENS)
    behind = [
        tree(
            b,
            rng.uniform(0, 1) * f.w,
            foot,
            tall * rng.uniform(1.5, 2.3),
            rng.choice(GREENS),
            light.haze,
            0.25,
        )
        for _ in range(rng.randint(1, 3))
    ]
    if rng.random() < 0.5:
        layers = [Layer(stamps=[*behind, wood(b, f, foot + 3, tall, leaf, light.haze, 0.05)])]
    else:
        wall = jitter(rng, rng.choice(("#a9745a", "#cfc4ae", "#b58f72", "#8f8478")), 0.03)
        ends = ((0, lighten(wall, 0.1)), (1, darken(wall, 0.2)))
        face = (
            Fill(foot - tall, foot, ends, (0, 0), (1, 0))
            if b.side < 0
            else Fill(foot - tall, foot, ends, (1, 0), (0, 0))
        )
        course = ((0, foot - tall), (f.w, foot - tall), (f.w, foot), (0, foot))
        zone = Zone("brick", 0.07, lying=False, zoom=max(0.6, ppm / 256), area=course)
        coping = paint(box(0, foot - tall * 1.06, f.w, tall * 0.07), lighten(wall, 0.25))
        layers = [
            Layer(stamps=behind),
            Layer("", [zone], face),
            Layer(coping, top=foot - tall * 1.07, bottom=foot - tall * 0.98),
        ]
    high = max(12, ppm * 0.3)
    shrubs = [
        tree(
            b,
            (i + rng.random()) / 7 * f.w,
            foot + 3,
            high * rng.uniform(0.8, 1.7),
            rng.choice(GREENS),
            light.haze,
            0.0,
            "bush",
        )
        for i in range(7)
    ]
    tint, dots = rng.choice(("#d8607a", "#e8c64a", "#f0ece4", "#9a78c0", "#d8553c")), []
    for _ in range(40):
        r = max(1.3, ppm * 0.02)
        y = foot - rng.uniform(0.1, 0.9) * high
        dots.append(ellipse(rng.uniform(0, f.w), y, r * rng.uniform(0.7, 1.5), r))
    flowers = paint("".join(dots), tint)
    flowers += paint("".join(dots[::3]), lighten(tint, 0.5), transform=f"translate({b.side} -1)")
    bed = wood(b, f, foot + 4, high * 0.55, rng.choice(GREENS), light.haze, 0.0)
    beds = Layer(flowers, stamps=[bed, *shrubs], top=foot - high - 3, bottom=foot + 3)
    ground = plane(f, stone if paved else lawn, light.haze)
    floor = Layer("", [Zone("paving" if paved else "grass", 0.06 if paved else 0.11)], ground)
    if not paved:
        floor.stamps = turf(b, f, lawn, 1.25, 0.6)
    fringe = "" if paved else "grass"
    spots = [ground_spot(f, "patio" if paved else "grass", far=k * 1.15)]
    return Place("garden", f, [floor, *layers, beds], spots, fringe=fringe)


PLACES = {p.__name__: p for p in (meadow, park, mountain, forest, snow, beach, open_sky, garden)}
PLACES |= {name: partial(_open_water, name=name) for name in ("sea", "lake", "harbour")}
PLACES["beach/water"] = partial(beach, afloat=True)
