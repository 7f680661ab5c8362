"""Keeps a record of each picture of a folder: made when first needed, then only for what has changed.

Records depend on no encoder, and are only a cache: one that is damaged or cannot be written is made again.
"""

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.files import data_dir, folder_key, private_folder
from imsearch_core.progress import Progress, silent

_WORKERS = min(8, (os.cpu_count() or 1) + 1)
_BATCH = 256  # pictures written at a time
_READ = 1000  # records read at a time


@dataclass(frozen=True)
class FileRecords:
    """One kind of record: where those of a folder are kept, and how one is made."""

    name: str
    """Of the folder that they are kept in, and of their table."""
    version: int
    """Raise it when a record of the same file would come out differently."""
    empty: np.void
    """That of a picture which cannot be read."""
    make: Callable[[Path], np.void | None]
    """The record of a picture file; None if it cannot be read now."""

    def of(self, folder: Path, items: Sequence[Item], progress: Progress = silent) -> np.ndarray:
        """[n]: the record of each of `items`, pictures of `folder`.

        `progress(done, total)` counts the pictures, those whose record is kept first.
        """
        found = np.full(len(items), self.empty)
        known = self._read(folder, items, found, progress)
        missing = np.flatnonzero(~known).tolist()
        if not missing:
            return found
        kept = len(items) - len(missing)
        progress(kept, len(items))
        with ThreadPoolExecutor(_WORKERS) as pool:
            for start in range(0, len(missing), _BATCH):
                batch = missing[start : start + _BATCH]
                made = pool.map(self.make, (folder / items[i].file for i in batch))
                for place, (i, one) in enumerate(zip(batch, made, strict=True), start + 1):
                    if one is not None:
                        found[i], known[i] = one, True
                    progress(kept + place, len(items))
                self.keep(folder, [(items[i], found[i]) for i in batch if known[i]])
        with contextlib.suppress(sqlite3.Error, OSError):
            self._forget(folder, items)
        return found

    def keep(self, folder: Path, made: Sequence[tuple[Item, np.void]]) -> None:
        """Keep records that were made of pictures of `folder`."""
        rows = []
        for item, one in made:
            file, stored = os.fsencode(item.file), one.tobytes()
            rows.append((file, *item.version, stored, zlib.crc32(stored, zlib.crc32(file))))
        # Where there is nowhere to keep them, they are made again next time.
        with contextlib.suppress(sqlite3.Error, OSError), self._opened(folder) as database:
            database.executemany(f"INSERT OR REPLACE INTO {self.name} VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _path(self, folder: Path) -> Path:
        return data_dir() / self.name / f"{folder_key(folder)}-{self.version}.sqlite"

    @contextlib.contextmanager
    def _opened(self, folder: Path) -> Iterator[sqlite3.Connection]:
        path = self._path(folder)
        private_folder(path.parent)
        path.touch(mode=0o600)
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as database, database:
            database.execute(
                f"CREATE TABLE IF NOT EXISTS {self.name} (file BLOB PRIMARY KEY, size INTEGER NOT NULL, "
                "modified_ns INTEGER NOT NULL, identity INTEGER NOT NULL, record BLOB NOT NULL, "
                "crc INTEGER NOT NULL) WITHOUT ROWID"
            )
            yield database

    def _read(self, folder: Path, items: Sequence[Item], found: np.ndarray, progress: Progress) -> np.ndarray:
        """Fill `found` with what is stored and still right; bool [n] says which that is."""
        known = np.zeros(len(items), bool)
        if not self._path(folder).exists():
            return known
        place = {os.fsencode(item.file): i for i, item in enumerate(items)}
        size, done = found.itemsize, 0
        try:
            with self._opened(folder) as database:
                cursor = database.execute(f"SELECT * FROM {self.name}")
                while rows := cursor.fetchmany(_READ):
                    places, records = [], []
                    for file, *version, stored, crc in rows:
                        i = place.get(file)
                        if i is None or tuple(version) != items[i].version:
                            continue
                        if len(stored) == size and zlib.crc32(stored, zlib.crc32(file)) == crc:
                            places.append(i)
                            records.append(stored)
                    if places:
                        found[places] = np.frombuffer(b"".join(records), found.dtype)
                        known[places] = True
                    done += len(places)
                    progress(done, len(items))
        except OSError:
            pass
        except (sqlite3.DatabaseError, TypeError) as error:
            if not isinstance(error, sqlite3.OperationalError):  # not merely locked or full
                with contextlib.suppress(OSError):
                    self._path(folder).unlink()
        return known

    def _forget(self, folder: Path, items: Sequence[Item]) -> None:
        """Drop the pictures that are no longer in the folder."""
        present = {os.fsencode(item.file) for item in items}
        with self._opened(folder) as database:
            stored = [file for (file,) in database.execute(f"SELECT file FROM {self.name}")]
            gone = [(file,) for file in stored if file not in present]
            database.executemany(f"DELETE FROM {self.name} WHERE file = ?", gone)
