"""Are wrong labels found? Some are planted, and the ranking is scored by its average precision.

Only pictures that are known to show a single class take part, and only classes with at least 10 such
pictures: labels.csv must list all classes present. A tenth of them gets a wrong label: that of any other
class, or of a class that looks alike (see LOOK_ALIKES). Every way of ranking gets the same mistakes. The
ways:

- ours: the quality that `labels` gives;
- cleanlab on ours: cleanlab's normalised margin on the same probabilities;
- cleanlab on a probe: cleanlab's self-confidence with 5-fold probabilities of one plain logistic
  regression on the embeddings;
- neighbour vote: the share of the 9 nearest pictures that bear the label.

If the folder has a truth.csv, as the illustrated dataset has, we know which of its own labels are wrong, and
look for these as well: among the pictures that show a single class, and among all pictures.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from imsearch_core.bench.command import LABELLED, add_bench
from imsearch_core.collection import Collection
from imsearch_core.errors import UsageError
from imsearch_core.labels.probabilities import VOTERS, Opinion, Views, class_probabilities, views_of
from imsearch_core.labels.ranking import class_logits, label_quality, standing
from imsearch_core.progress import Progress, silent
from imsearch_core.vectors.neighbours import nearest

SEEDS = range(5)
FEWEST = 10
LOOK_ALIKES = (
    ("cat", "dog"),
    ("bus", "car", "train"),
    ("sofa", "chair"),
    ("horse", "cow", "sheep"),
    ("bicycle", "motorbike"),
)
_NEIGHBOURS = 9
_WRONG = 0.1  # of the labels


Judge = Callable[[np.ndarray, Opinion], np.ndarray]
"""Labels int64 [n] and our opinion on them → their qualities, float [n]."""


@dataclass(frozen=True)
class LabelRanking:
    """How well one way of ranking finds one kind of wrong label."""

    planted: str
    """"uniform", "look-alikes", or the folder's own "wrong" labels."""
    method: str
    average_precision: float
    """0 to 1, mean over the seeds."""
    deviation: float | None
    """Sample standard deviation over the seeds; None for the folder's own."""


@dataclass(frozen=True)
class _Truth:
    """What truth.csv says about a picture's label."""

    wrong: bool
    main: bool
    """Whether its class fills more of the picture than any other."""


def bench_labels(folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Plant wrong labels in a tenth of the pictures and measure every way of finding them.

    `images` are those that took part in planting.

    Raises UsageError for too few pictures of one class.
    """
    photos = Collection.open(folder, progress=progress)
    truth = _read_truth(photos)
    items, labels, classes = _certain(photos, truth)
    if len(classes) < 2:
        raise UsageError(
            f"{folder} needs at least two classes with {FEWEST} pictures each that show only that class, "
            f"according to the column all_labels of labels.csv"
        )
    views, ways = _ways(photos, items)
    found = []
    for planted, wrong_classes in (
        ("uniform", _all_others(len(classes))),
        ("look-alikes", _look_alikes(classes)),
    ):
        if not any(wrong_classes):
            continue
        scores: dict[str, list[float]] = {method: [] for method in ways}
        for seed in SEEDS:
            given, wrong = _plant(labels, wrong_classes, seed)
            opinion = class_probabilities(views, given)
            for method, judge in ways.items():
                scores[method].append(average_precision(wrong, judge(given, opinion)))
        found += [
            LabelRanking(planted, method, float(np.mean(each)), float(np.std(each, ddof=1)))
            for method, each in scores.items()
        ]
    if truth:
        found += _own_mistakes(photos, truth)
    return {"images": len(items), "classes": len(classes), "found": found}


def average_precision(wrong: np.ndarray, quality: np.ndarray) -> float:
    """The average precision of a list that is sorted by `quality` float [n], worst first.

    That is the mean, over all that are `wrong` bool [n], of the precision of the list down to each;
    0 to 1. Equal qualities are one step.
    """
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(wrong, -quality))


def _certain(photos: Collection, truth: dict[str, _Truth]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The items that show one class, int64 [n], the class of each, int64 [n], and the classes' names."""
    single = [
        (i, item.all_labels[0])
        for i, item in enumerate(photos.items)
        if len(item.all_labels) == 1 and not (item.file in truth and truth[item.file].wrong)
    ]
    counts = Counter(label for _, label in single)
    classes = sorted(label for label, count in counts.items() if count >= FEWEST)
    kept = [(i, classes.index(label)) for i, label in single if label in classes]
    items, labels = np.array(kept, np.int64).reshape(-1, 2).T
    return items, labels, classes


def _all_others(classes: int) -> list[list[int]]:
    return [[other for other in range(classes) if other != label] for label in range(classes)]


def _look_alikes(classes: list[str]) -> list[list[int]]:
    """For each class those that look like it."""
    groups = {label: group for group in LOOK_ALIKES for label in group}
    return [
        [classes.index(other) for other in groups.get(label, ()) if other in classes and other != label]
        for label in classes
    ]


def _plant(labels: np.ndarray, wrong_classes: list[list[int]], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels int64 [n], a tenth of them wrong (or all that have a wrong class); which, bool [n]."""
    rng = np.random.default_rng(seed)
    possible = [i for i, label in enumerate(labels) if wrong_classes[label]]
    chosen = rng.choice(possible, min(max(1, round(_WRONG * len(labels))), len(possible)), replace=False)
    given, wrong = labels.copy(), np.zeros(len(labels), bool)
    given[chosen] = [rng.choice(wrong_classes[labels[i]]) for i in chosen]
    wrong[chosen] = True
    return given, wrong


def _ways(photos: Collection, items: np.ndarray) -> tuple[Views, dict[str, Judge]]:
    """What `items` look like whatever their labels, and the ways to judge these, by name."""
    from cleanlab.rank import get_label_quality_scores

    unit = photos.embeddings.unit_rows(items)
    near = nearest(unit, VOTERS)
    views = views_of(unit, near, class_logits(unit, photos.embeddings.norms[items], photos.head))
    return views, {
        "ours": lambda labels, opinion: label_quality(opinion, labels, standing(opinion, labels)),
        "cleanlab on ours": lambda labels, opinion: get_label_quality_scores(
            labels, opinion.likely, method="normalized_margin"
        ),
        "cleanlab on a probe": lambda labels, _: get_label_quality_scores(
            labels, _plain_probe(unit, labels), method="self_confidence"
        ),
        "neighbour vote": lambda labels, _: (labels[near[0][:, :_NEIGHBOURS]] == labels[:, None]).mean(
            axis=1
        ),
    }


def _plain_probe(unit: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """float64 [n, classes]: 5-fold probabilities of logistic regression on the unit embeddings."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from threadpoolctl import threadpool_limits

    probe = LogisticRegression(C=10, max_iter=1000)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    with threadpool_limits(1):
        return cross_val_predict(probe, unit, labels, cv=folds, method="predict_proba")


def _own_mistakes(photos: Collection, truth: dict[str, _Truth]) -> list[LabelRanking]:
    """How the labels of the folder itself are ranked: among pictures of one class, and among all.

    Among all, right labels of things in the background compete with the wrong ones.
    """
    judged = [one for one in photos.suspect_labels() if one.quality is not None and one.file in truth]
    quality = np.array([one.quality for one in judged])
    wrong = np.array([truth[one.file].wrong for one in judged], bool)
    main = np.array([truth[one.file].main for one in judged], bool)
    single = np.array([len(photos.item(one.file).all_labels) == 1 for one in judged], bool)
    sorts = {
        "own, wrong, of one class": (wrong[single], quality[single]),
        "own, wrong, of all": (wrong, quality),
        "own, wrong or not the main thing": (wrong | ~main, quality),
    }
    return [
        LabelRanking(planted, "ours", average_precision(sought, ranked), None)
        for planted, (sought, ranked) in sorts.items()
        if sought.any()
    ]


def _read_truth(photos: Collection) -> dict[str, _Truth]:
    """What truth.csv says about the labels, by file; empty if the folder has none."""
    path = photos.folder / "truth.csv"
    if not path.is_file():
        return {}
    areas: dict[str, Counter[str]] = {}
    wrong: set[str] = set()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            areas.setdefault(row["file"], Counter())[row["class"]] += float(row["area"])
            if row["wrong"] == "1":
                wrong.add(row["file"])
    return {
        file: _Truth(file in wrong, areas[file].most_common(1)[0][0] == photos.item(file).given_label)
        for file in areas
        if file in photos
    }


def add(benches: argparse._SubParsersAction) -> None:
    add_bench(benches, "labels", "are wrong labels found?", bench_labels, LABELLED)
