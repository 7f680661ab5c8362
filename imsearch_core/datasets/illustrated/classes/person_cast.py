"""Who is in the picture: random people with matching looks and clothes."""

from __future__ import annotations

from random import Random

from ..toolkit.colour import jitter
from .person_body import Outfit, Person
from .person_hair import Look

_FOLK = (
    # skins, hair colours, eyes
    (
        ("#f2cdb0", "#eec3a2", "#f5d6bd"),
        ("#c79a58", "#8a5a34", "#5a3a26", "#a4522a", "#d9b878"),
        ("#4f7f9f", "#5f7a4a", "#6a4a2e"),
    ),
    (("#e2b088", "#d8a27a", "#cf966c"), ("#2a1d18", "#3c281e", "#1c1718"), ("#4a3222", "#5a3d24")),
    (("#efc9a0", "#e6bb90"), ("#1a1618", "#241c1c"), ("#2e2018", "#3a281c")),
    (("#b87b52", "#a86e48"), ("#1c1614", "#2a1c16"), ("#36241a",)),
    (("#7d4e34", "#8f5c3e", "#5f3a28"), ("#17120f", "#241a16"), ("#2c1c14",)),
)
_BRIGHT = (
    "#b8443c",
    "#3f6fa0",
    "#4f8a5a",
    "#d8a83c",
    "#8a5a9a",
    "#d97a4a",
    "#3f8f98",
    "#c8587a",
    "#e8e2d4",
    "#2f4260",
)
_SOBER = ("#2c3340", "#4a4a50", "#6a5a48", "#3a4a44", "#8a7a62", "#5a2f34", "#b09a78", "#23262e")
DENIM = ("#3f5a80", "#2f405c", "#5a7aa0", "#27303e")


def somebody(rng: Random) -> Person:
    """A random person: age, looks and clothes that go together."""
    skins, hairs, eyes = rng.choice(_FOLK)
    age = rng.choices(("adult", "child", "old"), (0.66, 0.22, 0.12))[0]
    woman = rng.random() < 0.5
    dark = skins[0] == "#7d4e34"
    if woman:
        styles = (
            ("bob", "long", "wavy", "bun", "ponytail", "fringe", "long", "wavy")
            if not dark
            else ("afro", "curly", "bun", "long", "ponytail")
        )
    else:
        styles = (
            ("short", "part", "crop", "part", "short", "fringe" if age == "child" else "bald")
            if not dark
            else ("crop", "crop", "short", "bald" if age != "child" else "crop")
        )
    grown = age != "child"
    hair = rng.choice(("#b9b5ae", "#8f8c88", "#dad6cf")) if age == "old" else rng.choice(hairs)
    style = rng.choice(styles)
    beard = rng.choice(("", "", "full", "stubble")) if grown and not woman else ""
    hat = rng.choice(
        (
            "",
            "",
            "",
            "",
            "cap" if style in ("short", "crop", "ponytail", "part") else "",
            "beanie" if style in ("long", "short", "part", "bob", "wavy") else "",
            "straw" if woman and style in ("long", "wavy") else "",
            "scarf" if woman and grown and not dark else "",
        )
    )
    look = Look(
        jitter(rng, rng.choice(skins), 0.015),
        jitter(rng, hair, 0.015),
        rng.choice(eyes),
        style,
        woman,
        age,
        beard,
        hat,
        rng.choice(_BRIGHT + _SOBER),
        grown and rng.random() < 0.2,
        rng.uniform(0.45, 1.0),
    )
    tops = (
        ("tee", "hoodie", "sweater", "jersey", "tee")
        if not grown
        else ("shirt", "tee", "suit", "sweater", "jacket", "coat", "hoodie")
    )
    if woman:
        tops = (
            ("tee", "dress", "dress", "sweater", "hoodie")
            if not grown
            else ("blouse", "dress", "dress", "coat", "jacket", "sweater", "shirt", "suit")
        )
    top = rng.choice(tops)
    colour = rng.choice(
        _SOBER if top in ("suit", "coat") else _BRIGHT + _SOBER[:2] if top != "jacket" else _SOBER + DENIM
    )
    legs = rng.choice(DENIM)
    bottom = "jeans"
    if top == "suit":
        bottom, legs = "trousers", colour
    elif top == "dress":
        bottom = "bare"
    elif top == "jersey" or (top == "tee" and rng.random() < 0.35):
        bottom, legs = "shorts", rng.choice(_SOBER + DENIM)
    elif rng.random() < 0.4:
        bottom, legs = "trousers", rng.choice(_SOBER)
    under = rng.choice(("#f2eee4", "#dfe6ea", "#f2eee4", "#e8d9a8", "#2f4260"))
    shoes = (
        "#2a2223"
        if top == "suit"
        else rng.choice(("#f0ece2", "#2a2223", "#5a3a26", "#b8443c", "#3f5a80", "#6a6a70"))
    )
    outfit = Outfit(
        top,
        jitter(rng, colour, 0.02),
        under,
        bottom,
        legs,
        shoes,
        top in ("coat", "dress") and rng.random() < 0.4,
    )
    height = (
        rng.uniform(1.05, 1.45) if not grown else rng.uniform(1.58, 1.72) if woman else rng.uniform(1.7, 1.86)
    )
    return Person(look, outfit, height, rng.uniform(0.94, 1.1))
