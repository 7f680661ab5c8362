"""Which missing pictures were deleted, and which are only away with the disk that holds them."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

MANY_GONE = 10
"""A folder that is empty now and held so many pictures is more likely not mounted than cleared."""


def absent_files(folder: Path, gone: Iterable[str]) -> dict[str, list[str]]:
    """Of files that are `gone` from `folder`, those that are away, by the reason.

    A file is away if a folder on its path is a link to nothing, cannot be listed, or is empty and held
    MANY_GONE pictures or more. Each reason names that folder.
    """
    below: dict[str, list[str]] = {}
    for file in gone:
        for parent in PurePosixPath(file).parents:
            if parent.name:
                below.setdefault(str(parent), []).append(file)
    away: dict[str, list[str]] = {}
    known: set[str] = set()
    for name in sorted(below):  # a folder comes before those in it
        files = [file for file in below[name] if file not in known]
        if files and (reason := _why_away(folder / name, len(files))):
            away[f"{name} {reason}"] = files
            known.update(files)
    return away


def _why_away(path: Path, held: int) -> str:
    """Empty if the folder is there, or was deleted."""
    if not os.path.lexists(path):
        return ""
    try:
        with os.scandir(path) as entries:
            empty = next(entries, None) is None
    except FileNotFoundError:
        return "is a link to nothing"
    except NotADirectoryError:
        return ""
    except OSError as error:
        return f"cannot be listed ({error.strerror})"
    return "is empty" if empty and held >= MANY_GONE else ""
