"""One search that makes the point: a query's plain neighbours, and the same focused on a class."""

from dataclasses import dataclass

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.encoders.imagenet import (
    ImageNetClass,
    Prediction,
    find_class,
    imagenet_classes,
    imagenet_indices,
    probabilities,
    top_classes,
)
from imsearch_core.search.query import Query
from imsearch_core.search.ranking import DEFAULT_STRENGTH
from imsearch_core.search.results import SearchResult
from imsearch_core.vectors.sampling import even_sample

K = 9
_QUERIES = 1000  # pictures among which a query is looked for
_COMPARED, _FOCUSED = 300, 60  # pairs of a query and a class that are searched with: plain, focused
_SEEN = 5  # the classes that the encoder sees in a picture: its most probable ones
_LEAST_PROBABLE = 0.03  # of a class that a query is said to show


@dataclass(frozen=True)
class Demonstration:
    """A search without and with a class."""

    plain: SearchResult
    focused: SearchResult
    shows: str
    """What is counted, such as "show cat, by their labels"."""
    before: int
    after: int
    """How many of the plain and of the focused results show the class."""

    @property
    def gain(self) -> int:
        """How many more of the results show the class when the search is focused on it."""
        return self.after - self.before


def demonstrate(
    photos: Collection, query: str | Query | None = None, focus: int | str | None = None
) -> Demonstration | None:
    """The search that gains most from a focus, among those with the given `query` and `focus`, if any.

    None if the encoder knows no classes, or if no picture shows a second class to focus on.
    Raises UsageError or ImsearchError for an unknown class or an unusable query, as `Collection.search` does.
    """
    if photos.head is None or len(photos) < 2:
        return None
    truth = _Truth(photos)
    target = None if focus is None else find_class(focus)
    if query is not None:
        asked = photos.query(query)
        wanted = [target] if target else _classes_in(photos, asked.embedding)
        pairs = [(asked, one) for one in wanted]
    else:
        pairs = _candidates(photos, truth, target)
    tried = [_plain(photos, truth, source, one) for source, one in pairs[:_COMPARED]]
    tried.sort(key=lambda plain: plain.before)  # those that have most to gain, and then the clearest
    shown = [_focused(photos, truth, plain) for plain in tried[:_FOCUSED]]
    return max(shown, key=lambda one: one.gain, default=None)


@dataclass(frozen=True)
class _Plain:
    """A plain search, of which a class is expected."""

    query: str | Query
    target: ImageNetClass
    found: SearchResult
    before: int


def _plain(photos: Collection, truth: "_Truth", query: str | Query, target: ImageNetClass) -> _Plain:
    found = photos.search(query, K)
    return _Plain(query, target, found, truth.count(found, target))


def _focused(photos: Collection, truth: "_Truth", plain: _Plain) -> Demonstration:
    focus = plain.target.index
    found = photos.search(plain.query, K, focus=focus, method="focus", strength=DEFAULT_STRENGTH)
    after = truth.count(found, plain.target)
    return Demonstration(plain.found, found, truth.words(plain.target), plain.before, after)


def _candidates(
    photos: Collection, truth: "_Truth", target: ImageNetClass | None
) -> list[tuple[str, ImageNetClass]]:
    """Pictures, each with a class that it shows in addition to its own label, the most probable first.

    By all labels of the pictures, where these name such a class; else by what the encoder sees.
    """
    labelled: list[tuple[float, str, int]] = []
    seen: list[tuple[float, str, int]] = []
    items = even_sample(len(photos), _QUERIES)
    probable = probabilities(photos.head.logits(photos.embeddings.rows(items)))
    for item, row in zip(items, probable, strict=True):
        picture = photos.items[item]
        own = photos.shown_labels[picture.file]
        for label in picture.all_labels:
            if label != own and (known := truth.classes_of(label)):
                index = max(known, key=row.__getitem__)
                labelled.append((float(row[index]), picture.file, index))
        first, *others = np.argsort(-row, kind="stable")[:_SEEN].tolist()
        # Without a label that ImageNet knows, the first class is what the picture is filed under.
        for index in [first, *others] if truth.classes_of(own) else others:
            if (
                row[index] >= _LEAST_PROBABLE
                and index not in truth.classes_of(own)
                and truth.can_judge(index)
            ):
                seen.append((float(row[index]), picture.file, index))
    for found in (labelled, seen):
        wanted = [one for one in found if target is None or one[2] == target.index]
        if wanted:
            wanted.sort(key=lambda candidate: (-candidate[0], candidate[1]))
            return [(file, imagenet_classes()[index]) for _, file, index in wanted]
    if target:  # no picture shows it next to something else: any query will do
        return [(photos.items[item].file, target) for item in even_sample(len(photos), _FOCUSED)]
    return []


def _classes_in(photos: Collection, embedding: np.ndarray) -> list[Prediction]:
    seen = top_classes(photos.head.logits(embedding), _SEEN)
    return [prediction for prediction in seen if prediction.probability >= _LEAST_PROBABLE]


class _Truth:
    """Which pictures show an ImageNet class: by their labels, else by what the encoder sees in them."""

    def __init__(self, photos: Collection) -> None:
        self._photos = photos
        self._shown = photos.shown_labels
        labels = {label for item in photos.items for label in item.all_labels} | set(self._shown.values())
        self._classes = {label: imagenet_indices(label) for label in labels - {None}}
        self._label_of = {index: label for label, known in self._classes.items() for index in known}

    def classes_of(self, label: str | None) -> tuple[int, ...]:
        """The ImageNet classes, by index, that a label stands for."""
        return self._classes.get(label, ())

    def can_judge(self, index: int) -> bool:
        """Whether labels tell which pictures show a class, or no label is of use for that."""
        return index in self._label_of or not self._label_of

    def count(self, found: SearchResult, target: ImageNetClass) -> int:
        """How many results show the class."""
        label = self._label_of.get(target.index)
        if label is None:
            seen = (self._photos.classify(result.file, _SEEN) for result in found)
            return sum(target.index in {one.index for one in classes} for classes in seen)
        return sum(
            label == self._shown[result.file] or label in self._photos.item(result.file).all_labels
            for result in found
        )

    def words(self, target: ImageNetClass) -> str:
        """What is counted, in words."""
        label = self._label_of.get(target.index)
        if label is None:
            return f"have {target.name} among their {_SEEN} most probable classes"
        return f"show {label}, by their labels"
