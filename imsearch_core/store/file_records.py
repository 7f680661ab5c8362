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

        `progress(done, total)` counts the pictures whose record has to be made.
        """
        found = np.full(len(items), self.empty)
        known = self._read(folder, items, found)
        missing = [i for i in range(len(items)) if not known[i]]
        if not missing:
            return found
        progress(0, len(missing))
        with ThreadPoolExecutor(_WORKERS) as pool:
            for start in range(0, len(missing), _BATCH):
                batch = missing[start : start + _BATCH]
                made = pool.map(self.make, (folder / items[i].file for i in batch))
                for place, (i, one) in enumerate(zip(batch, made, strict=True), start + 1):
                    if one is not None:
                        found[i], known[i] = one, True
                    progress(place, len(missing))
                self.keep(folder, [(items[i], found[i]) for i in batch if known[i]])
        with contextlib.suppress(sqlite3.Error, OSError):
            self._forget(folder, items)
        return found

    def keep(self, folder: Path, made: Sequence[tuple[Item, np.void]]) -> None:
        """Keep records that were made of pictures of `folder`."""
        rows = []
        for item, one in made:
            file, stored = os.fsencode(item.file), one.tobytes()
            rows.append((file, item.size, item.modified_ns, stored, zlib.crc32(stored, zlib.crc32(file))))
        # Where there is nowhere to keep them, they are made again next time.
        with contextlib.suppress(sqlite3.Error, OSError), self._opened(folder) as database:
            database.executemany(f"INSERT OR REPLACE INTO {self.name} VALUES (?, ?, ?, ?, ?)", rows)

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
                "modified_ns INTEGER NOT NULL, record BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID"
            )
            yield database

    def _read(self, folder: Path, items: Sequence[Item], found: np.ndarray) -> np.ndarray:
        """Fill `found` with what is stored and still right; bool [n] says which that is."""
        known = np.zeros(len(items), bool)
        if not self._path(folder).exists():
            return known
        place = {os.fsencode(item.file): i for i, item in enumerate(items)}
        try:
            with self._opened(folder) as database:
                for file, size, modified_ns, stored, crc in database.execute(f"SELECT * FROM {self.name}"):
                    i = place.get(file)
                    if i is None or (size, modified_ns) != (items[i].size, items[i].modified_ns):
                        continue
                    if len(stored) == found.itemsize and zlib.crc32(stored, zlib.crc32(file)) == crc:
                        found[i], known[i] = np.frombuffer(stored, found.dtype)[0], True
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
