"""The three ways to build image search that the tutorial compares, built small and measured.

A file per approach, each with a class that prepares itself on n pictures and then ranks them:

    classifier.py   one network with an output per picture; it is trained again for every new one
    pairs.py        one network that compares two pictures; it runs once per pair
    embeddings.py   one network run once per picture, then linear algebra: what this project does

The first two are far smaller than networks in real use, see pictures of SIDE pixels and are trained from
scratch for seconds: their times are on the low side, and their precision says little about what days of
training could reach. Decoding is never counted. Source: E. Ameisen, "Building an image
search service from scratch" (2019).
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.datasets import Item
from imsearch_core.encoders.base import centre_crop
from imsearch_core.errors import UsageError
from imsearch_core.files import SHIPPED
from imsearch_core.pictures.decode import open_image
from imsearch_core.progress import Progress, silent

SIDE = 64
"""Pixels of the pictures that the two small networks see."""
MOST_PICTURES = 1000
FEWEST_PICTURES = 20
_NEIGHBOURS = 9
_SHIPPED = SHIPPED / "approaches.json"
_HALVINGS = 3  # smaller sizes to measure, each half of the next


@dataclass(frozen=True)
class ApproachFigures:
    """What one approach costs on a collection of one size, and how good it is."""

    approach: str
    """classifier, pairs or embeddings."""
    pictures: int
    prepare_seconds: float
    """Before the first search: training, or embedding every picture."""
    add_seconds: float
    """Until one more picture can be found."""
    query_seconds: float
    """For one search with a picture of the collection."""
    passes: int
    """Forward passes per search."""
    precision: float
    """Mean share of the 9 nearest that share a label with the query, 0 to 1."""


class Approach(Protocol):
    """One way to search pictures by pictures."""

    name: str
    queries: int
    """How many searches to measure: enough for a mean, few enough to wait for."""
    passes: int
    """Forward passes per search."""

    def prepare(self) -> float:
        """Get ready to search. Returns the seconds it took, without decoding."""
        ...

    def add(self) -> float:
        """Seconds until one more picture can be found."""
        ...

    def scores(self, query: int) -> np.ndarray:
        """float32 [n]: how similar each picture is to picture `query`."""
        ...


def shipped_figures() -> list[ApproachFigures]:
    """The figures that come with the project, printed by `bench approaches data/illustrated --json`."""
    return [ApproachFigures(**row) for row in json.loads(_SHIPPED.read_text("utf-8"))]


def bench_approaches(photos: Collection, progress: Progress = silent) -> Iterator[ApproachFigures]:
    """Measure every approach at four sizes, up to the collection's own or MOST_PICTURES.

    Raises UsageError if the collection has fewer than FEWEST_PICTURES or no labels to judge by.
    """
    from imsearch_core.compare.approaches.classifier import Classifier
    from imsearch_core.compare.approaches.embeddings import Embedded
    from imsearch_core.compare.approaches.pairs import Pairs

    if len(photos) < FEWEST_PICTURES or len(photos.label_counts) < 2:
        raise UsageError(f"at least {FEWEST_PICTURES} pictures in 2 classes are needed to compare approaches")
    largest = min(len(photos), MOST_PICTURES)
    sizes = [largest >> halving for halving in range(_HALVINGS, -1, -1)]
    total, done = 3 * len(sizes), 0
    progress(done, total)
    items, pictures = _sample(photos, largest)
    for n in sizes:
        # Evenly spaced, so that every size shows the same mixture of classes.
        chosen = np.linspace(0, largest - 1, n).round().astype(int)
        some, small = [items[i] for i in chosen], pictures[chosen]
        names = [item.given_label for item in some]
        for approach in (Classifier(small), Pairs(small, names), Embedded(photos, some)):
            yield _measure(approach, some)
            done += 1
            progress(done, total)


def _sample(photos: Collection, n: int) -> tuple[list[Item], np.ndarray]:
    """`n` evenly spaced items, and the pictures uint8 [n, SIDE, SIDE, 3]."""
    items = [photos.items[i] for i in np.linspace(0, len(photos) - 1, n).round().astype(int)]
    larger = SIDE + SIDE // 8  # of the shorter side, before the edges are cut off
    images = (open_image(photos.folder / item.file, larger) for item in items)
    return items, np.stack([centre_crop(image, larger, SIDE) for image in images])


def _measure(approach: Approach, items: list[Item]) -> ApproachFigures:
    prepare_seconds = approach.prepare()
    present = [set(item.all_labels) for item in items]
    queries = np.linspace(0, len(items) - 1, min(approach.queries, len(items))).round().astype(int)
    approach.scores(0)  # the first call compiles
    seconds, shares = [], []
    for query in queries:
        started = time.perf_counter()
        order = np.argsort(-approach.scores(query), kind="stable")
        seconds.append(time.perf_counter() - started)
        nearest = order[order != query][:_NEIGHBOURS]
        shares.append(np.mean([bool(present[i] & present[query]) for i in nearest]))
    return ApproachFigures(
        approach.name,
        len(items),
        prepare_seconds,
        approach.add(),
        float(np.median(seconds)),
        approach.passes,
        float(np.mean(shares)),
    )
