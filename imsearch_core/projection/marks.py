"""The colour and the shape that stand for each group of points on a map."""

from dataclasses import dataclass

# Middle tones, seen on white and on black alike; with the shapes, 40 pairs before one comes again.
HUES = (
    "#2f7ed8", "#e8710a", "#2a9d4a", "#d93b5b",
    "#8a5cd6", "#a0703c", "#e06bb5", "#8a9410", "#0fa3b1", "#c79a00",
)  # fmt: skip
SHAPES = ("circle", "triangle", "square", "diamond")
NEUTRAL = "#8b9096"
"""For points that belong to no group."""


@dataclass(frozen=True)
class Mark:
    """How the points of one group look."""

    colour: str
    """Hexadecimal RGB."""
    shape: str
    """One of SHAPES."""


def mark_of(group: int) -> Mark:
    """The mark of a group, by its place in the order of names: the same wherever a map is drawn."""
    return Mark(HUES[group % len(HUES)], SHAPES[group // len(HUES) % len(SHAPES)])
