"""The only place that writes embeddings to disk, and reads them back.

One folder per collection and encoder:

    rows.sqlite            what made the embeddings (fingerprint), and per file its row or why it was skipped
    embeddings-<n>.f32     float32 rows, one embedding each, append-only
    head.npz               the encoder's class weights, so that weighting by a class needs no network

A batch is written to the matrix first and then entered in one SQLite transaction. Killed between the
two, the next run overwrites the unentered rows: a batch is the most that is ever lost. Rows are
never reused, so a reader that holds the matrix open keeps seeing what it opened.
"""

import contextlib
import json
import os
import sqlite3
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock
import numpy as np

from imsearch_core.encoders.base import ClassHead
from imsearch_core.errors import ImsearchError
from imsearch_core.files import atomic_write, folder_key, home

_FORMAT = "1"  # raise it when the tables, the checksum or the matrix's layout change
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS images (
    file BLOB PRIMARY KEY,          -- file names are bytes: not all of them are valid text
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    row INTEGER,                    -- NULL: skipped, for this reason
    reason TEXT,
    crc32 INTEGER NOT NULL          -- of all the above and the row's embedding
) WITHOUT ROWID;
"""


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

    images: tuple[StoredImage, ...]
    matrix: np.ndarray
    """float32 [rows, d], memory-mapped; not every row belongs to an image."""
    version: str
    """Changes whenever the content does."""


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

        Every entry is checked with its row against a CRC-32: damaged ones are left out, as if the
        images were new.
        """
        try:
            snapshot, damaged = self._load()
        except _Unusable as error:
            self._note(str(error))
            return Snapshot((), np.empty((0, self._dimension), np.float32), "")
        if damaged:
            self._note(f"{damaged} stored embeddings are damaged: those images are embedded again")
        return snapshot

    def read_head(self) -> ClassHead | None:
        """The class head saved with the embeddings; None if there is none or it is damaged."""
        try:
            with np.load(self.path / "head.npz") as saved:
                return ClassHead(saved["weights"], saved["bias"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
            return None

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
            with contextlib.closing(self._connect(readonly=True)) as database:
                facts = dict(database.execute("SELECT name, value FROM facts"))
                entries = database.execute(
                    "SELECT file, size, modified_ns, row, reason, crc32 FROM images"
                ).fetchall()
            if facts["format"] != _FORMAT:
                raise _Unusable("the store is of another version of Imsearch: all images are embedded again")
            self._check_fingerprint(json.loads(facts["fingerprint"]))
            matrix = self._map(int(facts["generation"]))
            version = facts["version"]
        except (sqlite3.DatabaseError, OSError, LookupError, TypeError, ValueError) as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise ImsearchError(f"{self._database} is locked by another program: try again") from error
            raise _Unusable(
                f"the stored embeddings are damaged ({error}): all images are embedded again"
            ) from error
        intact = []
        for *entry, crc in entries:
            row = entry[3]
            embedding = matrix[row] if isinstance(row, int) and 0 <= row < len(matrix) else None
            if (embedding is None) == (row is None) and _crc32(entry, embedding) == crc:
                file, *rest = entry
                intact.append(StoredImage(os.fsdecode(file), *rest))
        return Snapshot(tuple(intact), matrix, version), len(entries) - len(intact)

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

    def _connect(self, readonly: bool = False) -> sqlite3.Connection:
        uri = f"{self._database.absolute().as_uri()}?mode={'ro' if readonly else 'rwc'}"
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
            database = self._connect()
            if database.execute("PRAGMA quick_check").fetchone()[0] == "ok":
                return database
            database.close()
        except (_Unusable, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, full or read-only: not damage
                raise
        for leftover in (
            self._database,
            *self.path.glob("rows.sqlite-*"),
            *self.path.glob("embeddings-*.f32"),
        ):
            leftover.unlink(missing_ok=True)
        _matrix_path(self.path, 0).touch()
        database = self._connect()
        database.executescript(_SCHEMA)
        facts = {
            "format": _FORMAT,
            "fingerprint": json.dumps(self.fingerprint),
            "generation": "0",
            "next_row": "0",
            "version": uuid.uuid4().hex,
        }
        with _transaction(database):
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
        entries = [(os.fsencode(file), *stamp, first + i, None) for i, (file, *stamp) in enumerate(files)]
        self._enter(
            [(*entry, _crc32(entry, row)) for entry, row in zip(entries, rows, strict=True)],
            next_row=first + len(rows),
        )

    def skip(self, files: Sequence[tuple[str, int, int]], reasons: Sequence[str]) -> None:
        """Remember that files were skipped and why, so that they are not tried again unchanged."""
        entries = [
            (os.fsencode(file), *stamp, None, reason)
            for (file, *stamp), reason in zip(files, reasons, strict=True)
        ]
        self._enter(
            [(*entry, _crc32(entry, None)) for entry in entries], next_row=int(self._fact("next_row"))
        )

    def remove(self, files: Iterable[str]) -> None:
        with _transaction(self._database):
            self._database.executemany(
                "DELETE FROM images WHERE file = ?", [(os.fsencode(f),) for f in files]
            )
            self._set(version=uuid.uuid4().hex)

    def compact(self) -> None:
        """Give the space of removed rows back, once they outnumber the living ones."""
        columns = "file, size, modified_ns, row, reason"
        live = self._database.execute(
            f"SELECT {columns} FROM images WHERE row IS NOT NULL ORDER BY row"
        ).fetchall()
        if int(self._fact("next_row")) <= 2 * len(live):
            return
        generation = int(self._fact("generation"))
        old_path, new_path = (_matrix_path(self._path, n) for n in (generation, generation + 1))
        stride = 4 * self._dimension
        moved = []
        with old_path.open("rb") as old, atomic_write(new_path) as temporary, temporary.open("wb") as new:
            for new_row, (*stamp, row, reason) in enumerate(live):
                old.seek(row * stride)
                embedding = old.read(stride)
                new.write(embedding)
                entry = (*stamp, new_row, reason)
                moved.append((*entry, _crc32(entry, embedding)))
        self._enter(moved, next_row=len(live), generation=generation + 1)
        old_path.unlink()

    def _enter(self, entries: list[tuple], **facts: Any) -> None:
        with _transaction(self._database):
            self._database.executemany("INSERT OR REPLACE INTO images VALUES (?, ?, ?, ?, ?, ?)", entries)
            self._set(version=uuid.uuid4().hex, **facts)

    def _fact(self, name: str) -> str:
        return self._database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()[0]

    def _set(self, **facts: Any) -> None:
        self._database.executemany(
            "UPDATE facts SET value = ? WHERE name = ?", [(str(value), name) for name, value in facts.items()]
        )


@contextlib.contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _crc32(entry: Sequence[Any], embedding: Any) -> int:
    """Checksum of an entry (file, size, modified_ns, row, reason) and its embedding's bytes, if any."""
    checksum = zlib.crc32(repr(tuple(entry)).encode())
    return checksum if embedding is None else zlib.crc32(embedding, checksum)


def _matrix_path(store: Path, generation: int) -> Path:
    return store / f"embeddings-{generation}.f32"
