"""Does focusing on a class find it, and do the results still resemble the query?

Every picture that shows several classes is a query for each of them that ImageNet knows. For each way of
searching we take precision at 9 (the share of the neighbours that show the class) and the mean cosine of
those neighbours to the query, in the plain space. "crop" stands for the detector that the tutorial rejects:
the region where the class's heat map reaches half of its peak is cut out and embedded with one more forward
pass, and that embedding is the query.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from imsearch_core.bench.command import LABELLED, add_bench
from imsearch_core.collection import Collection
from imsearch_core.compare.retrieval import interval_of_mean
from imsearch_core.encoders.imagenet import imagenet_indices
from imsearch_core.errors import UsageError
from imsearch_core.progress import Progress, silent
from imsearch_core.search import focus as focusing
from imsearch_core.vectors.embeddings import best

K = 9
STRENGTHS = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Way:
    """The figures of one way of searching; intervals are 95 % percentile bootstrap intervals over queries."""

    method: str
    precision: float
    """Mean precision at 9, 0 to 1."""
    precision_interval: tuple[float, float]
    cosine: float
    """Mean plain cosine of the 9 neighbours to the query."""
    cosine_interval: tuple[float, float]


@dataclass(frozen=True)
class _Case:
    item: int
    label: str
    index: int
    """The ImageNet class among the label's that the encoder sees most in this picture."""


def bench_focus(folder: Path, progress: Progress = silent, with_crop: bool = True) -> dict[str, Any]:
    """Measure every way on `folder`, whose labels.csv must list the classes present.

    A case is a picture with a class in it.

    The way "crop" takes most of the time: a heat map and a forward pass for each case.
    Raises UsageError if no picture has several classes.
    """
    photos = Collection.open(folder, progress=progress)
    cases = _cases(photos)
    if not cases:
        raise UsageError(
            f"{folder} has no pictures with several classes in the column all_labels of labels.csv"
        )
    embeddings, head = photos.embeddings, photos.head
    kin = {index: focusing.related_weights(head, index) for index in {case.index for case in cases}}

    def focus(strength: float) -> Callable[[_Case], np.ndarray]:
        def search(case: _Case) -> np.ndarray:
            likeness = embeddings.cosines_to(embeddings[case.item])
            return focusing.focus(embeddings, likeness, kin[case.index], strength, K + 1).items

        return search

    def reweigh(case: _Case) -> np.ndarray:
        return best(focusing.reweigh(embeddings, embeddings[case.item], head.weights[:, case.index]), K + 1)

    ways: dict[str, Callable[[_Case], np.ndarray]] = {"plain": focus(0), "reweigh": reweigh}
    ways |= {f"focus {strength:g}": focus(strength) for strength in STRENGTHS}

    def crop(case: _Case) -> np.ndarray:
        file = photos.items[case.item].file
        region = photos.heat_map(file, case.index).region()
        return best(embeddings.cosines_to(photos.query(file, region).embedding), K + 1)

    if with_crop:
        ways["crop"] = crop
    ways["logit alone"] = lambda case: best(embeddings.dot(head.weights[:, case.index]), K + 1)
    holds = {
        label: np.array([label in item.all_labels for item in photos.items])
        for label in {case.label for case in cases}
    }
    measured = [_measure(name, way, cases, photos, holds) for name, way in ways.items()]
    return {"cases": len(cases), "ways": measured}


def _cases(photos: Collection) -> list[_Case]:
    cases = []
    for item, picture in enumerate(photos.items):
        if len(picture.all_labels) < 2:
            continue
        logits = photos.head.logits(photos.embeddings[item])
        cases += [
            _Case(item, label, max(indices, key=lambda index: logits[index]))
            for label in picture.all_labels
            if (indices := imagenet_indices(label))
        ]
    return cases


def _measure(
    name: str,
    way: Callable[[_Case], np.ndarray],
    cases: list[_Case],
    photos: Collection,
    holds: dict[str, np.ndarray],
) -> Way:
    precisions, similarities = [], []
    for case in cases:
        found = way(case)
        found = found[found != case.item][:K]
        everywhere = photos.embeddings.cosines_to(photos.embeddings[case.item])
        precisions.append(holds[case.label][found].mean())
        similarities.append(everywhere[found].mean())
    return Way(
        name,
        float(np.mean(precisions)),
        interval_of_mean(np.array(precisions)),
        float(np.mean(similarities)),
        interval_of_mean(np.array(similarities)),
    )


def add(benches: argparse._SubParsersAction) -> None:
    add_bench(benches, "focus", "does focusing on a class find it?", bench_focus, LABELLED)
