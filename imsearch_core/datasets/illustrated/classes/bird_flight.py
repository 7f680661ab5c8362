"""Birds on the wing, and the heads of eagles and macaws close up."""

from __future__ import annotations

from ..toolkit.brush import Brush, Sprite, group, paint, pts, taper
from ..toolkit.colour import darken, lighten
from .bird_parts import beak, eye, feathered, patch, quills, speckle, wing


def _gull(b: Brush) -> str:
    white, grey, black = "#f6f4ee", "#aeb7c0", "#26262c"
    out = wing(
        b,
        "4,-4 -4,-26 8,-50 34,-74",
        "-26,-2 -34,-22 -16,-44 46,-92",
        grey,
        black,
        lighten(grey, 0.2),
        14,
        7,
        far=True,
    )
    tail = quills([(-30, -1)] * 5, [(-60, -10), (-63, -5), (-64, 0), (-63, 5), (-58, 9)], 7)
    out += paint(tail, white, stroke="#b8b8b4", stroke_width=0.4)
    out += feathered(
        b, pts("44,-9 36,-14 18,-14 -6,-11 -34,-5 -44,1 -24,9 4,11 26,7 40,0"), white, flow=(-1, 0.1), size=5
    )
    out += wing(
        b,
        "16,-6 0,-34 -22,-58 -66,-82",
        "-26,4 -38,-22 -58,-40 -94,-92",
        grey,
        black,
        lighten(grey, 0.3),
        15,
        8,
    )
    out += beak(b, "42,-9 50,-8 57,-4 55,-2,0.4 48,-2.6 42,-3", "#e8b43a", "43,-5 50,-5 56,-3.4")
    return out + eye(b, 37, -8.5, 1.7, "#3a3020")


def _raptor(b: Brush) -> str:
    bald = b.rng.random() < 0.6
    dark = "#4a3626" if bald else "#8a6038"
    pale = "#f6f3ea" if bald else "#e0c8a0"
    out = ""
    for s in (-1, 1):
        top, low = pts("10,-6 34,-20 62,-22 84,-16"), pts("10,26 36,24 66,16 84,20 100,8 112,-8 108,-30")
        root = " ".join(f"{s * x},{y}" for x, y in top)
        ends = " ".join(f"{s * x},{y}" for x, y in low)
        out += wing(
            b, root, ends, dark, darken(dark, 0.5), lighten(dark, 0.14) if bald else "#c9a878", 16, 8.5
        )
    fan = quills(
        [(i * 1.6, 26) for i in range(-4, 5)], [(i * 6.5, 66 - abs(i) * 1.6) for i in range(-4, 5)], 9
    )
    out += paint(fan, b.lit(pale, 0.6), stroke=darken(pale, 0.4), stroke_width=0.5)
    out += feathered(
        b,
        pts("0,-26 10,-20 14,-4 13,18 8,34 0,38 -8,34 -13,18 -14,-4 -10,-20"),
        dark if bald else "#d8bf96",
        "" if bald else speckle(b, "10,-18 12,16 0,36 -12,16 -10,-18", "#6a4628", 60, 4),
        (0, 1),
        5,
    )
    out += feathered(
        b,
        pts("0,-40 7,-37 10,-28 8,-18 0,-14 -8,-18 -10,-28 -7,-37"),
        pale if bald else "#9a7048",
        flow=(0, 1),
        size=4,
        depth=2.4,
    )
    out += beak(
        b, "7,-35 13,-35.5 19,-31 20.5,-24,0.2 15.5,-27.5 8,-26.5", "#e8b030", "8,-29.5 14,-29.5 18,-28"
    )
    out += "".join(
        paint(taper([(s * 5, 34), (s * 6, 42), (s * 4, 46)], [4, 4, 2]), "#e0b03a") for s in (-1, 1)
    )
    return out + eye(b, 4, -31.5, 1.9, "#e8d060")


def _macaw(b: Brush) -> str:
    red, blue = b.rng.choice((("#d02c26", "#2f6fc0"), ("#e8b02c", "#2f7fd0")))
    out = wing(
        b,
        "4,-4 0,-28 14,-50 40,-66",
        "-30,0 -34,-24 -14,-48 50,-92",
        blue,
        darken(blue, 0.4),
        red,
        13,
        9,
        far=True,
    )
    out += paint(
        quills([(-30, 2)] * 5, [(-104, 26), (-110, 19), (-112, 13), (-98, 8), (-84, 4)], 7),
        red,
        stroke=darken(red, 0.5),
        stroke_width=0.5,
    )
    out += feathered(
        b, pts("46,-10 38,-18 24,-17 -4,-12 -34,-4 -42,4 -22,11 6,12 30,8 44,0"), red, flow=(-1, 0.1), size=5
    )
    out += wing(
        b,
        "18,-8 2,-36 -16,-58 -48,-76",
        "-28,6 -42,-20 -62,-40 -90,-92",
        blue,
        darken(blue, 0.4),
        "#e8b830" if red == "#d02c26" else "#3f86d0",
        14,
        10,
    )
    out += patch("45,-11 39,-15 33,-11 36,-4 44,-4", "#f4efe6") + beak(
        b, "44,-13 51,-11 56,-3 53,3,0.3 49,-2 43,-4", "#2a272a"
    )
    return out + eye(b, 39.5, -9.5, 1.8, "#e0d080")


def soar(b: Brush) -> Sprite:
    """A gull, macaw or bird of prey on the wing, with open air beneath it."""
    kind = b.rng.choice((_gull, _raptor, _raptor, _macaw))
    tilt = b.rng.uniform(-14, 10)
    if kind is _raptor:
        svg, box = group(_raptor(b), f"translate(0 -92) rotate({tilt:.1f})"), (-116, -158, 116, 0)
    else:
        svg, box = group(kind(b), f"translate(0 -50) rotate({tilt:.1f})"), (-112, -158, 82, 0)
    return Sprite(svg, box, 130, relief=0.35, cropped=True)


def head(b: Brush) -> Sprite:
    """A close-up of an eagle's or a macaw's head and breast."""
    rng = b.rng
    ring = pts("26,-62 20,-76 4,-84 -14,-80 -26,-66 -32,-46 -38,-22 -46,4 40,4 34,-16 28,-34 27,-50")
    if rng.random() < 0.55:
        bald = rng.random() < 0.7
        body, crown = ("#f5f2ea", "#4a3626") if bald else ("#8a5f36", "#6a4828")
        out = feathered(b, ring, body, b.spot(-4, 4, 50, 26, crown, 1.0), (-0.35, 0.95), 5, 6)
        out += b.pelt(pts("-26,-60 16,-44 34,0 -42,0"), darken(body, 0.3), 9, 150, (-0.3, 1), 0.22)
        out += beak(
            b,
            "22,-68 36,-70 50,-62 56,-46 52,-36,0.2 46,-46 36,-49 22,-50",
            "#ecb434",
            "20,-51 33,-51.5 45,-47",
            (34, -61),
        )
        out += patch("19,-68 26,-69 28,-58 27,-49 19,-49 21,-58", "#f6d774") + eye(b, 11, -63, 4.6, "#ecd860")
        out += paint(taper(pts("20,-68 10,-70 -2,-67"), [1.5, 4.4, 0.5]), darken(body, 0.35))
    else:
        body, blue = rng.choice((("#cf2a26", "#2f6fc0"), ("#2f7fd0", "#e8b030"), ("#4fa03a", "#3a8a3a")))
        out = feathered(
            b,
            ring,
            body,
            b.spot(-30, 0, 26, 30, blue, 0.9)
            + b.spot(18, 0, 20, 26, blue if body == "#2f7fd0" else body, 0.9),
            (-0.35, 0.95),
            4.5,
            6,
        )
        out += patch("25,-68 12,-72 2,-62 4,-48 14,-40 25,-42", "#f4eee4")
        out += paint(
            "".join(f"M{5 + i} {-57 + i * 4}q8 {3 - i} 17 {1 - i}" for i in range(5)),
            stroke=body,
            stroke_width=1,
        )
        out += patch("22,-44 32,-42 33,-33 25,-30 19,-36", "#1f1c1f")
        out += beak(
            b,
            "20,-70 34,-71 47,-60 50,-42 47,-33,0.2 40,-42 30,-45 20,-47",
            "#2b282b" if body != "#cf2a26" else "#e2d6c0",
            "",
            (25, -65),
        )
        out += eye(b, 12, -62, 4.0, "#e6dc96")
    return Sprite(out, (-48, -92, 62, 0), 260, relief=0.3, cropped=True)
