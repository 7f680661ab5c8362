"""The map of a report: points as SVG, drawn before the file is opened, and what hovering over them shows."""

from dataclasses import dataclass, replace

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.labels.decisions import NO_LABEL
from imsearch_core.progress import Progress, silent
from imsearch_core.projection.marks import NEUTRAL, Mark, mark_of
from imsearch_core.vectors.sampling import even_sample

SIDE = 1000
"""The width and height of the map, in units of its own."""
_MOST = 2000  # points, each with its picture: some 4 MB
_MARGIN = 14
_HALF_LETTER, _LINE = 7, 24  # units: half the width of a letter of a name on the map, and its height


@dataclass(frozen=True)
class Point:
    """One picture on the map."""

    file: str
    x: int
    y: int
    """0 to SIDE, from the top left corner."""
    group: int


@dataclass(frozen=True)
class MapGroup:
    """The pictures of one label."""

    name: str
    mark: Mark
    count: int
    """On the map."""
    x: int
    y: int
    """The median place of its points, with room for the name."""
    named: bool
    """Whether the name is written there: no larger group's name is in the way."""


@dataclass(frozen=True)
class PointMap:
    """Where the pictures lie, and what their marks mean."""

    points: tuple[Point, ...]
    groups: tuple[MapGroup, ...]
    kept: float
    """The share of each picture's 9 nearest that are also its nearest on the map, 0 to 1."""
    method: str
    sampled: bool
    """Whether only an even sample of the collection is on the map."""


def point_map(photos: Collection, progress: Progress = silent) -> PointMap | None:
    """The map of a collection, coloured by shown label; None for fewer than two pictures.

    With too few pictures for a map of neighbours, it lies along the two principal components.
    Raises ImsearchError if a map cannot be made.
    """
    if len(photos) < 2:
        return None
    neighbours = photos.neighbour_map.possible
    made = photos.neighbour_map.make(progress) if neighbours else photos.pca
    placed = even_sample(len(made.items), _MOST)
    shown = photos.shown_labels
    names = sorted(({item.given_label for item in photos.items} | set(shown.values())) - {None})
    group_of = {name: i for i, name in enumerate(names)} | {None: len(names)}
    places = (_MARGIN + made.points[placed] * (SIDE - 2 * _MARGIN)).round().astype(int)
    points = tuple(
        Point(file, int(x), int(SIDE - y), group_of[shown[file]])
        for (x, y), file in zip(places, (photos.items[i].file for i in made.items[placed]), strict=True)
    )
    return PointMap(
        points,
        tuple(name_groups(names, points)),
        made.kept,
        "map of neighbours (t-SNE)" if neighbours else "two principal components",
        len(points) < len(photos),
    )


def name_groups(names: list[str], points: tuple[Point, ...]) -> list[MapGroup]:
    """The groups of points, by their places among `names`; the last is for pictures without a label."""
    found = []
    for number, name in enumerate([*names, NO_LABEL]):
        places = [(point.x, point.y) for point in points if point.group == number]
        x, y = np.median(places, axis=0).astype(int).tolist() if places else (0, 0)
        room = min(len(name) * _HALF_LETTER, SIDE // 2)
        x = min(max(x, room), SIDE - room)
        mark = mark_of(number) if number < len(names) else Mark(NEUTRAL, "circle")
        found.append(MapGroup(name, mark, len(places), x, y, named=False))
    named: list[MapGroup] = []
    for group in sorted(found[:-1], key=lambda group: -group.count):
        if group.count and not any(_overlap(group, other) for other in named):
            named.append(group)
    return [replace(group, named=group in named) for group in found]


def _overlap(group: MapGroup, other: MapGroup) -> bool:
    """Whether the names of two groups would be written over each other."""
    width = (len(group.name) + len(other.name)) * _HALF_LETTER
    return abs(group.x - other.x) < width and abs(group.y - other.y) < _LINE
