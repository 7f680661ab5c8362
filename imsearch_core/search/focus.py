"""Search conditioned on one ImageNet class: two methods that need no index of their own.

`reweigh` is the method of E. Ameisen, "Building an image search service from scratch" (2019):
multiply every embedding by the class's column of the classifier's weights, then compare by cosine.
The tutorial builds a new index per class. There is no need to: with w the class weights and q the
query, the cosine between q∘w and x∘w is

    Σ w²·q·x / ( √Σ w²q² · √Σ w²x² )

that is, one matrix-vector product with w²∘q, and the lengths √Σ w²x², which depend on the class
alone and are worth keeping. It hardly moves results (`bench focus` measures it): a channel that
matters to the class matters whether the class is there or not.

`focus` asks the classifier instead whether the class is there. Its score for a picture x is

    (1 − s)·z(cosine(q, x))  +  s·λ·z(evidence(x))        0 ≤ s ≤ 1, the strength

where z standardises over the collection, so that the two sides can be weighed against each other
for any encoder, class and collection. Strength 0 is the plain order, 1 the class alone; λ < 1 lets
the resemblance lead slightly at half strength. The evidence has three parts:

- The class's logit w·x. For a network that pools its last feature map it is the mean over the
  picture of the class-activation map (Zhou et al. 2016, arXiv 1512.04150).
- The class's kin. Who asks for a Siamese cat wants a tabby rather than a washbasin, so the class
  weights are replaced by the mean of all classes' weights, each weighted by the square of its
  (positive) cosine to the class's own; centred columns, so that what all classes share is no kin.
- The neighbourhood. Single logits are noisy, and what looks alike shows the same things: the
  evidence of each of the POOL best candidates is averaged with the mean of its PEERS nearest other
  candidates (a step of label propagation; Zhou et al., "Learning with Local and Global
  Consistency", NIPS 2003). Only among candidates, so its cost does not grow with the collection.

All of it comes from the embedding and the class head: nothing else is stored, 0 bytes per image.
The cost is one more matrix-vector product than a plain search, and a POOL × POOL comparison.
"""

from dataclasses import dataclass

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.vectors.embeddings import Embeddings, best, best_of, cosines

CLASS_SHARE = 0.93
"""λ: how much a standard deviation of evidence counts against one of cosine."""
POOL = 100
PEERS = 5


def reweigh(
    embeddings: Embeddings, query: np.ndarray, class_weights: np.ndarray, norms: np.ndarray | None = None
) -> np.ndarray:
    """Cosine similarity of `query` float32 [d] to every item in the space weighted by a class.

    `class_weights` float32 [d] is the class's column of the class head; `norms` float32 [n] are
    `embeddings.weighted_norms(class_weights)` if they are known already. Returns float32 [n].
    """
    if norms is None:
        norms = embeddings.weighted_norms(class_weights)
    weighted = query * class_weights
    return cosines(embeddings.dot(weighted * class_weights), norms, np.linalg.norm(weighted))


@dataclass(frozen=True)
class Focused:
    """The best candidates of a focused search, best first."""

    items: np.ndarray
    """int64 [k]."""
    cosines: np.ndarray
    """float32 [k]: plain cosine similarity to the query."""
    scores: np.ndarray
    """float32 [k]: what the order follows; comparable within one search only."""


def focus(
    embeddings: Embeddings,
    similarities: np.ndarray,
    kin_weights: np.ndarray,
    strength: float,
    k: int,
    among: np.ndarray | None = None,
) -> Focused:
    """The `k` items that best combine likeness to a query and a class.

    `similarities` float32 [n] are the items' cosines to the query, `kin_weights` float32 [d] those
    of `kin_weights(head, index)`; `strength` is 0 (plain) to 1 (class). `among` int64 are the items
    to choose from, if not all.
    """
    if strength == 0:
        items = best_of(similarities, k, among)
        return Focused(items, similarities[items], similarities[items])
    likeness = standardised(similarities, similarities)
    evidence = embeddings.dot(kin_weights)
    evidence = standardised(evidence, evidence)
    return ranked(embeddings, similarities, likeness, evidence, strength, k, among)


def ranked(
    embeddings: Embeddings,
    similarities: np.ndarray,
    likeness: np.ndarray,
    evidence: np.ndarray,
    strength: float,
    k: int,
    among: np.ndarray | None = None,
) -> Focused:
    """The second half of `focus`: `likeness` and `evidence` float32 [n] are standardised already."""
    candidates = best_of(blend(likeness, evidence, strength), max(POOL, k), among)
    backed = _backed_by_peers(embeddings, candidates, evidence[candidates])
    scores = blend(likeness[candidates], backed, strength)
    order = best(scores, k)
    return Focused(candidates[order], similarities[candidates[order]], scores[order])


def kin_weights(head: ClassHead, index: int) -> np.ndarray:
    """float32 [d]: the weights of ImageNet class `index`, with those of related classes mixed in."""
    centred = head.weights - head.weights.mean(axis=1, keepdims=True)
    unit = centred / np.linalg.norm(centred, axis=0)
    kinship = np.maximum(unit.T @ unit[:, index], 0) ** 2
    return head.weights @ (kinship / kinship.sum())


def blend(likeness: np.ndarray, evidence: np.ndarray, strength: float) -> np.ndarray:
    """Likeness to the query and evidence for the class, weighed against each other."""
    return (1 - strength) * likeness + strength * CLASS_SHARE * evidence


def standardised(values: np.ndarray, everywhere: np.ndarray) -> np.ndarray:
    """Values scaled so that those `everywhere` have mean 0 and variance 1; all 0 if those are all equal."""
    mean = everywhere.mean()
    spread = everywhere.std(mean=mean)
    return (values - mean) / spread if spread > 0 else np.zeros_like(values)


def _backed_by_peers(embeddings: Embeddings, candidates: np.ndarray, evidence: np.ndarray) -> np.ndarray:
    """Each candidate's evidence, averaged with the mean evidence of its nearest other candidates."""
    peers = min(PEERS, len(candidates) - 1)
    if peers < 1:
        return evidence
    unit = embeddings.unit_rows(candidates)
    likeness = unit @ unit.T
    np.fill_diagonal(likeness, -np.inf)
    nearest = np.argpartition(likeness, -peers, axis=1)[:, -peers:]
    return (evidence + evidence[nearest].mean(axis=1)) / 2
