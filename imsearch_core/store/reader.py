"""Reads a store: everything in it that is intact."""

import contextlib
import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from imsearch_core.encoders.base import fingerprint_changes
from imsearch_core.errors import ImsearchError
from imsearch_core.garbage import no_garbage
from imsearch_core.store.entries import STAMP, Entries, damaged_files, entries_by_row, read_entries
from imsearch_core.vectors.embeddings import unchecked
from imsearch_core.vectors.quantised import Quantised, is_large, read_quantised

FORMAT = "3"  # raise it when the tables, the checksums or the matrix's layout change
READABLE = {FORMAT, "2"}  # in which stamps said less of their files


class Unusable(Exception):
    """Nothing in the store can be used; the message says why and is empty if nothing is stored."""


@dataclass(frozen=True)
class Snapshot:
    """The embeddings as they were when read, unaffected by later indexing."""

    files: Sequence[str]
    stamps: np.ndarray
    """entries.STAMP [files]: size, modified_ns and row of each file."""
    reasons: dict[str, str]
    """Why files were skipped."""
    defects: dict[str, str]
    """What is wrong with files that were read all the same."""
    matrix: np.ndarray
    """float32 [rows, d], memory-mapped; not every row belongs to an image."""
    version: str
    """Changes whenever the content does."""
    quantised: Quantised | None = None
    """The compact copy of a large matrix, covering at least the rows of images."""
    check: Callable[[np.ndarray, np.ndarray], None] = unchecked
    """Called with rows int64 [k] and the embeddings float32 [k, d] read from them. Raises ImsearchError
    if those are damaged; their images are embedded again when the folder is next opened."""
    state: tuple = ()
    """Of the files that it was read from: see `imsearch_core.store.embedding_store.EmbeddingStore.state`."""

    @cached_property
    def place_of(self) -> dict[str, int]:
        """The place of each file in `files` and `stamps`."""
        return {file: place for place, file in enumerate(self.files)}

    def places(self, files: Sequence[str]) -> np.ndarray:
        """int64 [k]: the place of each of k files; -1 for those that are not stored."""
        if files == self.files:  # as mostly: then a million need not be looked up
            return np.arange(len(files))
        return np.fromiter(map(self.place_of.get, files, repeat(-1)), np.int64, len(files))

    def rows(self, files: Sequence[str]) -> np.ndarray:
        """int64 [k]: the row of each of k files; -1 for those that were skipped or are not stored."""
        places = self.places(files)
        rows = np.full(len(files), -1)
        rows[places >= 0] = self.stamps["row"][places[places >= 0]]
        return rows

    def without(self, files: set[str]) -> "Snapshot":
        """The same without the entries of some files, as another version."""
        if not files:
            return self
        kept = [i for i, file in enumerate(self.files) if file not in files]
        names = hashlib.sha256(os.fsencode("\0".join(sorted(files)))).hexdigest()
        return replace(
            self,
            files=[self.files[i] for i in kept],
            stamps=self.stamps[kept],
            reasons={file: reason for file, reason in self.reasons.items() if file not in files},
            defects={file: defect for file, defect in self.defects.items() if file not in files},
            version=f"{self.version}-{names[:16]}",
        )


def empty_snapshot(dimension: int) -> Snapshot:
    return Snapshot((), np.empty(0, STAMP), {}, {}, np.empty((0, dimension), np.float32), "")


def database_path(store: Path) -> Path:
    return store / "rows.sqlite"


def matrix_path(store: Path, generation: int) -> Path:
    """Where the embeddings lie; `StoreWriter.compact` begins a new generation."""
    return store / f"embeddings-{generation}.f32"


def connect(store: Path) -> sqlite3.Connection:
    """A connection to the store's database.

    Never read-only: a run that was killed during a commit leaves a journal, and undoing what it had
    begun needs permission to write.
    """
    uri = f"{database_path(store).absolute().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)


@no_garbage()
def load(
    store: Path, fingerprint: dict[str, Any], forget: Callable[[list[str]], None]
) -> tuple[Snapshot, list[str]]:
    """What is stored, and the files whose entries are damaged, which are left out.

    The snapshot's `check` calls `forget` with files whose embeddings turn out to be damaged. Raises
    Unusable, or ImsearchError if another program has locked the database.
    """
    dimension = fingerprint["dimension"]
    if not database_path(store).is_file():
        raise Unusable("")
    try:
        with contextlib.closing(connect(store)) as database:
            if not database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                raise Unusable("")  # a first run was killed before it wrote anything
            facts = dict(database.execute("SELECT name, value FROM facts"))
            if facts["format"] not in READABLE:
                raise Unusable(
                    "the embeddings were stored by another version of Imsearch: all images are embedded again"
                )
            entries = read_entries(database)
        if changed := fingerprint_changes(json.loads(facts["fingerprint"]), fingerprint):
            raise Unusable(
                f"the stored embeddings were made differently ({changed}): all images are embedded again"
            )
        matrix = _map(matrix_path(store, int(facts["generation"])), dimension)
        version, next_row = facts["version"], int(facts["next_row"])
    except (sqlite3.DatabaseError, OSError, LookupError, AttributeError, TypeError, ValueError) as error:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            raise ImsearchError(f"{database_path(store)} is locked by another program: try again") from error
        raise Unusable(
            f"the stored embeddings are damaged ({error}): all images are embedded again"
        ) from error
    intact = _intact(entries, matrix)
    damaged = entries.only(~intact).files
    entries = entries.only(intact)
    rows = int(entries.stamps["row"].max(initial=-1)) + 1
    if rows > next_row:
        raise Unusable("the stored embeddings are damaged (next_row): all images are embedded again")
    told = {os.fsdecode(name): text for name, text in entries.reasons.items()}
    read = (
        {file for file, row in zip(entries.files, entries.stamps["row"], strict=True) if row >= 0}
        if told
        else ()
    )
    defects = {file: text for file, text in told.items() if file in read}
    reasons = {file: text for file, text in told.items() if file not in read}
    known = entries.files, entries.stamps, reasons, defects
    if not is_large(matrix.nbytes):
        return Snapshot(*known, matrix, version), damaged
    quantised = read_quantised(Path(matrix.filename), rows, dimension)
    check = _RowCheck(entries.names, entries.stamps, entries_by_row(entries.stamps, rows), forget)
    return Snapshot(*known, matrix, version, quantised, check), damaged


def _map(path: Path, dimension: int) -> np.ndarray:
    rows = path.stat().st_size // (4 * dimension)
    if rows == 0:
        return np.empty((0, dimension), np.float32)
    return np.memmap(path, np.float32, mode="r", shape=(rows, dimension))


def _intact(entries: Entries, matrix: np.ndarray) -> np.ndarray:
    """bool [n]: the entries that can be used. The embeddings of a large matrix are not looked at."""
    intact = entries.intact(len(matrix))
    if not is_large(matrix.nbytes):
        embeddings = np.asarray(matrix)  # indexing a memmap takes longer
        stored = np.flatnonzero(intact & (entries.stamps["row"] >= 0))
        stamps = entries.stamps[stored]
        for i, row, crc in zip(stored.tolist(), stamps["row"].tolist(), stamps["crc"].tolist(), strict=True):
            intact[i] = zlib.crc32(embeddings[row]) == crc
    return intact


@dataclass(frozen=True)
class _RowCheck:
    """The `check` of a snapshot: compares rows with their checksums."""

    names: list[bytes]
    stamps: np.ndarray
    entry_of: np.ndarray
    """int64 [rows]: see `entries_by_row`."""
    forget: Callable[[list[str]], None]

    def __call__(self, rows: np.ndarray, embeddings: np.ndarray) -> None:
        if damaged := damaged_files(self.names, self.stamps, self.entry_of[rows], embeddings):
            self.forget(damaged)
            raise ImsearchError(
                f"the stored embedding of {damaged[0]} is damaged: open the folder again to embed it anew"
            )
