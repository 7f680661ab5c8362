"""Does the encoder see what the illustrated dataset shows? Per class, against its truth.csv."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imsearch_core.classes import imagenet_indices
from imsearch_core.collection import Collection
from imsearch_core.datasets.builtin import ILLUSTRATED
from imsearch_core.indexing import Progress

NEIGHBOURS = 9
NEAREST_PHOTOS = 5
TOP_CLASSES = 25


@dataclass(frozen=True)
class Seen:
    """How well the encoder sees one class; every figure is a share, 0 to 1, or None if it cannot be."""

    label: str
    neighbours: float
    """Of the 9 neighbours within the set, those that share a class with the query."""
    photos: float | None
    """Of the single-object scenes, those with the class in one of their 5 nearest real photos."""
    recognised: float | None
    """Of the single-object scenes, those with a right ImageNet class among the encoder's top 25."""


def bench_drawings(photos_folder: Path | None, progress: Progress = lambda done, total: None) -> list[Seen]:
    """Measure every class of the illustrated dataset; `photos_folder` holds labelled real photos."""
    drawings = Collection.open(ILLUSTRATED.folder, progress=progress)
    photos = Collection.open(photos_folder, progress=progress) if photos_folder else None
    objects = _objects_of(ILLUSTRATED.folder / "truth.csv")
    present = {item.file: set(item.labels) for item in drawings.items}
    scores: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for item in drawings.items:
        query = drawings.query(item.file)
        for result in drawings.search(query, NEIGHBOURS).results:
            scores[item.label]["neighbours"].append(bool(present[result.file] & present[item.file]))
        classes = set(objects[item.file])
        if len(classes) > 1:
            continue
        (label,) = classes
        if right := imagenet_indices(label):
            top = {prediction.index for prediction in drawings.classify(query, TOP_CLASSES)}
            scores[label]["recognised"].append(bool(top & set(right)))
        if photos:
            found = photos.search(query.elsewhere(), NEAREST_PHOTOS).results
            scores[label]["photos"].append(any(label in photos.item(r.file).labels for r in found))
    return [
        Seen(
            label,
            float(np.mean(score["neighbours"])),
            float(np.mean(score["photos"])) if score["photos"] else None,
            float(np.mean(score["recognised"])) if score["recognised"] else None,
        )
        for label, score in sorted(scores.items())
    ]


def _objects_of(truth: Path) -> dict[str, list[str]]:
    """The class of every object, by file."""
    objects = defaultdict(list)
    with truth.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            objects[row["file"]].append(row["class"])
    return objects
