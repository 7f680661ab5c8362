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
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from imsearch_core.files import atomic_write
from imsearch_core.labels.duplicates import duplicate_groups
from imsearch_core.labels.neighbours import nearest
from imsearch_core.labels.probabilities import VOTERS, Opinion, class_probabilities, spaces_of
from imsearch_core.progress import Progress, silent

if TYPE_CHECKING:
    from imsearch_core.collection import Collection

NEIGHBOURS = 9
_METHOD = 3  # raise it when judgements change, so that stored ones are made again
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
    photos: "Collection",
    progress: Progress = silent,
    labels: Mapping[str, str] | None = None,
) -> tuple[JudgedLabel, ...]:
    """Judge the label of every picture: worst first, unlabelled ones last.

    `labels` replaces the given label of some files, such as corrected ones; `progress(done, total)`
    counts images. The result is kept on disk until embeddings or labels change.
    """
    labels = labels or {}
    given = [labels.get(item.file, item.given_label) for item in photos.items]
    files = [item.file for item in photos.items]
    stored = photos.cache / f"labels-{_fingerprint(photos.version, files, given)}.json"
    try:
        return _read(stored)
    except (OSError, ValueError, KeyError, TypeError):
        judged = _judge(photos, files, given, progress)
        _write(stored, judged)
        return judged


def _judge(
    photos: "Collection", files: list[str], given: list[str | None], progress: Progress
) -> tuple[JudgedLabel, ...]:
    unit = photos.embeddings.unit_rows(np.arange(len(photos)))
    found, cosines = nearest(unit, VOTERS, lambda done, total: progress(done // 2, total))
    classes = sorted({label for label in given if label is not None})
    code = {label: c for c, label in enumerate(classes)}
    labels = np.array([code.get(label, -1) for label in given], np.int64)
    if len(classes) > 1:
        spaces = spaces_of(unit, (found, cosines), class_logits(photos, unit))
        opinion = class_probabilities(
            spaces, labels, lambda done, total: progress((total + done) // 2, total)
        )
        suggested = opinion.likely.argmax(axis=1)
        rise = standing(opinion, labels)
        quality = label_quality(opinion, labels, rise)
    else:  # nothing to confuse the labels with
        suggested, rise, quality = labels, np.zeros(len(labels)), np.ones(len(labels))
        opinion = None
    kinds = _kinds(labels, suggested, _issues(opinion, labels), rise, found, cosines)
    judged = [
        JudgedLabel(
            file=files[i],
            label=given[i],
            suggested=classes[suggested[i]] if opinion else None,
            quality=float(quality[i]) if labels[i] >= 0 else None,
            kind=kinds[i],
            neighbours=tuple(
                Neighbour(files[j], given[j], float(cosine))
                for j, cosine in zip(found[i, :NEIGHBOURS], cosines[i, :NEIGHBOURS], strict=True)
            ),
        )
        for i in range(len(files))
    ]
    return tuple(sorted(judged, key=lambda one: (one.quality is None, one.quality or 0, one.file)))


def class_logits(photos: "Collection", unit: np.ndarray) -> np.ndarray | None:
    """float32 [n, 1000]: the logits of ImageNet's classes, from the unit embeddings of all pictures.

    None if the encoder's class head is not stored.
    """
    if photos.head is None:
        return None
    return (unit @ photos.head.weights) * photos.embeddings.norms[:, None] + photos.head.bias


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
    import cleanlab.filter  # noqa: F401  first: threads that enter its circle of imports elsewhere lock each other
    from cleanlab.rank import get_label_quality_scores

    quality = np.full(len(labels), np.nan)
    known = np.flatnonzero(labels >= 0)
    confidence = get_label_quality_scores(labels[known], opinion.likely[known], method="self_confidence")
    quality[known] = np.minimum((confidence + _LEAST) * np.exp(_STANDING * rise[known]), 1)
    return quality


def _issues(opinion: Opinion | None, labels: np.ndarray) -> np.ndarray:
    """bool [n]: the labels that confident learning would remove (arXiv 1911.00068)."""
    from cleanlab.filter import find_label_issues

    issues = np.zeros(len(labels), bool)
    known = np.flatnonzero(labels >= 0)
    if opinion:
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


def _fingerprint(version: str, files: list[str], labels: list[str | None]) -> str:
    content = json.dumps([_METHOD, version, files, labels]).encode()
    return hashlib.sha256(content).hexdigest()[:16]


def _read(path: Path) -> tuple[JudgedLabel, ...]:
    checksum, _, content = path.read_text("utf-8").partition("\n")
    if checksum != _checksum(content):
        raise ValueError(f"{path} is damaged")
    return tuple(
        JudgedLabel(
            **row | {"kind": LabelIssue(row["kind"]), "neighbours": tuple(Neighbour(**n) for n in near)}
        )
        for row in json.loads(content)
        for near in [row["neighbours"]]
    )


def _write(path: Path, judged: tuple[JudgedLabel, ...]) -> None:
    try:
        with atomic_write(path) as temporary:
            content = json.dumps([asdict(one) for one in judged])
            temporary.write_text(f"{_checksum(content)}\n{content}", "utf-8")
        stored = sorted(path.parent.glob("labels-*.json"), key=lambda file: file.stat().st_mtime)
        for old in stored[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:  # nowhere to keep it: judged again next time
        pass


def _checksum(content: str) -> str:
    """Eight hexadecimal digits: a flipped bit in a file may leave it readable, and a judgement wrong."""
    return f"{zlib.crc32(content.encode()):08x}"
