"""Songbirds: nine species on one build."""

from __future__ import annotations

from dataclasses import dataclass

from ..toolkit.brush import Brush, paint, pts, taper
from ..toolkit.colour import darken, jitter
from .bird_parts import beak, eye, feathered, folded, patch, speckle


@dataclass(frozen=True)
class Song:
    """A small bird: colours, and patches (outline, colour) on its body."""

    back: str
    belly: str
    wing: str
    edge: str
    patches: tuple[tuple[str, str], ...] = ()
    bars: str = ""
    bill: str = "#3a3436"
    stout: bool = False
    flash: str = ""
    spots: str = ""
    legs: str = "#8a5a44"


_CROWN = "26,-58 24,-66 16,-70 6,-68 0,-60 8,-58 18,-60"
_CHEEK = "22,-56 14,-60 6,-56 6,-48 14,-45 21,-49"
_FACE = "27,-58 24,-65 16,-67 11,-60 9,-50 5,-40 8,-28 18,-20 26,-30 26,-44"
_BELLY = "27,-36 22,-20 10,-6 -6,-4 -22,-10 -16,-20 0,-24 14,-36 20,-46"
SONGS = {
    "robin": Song(
        "#84704f", "#e9e0d0", "#7d6a4c", "#5a4a36", ((_BELLY, "#ece6da"), (_FACE, "#d9682c")), legs="#7a5244"
    ),
    "blue_tit": Song(
        "#8aa05a",
        "#f0d95c",
        "#5f8fc8",
        "#31507f",
        (
            (_BELLY, "#f0d95c"),
            (_CHEEK, "#f7f5ee"),
            (_CROWN, "#4a86cc"),
            ("27,-54 20,-57 8,-58 2,-57 2,-54 10,-55 20,-54", "#23305a"),
            ("24,-50 16,-44 6,-46 8,-42 18,-40 24,-44", "#23305a"),
        ),
        "#f4f4ee",
        legs="#5a6a80",
    ),
    "goldfinch": Song(
        "#b08a5c",
        "#efe6d6",
        "#1f1c20",
        "#e8c02e",
        (
            (_BELLY, "#f0e8da"),
            ("26,-40 16,-34 8,-40 16,-46", "#c39a68"),
            (_CHEEK, "#f6f2e8"),
            (_CROWN, "#1d1a1e"),
            ("8,-62 2,-56 4,-46 8,-50", "#1d1a1e"),
            ("28,-58 22,-65 18,-60 19,-50 25,-47", "#c8202c"),
        ),
        "",
        "#e3cdb0",
        True,
        "#f2c82a",
    ),
    "sparrow": Song(
        "#8f6a45",
        "#cfc6b8",
        "#8a6038",
        "#3f2c1e",
        (
            (_BELLY, "#d2cabc"),
            (_CHEEK, "#dcd6ca"),
            (_CROWN, "#7d7872"),
            ("8,-66 0,-58 2,-48 8,-46 10,-56 16,-58 14,-64", "#7f4a28"),
            ("26,-50 20,-46 17,-38 22,-32 28,-40", "#26211f"),
        ),
        "#efe8da",
        "#2f2a2c",
        True,
    ),
    "blackbird": Song(
        "#1f1d22", "#26242a", "#1d1b20", "#3a3840", (), "", "#e8982a", False, "", "", "#4a3428"
    ),
    "cardinal": Song(
        "#c0282c",
        "#d0322e",
        "#a02428",
        "#6a1a22",
        (("28,-58 22,-62 18,-56 20,-48 26,-45", "#1f181a"),),
        "",
        "#e0642c",
        True,
    ),
    "thrush": Song(
        "#8a6c48",
        "#f0e6d0",
        "#86683f",
        "#5e472e",
        ((_BELLY, "#f3ead6"),),
        "",
        "#5a4636",
        False,
        "",
        "#4a3424",
        "#c09a80",
    ),
    "bunting": Song("#2f62b8", "#3a78cc", "#2a4a86", "#1d2a4a", (), "", "#8a9098", True),
    "bullfinch": Song(
        "#8f98a2",
        "#df6a58",
        "#2a2a32",
        "#16161c",
        (
            (_BELLY, "#e0705e"),
            ("26,-50 18,-44 12,-30 22,-20 28,-34", "#e0705e"),
            (_CROWN, "#1c1a20"),
            ("27,-50 22,-60 20,-50 24,-45", "#1c1a20"),
        ),
        "#e9e6e0",
        "#1f1c20",
        True,
    ),
}


def songbird(b: Brush, name: str) -> str:
    """The songbird ``name`` facing right, its feet at the origin, without the legs."""
    s = SONGS[name]
    back = jitter(b.rng, s.back, 0.015)
    ring = pts(
        "27,-57 24,-65 15,-69.5 5,-66.5 -2,-57 -11,-45 -22,-31 "
        "-30,-20 -22,-9 -8,-3.5 8,-5 20,-15 27,-31 27,-44"
    )
    marks = b.spot(8, -12, 24, 18, s.belly, 0.9) + "".join(patch(text, colour) for text, colour in s.patches)
    if s.spots:
        marks += speckle(b, "26,-42 24,-24 12,-8 -8,-6 0,-20 14,-40", s.spots, 70, 2.4)
    tail = taper(pts("-20,-22 -38,-9 -58,5"), [12, 8.5, 9.5])
    plume = "M-24 -18L-56 6M-25 -16L-53 7M-27 -15L-50 8"
    out = b.form(tail, darken(s.wing, 0.1), 1.6, paint(plume, stroke=s.edge, stroke_width=0.8), rim=0.4)
    out += feathered(b, ring, back, marks)
    flash = patch("-6,-34 -20,-20 -34,-9 -22,-20 -10,-30", s.flash) if s.flash else ""
    out += folded(
        b,
        "10,-45 2,-49 -8,-45 -24,-29 -44,-8 -30,-13 -14,-15 2,-22 10,-34",
        s.wing,
        s.edge,
        (-44, -8),
        s.bars or s.flash,
    )
    out += flash
    if s.stout:
        out += beak(
            b, "25,-60 32,-58 37.5,-54,0.2 31,-50.5 25.5,-50.5 24,-55", s.bill, "25,-54.6 31,-54.6 37,-54"
        )
    else:
        out += beak(
            b, "25,-58 31,-57 39,-54.4,0.2 31,-52.6 26,-52 25,-55", s.bill, "25.5,-55 31,-54.8 38,-54.5"
        )
    return out + eye(b, 18, -57, 2.9, "#2a1a14")
