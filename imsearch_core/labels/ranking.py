"""Judges the label of every picture, from embeddings and labels alone.

The quality of a label is its out-of-sample probability p (`probabilities`; cleanlab's self-confidence,
Northcutt, Jiang and Chuang 2021, arXiv 1911.00068), taken as (p + 0.0001)·e^(z/4). z is 0 unless the
picture looks like another class. Then it is the label's standing: by how many standard deviations the
evidence for it exceeds what other pictures of that other class show. A cat next to a bottle, filed under
bottle, is bottle-like for a cat; a cat filed under dog is no more like a dog than other cats are. So
labels that are right but not the main thing come after those that are plainly wrong, and the standing
separates the two kinds.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.files import read_arrays, write_arrays
from imsearch_core.garbage import no_garbage
from imsearch_core.index import Contents
from imsearch_core.labels.duplicates import THRESHOLD, pairs_alike
from imsearch_core.labels.probabilities import (
    VOTERS,
    ClassLogits,
    Opinion,
    class_probabilities,
    views_of,
)
from imsearch_core.low_priority import LowPriorityProcess
from imsearch_core.progress import Progress, never_still, part, silent
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.neighbours import EXACT_UP_TO, neighbours

NEIGHBOURS = 9
_METHOD = 8  # raise it when judgements change, so that stored ones are made again
_KEPT = 4  # stored judgements per collection: the folder may be read in other ways, and change back
_LEAST = 1e-4  # below it, differences of a confidence mean nothing
_STANDING = 0.25  # weight of the standing in the logarithm of the quality
_PRESENT = 0.8  # the standing from which a label is taken to be in the picture
_FEW = 3  # the fewest pictures of a class that a standing can be measured against
_TIE = 1e-3  # probabilities this close are equal
_APART, _FAR_APART = 2.5, 3.5  # robust standard deviations
_LEAST_SPREAD = 0.05  # of cosines: among pictures that are all alike small differences mean nothing
_CONFIRMED = 0.5  # the quality from which a picture that is far apart is still one of its class
_BLOCK = 4096  # pictures
_UNRECOGNISED = 50  # ImageNet classes between which the classifier wavers (perplexity)


class LabelIssue(StrEnum):
    """What is the matter with a picture's label, or with the picture."""

    WRONG = "probably wrong"
    SECONDARY = "not the main thing"
    CONFLICT = "duplicate, other label"
    LEAK = "duplicate, other split"
    DUPLICATE = "duplicate"
    OUTLIER = "outlier"
    FINE = "fine"
    UNLABELLED = "unlabelled"

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at it."""
        return self not in (LabelIssue.FINE, LabelIssue.DUPLICATE)

    @property
    def in_words(self) -> str:
        """What a person who cleans labels reads."""
        return "No problem found" if self is LabelIssue.FINE else self.capitalize()

    @property
    def explanation(self) -> str:
        """One sentence for a person who cleans labels."""
        return _EXPLANATIONS[self]


_EXPLANATIONS = {
    LabelIssue.WRONG: "The picture looks like another class and hardly like its own.",
    LabelIssue.SECONDARY: "The label may be right, but another class dominates the picture.",
    LabelIssue.CONFLICT: "Nearly the same picture occurs under another label: one of the two is wrong.",
    LabelIssue.LEAK: "Nearly the same picture occurs in another split, such as train and test.",
    LabelIssue.DUPLICATE: "Nearly the same picture occurs again under the same label.",
    LabelIssue.OUTLIER: "The picture hardly resembles any other in the collection.",
    LabelIssue.FINE: "Nothing speaks against the label.",
    LabelIssue.UNLABELLED: "Give the picture a class, or leave it as it is.",
}

_ISSUES = list(LabelIssue)
FITS = ((0.5, "good"), (0.2, "fair"), (0.05, "low"), (0, "very low"))  # from which quality on


# Frozen ones would take three times as long to make, and of 100,000 pictures there are a million.
@dataclass(slots=True, unsafe_hash=True)
class Neighbour:
    """One of the pictures most like a judged one: the evidence. Never changed once made."""

    file: str
    label: str | None
    cosine: float
    """-1 to 1."""


@dataclass(slots=True, unsafe_hash=True)
class JudgedLabel:
    """A picture's label and what the other pictures say about it. Never changed once made."""

    file: str
    label: str | None
    suggested: str | None
    """The class that the picture looks like; None if the collection has fewer than two classes, or if
    several other classes fit equally well."""
    quality: float | None
    """How well the label fits, 0 to 1; None without a label. 1 if there is only one class."""
    kind: LabelIssue
    neighbours: tuple[Neighbour, ...]
    """The NEIGHBOURS nearest pictures, nearest first."""

    @property
    def fit(self) -> str:
        """The quality in a word; empty without a label."""
        if self.quality is None:
            return ""
        return next(word for least, word in FITS if self.quality >= least)


def judge_labels(
    contents: Contents, head: ClassHead | None, progress: Progress = silent
) -> tuple[JudgedLabel, ...]:
    """Judge the given label of every picture: worst first, unlabelled ones last.

    `head` says which ImageNet classes they show. Judgements are kept in the folder of the contents and used
    again until labels, splits or embeddings change. `progress(done, total)` counts pictures.
    """
    items = contents.items
    files, labels = [item.file for item in items], [item.given_label for item in items]
    splits = [item.split for item in items]
    kept = contents.cache / f"labels-{_fingerprint(contents.version, files, labels, splits)}.npz"
    with never_still(progress) as telling:
        judgements = _read(kept)
        if judgements is None:
            arguments = contents.embeddings, _codes(labels), _codes(splits), head
            if len(items) > EXACT_UP_TO:  # by another process, whose memory is free again when it ends
                judgements = LowPriorityProcess(_judge, *arguments).result(telling)
            else:
                judgements = _judge(*arguments, telling)
            _write(kept, judgements)
        return _judged(judgements, files, labels)


@no_garbage()
def _judged(
    judgements: "_Judgements", files: Sequence[str], labels: Sequence[str | None]
) -> tuple[JudgedLabel, ...]:
    """What was found out, in words: worst first, unlabelled ones last."""
    classes = sorted({label for label in labels if label is not None})
    judged = [
        JudgedLabel(
            file=files[i],
            label=labels[i],
            suggested=classes[looks_like] if looks_like >= 0 else None,
            quality=None if labels[i] is None else quality,
            kind=_ISSUES[issue],
            neighbours=tuple(
                Neighbour(files[j], labels[j], cosine) for j, cosine in zip(near, cosines, strict=True)
            ),
        )
        for i, (looks_like, quality, issue, near, cosines) in enumerate(
            zip(*(column.tolist() for column in judgements), strict=True)
        )
    ]
    return tuple(sorted(judged, key=lambda one: (one.quality is None, one.quality or 0, one.file)))


def nothing_to_judge(labels: Iterable[str | None]) -> str | None:
    """Why the labels of a collection cannot be judged; None if they can."""
    classes = len({label for label in labels if label is not None})
    return {0: "no labels to judge yet", 1: "one class: nothing to judge"}.get(classes)


class _Judgements(NamedTuple):
    """What is found out about n pictures, as it is kept on disk."""

    suggested: np.ndarray
    """int64 [n]: the class, -1 for none."""
    quality: np.ndarray
    """float64 [n]: NaN for unlabelled pictures."""
    issue: np.ndarray
    """int64 [n]: the place in `_ISSUES`."""
    neighbours: np.ndarray
    """int64 [n, ≤ NEIGHBOURS], nearest first."""
    cosines: np.ndarray
    """float32 [n, ≤ NEIGHBOURS]."""


def _judge(
    embeddings: Embeddings, labels: np.ndarray, splits: np.ndarray, head: ClassHead | None, progress: Progress
) -> _Judgements:
    """Judge `labels` int64 [n], −1 for unlabelled; `splits` int64 [n] likewise."""
    n = len(labels)
    unit = embeddings.unit_rows(np.arange(n))
    near = neighbours(unit, VOTERS, part(progress, 0, 4))
    logits = None if head is None else class_logits(unit, embeddings.norms, head)
    suggested, rise = np.full(n, -1), np.zeros(n)
    quality, contested = np.where(labels >= 0, 1.0, np.nan), np.zeros(n, bool)
    strange = _unrecognised(logits, n)
    views = views_of(unit, near, logits, part(progress, 1, 4))
    apart = _apart(views.spaces[0].neighbours[1])[views.copy_of]
    if labels.max(initial=-1) > 0:  # there are classes to confuse
        opinion = class_probabilities(views, labels, part(progress, 2, 4))
        opinion.likely[(apart > _APART) & strange] = 1 / opinion.likely.shape[1]  # nothing to go by
        suggested, rise = looks_like(opinion, labels), standing(opinion, labels)
        quality = label_quality(opinion, labels, rise)
        contested = _issues(opinion, labels, views.copy_of) & (suggested >= 0) & (suggested != labels)
    progress(3, 4)
    kinds = np.full(len(labels), _ISSUES.index(LabelIssue.FINE))

    def mark(where: np.ndarray, issue: LabelIssue) -> None:
        kinds[where] = _ISSUES.index(issue)

    distinct, theirs = unit if len(views.distinct) == n else unit[views.distinct], views.spaces[0].neighbours
    again, conflict, leak = _repeated(pairs_alike(distinct, *theirs), views.copy_of, labels, splits)
    mark(again, LabelIssue.DUPLICATE)
    mark(leak, LabelIssue.LEAK)
    mark((apart > _FAR_APART) & (quality < _CONFIRMED), LabelIssue.OUTLIER)
    mark(contested, LabelIssue.WRONG)
    mark(contested & (rise >= _PRESENT), LabelIssue.SECONDARY)
    mark((apart > _APART) & strange, LabelIssue.OUTLIER)
    mark(conflict, LabelIssue.CONFLICT)
    mark(labels < 0, LabelIssue.UNLABELLED)
    return _Judgements(suggested, quality, kinds, near[0][:, :NEIGHBOURS], near[1][:, :NEIGHBOURS])


def _codes(names: Sequence[str | None]) -> np.ndarray:
    """int64 [n]: the place of each name in alphabetical order, −1 for None."""
    code = {name: c for c, name in enumerate(sorted({name for name in names if name is not None}))}
    return np.array([code.get(name, -1) for name in names], np.int64)


def class_logits(unit: np.ndarray, norms: np.ndarray, head: ClassHead) -> ClassLogits:
    """The ImageNet logits of embeddings `unit` [n, d] times `norms` [n]."""
    return lambda rows: (unit[rows] @ head.weights) * norms[rows, None] + head.bias


def looks_like(opinion: Opinion, labels: np.ndarray) -> np.ndarray:
    """int64 [n]: the most probable class of each picture; its own label if no other is more probable.

    −1 if several others are equally probable. `labels` int64 [n], −1 for unlabelled.
    """
    best = opinion.likely >= opinion.likely.max(axis=1, keepdims=True) - _TIE
    tied = best.sum(axis=1) > 1
    own = (labels >= 0) & best[np.arange(len(labels)), labels]
    return np.where(own, labels, np.where(tied, -1, opinion.likely.argmax(axis=1)))


def standing(opinion: Opinion, labels: np.ndarray) -> np.ndarray:
    """float64 [n]: by how many standard deviations the evidence for a picture's label exceeds that
    in the other pictures that look like the same class and are filed under it.

    0 if the label is what the picture looks like, if `labels` int64 [n] is −1, and if there are too few
    other pictures to tell. Between −4 and 4.
    """
    suggested = looks_like(opinion, labels)
    result = np.zeros(len(labels))
    for other in np.unique(suggested[suggested >= 0]):
        judged = np.flatnonzero((suggested == other) & (labels != other) & (labels >= 0))
        peers = opinion.evidence[(suggested == other) & (labels == other)]
        if len(peers) >= _FEW:
            theirs = peers[:, labels[judged]]
            excess = opinion.evidence[judged, labels[judged]] - theirs.mean(axis=0)
            result[judged] = excess / np.maximum(theirs.std(axis=0), 1e-9)
    return np.clip(result, -4, 4)


def label_quality(opinion: Opinion, labels: np.ndarray, rise: np.ndarray) -> np.ndarray:
    """float64 [n]: the quality of `labels` int64 [n], 0 to 1, where their standing is `rise` [n].

    NaN for unlabelled pictures.
    """
    import cleanlab.filter  # noqa: F401  first: threads that enter its circle of imports elsewhere lock each other
    from cleanlab.rank import get_label_quality_scores

    quality = np.full(len(labels), np.nan)
    known = np.flatnonzero(labels >= 0)
    confidence = get_label_quality_scores(labels[known], opinion.likely[known], method="self_confidence")
    quality[known] = np.minimum((confidence + _LEAST) * np.exp(_STANDING * rise[known]), 1)
    return quality


def _issues(opinion: Opinion, labels: np.ndarray, copy_of: np.ndarray) -> np.ndarray:
    """bool [n]: the labels that confident learning would remove (arXiv 1911.00068).

    Copies with the same label count once; `copy_of` int64 [n] as in `Views`.
    """
    from cleanlab.filter import find_label_issues

    issues = np.zeros(len(labels), bool)
    known = np.flatnonzero(labels >= 0)
    pairs = np.stack([copy_of[known], labels[known]])
    _, first, pair_of = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
    issues[known] = find_label_issues(
        labels[known[first]],
        opinion.likely[known[first]],
        filter_by="prune_by_class",
        min_examples_per_class=0,
        n_jobs=1,
    )[pair_of.ravel()]
    return issues


def _repeated(
    pairs: Iterable[tuple[np.ndarray, np.ndarray]],
    copy_of: np.ndarray,
    labels: np.ndarray,
    splits: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """bool [n] each: pictures that occur again, that do so under another label, and in another split.

    `pairs` are those of distinct pictures that are alike; `copy_of` int64 [n] as in `Views`.
    """
    again = np.bincount(copy_of) > 1
    known = [_Range.of(names, copy_of) for names in (labels, splits)]
    seen = [_Range(one.least.copy(), one.most.copy()) for one in known]
    for rows, others in pairs:
        again[rows] = True
        for one, theirs in zip(seen, known, strict=True):
            np.minimum.at(one.least, rows, theirs.least[others])
            np.maximum.at(one.most, rows, theirs.most[others])
    differ = [one.differs(names, copy_of) for one, names in zip(seen, (labels, splits), strict=True)]
    return again[copy_of], *differ


class _Range(NamedTuple):
    """The least and the greatest of the codes that each distinct picture and those like it have."""

    least: np.ndarray
    """int64 [d]: beyond all codes if none is known."""
    most: np.ndarray
    """int64 [d]: −1 if none is known."""

    @classmethod
    def of(cls, codes: np.ndarray, copy_of: np.ndarray) -> "_Range":
        distinct = int(copy_of.max(initial=-1)) + 1
        found = cls(np.full(distinct, np.iinfo(np.int64).max), np.full(distinct, -1))
        known = codes >= 0
        np.minimum.at(found.least, copy_of[known], codes[known])
        np.maximum.at(found.most, copy_of[known], codes[known])
        return found

    def differs(self, codes: np.ndarray, copy_of: np.ndarray) -> np.ndarray:
        """bool [n]: which pictures have one of `codes` int64 [n] when another is among those like them."""
        return (codes >= 0) & ((self.least[copy_of] < codes) | (self.most[copy_of] > codes))


def _apart(cosines: np.ndarray) -> np.ndarray:
    """float64 [n]: by how many robust standard deviations a picture is further from its nearest three
    than most are. One or two near-duplicates are passed over, as they say nothing about the collection.

    `cosines` [n, k] are those of `nearest`.
    """
    if not cosines.size:
        return np.zeros(len(cosines))
    again = (cosines >= THRESHOLD).sum(axis=1)
    first = np.where(again < 3, again, 0)
    places = np.minimum(first[:, None] + np.arange(3), cosines.shape[1] - 1)
    closeness = np.take_along_axis(cosines, places, axis=1).mean(axis=1, dtype=np.float64)
    middle = np.median(closeness)
    spread = 1.4826 * np.median(np.abs(closeness - middle))  # a standard deviation, despite outliers
    return (middle - closeness) / max(spread, _LEAST_SPREAD)


def _unrecognised(logits: ClassLogits | None, n: int) -> np.ndarray:
    """bool [n]: pictures in which the ImageNet classifier sees nothing in particular, such as noise."""
    found = np.zeros(n, bool)
    for start in range(0, 0 if logits is None else n, _BLOCK):
        some = np.arange(start, min(start + _BLOCK, n))
        shifted = logits(some)
        shifted -= shifted.max(axis=1, keepdims=True)
        powers = np.exp(shifted)
        total = powers.sum(axis=1)
        found[some] = np.log(total) - (powers * shifted).sum(axis=1) / total > np.log(_UNRECOGNISED)
    return found


def _fingerprint(
    version: str, files: Sequence[str], labels: Sequence[str | None], splits: Sequence[str | None]
) -> str:
    rows = list(zip(files, labels, splits, strict=True))
    content = repr((_METHOD, version, rows)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:16]


def _read(path: Path) -> _Judgements | None:
    try:
        return _Judgements(**read_arrays(path))
    except TypeError:  # missing or damaged: judged again
        return None


def _write(path: Path, judgements: _Judgements) -> None:
    try:
        write_arrays(path, **judgements._asdict())
        stored = sorted(path.parent.glob("labels-*.npz"), key=lambda file: file.stat().st_mtime)
        for old in stored[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:  # nowhere to keep it: judged again next time
        pass
