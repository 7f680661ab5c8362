"""Search conditioned on one ImageNet class, the target class: two methods that need no index of their own.

`reweigh` is the method of E. Ameisen, "Building an image search service from scratch" (2019):
multiply every embedding by the class's column of the classifier's weights, then compare by cosine.
The tutorial builds a new index per class, which is not needed: with class weights w and query q, the
cosine between q∘w and x∘w is

    Σ w²·q·x / ( √Σ w²q² · √Σ w²x² )

which takes one matrix-vector product with w²∘q, and the lengths √Σ w²x², which depend on the class
alone and are worth keeping. It hardly changes the results (`bench focus` measures it): a channel that
matters to the class gets the same weight whether or not a picture shows the class.

`focus` instead asks the classifier whether a picture shows the class. Its score for a picture x is

    (1 − s)·z(cosine(q, x))  +  s·λ·z(evidence(x))        0 ≤ s ≤ 1, the strength

where z standardises over the collection, so that the two terms are comparable for any encoder, class
and collection. Strength 0 gives the plain order, 1 the class alone; with λ < 1 the similarity leads
slightly at half strength. The evidence has three parts:

- The class's logit w·x. For a network that pools its last feature map, this is the mean over the
  picture of the class activation map (Zhou et al. 2016, arXiv 1512.04150).
- Related classes. Someone looking for a Siamese cat prefers a tabby to a washbasin, so the class weights
  are replaced by the mean of all classes' weights, each weighted by the square of its (positive)
  cosine to the target class. The weights are centred first, so that what all classes share does not
  count as a relation.
- The neighbourhood. Single logits are noisy, and similar pictures show the same things: the
  evidence of each of the POOL best candidates is averaged with the mean of its PEERS nearest other
  candidates (one step of label propagation; Zhou et al., "Learning with Local and Global
  Consistency", NIPS 2003). Only candidates take part, so the cost does not grow with the collection.

Embeddings and class head are all that is needed: nothing else is stored for a picture. The cost is one
more matrix-vector product than a plain search, and a POOL × POOL comparison.
"""

from dataclasses import dataclass

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.vectors.embeddings import Embeddings, best, best_of, cosines

CLASS_SHARE = 0.93
"""λ: the weight of one standard deviation of evidence, relative to one of cosine."""
POOL = 100
PEERS = 5


def reweigh(
    embeddings: Embeddings, query: np.ndarray, class_weights: np.ndarray, norms: np.ndarray | None = None
) -> np.ndarray:
    """Cosine similarity of `query` float32 [d] to every item in the space weighted by a class.

    `class_weights` float32 [d] is the target class's column of the class head; `norms` float32 [n] is
    `embeddings.weighted_norms(class_weights)`, if already known. Returns float32 [n].
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
    """float32 [k]: what the items are ordered by; comparable within one search only."""


def focus(
    embeddings: Embeddings,
    similarities: np.ndarray,
    class_weights: np.ndarray,
    strength: float,
    k: int,
    among: np.ndarray | None = None,
) -> Focused:
    """The `k` items that best combine similarity to a query with a class.

    `similarities` float32 [n] are the items' cosines to the query, `class_weights` float32 [d] come from
    `related_weights`; `strength` is 0 (plain) to 1 (class alone). `among` int64 are the items to choose
    from, if not all.
    """
    if strength == 0:
        items = best_of(similarities, k, among)
        return Focused(items, similarities[items], similarities[items])
    likeness = standardised(similarities, similarities)
    evidence = embeddings.dot(class_weights)
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
    """The second half of `focus`, with `likeness` and `evidence` float32 [n] already standardised."""
    candidates = best_of(blend(likeness, evidence, strength), max(POOL, k), among)
    backed = _backed_by_peers(embeddings, candidates, evidence[candidates])
    scores = blend(likeness[candidates], backed, strength)
    order = best(scores, k)
    return Focused(candidates[order], similarities[candidates[order]], scores[order])


def related_weights(head: ClassHead, target_class: int) -> np.ndarray:
    """float32 [d]: the mean weights of an ImageNet class, by index, and the classes related to it."""
    centred = head.weights - head.weights.mean(axis=1, keepdims=True)
    unit = centred / np.linalg.norm(centred, axis=0)
    relation = np.maximum(unit.T @ unit[:, target_class], 0) ** 2
    return head.weights @ (relation / relation.sum())


def blend(likeness: np.ndarray, evidence: np.ndarray, strength: float) -> np.ndarray:
    """The weighted sum of similarity to the query and evidence for the class."""
    return (1 - strength) * likeness + strength * CLASS_SHARE * evidence


def standardised(values: np.ndarray, everywhere: np.ndarray) -> np.ndarray:
    """`values` in standard deviations of `everywhere` from its mean; 0 if those are all equal."""
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
