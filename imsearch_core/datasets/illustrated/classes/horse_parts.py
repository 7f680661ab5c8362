"""Horses in parts: coats, heads in profile, manes and tails."""

from __future__ import annotations

from dataclasses import dataclass

from ..forms.quadruped import blob, fade_down, muscles, place, side_eye, strands
from ..toolkit.brush import Brush, Point, curve, ellipse, hair, paint, pts, tube
from ..toolkit.colour import darken, lighten, mix


@dataclass(frozen=True)
class Coat:
    """Colours of one horse; ``legs``, ``patch`` and ``muzzle`` are empty where it has none."""

    base: str
    mane: str
    legs: str = ""
    patch: str = ""
    muzzle: str = ""
    dapple: float = 0.0


COATS = (
    Coat("#7b4428", "#1d1718", legs="#1f1819", muzzle="#2c2022"),
    Coat("#6a3a24", "#1b1617", legs="#1c1617", muzzle="#2a1e20"),
    Coat("#9c5229", "#8a4522", muzzle="#7c4a38"),
    Coat("#a65f30", "#d9b98a", muzzle="#86563f"),
    Coat("#aeb0b2", "#d8d6d2", legs="#6d6f76", muzzle="#5f5f66", dapple=1.0),
    Coat("#dedad2", "#efece6", muzzle="#8d8585", dapple=0.25),
    Coat("#2b272b", "#161418", muzzle="#1d1a1e"),
    Coat("#e9e3d8", "#efe9df", patch="#7a4326", muzzle="#b98f83"),
    Coat("#ebe6dc", "#26211f", patch="#2d2829", muzzle="#8d7d78"),
    Coat("#c99852", "#f0e2c2", muzzle="#a9805c"),
)


def head_parts(b: Brush, coat: Coat) -> tuple[str, str, str]:
    """Ears behind, marks on the skin, and features, all along +x from the poll."""
    base = coat.patch if coat.patch and b.rng.random() < 0.7 else coat.base
    dark = darken(base, 0.45)
    ear = pts("-5,-5 -6.5,-14 -2,-23,0.2 3.5,-15 4,-6")
    behind = paint(curve(place(ear, 4, -1, -8, 0.95)), darken(base, 0.35))
    rim = b.form(curve(place(ear, -1, -1, -26)), base, 1.4)
    inner = paint(
        curve(place(ear, -0.6, -3, -26, 0.62)), darken(mix(base, "#7a5548", 0.4), 0.4), opacity=0.75
    )
    marks = ""
    if base != coat.base:
        marks += paint("M-14 -20H70V24H-14Z", base)
    marks += b.spot(60, 3, 17, 15, coat.muzzle or dark, 0.95)
    white = b.rng.choice(("", "", "star", "stripe", "blaze"))
    if white and coat.base not in ("#dedad2", "#aeb0b2"):
        ring = {
            "star": "12,-15 20,-15 21,-8 17,-5 13,-9",
            "stripe": "12,-15 30,-12 56,-10 58,-5.5 40,-4.6 24,-7 14,-7",
            "blaze": "8,-15 30,-13 62,-10 66,2 60,0 50,-2 36,-1.5 22,-4.5 12,-6",
        }[white]
        marks += paint(curve(pts(ring)), "#f1ebe0", opacity=0.95)
    marks += b.spot(18, 8, 13, 10, lighten(base, 0.4), 0.30) + b.spot(36, -1, 12, 4, lighten(base, 0.4), 0.25)
    marks += b.spot(31, 10, 10, 8, dark, 0.45) + b.spot(8, 14, 10, 7, dark, 0.35)
    lines = [
        hair(9, 15.5, 18, -3.6, 1.6, -1.5),
        hair(26, 2, 22, 0.5, 1.5, 0.4),
        hair(24, -3.5, 12, 2.4, 1.2, -0.6),
        hair(52, 6.8, 10, -2.4, 1.0, 0.5),
    ]
    marks += paint("".join(lines), darken(base, 0.7), opacity=0.38)
    face = side_eye(b, 21, -4.2, 2.3) + paint(
        curve(pts("56,-3.4 59,-4.4 60.6,-2 58.4,0.2 57.4,-1.6")), "#150f10", opacity=0.85
    )
    return behind, marks, rim + inner + face


def _shade(mane: str) -> str:
    """Shadow colour of a mane: gentle for pale hair."""
    return darken(mane, 0.2 if mane > "#b" else 0.4)


def draw_mane(b: Brush, coat: Coat, crest: list[Point], fall: Point) -> str:
    """Hair over the near side of the neck, and the forelock hangs with the head."""
    layers = [
        paint(strands(b, crest, fall, 60, 6.5, 0.08, 0.3), _shade(coat.mane)),
        paint(strands(b, crest, (fall[0] * 0.9, fall[1] * 0.9), 44, 5, 0.08, 0.3), coat.mane),
        paint(
            strands(b, crest, (fall[0] * 0.8, fall[1] * 0.8), 26, 1.1, 0.1, 0.5),
            lighten(coat.mane, 0.28),
            0.5,
        ),
    ]
    return "".join(layers)


def draw_tail(b: Brush, coat: Coat, spine: list[Point], widths: list[float]) -> str:
    """Tail along ``spine``."""
    dark, end = _shade(coat.mane), spine[-1]
    svg = b.form(curve(tube(spine, widths)), coat.mane, 2.5)
    wisps, shine = [], []
    for _ in range(26):
        i = b.rng.randrange(1, len(spine) - 1)
        x, y = spine[i][0] + b.rng.uniform(-0.4, 0.4) * widths[i], spine[i][1]
        dx, dy = (end[0] - x) + b.rng.gauss(0, 3.6), (end[1] - y) * b.rng.uniform(0.8, 1.16)
        (wisps if b.rng.random() < 0.6 else shine).append(hair(x, y, dx, dy, 2.4, b.rng.uniform(-0.7, 0.7)))
    return (
        svg
        + paint("".join(wisps), dark, opacity=0.7)
        + paint("".join(shine), lighten(coat.mane, 0.2), opacity=0.5)
    )


def hide(b: Brush, coat: Coat, sq: float) -> str:
    """Markings and muscles of the body."""
    rng, marks = b.rng, ""
    if coat.patch:
        spots = [(-62, -122, 26, 34), (-8, -128, 20, 30), (46, -150, 22, 34), (58, -100, 16, 16)]
        d = "".join(
            blob(b, (x + rng.uniform(-9, 9)) * sq, y + rng.uniform(-7, 7), rx * sq, ry)
            for x, y, rx, ry in spots
        )
        marks += paint(d, coat.patch)
    if coat.dapple:
        rings = "".join(
            ellipse(rng.gauss(-10, 42) * sq, rng.gauss(-112, 17), rng.uniform(2, 4.2), rng.uniform(1.8, 3.6))
            for _ in range(110)
        )
        marks += paint(rings, "#e9e7e2", opacity=0.38 * coat.dapple)
    if coat.legs:
        marks += fade_down(b, -120, 110 * sq, -66, -44, coat.legs, 0.92)
    soft = (
        (-56, -124, 24, 26, 0.32),
        (-8, -132, 40, 11, 0.34),
        (42, -126, 17, 26, 0.26),
        (58, -158, 14, 22, 0.18),
    )
    hollow = (
        (-34, -104, 12, 26, 0.3),
        (24, -110, 9, 32, 0.28),
        (60, -122, 7, 26, 0.26),
        (-4, -80, 46, 9, 0.42),
        (-52, -90, 12, 12, 0.26),
        (36, -92, 12, 12, 0.3),
    )
    return marks + muscles(b, coat.base, soft, hollow, sq)
