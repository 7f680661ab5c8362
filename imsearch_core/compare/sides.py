"""Two ways to search compared on every picture: how many of their neighbours are the same."""

from dataclasses import dataclass

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.compare import retrieval
from imsearch_core.compare.evaluate import METHODS
from imsearch_core.errors import UsageError
from imsearch_core.index import DEFAULT_ENGINE
from imsearch_core.progress import Progress, silent
from imsearch_core.vectors.neighbours import nearest
from imsearch_core.vectors.sampling import random_sample


@dataclass(frozen=True)
class Side:
    """One way to search a collection."""

    photos: Collection
    method: str
    """One of METHODS."""
    engine: str = DEFAULT_ENGINE
    """Acts on a plain search; a refined one compares every picture."""


@dataclass(frozen=True)
class Disagreement:
    """How one query's neighbours differ between two sides."""

    file: str
    shared: int
    """Neighbours that both have."""
    k: int
    """Neighbours that the left side has."""


def disagreements(left: Side, right: Side, k: int = 9, progress: Progress = silent) -> list[Disagreement]:
    """Every picture that both sides have as a query, those with the fewest shared neighbours first.

    Of more than `retrieval.MOST_QUERIES`, a fixed random sample. Raises UsageError if a method is unknown.
    """
    files = [item.file for item in left.photos.items if item.file in right.photos]
    files = [files[place] for place in random_sample(len(files), retrieval.MOST_QUERIES)]
    total = 2 * len(files)
    ours = neighbours(left, files, k, lambda done, _: progress(done, total))
    theirs = neighbours(right, files, k, lambda done, _: progress(len(files) + done, total))
    compared = [
        Disagreement(file, len(set(a) & set(b)), len(a))
        for file, a, b in zip(files, ours, theirs, strict=True)
    ]
    return sorted(compared, key=lambda one: one.shared)


def neighbours(side: Side, files: list[str], k: int, progress: Progress = silent) -> list[list[str]]:
    """The `k` nearest of each of `files`, by file. Raises UsageError for an unknown method or engine."""
    if side.method not in METHODS:
        raise UsageError(f"{side.method!r} cannot be compared: choose from {', '.join(METHODS)}")
    photos = side.photos
    queries = np.array([photos.contents.item_of[file] for file in files], np.int64)
    if side.method == "plain" and side.engine != DEFAULT_ENGINE:
        index, found = photos.indexes.get(side.engine, progress), []
        for done, query in enumerate(queries):
            progress(done, len(queries))
            items, _ = index.query(photos.embeddings[query], k + 1)
            found.append(items[items != query][:k])
    else:
        embeddings = photos.embeddings if side.method == "plain" else photos.refined.make().embeddings
        found, _ = nearest(embeddings.unit_rows(np.arange(len(photos))), k, progress, queries)
    return [[photos.items[item].file for item in items] for items in found]
