"""The only place that writes embeddings to disk, and reads them back.

One folder per collection and encoder:

    rows.sqlite            what made the embeddings (fingerprint), and per file its row or why it was skipped
    embeddings-<n>.f32     float32 rows, one embedding each, append-only
    embeddings-<n>.i8      a compact copy of many rows (`imsearch_core.quantised`), with its .npz
    head.npz               the encoder's class weights, so that weighting by a class needs no network

A batch is written to the matrix first and then entered in one SQLite transaction. Killed between the
two, the next run overwrites the unentered rows: a batch is the most that is ever lost. Rows are
never reused, so a reader that holds the matrix open keeps seeing what it opened.

Everything is under a checksum. Entries are checked whenever the store is opened. So are embeddings,
unless they are so many that there is a compact copy: then each is checked when it is copied and
whenever it is read.
"""

import contextlib
import json
import os
import sqlite3
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock
import numpy as np

from imsearch_core.encoders.base import ClassHead
from imsearch_core.errors import ImsearchError
from imsearch_core.files import atomic_write, folder_key, home, read_arrays
from imsearch_core.quantised import Quantised, read_quantised, write_quantised

_FORMAT = "2"  # raise it when the tables, the checksums or the matrix's layout change
QUANTISE_ABOVE = 1 << 30  # bytes of float32 rows
_FACTS = "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
_IMAGES = """
CREATE TABLE images (
    file BLOB PRIMARY KEY,          -- file names are bytes: not all of them are valid text
    stamp BLOB NOT NULL,            -- see _STAMP: one value, as a million are read at once
    reason TEXT                     -- why it was skipped
) WITHOUT ROWID
"""
# What an entry says of its file; `row` is -1 if it was skipped, `crc` of the embedding or else the reason.
# `seal` is the CRC-32 of file name and stamp up to it, which makes that of both together _SEALED.
_STAMP = np.dtype([("size", "<i8"), ("modified_ns", "<i8"), ("row", "<i8"), ("crc", "<u4"), ("seal", "<u4")])
_SEALED = 0x2144DF1C


@dataclass(frozen=True, slots=True)
class StoredImage:
    """What the store knows of one file."""

    file: str
    size: int
    modified_ns: int
    row: int | None
    """Row of the matrix; None if the file was skipped."""
    reason: str | None
    """Why it was skipped."""


@dataclass(frozen=True)
class Snapshot:
    """The embeddings as they were when read, unaffected by later indexing."""

    files: Sequence[str]
    stamps: np.ndarray
    """_STAMP [files]: size, modified_ns and row of each file."""
    reasons: dict[str, str]
    """Why files were skipped."""
    matrix: np.ndarray
    """float32 [rows, d], memory-mapped; not every row belongs to an image."""
    version: str
    """Changes whenever the content does."""
    quantised: Quantised | None = None
    """The compact copy of a large matrix, covering at least the rows of images."""
    check: Callable[[np.ndarray, np.ndarray], None] = lambda rows, embeddings: None
    """Called with rows int64 [k] and embeddings float32 [k, d] as read, raises ImsearchError if those
    are damaged; their images are then embedded again when the folder is next opened."""

    @property
    def images(self) -> tuple[StoredImage, ...]:
        """Everything that is known of each file."""
        columns = (self.stamps[name].tolist() for name in ("size", "modified_ns", "row"))
        return tuple(
            StoredImage(file, size, modified_ns, row if row >= 0 else None, self.reasons.get(file))
            for file, size, modified_ns, row in zip(self.files, *columns, strict=True)
        )

    def row_of(self) -> dict[str, int]:
        """The row of each file that was not skipped."""
        rows = self.stamps["row"].tolist()
        return {file: row for file, row in zip(self.files, rows, strict=True) if row >= 0}


def store_path(folder: Path, fingerprint: dict[str, Any]) -> Path:
    """Where the embeddings of `folder` lie: one place per collection, encoder and weights file."""
    made_by = f"{fingerprint['encoder']}-{fingerprint['weights'][:8]}"
    return home() / "embeddings" / folder_key(folder) / made_by


class _Unusable(Exception):
    """Nothing in the store can be used; the message, empty if nothing is stored, says why."""


class EmbeddingStore:
    """The stored embeddings of one folder by one encoder.

    Opening finds a usable store or none: one of another fingerprint, or one that is damaged, is
    emptied by the next `writing()` block, and `notes` says why.
    """

    def __init__(self, path: Path, fingerprint: dict[str, Any]) -> None:
        self.path = path
        self.fingerprint = fingerprint
        self.notes: list[str] = []

    # Reading

    def read(self) -> Snapshot:
        """The present content; empty if nothing usable is stored.

        Damaged entries are left out, as if the images were new.
        """
        try:
            snapshot, damaged = self._load()
        except _Unusable as error:
            self._note(str(error))
            return Snapshot((), np.empty(0, _STAMP), {}, np.empty((0, self._dimension), np.float32), "")
        if damaged:
            self._note(f"{damaged} stored embeddings are damaged: those images are embedded again")
        return snapshot

    def lacks_quantised(self, snapshot: Snapshot) -> bool:
        """Whether the store is so large that it needs a compact copy, and has none."""
        return snapshot.matrix.nbytes > QUANTISE_ABOVE and snapshot.quantised is None

    def read_head(self) -> ClassHead | None:
        """The class head saved with the embeddings; None if there is none or it is damaged."""
        saved = read_arrays(self.path / "head.npz")
        return ClassHead(saved["weights"], saved["bias"]) if saved.keys() == {"weights", "bias"} else None

    # Writing

    @contextlib.contextmanager
    def writing(self, waiting: Callable[[], None] = lambda: None) -> Iterator["StoreWriter"]:
        """Hold the store for writing; one process at a time, `waiting` is called while another has it.

        Raises ImsearchError if the store cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.path / "lock")
            while True:
                try:
                    lock.acquire(timeout=0.5)
                    break
                except filelock.Timeout:
                    waiting()
            try:
                with contextlib.closing(self._open_for_writing()) as database:
                    yield StoreWriter(self.path, database, self._dimension)
            finally:
                lock.release()
        except (OSError, sqlite3.OperationalError) as error:
            raise ImsearchError(
                f"the embeddings cannot be written to {self.path}: {error}. "
                f"Free some space or set IMSEARCH_HOME to a folder that can be written to"
            ) from error

    def write_head(self, head: ClassHead) -> None:
        with atomic_write(self.path / "head.npz") as temporary, temporary.open("wb") as file:
            np.savez(file, weights=head.weights, bias=head.bias)

    # Inside

    @property
    def _database(self) -> Path:
        return self.path / "rows.sqlite"

    @property
    def _dimension(self) -> int:
        return self.fingerprint["dimension"]

    def _note(self, text: str) -> None:
        if text and text not in self.notes:
            self.notes.append(text)

    def _load(self) -> tuple[Snapshot, int]:
        """What is stored, and how many damaged entries were left out. Raises _Unusable."""
        if not self._database.is_file():
            raise _Unusable("")
        try:
            with contextlib.closing(self._connect("rw")) as database:
                if not database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                    raise _Unusable("")  # a first run was killed before it had begun
                facts = dict(database.execute("SELECT name, value FROM facts"))
                if facts["format"] != _FORMAT:
                    raise _Unusable(
                        "the store is of another version of Imsearch: all images are embedded again"
                    )
                entries = _read_entries(database)
            self._check_fingerprint(json.loads(facts["fingerprint"]))
            matrix = self._map(int(facts["generation"]))
            version, next_row = facts["version"], int(facts["next_row"])
        except (sqlite3.DatabaseError, OSError, LookupError, TypeError, ValueError) as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise ImsearchError(f"{self._database} is locked by another program: try again") from error
            raise _Unusable(
                f"the stored embeddings are damaged ({error}): all images are embedded again"
            ) from error
        snapshot, damaged = self._checked(*entries, matrix, version)
        if snapshot.stamps["row"].max(initial=-1) >= next_row:
            raise _Unusable("the stored embeddings are damaged (next_row): all images are embedded again")
        return snapshot, damaged

    def _checked(
        self, names: list[bytes], stamps: np.ndarray, reasons: dict, matrix: np.ndarray, version: str
    ) -> tuple[Snapshot, int]:
        """A snapshot of the entries that are intact, and how many are not."""
        seals = np.fromiter(map(zlib.crc32, stamps, map(zlib.crc32, names)), np.uint32, len(names))
        stamps = np.frombuffer(b"".join(stamps), _STAMP)
        rows = stamps["row"]
        intact = (seals == _SEALED) & (rows < len(matrix))
        for i in np.flatnonzero(intact & (rows < 0)):
            intact[i] = _crc32(reasons.get(names[i])) == stamps["crc"][i]
        large = matrix.nbytes > QUANTISE_ABOVE
        if not large:
            for i in np.flatnonzero(intact & (rows >= 0)).tolist():
                intact[i] = zlib.crc32(matrix[rows[i]]) == stamps["crc"][i]
        damaged = len(names) - int(np.count_nonzero(intact))
        if damaged:
            names = [name for name, kept in zip(names, intact.tolist(), strict=True) if kept]
            stamps = stamps[intact]
        files = os.fsdecode(b"\0".join(names)).split("\0") if names else []  # no name holds a zero
        known = set(names) if reasons else ()
        reasons = {os.fsdecode(name): reason for name, reason in reasons.items() if name in known}
        if not large:
            return Snapshot(files, stamps, reasons, matrix, version), damaged
        last = int(stamps["row"].max(initial=-1)) + 1
        quantised = read_quantised(Path(matrix.filename), last, self._dimension)
        check = self._check_of(names, stamps)
        return Snapshot(files, stamps, reasons, matrix, version, quantised, check), damaged

    def _check_of(self, names: list[bytes], stamps: np.ndarray) -> Callable[[np.ndarray, np.ndarray], None]:
        """The `check` of a snapshot: compares rows with their checksums, and forgets those that differ."""
        entry_of = np.full(int(stamps["row"].max(initial=-1)) + 1, -1)
        living = np.flatnonzero(stamps["row"] >= 0)
        entry_of[stamps["row"][living]] = living

        def check(rows: np.ndarray, embeddings: np.ndarray) -> None:
            entries = entry_of[rows]
            sums = stamps["crc"][entries].tolist()
            damaged = [
                names[entry]
                for entry, embedding, crc in zip(entries.tolist(), embeddings, sums, strict=True)
                if entry >= 0 and zlib.crc32(embedding) != crc
            ]
            if damaged:
                with contextlib.suppress(ImsearchError), self.writing() as writer:
                    writer.remove(map(os.fsdecode, damaged))
                raise ImsearchError(
                    f"the stored embedding of {os.fsdecode(damaged[0])} is damaged: "
                    f"open the folder again, and it is embedded anew"
                )

        return check

    def _check_fingerprint(self, found: dict[str, Any]) -> None:
        if found == self.fingerprint:
            return
        changed = ", ".join(
            f"{key} {found.get(key)} → {self.fingerprint.get(key)}"
            for key in sorted(found.keys() | self.fingerprint.keys())
            if found.get(key) != self.fingerprint.get(key)
        )
        raise _Unusable(
            f"the stored embeddings were made differently ({changed}): all images are embedded again"
        )

    def _connect(self, mode: str) -> sqlite3.Connection:
        """A connection in SQLite's `mode`: "rw", or "rwc" to create the database.

        Never "ro": a run that was killed as it committed leaves a journal, and only who may write can
        undo what it had begun.
        """
        uri = f"{self._database.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)

    def _map(self, generation: int) -> np.ndarray:
        path = _matrix_path(self.path, generation)
        rows = path.stat().st_size // (4 * self._dimension)
        if rows == 0:
            return np.empty((0, self._dimension), np.float32)
        return np.memmap(path, np.float32, mode="r", shape=(rows, self._dimension))

    def _open_for_writing(self) -> sqlite3.Connection:
        """A connection to a store of our fingerprint, emptied first if it is foreign or damaged."""
        try:
            self._load()
            database = self._connect("rw")
            if database.execute("PRAGMA quick_check").fetchone()[0] == "ok":
                return database
            database.close()
        except (_Unusable, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, full or read-only: not damage
                raise
        for leftover in (
            self._database,
            *self.path.glob("rows.sqlite-*"),
            *self.path.glob("embeddings-*"),
        ):
            leftover.unlink(missing_ok=True)
        _matrix_path(self.path, 0).touch()
        database = self._connect("rwc")
        facts = {
            "format": _FORMAT,
            "fingerprint": json.dumps(self.fingerprint),
            "generation": "0",
            "next_row": "0",
            "version": uuid.uuid4().hex,
        }
        with _transaction(database):
            database.execute(_FACTS)
            database.execute(_IMAGES)
            database.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        return database


class StoreWriter:
    """Changes a store; every method is one transaction."""

    def __init__(self, path: Path, database: sqlite3.Connection, dimension: int) -> None:
        self._path = path
        self._database = database
        self._dimension = dimension

    def add(self, files: Sequence[tuple[str, int, int]], embeddings: np.ndarray) -> None:
        """Store embeddings float32 [n, d] of n files given as (file, size, modified_ns)."""
        rows = np.ascontiguousarray(embeddings, np.float32)
        first = int(self._fact("next_row"))
        with _matrix_path(self._path, int(self._fact("generation"))).open("r+b") as matrix:
            matrix.seek(first * 4 * self._dimension)
            matrix.write(rows.tobytes())
            matrix.flush()
            os.fsync(matrix.fileno())
        self._enter(
            [
                _entry(os.fsencode(file), *stamp, first + i, zlib.crc32(row))
                for i, ((file, *stamp), row) in enumerate(zip(files, rows, strict=True))
            ],
            next_row=first + len(rows),
        )

    def skip(self, files: Sequence[tuple[str, int, int]], reasons: Sequence[str]) -> None:
        """Remember that files were skipped and why, so that they are not tried again unchanged."""
        self._enter(
            [
                _entry(os.fsencode(file), *stamp, -1, _crc32(reason), reason)
                for (file, *stamp), reason in zip(files, reasons, strict=True)
            ]
        )

    def remove(self, files: Iterable[str]) -> None:
        with _transaction(self._database):
            self._database.executemany(
                "DELETE FROM images WHERE file = ?", [(os.fsencode(f),) for f in files]
            )
            self._set(version=uuid.uuid4().hex)

    def compact(self) -> None:
        """Give the space of removed rows back, once they outnumber the living ones."""
        names, packed, _ = _read_entries(self._database)
        stamps = np.frombuffer(b"".join(packed), _STAMP)
        living = np.flatnonzero(stamps["row"] >= 0)
        if int(self._fact("next_row")) <= 2 * len(living):
            return
        living = living[np.argsort(stamps["row"][living])]
        generation = int(self._fact("generation"))
        old_path, new_path = (_matrix_path(self._path, n) for n in (generation, generation + 1))
        stride = 4 * self._dimension
        moved = []
        with old_path.open("rb") as old, atomic_write(new_path) as temporary, temporary.open("wb") as new:
            for new_row, i in enumerate(living):
                size, modified_ns, row, crc, _ = stamps[i].item()
                old.seek(row * stride)
                new.write(old.read(stride))
                moved.append(_entry(names[i], size, modified_ns, new_row, crc))
        self._enter(moved, next_row=len(living), generation=generation + 1)
        for leftover in self._path.glob(f"embeddings-{generation}.*"):
            leftover.unlink()

    def quantise(self) -> int:
        """Make or extend the compact copy of a large matrix; returns how many damaged entries it dropped."""
        matrix, rows = _matrix_path(self._path, int(self._fact("generation"))), int(self._fact("next_row"))
        if 4 * self._dimension * rows <= QUANTISE_ABOVE:
            return 0
        names, packed, _ = _read_entries(self._database)
        stamps = np.frombuffer(b"".join(packed), _STAMP)
        stamps, entries = stamps[stamps["row"] >= 0], np.flatnonzero(stamps["row"] >= 0)
        entry_of = np.full(rows, -1)
        entry_of[stamps["row"]] = np.arange(len(stamps))
        damaged = []

        def check(first: int, block: np.ndarray) -> None:
            for entry, embedding in zip(entry_of[first : first + len(block)].tolist(), block, strict=True):
                if entry >= 0 and zlib.crc32(embedding) != stamps["crc"][entry]:
                    damaged.append(os.fsdecode(names[entries[entry]]))

        write_quantised(matrix, rows, self._dimension, check)
        if damaged:
            self.remove(damaged)
        return len(damaged)

    def _enter(self, entries: list[tuple], **facts: Any) -> None:
        with _transaction(self._database):
            self._database.executemany("INSERT OR REPLACE INTO images VALUES (?, ?, ?)", entries)
            self._set(version=uuid.uuid4().hex, **facts)

    def _fact(self, name: str) -> str:
        return dict(self._database.execute("SELECT name, value FROM facts"))[name]

    def _set(self, **facts: Any) -> None:
        self._database.executemany(
            "UPDATE facts SET value = ? WHERE name = ?", [(str(value), name) for name, value in facts.items()]
        )


@contextlib.contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # a full disk has ended it already
            database.execute("ROLLBACK")
        raise


def _read_entries(database: sqlite3.Connection) -> tuple[list[bytes], list[bytes], dict[bytes, str]]:
    """Files, stamps, and the reasons of those that were skipped. Raises ValueError if they are none."""
    names, stamps, reasons = [], [], {}
    cursor = database.execute("SELECT file, stamp, reason FROM images")
    while chunk := cursor.fetchmany(1000):  # few enough to stay in the processor's cache: a third faster
        some_names, some_stamps, some_reasons = zip(*chunk, strict=True)
        names += some_names
        stamps += some_stamps
        if any(some_reasons):
            reasons |= {name: r for name, r in zip(some_names, some_reasons, strict=True) if r is not None}
    kinds = {*map(type, names), *map(type, stamps)} - {bytes} | {*map(type, reasons.values())} - {str}
    if kinds or {*map(len, stamps)} - {_STAMP.itemsize}:
        raise ValueError("entries are of another kind")
    return names, stamps, reasons


def _entry(file: bytes, size: int, modified_ns: int, row: int, crc: int, reason: str | None = None) -> tuple:
    """An entry of the table, sealed."""
    stamp = np.array((size, modified_ns, row, crc, 0), _STAMP).tobytes()[:-4]
    return file, stamp + zlib.crc32(stamp, zlib.crc32(file)).to_bytes(4, "little"), reason


def _crc32(reason: str | None) -> int:
    return zlib.crc32((reason or "").encode())


def _matrix_path(store: Path, generation: int) -> Path:
    return store / f"embeddings-{generation}.f32"
