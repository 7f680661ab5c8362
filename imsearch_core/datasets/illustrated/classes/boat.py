"""Boats: sailing, rowing and motor boats, barges, trawlers, liners and container ships."""

from __future__ import annotations

from ..forms.solid import Eye, Model
from ..registry import Kind
from ..toolkit.brush import Brush, Sprite
from .boat_ships import freighter, liner, trawler
from .boat_small import barge, dinghy, rowing, speedboat, yacht

MAKERS = {
    "yacht": (yacht, 11),
    "dinghy": (dinghy, 5),
    "rowing": (rowing, 4.2),
    "trawler": (trawler, 13),
    "speed": (speedboat, 8),
    "barge": (barge, 14),
    "liner": (liner, 100),
    "freighter": (freighter, 135),
}


def draw(b: Brush, view: str) -> Sprite:
    """One boat, its waterline at the origin; the first word of ``view`` is its kind."""
    rng, (kind, aspect) = b.rng, view.split()
    maker, size = MAKERS[kind]
    yaw = rng.uniform(-0.22, 0.22) if aspect == "side" else rng.choice((1, 1, 1, -1)) * rng.uniform(0.4, 0.95)
    heel = rng.uniform(-0.2, 0.2) if kind in ("yacht", "dinghy") else rng.uniform(-0.03, 0.03)
    pitch = rng.uniform(0.02, 0.07) if kind == "speed" else 0.0
    height = {"rowing": 0.42, "liner": 0.09, "freighter": 0.1, "trawler": 0.17}.get(kind, 0.2)
    eye = Eye((size / 2, 0, 0), yaw, pitch, heel, 0, size * 2.2, size * height, 1000 / size)
    m = Model(b, eye)
    maker(m, rng)
    x0, y0, x1, y1 = m.box()
    low = max(0.0, y1 - 4)
    svg = f'<g transform="translate(0 {-low:.1f})">{m.svg()}</g>'
    people = [("person", (a, c - low, d, e - low)) for a, c, d, e in m.people]
    return Sprite(svg, (x0, y0 - low, x1, y1 - low), eye.unit, relief=0.25, shadow=0.5, parts=people)


KIND = Kind(
    draw,
    (
        "yacht side",
        "yacht quarter",
        "yacht quarter",
        "dinghy side",
        "dinghy quarter",
        "rowing side",
        "rowing quarter",
        "trawler side",
        "trawler quarter",
        "speed side",
        "speed quarter",
        "barge quarter",
        "barge side",
        "liner side",
        "liner quarter",
        "freighter quarter",
    ),
    (
        ("sea", "water"),
        ("sea", "water"),
        ("sea", "water"),
        ("lake", "water"),
        ("lake", "water"),
        ("harbour", "water"),
        ("harbour", "water"),
    ),
    companions=("bird", "person"),
    fill=(0.6, 0.9),
    several=0.25,
    portrait=0.12,
    where={
        **dict.fromkeys(("trawler side", "trawler quarter"), ("sea", "harbour")),
        **dict.fromkeys(("liner side", "liner quarter", "freighter quarter"), ("sea", "harbour")),
        **dict.fromkeys(("barge side", "barge quarter"), ("lake", "harbour")),
    },
)
