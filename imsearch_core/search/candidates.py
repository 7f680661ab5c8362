"""Class-conditioned search with engines that hold too many pictures to compare them all.

Such an engine only knows the plain space. Given the right vector, though, its neighbours are good
candidates for a search conditioned on a class, and are then scored as in `imsearch_core.search.focus`:

- reweigh is Σ w²·q·x divided by the weighted length of x, and Σ w²·q·x is the inner product of x and w²∘q.
- focus ranks by (1 - s)·cosine / σ + s·λ·w·x / τ, with class weights w and the standard deviations σ and
  τ over the collection. Apart from the length of x, that is the inner product of x with
  (1 - s)·q / (|q|·σ) + s·λ·ℓ·w / τ, where ℓ is the mean length.

Focus standardises over a sample instead of the collection, so Python's part of the cost does not grow
with it; `bench milvus` measures what is lost.
"""

import numpy as np

from imsearch_core.index import EVERYTHING, Filter, Index
from imsearch_core.search.focus import Focused, blend, ranked, standardised
from imsearch_core.vectors.embeddings import Embeddings

_TINY = 1e-12  # instead of dividing by zero


def reweigh_candidates(
    index: Index, query: np.ndarray, class_weights: np.ndarray, k: int, only: Filter = EVERYTHING
) -> np.ndarray:
    """int64: items that are likely to include the `k` best of a search reweighed by a class.

    `query` and `class_weights` are float32 [d], as in `focus.reweigh`.
    """
    return index.query(query * class_weights**2, index.candidates_per_result * k, only)[0]


def focus_candidates(
    index: Index,
    embeddings: Embeddings,
    sample: Embeddings,
    query: np.ndarray,
    class_weights: np.ndarray,
    strength: float,
    k: int,
    only: Filter = EVERYTHING,
    few: np.ndarray | None = None,
) -> Focused:
    """The `k` best candidates of a focused search, scored as by `focus.focus`.

    `query` and `class_weights` are float32 [d]; `sample` represents the whole collection. The items `few`
    int64 are the candidates if they are given, else the engine finds some.
    """
    if strength == 0:
        items, similarities = (
            index.query(query, k, only) if few is None else embeddings.nearest(query, k, few)
        )
        return Focused(items, similarities, similarities)
    likeness, evidence = sample.cosines_to(query), sample.dot(class_weights)
    items = few
    if items is None:
        towards_query = query / max(np.linalg.norm(query) * likeness.std(), _TINY)
        towards_class = sample.norms.mean() * class_weights / max(evidence.std(), _TINY)
        vector = blend(towards_query, towards_class, strength).astype(np.float32)
        items, _ = index.query(vector, index.candidates_per_result * k, only)
    candidates = embeddings.subset(items)
    similarities = candidates.cosines_to(query)
    found = ranked(
        candidates,
        similarities,
        standardised(similarities, likeness),
        standardised(candidates.dot(class_weights), evidence),
        strength,
        k,
    )
    return Focused(items[found.items], found.cosines, found.scores)
