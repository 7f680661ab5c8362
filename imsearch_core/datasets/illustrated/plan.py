"""Decides, before anything is drawn, what each picture of the set shows and how it is labelled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random

from .places.stage import REACH
from .registry import CLASSES, kinds

ALONE, COMPANY, BACKGROUND, WRONG = "alone", "company", "background", "wrong"
SHARES = {COMPANY: 0.19, BACKGROUND: 0.12, WRONG: 0.03}
LOOK_ALIKES = (
    ("cat", "dog"),
    ("bus", "car", "train"),
    ("sofa", "chair"),
    ("horse", "cow"),
    ("bicycle", "motorbike"),
)
OPENING_QUERY = "bottle/0007.jpg"
"""A cat beside a bottle, filed under bottle: the picture to begin an exploration with."""
SITTERS = {
    "sofa": ("cat", "dog", "bottle"),
    "chair": ("cat", "bottle"),
    "dining_table": ("bottle", "potted_plant", "cat", "tv_monitor"),
}
"""What may stand or lie on a piece of furniture that reports seats."""

MORE_PAIRS = (
    ("aeroplane", "car"),
    ("aeroplane", "bus"),
    ("boat", "person"),
    ("boat", "dog"),
    ("boat", "bird"),
    ("train", "person"),
    ("train", "bicycle"),
    ("bottle", "dining_table"),
)
"""Classes that are seen together although neither lists the other."""
GUESTS = {
    "car": (("airfield", "runway"),),
    "bus": (("airfield", "runway"),),
    "boat": (("beach", "water"),),
    "person": (("station", "platform"), ("beach", "sand")),
    "bicycle": (("station", "platform"),),
    "dog": (("beach", "sand"), ("station", "platform")),
}
"""Places where a class may be in company, besides those where it may be alone."""
SPANS = {
    "aeroplane": 16.0,
    "bicycle": 1.45,
    "bird": 0.35,
    "boat": 6.0,
    "bottle": 0.17,
    "bus": 5.8,
    "car": 2.9,
    "cat": 0.5,
    "chair": 1.05,
    "cow": 2.05,
    "dining_table": 1.8,
    "dog": 0.9,
    "horse": 2.0,
    "motorbike": 1.7,
    "person": 1.25,
    "potted_plant": 0.65,
    "sheep": 1.0,
    "sofa": 1.55,
    "train": 11.5,
    "tv_monitor": 1.2,
}
"""Typical size of each class: the square root of its width times its height, in metres."""

Home = tuple[str, str, str]  # place, the lead's surface, its partner's surface


@dataclass(frozen=True)
class Recipe:
    """What one picture is to show: picture ``number`` (from 1) of the folder ``label``.

    ``kind`` is ALONE (the label's object, or several), COMPANY (with a smaller object of class
    ``partner``), BACKGROUND (the label is the smaller ``partner`` of another class, ``lead``) or
    WRONG (only ``lead`` is there, which is not the label).
    """

    label: str
    number: int
    kind: str
    lead: str
    partner: str = ""

    @property
    def file(self) -> str:
        """Path within the set."""
        return f"{self.label}/{self.number:04}.jpg"

    @property
    def wrong(self) -> bool:
        """Whether the label is not what the picture shows."""
        return self.kind == WRONG

    @property
    def opening(self) -> bool:
        """Whether this is the picture at `OPENING_QUERY`."""
        return self.file == OPENING_QUERY


def _at_home(label: str) -> list[tuple[str, str]]:
    return [*kinds()[label].homes, *GUESTS.get(label, ())]


@cache
def homes(lead: str, partner: str) -> tuple[Home, ...]:
    """Where ``lead`` may be seen with a ``partner`` that looks smaller; empty if nowhere.

    These are the places where both are at home, and those of the lead whose ground suits both; as
    far as the partner can stand far enough back to look smaller, but not too small to be seen.
    """
    lead_homes, partner_homes = _at_home(lead), _at_home(partner)
    surfaces = {surface for _, surface in partner_homes}
    found = [(p, s, t) for (p, s), (q, t) in product(lead_homes, partner_homes) if p == q]
    found += [(p, s, s) for p, s in lead_homes if s in surfaces]
    found = [home for home in found if home[1:] != ("pavement", "road")]  # nothing drives before the lead
    ratio = SPANS[partner] / SPANS[lead]
    fitting = [home for home in found if ratio * REACH.get(home[0], 0.65) <= 0.68 and ratio >= 0.1]
    fitting = [(p, s, t) for p, s, t in fitting if kinds()[partner].views_at(p, t)]
    if not fitting and partner in SITTERS.get(lead, ()):
        fitting = [(p, s, "") for p, s in kinds()[lead].homes]
    return tuple(fitting)


@cache
def mates(label: str, smaller: bool) -> tuple[str, ...]:
    """Classes seen with ``label``: those that may look ``smaller`` than it, else those larger.

    One class listing the other is enough; repetitions in a list make that class more frequent.
    """
    table = kinds()
    listed = [c for c in table[label].companions if c != label]
    listed += [c for c, kind in table.items() if label in kind.companions and c not in (label, *listed)]
    listed += [c for pair in MORE_PAIRS for c in pair if label in pair and c != label and c not in listed]
    return tuple(c for c in listed if (homes(label, c) if smaller else homes(c, label)))


def _spread(total: int, labels: list[str], rng: Random) -> Counter[str]:
    """Share ``total`` out as evenly as possible; chance decides who gets one more."""
    counts = Counter({label: total // len(labels) for label in labels})
    counts.update(rng.sample(labels, total % len(labels)))
    return counts


def _mistakes(labels: list[str], rng: Random) -> dict[str, list[str]]:
    """For every label as often as it occurs in ``labels``, the class that is drawn instead.

    Half of them are look-alikes of their label, as far as there are any.
    """
    drawn = {label: [] for label in labels}
    likely = {c: [d for d in group if d != c] for group in LOOK_ALIKES for c in group}
    near = 0
    for label in rng.sample(labels, len(labels)):
        if likely.get(label) and near < (len(labels) + 1) // 2:
            drawn[label].append(rng.choice(likely[label]))
            near += 1
        else:
            drawn[label].append(rng.choice([c for c in CLASSES if c not in (label, *likely.get(label, ()))]))
    return drawn


def _shuffled(items: tuple[str, ...], rng: Random) -> list[str]:
    return rng.sample(items, len(items))


def plan(per_class: int, seed: int) -> list[Recipe]:
    """The recipes of a whole set, class by class; the same arguments give the same plan."""
    rng = Random(f"plan/{seed}")
    able = {
        COMPANY: [c for c in CLASSES if mates(c, True)],
        BACKGROUND: [c for c in CLASSES if mates(c, False)],
        WRONG: CLASSES,
    }
    quota = {
        kind: _spread(round(share * per_class * len(CLASSES)), able[kind], rng)
        for kind, share in SHARES.items()
    }
    wrong = _mistakes(sorted(quota[WRONG].elements()), rng)
    recipes = []
    for label in CLASSES:
        roles = [kind for kind in SHARES for _ in range(quota[kind][label])][:per_class]
        roles += [ALONE] * (per_class - len(roles))
        rng.shuffle(roles)
        others = {kind: _shuffled(mates(label, kind == COMPANY), rng) for kind in (COMPANY, BACKGROUND)}
        for i, kind in enumerate(roles):
            if kind == WRONG:
                recipes.append(Recipe(label, i + 1, WRONG, wrong[label].pop()))
            elif kind == ALONE:
                recipes.append(Recipe(label, i + 1, ALONE, label))
            else:
                other = others[kind][i % len(others[kind])]
                lead, partner = (label, other) if kind == COMPANY else (other, label)
                recipes.append(Recipe(label, i + 1, kind, lead, partner))
    return _with_opening(recipes)


def _with_opening(recipes: list[Recipe]) -> list[Recipe]:
    """Put the opening picture in its place, and what was planned there where it changes no quota."""
    at = next((i for i, recipe in enumerate(recipes) if recipe.opening), None)
    if at is None:
        return recipes
    old, new = recipes[at], Recipe("bottle", recipes[at].number, BACKGROUND, "cat", "bottle")
    swap = next(
        (i for i, r in enumerate(recipes) if r.label == "bottle" and r.kind == BACKGROUND and i != at), None
    )
    if old.kind != BACKGROUND and swap is not None:
        recipes[swap] = Recipe("bottle", recipes[swap].number, old.kind, old.lead, old.partner)
    recipes[at] = new
    return recipes
