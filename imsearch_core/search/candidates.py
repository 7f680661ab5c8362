"""Class-conditioned search through an engine that holds too many images to compare them all.

Such an engine knows the plain space alone. Asked with the right vector, though, its neighbours are
the candidates for a search conditioned on a class, which are then scored as `imsearch_core.search.focus`
scores everything:

- reweigh is Σ w²·q·x over the weighted length of x, and Σ w²·q·x is the inner product of x and w²∘q.
- focus ranks by (1 - s)·cosine / σ + s·λ·k·x / τ with kin weights k and the spreads σ and τ over the
  collection. But for the differing lengths of x, that is the inner product of x with
  (1 - s)·q / (|q|·σ) + s·λ·ℓ·k / τ, where ℓ is the mean length.

What focus standardises over the collection is standardised over a sample of it. Python's part
of the cost does not grow with the collection; `bench milvus` measures what is lost.
"""

import numpy as np

from imsearch_core.index import Index
from imsearch_core.search import focus as focusing
from imsearch_core.search.focus import Focused
from imsearch_core.vectors.embeddings import Embeddings

_TINY = 1e-12  # instead of dividing by zero


def candidates_of_reweigh(
    index: Index, query: np.ndarray, class_weights: np.ndarray, k: int, label: str | None = None
) -> np.ndarray:
    """int64: the items among which the `k` best of a search reweighed by a class should be.

    `query` and `class_weights` are float32 [d], as in `focus.reweigh`.
    """
    return index.query(query * class_weights**2, index.candidates_per_result * k, label)[0]


def focus(
    index: Index,
    embeddings: Embeddings,
    sample: Embeddings,
    query: np.ndarray,
    kin_weights: np.ndarray,
    strength: float,
    k: int,
    label: str | None = None,
) -> Focused:
    """The `k` best of a focused search, as `focus.focus` finds them.

    `query` and `kin_weights` are float32 [d]; `sample` stands for the whole collection.
    """
    if strength == 0:
        items, similarities = index.query(query, k, label)
        return Focused(items, similarities, similarities)
    likeness, evidence = sample.cosines_to(query), sample.dot(kin_weights)
    towards_query = query / max(np.linalg.norm(query) * likeness.std(), _TINY)
    towards_class = sample.norms.mean() * kin_weights / max(evidence.std(), _TINY)
    vector = focusing.blend(towards_query, towards_class, strength).astype(np.float32)
    items, _ = index.query(vector, index.candidates_per_result * k, label)
    candidates = embeddings.subset(items)
    similarities = candidates.cosines_to(query)
    found = focusing.ranked(
        candidates,
        similarities,
        focusing.standardised(similarities, likeness),
        focusing.standardised(candidates.dot(kin_weights), evidence),
        strength,
        k,
    )
    return Focused(items[found.items], found.cosines, found.scores)
