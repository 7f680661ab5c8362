"""From SVG to pixels: rasterising, sky, shadows, modelling, grading. Arrays are float32 0..1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from ..places.stage import Fill, Frame, Glow, Layer, Light, Stamp, Zone
from ..toolkit.brush import Brush, Sprite
from ..toolkit.colour import mix, rgb
from . import stock, texture
from .rasterise import rasterise

_SHADE = np.array([0.13, 0.12, 0.22], np.float32)


@dataclass
class Cutout:
    """Pixels of one thing within the picture: RGBA (h x w x 4) whose corner is at (left, top)."""

    left: int
    top: int
    pixels: np.ndarray

    @property
    def alpha(self) -> np.ndarray:
        """Opacity, h x w."""
        return self.pixels[..., 3]

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the picture that it covers."""
        h, w = self.pixels.shape[:2]
        return slice(self.top, self.top + h), slice(self.left, self.left + w)


def cut(frame: Frame, pixels: np.ndarray, left: int, top: int) -> Cutout:
    """RGBA ``pixels`` with their corner at (left, top), cut off at the frame."""
    x0, y0 = min(max(0, left), frame.w), min(max(0, top), frame.h)
    x1, y1 = min(frame.w, left + pixels.shape[1]), min(frame.h, top + pixels.shape[0])
    return Cutout(x0, y0, pixels[y0 - top : max(y0, y1) - top, x0 - left : max(x0, x1) - left])


def over(canvas: np.ndarray, top: Cutout) -> None:
    """Lay a cutout over the RGB ``canvas`` in place."""
    part, alpha = canvas[top.window], top.pixels[..., 3:]
    part += (top.pixels[..., :3] - part) * alpha


def visible(thing: Cutout, front: list[Cutout]) -> np.ndarray:
    """Opacity of ``thing`` that the cutouts in ``front`` of it leave to be seen."""
    seen = thing.alpha.copy()
    h, w = seen.shape
    for other in front:
        rows, columns = other.window
        y0, y1 = max(thing.top, rows.start), min(thing.top + h, rows.stop)
        x0, x1 = max(thing.left, columns.start), min(thing.left + w, columns.stop)
        if y0 < y1 and x0 < x1:
            hidden = other.alpha[y0 - other.top : y1 - other.top, x0 - other.left : x1 - other.left]
            seen[y0 - thing.top : y1 - thing.top, x0 - thing.left : x1 - thing.left] *= 1 - hidden
    return seen


def _blur(array: np.ndarray, radius: float) -> np.ndarray:
    """Blur one channel."""
    image = Image.fromarray((np.clip(array, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


def _zone(frame: Frame, zone: Zone, rng: Random) -> np.ndarray:
    shape = (frame.h, frame.w)
    offset = (rng.randrange(texture.SIZE), rng.randrange(texture.SIZE))
    if zone.lying:
        grain = texture.ground(zone.kind, shape, frame.horizon, frame.eye, frame.ppm, offset)
    else:
        grain = texture.flat(zone.kind, shape, offset, zone.zoom)
    if zone.area:
        mask = Image.new("L", (frame.w, frame.h))
        ImageDraw.Draw(mask).polygon([(float(x), float(y)) for x, y in zone.area], fill=255)
        grain = grain * (np.asarray(mask, np.float32) / 255)
    return (1 + np.clip(grain * zone.strength, -0.45, 0.45))[..., None]


def _fill(canvas: np.ndarray, fill: Fill) -> None:
    """Paint a linear gradient over the rows of ``fill``."""
    h, w = canvas.shape[:2]
    top, bottom = max(0, round(fill.top)), min(h, round(fill.bottom))
    if bottom <= top:
        return
    colours = np.array([rgb(colour) for _, colour in fill.stops], np.float32)
    ramp = np.linspace(0, 1, 512)
    table = np.stack([np.interp(ramp, [s[0] for s in fill.stops], c) for c in colours.T], 1)
    (ax, ay), (bx, by) = fill.start, fill.end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    y = (np.arange(top, bottom) - fill.top) / max(1.0, fill.bottom - fill.top)
    down = ((y - ay) * (by - ay) / length).astype(np.float32)[:, None]
    if bx != ax:
        x = (np.arange(w) / w).astype(np.float32)[None, :]
        down = down + (x - ax) * ((bx - ax) / length)
    canvas[top:bottom] = table.astype(np.float32)[(np.clip(down, 0, 1) * 511).astype(np.int32)]


@cache
def _soft_disc() -> Image.Image:
    """A round spot that fades from 255 to 0 at its rim, 128 pixels wide."""
    axis = np.linspace(-1, 1, 128)
    r = np.minimum(np.hypot(axis[:, None], axis[None, :]), 1)
    return Image.fromarray((np.interp(r, [0, 0.5, 1], [1, 0.55, 0]) * 255).astype(np.uint8))


def _glow(canvas: np.ndarray, glow: Glow) -> None:
    h, w = canvas.shape[:2]
    x0, x1 = max(0, int(glow.x - glow.rx)), min(w, int(glow.x + glow.rx))
    y0, y1 = max(0, int(glow.y - glow.ry)), min(h, int(glow.y + glow.ry))
    if x1 <= x0 or y1 <= y0:
        return
    kx, ky = 64 / glow.rx, 64 / glow.ry
    part = tuple(
        min(128.0, max(0.0, v))
        for v in (
            (x0 - glow.x) * kx + 64,
            (y0 - glow.y) * ky + 64,
            (x1 - glow.x) * kx + 64,
            (y1 - glow.y) * ky + 64,
        )
    )
    disc = _soft_disc().resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR, part)
    alpha = np.asarray(disc, np.float32)[..., None] * (glow.opacity / 255)
    canvas[y0:y1, x0:x1] += (rgb(glow.colour).astype(np.float32) - canvas[y0:y1, x0:x1]) * alpha


def stamp_on(canvas: np.ndarray, frame: Frame, stamp: Stamp) -> None:
    """Paint one prop on the canvas."""
    w, h = max(2, round(stamp.width)), max(2, round(stamp.height))
    left, top = round(stamp.x - w / 2), round(stamp.y - h)
    part = max(0, -left), max(0, -top), min(w, frame.w - left), min(h, frame.h - top)
    if part[2] > part[0] and part[3] > part[1]:
        pixels = stock.tinted(stamp, (w, h), part)
        over(canvas, Cutout(left + part[0], top + part[1], pixels))


def lay(canvas: np.ndarray, b: Brush, layer: Layer, frame: Frame, rng: Random) -> None:
    """Paint one background layer on the canvas."""
    if layer.fill:
        _fill(canvas, layer.fill)
    for stamp in layer.stamps:
        stamp_on(canvas, frame, stamp)
    textures = [_zone(frame, zone, rng) for zone in layer.zones]
    top, bottom = max(0, int(layer.top)), min(frame.h, math.ceil(layer.bottom or frame.h))
    if layer.svg and top < bottom:
        coarse = frame.blurred and bottom <= frame.base - 0.04 * frame.h
        pixels = rasterise(b, layer.svg, (0, top, frame.w, bottom), 0.5 if coarse else 1.0)
        if coarse:
            image = Image.fromarray((pixels * 255).astype(np.uint8))
            image = image.resize((frame.w, bottom - top), Image.Resampling.BILINEAR)
            pixels = np.asarray(image, np.float32) / 255
        if not layer.fill:
            for grain in textures:
                pixels[..., :3] *= grain[top:bottom]
        over(canvas, Cutout(0, top, pixels))
    if layer.fill:
        rows = slice(max(0, round(layer.fill.top)), round(layer.fill.bottom))
        for grain in textures:
            canvas[rows] *= grain[rows]
    for glow in layer.glows:
        _glow(canvas, glow)


def soften(canvas: np.ndarray, radius: float, base: float) -> None:
    """Let everything well behind the subject, whose foot is at ``base``, go out of focus."""
    h = canvas.shape[0]
    image = Image.fromarray((np.clip(canvas, 0, 1) * 255).astype(np.uint8))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255
    share = np.clip((base - 0.08 * h - np.arange(h)) / (0.14 * h), 0, 1).astype(np.float32)
    canvas += (soft - canvas) * share[:, None, None]


def sky(frame: Frame, light: Light, rng: Random) -> np.ndarray:
    """A painted sky with clouds in perspective; fills the whole picture, H x W x 3.

    It is painted at half size: nothing in it is sharp.
    """
    h, w = (frame.h + 1) // 2, (frame.w + 1) // 2
    low = max(frame.horizon, frame.h * 0.3) / 2
    t = np.clip(np.arange(h) / low, 0, 1)
    colours = np.array([rgb(c) for c in light.sky], np.float32)
    column = np.stack([np.interp(t, [0, 0.55, 1], c) for c in colours.T], 1).astype(np.float32)
    glow_x = w * (0.1 if light.side < 0 else 0.9)
    x, y = np.arange(w, dtype=np.float32)[None, :], np.arange(h, dtype=np.float32)[:, None]
    glow = np.exp(-(((x - glow_x) / (w * 0.5)) ** 2)) * np.exp(-(((y - low * 0.55) / (low * 0.7)) ** 2))
    out = column[:, None, :] + glow[..., None] * np.array([0.16, 0.144, 0.104], np.float32)
    field = texture.tile("cloud")
    v = 8000.0 / (low * 1.35 - np.minimum(np.arange(h), low) + 3)
    u = (np.arange(w) - w / 2) * (v[:, None] / 35.0)
    dy, dx = rng.randrange(texture.SIZE), rng.randrange(texture.SIZE)
    zoom = rng.uniform(0.5, 1.0)
    rows = ((v * 1.3 + dy) * zoom).astype(np.int32)[:, None]
    columns = ((u + dx) * zoom).astype(np.int32) % texture.SIZE
    dense = field[rows % texture.SIZE, columns]
    lit = dense - field[(rows - 14) % texture.SIZE, (columns + int(light.side * 10)) % texture.SIZE]
    mask = np.clip((dense - (1.5 - 2.2 * light.cloud)) * 1.4, 0, 1)
    mask = mask * mask * (3 - 2 * mask) * 0.92
    mask *= np.clip((low * 1.02 - y) / (low * 0.25), 0.25, 1)
    bright = rgb(mix("#ffffff", light.sky[2], 0.35 if light.name != "overcast" else 0.6))
    shade = rgb(mix(mix("#8d94ad", light.sky[1], 0.55), light.sky[2], 0.15))
    tone = np.clip(0.62 + lit * 0.6 - mask * 0.12, 0, 1)[..., None]
    cloud = shade.astype(np.float32) + (bright - shade).astype(np.float32) * tone
    out += (cloud - out) * _blur(mask, 0.5)[..., None]
    image = Image.fromarray((np.clip(out, 0, 1) * 255).astype(np.uint8))
    return np.array(image.resize((frame.w, frame.h), Image.Resampling.BILINEAR), np.float32) / 255


def relief(pixels: np.ndarray, side: float, strength: float) -> None:
    """Model the silhouette: brighten the light side, darken the far side and the underside."""
    small = Image.fromarray((pixels[..., 3] * 255).astype(np.uint8)).reduce(4)
    reach = max(1.5, min(small.size) * 0.13)
    pad = int(reach * 2)
    wide = Image.new("L", (small.width + 2 * pad, small.height + 2 * pad))
    wide.paste(small, (pad, pad))
    soft = np.asarray(wide.filter(ImageFilter.GaussianBlur(reach)), np.float32) / 255
    step = max(1, int(reach))
    slope = np.roll(soft, (-step, int(side * step)), (0, 1)) - np.roll(
        soft, (step, int(-side * step)), (0, 1)
    )
    slope = slope[pad:-pad, pad:-pad]
    image = Image.fromarray((np.clip(slope * 0.5 + 0.5, 0, 1) * 255).astype(np.uint8))
    shape = pixels.shape[1], pixels.shape[0]
    amount = (np.asarray(image.resize(shape, Image.Resampling.BICUBIC), np.float32) / 255 - 0.5) * 2
    pixels[..., :3] *= 1 + np.minimum(amount, 0)[..., None] * strength * np.array(
        [0.62, 0.6, 0.48], np.float32
    )
    pixels[..., :3] += np.maximum(amount, 0)[..., None] * strength * 0.2 * (1 - pixels[..., :3] * 0.6)


def sprite_cutout(
    frame: Frame,
    b: Brush,
    sprite: Sprite,
    at: tuple[float, float],
    scale: float,
    mirror: bool,
    rng: Random,
) -> Cutout:
    """Render a sprite with its origin at pixel ``at``, with its surface texture and modelling."""
    x0, y0, x1, y1 = sprite.box
    w = max(1, round((x1 - x0) * scale))
    left = round(at[0] + (-x1 if mirror else x0) * scale)
    top = round(at[1] + y0 * scale)
    # Of a sprite that reaches far out of the picture, only what is near it is rendered.
    spare = 24
    hide = [max(0, -left - spare), max(0, left + w - frame.w - spare)]
    low = max(0, top + round((y1 - y0) * scale) - frame.h - spare)
    a, c = hide[::-1] if mirror else hide
    box = (x0 + a / scale, y0, x1 - c / scale, y1 - low / scale)
    if box[2] - box[0] < 1 / scale or box[3] - box[1] < 1 / scale:
        return Cutout(0, 0, np.zeros((1, 1, 4), np.float32))
    pixels = rasterise(b, sprite.svg, box, scale)
    if sprite.texture:
        offset = (rng.randrange(texture.SIZE), rng.randrange(texture.SIZE))
        grain = texture.flat(sprite.texture, pixels.shape[:2], offset)
        pixels[..., :3] *= 1 + np.clip(grain * sprite.texture_strength, -0.35, 0.35)[..., None]
    if sprite.relief:
        relief(pixels, b.side, sprite.relief)
    np.clip(pixels, 0, 1, out=pixels)
    return cut(frame, pixels[:, ::-1] if mirror else pixels, left + hide[0], top)


def cast_shadow(
    canvas: np.ndarray,
    thing: Cutout,
    base: float,
    light: Light,
    ellipses: list[tuple[float, float, float, float]],
    strength: float,
) -> None:
    """Darken the ground: a soft flattened silhouette away from the light, and contact shade.

    Worked out at half size, in the part of the picture that it can reach.
    """
    h, w = canvas.shape[:2]
    rows, columns = thing.window
    reach = int(0.5 * (columns.stop - columns.start) + 40)
    x0, x1 = max(0, columns.start - reach), min(w, columns.stop + reach)
    y0 = max(0, min(int(base - 0.3 * (rows.stop - rows.start)), int(base)) - 30)
    y1 = min(h, max(rows.stop, int(base)) + 50)
    x0, y0 = x0 - x0 % 2, y0 - y0 % 2
    if x1 - x0 < 4 or y1 - y0 < 4:
        return
    size = ((x1 - x0 + 1) // 2, (y1 - y0 + 1) // 2)
    tight = min([2.0, *(max(0.6, ry * 0.3) for *_, ry in ellipses)])
    contact = Image.new("L", size)
    pen = ImageDraw.Draw(contact)
    for cx, cy, rx, ry in ellipses:
        left, top = (cx - x0) / 2, (cy - y0) / 2
        pen.ellipse([left - rx / 2, top - ry / 2, left + rx / 2, top + ry / 2], fill=235)
    source = Image.fromarray((thing.alpha[::2, ::2] * 255).astype(np.uint8))
    foot = (base - thing.top) / 2
    if foot < source.height:
        source.paste(0, (0, max(0, int(foot) + 1), *source.size))
    # Output (x, y) of the reduced window takes from the silhouette flattened about its foot line.
    flat, shear = 0.2, 0.45 * light.side
    dx, dy = (x0 - thing.left) / 2, (y0 - base) / 2
    data = (1, -shear / flat, dx - shear / flat * dy, 0, 1 / flat, foot + dy / flat)
    thrown = source.transform(size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR)

    def soft(image: Image.Image, radius: float) -> np.ndarray:
        return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255

    near, wide = soft(contact, tight), soft(contact, tight * 4)
    cast = soft(thrown, max(1.0, w * 0.0045))
    dark = 1 - (1 - 0.75 * light.shadow * cast) * (1 - 0.6 * near) * (1 - 0.45 * wide)
    image = Image.fromarray((dark * (strength * 255)).astype(np.uint8))
    image = image.resize((2 * size[0], 2 * size[1]), Image.Resampling.BILINEAR)
    dark = np.asarray(image, np.float32)[: y1 - y0, : x1 - x0, None] / 255
    canvas[y0:y1, x0:x1] *= 1 - dark * (1 - _SHADE)


def reflect(canvas: np.ndarray, thing: Cutout, base: float, rng: Random) -> None:
    """Mirror an object in water below ``base``, broken by ripples."""
    h, (_, columns) = canvas.shape[0], thing.window
    phase = rng.uniform(0, 6)
    for row in range(max(0, int(base)), h):
        source = int(2 * base - row) - thing.top
        depth = row - int(base)
        fade = 0.55 * (1 - depth / (h * 0.45))
        if not 0 <= source < thing.pixels.shape[0] or fade <= 0:
            continue
        shift = int(math.sin(depth * 0.9 + phase) * (1 + depth * 0.05))
        mirrored = np.roll(thing.pixels[source], shift, axis=0)
        alpha = mirrored[:, 3:] * fade
        part = canvas[row, columns]
        part += (mirrored[:, :3] * 0.75 - part) * alpha


@lru_cache(maxsize=8)
def _paper(h: int, w: int) -> np.ndarray:
    """Vignette, h x w."""
    x, y = np.linspace(-1, 1, w)[None, :], np.linspace(-1, 1, h)[:, None]
    return (1 - 0.16 * np.clip(x * x + y * y - 0.45, 0, None)).astype(np.float32)


def finish(canvas: np.ndarray, light: Light, rng: Random) -> np.ndarray:
    """Grade for the time of day, add pigment, paper grain and a light vignette; return uint8."""
    h, w = canvas.shape[:2]
    lum = canvas @ np.array([0.3, 0.59, 0.11], np.float32)
    t = np.clip(lum * 1.25 - 0.1, 0, 1)[..., None]
    fill, key = np.array(light.fill, np.float32), np.array(light.key, np.float32)
    offset = (rng.randrange(texture.SIZE), rng.randrange(texture.SIZE))
    pigment = texture.flat("plaster", (h, w), offset) * 0.014
    grain = texture.flat("fabric", (h, w), offset[::-1]) * 0.012
    slope = np.linspace(1 - 0.05 * light.side, 1 + 0.05 * light.side, w, dtype=np.float32)[None, :]
    paper = _paper(h, w) * slope * (1 + pigment + grain) * np.float32(light.exposure)
    canvas = canvas * (fill + (key - fill) * t)
    canvas *= paper[..., None]
    np.clip(canvas, 0, 1, out=canvas)
    canvas += 0.06 * (canvas * canvas * (3 - 2 * canvas) - canvas)
    return (canvas * 255 + 0.5).astype(np.uint8)
