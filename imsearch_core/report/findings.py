"""What is doubtful in a collection, and what people have decided about it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from imsearch_core.collection import Collection
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.labels.duplicates import DuplicateGroup, Repeat
from imsearch_core.labels.ranking import JudgedLabel, LabelIssue

FIRST = 12
"""How many pictures or groups of each kind a report shows."""
_ABOUT_LABELS = (LabelIssue.WRONG, LabelIssue.SECONDARY, LabelIssue.OUTLIER)


@dataclass(frozen=True)
class Doubts:
    """The pictures whose labels are doubtful in one way."""

    kind: LabelIssue
    to_do: tuple[JudgedLabel, ...]
    """Those that nobody has decided about, worst first."""
    decided: int
    """How many others people have decided about."""


@dataclass(frozen=True)
class Copies:
    """The groups of copies that do the same harm."""

    title: str
    rule: str
    """What is wrong with them."""
    groups: tuple[DuplicateGroup, ...]


def doubts_of(judged: Iterable[JudgedLabel], decisions: Mapping[str, Decision]) -> tuple[Doubts, ...]:
    """The doubtful labels by kind. Copies with different labels are with the other copies."""
    judged = [one for one in judged if one.kind in _ABOUT_LABELS]
    found = []
    for kind in _ABOUT_LABELS:
        all_of_kind = [one for one in judged if one.kind == kind]
        to_do = tuple(one for one in all_of_kind if one.file not in decisions)
        if all_of_kind:
            found.append(Doubts(kind, to_do, len(all_of_kind) - len(to_do)))
    return tuple(found)


def evidence(judged: JudgedLabel) -> str:
    """What the nearest pictures say, as in "9 of 9 nearest say train"; empty if none of them has a label."""
    counts = Counter(one.label for one in judged.neighbours if one.label is not None)
    if not counts:
        return ""
    says = judged.suggested if judged.suggested in counts else counts.most_common(1)[0][0]
    return f"{counts[says]} of {len(judged.neighbours)} nearest say {says}"


def copies_of(groups: Iterable[DuplicateGroup]) -> tuple[Copies, ...]:
    """Duplicates by what they harm: labels, splits, or nothing."""
    of_kind = {kind: tuple(group for group in groups if group.kind == kind) for kind in Repeat}
    kinds = (
        (Repeat.CONFLICT, "Copies with different labels", "At most one of the labels is right."),
        (Repeat.LEAK, "Leaks between splits", "What is tested on was trained on."),
        (Repeat.COPY, "Other copies", "They have the same label, in the same split."),
    )
    return tuple(Copies(title, rule, of_kind[kind]) for kind, title, rule in kinds if of_kind[kind])


def decisions_of(photos: Collection) -> tuple[Decision, ...]:
    """What people have decided about the pictures that are present, changes of a label first."""
    return tuple(sorted(photos.facts.decisions(), key=lambda one: (one.corrected == one.label, one.file)))


def choices_counted(decisions: Sequence[Decision]) -> tuple[tuple[str, int], ...]:
    """How often each choice was made, in words."""
    words = {
        Choice.ACCEPT: "suggestion accepted",
        Choice.RELABEL: "given another label",
        Choice.KEEP: "label kept",
        Choice.SKIP: "skipped",
    }
    counts = Counter(one.choice for one in decisions)
    return tuple((text, counts[choice]) for choice, text in words.items() if counts[choice])
