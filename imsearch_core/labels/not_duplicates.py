"""Groups of pictures that a person has declared not to be duplicates: a log that is only ever appended to.

Each line is about the content of the files: it holds when they are renamed, and no longer when they change.
"""

import json
import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import filelock

from imsearch_core.errors import ImsearchError
from imsearch_core.files import data_dir, folder_key, private_folder
from imsearch_core.labels.content import content_of
from imsearch_core.labels.duplicates import DuplicateGroup


@dataclass(frozen=True)
class NotDuplicates:
    """What has been declared about the pictures of one folder. Any number may be open at once."""

    path: Path
    folder: Path

    @classmethod
    def of(cls, folder: Path) -> "NotDuplicates":
        """What has been declared about `folder`, whatever encoder it is opened with."""
        return cls(data_dir() / "corrections" / f"{folder_key(folder)}-not-duplicates.jsonl", folder)

    def declare(self, files: Sequence[str], event: str | None = None) -> str:
        """Remember that these pictures are not duplicates of each other; the name of this entry.

        `event` is that name, so that what is sent twice is entered once; by default it is new.
        Raises ImsearchError if a picture cannot be read, or this cannot be saved.
        """
        contents = [content_of(self.folder / file) for file in files]
        if None in contents:
            raise ImsearchError(f"{files[contents.index(None)]} cannot be read any more")
        event = event or uuid.uuid4().hex
        self._append({"event": event, "files": list(files), "sha256": [c.sha256 for c in contents]})
        return event

    def has(self, event: str | None) -> bool:
        """Whether there is an entry of that name, taken back or not."""
        return event in self._declared().events

    def take_back(self, event: str) -> None:
        """Undo the entry of that name. Raises ImsearchError if this cannot be saved."""
        self._append({"event": uuid.uuid4().hex, "undoes": event})

    def remaining(self, groups: Iterable[DuplicateGroup]) -> tuple[DuplicateGroup, ...]:
        """The groups that nobody has declared to be different pictures, alone or within a larger group."""
        declared = self._declared().standing
        return tuple(
            group
            for group in groups
            if not declared or not any(self._contents(group.files) <= one for one in declared)
        )

    def _contents(self, files: Iterable[str]) -> frozenset[str]:
        contents = (content_of(self.folder / file) for file in files)
        return frozenset("" if content is None else content.sha256 for content in contents)

    def _declared(self) -> "_Declared":
        try:
            stamp = self.path.stat()
        except OSError:
            return _Declared(frozenset(), ())
        return _read(self.path, stamp.st_mtime_ns, stamp.st_size)

    def _append(self, entry: dict) -> None:
        line = json.dumps(entry | {"when": datetime.now(UTC).isoformat()}) + "\n"
        try:
            private_folder(self.path.parent)
            with filelock.FileLock(f"{self.path}.lock", mode=0o600):
                self.path.touch(mode=0o600)
                with self.path.open("a", encoding="ascii") as file:
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise ImsearchError(
                f"{self.path} cannot be written: {error}. "
                f"Free some space or set IMSEARCH_HOME to a folder that can be written to"
            ) from error


class _Declared(NamedTuple):
    """What the log says."""

    events: frozenset[str]
    """The names of all declarations."""
    standing: tuple[frozenset[str], ...]
    """The contents of each group declared and not taken back."""


@lru_cache(maxsize=16)
def _read(path: Path, modified_ns: int, size: int) -> _Declared:
    entries = list(_entries(path))
    undone = {entry.get("undoes") for entry in entries}
    declared = [
        entry
        for entry in entries
        if isinstance(entry.get("sha256"), list) and isinstance(entry.get("event"), str)
    ]
    return _Declared(
        frozenset(entry["event"] for entry in declared),
        tuple(frozenset(entry["sha256"]) for entry in declared if entry["event"] not in undone),
    )


def _entries(path: Path) -> Iterator[dict]:
    """The lines of the log that are sound; others were cut off while they were written."""
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry
