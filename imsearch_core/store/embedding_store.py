"""The store of one folder and encoder: where it lies, and the ways to read and write it."""

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import filelock
import numpy as np

from imsearch_core.encoders.base import ClassHead
from imsearch_core.errors import ImsearchError
from imsearch_core.files import data_dir, folder_key, private_folder, read_arrays, write_arrays
from imsearch_core.store.reader import Snapshot, Unusable, empty_snapshot, load
from imsearch_core.store.writer import StoreWriter, open_for_writing
from imsearch_core.vectors.quantised import is_large
from imsearch_core.wording import counted

_FILES = ("rows.sqlite*", "embeddings-*", "head.npz")
_HEAD, _NO_HEAD = {"weights", "bias"}, {"none"}  # the arrays in head.npz


def store_path(folder: Path, fingerprint: dict[str, Any]) -> Path:
    """Where the embeddings of `folder` lie: one place per collection, encoder and weights file."""
    encoder = re.sub(r"[^A-Za-z0-9_-]+", "-", fingerprint["encoder"])
    made_by = f"{encoder}-{fingerprint['weights'][:8]}"
    return data_dir() / "embeddings" / folder_key(folder) / made_by


class CannotWrite(ImsearchError):
    """The place of the store is full or read-only."""


class EmbeddingStore:
    """The stored embeddings of one folder by one encoder.

    A store that is damaged or was made by another encoder reads as empty, and the next `writing()`
    block begins it anew; `notes` says why.
    """

    def __init__(self, path: Path, fingerprint: dict[str, Any]) -> None:
        self.path = path
        self.fingerprint = fingerprint
        self.notes: list[str] = []
        self._head: dict[str, np.ndarray] = {}  # as saved, once that is known to be usable

    def read(self) -> Snapshot:
        """The present content; empty if nothing usable is stored.

        Damaged entries are left out, as if the images were new.
        """
        state = self.state()
        try:
            snapshot, damaged = load(self.path, self.fingerprint, self._forget)
        except Unusable as error:
            self._note(str(error))
            return empty_snapshot(self.fingerprint["dimension"])
        if damaged:
            self._note(f"{counted(len(damaged), 'damaged embedding')} made again")
        return replace(snapshot, state=state)

    def state(self) -> tuple:
        """What changes whenever a file with embeddings is written, replaced or deleted; none is read."""
        files = sorted(file for kept in _FILES for file in self.path.glob(kept))
        return tuple((file.name, *_facts(file)) for file in files)

    def lacks_quantised(self, snapshot: Snapshot) -> bool:
        """Whether the store is so large that it needs a compact copy, and has none."""
        return is_large(snapshot.matrix.nbytes) and snapshot.quantised is None

    def read_head(self) -> ClassHead | None:
        """The class head saved with the embeddings; None if the encoder has none, or it `lacks_head`."""
        if self.lacks_head() or self._head.keys() == _NO_HEAD:
            return None
        return ClassHead(self._head["weights"], self._head["bias"])

    def lacks_head(self) -> bool:
        """Whether nothing usable is saved about the encoder's head, not even that it has none."""
        if not self._head:
            saved = read_arrays(self.path / "head.npz")
            self._head = saved if saved.keys() in (_HEAD, _NO_HEAD) else {}
        return not self._head

    @contextlib.contextmanager
    def writing(self, waiting: Callable[[], None] = lambda: None) -> Iterator[StoreWriter]:
        """Hold the store for writing, one process at a time; `waiting` is called while another holds it.

        Raises CannotWrite if that fails.
        """
        try:
            private_folder(self.path)
            lock = filelock.FileLock(self.path / "lock", mode=0o600)
            while True:
                try:
                    lock.acquire(timeout=0.5)
                    break
                except filelock.Timeout:
                    waiting()
            try:
                with open_for_writing(self.path, self.fingerprint) as writer:
                    yield writer
            finally:
                lock.release()
        except (OSError, sqlite3.OperationalError) as error:
            raise CannotWrite(
                f"the embeddings cannot be written to {self.path}: {error}. "
                f"Free some space or set IMSEARCH_HOME to a folder that can be written to"
            ) from error

    def write_head(self, head: ClassHead | None) -> None:
        arrays = {"none": np.empty(0)} if head is None else {"weights": head.weights, "bias": head.bias}
        write_arrays(self.path / "head.npz", **arrays)

    def _forget(self, damaged: list[str]) -> None:
        """Remove the entries of files, if the store can be written, so that those are embedded again."""
        with contextlib.suppress(ImsearchError), self.writing() as writer:
            writer.remove(damaged)

    def _note(self, text: str) -> None:
        if text and text not in self.notes:
            self.notes.append(text)


def _facts(file: Path) -> tuple[int, ...]:
    """Size, times and inode of a file; none if it has just been deleted."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
