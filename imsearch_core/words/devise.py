"""A picture's place in word space, learnt from the collection's own labels: DeViSE.

A. Frome et al., "DeViSE: A Deep Visual-Semantic Embedding Model", NIPS 2013: a linear map from the
embedding to the place of the label's words, trained for a high cosine between the two. The backbone is
frozen and its embeddings are stored, so a step over a thousand pictures is one small matrix product.

Each epoch is one damped Gauss-Newton step on 1 − cosine over all pictures, with a ridge penalty:
preconditioned by the embeddings' covariance, a dozen of them go where plain gradient descent needs
hundreds. Training ends when the cosine on a held-out fifth no longer rises.

The map knows the labels and little else: a picture of the sea becomes a boat. Words that it was not
trained on are therefore searched for in the mean of this place and ConSE's (see `imsearch_core.words.space`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.vectors.unit import unit
from imsearch_core.words.vectors import Meaning, WordVectors

_PENALTY = 1.0  # against embeddings of length 1
_RATE = 0.1
_PATIENCE = 3
_EPOCHS = 60
_RISE = 1e-4
_FEWEST = 10


class TooLittle(ImsearchError):
    """The labels are too few to learn from."""


@dataclass(frozen=True)
class Epoch:
    """How far training has come."""

    number: int
    """From 1."""
    loss: float
    """Mean of 1 − cosine over the pictures trained on, before this epoch's step."""
    held_out_cosine: float
    """Mean cosine between places and labels of the held-out pictures, after it."""


@dataclass(frozen=True)
class Head:
    """A trained linear map from embeddings of length 1 to word space."""

    centre: np.ndarray
    """float32 [e]: taken off first."""
    weights: np.ndarray
    """float32 [e, d]."""
    bias: np.ndarray
    """float32 [d]."""

    def place(self, unit_embeddings: np.ndarray) -> np.ndarray:
        """float32 [..., d]: the places, of length 1, of embeddings float32 [..., e] of length 1."""
        return unit((unit_embeddings - self.centre) @ self.weights + self.bias)


def label_meaning(words: WordVectors, label: str) -> Meaning | None:
    """What a label such as "dining_table" means; None if the table knows none of its words.

    A hyphen separates words, whatever is around it; in a label it never subtracts a word.
    """
    try:
        return words.meaning(label.replace("_", " ").replace("-", " "))
    except UsageError:
        return None


def targets(words: WordVectors, labels: Sequence[Sequence[str]]) -> np.ndarray:
    """float32 [n, d]: where each picture belongs, the mean of its labels' places, of length 1.

    All zeros for a picture without a label that `words` knows.
    """
    meanings = {label: label_meaning(words, label) for label in {label for each in labels for label in each}}
    result = np.zeros((len(labels), words.dimension), np.float32)
    for row, each in zip(result, labels, strict=True):
        for label in each:
            if meanings[label]:
                row += meanings[label].vector
    return unit(result)


def split(n: int, parts: int = 5) -> np.ndarray:
    """int64 [n]: a random but fixed part, 0 to `parts` − 1, for each of n pictures."""
    return np.random.default_rng(0).permutation(n) % parts


def train(
    unit_embeddings: np.ndarray,
    wanted: np.ndarray,
    held_out: np.ndarray,
    on_epoch: Callable[[Epoch], None] = lambda epoch: None,
) -> tuple[Head, list[Epoch]]:
    """Train on the pictures that are not `held_out` bool [n], until the others' places get no better.

    `unit_embeddings` float32 [n, e]; `wanted` float32 [n, d] are `targets`, none all zeros. Returns the
    head of the best epoch, and all epochs. Raises TooLittle if there is too little to learn from.
    """
    seen, unseen = ~held_out, held_out
    if len(wanted) < _FEWEST or not unseen.any() or len(np.unique(wanted[seen], axis=0)) < 2:
        raise TooLittle(
            f"there is too little to train on: training needs at least {_FEWEST} pictures and two different "
            "labels whose words are known"
        )
    truth = wanted[seen]
    centre = unit_embeddings[seen].mean(axis=0)
    basis, squares = _principal(unit_embeddings[seen] - centre)
    inside, outside = ((unit_embeddings[part] - centre) @ basis for part in (seen, unseen))
    weights = np.zeros((basis.shape[1], wanted.shape[1]), np.float32)
    bias = truth.mean(axis=0)
    step = _RATE / (squares + _PENALTY)[:, None]
    best, epochs = (weights, bias, -1.0, 0), []
    for number in range(1, _EPOCHS + 1):
        places = inside @ weights + bias
        lengths = np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-6)
        cosines = np.sum(places * truth, axis=1, keepdims=True) / lengths
        slope = (cosines * places / lengths - truth) / lengths
        weights = weights - step * (inside.T @ slope + _PENALTY * weights)
        bias = bias - _RATE * slope.mean(axis=0)
        cosine = float(np.mean(np.sum(unit(outside @ weights + bias) * wanted[unseen], axis=1)))
        epochs.append(Epoch(number, float(np.mean(1 - cosines)), cosine))
        on_epoch(epochs[-1])
        if cosine > best[2] + _RISE:
            best = weights, bias, cosine, number
        elif number - best[3] >= _PATIENCE:
            break
    return Head(centre, basis @ best[0], best[1]), epochs


def _principal(centred: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The principal directions float32 [e, r] of rows [n, e], and the squares summed along each [r]."""
    n, dimension = centred.shape
    if n <= dimension:
        squares, vectors = np.linalg.eigh(centred @ centred.T)
        kept = squares > 1e-6 * squares[-1]
        basis = centred.T @ (vectors[:, kept] / np.sqrt(squares[kept]))
    else:
        squares, vectors = np.linalg.eigh(centred.T @ centred)
        kept = squares > 1e-6 * squares[-1]
        basis = vectors[:, kept]
    return basis, squares[kept]
