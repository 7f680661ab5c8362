"""Out-of-sample class probabilities: what each picture looks like to a model that has not seen its label."""

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.indexing import Progress

_FOLDS = 5
_SCALE = 6.0
_SHARPNESS = 10.0


def class_probabilities(
    unit: np.ndarray,
    labels: np.ndarray,
    neighbours: np.ndarray,
    cosines: np.ndarray,
    head: ClassHead | None,
    progress: Progress = lambda done, total: None,
) -> np.ndarray:
    """float64 [n, classes]: the probability of each class for each picture, its own label unseen.

    `unit` float32 [n, d], rows of length 1; `labels` int64 [n], -1 for unlabelled; `neighbours` and
    `cosines` [n, k] are the nearest others.
    """
    classes = int(labels.max(initial=-1)) + 1
    if classes < 2:
        return np.ones((len(unit), classes))
    probe = _probe(unit, labels, classes, progress)
    votes = _votes(labels, neighbours, cosines, classes)
    return (probe + votes) / 2


def _votes(labels: np.ndarray, neighbours: np.ndarray, cosines: np.ndarray, classes: int) -> np.ndarray:
    votes = np.full((len(labels), classes), 0.1 / classes)
    weights = np.exp(_SHARPNESS * (cosines - 1))
    for rank in range(neighbours.shape[1]):
        theirs = labels[neighbours[:, rank]]
        known = np.flatnonzero(theirs >= 0)
        votes[known, theirs[known]] += weights[known, rank]
    return votes / votes.sum(axis=1, keepdims=True)


def _probe(unit: np.ndarray, labels: np.ndarray, classes: int, progress: Progress) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    fold = np.full(len(labels), -1)
    rng = np.random.default_rng(0)
    for label in range(classes):
        members = rng.permutation(np.flatnonzero(labels == label))
        fold[members] = (np.arange(len(members)) + label) % _FOLDS
    likely = np.full((len(labels), classes), 1e-3)
    scaled = unit * np.float32(_SCALE)
    for f in range(_FOLDS):
        learnt, judged = (labels >= 0) & (fold != f), (fold == f) | ((labels < 0) & (f == 0))
        if judged.any() and len(present := np.unique(labels[learnt])) > 1:
            with threadpool_limits(1):  # many small steps: threads would mostly wait for each other
                model = LogisticRegression(max_iter=200).fit(scaled[learnt], labels[learnt])
            likely[np.ix_(judged, present)] += model.predict_proba(scaled[judged])
        progress(len(labels) * (f + 1) // _FOLDS, len(labels))
    return likely / likely.sum(axis=1, keepdims=True)
