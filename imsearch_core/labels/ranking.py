"""Judges the label of every picture, from embeddings and labels alone.

The quality of a label is its out-of-sample probability p (`probabilities`; cleanlab's self-confidence,
Northcutt, Jiang and Chuang 2021, arXiv 1911.00068), as (p + 0.0001)·e^(z/4) where the picture looks like
another class. z is the label's standing: by how many standard deviations the evidence for it
exceeds what other pictures of that other class show. A cat beside a bottle, filed under bottle, is
bottle-like for a cat; a cat filed under dog is no more like a dog than other cats are. So labels
that are right but not the main thing come after those that are plainly wrong, and the standing
tells the two kinds apart.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.files import atomic_write, read_arrays
from imsearch_core.labels.duplicates import duplicate_groups
from imsearch_core.labels.neighbours import nearest
from imsearch_core.labels.probabilities import VOTERS, Opinion, class_probabilities, spaces_of
from imsearch_core.progress import Progress, silent
from imsearch_core.vectors.embeddings import Embeddings

NEIGHBOURS = 9
_METHOD = 4  # raise it when judgements change, so that stored ones are made again
_KEPT = 4  # stored judgements per collection: as given, as corrected, and the ones before
_LEAST = 1e-4  # below it, differences of a confidence mean nothing
_STANDING = 0.25  # weight of the standing in the logarithm of the quality
_PRESENT = 0.8  # the standing from which a label is taken to be in the picture
_FEW = 3  # pictures of a class that a standing must at least be measured against
_OUTLYING = 3.5  # robust standard deviations


class LabelIssue(StrEnum):
    """What is the matter with a picture's label, or with the picture."""

    WRONG = "probably wrong"
    SECONDARY = "not the main thing"
    CONFLICT = "duplicate, other label"
    DUPLICATE = "duplicate"
    OUTLIER = "outlier"
    FINE = "fine"
    UNLABELLED = "unlabelled"

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at it."""
        return self not in (LabelIssue.FINE, LabelIssue.DUPLICATE)

    @property
    def explanation(self) -> str:
        """One sentence for a person who cleans labels."""
        return _EXPLANATIONS[self]


_EXPLANATIONS = {
    LabelIssue.WRONG: "The picture looks like another class and hardly like its own.",
    LabelIssue.SECONDARY: "The label may be right, but another class dominates the picture.",
    LabelIssue.CONFLICT: "Nearly the same picture occurs under another label: one of the two is wrong.",
    LabelIssue.DUPLICATE: "Nearly the same picture occurs again under the same label.",
    LabelIssue.OUTLIER: "The picture resembles no other in the collection.",
    LabelIssue.FINE: "Nothing speaks against the label.",
    LabelIssue.UNLABELLED: "The picture has no label; the suggestion is what it looks like.",
}

_ISSUES = list(LabelIssue)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One of the pictures most like a judged one: the evidence."""

    file: str
    label: str | None
    cosine: float
    """-1 to 1."""


@dataclass(frozen=True, slots=True)
class JudgedLabel:
    """A picture's label and what the other pictures say about it."""

    file: str
    label: str | None
    suggested: str | None
    """The class that the picture looks like; None where the collection has less than two classes."""
    quality: float | None
    """How well the label fits, 0 to 1; None without a label."""
    kind: LabelIssue
    neighbours: tuple[Neighbour, ...]
    """The NEIGHBOURS nearest pictures, nearest first."""


def judge_labels(
    embeddings: Embeddings,
    files: Sequence[str],
    labels: Sequence[str | None],
    head: ClassHead | None = None,
    *,
    cache: Path | None = None,
    version: str = "",
    progress: Progress = silent,
) -> tuple[JudgedLabel, ...]:
    """Judge the label of every picture: worst first, unlabelled ones last.

    `files` and `labels` name each of the `embeddings`; `head` tells what ImageNet classes they show.
    `progress(done, total)` counts pictures. With a folder as `cache` the judgements are kept there and
    used again until the labels, or the `version` of the embeddings, change.
    """
    classes = sorted({label for label in labels if label is not None})
    kept = cache and cache / f"labels-{_fingerprint(version, files, labels)}.npz"
    judgements = _read(kept) if kept else None
    if judgements is None:
        judgements = _judge(embeddings, labels, classes, head, progress)
        if kept:
            _write(kept, judgements)
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
    embeddings: Embeddings,
    given: Sequence[str | None],
    classes: list[str],
    head: ClassHead | None,
    progress: Progress,
) -> _Judgements:
    unit = embeddings.unit_rows(np.arange(len(embeddings)))
    found, cosines = nearest(unit, VOTERS, lambda done, total: progress(done // 2, total))
    code = {label: c for c, label in enumerate(classes)}
    labels = np.array([code.get(label, -1) for label in given], np.int64)
    if len(classes) > 1:
        logits = None if head is None else class_logits(unit, embeddings.norms, head)
        opinion = class_probabilities(
            spaces_of(unit, (found, cosines), logits),
            labels,
            lambda done, total: progress((total + done) // 2, total),
        )
        suggested = opinion.likely.argmax(axis=1)
        rise = standing(opinion, labels)
        quality = label_quality(opinion, labels, rise)
        issues = _issues(opinion, labels)
    else:  # nothing to confuse the labels with
        suggested, quality = np.full(len(labels), -1), np.ones(len(labels))
        rise, issues = np.zeros(len(labels)), np.zeros(len(labels), bool)
    kinds = _kinds(labels, suggested, issues, rise, found, cosines)
    return _Judgements(
        suggested,
        quality,
        np.array([_ISSUES.index(kind) for kind in kinds], np.int64),
        found[:, :NEIGHBOURS],
        cosines[:, :NEIGHBOURS],
    )


def class_logits(unit: np.ndarray, norms: np.ndarray, head: ClassHead) -> np.ndarray:
    """float32 [n, 1000]: ImageNet logits of embeddings `unit` [n, d] times `norms` [n]."""
    return (unit @ head.weights) * norms[:, None] + head.bias


def standing(opinion: Opinion, labels: np.ndarray) -> np.ndarray:
    """float64 [n]: by how many standard deviations the evidence for a picture's label exceeds that
    in the other pictures that look like the same class and are filed under it.

    0 where the label is what the picture looks like, for `labels` int64 [n] of -1, and where there
    are too few others to tell. Between -4 and 4.
    """
    suggested = opinion.likely.argmax(axis=1)
    result = np.zeros(len(labels))
    for other in np.unique(suggested):
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
    from cleanlab.rank import get_label_quality_scores

    quality = np.full(len(labels), np.nan)
    known = np.flatnonzero(labels >= 0)
    confidence = get_label_quality_scores(labels[known], opinion.likely[known], method="self_confidence")
    quality[known] = np.minimum((confidence + _LEAST) * np.exp(_STANDING * rise[known]), 1)
    return quality


def _issues(opinion: Opinion, labels: np.ndarray) -> np.ndarray:
    """bool [n]: the labels that confident learning would remove (arXiv 1911.00068)."""
    from cleanlab.filter import find_label_issues

    issues = np.zeros(len(labels), bool)
    known = np.flatnonzero(labels >= 0)
    issues[known] = find_label_issues(
        labels[known],
        opinion.likely[known],
        filter_by="prune_by_class",
        min_examples_per_class=0,
        n_jobs=1,
    )
    return issues


def _kinds(
    labels: np.ndarray,
    suggested: np.ndarray,
    issues: np.ndarray,
    rise: np.ndarray,
    found: np.ndarray,
    cosines: np.ndarray,
) -> list[LabelIssue]:
    closeness = cosines[:, :3].mean(axis=1) if cosines.size else np.zeros(len(labels))
    middle = np.median(closeness)
    spread = 1.4826 * np.median(np.abs(closeness - middle))  # a standard deviation, whatever the outliers
    kinds = []
    for i, label in enumerate(labels):
        if label < 0:
            kinds.append(LabelIssue.UNLABELLED)
        elif issues[i] and suggested[i] != label:
            kinds.append(LabelIssue.SECONDARY if rise[i] >= _PRESENT else LabelIssue.WRONG)
        elif closeness[i] < middle - _OUTLYING * spread:
            kinds.append(LabelIssue.OUTLIER)
        else:
            kinds.append(LabelIssue.FINE)
    for group in duplicate_groups(found, cosines):
        conflict = len({labels[i] for i in group if labels[i] >= 0}) > 1
        for i in group:
            if labels[i] >= 0 and (conflict or kinds[i] is LabelIssue.FINE):
                kinds[i] = LabelIssue.CONFLICT if conflict else LabelIssue.DUPLICATE
    return kinds


def _fingerprint(version: str, files: Sequence[str], labels: Sequence[str | None]) -> str:
    content = repr((_METHOD, version, list(zip(files, labels, strict=True)))).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:16]


def _read(path: Path) -> _Judgements | None:
    try:
        return _Judgements(**read_arrays(path))
    except TypeError:  # missing or damaged: judged again
        return None


def _write(path: Path, judgements: _Judgements) -> None:
    try:
        with atomic_write(path) as temporary, temporary.open("wb") as file:
            np.savez(file, **judgements._asdict())
        stored = sorted(path.parent.glob("labels-*.npz"), key=lambda file: file.stat().st_mtime)
        for old in stored[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:  # nowhere to keep it: judged again next time
        pass
