"""Where files lie, and how they are written: whole or not at all."""

import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SHIPPED = PROJECT / "data"


def home() -> Path:
    """The folder that everything we make is written under: $IMSEARCH_HOME, or the project's data/."""
    return Path(os.environ.get("IMSEARCH_HOME") or SHIPPED).expanduser().resolve()


def folder_key(folder: Path) -> str:
    """A short file name that stands for `folder`: a readable part, and a hash that tells folders apart."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.name)[:40] or "folder"
    return f"{name}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]}"


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to, which takes `path`'s place when the block succeeds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def file_hash(path: Path, algorithm: str = "sha256") -> str:
    """Hexadecimal digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
