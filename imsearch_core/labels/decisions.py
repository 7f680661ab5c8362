"""What a person says about pictures: decisions about their labels, and tags."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from imsearch_core.errors import UsageError

NO_LABEL = "no label"
KEEP_TAG, EXCLUDE_TAG = "keep", "exclude"
TAGS = (KEEP_TAG, EXCLUDE_TAG)  # those that are always offered
IMPORT = "import"  # how reviewers begin that are tables
_LONGEST_LABEL = 100  # characters


class Choice(StrEnum):
    """What a person can decide about a picture's label."""

    ACCEPT = "accept"
    """The suggestion is right."""
    KEEP = "keep"
    """The given label is right."""
    RELABEL = "relabel"
    """Neither is: it is another class."""
    SKIP = "skip"
    """Not decided now; the given label stays."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person has decided about one picture."""

    file: str
    label: str | None
    """The label it came with."""
    corrected: str | None
    """The label it has from now on; the given one for keep and skip."""
    quality: float | None
    """Of the given label, 0 to 1, when the decision was made; None if it was not judged."""
    choice: Choice


class TagChange(NamedTuple):
    """A tag that a picture gets, or loses if it is `off`."""

    file: str
    tag: str
    off: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision that stands, with who made it and when."""

    event: str
    """Its name in the log."""
    reviewer: str
    when: datetime
    """UTC."""
    decision: Decision
    """About the file where the picture is now."""


def as_label(text: str) -> str:
    """A class name that a person typed, trimmed. Raises UsageError if it is not allowed."""
    label = text.strip()
    if not label or len(label) > _LONGEST_LABEL:
        raise UsageError(f"a class name has 1 to {_LONGEST_LABEL} characters")
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in label):
        raise UsageError(f"{label!r} has characters that are not allowed in a class name")
    return label


def with_original(label: str | None, given: str | None) -> str:
    """A label as it is shown: "cat", or "cat, was bottle" if a person has corrected it."""
    shown = label or NO_LABEL
    return shown if label == given else f"{shown}, was {given or NO_LABEL}"
