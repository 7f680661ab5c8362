"""Retrieval figures of a collection: how well an encoder and a search method find pictures of one class."""

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.compare.retrieval import Retrieval, retrieve
from imsearch_core.errors import UsageError
from imsearch_core.progress import Progress, silent

METHODS = ("plain", "refined")


def evaluate(photos: Collection, method: str = "plain", k: int = 9, progress: Progress = silent) -> Retrieval:
    """Search with each labelled picture among the others, compared exactly, by one of METHODS.

    All labels known to be in a picture count. With "refined", the refined embeddings are made first, if need
    be. Raises UsageError for another method, k < 1, or if fewer than two pictures have labels.
    """
    if method not in METHODS:
        raise UsageError(f"{method!r} cannot be evaluated: choose from {', '.join(METHODS)}")
    everything = np.arange(len(photos))
    embeddings = photos.refined.make(progress).embeddings if method == "refined" else photos.embeddings
    labels = [item.all_labels for item in photos.items]
    return retrieve(embeddings.unit_rows(everything), labels, k, progress)
