"""What searches conditioned on a class lose and gain by comparing only an engine's candidates.

For pictures as queries, each with the class that the encoder sees in some other picture, the first 9
neighbours are compared with those of exact search over a range of over-fetch factors: how many candidates
the engine is asked for, for each result wanted.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.index import Index
from imsearch_core.search import candidates
from imsearch_core.search import focus as focusing
from imsearch_core.search.ranking import CLASS_METHODS, DEFAULT_STRENGTH
from imsearch_core.vectors.embeddings import Embeddings, best

K = 9
FACTORS = (1, 3, 10, 30, 100)
QUERIES = 100


@dataclass(frozen=True)
class Fetched:
    """One method at one over-fetch factor."""

    method: str
    candidates_per_result: int
    """Candidates for each result; 1 for plain, which takes the engine's results as they are."""
    recall: float
    """How many of exact search's first 9 are found, mean, 0 to 1."""
    milliseconds: float
    """Median of a query."""
    exact_milliseconds: float
    """Median of the same query compared with every image."""


def measure_candidates(
    embeddings: Embeddings, head: ClassHead, index: Index, factors: Sequence[int] = FACTORS
) -> list[Fetched]:
    """Every method at each of the over-fetch `factors`, which are set on `index`."""
    rng = np.random.default_rng(0)
    chosen = rng.permutation(len(embeddings))[:QUERIES]
    others = rng.permutation(len(embeddings))[: len(chosen)]
    classes = [int(head.logits(embeddings[item]).argmax()) for item in others]
    kin = {index: focusing.related_weights(head, index) for index in set(classes)}
    sample = embeddings.subset(np.sort(rng.permutation(len(embeddings))[:10_000]))

    def exact(method: str, item: int, class_index: int) -> np.ndarray:
        query, weights = embeddings[item], head.weights[:, class_index]
        likeness = embeddings.dot(query) / (embeddings.norms * np.linalg.norm(query))  # nothing is kept
        if method == "plain":
            return best(likeness, K)
        if method == "reweigh":
            return best(focusing.reweigh(embeddings, query, weights), K)
        return focusing.focus(embeddings, likeness, kin[class_index], DEFAULT_STRENGTH, K).items

    def fetched(method: str, item: int, class_index: int) -> np.ndarray:
        query, weights = embeddings[item], head.weights[:, class_index]
        if method == "plain":
            return index.query(query, K)[0]
        if method == "reweigh":
            items = candidates.reweigh_candidates(index, query, weights, K)
            return items[best(focusing.reweigh(embeddings.subset(items), query, weights), K)]
        return candidates.focus_candidates(
            index, embeddings, sample, query, kin[class_index], DEFAULT_STRENGTH, K
        ).items

    cases = list(zip(chosen.tolist(), classes, strict=True))
    found = []
    for method in ("plain", *CLASS_METHODS):
        truths, exact_times = _timed(exact, method, cases)
        for factor in (1,) if method == "plain" else factors:
            index.candidates_per_result = factor
            answers, times = _timed(fetched, method, cases)
            recall = np.mean([np.isin(t, a).mean() for t, a in zip(truths, answers, strict=True)])
            found.append(Fetched(method, factor, float(recall), times, exact_times))
    return found


def _timed(search: Callable, method: str, cases: list[tuple[int, int]]) -> tuple[list[np.ndarray], float]:
    """The answers to all cases, and the median milliseconds of one."""
    answers, times = [], []
    search(method, *cases[0])  # what is made once is not counted
    for case in cases:
        started = time.perf_counter()
        answers.append(search(method, *case))
        times.append((time.perf_counter() - started) * 1000)
    return answers, float(np.median(times))
