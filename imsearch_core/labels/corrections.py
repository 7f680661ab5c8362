"""A person's decisions about labels: one SQLite file per collection, appended to and never rewritten.

Every decision is a row of its own and is on disk before `decide` returns. Of several decisions about
one picture the latest counts. Undoing is a row too, so that nothing is ever lost and any number of
processes may write at once: none can overwrite what another has said. The photos are never touched.
"""

import contextlib
import os
import sqlite3
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import filelock

from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import data_dir, folder_key

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


@dataclass(frozen=True)
class Corrections:
    """The decisions about one folder's labels. Holds nothing itself: any number may be open at once.

    A damaged file is set aside, whole, and a new one begun; `notes` tells of it. All methods raise
    ImsearchError if the file cannot be read or written.
    """

    path: Path

    @classmethod
    def of(cls, folder: Path) -> "Corrections":
        """The decisions about the pictures of `folder`, whatever encoder it is opened with."""
        return cls(data_dir() / "corrections" / f"{folder_key(folder)}.sqlite")

    # Reading

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """The decision that counts for each file that has one. Read in full once per version."""
        version = self.version
        return _read(self, version) if version else MappingProxyType({})

    @property
    def version(self) -> bytes | None:
        """Changes whenever a decision is made or undone; None before the first. Quick to ask.

        It is the last event's name, which no other state has: rows are numbered alike in another file.
        """
        if not self.path.exists():
            return None
        newest = "SELECT CAST(event AS BLOB) FROM decisions ORDER BY id DESC LIMIT 1"
        last = self._run(lambda database: database.execute(newest).fetchone())
        return last[0] if last else None

    @property
    def notes(self) -> list[str]:
        """What a person should know: which damaged files were set aside."""
        return [
            f"the corrections of labels were damaged and begin anew; what was there is kept in {path}"
            for path in sorted(self.path.parent.glob(f"{self.path.name}.damaged-*"))
            if not path.name.endswith("-journal")
        ]

    # Writing

    def decide(self, decision: Decision, reviewer: str, event: str | None = None) -> None:
        """Save one decision of `reviewer`, at once.

        `event` names it, so that one that is sent twice is entered once; by default it is new.
        """
        self._enter([(event or uuid.uuid4().hex, decision)], reviewer)

    def add(self, decisions: Iterable[Decision]) -> None:
        """Save many decisions, all or none; no reviewer's `undo` takes them back."""
        entries = [(uuid.uuid4().hex, decision) for decision in decisions]
        self._enter(entries, f"import {uuid.uuid4().hex}")

    def undo(self, reviewer: str, event: str | None = None) -> str | None:
        """Take back the last decision of `reviewer` that still stands.

        Returns the file that it was about, None if there is none. `event` as in `decide`.
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
                )
                for event, d in entries
            ]
        except UnicodeEncodeError as error:
            raise UsageError(f"{error.object!r} is not a name that can be saved") from error
        insert = (
            "INSERT OR IGNORE INTO decisions (event, reviewer, file, label, corrected, quality, decision) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        self._run(lambda database: database.executemany(insert, rows))

    def _run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What `work` returns, done in one transaction; on a new file if what is there is damaged."""
        try:
            with contextlib.suppress(_Damaged):
                return self._try(work)
            with filelock.FileLock(f"{self.path}.lock"):
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
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with contextlib.closing(
                sqlite3.connect(self.path, timeout=30, isolation_level="IMMEDIATE")
            ) as database:
                database.execute(_SCHEMA)
                with database:
                    return work(database)
        except sqlite3.DatabaseError as error:
            # Locked, full or read-only is no damage. Statements that make no sense here are, and text
            # that is none, for which Python has no error code.
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR:
                raise
            raise _Damaged(str(error)) from error
        except UnicodeDecodeError as error:  # SQLite quotes in its message what it has found
            raise _Damaged("it is no text") from error

    def _set_aside(self) -> None:
        kept = f"{self.path}.damaged-{datetime.now():%Y%m%d-%H%M%S-%f}"
        with contextlib.suppress(FileNotFoundError):
            os.rename(f"{self.path}-journal", f"{kept}-journal")
        os.rename(self.path, kept)


class _Damaged(Exception):
    """The file is not a sound database."""


@lru_cache(maxsize=16)
def _read(corrections: Corrections, version: bytes) -> Mapping[str, Decision]:
    """The decisions of one version, shared by all who ask."""

    def read(database: sqlite3.Connection) -> list[Decision]:
        _check(database)
        rows = database.execute(
            f"SELECT file, label, corrected, quality, decision FROM decisions WHERE {_STANDING} ORDER BY id"
        )
        try:
            return [
                Decision(_text(file), _text(label), _text(corrected), quality, Choice(choice))
                for file, label, corrected, quality, choice in rows
            ]
        except (TypeError, ValueError) as error:
            raise _Damaged(str(error)) from error

    return MappingProxyType({decision.file: decision for decision in corrections._run(read)})


def _check(database: sqlite3.Connection) -> None:
    (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise _Damaged(answer)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else os.fsencode(text)


def _text(stored: bytes | None) -> str | None:
    return None if stored is None else os.fsdecode(stored)


def as_label(text: str) -> str:
    """A class name that a person has typed, trimmed. Raises UsageError if it cannot be one."""
    label = text.strip()
    if not label or len(label) > _LONGEST_LABEL:
        raise UsageError(f"a class name has 1 to {_LONGEST_LABEL} characters")
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in label):
        raise UsageError(f"{label!r} has characters that no class name can have")
    return label


def with_original(label: str | None, given: str | None) -> str:
    """A label as it is shown: "cat", and if a person has corrected it, "cat, was bottle"."""
    shown = label or NO_LABEL
    return shown if label == given else f"{shown}, was {given or NO_LABEL}"
