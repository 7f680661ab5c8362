"""A refined similarity: embeddings transformed so that pictures of the same kind come closer together.

For an embedding x, with the mean taken over the collection and all vectors scaled to length 1 after each:

1. Square root: sign(x)·√(|x| / Σ|x|). Inner products become Hellinger kernels, in which a few large channels
   count less (R. Arandjelović and A. Zisserman, "Three things everyone should know to improve object
   retrieval", CVPR 2012). Encoders with negative values get the signed root.
2. Centring: the mean is subtracted, so that what all pictures share does not count.
3. Database-side augmentation: each picture becomes the mean of the NEIGHBOURS pictures nearest to it, itself
   included, each weighted by its squared cosine (same paper; A. Gordo et al., "End-to-end learning of deep
   visual representations for image retrieval", IJCV 2017).

A stored picture queries with its own refined embedding. Any other query (an upload, a region, a picture
moved towards others) is rooted and centred, then averaged in the same way with its nearest refined
embeddings; the candidates found first are then ranked again. Both take one product with all refined
embeddings, as a plain search does with the plain ones.

The refined embeddings are kept next to the store and are as large as the embeddings themselves. Making them
compares every picture with every other, in time n²·d, up to EXACT_UP_TO pictures; of more, with those in
nearby cells (`vectors.cells`), in a separate process. When pictures are added, changed or removed, the mean
stays as it is, and only these are recomputed:

- each new picture, compared with all others;
- each picture that lost a neighbour, compared with all others;
- each picture to which a new one is nearer than its present neighbours.

The result equals computing everything again with that mean. Everything, the mean included, is computed again
once less than half of the present pictures took part in the mean, or less than half of those that did are
left.
"""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from os import fsencode

import numpy as np

from imsearch_core.index import Contents
from imsearch_core.low_priority import LowPriorityProcess
from imsearch_core.progress import Progress, never_still, part, silent
from imsearch_core.search.refined_files import Facts, Made, alone, load, save
from imsearch_core.vectors.embeddings import Embeddings, best, best_of
from imsearch_core.vectors.neighbours import EXACT_UP_TO, Updated, neighbours, updated
from imsearch_core.vectors.unit import unit

NEIGHBOURS = 10
"""Pictures that a refined embedding is the mean of, itself included."""
_CANDIDATES = 100  # ranked again for a query that is not stored
_BLOCK_BYTES = 1 << 26


def rooted(embeddings: np.ndarray) -> np.ndarray:
    """float32 [n, d]: step 1 for `embeddings` float32 [n, d]; zeros stay zeros."""
    sums = np.abs(embeddings).sum(axis=1, keepdims=True)
    shares = np.divide(np.abs(embeddings), sums, out=np.zeros_like(embeddings), where=sums > 0)
    return np.copysign(np.sqrt(shares), embeddings)


def centred(embeddings: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """float32 [n, d]: steps 1 and 2, with the `mean` float32 [d] of the rooted embeddings."""
    return unit(rooted(embeddings) - mean)


def augmented(rows: np.ndarray, near: np.ndarray, cosines: np.ndarray) -> np.ndarray:
    """float32 [m, d]: step 3, each of `rows` float32 [m, d] averaged with those nearest to it.

    `near` float32 [m, k, d] are the nearest, `cosines` float32 [m, k] theirs to the row. Vectors that point
    away from the row do not count.
    """
    weights = np.maximum(cosines, 0) ** 2
    return unit(rows + np.einsum("mk,mkd->md", weights, near))


@dataclass(frozen=True)
class RefinedSpace:
    """The refined embeddings of a collection, to search in."""

    embeddings: Embeddings
    """The refined embedding of each item, of length 1."""
    mean: np.ndarray
    """float32 [d]: of the rooted embeddings."""

    def nearest_to_item(self, item: int, k: int, among: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """The `k` items nearest to a stored one, itself included, and their refined similarities.

        `among` int64 are the items to choose from, if not all. Returns int64 [≤ k] and float32 [≤ k].
        """
        return self.embeddings.nearest(self.embeddings[item], k, among)

    def nearest_to(
        self, vector: np.ndarray, k: int, among: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """As `nearest_to_item`, for any embedding float32 [d] that is not a stored picture's."""
        query = centred(vector[None].astype(np.float32), self.mean)
        similarities = self.embeddings.cosines_to(query[0])
        near = best(similarities, NEIGHBOURS - 1)
        query = augmented(query, self.embeddings.rows(near)[None], similarities[near][None])
        candidates = np.sort(best_of(similarities, max(_CANDIDATES, 4 * k), among))
        scores = self.embeddings.subset(candidates).cosines_to(query[0])
        order = best(scores, k)
        return candidates[order], scores[order]


class Refined:
    """The refined embeddings of one collection: made when first asked for, and kept. Threads may share it."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._lock = threading.Lock()
        self._space: RefinedSpace | None = None

    def read(self) -> RefinedSpace | None:
        """The space, if it has been made for just these embeddings."""
        with self._lock:
            if self._space is None:
                made = load(self._contents.cache)
                if made and made.facts.version == self._contents.version:
                    self._space = RefinedSpace(made.embeddings, made.facts.mean)
            return self._space

    def make(self, progress: Progress = silent) -> RefinedSpace:
        """The space, made or brought up to date if need be.

        If it cannot be kept on disk, it serves this process. Raises ImsearchError if embeddings are damaged.
        """
        return self.read() or self._made(progress)

    def _made(self, progress: Progress) -> RefinedSpace:
        with never_still(progress) as telling:
            if len(self._contents.items) > EXACT_UP_TO:
                LowPriorityProcess(_make_elsewhere, self._contents).result(telling)
                if space := self.read():  # None if the folder cannot be written to
                    return space
            with self._lock, alone(self._contents.cache) as writable:
                made = _up_to_date(self._contents, writable, telling)
                self._space = RefinedSpace(made.embeddings, made.facts.mean)
                return self._space


def _make_elsewhere(contents: Contents, progress: Progress) -> None:
    """Make the refined embeddings in their folder, if it can be written to."""
    with alone(contents.cache) as writable:
        if writable:
            _up_to_date(contents, writable, progress)


def _up_to_date(contents: Contents, writable: bool, progress: Progress) -> Made:
    """The refined embeddings of `contents`: those on disk, brought up to date if need be."""
    before = load(contents.cache)
    if before and before.facts.version == contents.version:
        return before
    roots, keys = _rooted_items(contents, part(progress, 0, 3))
    n = len(keys)
    k = min(NEIGHBOURS - 1, n - 1)
    source = np.full(n, -1)  # the item that each was before
    if before is not None:
        place_of = {key: place for place, key in enumerate(keys.tolist())}
        place = np.array([place_of.get(key, -1) for key in before.facts.keys.tolist()], np.int64)
        source[place[place >= 0]] = np.flatnonzero(place >= 0)
        averaged = (source >= 0) & before.facts.averaged[source]
        too_few = 2 * averaged.sum() < max(n, before.facts.averaged_once)
        if too_few or before.facts.nearest.shape[1] != k:
            before = None
    if before is None:
        mean, averaged, averaged_once = roots.mean(axis=0), np.ones(n, bool), n
        vectors = _centre_in_place(roots, mean)
        graph = Updated(*neighbours(vectors, k, part(progress, 1, 3)), np.ones(n, bool))
    else:
        mean, averaged_once = before.facts.mean, before.facts.averaged_once
        vectors = _centre_in_place(roots, mean)
        graph = updated(vectors, before.facts.nearest, before.facts.cosines, place, part(progress, 1, 3))

    def blocks() -> Iterator[np.ndarray]:
        """float32 [≤ step, d]: the refined embeddings; those that stay as they are come from `before`."""
        step = max(1, _BLOCK_BYTES // (4 * vectors.shape[1] * NEIGHBOURS))
        refining = part(progress, 2, 3)
        for start in range(0, n, step):
            refining(start, n)
            items = np.arange(start, min(start + step, n))
            block = np.empty((len(items), vectors.shape[1]), np.float32)
            anew = graph.changed[items]
            chosen = items[anew]
            block[anew] = augmented(vectors[chosen], vectors[graph.nearest[chosen]], graph.cosines[chosen])
            if not anew.all():
                block[~anew] = before.embeddings.rows(source[items[~anew]])
            yield block
        refining(n, n)

    facts = Facts(contents.version, keys, mean, averaged, averaged_once, graph.nearest, graph.cosines)
    if writable:
        with contextlib.suppress(OSError):
            save(contents.cache, facts, blocks())
            if made := load(contents.cache):
                return made
    return Made(facts, Embeddings(np.concatenate([*blocks()]), np.arange(n)))


def _rooted_items(contents: Contents, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
    """The rooted embeddings float32 [n, d], and uint64 [n] that stand for file and embedding."""
    n, d = len(contents.items), contents.embeddings.dimension
    roots, keys = np.empty((n, d), np.float32), np.empty(n, np.uint64)
    step = max(1, _BLOCK_BYTES // (4 * d))
    for start in range(0, n, step):
        progress(start, n)
        items = np.arange(start, min(start + step, n))
        rows = contents.embeddings.rows(items)
        roots[items] = rooted(rows)
        for item, row in zip(items, rows, strict=True):
            name = fsencode(contents.items[item].file) + b"\0"
            keys[item] = int.from_bytes(blake2b(name + row.tobytes(), digest_size=8).digest(), "little")
    return roots, keys


def _centre_in_place(roots: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """float32 [n, d]: `roots` after step 2, in the same memory."""
    step = max(1, _BLOCK_BYTES // (4 * roots.shape[1]))
    for start in range(0, len(roots), step):
        roots[start : start + step] = unit(roots[start : start + step] - mean)
    return roots
