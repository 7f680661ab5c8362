"""The only place that writes embeddings to disk, and reads them back.

One folder per collection and encoder:

    rows.sqlite            what made the embeddings (fingerprint), and per file its row or why it was skipped
    embeddings-<n>.f32     float32 rows, one embedding each, append-only
    embeddings-<n>.i8      a compact copy of many rows (`imsearch_core.vectors.quantised`), with its .npz
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
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import filelock
import numpy as np

from imsearch_core.encoders.base import ClassHead, fingerprint_changes
from imsearch_core.errors import ImsearchError
from imsearch_core.files import atomic_write, data_dir, folder_key, read_arrays
from imsearch_core.store.entries import STAMP, Entries, damaged_files, entries_by_row, read_entries
from imsearch_core.store.snapshot import Snapshot, StoredImage
from imsearch_core.store.writer import StoreWriter, create, matrix_path
from imsearch_core.vectors.quantised import is_large, read_quantised

__all__ = ["EmbeddingStore", "Snapshot", "StoreWriter", "StoredImage", "store_path"]

_FORMAT = "2"  # raise it when the tables, the checksums or the matrix's layout change


def store_path(folder: Path, fingerprint: dict[str, Any]) -> Path:
    """Where the embeddings of `folder` lie: one place per collection, encoder and weights file."""
    made_by = f"{fingerprint['encoder']}-{fingerprint['weights'][:8]}"
    return data_dir() / "embeddings" / folder_key(folder) / made_by


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
            return Snapshot((), np.empty(0, STAMP), {}, np.empty((0, self._dimension), np.float32), "")
        if damaged:
            self._note(f"{len(damaged)} stored embeddings are damaged: those images are embedded again")
        return snapshot

    def lacks_quantised(self, snapshot: Snapshot) -> bool:
        """Whether the store is so large that it needs a compact copy, and has none."""
        return is_large(snapshot.matrix.nbytes) and snapshot.quantised is None

    def read_head(self) -> ClassHead | None:
        """The class head saved with the embeddings; None if there is none or it is damaged."""
        saved = read_arrays(self.path / "head.npz")
        return ClassHead(saved["weights"], saved["bias"]) if saved.keys() == {"weights", "bias"} else None

    # Writing

    @contextlib.contextmanager
    def writing(self, waiting: Callable[[], None] = lambda: None) -> Iterator[StoreWriter]:
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

    def _load(self) -> tuple[Snapshot, list[str]]:
        """What is stored, and the files of damaged entries, which were left out. Raises _Unusable."""
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
                entries = read_entries(database)
            if changed := fingerprint_changes(json.loads(facts["fingerprint"]), self.fingerprint):
                raise _Unusable(
                    f"the stored embeddings were made differently ({changed}): all images are embedded again"
                )
            matrix = self._map(int(facts["generation"]))
            version, next_row = facts["version"], int(facts["next_row"])
        except (sqlite3.DatabaseError, OSError, LookupError, AttributeError, TypeError, ValueError) as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise ImsearchError(f"{self._database} is locked by another program: try again") from error
            raise _Unusable(
                f"the stored embeddings are damaged ({error}): all images are embedded again"
            ) from error
        intact = _intact(entries, matrix)
        damaged = entries.only(~intact).files
        entries = entries.only(intact)
        rows = int(entries.stamps["row"].max(initial=-1)) + 1
        if rows > next_row:
            raise _Unusable("the stored embeddings are damaged (next_row): all images are embedded again")
        reasons = {os.fsdecode(name): reason for name, reason in entries.reasons.items()}
        if not is_large(matrix.nbytes):
            return Snapshot(entries.files, entries.stamps, reasons, matrix, version), damaged
        quantised = read_quantised(Path(matrix.filename), rows, self._dimension)
        check = self._check_of(entries.names, entries.stamps, rows)
        return Snapshot(entries.files, entries.stamps, reasons, matrix, version, quantised, check), damaged

    def _check_of(
        self, names: list[bytes], stamps: np.ndarray, next_row: int
    ) -> Callable[[np.ndarray, np.ndarray], None]:
        """The `check` of a snapshot: compares rows with their checksums, and forgets those that differ."""
        entry_of = entries_by_row(stamps, next_row)

        def check(rows: np.ndarray, embeddings: np.ndarray) -> None:
            if damaged := damaged_files(names, stamps, entry_of[rows], embeddings):
                with contextlib.suppress(ImsearchError), self.writing() as writer:
                    writer.remove(damaged)
                raise ImsearchError(
                    f"the stored embedding of {damaged[0]} is damaged: "
                    f"open the folder again, and it is embedded anew"
                )

        return check

    def _connect(self, mode: str) -> sqlite3.Connection:
        """A connection in SQLite's `mode`: "rw", or "rwc" to create the database.

        Never "ro": a run that was killed as it committed leaves a journal, and only who may write can
        undo what it had begun.
        """
        uri = f"{self._database.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)

    def _map(self, generation: int) -> np.ndarray:
        path = matrix_path(self.path, generation)
        rows = path.stat().st_size // (4 * self._dimension)
        if rows == 0:
            return np.empty((0, self._dimension), np.float32)
        return np.memmap(path, np.float32, mode="r", shape=(rows, self._dimension))

    def _open_for_writing(self) -> sqlite3.Connection:
        """A connection to a store of our fingerprint without damaged entries; a new one if it is unusable."""
        try:
            _, damaged = self._load()
            database = self._connect("rw")
            if database.execute("PRAGMA quick_check").fetchone()[0] == "ok":
                if damaged:  # a damaged name is no file's: nothing else would ever take it away
                    StoreWriter(self.path, database, self._dimension).remove(damaged)
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
        database = self._connect("rwc")
        create(self.path, database, format=_FORMAT, fingerprint=json.dumps(self.fingerprint))
        return database


def _intact(entries: Entries, matrix: np.ndarray) -> np.ndarray:
    """bool [n]: the entries that can be used; of a matrix that is not large, with their embeddings."""
    intact = entries.intact(len(matrix))
    if not is_large(matrix.nbytes):
        embeddings = np.asarray(matrix)  # indexing a memmap takes longer
        stored = np.flatnonzero(intact & (entries.stamps["row"] >= 0))
        stamps = entries.stamps[stored]
        for i, row, crc in zip(stored.tolist(), stamps["row"].tolist(), stamps["crc"].tolist(), strict=True):
            intact[i] = zlib.crc32(embeddings[row]) == crc
    return intact
