"""Birds: songbirds on a branch, owls, parrots, birds of prey, gulls, waterfowl, waders and fowl."""

from __future__ import annotations

from collections.abc import Callable

from ..registry import Kind
from ..toolkit.brush import Brush, Sprite, curve, group, paint, pts, taper
from ..toolkit.colour import darken, lighten
from .bird_flight import head, soar
from .bird_large import swim, wade, yard
from .bird_parts import beak, branch, eye, feathered, folded, legs, patch, speckle
from .bird_song import SONGS, songbird


def _perch(b: Brush) -> Sprite:
    name = b.rng.choice(tuple(SONGS))
    svg = branch(b, 54, 5.5) + legs(b, "4,-8 6,1 -4,-8 -3,1.4", SONGS[name].legs, 1.6, 5, True)
    svg += group(songbird(b, name), f"rotate({b.rng.uniform(-14, 10):.1f} 0 -10)")
    return Sprite(group(svg, "translate(0 -30)"), (-60, -110, 50, 0), 300, relief=0.35, cropped=True)


def _hop(b: Brush) -> Sprite:
    name = b.rng.choice(tuple(SONGS))
    svg = legs(b, "6,-14 8,-1 -6,-14 -4,-0.4", SONGS[name].legs, 1.6, 7)
    svg += group(songbird(b, name), f"translate(0 -9) rotate({b.rng.uniform(-8, 14):.1f} 0 -14)")
    return Sprite(svg, (-64, -88, 48, 2), 340, [(2, -0.5, 16, 2), (-10, -0.3, 26, 2.4)], relief=0.35)


def _parrot(b: Brush) -> Sprite:
    rng = b.rng
    body, shoulder, wing, tail, face = rng.choice(
        (
            ("#cf2a26", "#e2b02c", "#2f6fc0", "#c2302a", "#f4efe6"),
            ("#2f7fd0", "#2f86d6", "#2866b4", "#2a5aa0", "#f6f2e6"),
            ("#4fa03a", "#e04a30", "#3f8a30", "#3a7a8a", ""),
            ("#f3f0e8", "#f8f5ee", "#e9e4d8", "#eae5d8", ""),
        )
    )
    ring = pts("20,-84 12,-94 -2,-95 -12,-86 -17,-68 -20,-46 -17,-22 -10,-6 2,-4 13,-18 19,-40 21,-62")
    marks = b.spot(
        10,
        -40,
        14,
        34,
        "#e8b030" if body == "#2f7fd0" else lighten(body, 0.25),
        0.95 if body == "#2f7fd0" else 0.5,
    )
    out = b.form(
        taper(pts("-10,-16 -20,18 -28,52 -31,70"), [15, 12, 8, 2]),
        tail,
        2.4,
        paint("M-8 -10L-30 68M-14 0L-30 66", stroke=darken(tail, 0.5), stroke_width=1),
    )
    out = group(out, "scale(1 .62)")
    out += branch(b, 50, 5.5) + feathered(b, ring, body, marks, (-0.4, 0.9), 5)
    out += folded(
        b,
        "2,-66 -9,-70 -18,-60 -24,-34 -27,2 -16,-8 -5,-30 3,-50",
        wing,
        darken(wing, 0.5),
        (-27, 2),
        "",
        b.spot(-6, -60, 16, 15, shoulder, 1.0)
        + b.spot(-10, -42, 14, 9, "#4f9a48" if body == "#cf2a26" else shoulder, 0.7),
    )
    if face:
        out += patch("18,-88 9,-89 5,-81 9,-73 18,-72 21,-80", face)
        out += paint("M9 -77h9M9 -75h8M10 -79h8", stroke="#2a2424", stroke_width=0.5)
    elif body == "#f3f0e8":
        out += paint(
            "".join(
                taper([(0 - i * 2, -93), (-6 - i * 4, -104 + i * 2), (-4 - i * 4, -114 + i * 5)], [4, 4, 0.5])
                for i in range(4)
            ),
            "#f0cc3a",
        )
    out += beak(
        b,
        "17,-88 25,-87 31,-79 30,-68,0.2 25,-73 19,-74 16,-80",
        "#2a272a" if body != "#cf2a26" else "#d9cbb4",
        "18,-75.5 24,-75 28,-73",
        (20, -85),
    )
    out += patch("18,-74 24,-72 25,-67 20,-66 16,-70", "#221f22") + eye(
        b, 10.5, -83, 2.4, "#d8c060" if face else "#3a2418", "#f6f2ea" if not face else ""
    )
    out += legs(b, "4,-6 7,1 -5,-6 -3,1.4", "#4a4446", 3, 6, True)
    return Sprite(group(out, "translate(0 -46)"), (-44, -166, 48, 0), 220, relief=0.35, cropped=True)


def _owl(b: Brush) -> Sprite:
    rng = b.rng
    body, pale, dark, disc, iris = rng.choice(
        (
            ("#8a6a48", "#d9c4a0", "#3f2c1e", "#b8986c", "#e8a82a"),
            ("#d0a868", "#f6ecd8", "#8a6a48", "#f6efe2", "#1a1412"),
            ("#efece6", "#fbf9f4", "#57524e", "#f6f3ec", "#eac23a"),
            ("#7d7a78", "#cfcac2", "#3a3634", "#aaa49c", "#e6c23a"),
        )
    )
    ring = pts(
        "0,-102 16,-100 27,-90 29,-75 31,-56 30,-34 23,-14 10,-2 "
        "-10,-2 -23,-14 -30,-34 -31,-56 -29,-75 -27,-90 -16,-100"
    )
    front = "18,-66 20,-40 12,-8 -12,-8 -20,-40 -18,-66"
    marks = (
        patch(front, pale, 0.9)
        + speckle(b, front, dark, 190, 3.2, 0.7)
        + speckle(b, "-26,-100 26,-100 26,-70 -26,-70", dark, 60, 2.6, 0.5)
    )
    out = b.form(
        taper(pts("0,-14 0,10 0,24"), [20, 17, 15]),
        darken(body, 0.25),
        2,
        paint("M-5 0V24M0 0V24M5 0V24", stroke=dark, stroke_width=0.9),
    )
    if body in ("#8a6a48", "#7d7a78"):
        out += "".join(
            b.form(curve(pts(f"{s * 8},-97,0 {s * 15},-110,0.3 {s * 21},-92,0")), body, 1.4) for s in (-1, 1)
        )
    out += feathered(b, ring, body, marks, (0, 1), 5)
    for s in (-1, 1):
        edge = [(s * x, y) for x, y in pts("21,-66 28,-66 34,-50 34,-30 25,-1 21,-12 23,-38")]
        bars = paint(
            "".join(f"M{s * 14} {y}q{s * 8} 5 {s * 16} 1" for y in range(-60, -4, 9)),
            stroke=dark,
            stroke_width=1.8,
            stroke_opacity=0.6,
        )
        out += b.form(curve(edge), darken(body, 0.12), 2, bars, rim=0.5)
        face = [(s * x, y) for x, y in pts("0,-88 8,-94 18,-92 22,-82 19,-70 10,-65 2,-67 0,-74")]
        rays = "".join(
            f"M{s * 10} -80l{dx} {dy}"
            for dx, dy in pts("9,0 8,5 5,9 0,11 -5,9 -8,5 -9,0 -7,-6 -3,-9 3,-9 7,-6")
        )
        out += paint(
            curve(face),
            b.radial([(0, darken(disc, 0.25)), (0.4, disc), (1, lighten(disc, 0.2))], (0.5, 0.45), 0.6),
            stroke=dark,
            stroke_width=1,
        )
        out += paint(rays, stroke=dark, stroke_width=0.5, stroke_opacity=0.4) + eye(
            b, s * 9.6, -80, 5.2, iris
        )
    out += beak(
        b,
        "-3,-79,0.4 0,-81 3,-79,0.4 2.6,-72 0,-66.5,0.2 -2.6,-72",
        "#d8b04a" if iris != "#1a1412" else "#d9c2a8",
    )
    foot = "".join(
        taper([(x, -5), (x + s, 0), (x + s * 1.6, 5)], [4, 4, 1.4])
        for x, s in ((-9, -2.2), (-8, 0.2), (-7, 2.2), (7, -2.2), (8, 0.2), (9, 2.2))
    )
    svg = (
        branch(b, 54, 7.5, rng.random() < 0.5)
        + out
        + paint(foot, "#c9a86a", stroke="#4a3a2a", stroke_width=0.5)
    )
    return Sprite(group(svg, "translate(0 -38)"), (-46, -152, 52, 0), 210, relief=0.35, cropped=True)


_VIEWS: dict[str, Callable[[Brush], Sprite]] = {
    "perch": _perch,
    "hop": _hop,
    "parrot": _parrot,
    "owl": _owl,
    "yard": yard,
    "swim": swim,
    "wade": wade,
    "soar": soar,
    "head": head,
}


def draw(b: Brush, view: str) -> Sprite:
    """One bird, seen as ``view`` says."""
    sprite = _VIEWS[view](b)
    sprite.texture, sprite.texture_strength = "fur", 0.04
    return sprite


_GROUND = ("grass", "sand", "yard")

KIND = Kind(
    draw,
    (
        "perch",
        "perch",
        "perch",
        "hop",
        "parrot",
        "owl",
        "yard",
        "yard",
        "wade",
        "soar",
        "soar",
        "head",
        "swim",
    ),
    (
        ("park", "grass"),
        ("park", "grass"),
        ("garden", "grass"),
        ("meadow", "grass"),
        ("forest", "grass"),
        ("mountain", "grass"),
        ("beach", "sand"),
        ("beach", "sand"),
        ("farmyard", "yard"),
        ("beach", "sand"),
        ("lake", "water"),
        ("lake", "water"),
        ("open_sky", "sky"),
        ("open_sky", "sky"),
        ("snow", "snow"),
    ),
    companions=("boat", "person", "cow"),
    fill=(0.66, 0.92),
    several=0.2,
    portrait=0.15,
    where={
        **dict.fromkeys(("perch", "owl", "hop"), (*_GROUND, "snow")),
        **dict.fromkeys(("parrot", "yard", "head"), _GROUND),
        "wade": ("sand", "lake"),
        "swim": ("lake", "harbour"),
        "soar": ("sky",),
    },
)
