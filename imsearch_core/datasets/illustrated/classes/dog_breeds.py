"""The breeds of dogs: shapes, colours and patterns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Breed:
    """Shape and pattern of one breed; ``legs`` and ``longer`` are factors, ``coat`` 0..1 is hair length."""

    name: str
    colours: tuple[str, ...]
    ears: str
    muzzle: float = 1.0
    legs: float = 1.0
    longer: float = 1.0
    coat: float = 0.0
    tail: str = ""
    saddle: str = ""
    mask: str = ""
    white: str = ""
    tan: str = ""
    spots: str = ""
    patch: str = ""
    curly: bool = False
    eyes: tuple[str, ...] = ("#4a2c16", "#5f3a1c", "#3a2212")
    pale: str = "#f1ece3"
    metre: float = 100.0


BREEDS = (
    Breed("labrador", ("#d9b37c", "#e6c795", "#c99a5c"), "drop", metre=100),
    Breed("labrador", ("#2c2a2e", "#5b3a28"), "drop", metre=100),
    Breed("golden", ("#c88f4c", "#d6a866", "#b9783c"), "drop", coat=1.0, tail="plume", metre=100),
    Breed(
        "shepherd",
        ("#b98a55", "#a97846"),
        "prick",
        muzzle=1.12,
        coat=0.6,
        tail="brush",
        saddle="#2a2422",
        mask="#2a2220",
        metre=94,
    ),
    Breed(
        "beagle",
        ("#b9763c", "#a8652f"),
        "hound",
        tail="up",
        saddle="#2b2523",
        white="blaze",
        legs=0.86,
        metre=150,
    ),
    Breed(
        "dachshund",
        ("#8a4a28", "#9a5a30"),
        "hound",
        muzzle=1.22,
        legs=0.4,
        longer=1.22,
        tail="thin",
        metre=190,
    ),
    Breed(
        "dachshund",
        ("#2b2424",),
        "hound",
        muzzle=1.22,
        legs=0.4,
        longer=1.22,
        tail="thin",
        tan="#a8642f",
        metre=190,
    ),
    Breed(
        "poodle",
        ("#b98658", "#e9e2d6", "#2e2b2f", "#8f8d92"),
        "curly",
        muzzle=1.08,
        coat=0.7,
        tail="pom",
        curly=True,
        legs=1.08,
        metre=125,
    ),
    Breed(
        "husky",
        ("#6f7680", "#55565e", "#8a6a4e"),
        "prick",
        coat=0.8,
        tail="curl",
        white="husky",
        eyes=("#8fc0e6", "#6fa9dc", "#6a4a2a"),
        metre=98,
    ),
    Breed("dalmatian", ("#efece6",), "drop", tail="thin", spots="#2a2729", metre=98),
    Breed("collie", ("#27252a",), "tip", coat=0.9, tail="plume", white="blaze", metre=108),
    Breed("terrier", ("#ece5d8",), "tip", legs=0.86, longer=0.94, tail="stub", patch="#a9672f", metre=170),
    Breed("westie", ("#efeae0",), "prick", muzzle=0.8, legs=0.66, coat=1.0, tail="stub", metre=190),
)
