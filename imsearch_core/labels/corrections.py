"""What people have decided about one folder's pictures: about which picture, and which decision counts.

If there are several decisions about one picture, the latest counts. The photos are never touched.

A decision is about a picture, not about a name: it keeps a hash of the file (see `content`), follows the
picture when its file is renamed or its folder moves, and does not apply to another picture. In nested folders
it counts only while the label is taken from the same folder level.
"""

import contextlib
import sqlite3
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import compress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from imsearch_core.datasets import Item
from imsearch_core.datasets.names import normal
from imsearch_core.files import data_dir, folder_key
from imsearch_core.labels.content import Content, content_of, find
from imsearch_core.labels.decision_log import Damaged, DecisionLog, Row, read_only, standing
from imsearch_core.labels.decisions import IMPORT, Decision, Entry, TagChange, as_label
from imsearch_core.wording import counted


@dataclass(frozen=True, eq=False)
class Corrections:
    """The decisions about one folder's labels, and its tags. Any number may be open at once.

    A damaged or emptied file is set aside and a new one begun; `notes` says so. All methods raise
    ImsearchError if the file cannot be read or written.
    """

    path: Path
    folder: Path | None = None
    """Where the pictures are; without it decisions are bound to names alone."""
    items: Sequence[Item] = ()
    """The pictures in it: renamed ones are looked for among these."""

    @classmethod
    def of(cls, folder: Path, items: Sequence[Item] = ()) -> "Corrections":
        """The decisions about the pictures of `folder`, whatever encoder it is opened with.

        If there are none yet, but a folder that is gone has decisions about the same `items`, that folder was
        renamed or moved: its decisions are copied.
        """
        folder = Path(folder)
        corrections = cls(data_dir() / "corrections" / f"{folder_key(folder)}.sqlite", folder, items)
        if items and not corrections.path.exists():
            corrections._copy_from_where_the_folder_was()
        return corrections

    # Reading

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """The decision that counts for each file that has one. Read in full once per version."""
        return self._found.decisions

    @property
    def history(self) -> tuple[Entry, ...]:
        """Every decision that stands, the newest first; of several about one picture the first counts."""
        return self._found.history

    @property
    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of each file that has any, sorted."""
        return self._found.tags

    @property
    def version(self) -> bytes | None:
        """Changes whenever a decision is made or undone; None before the first. Quick to ask."""
        return self._log.version

    @property
    def notes(self) -> list[str]:
        """What a person should know: what was set aside, which decisions moved or no longer count."""
        found = self._found.notes
        return [*self._log.losses, *found]

    @cached_property
    def _log(self) -> DecisionLog:
        return DecisionLog(self.path)

    @property
    def _found(self) -> "_State":
        version = self.version
        return _read(self, version) if version else _State(MappingProxyType({}), MappingProxyType({}), (), [])

    @cached_property
    def _given_labels(self) -> Mapping[str, str | None]:
        return {item.file: item.given_label for item in self.items}

    def _is_about_this_level(self, decision: Decision) -> bool:
        """Whether it is about the label that its picture has here.

        It is not if its label is another folder above the picture than the one that is the label here.
        """
        label = decision.label
        if label is None or self._given_labels.get(decision.file, label) == label:
            return True
        return label not in map(normal, decision.file.split("/")[:-1])

    # Writing

    def decide_all(self, decisions: Iterable[Decision], reviewer: str, event: str | None = None) -> None:
        """Save the decisions of `reviewer` at once, as one step: all or none.

        `event` identifies the step, so that one sent twice is entered once; by default it is new.
        """
        self._enter(list(decisions), reviewer, event)

    def tag(
        self, files: Iterable[str], tag: str, reviewer: str, event: str | None = None, *, off: bool = False
    ) -> None:
        """Give `files` a tag, or take it `off`, as one step. `event` as in `decide_all`.

        Raises UsageError for a tag that `as_label` would not allow.
        """
        tag = as_label(tag)
        self._enter([TagChange(file, tag, off) for file in files], reviewer, event)

    def tag_changes(self, tags: Mapping[str, Iterable[str]]) -> list[TagChange]:
        """What has to change for each of these files to have exactly these `tags`."""
        present = self.tags
        pairs = [(file, set(present.get(file, ())), set(wanted)) for file, wanted in tags.items()]
        added = [TagChange(file, tag) for file, has, wanted in pairs for tag in sorted(wanted - has)]
        return added + [
            TagChange(file, tag, off=True) for file, has, wanted in pairs for tag in sorted(has - wanted)
        ]

    def add_tags(self, changes: Iterable[TagChange]) -> None:
        """Save changes of tags, all or none; no reviewer's `undo` takes them back."""
        self._enter([one._replace(tag=as_label(one.tag)) for one in changes], f"{IMPORT} {uuid.uuid4().hex}")

    def add(self, decisions: Iterable[Decision]) -> None:
        """Save many decisions, all or none; no reviewer's `undo` takes them back."""
        self.decide_all(decisions, f"{IMPORT} {uuid.uuid4().hex}")

    def undo(self, reviewer: str, event: str | None = None, *, step: str | None = None) -> tuple[str, ...]:
        """Take back the step of this name, or the last one of `reviewer` of which anything still stands.

        Returns the files it was about, none if there is no such step. `event` as in `decide_all`.
        """
        return self._log.undo(reviewer, event, step)

    def take_back(self, entries: Iterable[str], event: str | None = None) -> tuple[str, ...]:
        """Take back the decisions of these events, no matter who made them, as one step.

        Returns the files they were about. `event` as in `decide_all`.
        """
        return self._log.take_back(entries, event)

    # Inside

    def _enter(self, said: Sequence[Decision | TagChange], reviewer: str, event: str | None = None) -> None:
        folder = self.folder
        contents = [None if folder is None else content_of(folder / one.file) for one in said]
        self._log.enter(said, contents, folder, reviewer, event)

    def _copy_from_where_the_folder_was(self) -> None:
        for path in sorted(self.path.parent.glob("*.sqlite")):
            with contextlib.suppress(sqlite3.Error, OSError, ValueError, Damaged), read_only(path) as other:
                if self._is_about_these_pictures(standing(other)):
                    self._log.copy(other)
                    return

    def _is_about_these_pictures(self, rows: Iterable[Row]) -> bool:
        """Whether most pictures decided on in a folder that is gone are in this one."""
        folders = {row.folder for row in rows} - {None}
        contents = {row.file: row.content for row in rows if row.content}
        if not contents or any(Path(folder).exists() for folder in folders):
            return False
        present = {item.file for item in self.items}
        here = find(contents, self.folder, self.items).places.values()
        return 2 * sum(place in present for place in here) > len(contents)


class _State(NamedTuple):
    """What one version says, by the present files of the pictures."""

    decisions: Mapping[str, Decision]
    tags: Mapping[str, tuple[str, ...]]
    history: tuple[Entry, ...]
    notes: list[str]
    """What to say about it."""


@lru_cache(maxsize=16)
def _read(corrections: Corrections, version: bytes) -> _State:
    """What one version says."""

    rows = corrections._log.standing()
    said, tagged = [row for row in rows if row.said], [row for row in rows if not row.said]
    placed, notes = _placed(corrections, said)
    decided = [replace(row.said, file=place) for row, place in placed]
    here = [corrections._is_about_this_level(decision) for decision in decided]
    history = tuple(
        Entry(row.event, row.reviewer, row.when, decision)
        for (row, _), decision in compress(zip(placed, decided, strict=True), here)
    )
    if others := here.count(False):
        notes.append(
            f"{counted(others, 'decision')} about labels from other folders not used: see the label level"
        )
    made_in = {row.folder for row in said} - {None}
    if corrections.folder and made_in and str(corrections.folder) not in made_in:
        notes.insert(
            0,
            f"decisions about labels made in {', '.join(sorted(made_in))} are used here: "
            "that folder is gone, and the same pictures were found here",
        )
    tags: dict[str, set[str]] = {}
    for row, place in _placed(corrections, tagged)[0]:
        change = set.discard if row.off else set.add
        change(tags.setdefault(place, set()), row.tag)
    return _State(
        MappingProxyType({entry.decision.file: entry.decision for entry in history}),
        MappingProxyType({file: tuple(sorted(names)) for file, names in tags.items() if names}),
        history[::-1],
        notes,
    )


def _placed(corrections: Corrections, rows: Sequence[Row]) -> tuple[list[tuple[Row, str]], list[str]]:
    """Each row with the file where its picture is now, without those about pictures that are gone; notes.

    If a name has held several pictures, only the rows about the last count.
    """
    if corrections.folder is None:
        return [(row, row.file) for row in rows], []
    contents = {row.file: row.content for row in rows}
    found = find(contents, corrections.folder, corrections.items)
    placed = [
        (row, found.places[row.file])
        for row in rows
        if row.file in found.places and _same(row.content, contents[row.file])
    ]
    return placed, found.notes


def _same(one: Content | None, other: Content | None) -> bool:
    return one is None or other is None or one.sha256 == other.sha256
