"""A copy of a folder in which every picture lies under the label that a person has decided on."""

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Container, Mapping
from enum import StrEnum
from itertools import chain, count
from pathlib import Path, PurePosixPath

from imsearch_core.datasets import Item
from imsearch_core.datasets.tables import LABELS_FILE
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import atomic_folder
from imsearch_core.spreadsheets import to_csv

_LONGEST_NAME = 200  # bytes; file systems end at 255


class How(StrEnum):
    """What represents each picture in the copy."""

    SYMLINKS = "symbolic links"
    HARDLINKS = "hard links"
    FILES = "files"


def copy_corrected(
    folder: Path, items: tuple[Item, ...], labels: Mapping[str, str | None], target: Path, how: How
) -> None:
    """Make `target`: `items` of `folder`, one sub-folder per class, and a labels.csv with the exact names.

    `labels` gives each file's label. `target` must be new or an empty folder, neither inside `folder`
    nor around it; it appears whole or not at all. Nothing in `folder` changes. Raises UsageError if
    `target` will not do, ImsearchError if it cannot be written.
    """
    target = Path(target).expanduser().resolve()
    if target.is_relative_to(folder) or folder.is_relative_to(target):
        raise UsageError(f"{target} overlaps the photos in {folder}: choose a folder outside")
    places = _places(items, labels)
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise UsageError(f"{target} is not an empty folder: choose one, or a new name")
        with atomic_folder(target) as staging:
            for file, place in places.items():
                path = staging / place
                path.parent.mkdir(parents=True, exist_ok=True)
                _put(folder / file, path, how)
            (staging / LABELS_FILE).write_bytes(_labels_csv(items, labels, places))
    except OSError as error:
        hint = ""
        if how is How.HARDLINKS and error.errno in (errno.EXDEV, errno.EPERM, errno.EMLINK):
            hint = f". Hard links need one file system: choose {How.SYMLINKS} or {How.FILES}"
        raise ImsearchError(f"the corrected copy cannot be made: {error}{hint}") from error


def _places(items: tuple[Item, ...], labels: Mapping[str, str | None]) -> dict[str, str]:
    """Where each file goes: one that lies under its label stays there, others move to their class's folder.

    A name that is taken there gets a number.
    """
    loose = {item.file for item in items if labels[item.file] is None}
    folders = _class_folders({label for label in labels.values() if label is not None}, loose)
    places, moving = {}, []
    for item in items:
        label = labels[item.file]
        held_in = PurePosixPath(item.file).parent
        if label is None or held_in.name == folders[label]:
            places[item.file] = item.file
        else:  # next to its present class folder, and so in the same split
            above = held_in if item.given_label is None else held_in.parent
            moving.append((item.file, above / folders[label]))
    taken = {str(part) for place in places.values() for part in (place, *PurePosixPath(place).parents)}
    for file, class_folder in moving:
        wanted = class_folder / PurePosixPath(file).name
        places[file] = _free(str(wanted.with_suffix("")), wanted.suffix, taken)
        taken.add(places[file])
    return places


def _class_folders(labels: set[str], taken: set[str]) -> dict[str, str]:
    """A folder name for each class, not among `taken`, that no file system treats specially."""
    names: dict[str, str] = {}
    for label in sorted(labels, key=lambda label: (_safe_name(label) != label, label)):
        names[label] = _free(_safe_name(label), "", {*taken, *names.values()})
    return names


def _free(stem: str, suffix: str, taken: Container[str]) -> str:
    """A name that is not `taken`: that of the two together, or else with the first number between them."""
    names = (f"{stem}-{number}{suffix}" for number in count(2))
    return next(name for name in chain([stem + suffix], names) if name not in taken)


def _safe_name(label: str) -> str:
    name = re.sub(r'[/\\:*?"<>|\x00-\x1f\x7f]', "-", label).strip(" .")
    if name.startswith("__MACOSX"):  # such folders are skipped, like hidden ones
        name = f"class {name}"
    while len(os.fsencode(name)) > _LONGEST_NAME:
        name = name[:-1].rstrip(" .")
    return name or "class"


def _put(source: Path, path: Path, how: How) -> None:
    if how is How.SYMLINKS:
        path.symlink_to(source)
    elif how is How.HARDLINKS:
        os.link(source.resolve(), path)
    else:
        shutil.copy2(source, path)


def _labels_csv(
    items: tuple[Item, ...], labels: Mapping[str, str | None], places: Mapping[str, str]
) -> bytes:
    """labels.csv: exact class names, the other classes present in each picture, and its split."""
    rows = []
    for item in items:
        label = labels[item.file]
        present = [label, *(other for other in item.all_labels if other not in (label, item.given_label))]
        spaced = any(name is None or len(name.split()) != 1 for name in present)
        row = [places[item.file], label or "", "" if spaced else " ".join(present), item.split or ""]
        with contextlib.suppress(UnicodeEncodeError):  # names that are not text: the folder's name counts
            "".join(row).encode()
            rows.append(row)
    return to_csv(["file", "label", "all_labels", "split"], rows)
