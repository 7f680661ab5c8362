"""The table of a store: for each file its size and time, its row of the matrix, and checksums."""

import os
import sqlite3
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

TABLE = """
CREATE TABLE images (
    file BLOB PRIMARY KEY,          -- file names are bytes: not all of them are valid text
    stamp BLOB NOT NULL,            -- see STAMP: one value, as a million are read at once
    reason TEXT                     -- why it was skipped, or what is wrong with a file that was read
) WITHOUT ROWID
"""
# What an entry says of its file; `row` is -1 if it was skipped, `crc` of the embedding or else the reason.
# `identity` is as in `datasets.Item`, `content` the CRC-32 of the file; both are 0 if unknown.
# `seal` is the CRC-32 of file name, defect (of a file that was read) and stamp up to it, which makes that of
# all together _SEALED.
_FIRST = [("size", "<i8"), ("modified_ns", "<i8"), ("row", "<i8"), ("crc", "<u4")]
_LATER = [("identity", "<i8"), ("content", "<u4")]  # stores of older versions lack them
_LAST = [("seal", "<u4")]
STAMP = np.dtype(_FIRST + _LATER + _LAST)
_OLD_STAMP = np.dtype(_FIRST + _LAST)
_SEALED = 0x2144DF1C
_CHUNK = 1000  # read at a time: few enough to stay in the processor's cache, which is a third faster


class FileStamp(NamedTuple):
    """A file as it was when it was embedded or skipped."""

    file: str
    size: int
    modified_ns: int
    identity: int = 0
    content: int = 0


@dataclass(frozen=True)
class Entries:
    """Entries as they are stored, checked or not."""

    names: list[bytes]
    """The files."""
    packed: list[bytes]
    """The stamp of each."""
    reasons: dict[bytes, str]
    """Why files were skipped, or what is wrong with files that were read."""

    @cached_property
    def stamps(self) -> np.ndarray:
        """STAMP [n]."""
        return np.frombuffer(b"".join(self.packed), STAMP)

    @property
    def files(self) -> list[str]:
        return os.fsdecode(b"\0".join(self.names)).split("\0") if self.names else []  # no name holds a zero

    def intact(self, rows: int) -> np.ndarray:
        """bool [n]: which are as they were written, of a matrix with `rows`; it is not looked at itself."""
        n = len(self.names)
        seals = np.fromiter(map(zlib.crc32, self.packed, map(zlib.crc32, self.names)), np.uint32, n)
        if self.reasons:
            for i in np.flatnonzero(self.stamps["row"] >= 0):
                if defect := self.reasons.get(self.names[i]):
                    seals[i] = zlib.crc32(self.packed[i], _named(self.names[i], defect))
        intact = (seals == _SEALED) & (self.stamps["row"] < rows)
        for i in np.flatnonzero(intact & (self.stamps["row"] < 0)):
            intact[i] = _crc32(self.reasons.get(self.names[i])) == self.stamps["crc"][i]
        return intact

    def changed(self, i: int, **fields: int) -> tuple:
        """The table's row for one of them, some fields of its stamp changed."""
        name, stamp = self.names[i], self.stamps[i : i + 1].copy()
        for field, value in fields.items():
            stamp[field] = value
        return _entry(name, stamp, self.reasons.get(name))

    def only(self, kept: np.ndarray) -> "Entries":
        """Those that `kept` bool [n] says."""
        if kept.all():
            return self
        names, packed = ([column[i] for i in np.flatnonzero(kept)] for column in (self.names, self.packed))
        known = set(names)
        return Entries(
            names, packed, {name: reason for name, reason in self.reasons.items() if name in known}
        )


def entries_by_row(stamps: np.ndarray, rows: int) -> np.ndarray:
    """int64 [rows]: which of `stamps` has each row of the matrix; -1 for rows that belong to none."""
    entry_of = np.full(rows, -1)
    living = np.flatnonzero(stamps["row"] >= 0)
    entry_of[stamps["row"][living]] = living
    return entry_of


def damaged_files(
    names: list[bytes], stamps: np.ndarray, entries: np.ndarray, embeddings: np.ndarray
) -> list[str]:
    """The files whose `embeddings` float32 [k, d] are not as they were written.

    `entries` int64 [k] are their places among `names` and `stamps`, as `entries_by_row` gives them.
    """
    sums = stamps["crc"][entries].tolist()
    return [
        os.fsdecode(names[entry])
        for entry, embedding, crc in zip(entries.tolist(), embeddings, sums, strict=True)
        if entry >= 0 and zlib.crc32(embedding) != crc
    ]


def read_entries(database: sqlite3.Connection) -> Entries:
    """All entries of the table, in order of their files. Raises ValueError if they are none."""
    names, packed, reasons = [], [], {}
    cursor = database.execute("SELECT file, stamp, reason FROM images")
    while chunk := cursor.fetchmany(_CHUNK):
        some_names, some_stamps, some_reasons = zip(*chunk, strict=True)
        names += some_names
        packed += some_stamps
        if any(some_reasons):
            reasons |= {
                name: why for name, why in zip(some_names, some_reasons, strict=True) if why is not None
            }
    kinds = {*map(type, names), *map(type, packed)} - {bytes} | {*map(type, reasons.values())} - {str}
    if kinds or (sizes := {*map(len, packed)}) - {STAMP.itemsize, _OLD_STAMP.itemsize}:
        raise ValueError("entries are of another kind")
    if _OLD_STAMP.itemsize in sizes:
        packed = list(map(_widened, names, packed))
    return Entries(names, packed, reasons)


def of_embedded(file: FileStamp, row: int, crc: int, defect: str | None) -> tuple:
    """The table's row for a file with an embedding, whose CRC-32 is `crc`, and maybe a defect."""
    return _of_file(file, row, crc, defect)


def of_skipped(file: FileStamp, reason: str) -> tuple:
    """The table's row for a file that has none."""
    return _of_file(file, -1, _crc32(reason), reason)


def _of_file(file: FileStamp, row: int, crc: int, reason: str | None) -> tuple:
    name, size, modified_ns, identity, content = file
    stamp = np.array([(size, modified_ns, row, crc, identity, content, 0)], STAMP)
    return _entry(os.fsencode(name), stamp, reason)


def _entry(name: bytes, stamp: np.ndarray, reason: str | None) -> tuple:
    defect = reason if stamp["row"][0] >= 0 else None
    return name, _sealed(_named(name, defect), stamp.tobytes()[:-4]), reason


def _named(name: bytes, defect: str | None) -> int:
    return zlib.crc32((defect or "").encode(), zlib.crc32(name))


def _sealed(named: int, stamp: bytes) -> bytes:
    return stamp + zlib.crc32(stamp, named).to_bytes(4, "little")


def _widened(name: bytes, packed: bytes) -> bytes:
    """A stamp of an older version with what it lacks unknown; a damaged one stays so."""
    if len(packed) == STAMP.itemsize:
        return packed
    sealed = zlib.crc32(packed, zlib.crc32(name)) == _SEALED
    wide = _sealed(_named(name, None), packed[:-4].ljust(STAMP.itemsize - 4, b"\0"))
    return wide if sealed else wide[:-1] + bytes([wide[-1] ^ 1])


def _crc32(reason: str | None) -> int:
    return zlib.crc32((reason or "").encode())
