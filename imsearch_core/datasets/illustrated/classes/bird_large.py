"""The larger birds: fowl and pigeons on the ground, waterfowl and waders."""

from __future__ import annotations

from ..toolkit.brush import Brush, Sprite, curve, ellipse, group, line, paint, pts, taper
from ..toolkit.colour import darken, lighten
from .bird_parts import beak, eye, feathered, folded, legs, patch, speckle


def _rooster(b: Brush) -> Sprite:
    body, neck, tail, breast = b.rng.choice(
        (
            ("#9a4a22", "#d9902e", "#1d3a34", "#241a1a"),
            ("#efe9dc", "#f8f4ea", "#dcd6ca", "#e9e3d6"),
            ("#2a2628", "#c9a24a", "#1a2e38", "#1f1c20"),
        )
    )
    sickle = [
        ((-24, -48), (-46, -82), (-72, -62), (-70, -30)),
        ((-24, -46), (-52, -92), (-84, -78), (-82, -44)),
        ((-22, -50), (-40, -100), (-72, -102), (-84, -72)),
        ((-22, -44), (-40, -66), (-60, -44), (-58, -20)),
    ]
    plumes = "".join(taper(list(q), [10, 15, 12, 1.5]) for q in sickle)
    out = paint(
        plumes,
        b.linear([(0, lighten(tail, 0.2)), (0.5, tail), (1, darken(tail, 0.4))]),
        stroke=darken(tail, 0.6),
        stroke_width=0.5,
    )
    out += legs(b, "4,-26 8,-1 -6,-26 -8,-0.5", "#d8a83a", 3, 10)
    out += b.form(curve(pts("12,-36 14,-24 6,-16 -2,-24 -14,-16 -18,-26 -8,-36")), darken(body, 0.15), 2)
    ring = pts("26,-92 18,-98 10,-92 6,-76 -4,-62 -22,-58 -32,-46 -24,-30 -6,-22 14,-26 28,-40 32,-58 28,-76")
    out += feathered(b, ring, body, b.spot(22, -42, 18, 22, breast, 0.95), (-0.5, 0.85), 5.5)
    out += folded(
        b,
        "10,-54 -4,-58 -20,-54 -36,-42 -26,-33 -8,-30 8,-38",
        darken(body, 0.1),
        darken(tail, 0.2),
        (-36, -42),
    )
    hackle = pts("27,-90 18,-95 10,-88 4,-70 -4,-56 6,-50 18,-48 28,-50 31,-62 29,-78")
    out += feathered(b, hackle, neck, flow=(-0.45, 1.0), size=8, depth=3)
    red = "#c9262a"
    comb = pts(
        "30,-98 26,-103 25,-110,0.3 21,-105 18,-113,0.3 14,-106 "
        "9,-111,0.3 9,-102 6,-104,0.3 8,-96 18,-94 28,-93"
    )
    out += b.form(curve(pts("30,-94 24,-99 16,-98 13,-90 18,-84 28,-85")), red, 1.4) + b.form(
        curve(comb), red, 1.4
    )
    out += b.form(curve(pts("29,-86 33,-80 32,-70 28,-69 25,-76 25,-85")), red, 1.2)
    out += paint(ellipse(17, -86, 2.6, 4), "#efe2d6") + beak(
        b, "28,-95 34,-94 40,-89,0.3 34,-87 28,-88", "#dcb45a", "29,-91 34,-91 39,-89.4"
    )
    return Sprite(
        out + eye(b, 23, -93, 2.2, "#d8802a"),
        (-90, -116, 42, 3),
        165,
        [(6, -0.5, 14, 2), (-8, -0.4, 26, 3)],
        relief=0.4,
    )


def _gull_or_pigeon(b: Brush) -> Sprite:
    gull = b.rng.random() < 0.5
    ring = pts(
        "40,-57 37,-66 28,-70 19,-66 14,-57 6,-48 -12,-42 -36,-32 "
        "-50,-24 -36,-16 -14,-11 8,-13 26,-22 35,-36 37,-48"
    )
    if gull:
        body, back, bill, leg = "#f4f1ea", "#a8b0b8", "#e8b43a", "#e0b078"
        marks = ""
    else:
        body, back, bill, leg = b.rng.choice(
            (("#7f8894", "#a9b0ba", "#4a4648", "#c2525a"), ("#a89a90", "#c4b4a8", "#4a4648", "#c2525a"))
        )
        marks = (
            b.spot(30, -44, 14, 11, "#4f8a70", 0.85)
            + b.spot(30, -36, 12, 10, "#8a5a90", 0.8)
            + b.spot(28, -64, 13, 9, "#59626e", 0.9)
        )
    tail = b.form(taper(pts("-38,-26 -56,-19 -70,-14"), [15, 14, 13]), body if gull else "#6a7480", 2)
    out = (
        legs(b, "6,-14 9,-1 -4,-13 -5,-0.4", leg, 2.2, 8)
        + tail
        + feathered(b, ring, body, marks, (-0.9, 0.4), 4.5)
    )
    tips = patch("-40,-32 -58,-26 -84,-17 -60,-20 -42,-22", "#26262c") if gull else ""
    out += tips + folded(
        b,
        "20,-49 8,-51 -14,-45 -40,-34 -62,-20 -40,-20 -14,-17 10,-23 21,-36",
        back,
        darken(back, 0.45),
        (-62, -20),
    )
    if not gull:
        bars = "M-14 -45Q-22 -32 -16 -18M-28 -39Q-34 -29 -29 -19"
        out += line(bars, "#2f343e", 3.6, opacity=0.6)
        out += beak(b, "37,-62 43,-60 48,-56,0.3 42,-55 37,-56", bill) + paint(
            ellipse(39.5, -61.5, 2.6, 1.6), "#efece6"
        )
        out += eye(b, 31, -62, 2.6, "#e0702a")
    else:
        out += beak(
            b, "37,-64 46,-62 54,-58 53,-54,0.3 44,-56 37,-57", bill, "38,-60 46,-59.5 53,-57"
        ) + paint(ellipse(48, -57, 1.6), "#c8382c")
        out += eye(b, 30.5, -62.5, 2.3, "#e8d67a")
    return Sprite(
        out, (-86, -74, 56, 2.5), 230 if gull else 330, [(4, -0.4, 14, 2), (-10, -0.3, 40, 2.6)], relief=0.4
    )


def yard(b: Brush) -> Sprite:
    """A cock, a gull or a pigeon standing on the ground."""
    return b.rng.choice((_rooster, _gull_or_pigeon, _gull_or_pigeon))(b)


def _swan(b: Brush) -> Sprite:
    black = b.rng.random() < 0.25
    body = "#232026" if black else "#f6f3ec"
    ring = pts("44,-2 50,-16 44,-30 26,-36 2,-40 -26,-42 -52,-40 -68,-32 -60,-18 -46,-4 0,1")
    neck = pts("40,-16 50,-36 48,-56 36,-72 30,-88 38,-102 52,-104")
    out = feathered(b, ring, body, flow=(-0.9, 0.1), size=6, depth=6)
    out += b.form(taper(neck, [30, 21, 14, 12, 11.5, 13, 13]), body, 3, rim=0.5)
    for i, top in enumerate(
        (
            "30,-34 6,-48 -28,-54 -70,-46 -52,-26 -12,-12 22,-14",
            "26,-26 0,-38 -34,-42 -62,-34 -46,-18 -8,-6 18,-8",
        )
    ):
        out += folded(b, top, lighten(body, 0.1 * i), darken(body, 0.35), (-70 + 8 * i, -46 + 12 * i))
    out += b.form(curve(pts("60,-104 54,-111 44,-112 37,-105 38,-96 46,-93 56,-97")), body, 1.8, rim=0.5)
    out += patch("58,-105 53,-108 52,-101 57,-97 62,-98", "#1c1a1e") if not black else ""
    out += beak(
        b,
        "57,-104 64,-102 74,-96 72,-92,0.5 62,-94 56,-97",
        "#d8662a" if not black else "#b8262c",
        "58,-98.5 66,-96 73,-94",
        (63, -100),
    )
    return Sprite(out + eye(b, 52, -105, 1.7, "#1a1412"), (-76, -116, 78, 2), 110, relief=0.4)


def _duck(b: Brush) -> Sprite:
    drake = b.rng.random() < 0.7
    head = "#1f6a4a" if drake else "#8a6c48"
    body = "#b9b4aa" if drake else "#9a7a52"
    ring = pts("42,-3 46,-14 42,-26 28,-32 2,-34 -26,-33 -48,-33 -64,-37 -58,-24 -46,-6 -20,0 16,1")
    marks = b.spot(38, -16, 24, 20, "#6a3a28" if drake else "#8a6a44", 1.0) + b.spot(
        -54, -26, 20, 14, "#231f24" if drake else "#6a5234", 1.0
    )
    if not drake:
        marks += speckle(b, "44,-4 44,-26 0,-33 -60,-34 -46,-4", "#4a3422", 120, 4, 0.7)
    out = feathered(b, ring, body, marks, (-0.95, 0.1), 5)
    out += folded(
        b,
        "26,-30 4,-37 -26,-36 -56,-30 -40,-18 -10,-10 18,-14",
        "#8f8577" if drake else "#86683f",
        "#5a5048",
        (-56, -30),
    )
    out += patch("-18,-20 -34,-24 -38,-18 -22,-13", "#3a55b0") + line(
        "M-17 -20.5L-36 -25M-21 -12.6L-38 -17.6", "#f4f2ec", 1.3
    )
    if drake:
        out += line("M-58 -36q-8 -8 -2 -13M-52 -34q-6 -8 0 -12", "#231f24", 2.2)
    neck = taper(pts("34,-20 37,-34 38,-46"), [24, 18, 17])
    out += b.form(
        neck,
        head,
        2.4,
        patch("20,-29 36,-25 52,-28 52,-33 36,-30 20,-34", "#f7f4ee") if drake else "",
        rim=0.6,
    )
    shine = (
        b.spot(36 + b.side * 4, -60, 10, 6, "#7fd0a0", 0.5)
        if drake
        else patch("26,-58 40,-56 54,-54 54,-58 40,-61 28,-62", "#4a3624", 0.8)
    )
    out += b.form(
        curve(pts("54,-56 50,-66 40,-70 30,-66 26,-56 29,-46 38,-42 48,-45")), head, 2.6, shine, rim=0.6
    )
    out += beak(
        b,
        "51,-58 58,-55 69,-52 71,-48 62,-46 52,-48",
        "#d9b83a" if drake else "#c0843a",
        "52,-50 60,-49.5 70,-48.6",
        (58, -53),
    )
    return Sprite(out + eye(b, 44.5, -58, 2.2, "#2a1a14"), (-70, -74, 74, 2), 200, relief=0.4)


def swim(b: Brush) -> Sprite:
    """A swan or a duck afloat."""
    return b.rng.choice((_swan, _duck))(b)


def wade(b: Brush) -> Sprite:
    """A flamingo or heron on long legs."""
    pink = b.rng.random() < 0.5
    if pink:
        body, wings, edge, leg = "#ee8f88", "#ea7468", "#c0443e", "#e0707a"
    else:
        body, wings, edge, leg = b.rng.choice(
            (("#a9b2bc", "#8a95a2", "#3a4250", "#8a7a58"), ("#f6f4ee", "#efece4", "#c9c4ba", "#26242a"))
        )
    ring = pts("32,-92 34,-104 24,-112 6,-114 -16,-108 -38,-98 -50,-90 -36,-84 -12,-80 14,-80")
    shins = "".join(
        taper(pts(t), w)
        for t, w in (("4,-84 7,-46 3,-2", [6, 3.4, 2.6]), ("-4,-84 -1,-44 -8,-3", [6, 3.4, 2.6]))
    )
    knees = ellipse(7, -46, 2.6, 3) + ellipse(-1, -44, 2.6, 3)
    out = paint(shins, b.across([(0, lighten(leg, 0.25)), (1, darken(leg, 0.3))])) + paint(knees, leg)
    out += paint(
        taper(pts("2,-3 9,-1.4 15,0"), [3, 2.4, 1]) + taper(pts("-9,-3 -3,-1 4,1"), [3, 2.4, 1]), leg
    )
    out += feathered(b, ring, body, flow=(-0.95, 0.4), size=6)
    out += folded(b, "24,-108 4,-113 -20,-105 -54,-86 -34,-82 -6,-82 18,-90", wings, edge, (-54, -86))
    bend = pts("26,-100 42,-112 46,-128 36,-142 28,-158 34,-172 46,-176")
    if not pink:
        bend = pts("26,-102 40,-112 40,-126 29,-138 27,-154 32,-166 42,-170")
    out += b.form(taper(bend, [18, 11, 8.5, 8, 7.5, 8.5, 10]), body, 1.9, rim=0.5)
    x, y = bend[-1][:2]
    out += b.form(
        curve([(x - 8, y - 1), (x - 3, y - 7), (x + 6, y - 6), (x + 9, y), (x + 4, y + 5), (x - 5, y + 6)]),
        body,
        1.5,
        rim=0.5,
    )
    if pink:
        at = f"translate({x + 5:.0f} {y:.0f})"
        out += group(
            beak(b, "0,-4 8,-2 13,5 11,15,0.4 6,9 1,6", "#f3d2c2") + patch("12,5 13,8 11,15 8,10", "#201c1e"),
            at,
        )
    else:
        dagger = beak(b, "0,-4 14,-1 30,4,0.2 14,4 0,4", "#dcae3e", "1,1 15,2 29,4")
        out += group(dagger, f"translate({x + 6:.0f} {y:.0f})")
        out += line(
            f"M{x + 5} {y - 5}Q{x - 8} {y - 9} {x - 24} {y - 2}",
            "#23232c" if body == "#a9b2bc" else body,
            2.2,
        )
    out += eye(b, x + 3, y - 2, 1.6, "#e8cf5a")
    return Sprite(out, (-56, -184, 80, 3), 130, [(5, -0.5, 8, 1.6), (-5, -0.4, 8, 1.6)], relief=0.4)
