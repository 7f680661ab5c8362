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
import hashlib
import json
import os
import re
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
from imsearch_core.files import atomic_write, home

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS images (
    file BLOB PRIMARY KEY,          -- file names are bytes: not all of them are valid text
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    row INTEGER,                    -- NULL: skipped, for this reason
    crc32 INTEGER,
    reason TEXT
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
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.name)[:40] or "folder"
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
    return (
        home() / "embeddings" / f"{name}-{digest}" / f"{fingerprint['encoder']}-{fingerprint['weights'][:8]}"
    )


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

        Every row is checked against its CRC-32: images whose row is damaged are left out, as if
        they were new.
        """
        empty = Snapshot((), np.empty((0, self._dimension), np.float32), "")
        if not self._database.is_file():
            return empty
        try:
            with contextlib.closing(self._connect(readonly=True)) as database:
                facts = dict(database.execute("SELECT name, value FROM facts"))
                rows = database.execute(
                    "SELECT file, size, modified_ns, row, reason, crc32 FROM images"
                ).fetchall()
            if problem := self._mismatch(facts):
                self._note(problem)
                return empty
            matrix = self._map(int(facts["generation"]))
        except (sqlite3.DatabaseError, OSError, KeyError, ValueError) as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise ImsearchError(f"{self._database} is locked by another program: try again") from error
            self._note(f"the stored embeddings are damaged ({error}): all images are embedded again")
            return empty
        intact, damaged = [], 0
        for file, size, modified_ns, row, reason, crc in rows:
            if row is not None and (row >= len(matrix) or zlib.crc32(matrix[row]) != crc):
                damaged += 1
                continue
            intact.append(StoredImage(os.fsdecode(file), size, modified_ns, row, reason))
        if damaged:
            self._note(f"{damaged} stored embeddings are damaged: those images are embedded again")
        return Snapshot(tuple(intact), matrix, facts["version"])

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
        if text not in self.notes:
            self.notes.append(text)

    def _mismatch(self, facts: dict[str, str]) -> str | None:
        """Why a store with these facts is not ours, or None."""
        found = json.loads(facts["fingerprint"])
        if found == self.fingerprint:
            return None
        changed = ", ".join(
            f"{key} {found.get(key)} → {self.fingerprint.get(key)}"
            for key in sorted(found.keys() | self.fingerprint.keys())
            if found.get(key) != self.fingerprint.get(key)
        )
        return f"the stored embeddings were made differently ({changed}): all images are embedded again"

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
            database = self._connect()
            database.executescript(_SCHEMA)
            facts = dict(database.execute("SELECT name, value FROM facts"))
            sound = database.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            if (
                sound
                and facts
                and self._mismatch(facts) is None
                and _matrix_path(self.path, int(facts["generation"])).exists()
            ):
                return database
            database.close()
        except (sqlite3.DatabaseError, KeyError, ValueError) as error:
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
        self._enter(
            [
                (os.fsencode(file), size, modified_ns, first + i, zlib.crc32(rows[i]), None)
                for i, (file, size, modified_ns) in enumerate(files)
            ],
            next_row=first + len(rows),
        )

    def skip(self, files: Sequence[tuple[str, int, int]], reasons: Sequence[str]) -> None:
        """Remember that files were skipped and why, so that they are not tried again unchanged."""
        self._enter(
            [
                (os.fsencode(file), size, modified_ns, None, None, reason)
                for (file, size, modified_ns), reason in zip(files, reasons, strict=True)
            ],
            next_row=int(self._fact("next_row")),
        )

    def remove(self, files: Iterable[str]) -> None:
        with _transaction(self._database):
            self._database.executemany(
                "DELETE FROM images WHERE file = ?", [(os.fsencode(f),) for f in files]
            )
            self._set(version=uuid.uuid4().hex)

    def compact(self) -> None:
        """Give the space of removed rows back, once they outnumber the living ones."""
        live = self._database.execute(
            "SELECT file, row FROM images WHERE row IS NOT NULL ORDER BY row"
        ).fetchall()
        if int(self._fact("next_row")) <= 2 * len(live):
            return
        generation = int(self._fact("generation"))
        old_path, new_path = (_matrix_path(self._path, n) for n in (generation, generation + 1))
        stride = 4 * self._dimension
        with old_path.open("rb") as old, atomic_write(new_path) as temporary, temporary.open("wb") as new:
            for _, row in live:
                old.seek(row * stride)
                new.write(old.read(stride))
        with _transaction(self._database):
            self._database.executemany(
                "UPDATE images SET row = ? WHERE file = ?", [(i, file) for i, (file, _) in enumerate(live)]
            )
            self._set(generation=generation + 1, next_row=len(live), version=uuid.uuid4().hex)
        old_path.unlink()

    def _enter(self, rows: list[tuple], next_row: int) -> None:
        with _transaction(self._database):
            self._database.executemany("INSERT OR REPLACE INTO images VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._set(next_row=next_row, version=uuid.uuid4().hex)

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


def _matrix_path(store: Path, generation: int) -> Path:
    return store / f"embeddings-{generation}.f32"
