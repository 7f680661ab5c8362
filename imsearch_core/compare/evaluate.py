"""Retrieval figures of a collection: how well an encoder and a search method find pictures of one class."""

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.compare.retrieval import Retrieval, retrieve
from imsearch_core.errors import UsageError
from imsearch_core.index import DEFAULT_ENGINE
from imsearch_core.progress import Progress, silent

METHODS = ("plain", "refined")


def evaluate(
    photos: Collection,
    method: str = "plain",
    k: int = 9,
    progress: Progress = silent,
    engine: str = DEFAULT_ENGINE,
) -> Retrieval:
    """Search with each labelled picture among the others, by one of METHODS.

    All labels known to be in a picture count. A plain search is that of `engine`; for the average precision,
    what follows after the `k` nearest is in the order of exact search. With "refined", the refined embeddings
    are made first, if need be, and compared exactly. Raises UsageError for another method, k < 1, or if fewer
    than two pictures have labels, and as `OpenIndexes.get` does.
    """
    if method not in METHODS:
        raise UsageError(f"{method!r} cannot be evaluated: choose from {', '.join(METHODS)}")
    everything = np.arange(len(photos))
    embeddings = photos.refined.make(progress).embeddings if method == "refined" else photos.embeddings
    labels = [item.all_labels for item in photos.items]
    find = None
    if method == "plain" and engine != DEFAULT_ENGINE:
        index = photos.indexes.get(engine, progress)

        def find(picture: int, count: int) -> np.ndarray:
            return index.query(photos.embeddings[picture], count)[0]

    return retrieve(embeddings.unit_rows(everything), labels, k, progress, find)
