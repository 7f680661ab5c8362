"""Which folders the explorer may open, and what it opened before."""

import json
import os
from contextlib import suppress
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imsearch_core.datasets.builtin import BUILTIN
from imsearch_core.errors import UsageError
from imsearch_core.files import PROJECT, data_dir, read_json, write_whole

OPEN_A_FOLDER = "open"
"""In a link, in place of a folder: let the person name one."""
_REMEMBERED = 10
_LONGEST_PATH = 4096  # characters, as in Linux


def allowed_roots() -> tuple[Path, ...]:
    """The folders below which pages may open one.

    $IMSEARCH_FOLDERS, separated like $PATH; by default the home directory and the project.
    The folder of what we make and the folder named at the start are always among them.
    """
    given = os.environ.get("IMSEARCH_FOLDERS")
    roots = [Path(part) for part in given.split(os.pathsep) if part] if given else [Path.home(), PROJECT]
    named = [Path(folder)] if (folder := folder_to_open()) else []
    return tuple(root.expanduser().resolve() for root in (*roots, *named, data_dir()))


def folder_to_open() -> str | None:
    """$IMSEARCH_OPEN: the folder that a page without a link opens, as `imsearch app FOLDER` sets it."""
    return os.environ.get("IMSEARCH_OPEN") or None


def label_level_to_open(choice: str) -> str | None:
    """$IMSEARCH_LABEL_LEVEL, which goes with the folder named at the start."""
    return (os.environ.get("IMSEARCH_LABEL_LEVEL") or None) if choice == folder_to_open() else None


def allowed_folder(path: str) -> Path:
    """The folder of a path, or of a file:// address, as a file manager gives it, with links resolved.

    Raises UsageError if it is not a folder that may be opened.
    """
    try:
        if len(path) > _LONGEST_PATH:
            raise ValueError
        folder = Path(_without_dress(path)).expanduser().resolve()
        allowed = any(folder.is_relative_to(root) for root in allowed_roots())
        found = allowed and folder.is_dir()
    except (OSError, RuntimeError, ValueError):  # unknown users, null characters
        raise UsageError("this is not the path of a folder") from None
    if not allowed:
        raise UsageError(
            f"{folder} may not be opened here: allow it by starting the explorer with "
            f"IMSEARCH_FOLDERS={folder}"
        )
    if not found:
        raise UsageError(f"{folder} is not a folder")
    return folder


def _without_dress(path: str) -> str:
    path = path.strip()
    if len(path) > 1 and path[0] == path[-1] and path[0] in "\"'":
        path = path[1:-1]
    return unquote(urlsplit(path).path) if path.startswith("file://") else path


def recent_choices() -> dict[str, int]:
    """What was opened before, the latest first, and how many pictures it had.

    Names of built-in datasets, and folders that still exist.
    """
    try:
        return {
            choice: int(pictures)
            for choice, pictures in read_json(_recent_file()).items()
            if choice in BUILTIN or Path(choice).is_dir()
        }
    except (AttributeError, OSError, ValueError, TypeError):  # no table of names and numbers
        return {}


def remember_choice(choice: str, pictures: int) -> None:
    """Put `choice`, with its number of pictures, first among the recent ones. Forgetting it is no failure."""
    known = recent_choices()
    latest = {choice: pictures, **{other: count for other, count in known.items() if other != choice}}
    if list(latest.items()) == list(known.items()):
        return
    with suppress(OSError, UnicodeError):
        write_whole(_recent_file(), json.dumps(dict(islice(latest.items(), _REMEMBERED))))


def _recent_file() -> Path:
    return data_dir() / "recent.json"
