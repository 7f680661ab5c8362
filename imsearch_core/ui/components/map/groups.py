"""What the points of a map are coloured by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.labels.decisions import NO_LABEL
from imsearch_core.labels.ranking import FITS, JudgedLabel, LabelIssue
from imsearch_core.projection.marks import HUES, NEUTRAL, SHAPES, mark_of

_BAD_TO_GOOD = ("#d6450b", "#e8913a", "#6ea3d0", "#2f7ed8")


@dataclass(frozen=True)
class Groups:
    """A division of a collection's pictures, with a colour and a shape for each part."""

    title: str
    of_item: np.ndarray
    """int64 [n]: the group of each item."""
    names: list[str]
    colours: list[str]
    shapes: list[str]
    named: bool
    """Whether the names are written on the map."""


def by_label(photos: Collection) -> Groups:
    """By the labels, corrected where a person has decided."""
    return _by_class("Label", photos, photos.shown_labels)


def by_suggestion(photos: Collection, judged: Sequence[JudgedLabel]) -> Groups:
    """By the class that each picture looks like."""
    suggested = {judgement.file: judgement.suggested for judgement in judged}
    return _by_class("Looks like", photos, suggested)


def by_cluster(photos: Collection, items: np.ndarray, of_point: np.ndarray, names: list[str]) -> Groups:
    """By the groups of one level of `Clusters`, whose m points are `items` int64 [m]."""
    of_item = np.full(len(photos), len(names))
    of_item[items] = np.where(of_point < 0, len(names), of_point)
    return Groups(
        "Cluster",
        of_item,
        [*(name or f"cluster {i}" for i, name in enumerate(names, 1)), "between clusters"],
        [*(mark_of(i).colour for i in range(len(names))), NEUTRAL],
        [*(mark_of(i).shape for i in range(len(names))), "circle"],
        named=True,
    )


def by_fit(photos: Collection, judged: Sequence[JudgedLabel]) -> Groups:
    """By how well the label fits, from very low to good."""
    names = [word for _, word in reversed(FITS)]
    fit_of = {one.file: one.fit for one in judged if one.fit}
    of_item = [names.index(fit_of[item.file]) if item.file in fit_of else len(names) for item in photos.items]
    shapes = ["diamond", "triangle", *["circle"] * (len(names) - 1)]
    return Groups(
        "Label fit", np.array(of_item), [*names, NO_LABEL], [*_BAD_TO_GOOD, NEUTRAL], shapes, named=False
    )


def by_kind(photos: Collection, judged: Sequence[JudgedLabel]) -> Groups:
    """By what is the matter with the label or the picture."""
    kinds = list(LabelIssue)
    kind = {judgement.file: judgement.kind for judgement in judged}
    of_item = [kinds.index(kind.get(item.file, LabelIssue.UNLABELLED)) for item in photos.items]
    colours = [
        NEUTRAL if name in (LabelIssue.FINE, LabelIssue.UNLABELLED) else HUES[i]
        for i, name in enumerate(kinds)
    ]
    shapes = [
        "circle" if name in (LabelIssue.FINE, LabelIssue.UNLABELLED) else SHAPES[1 + i % 3]
        for i, name in enumerate(kinds)
    ]
    return Groups("Problem", np.array(of_item), [str(name) for name in kinds], colours, shapes, named=False)


def _by_class(title: str, photos: Collection, class_of: Mapping[str, str | None]) -> Groups:
    classes = [class_of.get(item.file) for item in photos.items]
    given = {item.given_label for item in photos.items}  # whatever is shown, a class keeps its colour
    names = sorted((given | set(photos.shown_labels.values()) | set(classes)) - {None})
    place = {name: i for i, name in enumerate(names)} | {None: len(names)}
    return Groups(
        title,
        np.array([place[name] for name in classes]),
        [*names, NO_LABEL if title == "Label" else "none"],
        [*(mark_of(i).colour for i in range(len(names))), NEUTRAL],
        [*(mark_of(i).shape for i in range(len(names))), "circle"],
        named=True,
    )
