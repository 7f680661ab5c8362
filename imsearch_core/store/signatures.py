"""Keeps the signatures of a folder's pictures: made when first needed, then only for what has changed.

They depend on no encoder, and are only a cache: one that is damaged or cannot be written is made again.
"""

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.errors import BadImage
from imsearch_core.files import data_dir, folder_key, private_folder
from imsearch_core.pictures.signature import SIGNATURE, VERSION, signature
from imsearch_core.progress import Progress, silent

_TABLE = """
CREATE TABLE IF NOT EXISTS signatures (
    file BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    identity INTEGER NOT NULL,
    signature BLOB NOT NULL,
    crc INTEGER NOT NULL
) WITHOUT ROWID
"""
_WORKERS = min(8, (os.cpu_count() or 1) + 1)
_BATCH = 256  # pictures written at a time


def signatures_of(folder: Path, items: Sequence[Item], progress: Progress = silent) -> np.ndarray:
    """SIGNATURE [n]: one for each of `items`, pictures of `folder`; all zeros if one cannot be read.

    `progress(done, total)` counts the pictures whose signature has to be made.
    """
    found = np.zeros(len(items), SIGNATURE)
    path = data_dir() / "signatures" / f"{folder_key(folder)}-{VERSION}.sqlite"
    known = _read(path, items, found)
    missing = [i for i in range(len(items)) if not known[i]]
    if not missing:
        return found
    progress(0, len(missing))
    with ThreadPoolExecutor(_WORKERS) as pool:
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            made = pool.map(_made, (folder / items[i].file for i in batch))
            for place, (i, one) in enumerate(zip(batch, made, strict=True), start + 1):
                if one is not None:
                    found[i], known[i] = one, True
                progress(place, len(missing))
            with contextlib.suppress(sqlite3.Error, OSError):  # nowhere to keep them: made again next time
                _write(path, [(items[i], found[i]) for i in batch if known[i]])
    with contextlib.suppress(sqlite3.Error, OSError):
        _forget(path, items)
    return found


def _made(path: Path) -> np.void | None:
    try:
        return signature(path)
    except BadImage:  # not kept: the file may come back
        return None


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    private_folder(path.parent)
    path.touch(mode=0o600)
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as database, database:
        database.execute(_TABLE)
        yield database


def _read(path: Path, items: Sequence[Item], found: np.ndarray) -> np.ndarray:
    """Fill `found` with what is stored and still right; bool [n] says which that is."""
    known = np.zeros(len(items), bool)
    if not path.exists():
        return known
    place = {os.fsencode(item.file): i for i, item in enumerate(items)}
    try:
        with _opened(path) as database:
            for file, *version, stored, crc in database.execute("SELECT * FROM signatures"):
                i = place.get(file)
                if i is None or tuple(version) != items[i].version:
                    continue
                if len(stored) == SIGNATURE.itemsize and zlib.crc32(stored, zlib.crc32(file)) == crc:
                    found[i], known[i] = np.frombuffer(stored, SIGNATURE)[0], True
    except OSError:
        pass
    except (sqlite3.DatabaseError, TypeError) as error:
        if not isinstance(error, sqlite3.OperationalError):  # not merely locked or full
            with contextlib.suppress(OSError):
                path.unlink()
    return known


def _write(path: Path, made: Sequence[tuple[Item, np.void]]) -> None:
    rows = []
    for item, one in made:
        file, stored = os.fsencode(item.file), one.tobytes()
        rows.append((file, *item.version, stored, zlib.crc32(stored, zlib.crc32(file))))
    with _opened(path) as database:
        database.executemany("INSERT OR REPLACE INTO signatures VALUES (?, ?, ?, ?, ?, ?)", rows)


def _forget(path: Path, items: Sequence[Item]) -> None:
    """Drop the pictures that are no longer in the folder."""
    present = {os.fsencode(item.file) for item in items}
    with _opened(path) as database:
        stored = [file for (file,) in database.execute("SELECT file FROM signatures")]
        gone = [(file,) for file in stored if file not in present]
        database.executemany("DELETE FROM signatures WHERE file = ?", gone)
