"""Changes a store, one transaction at a time."""

import contextlib
import json
import os
import sqlite3
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from imsearch_core.files import atomic_write
from imsearch_core.store.entries import (
    TABLE,
    FileStamp,
    damaged_files,
    entries_by_row,
    of_embedded,
    of_skipped,
    read_entries,
)
from imsearch_core.store.reader import FORMAT, Unusable, connect, database_path, load, matrix_path
from imsearch_core.vectors.quantised import is_large, write_quantised

_FACTS = "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"


@contextlib.contextmanager
def open_for_writing(path: Path, fingerprint: dict[str, Any]) -> Iterator["StoreWriter"]:
    """A writer for a store of this fingerprint, without damaged entries; an unusable one begins anew."""
    with contextlib.closing(_usable_database(path, fingerprint)) as database:
        yield StoreWriter(path, database, fingerprint["dimension"])


def _usable_database(path: Path, fingerprint: dict[str, Any]) -> sqlite3.Connection:
    try:
        _, damaged = load(path, fingerprint, forget=lambda files: None)
        database = connect(path)
        if database.execute("PRAGMA quick_check").fetchone()[0] == "ok":
            if damaged:  # a damaged name matches no file: nothing else would ever remove it
                StoreWriter(path, database, fingerprint["dimension"]).remove(damaged)
            database.execute(
                "UPDATE facts SET value = ? WHERE name = 'format' AND value != ?", (FORMAT, FORMAT)
            )
            return database
        database.close()
    except (Unusable, sqlite3.DatabaseError) as error:
        if isinstance(error, sqlite3.OperationalError):  # locked, full or read-only, but not damaged
            raise
    for leftover in (database_path(path), *path.glob("rows.sqlite-*"), *path.glob("embeddings-*")):
        leftover.unlink(missing_ok=True)
    database_path(path).touch(mode=0o600)
    database = connect(path)
    _create(path, database, fingerprint)
    return database


def _create(store: Path, database: sqlite3.Connection, fingerprint: dict[str, Any]) -> None:
    """Begin an empty store in an empty database."""
    matrix_path(store, 0).touch(mode=0o600)
    facts = {
        "format": FORMAT,
        "fingerprint": json.dumps(fingerprint),
        "generation": "0",
        "next_row": "0",
        "version": uuid.uuid4().hex,
    }
    with _transaction(database):
        database.execute(_FACTS)
        database.execute(TABLE)
        database.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())


class StoreWriter:
    """Changes a store; every method is one transaction."""

    def __init__(self, path: Path, database: sqlite3.Connection, dimension: int) -> None:
        self._path = path
        self._database = database
        self._dimension = dimension

    def add(
        self,
        files: Sequence[tuple],
        embeddings: np.ndarray,
        defects: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Store embeddings float32 [n, d] of n files, each given by (the first) fields of `FileStamp`.

        `defects` says what is wrong with some of them.
        """
        rows = np.ascontiguousarray(embeddings, np.float32)
        first = int(self._fact("next_row"))
        with self._matrix().open("r+b") as matrix:
            matrix.seek(first * 4 * self._dimension)
            matrix.write(rows.tobytes())
            matrix.flush()
            os.fsync(matrix.fileno())
        self._enter(
            [
                of_embedded(FileStamp(*file), first + i, zlib.crc32(row), defects.get(file[0]))
                for i, (file, row) in enumerate(zip(files, rows, strict=True))
            ],
            next_row=first + len(rows),
        )

    def skip(self, files: Sequence[tuple], reasons: Sequence[str]) -> None:
        """Remember that files were skipped and why, so that they are not tried again unchanged."""
        self._enter(
            [of_skipped(FileStamp(*file), reason) for file, reason in zip(files, reasons, strict=True)]
        )

    def confirm(self, identities: Mapping[str, int]) -> None:
        """Enter the present identity of files whose content is as it was."""
        entries = read_entries(self._database)
        place_of = {name: i for i, name in enumerate(entries.names)}
        self._enter(
            [
                entries.changed(place_of[os.fsencode(file)], identity=identity)
                for file, identity in identities.items()
            ]
        )

    def remove(self, files: Iterable[str]) -> None:
        """Delete the entries of files."""
        with _transaction(self._database):
            self._database.executemany(
                "DELETE FROM images WHERE file = ?", [(os.fsencode(f),) for f in files]
            )
            self._set(version=uuid.uuid4().hex)

    def compact(self) -> None:
        """Give back the space of removed rows once they outnumber the others."""
        rows = int(self._fact("next_row"))
        (flawless,) = self._database.execute("SELECT count(*) FROM images WHERE reason IS NULL").fetchone()
        if rows <= 2 * flawless:  # all of which have rows: no need to read the entries
            return
        entries = read_entries(self._database)
        row_of = entries.stamps["row"]
        living = np.flatnonzero(row_of >= 0)
        if rows <= 2 * len(living):
            return
        living = living[np.argsort(row_of[living])]
        generation = int(self._fact("generation"))
        old_path, new_path = self._matrix(), matrix_path(self._path, generation + 1)
        stride = 4 * self._dimension
        moved = []
        with old_path.open("rb") as old, atomic_write(new_path) as temporary, temporary.open("wb") as new:
            for new_row, i in enumerate(living):
                old.seek(int(row_of[i]) * stride)
                new.write(old.read(stride))
                moved.append(entries.changed(i, row=new_row))
        self._enter(moved, next_row=len(living), generation=generation + 1)
        for leftover in self._path.glob(f"embeddings-{generation}.*"):
            leftover.unlink()

    def quantise(self) -> int:
        """Make or extend the compact copy of a large matrix; returns how many damaged entries it dropped."""
        rows = int(self._fact("next_row"))
        if not is_large(4 * self._dimension * rows):
            return 0
        entries = read_entries(self._database)
        entry_of = entries_by_row(entries.stamps, rows)
        damaged: list[str] = []

        def check(first: int, block: np.ndarray) -> None:
            of_block = entry_of[first : first + len(block)]
            damaged.extend(damaged_files(entries.names, entries.stamps, of_block, block))

        write_quantised(self._matrix(), rows, self._dimension, check)
        if damaged:
            self.remove(damaged)
        return len(damaged)

    def _matrix(self) -> Path:
        return matrix_path(self._path, int(self._fact("generation")))

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
