"""A person's decisions about labels, and tags: one SQLite file per collection, appended to, never rewritten.

Every decision is a row, and is on disk before `decide` returns. If there are several about one picture, the
latest counts. Decisions made with one key are a step, which is saved and undone as a whole. Undoing adds a
row as well, so nothing is ever lost, and any number of processes may write at once without overwriting each
other. The photos are never touched.

A decision is about a picture, not about a name: it keeps a hash of the file (see `content`), follows the
picture when its file is renamed or its folder moves, and does not apply to another picture. In nested folders
it counts only while the label is taken from the same folder level.
"""

import contextlib
import os
import sqlite3
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import compress
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import filelock

from imsearch_core.datasets import Item
from imsearch_core.datasets.names import normal
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import atomic_write, data_dir, folder_key, private_folder
from imsearch_core.labels.content import Content, content_of, find
from imsearch_core.wording import counted

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
NO_LABEL = "no label"
KEEP_TAG, EXCLUDE_TAG = "keep", "exclude"
TAGS = (KEEP_TAG, EXCLUDE_TAG)  # those that are always offered
_UNDO, _TAG, _UNTAG = "undo", "tag", "untag"
_STEP = "COALESCE(step, event)"
_STANDING = "undoes IS NULL AND id NOT IN (SELECT undoes FROM decisions WHERE undoes IS NOT NULL)"
_LONGEST_LABEL = 100  # characters
IMPORT = "import"  # how reviewers begin that are tables
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
        found = self._found.notes
        kept = sorted(self.path.parent.glob(f"{self.path.name}.damaged-*"))
        return [*(_loss(path) for path in kept if not path.name.endswith("-journal")), *found]

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

    def decide(self, decision: Decision, reviewer: str, event: str | None = None) -> None:
        """Save one decision of `reviewer`, at once.

        `event` identifies it, so that a decision sent twice is entered once; by default it is new.
        """
        self.decide_all([decision], reviewer, event)

    def decide_all(self, decisions: Iterable[Decision], reviewer: str, event: str | None = None) -> None:
        """Save many decisions as one step: all or none. `event` as in `decide`."""
        self._enter([(d.file, d.label, d.corrected, d.quality, d.choice) for d in decisions], reviewer, event)

    def tag(
        self, files: Iterable[str], tag: str, reviewer: str, event: str | None = None, *, off: bool = False
    ) -> None:
        """Give `files` a tag, or take it `off`, as one step. `event` as in `decide`.

        Raises UsageError for a tag that `as_label` would not allow.
        """
        tag = as_label(tag)
        self._enter([(file, None, tag, None, _UNTAG if off else _TAG) for file in files], reviewer, event)

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
        rows = [(one.file, None, as_label(one.tag), None, _UNTAG if one.off else _TAG) for one in changes]
        self._enter(rows, f"{IMPORT} {uuid.uuid4().hex}", None)

    def add(self, decisions: Iterable[Decision]) -> None:
        """Save many decisions, all or none; no reviewer's `undo` takes them back."""
        self.decide_all(decisions, f"{IMPORT} {uuid.uuid4().hex}")

    def undo(self, reviewer: str, event: str | None = None, *, step: str | None = None) -> tuple[str, ...]:
        """Take back the step of this name, or the last one of `reviewer` of which anything still stands.

        Returns the files it was about, none if there is no such step. `event` as in `decide`.
        """

        newest = f"SELECT {_STEP} FROM decisions WHERE reviewer = ? AND {_STANDING} ORDER BY id DESC LIMIT 1"

        def chosen(database: sqlite3.Connection) -> list[int]:
            last = step or (database.execute(newest, (reviewer,)).fetchone() or (None,))[0]
            return _ids(database, f"{_STEP} = ?", last)

        return self._undo(chosen, event)

    def take_back(self, entries: Iterable[str], event: str | None = None) -> tuple[str, ...]:
        """Take back the decisions of these events, no matter who made them, as one step.

        Returns the files they were about. `event` as in `decide`.
        """
        return self._undo(
            lambda database: [id for entry in entries for id in _ids(database, "event = ?", entry)], event
        )

    # Inside

    def _enter(self, entries: Sequence[tuple[Any, ...]], reviewer: str, event: str | None) -> None:
        """Append (file, label, corrected, quality, decision) of each entry, as the step `event`."""
        event = event or uuid.uuid4().hex
        try:
            rows = [
                (
                    _event(event, i),
                    event,
                    reviewer,
                    *map(_bytes, entry[:3]),
                    *entry[3:],
                    *self._content(entry[0]),
                )
                for i, entry in enumerate(entries)
            ]
        except UnicodeEncodeError as error:
            raise UsageError(f"{error.object!r} is not a name that can be saved") from error
        columns = "event, step, reviewer, file, label, corrected, quality, decision, " + ", ".join(_CONTENT)
        values = ", ".join("?" * (columns.count(",") + 1))
        insert = f"INSERT OR IGNORE INTO decisions ({columns}) VALUES ({values})"
        self._run(lambda database: _begun_to_write(database).executemany(insert, rows))
        with contextlib.suppress(OSError):
            self._begun.touch(mode=0o600)

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

    def _content(self, file: str) -> tuple:
        """What goes into the columns `_CONTENT`."""
        if self.folder is None:
            return (None,) * len(_CONTENT)
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
        rows = _standing(other)
        folders = {row.folder for row in rows} - {None}
        contents = {row.file: row.content for row in rows if row.content}
        if not contents or any(Path(folder).exists() for folder in folders):
            return False
        present = {item.file for item in self.items}
        here = find(contents, self.folder, self.items).places.values()
        return 2 * sum(place in present for place in here) > len(contents)

    def _copy(self, other: sqlite3.Connection) -> None:
        with filelock.FileLock(f"{self.path}.lock", mode=0o600):
            if self.path.exists():  # another process has just copied them
                return
            with atomic_write(self.path) as temporary, contextlib.closing(sqlite3.connect(temporary)) as copy:
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


class _State(NamedTuple):
    """What one version says, by the present files of the pictures."""

    decisions: Mapping[str, Decision]
    tags: Mapping[str, tuple[str, ...]]
    history: tuple[Entry, ...]
    notes: list[str]
    """What to say about it."""


@dataclass(frozen=True, slots=True)
class _Row:
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


@lru_cache(maxsize=16)
def _read(corrections: Corrections, version: bytes) -> _State:
    """What one version says."""

    def read(database: sqlite3.Connection) -> list[_Row]:
        _check(database)
        return _standing(database)

    rows = corrections._run(read)
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


def _placed(corrections: Corrections, rows: Sequence[_Row]) -> tuple[list[tuple[_Row, str]], list[str]]:
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


def _read_only(path: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True))


def _standing(database: sqlite3.Connection) -> list[_Row]:
    """What has been said and not been undone, the oldest first."""
    present = _columns(database)
    added = ", ".join(name if name in present else f"NULL AS {name}" for name in _CONTENT)
    rows = database.execute(
        f"SELECT event, reviewer, decided, decision, file, label, corrected, quality, {added} FROM decisions "
        f"WHERE {_STANDING} ORDER BY id"
    )
    try:
        return [_row(*row) for row in rows]
    except (TypeError, ValueError) as error:
        raise _Damaged(str(error)) from error


def _row(event, reviewer, decided, choice, file, label, corrected, quality, *content) -> _Row:
    *stamp, sha256, folder = content
    file, label, corrected, folder = map(_text, (file, label, corrected, folder))
    tagging = choice in (_TAG, _UNTAG)
    return _Row(
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
