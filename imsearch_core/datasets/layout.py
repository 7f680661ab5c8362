"""What the folders above a picture mean: its class, its split, or nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from imsearch_core.datasets.names import normal

_SPLITS = {
    "train": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
}
_YEAR = re.compile(r"(19|20)\d\d")
_OF_A_YEAR = re.compile(r"(19|20)\d\d$")  # COCO's train2017
_DATE = re.compile(r"(19|20)\d\d([-_.]?\d\d){1,2}")
SPLITS = tuple(dict.fromkeys(_SPLITS.values()))
"""The splits there can be, in the order in which they are used."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


@dataclass(frozen=True, slots=True)
class FolderMeaning:
    """What the folders above a picture say about it."""

    label: str | None = None
    split: str | None = None


class Layout:
    """How the folders that hold pictures are read; each is given by its path, "" for the opened one.

    Folders are splits only if all folders next to them are: "train" among "bus" and "cat" is a class.
    Of the others, the class is the one at `level`: 0 is the folder that holds the picture, 1 the one
    above it; -1 is the outermost, -2 the next one in. Without a level it is the folder that holds the
    picture, unless that is a year, a month or a date.
    """

    def __init__(self, folders: Iterable[str], level: int | None = None) -> None:
        self._level = level
        self._inside: dict[str, set[str]] = {"": set()}
        self._holding = set(folders)
        for folder in self._holding - {""}:
            path = ""
            for part in folder.split("/"):
                inside = f"{path}/{part}".lstrip("/")
                self._inside.setdefault(path, set()).add(inside)
                path = inside
        self._of_splits = {
            folder
            for folder, inside in self._inside.items()
            if inside and all(split_called(_name(path)) for path in inside)
        }

    @cached_property
    def meanings(self) -> dict[str, FolderMeaning]:
        """What each folder that holds pictures says about them."""
        return {folder: self._meaning(folder) for folder in self._holding}

    @cached_property
    def tables_in(self) -> list[str]:
        """Where tables may lie, from the outside in: the opened folder, wrappers and splits below it.

        A wrapper is a single folder next to which there are neither pictures nor other folders of pictures.
        """
        found, waiting = [], [""]
        while waiting:
            folder = waiting.pop(0)
            found.append(folder)
            inside = self._inside.get(folder, set())
            if folder in self._of_splits or (len(inside) == 1 and folder not in self._holding):
                waiting += sorted(inside)
        return found

    @cached_property
    def depth(self) -> int:
        """The most folders above a picture, splits not counted: how many levels there are to choose from."""
        return max((len(self._classes_above(folder)) for folder in self._holding), default=0)

    @property
    def says_something(self) -> bool:
        """Whether anything but one class a folder, right below the opened one, was read into the folders."""
        return self._level is not None or any(
            "/" in folder or meaning.split or (folder and meaning.label is None)
            for folder, meaning in self.meanings.items()
        )

    def _meaning(self, folder: str) -> FolderMeaning:
        above = self._classes_above(folder)
        splits = [path for path in _paths(folder) if _parent(path) in self._of_splits]
        split = split_called(_name(splits[0])) if splits else None
        level = self._level or 0
        place = -1 - level  # from the outside in, as a place in a list
        if not -len(above) <= place < len(above) or (self._level is None and _is_date(folder)):
            return FolderMeaning(None, split)
        return FolderMeaning(normal(_name(above[place])) or None, split)

    def _classes_above(self, folder: str) -> list[str]:
        """The folders on a path, from the outside in, without splits."""
        return [path for path in _paths(folder) if _parent(path) not in self._of_splits]


def split_called(name: str) -> str | None:
    """The split that a name stands for, such as "val" for "validation" or "val2017"; None if for none."""
    return _SPLITS.get(_OF_A_YEAR.sub("", name.lower()))


def level_in_words(level: int | None) -> str:
    """The folder that a level names, such as "the last folder"."""
    if not level:
        return "the last folder"
    if level > 0:
        return "the folder above the last" if level == 1 else f"the folder {level} above the last"
    ordinal = _ORDINALS[-level - 1] if -level <= len(_ORDINALS) else f"{-level}th"
    return f"the {ordinal} folder"


def _paths(folder: str) -> list[str]:
    """A folder and those above it, below the opened one, from the outside in."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _is_date(folder: str) -> bool:
    """Whether the last folder is a year, a date, or a month or day below a year."""
    *above, last = folder.split("/")
    if _YEAR.fullmatch(last) or _DATE.fullmatch(last):
        return True
    return last.isdecimal() and len(last) <= 2 and any(_YEAR.fullmatch(part) for part in above)
