"""Thumbnails for pages, cached on disk."""

import contextlib
import hashlib
import io
import itertools
import os
import threading
import uuid
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from imsearch_core.errors import BadImage
from imsearch_core.files import data_dir, private_folder
from imsearch_core.pictures.decode import open_image, thumbnail

_VERSION = 3  # of how thumbnails are made and stored; a new version makes them all again
_MAX_BYTES = 400_000_000  # on disk, some 40,000 thumbnails
_PRUNE_EVERY = 1000  # thumbnails made before their total size is checked again
_CRC_BYTES = 4
_WORKERS = 2  # decoding and encoding leave the interpreter free
_IN_MEMORY = 2048

_made = itertools.count()
Version = tuple[int, int, int]
_Key = tuple[Path, str, Version, int]  # what `thumbnail_of` takes


@dataclass(frozen=True)
class Thumbnail:
    """A small version of a picture."""

    content: bytes
    """A WebP file; empty if the picture cannot be read."""
    ratio: float
    """Width divided by height."""


UNREADABLE = Thumbnail(b"", 1.0)


class _Latest:
    """The thumbnails used latest, in memory. Threads share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Thumbnail] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: _Key) -> Thumbnail | None:
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
            return found

    def keep(self, key: _Key, made: Thumbnail) -> None:
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > _IN_MEMORY:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


_latest = _Latest()


def thumbnail_of(folder: Path, file: str, version: Version, longest_side: int) -> Thumbnail:
    """The thumbnail of a picture in a folder, from the caches unless its `version` has changed.

    `version` is as in `datasets.Item`. UNREADABLE if it is not cached and the picture cannot be read.
    """
    key = (folder, file, version, longest_side)
    return _latest.find(key) or _read_or_made(key)


def thumbnails_of(folder: Path, files: Iterable[tuple[str, Version]], longest_side: int) -> list[Thumbnail]:
    """`thumbnail_of` for each (file, version); those not in memory are read or made in parallel."""
    keys = [(folder, file, version, longest_side) for file, version in files]
    found = {key: _latest.find(key) for key in keys}
    if missing := [key for key, thumbnail in found.items() if thumbnail is None]:
        with ThreadPoolExecutor(_WORKERS) as workers:
            found |= zip(missing, workers.map(_read_or_made, missing), strict=True)
    return [found[key] for key in keys]


def _read_or_made(key: _Key) -> Thumbnail:
    try:
        thumbnail = _from_disk(key) or _make(key)
    except BadImage:  # not kept: the file may come back
        return UNREADABLE
    _latest.keep(key, thumbnail)
    return thumbnail


def _from_disk(key: _Key) -> Thumbnail | None:
    with contextlib.suppress(OSError):  # not there yet
        content, crc = _parted((kept := _place(*key)).read_bytes())
        if zlib.crc32(content) == crc:
            os.utime(kept)  # the least recently used are deleted first
            return _thumbnail(content)
    return None


def _make(key: _Key) -> Thumbnail:
    folder, file, _, longest_side = key
    content = thumbnail(open_image(folder / file, longest_side), longest_side)
    with contextlib.suppress(OSError):  # the disk is full or read-only: it will be made again
        _keep(_place(*key), content)
    return _thumbnail(content)


def _thumbnail(content: bytes) -> Thumbnail:
    with Image.open(io.BytesIO(content)) as image:
        return Thumbnail(content, image.width / image.height)


def _parted(kept: bytes) -> tuple[bytes, int]:
    """Split a cached file into the WebP and the CRC-32 after it; -1, which never matches, if it is empty."""
    return kept[:-_CRC_BYTES], int.from_bytes(kept[-_CRC_BYTES:], "little") if kept else -1


def _folder() -> Path:
    return data_dir() / "thumbnails"


def _place(folder: Path, file: str, version: Version, longest_side: int) -> Path:
    made_of = f"{_VERSION}\0{folder}\0{file}\0{version}\0{longest_side}"
    name = hashlib.sha256(made_of.encode("utf-8", "surrogateescape")).hexdigest()[:40]
    return _folder() / name[:2] / f"{name}.webp"


def _keep(path: Path, content: bytes) -> None:
    # Not atomic_write, which waits for the disk: a thumbnail damaged by a power cut is simply made again.
    private_folder(path.parent)
    temporary = path.with_name(f".{uuid.uuid4().hex}")
    try:
        temporary.touch(mode=0o600)
        temporary.write_bytes(content + zlib.crc32(content).to_bytes(_CRC_BYTES, "little"))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if next(_made) % _PRUNE_EVERY == 0:
        prune()


def prune(limit: int = _MAX_BYTES) -> None:
    """Delete the least recently used thumbnails until the rest take at most `limit` bytes."""
    kept = []
    for path in _folder().glob("*/*"):
        with contextlib.suppress(OSError):  # another process may prune too
            status = path.stat()
            kept.append((status.st_mtime_ns, status.st_size, path))
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept):
        if total <= limit:
            return
        with contextlib.suppress(OSError):
            path.unlink()
        total -= size
