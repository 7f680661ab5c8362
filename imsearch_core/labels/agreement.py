"""Whether pictures that look alike have the same label: the share of each one's neighbours that agree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import fmean

from imsearch_core.labels.ranking import JudgedLabel


def agreement(judged: Iterable[JudgedLabel], labels: Mapping[str, str | None]) -> dict[str, float]:
    """By file: the share of each labelled picture's nearest neighbours that have its label, 0 to 1.

    `labels` gives every file's label. The mean is precision at 9 with every picture as the query once.
    """
    return {
        one.file: fmean(labels[neighbour.file] == labels[one.file] for neighbour in one.neighbours)
        for one in judged
        if labels[one.file] is not None and one.neighbours
    }


def by_class(shares: Mapping[str, float], labels: Mapping[str, str | None]) -> dict[str, float]:
    """By label: the mean share of its pictures."""
    of_class: dict[str, list[float]] = defaultdict(list)
    for file, share in shares.items():
        of_class[labels[file]].append(share)
    return {label: fmean(found) for label, found in sorted(of_class.items())}
