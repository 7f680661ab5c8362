"""A person's decisions about labels: one SQLite file per collection, appended to and never rewritten.

Every decision is a row of its own and is on disk before `decide` returns. Of several decisions about
one picture the latest counts. Undoing is a row as well, so nothing is ever lost, and any number of
processes may write at once: none can overwrite what another has said. The photos are never touched.

A decision is about a picture, not about a name: it keeps a hash of the file (see `content`), follows the
picture when its file is renamed or its folder moves, and does not count for another picture.
"""

import contextlib
import os
import sqlite3
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import filelock

from imsearch_core.datasets import Item
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import atomic_write, data_dir, folder_key, private_folder
from imsearch_core.labels.content import Content, content_of, find

_SCHEMA = """
CREATE TABLE IF NOT EXISTS decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL UNIQUE,     -- sent again after a lost connection, it is still entered once
    reviewer TEXT NOT NULL,
    decided TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    file BLOB NOT NULL,             -- file names are bytes, and so are labels that were folders' names
    label BLOB,
    corrected BLOB,
    quality REAL,
    decision TEXT NOT NULL,
    undoes INTEGER REFERENCES decisions (id)
)
"""
# The picture's content and its folder: files of older versions lack these columns until they are written to.
_ADDED = {
    "size": "INTEGER",
    "modified_ns": "INTEGER",
    "changed_ns": "INTEGER",
    "sha256": "TEXT",
    "folder": "BLOB",
}
NO_LABEL = "no label"
_UNDO = "undo"
_STANDING = "undoes IS NULL AND id NOT IN (SELECT undoes FROM decisions WHERE undoes IS NOT NULL)"
_LONGEST_LABEL = 100  # characters
_T = TypeVar("_T")


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


@dataclass(frozen=True, eq=False)
class Corrections:
    """The decisions about one folder's labels. Any number may be open at once.

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

        If there are none yet, but those of a folder that is gone are about the same `items`, that folder
        was renamed or moved: they are copied.
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
        return self._found[0]

    @property
    def version(self) -> bytes | None:
        """Changes whenever a decision is made or undone; None before the first. Quick to ask.

        It is the name of the last event, which is unique, unlike a row number.
        """
        if not self.path.exists():
            return None
        newest = "SELECT CAST(event AS BLOB) FROM decisions ORDER BY id DESC LIMIT 1"
        last = self._run(lambda database: database.execute(newest).fetchone())
        return last[0] if last else None

    @property
    def notes(self) -> list[str]:
        """What a person should know: what was set aside, which decisions moved or no longer count."""
        found = self._found[1]
        kept = sorted(self.path.parent.glob(f"{self.path.name}.damaged-*"))
        return [*(_loss(path) for path in kept if not path.name.endswith("-journal")), *found]

    @property
    def _found(self) -> tuple[Mapping[str, Decision], list[str]]:
        version = self.version
        return _read(self, version) if version else (MappingProxyType({}), [])

    # Writing

    def decide(self, decision: Decision, reviewer: str, event: str | None = None) -> None:
        """Save one decision of `reviewer`, at once.

        `event` identifies it, so that a decision sent twice is entered once; by default it is new.
        """
        self._enter([(event or uuid.uuid4().hex, decision)], reviewer)

    def add(self, decisions: Iterable[Decision]) -> None:
        """Save many decisions, all or none; no reviewer's `undo` takes them back."""
        entries = [(uuid.uuid4().hex, decision) for decision in decisions]
        self._enter(entries, f"import {uuid.uuid4().hex}")

    def undo(self, reviewer: str, event: str | None = None) -> str | None:
        """Take back the last decision of `reviewer` that still stands.

        Returns the file it was about; None if there is no such decision. `event` as in `decide`.
        """
        event = event or uuid.uuid4().hex

        def enter(database: sqlite3.Connection) -> str | None:
            database.execute(
                "INSERT OR IGNORE INTO decisions (event, reviewer, file, decision, undoes) "
                f"SELECT ?, reviewer, file, ?, id FROM decisions WHERE reviewer = ? AND {_STANDING} "
                "ORDER BY id DESC LIMIT 1",
                (event, _UNDO, reviewer),
            )
            found = database.execute("SELECT file FROM decisions WHERE event = ?", (event,)).fetchone()
            return os.fsdecode(found[0]) if found else None

        return self._run(enter)

    # Inside

    def _enter(self, entries: list[tuple[str, Decision]], reviewer: str) -> None:
        try:
            rows = [
                (
                    event,
                    reviewer,
                    *(_bytes(name) for name in (d.file, d.label, d.corrected)),
                    d.quality,
                    d.choice,
                    *self._content(d.file),
                )
                for event, d in entries
            ]
        except UnicodeEncodeError as error:
            raise UsageError(f"{error.object!r} is not a name that can be saved") from error
        insert = (
            "INSERT OR IGNORE INTO decisions "
            f"(event, reviewer, file, label, corrected, quality, decision, {', '.join(_ADDED)}) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )

        def enter(database: sqlite3.Connection) -> None:
            database.execute("BEGIN IMMEDIATE")
            for name in _ADDED.keys() - _columns(database):
                database.execute(f"ALTER TABLE decisions ADD COLUMN {name} {_ADDED[name]}")
            database.executemany(insert, rows)

        self._run(enter)
        with contextlib.suppress(OSError):
            self._begun.touch(mode=0o600)

    def _content(self, file: str) -> tuple:
        """What goes into the columns `_ADDED`."""
        if self.folder is None:
            return (None,) * len(_ADDED)
        content = content_of(self.folder / file)
        return (*(astuple(content) if content else (None,) * 4), _bytes(str(self.folder)))

    @property
    def _begun(self) -> Path:
        """A file that says that there are decisions: without them, something has emptied the file."""
        return self.path.with_name(f"{self.path.name}.begun")

    def _copy_from_where_the_folder_was(self) -> None:
        for path in sorted(self.path.parent.glob("*.sqlite")):
            with contextlib.suppress(sqlite3.Error, OSError, ValueError, _Damaged), _read_only(path) as other:
                if self._is_about_these_pictures(other):
                    self._copy(other)
                    return

    def _is_about_these_pictures(self, other: sqlite3.Connection) -> bool:
        """Whether most pictures decided on in a folder that is gone are in this one."""
        entries = _standing(other)
        folders = {folder for *_, folder in entries} - {None}
        contents = {file: content for file, _, content, _ in entries if content}
        if not contents or any(Path(folder).exists() for folder in folders):
            return False
        present = {item.file for item in self.items}
        here = find(contents, self.folder, self.items).places.values()
        return 2 * sum(place in present for place in here) > len(contents)

    def _copy(self, other: sqlite3.Connection) -> None:
        with filelock.FileLock(f"{self.path}.lock", mode=0o600):
            if self.path.exists():  # another process has just copied them
                return
            with (
                atomic_write(self.path) as temporary,
                contextlib.closing(sqlite3.connect(temporary)) as copy,
            ):
                other.backup(copy)
            self._begun.touch(mode=0o600)

    def _run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What `work` returns, done in one transaction; on a new file if what is there is damaged."""
        try:
            with contextlib.suppress(_Damaged):
                return self._try(work)
            with filelock.FileLock(f"{self.path}.lock", mode=0o600):
                with contextlib.suppress(_Damaged):  # another process has just set it aside
                    return self._try(work)
                self._set_aside()
                return self._try(work)
        except (OSError, sqlite3.Error, _Damaged) as error:
            raise ImsearchError(
                f"the corrections of labels in {self.path} cannot be read or written: {error}. "
                f"Free some space or set IMSEARCH_HOME to a folder that can be written to"
            ) from error

    def _try(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        private_folder(self.path.parent)
        if not self.path.exists():
            self._begun.unlink(missing_ok=True)  # someone deleted the decisions
            self.path.touch(mode=0o600)
        elif self._begun.exists() and not self.path.stat().st_size:
            raise _Damaged("it was emptied")
        try:
            with contextlib.closing(
                sqlite3.connect(self.path, timeout=30, isolation_level="IMMEDIATE")
            ) as database:
                database.execute(_SCHEMA)
                with database:
                    return work(database)
        except sqlite3.DatabaseError as error:
            # A locked, full or read-only file is not damaged. One in which our statements make no sense is,
            # and one whose text cannot be decoded, for which Python has no error code.
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR:
                raise
            raise _Damaged(str(error)) from error
        except UnicodeDecodeError as error:  # SQLite's message quotes what it has found
            raise _Damaged("its text cannot be decoded") from error

    def _set_aside(self) -> None:
        kept = f"{self.path}.damaged-{datetime.now():%Y%m%d-%H%M%S-%f}"
        with contextlib.suppress(FileNotFoundError):
            os.rename(f"{self.path}-journal", f"{kept}-journal")
        os.rename(self.path, kept)


class _Damaged(Exception):
    """The file is not a sound database."""


@lru_cache(maxsize=16)
def _read(corrections: Corrections, version: bytes) -> tuple[Mapping[str, Decision], list[str]]:
    """The decisions of one version, by the present files of their pictures; and what to say about them."""

    def read(database: sqlite3.Connection) -> list[tuple[str, Decision, Content | None, str | None]]:
        _check(database)
        return _standing(database)

    entries = {file: entry for file, *entry in corrections._run(read)}
    decisions = {file: decision for file, (decision, _, _) in entries.items()}
    if corrections.folder is None:
        return MappingProxyType(decisions), []
    contents = {file: content for file, (_, content, _) in entries.items()}
    found = find(contents, corrections.folder, corrections.items)
    notes = found.notes
    made_in = {folder for *_, folder in entries.values()} - {None}
    if made_in and str(corrections.folder) not in made_in:
        notes.insert(
            0,
            f"decisions about labels made in {', '.join(sorted(made_in))} are used here: "
            "the same pictures were found, and that folder was gone",
        )
    by_place = {place: replace(decisions[file], file=place) for file, place in found.places.items()}
    return MappingProxyType(by_place), notes


def _read_only(path: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True))


def _standing(
    database: sqlite3.Connection,
) -> list[tuple[str, Decision, Content | None, str | None]]:
    """File, decision, content and folder of each decision that has not been undone, the oldest first."""
    present = _columns(database)
    added = ", ".join(name if name in present else f"NULL AS {name}" for name in _ADDED)
    rows = database.execute(
        f"SELECT file, label, corrected, quality, decision, {added} FROM decisions "
        f"WHERE {_STANDING} ORDER BY id"
    )
    try:
        return [
            (
                _text(file),
                Decision(_text(file), _text(label), _text(corrected), quality, Choice(choice)),
                None if sha256 is None else Content(*stamp, sha256),
                _text(folder),
            )
            for file, label, corrected, quality, choice, *stamp, sha256, folder in rows
        ]
    except (TypeError, ValueError) as error:
        raise _Damaged(str(error)) from error


def _columns(database: sqlite3.Connection) -> set[str]:
    return {name for _, name, *_ in database.execute("PRAGMA table_info(decisions)")}


def _loss(kept: Path) -> str:
    """What to say of a file that was set aside."""
    try:
        emptied = kept.stat().st_size == 0
    except OSError:
        emptied = False
    if emptied:
        return (
            "all corrections of labels are lost, because something emptied their file: restore it from a "
            f"backup, or import a corrections.csv. The empty file is now {kept}"
        )
    return f"the corrections of labels were damaged and begin anew; what was there is kept in {kept}"


def _check(database: sqlite3.Connection) -> None:
    (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise _Damaged(answer)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else os.fsencode(text)


def _text(stored: bytes | None) -> str | None:
    return None if stored is None else os.fsdecode(stored)


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
