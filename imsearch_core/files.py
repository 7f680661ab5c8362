"""Where files lie, and how they are written: whole or not at all."""

import hashlib
import io
import json
import os
import re
import shutil
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

_INSTALLED = Path(__file__).resolve().parent / "_project"
"""Where a wheel puts what lies beside the package in a checkout; see pyproject.toml."""
PROJECT = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).resolve().parents[1]
"""The folder of app.py, pages/ and data/."""
SHIPPED = PROJECT / "data"


def data_dir() -> Path:
    """The folder that everything we make is written under.

    $IMSEARCH_HOME if it is set; else data/ in a checkout, and the user's data folder where we are installed.
    """
    return Path(os.environ.get("IMSEARCH_HOME") or _default_data_dir()).expanduser().resolve()


def _default_data_dir() -> Path:
    if PROJECT != _INSTALLED:
        return SHIPPED
    from platformdirs import user_data_path

    return user_data_path("imsearch", appauthor=False)


def folder_key(folder: Path) -> str:
    """A short file name that stands for `folder`: a readable part, and a hash that tells folders apart."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.name)[:40] or "folder"
    return f"{name}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]}"


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner alone."""
    if not folder.exists():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to, which takes `path`'s place when the block succeeds.

    The file is readable by its owner alone.
    """
    private_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o600)  # at the end: some libraries put a new file in the place of ours
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def atomic_folder(target: Path, mode: int = 0o777) -> Iterator[Path]:
    """Give a new folder to fill, which becomes `target`, new or an empty folder, when the block succeeds."""
    staging = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging.mkdir(mode)
        yield staging
        os.replace(staging, target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file, text as UTF-8, as `atomic_write` does."""
    with atomic_write(path) as temporary:
        temporary.write_bytes(content if isinstance(content, bytes) else content.encode())


def write_arrays(path: Path, **arrays: Any) -> None:
    """Write an .npz file, as `atomic_write` does; `read_arrays` reads it."""
    with atomic_write(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **arrays)


def file_hash(path: Path, algorithm: str = "sha256") -> str:
    """Hexadecimal digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def checksum(path: Path) -> int:
    """CRC-32 of a file's content: tells damage, where a hash would also tell malice."""
    crc = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            crc = zlib.crc32(piece, crc)
    return crc


def hash_of(*facts: Any) -> int:
    """A signed 64-bit number for a few facts, the same in every process."""
    digest = hashlib.blake2b(repr(facts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def read_json(path: Path) -> Any:
    """What a JSON file holds; None if there is none, or it is damaged."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays in an .npz file, by name; none at all if there is no such file or it is damaged.

    Not np.load: that reads only as many bytes as an array's header asks for, and so may miss a wrong
    checksum at the member's end.
    """
    try:
        with zipfile.ZipFile(path) as saved:
            return {
                name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(saved.read(name)))
                for name in saved.namelist()
            }
    except Exception:  # a damaged archive raises nearly anything: RuntimeError, NotImplementedError, …
        return {}


def bytes_on_disk(folder: Path) -> int:
    """The total size of all files in a folder and below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
