"""Composes one picture from its recipe: place, light, subject and company; and tells the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import numpy as np

from .pixels import render
from .pixels.render import Cutout
from .places import indoors, outdoors, tables, town
from .places.stage import Frame, Light, Place, Stamp, choose_light
from .plan import BACKGROUND, COMPANY, SITTERS, Recipe, homes, mates
from .registry import Kind, kinds
from .toolkit.brush import Brush, Sprite

PLACES = {**outdoors.PLACES, **town.PLACES, **indoors.PLACES, **tables.PLACES}
INDOORS = (indoors.PLACES.keys() | tables.PLACES.keys()) - {"garden_table"}
SIZES = ((400, 300), (400, 300), (400, 300), (400, 268), (380, 300))
UPRIGHT = (300, 400)
LEAST_AREA = 0.012  # a companion covers at least this share of the picture,
LEAST_SLIGHT = 0.004  # or this one
LEAST_SIDE = 0.14  # if its longer side is at least this share of the picture's height
LEAST_SUBJECT = 0.03  # the main object covers at least this share
LEAST_SEEN = 0.6  # an object shows at least this share of itself
LEAST_FIGURE = 0.0025  # a person, slim and known at a glance, may be as small as this; so may a part
SMALLER = 0.85  # a companion's box is at most this part of the main object's,
MUCH_SMALLER = 0.6  # or this one, beside a person, who does not fill the box
TRIES = 24
LEGGED = ("horse", "cow")  # one must see their legs, and nobody stands across them


@dataclass(frozen=True)
class SceneObject:
    """One drawn object: its class, pixel box (x0, y0, x1, y1) and visible share of the picture."""

    label: str
    box: tuple[int, int, int, int]
    area: float


@dataclass(frozen=True)
class Seen:
    """An object and which share of itself is visible; ``part`` if it belongs to another's sprite."""

    thing: SceneObject
    share: float
    part: bool = False


@dataclass
class Actor:
    """A sprite on its way into the picture, standing with its origin at (x, y)."""

    label: str
    brush: Brush
    sprite: Sprite
    x: float
    y: float
    scale: float
    mirror: bool
    surface: str
    order: float = 0.0
    """Painted in this order; the y of what it stands on."""

    def extent(self) -> tuple[float, float, float, float]:
        """Pixel box before clipping."""
        x0, y0, x1, y1 = (v * self.scale for v in self.sprite.box)
        if self.mirror:
            x0, x1 = -x1, -x0
        return self.x + x0, self.y + y0, self.x + x1, self.y + y1

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Picture position of a local point."""
        return self.x + (-x if self.mirror else x) * self.scale, self.y + y * self.scale

    @property
    def size(self) -> float:
        """Area of the box in square pixels, before clipping."""
        return self.sprite.width * self.sprite.height * self.scale**2


@dataclass
class Setting:
    """Everything chosen for one picture."""

    place: Place
    light: Light
    cast: list[Actor]
    backdrop: Brush


def _draw(
    label: str, home: tuple[str, str], rng: Random, light: Light, whole: bool
) -> tuple[Brush, Sprite, bool]:
    """One individual of a class for a (place, surface); ``whole`` avoids close-ups."""
    kind, mirror = kinds()[label], rng.random() < 0.5
    views = kind.views_at(*home)
    for _ in range(4):
        brush = Brush(Random(rng.random()), -light.side if mirror else light.side)
        sprite = kind.draw(brush, rng.choice(views))
        if home[1] == "sky":  # in the air nothing is cut off
            sprite.cropped = False
        if not (whole and sprite.cropped):
            break
    return brush, sprite, mirror


def _frame(
    kind: Kind, sprite: Sprite, home: tuple[str, str], rng: Random, roomy: bool
) -> tuple[Frame, float]:
    """Camera for the subject and the pixels per unit it is drawn at; ``roomy`` leaves space beside it."""
    w, h = UPRIGHT if rng.random() < kind.portrait * (0.4 if roomy else 1) else rng.choice(SIZES)
    low, high = kind.fill
    share = rng.uniform(low * 0.9, (low + high) / 2) if roomy else rng.uniform(low, high)
    scale = min(share * w / sprite.width, share * h / sprite.height)
    ppm = scale * sprite.metre
    above = -sprite.box[1] * scale
    if sprite.cropped:
        base = h + rng.uniform(0.0, 0.04) * h
    else:
        slack = max(0.0, h * 0.95 - above)
        base = h * 0.95 - min(slack * rng.uniform(0.1, 0.6), h * 0.2)
    if home == ("beach", "water"):  # the sand is in front
        base = min(base, max(h * 0.68, above + 0.04 * h))
    level = base - rng.uniform(1.35, 1.6) * ppm
    horizon = min(max(level, h * rng.uniform(0.14, 0.36)), base - 0.14 * h)
    if home[0] == "open_sky":
        base, horizon = h * rng.uniform(0.45, 0.65) + above / 2, h * rng.choice((0.94, 1.2))
    return Frame(w, h, ppm, base, horizon), scale


def _common(a: Actor, b: Actor) -> float:
    """Area that two boxes share, in square pixels."""
    x0, y0, x1, y1 = a.extent()
    u0, v0, u1, v1 = b.extent()
    return max(0.0, min(x1, u1) - max(x0, u0)) * max(0.0, min(y1, v1) - max(y0, v0))


def _overlap(a: Actor, others: list[Actor], frame: Frame) -> float:
    """Share of ``a``'s box that is off the picture or shared with other boxes."""
    x0, y0, x1, y1 = a.extent()
    area = max(1.0, (x1 - x0) * (y1 - y0))
    inside = max(0.0, min(x1, frame.w) - max(x0, 0)) * max(0.0, min(y1, frame.h) - max(y0, 0))
    bad = area - inside
    for other in others:
        bad += _common(a, other) * (1.0 if other.y > a.y else area / max(area, other.size))
    return bad / area


def _join(
    label: str, place: Place, surface: str, cast: list[Actor], rng: Random, light: Light, smaller: bool
) -> Actor | None:
    """Place one more object where it hides little and is hidden little, or give up.

    With ``smaller`` it stands as far back as it must to look smaller than the first of ``cast``.
    """
    brush, sprite, mirror = _draw(label, (place.name, surface), rng, light, True)
    if sprite.cropped:
        return None
    frame, spot, best, least = place.frame, place.spot(surface), None, 0.34
    shy = smaller and (label in LEGGED or cast[0].label in LEGGED)
    picture = frame.w * frame.h
    unit = sprite.width * sprite.height / sprite.metre**2
    share = MUCH_SMALLER if cast[0].label == "person" else SMALLER
    limit = cast[0].size * share if smaller else picture
    far, near = spot.y0, max(spot.y0, spot.y1)
    if smaller and not spot.fixed_ppm:
        near = min(near, spot.horizon + spot.eye * (limit / unit) ** 0.5)
        if near <= far:
            far = max(spot.deepest, near - 0.1 * frame.h)
    if near < far:
        return None
    for _ in range(18):
        y = rng.uniform(far, near)
        scale = spot.ppm(y) / sprite.metre
        if smaller and spot.fixed_ppm:  # in the air anything may be near or far
            scale = (limit * rng.uniform(0.08, 0.6) / (sprite.width * sprite.height)) ** 0.5
        if sprite.height * scale > frame.h * 0.95 or y + sprite.box[1] * scale < -0.03 * frame.h:
            continue  # without its head
        x = rng.uniform(0.05, 0.95) * frame.w
        actor = Actor(label, brush, sprite, x, y, scale, mirror, spot.surface, y)
        longer = max(sprite.width, sprite.height) * scale
        if actor.size < LEAST_AREA * 1.6 * picture and longer < LEAST_SIDE * frame.h:
            continue
        if shy and _common(actor, cast[0]) > 0.15 * min(actor.size, cast[0].size):
            continue
        bad = _overlap(actor, cast, frame)
        if bad < least:
            best, least = actor, bad
    return best


def _seat(label: str, host: Actor, rng: Random, light: Light) -> Actor | None:
    """Put an object on a seat or top of ``host``, if it has one that is wide enough."""
    brush, sprite, mirror = _draw(label, ("", ""), rng, light, True)
    scale = host.scale * host.sprite.metre / sprite.metre
    wide = sprite.width * scale
    seats = [s for s in host.sprite.seats if s[2] * host.scale >= wide * 0.6]
    if sprite.cropped or not seats:
        return None
    sx, sy, width = rng.choice(seats)
    x, y = host.at(sx, sy)
    slack = max(0.0, width * host.scale - wide) / 2
    return Actor(
        label, brush, sprite, x + rng.uniform(-1, 1) * slack, y, scale, mirror, "", host.order + 0.01
    )


def compose(lead: str, partner: str, rng: Random) -> Setting | None:
    """Choose everything for a picture of ``lead``, with a smaller ``partner`` unless that is empty.

    None when there was no room for the partner.
    """
    kind = kinds()[lead]
    name, surface, beside = rng.choice(
        homes(lead, partner) if partner else [(place, surface, surface) for place, surface in kind.homes]
    )
    light = choose_light(rng, name in INDOORS)
    sitter = partner in SITTERS.get(lead, ())
    brush, sprite, mirror = _draw(lead, (name, surface), rng, light, bool(partner) and not sitter)
    seated = sitter and bool(sprite.seats) and (sprite.cropped or not beside or rng.random() < 0.7)
    if partner and not seated and (sprite.cropped or not beside):
        return None
    frame, scale = _frame(kind, sprite, (name, surface), rng, bool(partner) and not seated)
    backdrop = Brush(Random(rng.random()), light.side)
    place = PLACES.get(f"{name}/{surface}", PLACES[name])(backdrop, light, frame)
    spot = place.spot(surface)
    y = frame.base if sprite.cropped else min(max(frame.base, spot.y0), spot.y1)
    room = frame.w - sprite.width * scale
    drift = max(room * 0.5, frame.w * 0.06) if room > 0 else frame.w * 0.08
    centre = (sprite.box[0] + sprite.box[2]) / 2 * scale * (-1 if mirror else 1)
    aside = (
        rng.choice((-1, 1)) * rng.uniform(0.5, 0.85) if partner and not seated else rng.triangular(-1, 1, 0)
    )
    x = frame.w / 2 - centre + aside * drift
    cast = [Actor(lead, brush, sprite, x, y, scale, mirror, surface, y)]
    if partner:
        for _ in range(3):
            if seated:
                other = _seat(partner, cast[0], rng, light)
            else:
                other = _join(partner, place, beside, cast, rng, light, True)
            if other:
                break
        if not other:
            return None
        cast.append(other)
    elif rng.random() < kind.several:
        for _ in range(rng.choice((1, 1, 2))):
            joined = _join(lead, place, surface, cast, rng, light, False)
            cast += [joined] if joined else []
    return Setting(place, light, cast, backdrop)


def opening() -> Setting:
    """A Siamese cat on a kitchen table with a bottle beside it: the picture at `OPENING_QUERY`."""
    light = replace(choose_light(Random(3), True), name="room", side=-1.0, shadow=0.5, exposure=1.06)
    frame = Frame(400, 300, 560.0, 262.0, 92.0)
    backdrop = Brush(Random(7), light.side)
    place = PLACES["kitchen"](backdrop, light, frame)
    cast = []
    for label, view, seed, x, y in (
        ("bottle", "burgundy", 1, 338.0, 250.0),
        ("cat", "loaf", 34, 160.0, 258.0),
    ):
        brush, kind = Brush(Random(seed), light.side), kinds()[label]
        sprite = kind.draw(brush, view)
        cast.append(Actor(label, brush, sprite, x, y, frame.ppm / sprite.metre, False, "table", y))
    return Setting(place, light, cast, backdrop)


def _fringe(canvas: np.ndarray, actor: Actor, frame: Frame) -> None:
    """Grass in front of the feet."""
    x0, _, x1, _ = actor.extent()
    blade = max(5.0, min(16.0, actor.scale * actor.sprite.metre * 0.09))
    variant, middle = actor.brush.rng.randrange(1000), (x0 + x1) / 2
    turf = Stamp("turf", variant, middle, actor.y + blade * 0.55, x1 - x0, blade, "#7d9548", "#7d9548", 0.0)
    render.stamp_on(canvas, frame, turf)


def _cutouts(setting: Setting, rng: Random) -> list[Cutout]:
    """Every actor's own pixels, in the order of the cast."""
    return [
        render.sprite_cutout(setting.place.frame, a.brush, a.sprite, (a.x, a.y), a.scale, a.mirror, rng)
        for a in setting.cast
    ]


def _paint(setting: Setting, cutouts: list[Cutout], rng: Random) -> np.ndarray:
    """Paint the picture: H x W x 3, 0..1."""
    place, light, frame = setting.place, setting.light, setting.place.frame
    canvas = render.sky(frame, light, rng) if place.sky else np.full((frame.h, frame.w, 3), 0.6, np.float32)
    for layer in place.layers:
        render.lay(canvas, setting.backdrop, layer, frame, rng)
    if frame.blurred:
        render.soften(canvas, min(3.2, 0.8 + frame.ppm / 300), frame.base)
    for actor, cutout in zip(setting.cast, cutouts, strict=True):
        if actor.surface == "water" and not actor.sprite.cropped:
            render.reflect(canvas, cutout, actor.y, rng)
        elif actor.surface != "sky" and not actor.sprite.cropped:
            scale = actor.scale
            ellipses = [
                (*actor.at(cx, cy), rx * scale, ry * scale) for cx, cy, rx, ry in actor.sprite.contacts
            ]
            render.cast_shadow(canvas, cutout, actor.y, light, ellipses, actor.sprite.shadow)
        render.over(canvas, cutout)
        on_ground = actor.surface and actor.sprite.contacts and not actor.sprite.cropped
        if place.fringe == "grass" and on_ground:
            _fringe(canvas, actor, frame)
    return canvas


def truth(cast: list[Actor], cutouts: list[Cutout], frame: Frame) -> list[Seen]:
    """What is to be seen of each actor and of the parts in its sprite."""
    found = []
    for i, (actor, cutout) in enumerate(zip(cast, cutouts, strict=True)):
        alpha, pixels = render.visible(cutout, cutouts[i + 1 :]), frame.w * frame.h
        thing = _seen(actor.label, alpha, cutout, (0, 0, frame.w, frame.h), pixels)
        if thing:
            share = float(alpha.sum()) / max(1.0, min(actor.size, float(cutout.alpha.sum())))
            found.append(Seen(thing, share))
        for label, (x0, y0, x1, y1) in actor.sprite.parts:
            (u0, v0), (u1, v1) = actor.at(x0, y0), actor.at(x1, y1)
            part = _seen(label, alpha, cutout, (min(u0, u1), v0, max(u0, u1), v1), pixels)
            if part and part.area >= LEAST_FIGURE:
                found.append(Seen(part, 1.0, True))
    return found


def _seen(
    label: str, alpha: np.ndarray, cutout: Cutout, box: tuple[float, float, float, float], pixels: int
) -> SceneObject | None:
    """The object that the visible ``alpha`` of a cutout shows within a pixel box of the picture."""
    left, top = max(0, int(box[0]) - cutout.left), max(0, int(box[1]) - cutout.top)
    part = alpha[top : max(0, int(box[3]) - cutout.top), left : max(0, int(box[2]) - cutout.left)]
    rows, columns = np.flatnonzero((part > 0.4).any(1)), np.flatnonzero((part > 0.4).any(0))
    if not len(rows):
        return None
    x, y = cutout.left + left, cutout.top + top
    edges = (x + columns[0], y + rows[0], x + columns[-1] + 1, y + rows[-1] + 1)
    return SceneObject(label, tuple(map(int, edges)), float(part.sum()) / pixels)


def _clear(thing: SceneObject, height: int) -> bool:
    """Whether an object is large enough to be made out in a picture of that height."""
    x0, y0, x1, y1 = thing.box
    least = LEAST_FIGURE if thing.label == "person" else LEAST_SLIGHT
    slight = max(x1 - x0, y1 - y0) >= LEAST_SIDE * height and thing.area >= least
    return slight or thing.area >= LEAST_AREA


def _fits(recipe: Recipe, partner: str, found: list[Seen], count: int, height: int) -> bool:
    """Whether the picture shows what its recipe asks for, each object clearly."""
    actors = [seen for seen in found if not seen.part]
    if len(actors) < count or any(seen.share < LEAST_SEEN for seen in actors):
        return False
    if recipe.wrong and any(seen.thing.label == recipe.label for seen in found):
        return False
    things = sorted((seen.thing for seen in actors), key=lambda thing: -thing.area)
    if things[0].label == partner or things[0].area < LEAST_SUBJECT:
        return False
    if not all(_clear(thing, height) for thing in things):
        return False
    return not partner or any(thing.label == partner for thing in things)


def _roles(recipe: Recipe, attempt: int) -> tuple[str, str]:
    """Lead and partner of an attempt: every other, the class that only keeps company changes."""
    if recipe.kind not in (COMPANY, BACKGROUND):
        return recipe.lead, ""
    company = recipe.kind == COMPANY
    others = [recipe.partner if company else recipe.lead, *mates(recipe.label, company)]
    others = list(dict.fromkeys(others))
    other = others[attempt // 2 % len(others)]
    return (recipe.label, other) if company else (other, recipe.label)


def realise(recipe: Recipe, seed: int) -> tuple[np.ndarray, list[SceneObject]]:
    """Draw the picture of a recipe; the same arguments give the same picture.

    Returns an H x W x 3 uint8 array and the objects in it, the most prominent first. Tries until
    the outcome is as planned; a label that nothing fits beside is drawn alone in the end.
    """
    for attempt in range(TRIES + 8):
        rng = Random(f"{seed}/{recipe.label}/{recipe.number}/{attempt}")
        lead, partner = _roles(recipe, attempt)
        if attempt >= TRIES and recipe.kind in (COMPANY, BACKGROUND):
            lead, partner = recipe.label, ""
        setting = opening() if recipe.opening else compose(lead, partner, rng)
        if setting is None:
            continue
        setting.cast.sort(key=lambda actor: actor.order)
        cutouts = _cutouts(setting, rng)
        found = truth(setting.cast, cutouts, setting.place.frame)
        if recipe.opening or _fits(recipe, partner, found, len(setting.cast), setting.place.frame.h):
            break
    pixels = render.finish(_paint(setting, cutouts, rng), setting.light, rng)
    return pixels, sorted((seen.thing for seen in found), key=lambda thing: -thing.area)
