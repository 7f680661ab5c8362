"""Search conditioned on one ImageNet class.

`reweigh` is the method of E. Ameisen, "Building an image search service from scratch" (2019):
multiply every embedding by the class's column of the classifier's weights, then compare by cosine.
The tutorial builds a new index per class. There is no need to: with w the class weights and q the
query, the cosine between q∘w and x∘w is

    Σ w²·q·x / ( √Σ w²q² · √Σ w²x² )

that is, one matrix-vector product with w²∘q, and the lengths √Σ w²x², which depend on the class
alone and are worth keeping.
"""

import numpy as np

from imsearch_core.embeddings import Embeddings, cosines


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
