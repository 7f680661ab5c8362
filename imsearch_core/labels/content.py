"""Binds decisions to content: a decision follows its picture, and does not pass to a new one of that name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from imsearch_core.datasets import Item
from imsearch_core.files import file_hash
from imsearch_core.wording import counted

_NAMED = 3  # files in one note


@dataclass(frozen=True, slots=True)
class Content:
    """What a file held when a decision about it was made."""

    size: int
    """Bytes."""
    modified_ns: int
    """Time of the last modification."""
    changed_ns: int
    """Time of the last change to the file or what the system knows of it. While size and both times
    stay, the file need not be read again."""
    sha256: str
    """Of the whole file, hexadecimal."""


@dataclass(frozen=True)
class Found:
    """Where the pictures that were decided on are now."""

    places: Mapping[str, str]
    """The present file, by the file that was decided on."""
    changed: tuple[str, ...]
    """Files that hold another picture now; theirs is nowhere in the folder."""

    @property
    def notes(self) -> list[str]:
        """What a person should know."""
        notes = []
        if renamed := {old: new for old, new in self.places.items() if old != new}:
            notes.append(
                f"{counted(len(renamed), 'decision')} about labels followed pictures to new names: "
                + _named([f"{old} is now {new}" for old, new in renamed.items()])
            )
        if self.changed:
            notes.append(
                f"{counted(len(self.changed), 'decision')} about labels not used, because another "
                f"picture now has the name {_named(self.changed)}"
            )
        return notes


def content_of(path: Path) -> Content | None:
    """What is in a file; None if it cannot be read."""
    try:
        stamp = _stamp(path)
        return Content(*stamp, _sha256(path, *stamp))
    except (OSError, ValueError):
        return None


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


@lru_cache(maxsize=1 << 16)
def _sha256(path: Path, size: int, modified_ns: int, changed_ns: int) -> str:
    return file_hash(path)


def find(decided: Mapping[str, Content | None], folder: Path, items: Sequence[Item]) -> Found:
    """Where each picture that was decided on is now in `folder`, of which `items` are the pictures.

    Files whose content is not known, from older versions, are taken to be unchanged. A picture that is
    neither under its name nor anywhere else keeps its name: it may come back.
    """
    places, strayed, changed = {}, [], []
    for file, content in decided.items():
        if content is None or _holds(folder / file, content):
            places[file] = file
        else:
            strayed.append(file)
    by_size = _by_size(items, places) if strayed else {}
    for file in strayed:
        content = decided[file]
        same = (other for other in by_size.get(content.size, ()) if _holds(folder / other, content))
        new = next(same, None)
        if new is not None:
            by_size[content.size].remove(new)
            places[file] = new
        elif (folder / file).exists():
            changed.append(file)
        else:
            places[file] = file
    return Found(places, tuple(changed))


def _holds(path: Path, content: Content) -> bool:
    try:
        stamp = _stamp(path)
        if stamp == (content.size, content.modified_ns, content.changed_ns):
            return True
        return stamp[0] == content.size and _sha256(path, *stamp) == content.sha256
    except (OSError, ValueError):
        return False


def _by_size(items: Iterable[Item], taken: Mapping[str, str]) -> dict[int, list[str]]:
    files = defaultdict(list)
    for item in items:
        if item.file not in taken:
            files[item.size].append(item.file)
    return files


def _named(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
