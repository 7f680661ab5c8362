"""Judges the label of every picture, from embeddings and labels alone."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from imsearch_core.files import atomic_write
from imsearch_core.indexing import Progress
from imsearch_core.labels.duplicates import duplicate_groups
from imsearch_core.labels.neighbours import nearest
from imsearch_core.labels.probabilities import class_probabilities

if TYPE_CHECKING:
    from imsearch_core.search import Collection

NEIGHBOURS = 9
_METHOD = 1  # raise it when judgements change, so that stored ones are made again
_KEPT = 4  # stored judgements per collection: as given, as corrected, and the ones before
_PRESENT = 0.1
_OUTLYING = 3.5


class Kind(StrEnum):
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
        return self not in (Kind.FINE, Kind.DUPLICATE)

    @property
    def explanation(self) -> str:
        """One sentence for a person who cleans labels."""
        return _EXPLANATIONS[self]


_EXPLANATIONS = {
    Kind.WRONG: "The picture looks like another class and hardly like its own.",
    Kind.SECONDARY: "The label may be right, but another class dominates the picture.",
    Kind.CONFLICT: "Nearly the same picture occurs under another label: one of the two is wrong.",
    Kind.DUPLICATE: "Nearly the same picture occurs again under the same label.",
    Kind.OUTLIER: "The picture resembles no other in the collection.",
    Kind.FINE: "Nothing speaks against the label.",
    Kind.UNLABELLED: "The picture has no label; the suggestion is what it looks like.",
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
    kind: Kind
    neighbours: tuple[Neighbour, ...]
    """The NEIGHBOURS nearest pictures, nearest first."""


def judge_labels(
    photos: "Collection",
    progress: Progress = lambda done, total: None,
    labels: Mapping[str, str] | None = None,
) -> tuple[JudgedLabel, ...]:
    """Judge the label of every picture: worst first, unlabelled ones last.

    `labels` replaces the given label of some files, such as corrected ones; `progress(done, total)`
    counts images. The result is kept on disk until embeddings or labels change.
    """
    labels = labels or {}
    given = [labels.get(item.file, item.label) for item in photos.items]
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
    neighbours, cosines = nearest(unit, NEIGHBOURS)
    classes = sorted({label for label in given if label is not None})
    code = {label: c for c, label in enumerate(classes)}
    labels = np.array([code.get(label, -1) for label in given], np.int64)
    likely = class_probabilities(unit, labels, neighbours, cosines, photos.head, progress)
    suggested = likely.argmax(axis=1) if len(classes) > 1 else np.full(len(files), -1)
    quality = np.where(labels >= 0, likely[np.arange(len(files)), labels], np.nan) if classes else None
    kinds = _kinds(labels, likely, suggested, cosines, duplicate_groups(unit))
    judged = [
        JudgedLabel(
            file=files[i],
            label=given[i],
            suggested=classes[suggested[i]] if suggested[i] >= 0 else None,
            quality=float(quality[i]) if labels[i] >= 0 else None,
            kind=kinds[i],
            neighbours=tuple(
                Neighbour(files[j], given[j], float(cosine))
                for j, cosine in zip(neighbours[i], cosines[i], strict=True)
            ),
        )
        for i in range(len(files))
    ]
    return tuple(sorted(judged, key=lambda one: (one.quality is None, one.quality or 0, one.file)))


def _kinds(
    labels: np.ndarray,
    likely: np.ndarray,
    suggested: np.ndarray,
    cosines: np.ndarray,
    groups: tuple[tuple[int, ...], ...],
) -> list[Kind]:
    typical = cosines[:, :3].mean(axis=1) if cosines.size else np.zeros(len(labels))
    middle = np.median(typical)
    spread = 1.4826 * np.median(np.abs(typical - middle))
    kinds = []
    for i, label in enumerate(labels):
        if label < 0:
            kinds.append(Kind.UNLABELLED)
        elif suggested[i] not in (label, -1):
            kinds.append(Kind.SECONDARY if likely[i, label] >= _PRESENT else Kind.WRONG)
        elif typical[i] < middle - _OUTLYING * spread:
            kinds.append(Kind.OUTLIER)
        else:
            kinds.append(Kind.FINE)
    for group in groups:
        conflict = len({labels[i] for i in group if labels[i] >= 0}) > 1
        for i in group:
            if labels[i] >= 0 and (conflict or kinds[i] in (Kind.FINE, Kind.OUTLIER)):
                kinds[i] = Kind.CONFLICT if conflict else Kind.DUPLICATE
    return kinds


def _fingerprint(version: str, files: list[str], labels: list[str | None]) -> str:
    content = json.dumps([_METHOD, version, files, labels]).encode()
    return hashlib.sha256(content).hexdigest()[:16]


def _read(path: Path) -> tuple[JudgedLabel, ...]:
    return tuple(
        JudgedLabel(**row | {"kind": Kind(row["kind"]), "neighbours": tuple(Neighbour(**n) for n in near)})
        for row in json.loads(path.read_text("utf-8"))
        for near in [row["neighbours"]]
    )


def _write(path: Path, judged: tuple[JudgedLabel, ...]) -> None:
    try:
        with atomic_write(path) as temporary:
            temporary.write_text(json.dumps([asdict(one) for one in judged]), "utf-8")
        stored = sorted(path.parent.glob("labels-*.json"), key=lambda file: file.stat().st_mtime)
        for old in stored[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:  # nowhere to keep it: judged again next time
        pass
