"""What the story of a labelled folder is told with: pictures and texts whose results make the point.

Nothing is taken on trust: every example has been searched with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.datasets.builtin import ILLUSTRATED, PASCAL
from imsearch_core.encoders.imagenet import meant_by
from imsearch_core.errors import UsageError
from imsearch_core.progress import Progress
from imsearch_core.search.query import Region
from imsearch_core.search.results import SearchResult
from imsearch_core.ui.search.neighbours import labels_of

K = 9
_SURE = 0.2  # the least probability of the first guess of an opening picture
_LOOKED_AT = 200  # pictures
_LABELS = 40
_ENOUGH = 6  # of K that make the point
_GAIN = 3  # pictures of the class that asking for more of it must bring


@dataclass(frozen=True)
class Examples:
    """What each step of the story searches with; None for a step that would not make its point."""

    opening: str
    """A file."""
    shows: str
    """The label that the opening picture and its neighbours have in common."""
    more_of: tuple[int, str] | None = None
    """An ImageNet class, by index, and the label that it is meant to bring."""
    region: tuple[Region, str] | None = None
    """A part of the opening picture, and the label of what is there."""
    text: tuple[str, str] | None = None
    """A text, and the label of what it describes."""


WRITTEN = {
    ILLUSTRATED: Examples(
        ILLUSTRATED.opening_query,
        "cat",
        more_of=(907, "bottle"),
        region=(Region(0.55, 0.3, 0.75, 0.7), "bottle"),
        text=("ship at sea", "boat"),
    ),
    PASCAL: Examples(PASCAL.opening_query, "cat", more_of=(737, "bottle"), text=("ship at sea", "boat")),
}


def written_examples(photos: Collection) -> Examples | None:
    """The examples chosen by hand for a built-in dataset."""
    written = (each for dataset, each in WRITTEN.items() if dataset.folder == photos.folder)
    return next((each for each in written if each.opening in photos), None)


def find_examples(photos: Collection, progress: Progress) -> Examples | None:
    """The best examples of a labelled folder, found by searching; None if no picture is good enough."""
    rng = np.random.default_rng(0)
    chosen = rng.permutation(len(photos))[:_LOOKED_AT]
    seen = []
    for done, item in enumerate(chosen):
        progress(done, len(chosen))
        file = photos.items[item].file
        guess = photos.classify(file, 1)[0]
        shown = [label for label in labels_of(photos, file) if guess.index in meant_by(label)]
        if guess.probability >= _SURE and shown:
            found = photos.search(file, K)
            seen.append((*count(photos, found, shown[0]), file, shown[0]))
    if not seen:
        return None
    seen.sort(key=lambda each: (-each[0], -each[1], each[2]))
    right = [each for each in seen if each[0] == seen[0][0]]
    for *_, file, label in right:  # best is an opening picture that also shows what focus does
        more = _more_of(photos, file, label)
        if more:
            return Examples(file, label, more, None, _text(photos))
    *_, file, label = seen[0]
    return Examples(file, label, None, None, _text(photos))


def count(photos: Collection, found: SearchResult, label: str) -> tuple[int, int]:
    """How many results show `label`, and how many of these are filed elsewhere."""
    shown = [result for result in found.results if label in labels_of(photos, result.file)]
    return len(shown), sum(result.label != label for result in shown)


def _more_of(photos: Collection, file: str, shown: str) -> tuple[int, str] | None:
    """The class of another label of a picture that brings most pictures of that label."""
    plain = photos.search(file, K)
    gains = [
        (count(photos, photos.search(file, K, focus=index, method="focus"), label)[0], index, label)
        for label in sorted(labels_of(photos, file) - {shown})
        for index in list(meant_by(label))[:3]
    ]
    best = max(gains, default=(0, 0, ""))
    enough = best[0] >= max(_ENOUGH, count(photos, plain, best[2])[0] + _GAIN)
    return best[1:] if enough else None


def _text(photos: Collection) -> tuple[str, str] | None:
    """The label that is found best by its own name; of equals, the one most often filed elsewhere."""
    found = [(*_found(photos, label), label) for label in _some(filter(None, photos.label_counts))]
    best = max(found, default=(0, 0, ""))
    return (best[2].replace("_", " "), best[2]) if best[0] >= _ENOUGH else None


def _found(photos: Collection, label: str) -> tuple[int, int]:
    try:
        found = photos.search_text(label.replace("_", " "), K)
    except UsageError:
        return 0, 0
    return count(photos, found, label) if found.likely else (0, 0)  # the page would say that none shows it


def _some(labels: Iterable[str]) -> Sequence[str]:
    return sorted(labels)[:_LABELS]
