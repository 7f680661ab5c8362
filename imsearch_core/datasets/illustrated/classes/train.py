"""Trains: steam, diesel and electric locomotives, bullet trains, railcars, trams and goods trains."""

from __future__ import annotations

from random import Random

from ..forms.solid import Eye, Model
from ..registry import Kind
from ..toolkit.brush import Brush, Sprite
from ..toolkit.colour import darken, jitter, lighten
from .train_cars import bullet, coach, locomotive, wagon
from .train_parts import rails
from .train_steam import livery, steam_engine

TINTS = ("#1f4f8f", "#b3262b", "#1f6a4a", "#d8832a", "#5a2f6a", "#2a5a7a", "#7a2326", "#c9a227")
GOODS = ("#8a4a32", "#3f6a5a", "#6f7276", "#b3752f", "#35567f", "#9a2f2a", "#d8d4c8")


def _style(rng: Random) -> dict:
    """Paint scheme and fittings shared by all vehicles of a train."""
    tint, light = jitter(rng, rng.choice(TINTS), 0.03), rng.choice(("#e9e6dc", "#d9dcde", "#efe4c4"))
    swap = rng.random() < 0.5
    main, second = (tint, light) if swap else (light, tint)
    bands = rng.choice(
        (
            [(1.3, 1.65, second)],
            [(2.0, 3.3, second)],
            [(1.0, 1.75, second), (1.82, 1.9, second)],
            [(1.2, 1.3, second), (3.3, 3.42, second)],
        )
    )
    return {
        "body": main,
        "bands": bands,
        "roof": rng.choice(("#8d9195", "#6a6e72", "#b5b8b8", "#4a4d52")),
        "door": rng.choice((second, main, darken(main, 0.2))),
        "front": rng.choice(("#e6b422", tint, second, second)),
        "pitch": rng.choice((1.6, 1.9, 2.3)),
        "sill": rng.choice((2.0, 2.15, 1.9)),
        "doors": rng.choice(((), (5,), (3, 7))),
        "ribbon": rng.random() < 0.3,
        "wrap": rng.random() < 0.6,
        "split": rng.random() < 0.6,
        "nose": rng.uniform(5.0, 9.0),
        "mask": rng.random() < 0.3,
    }


def _eye(rng: Random, view: str) -> Eye:
    if view == "side":
        return Eye((14, 0, 0), rng.uniform(-0.04, 0.1), away=60, height=2.8, unit=30)
    if view == "front":
        return Eye((0, 0, 0), rng.uniform(1.1, 1.38), away=rng.uniform(13, 18), height=2.3, unit=90)
    return Eye((4, 0, 0), rng.uniform(0.4, 0.9), away=rng.uniform(20, 30), height=2.6, unit=55)


def draw(b: Brush, view: str) -> Sprite:
    """One train, the first word of ``view`` its kind and the second the side it is seen from."""
    rng, (kind, aspect) = b.rng, view.split()
    m, style = Model(b, _eye(rng, aspect)), _style(rng)
    cars = 1 if aspect == "side" else 2
    if kind == "steam":
        x = steam_engine(m, livery(rng))
        style["body"], style["ribbon"] = rng.choice(("#6a2a28", "#2f4f3a", "#7a5a3a", "#d8c79a")), False
        style["bands"] = [(2.0, 3.3, lighten(style["body"], 0.3))]
    elif kind == "bullet":
        style.update(body=rng.choice(("#f1f1ef", "#e3e6e8", "#dfe6ea")), front=rng.choice(TINTS))
        style.update(bands=[(1.35, 1.6, style["front"])], roof="#d3d8dc", ribbon=False, pitch=1.75, sill=2.2)
        bullet(m, 24, style)
        x = 24.6
    elif kind == "unit":
        x = rng.uniform(16, 20)
        coach(m, 0, x, style, cab=True)
        x += 0.8
    elif kind == "goods":
        locomotive(m, 15, style, rng.random() < 0.3)
        x, sort = 16.2, rng.choice((0, 1, 2, 3, -1))
        for _ in range(cars + 1):
            wagon(m, x, 11, jitter(rng, rng.choice(GOODS), 0.03), rng.randrange(4) if sort < 0 else sort)
            x += 12.2
        cars = 0
    else:
        x = rng.uniform(13, 16.5)
        locomotive(m, x, style, kind == "electric")
        x += 0.9
    for _ in range(cars):
        coach(m, x, 19, style)
        x += 19.8
    svg = m.svg()
    x0, y0, x1, y1 = m.box()
    if aspect != "side":
        svg = rails(m, -5, x) + svg
        y1 += 0.3 * m.eye.unit
    spots = [m.spot((u, 0, 0), 60.0, 9.0) for u in range(2, int(x), 4)]
    reach = {"side": 4.4, "quarter": 2.7, "front": 2.0}[aspect] * (y1 - y0) * rng.uniform(0.85, 1.1)
    x1 = min(x1, x0 + reach)
    room = (x1 - x0) * {"side": 0.2, "quarter": 0.2, "front": 0.3}[aspect]
    head = (y1 - y0) * (0.1 if kind == "steam" else 0.3)
    return Sprite(svg, (x0 - room, y0 - head, x1, y1), m.eye.unit, spots, relief=0.2, shadow=0.7)


KIND = Kind(
    draw,
    (
        "steam side",
        "steam quarter",
        "steam quarter",
        "bullet side",
        "bullet quarter",
        "bullet quarter",
        "electric quarter",
        "diesel quarter",
        "diesel front",
        "steam quarter",
        "bullet front",
        "unit side",
        "unit quarter",
        "unit front",
        "electric side",
        "goods quarter",
        "goods side",
    ),
    (("railway", "rail"), ("railway", "rail"), ("station", "rail")),
    companions=("person",),
    fill=(1.16, 1.3),
    several=0.0,
    portrait=0.06,
)
