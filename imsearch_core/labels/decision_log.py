"""The log of decisions and tags of one folder: an SQLite file that is appended to and never rewritten.

Every decision is a row, and is on disk before `enter` returns. Those made with one key are a step, which is
saved and undone as a whole. Undoing adds rows as well, so nothing is ever lost, and any number of processes
may write at once without overwriting each other.
"""

import contextlib
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import filelock

from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import atomic_write, private_folder
from imsearch_core.labels.content import Content
from imsearch_core.labels.decisions import Choice, Decision, TagChange

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
_CONTENT = {
    "size": "INTEGER",
    "modified_ns": "INTEGER",
    "changed_ns": "INTEGER",
    "sha256": "TEXT",
    "folder": "BLOB",
}
_ADDED = _CONTENT | {"step": "TEXT"}  # the event of the step that a row belongs to
_UNDO, _TAG, _UNTAG = "undo", "tag", "untag"
_STEP = "COALESCE(step, event)"
_STANDING = "undoes IS NULL AND id NOT IN (SELECT undoes FROM decisions WHERE undoes IS NOT NULL)"
_T = TypeVar("_T")


class Damaged(Exception):
    """The file is not a sound database."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the log that has not been undone."""

    event: str
    reviewer: str
    when: datetime
    file: str
    content: Content | None
    folder: str | None
    said: Decision | None
    """None for a tag."""
    tag: str = ""
    off: bool = False


@dataclass(frozen=True)
class DecisionLog:
    """A log. A damaged or emptied file is set aside and a new one begun; `losses` says so.

    All methods raise ImsearchError if the file cannot be read or written.
    """

    path: Path

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
    def losses(self) -> list[str]:
        """What to say of each file that was set aside."""
        kept = sorted(self.path.parent.glob(f"{self.path.name}.damaged-*"))
        return [_loss(path) for path in kept if not path.name.endswith("-journal")]

    def standing(self) -> list[Row]:
        """What has been said and not been undone, the oldest first."""

        def read(database: sqlite3.Connection) -> list[Row]:
            _check(database)
            return standing(database)

        return self._run(read)

    def enter(
        self,
        said: Sequence[Decision | TagChange],
        contents: Sequence[Content | None],
        folder: Path | None,
        reviewer: str,
        event: str | None = None,
    ) -> None:
        """Append what is said about pictures with these `contents` in `folder`, as one step: all or nothing.

        `event` is the step's name, so that what is sent twice is entered once; by default it is new.
        Raises UsageError for names that cannot be saved.
        """
        event = event or uuid.uuid4().hex
        place = None if folder is None else str(folder)
        try:
            rows = [
                (_event(event, i), event, reviewer, *_stored(one), *_stored_content(content), _bytes(place))
                for i, (one, content) in enumerate(zip(said, contents, strict=True))
            ]
        except UnicodeEncodeError as error:
            raise UsageError(f"{error.object!r} is not a name that can be saved") from error
        columns = "event, step, reviewer, file, label, corrected, quality, decision, " + ", ".join(_CONTENT)
        values = ", ".join("?" * (columns.count(",") + 1))
        insert = f"INSERT OR IGNORE INTO decisions ({columns}) VALUES ({values})"
        self._run(lambda database: _begun_to_write(database).executemany(insert, rows))
        with contextlib.suppress(OSError):
            self._begun.touch(mode=0o600)

    def undo(self, reviewer: str, event: str | None = None, step: str | None = None) -> tuple[str, ...]:
        """Take back the step of this name, or the last one of `reviewer` of which anything still stands.

        Returns the files it was about, none if there is no such step. `event` as in `enter`.
        """
        newest = f"SELECT {_STEP} FROM decisions WHERE reviewer = ? AND {_STANDING} ORDER BY id DESC LIMIT 1"

        def chosen(database: sqlite3.Connection) -> list[int]:
            last = step or (database.execute(newest, (reviewer,)).fetchone() or (None,))[0]
            return _ids(database, f"{_STEP} = ?", last)

        return self._undo(chosen, event)

    def take_back(self, entries: Iterable[str], event: str | None = None) -> tuple[str, ...]:
        """Take back the rows of these events, no matter who entered them, as one step.

        Returns the files they were about. `event` as in `enter`.
        """
        return self._undo(
            lambda database: [id for entry in entries for id in _ids(database, "event = ?", entry)], event
        )

    def _undo(self, chosen: Callable[[sqlite3.Connection], list[int]], event: str | None) -> tuple[str, ...]:
        """Take back what `chosen` finds, unless `event` has done so; the files that `event` is about."""
        event = event or uuid.uuid4().hex
        about = f"SELECT file FROM decisions WHERE {_STEP} = ? ORDER BY id"
        insert = (
            "INSERT INTO decisions (event, step, reviewer, file, decision, undoes) "
            "SELECT ?, ?, reviewer, file, ?, id FROM decisions WHERE id = ?"
        )

        def enter(database: sqlite3.Connection) -> list[tuple[bytes]]:
            _begun_to_write(database)
            if not database.execute(about, (event,)).fetchone():
                rows = [(_event(event, i), event, _UNDO, id) for i, id in enumerate(chosen(database))]
                database.executemany(insert, rows)
            return database.execute(about, (event,)).fetchall()

        return tuple(os.fsdecode(file) for (file,) in self._run(enter))

    @property
    def _begun(self) -> Path:
        """A file that says that there are decisions: without them, something has emptied the file."""
        return self.path.with_name(f"{self.path.name}.begun")

    def copy(self, other: sqlite3.Connection) -> None:
        """Begin with all rows of another log, unless this one has begun."""
        with filelock.FileLock(f"{self.path}.lock", mode=0o600):
            if self.path.exists():  # another process has just copied them
                return
            with atomic_write(self.path) as temporary, contextlib.closing(sqlite3.connect(temporary)) as copy:
                other.backup(copy)
            self._begun.touch(mode=0o600)

    def _run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What `work` returns, done in one transaction; on a new file if what is there is damaged."""
        try:
            with contextlib.suppress(Damaged):
                return self._try(work)
            with filelock.FileLock(f"{self.path}.lock", mode=0o600):
                with contextlib.suppress(Damaged):  # another process has just set it aside
                    return self._try(work)
                self._set_aside()
                return self._try(work)
        except (OSError, sqlite3.Error, Damaged) as error:
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
            raise Damaged("it was emptied")
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
            raise Damaged(str(error)) from error
        except UnicodeDecodeError as error:  # SQLite's message quotes what it has found
            raise Damaged("its text cannot be decoded") from error

    def _set_aside(self) -> None:
        kept = f"{self.path}.damaged-{datetime.now():%Y%m%d-%H%M%S-%f}"
        with contextlib.suppress(FileNotFoundError):
            os.rename(f"{self.path}-journal", f"{kept}-journal")
        os.rename(self.path, kept)


def read_only(path: Path) -> contextlib.closing[sqlite3.Connection]:
    """A log to read with `standing`; raises sqlite3.Error if it is none."""
    return contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True))


def standing(database: sqlite3.Connection) -> list[Row]:
    """As the method of `DecisionLog`. Raises Damaged if rows make no sense."""
    present = _columns(database)
    added = ", ".join(name if name in present else f"NULL AS {name}" for name in _CONTENT)
    rows = database.execute(
        f"SELECT event, reviewer, decided, decision, file, label, corrected, quality, {added} FROM decisions "
        f"WHERE {_STANDING} ORDER BY id"
    )
    try:
        return [_row(*row) for row in rows]
    except (TypeError, ValueError) as error:
        raise Damaged(str(error)) from error


def _row(event, reviewer, decided, choice, file, label, corrected, quality, *content) -> Row:
    *stamp, sha256, folder = content
    file, label, corrected, folder = map(_text, (file, label, corrected, folder))
    tagging = choice in (_TAG, _UNTAG)
    return Row(
        event,
        reviewer,
        datetime.fromisoformat(decided).replace(tzinfo=UTC),
        file,
        None if sha256 is None else Content(*stamp, sha256),
        folder,
        None if tagging else Decision(file, label, corrected, quality, Choice(choice)),
        corrected if tagging else "",
        choice == _UNTAG,
    )


def _stored(said: Decision | TagChange) -> tuple[Any, ...]:
    """The columns file, label, corrected, quality and decision."""
    if isinstance(said, TagChange):
        return _bytes(said.file), None, _bytes(said.tag), None, _UNTAG if said.off else _TAG
    return _bytes(said.file), _bytes(said.label), _bytes(said.corrected), said.quality, said.choice


def _stored_content(content: Content | None) -> tuple[Any, ...]:
    return (None,) * 4 if content is None else astuple(content)


def _begun_to_write(database: sqlite3.Connection) -> sqlite3.Connection:
    """The database in a transaction, with every column."""
    database.execute("BEGIN IMMEDIATE")
    for name in _ADDED.keys() - _columns(database):
        database.execute(f"ALTER TABLE decisions ADD COLUMN {name} {_ADDED[name]}")
    return database


def _event(step: str, place: int) -> str:
    """The event of one row of a step."""
    return f"{step}/{place}" if place else step


def _ids(database: sqlite3.Connection, where: str, value: str | None) -> list[int]:
    """The rows that still stand, in order."""
    return [
        id
        for (id,) in database.execute(
            f"SELECT id FROM decisions WHERE {where} AND {_STANDING} ORDER BY id", (value,)
        )
    ]


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
    return f"the corrections of labels were damaged and start empty; the damaged file is now {kept}"


def _check(database: sqlite3.Connection) -> None:
    (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise Damaged(answer)


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else os.fsencode(text)


def _text(stored: bytes | None) -> str | None:
    return None if stored is None else os.fsdecode(stored)
