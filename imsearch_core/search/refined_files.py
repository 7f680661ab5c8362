"""Refined embeddings on disk, next to the embeddings that they are made from.

refined.npz            what is needed to bring them up to date, and a checksum of each
refined-<id>.f32       float32 rows, one refined embedding each; with a compact copy if they are many
refined.lock           held by the process that makes them
"""

import contextlib
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import filelock
import numpy as np

from imsearch_core.errors import ImsearchError
from imsearch_core.files import atomic_write, private_folder, read_arrays, write_arrays
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.quantised import is_large, read_quantised, write_quantised

_FORMAT = 2  # raise it when the refined embeddings or their files would come out differently


@dataclass(frozen=True)
class Facts:
    """What refined embeddings of n items were made from."""

    version: str
    """Of the embeddings."""
    keys: np.ndarray
    """uint64 [n]: stands for the file and the embedding of each item."""
    mean: np.ndarray
    """float32 [d]: of the rooted embeddings."""
    averaged: np.ndarray
    """bool [n]: which items took part in the mean."""
    averaged_once: int
    """How many did when it was taken."""
    nearest: np.ndarray
    """int64 [n, k]: the items nearest to each, without itself."""
    cosines: np.ndarray
    """float32 [n, k]."""


@dataclass(frozen=True)
class Made:
    """Refined embeddings, and what they were made from."""

    facts: Facts
    embeddings: Embeddings


@contextlib.contextmanager
def alone(cache: Path) -> Iterator[bool]:
    """Be the only process that makes refined embeddings in a folder; False if it cannot be written to."""
    lock = filelock.FileLock(cache / "refined.lock", mode=0o600)
    try:
        private_folder(cache)
        lock.acquire()
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def save(cache: Path, facts: Facts, blocks: Iterable[np.ndarray]) -> None:
    """Keep refined embeddings, given as blocks float32 [m, d], in place of those that were there."""
    rows, dimension = len(facts.keys), len(facts.mean)
    matrix = cache / f"refined-{uuid.uuid4().hex}.f32"
    checks = []
    with atomic_write(matrix) as temporary, temporary.open("wb") as file:
        for block in blocks:
            file.write(block.tobytes())
            checks.append(_checksums(block))
    if is_large(4 * rows * dimension):
        write_quantised(matrix, rows, dimension, lambda first, block: None)
    arrays = vars(facts) | {"nearest": facts.nearest.astype(np.int32), "checks": np.concatenate(checks)}
    write_arrays(cache / "refined.npz", format=_FORMAT, matrix=matrix.name, **arrays)
    for leftover in cache.glob("refined-*"):
        if leftover.stem != matrix.stem:
            leftover.unlink(missing_ok=True)


def load(cache: Path) -> Made | None:
    """What was made for these or earlier embeddings; None if there is nothing, or it is damaged."""
    saved = read_arrays(cache / "refined.npz")
    try:
        if saved.pop("format") != _FORMAT:
            return None
        checks, path = saved.pop("checks"), cache / str(saved.pop("matrix"))
        numbers = {"averaged_once": int(saved["averaged_once"]), "nearest": saved["nearest"].astype(np.int64)}
        facts = Facts(**saved | numbers | {"version": str(saved["version"])})
        matrix = np.memmap(path, np.float32, mode="r", shape=(len(facts.keys), len(facts.mean)))
    except (OSError, LookupError, TypeError, ValueError):
        return None
    rows = np.arange(len(matrix))
    if not is_large(matrix.nbytes):
        intact = np.array_equal(_checksums(np.asarray(matrix)), checks)
        return Made(facts, Embeddings(matrix, rows)) if intact else None

    def check(rows: np.ndarray, embeddings: np.ndarray) -> None:
        if not np.array_equal(_checksums(embeddings), checks[rows]):
            path.unlink(missing_ok=True)
            raise ImsearchError("a refined embedding is damaged: open the folder again to have it made again")

    return Made(facts, Embeddings(matrix, rows, read_quantised(path, *matrix.shape), check))


def _checksums(rows: np.ndarray) -> np.ndarray:
    """uint32 [n]: the CRC-32 of each row."""
    return np.fromiter(map(zlib.crc32, rows), np.uint32, len(rows))
