"""What each picture looks like to models that have not seen its label.

Four opinions, each out of sample, on the same embeddings:

- a linear probe (multinomial logistic regression) on the embedding's principal components, in
  folds: each fold is judged by a probe fitted on the others;
- a second probe on what ImageNet's classes say: the square roots of the class probabilities, so
  that distances are Hellinger distances. Which ImageNet class speaks for which label is learnt
  from the collection, not written down;
- the vote of the nearest neighbours in either space; nobody votes on itself.

They are multiplied (a logarithmic opinion pool; Genest and Zidek 1986), each first mixed with a
little doubt, so that none can veto the others. A second round fits all of them
again with every picture weighing as much as the first round believed its label: wrong labels
then hardly teach. This is what finds mistakes between look-alikes (`bench labels` measures it);
more rounds begin to trust themselves.
"""

from dataclasses import dataclass

import numpy as np

from imsearch_core.labels.neighbours import nearest
from imsearch_core.progress import Progress, silent

VOTERS = 15
_FOLDS = 5
_COMPONENTS = 128
_DOUBT = 0.02  # added to every probability before pooling
_ABSTENTION = 0.5  # votes shared out equally among all classes, so that few voters are not sure
_TEMPERATURE = 1.7  # of ImageNet's probabilities, in standard deviations of the logits
_LONE = 1 / 3  # the belief in a label that no other picture bears
# Scale of unit vectors for the probes, whose regularisation is fixed, and for the votes' exp(s·cosine).
_PROBE_SCALES = (4, 3)
_VOTE_SCALES = (10, 3)


@dataclass(frozen=True)
class Opinion:
    """What every picture looks like, its own label unseen."""

    likely: np.ndarray
    """float64 [n, classes]: the probability of each class; rows sum to 1."""
    evidence: np.ndarray
    """float64 [n, classes]: the probes' logits, summed: comparable between pictures, not between classes."""


@dataclass(frozen=True)
class Space:
    """One view of the pictures, to probe and to vote in."""

    rows: np.ndarray
    """float32 [n, ≤ 128], of length 1."""
    neighbours: tuple[np.ndarray, np.ndarray]
    """The rows and cosines of the VOTERS nearest others of each, [n, ≤ VOTERS]."""
    probe_scale: float
    vote_scale: float


def spaces_of(
    unit: np.ndarray, neighbours: tuple[np.ndarray, np.ndarray], class_logits: np.ndarray | None
) -> list[Space]:
    """The views of pictures with embeddings `unit` float32 [n, d], of length 1, whatever their labels.

    `neighbours` are those of `nearest(unit, VOTERS)`; `class_logits` float32 [n, 1000] of ImageNet.
    """
    spaces = [Space(principal_components(unit), neighbours, _PROBE_SCALES[0], _VOTE_SCALES[0])]
    if class_logits is not None:
        seen = principal_components(hellinger(class_logits))
        spaces.append(Space(seen, nearest(seen, VOTERS), _PROBE_SCALES[1], _VOTE_SCALES[1]))
    return spaces


def class_probabilities(spaces: list[Space], labels: np.ndarray, progress: Progress = silent) -> Opinion:
    """How probable each class is for each picture, judged without its own label.

    `labels` int64 [n], 0 to classes − 1, or −1 for unlabelled. Needs two classes; one picture of a
    class suffices.
    """
    classes = int(labels.max()) + 1
    fold = _deal(labels, classes)
    rounds, fits = 2, 0
    weights = np.ones(len(labels))
    for _ in range(rounds):
        opinions, evidence = [], np.zeros((len(labels), classes))
        for space in spaces:
            scaled = space.rows * np.float32(space.probe_scale)
            probed = np.zeros((len(labels), classes))
            for f in range(_FOLDS):
                _probe(scaled, labels, weights, fold == f, probed, evidence)
                fits += 1
                progress(len(labels) * fits // (rounds * len(spaces) * _FOLDS), len(labels))
            opinions += [probed, vote(labels, space.neighbours, classes, space.vote_scale, weights)]
        pooled = _pool(opinions)
        weights = np.where(labels >= 0, pooled[np.arange(len(labels)), labels], 0)
    return Opinion(_spare_lone_labels(pooled, labels), evidence)


def principal_components(rows: np.ndarray) -> np.ndarray:
    """float32 [n, ≤ 128]: the leading principal components of `rows` [n, d], scaled to length 1."""
    from sklearn.decomposition import PCA

    dimensions = min(_COMPONENTS, len(rows) - 1, rows.shape[1])
    components = PCA(dimensions, svd_solver="randomized", random_state=0).fit_transform(rows)
    return components / np.maximum(np.linalg.norm(components, axis=1, keepdims=True), 1e-12)


def hellinger(class_logits: np.ndarray) -> np.ndarray:
    """float32 [n, 1000]: square roots of softened class probabilities, for logits [n, 1000]."""
    heat = np.float32(_TEMPERATURE) * max(class_logits.std(), np.float32(1e-6))
    roots = np.exp((class_logits - class_logits.max(axis=1, keepdims=True)) / (2 * heat))
    return roots / np.linalg.norm(roots, axis=1, keepdims=True)


def vote(
    labels: np.ndarray,
    neighbours: tuple[np.ndarray, np.ndarray],
    classes: int,
    scale: float,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """float64 [n, classes]: the shares of the neighbours' votes, each e^(scale·(cosine − 1)) strong."""
    found, cosines = neighbours
    votes = np.full((len(labels), classes), _ABSTENTION / classes)
    for theirs, cosine in zip(found.T, cosines.T, strict=True):
        known = np.flatnonzero(labels[theirs] >= 0)
        strength = np.exp(scale * (cosine[known] - 1))
        if weights is not None:
            strength = strength * weights[theirs[known]]
        votes[known, labels[theirs[known]]] += strength
    return votes / votes.sum(axis=1, keepdims=True)


def _deal(labels: np.ndarray, classes: int) -> np.ndarray:
    """int64 [n]: the fold of each picture, every class spread evenly over the folds."""
    fold = np.zeros(len(labels), np.int64)
    rng = np.random.default_rng(0)
    for label in range(classes):
        members = rng.permutation(np.flatnonzero(labels == label))
        fold[members] = (np.arange(len(members)) + label) % _FOLDS
    return fold


def _probe(
    rows: np.ndarray,
    labels: np.ndarray,
    weights: np.ndarray,
    judged: np.ndarray,
    likely: np.ndarray,
    evidence: np.ndarray,
) -> None:
    """Judge the pictures of one fold, bool [n], by a probe fitted on the others.

    Their rows of `likely` are set to its probabilities, its logits are added to those of `evidence`.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    learnt = ~judged & (labels >= 0)
    present = np.unique(labels[learnt])
    if len(present) == 1:
        likely[judged, present[0]] = 1
    if len(present) < 2 or not judged.any():
        return
    with threadpool_limits(1):  # many small steps: threads would mostly wait for each other
        probe = LogisticRegression(max_iter=200).fit(rows[learnt], labels[learnt], weights[learnt])
        logits = probe.decision_function(rows[judged])
    if logits.ndim == 1:  # of two classes, scikit-learn gives the second's
        logits = np.stack([-logits, logits], axis=1) / 2
    likely[np.ix_(judged, present)] = _softmax(logits)
    evidence[np.ix_(judged, present)] += logits


def _pool(opinions: list[np.ndarray]) -> np.ndarray:
    return _softmax(sum(np.log(opinion + _DOUBT) for opinion in opinions))


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _spare_lone_labels(likely: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Give the only picture of a class a middling belief: no other picture can confirm its label."""
    counts = np.bincount(labels[labels >= 0], minlength=likely.shape[1])
    lone = np.flatnonzero((labels >= 0) & (counts[labels] == 1))
    likely[lone, labels[lone]] = 0
    likely[lone] *= (1 - _LONE) / likely[lone].sum(axis=1, keepdims=True)
    likely[lone, labels[lone]] = _LONE
    return likely
