"""What the folders above a picture mean: its class, its split, or nothing."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from imsearch_core.datasets.dates import is_date
from imsearch_core.datasets.names import normal

_SPLITS = {  # those of Hugging Face's imagefolder
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
    "eval": "test",
    "evaluation": "test",
}
_NUMBER = re.compile(r"\d+$")  # COCO's train2017, Kaggle's test1
_OF_PICTURES = frozenset(
    {"images", "image", "imgs", "img", "photos", "photo", "pictures", "pics", "jpegimages", "data", "dataset"}
)
# Of a single folder, these names say that there are pictures in it, not which.
_WRAPPERS = _OF_PICTURES | {"jpg", "jpeg", "png", "rgb", "color", "colour", "default"}
# Folders that cameras make (JEITA CP-3461): below DCIM whatever they are called, else those of common makers.
_OF_A_CAMERA = re.compile(r"[1-9]\d\d[A-Z0-9_]{5}|DJI_\w+")
_OF_A_MAKER = re.compile(
    r"\d{3}(APPLE|CANON|CLOUD|EOS\w\w|GOPRO|MEDIA|MSDCF|NIKON|OLYMP|PENTX|RICOH|_FUJI|_PANA)"
)
_OF_PHOTOS = re.compile(r"[0-9A-F]")  # Apple's Photos spreads its originals over these
_UNLABELLED = {"no label", "unlabeled", "unlabelled"}
_ANYTHING = re.compile(".*")
_DIGITS = re.compile(r"\d+")
_FOUR_DIGITS = re.compile(r"\d{4}")
_SPACING = re.compile(r"[-_. ]+")
# Next to a split's name, these words say nothing more: training_set, test images.
_FILLERS = frozenset({"set", "split", "files", *_OF_PICTURES})
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

    Folders are splits if all folders next to them are, or several different ones: "train" alone among "bus"
    and "cat" is a class. So are folders such as "seg_train" and "seg_test", whose names differ in the split
    alone, and one in a split that is called like it. Of the others, the class is the one at `level`: 0 is the
    folder that holds the picture, 1 the one above it; -1 is the outermost, -2 the next one in. Without a
    level it is the folder that holds the picture. If that is a year, a month or a date, of a camera, one of
    several such as "images_1", or the only folder and called "images" or the like, it is the next folder
    above that is none of these, unless that is the only one in its place. A folder called "unlabeled" says
    that there is no class.
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
        self._all_dates: dict[tuple[str, re.Pattern[str]], bool] = {}
        self._shapes: dict[str, Counter[str]] = {}
        self._splits: set[str] = set()
        for folder, inside in sorted(self._inside.items()):
            self._splits |= _splits_among(inside)
            if folder in self._splits:
                self._splits |= {path for path in inside if _name(path) == _name(folder)}

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
            alone = len(inside) == 1 and folder not in self._holding
            waiting += sorted(inside if alone else inside & self._splits)
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

    def without_splits(self, file: str) -> str:
        """The path of a picture without the folders on it that are splits."""
        folder, _, name = file.rpartition("/")
        return "/".join([*map(_name, self._classes_above(folder)), name])

    def _meaning(self, folder: str) -> FolderMeaning:
        above = self._classes_above(folder)
        splits = [path for path in _paths(folder) if path in self._splits]
        split = _split_and_rest(_name(splits[0]))[0] if splits else None
        if self._level is None:
            chosen = self._innermost_class(above)
            if chosen and " ".join(_SPACING.split(_name(chosen).lower())) in _UNLABELLED:
                chosen = None
        else:
            place = -1 - self._level  # from the outside in, as a place in a list
            chosen = above[place] if -len(above) <= place < len(above) else None
        return FolderMeaning((normal(_name(chosen)) or None) if chosen else None, split)

    def _innermost_class(self, above: list[str]) -> str | None:
        """Of folders from the outside in, the last that is a class."""
        if not above or self._wraps_splits(above[-1]):
            return None
        if not self._is_no_class(above[-1]):
            return above[-1]
        classes = (path for path in reversed(above) if not self._is_no_class(path))
        return next((path for path in classes if not self._is_alone(path)), None)

    def _classes_above(self, folder: str) -> list[str]:
        """The folders on a path, from the outside in, without splits."""
        return [path for path in _paths(folder) if path not in self._splits]

    def _is_no_class(self, folder: str) -> bool:
        """Whether a folder is called by when or by what its pictures were taken, or only by what they are."""
        *above, name = folder.split("/")
        if self._is_alone(folder) and name.lower() in _WRAPPERS:
            return True
        if (
            _OF_A_MAKER.fullmatch(name)
            or name == "DCIM"
            or ("DCIM" in above and _OF_A_CAMERA.fullmatch(name))
        ):
            return True
        if self._is_one_of_several(folder) or (above[-1:] == ["originals"] and _OF_PHOTOS.fullmatch(name)):
            return True
        if _FOUR_DIGITS.fullmatch(name) and not self._are_dates(folder.rpartition("/")[0], _FOUR_DIGITS):
            return False  # a number, as those next to it are
        return is_date(folder, abbreviated=False) or (
            # "van" is short for a month in some language, but not next to "bus".
            is_date(folder, abbreviated=True) and self._are_dates(folder.rpartition("/")[0])
        )

    def _is_one_of_several(self, folder: str) -> bool:
        """Whether a folder is called after pictures, and others are called so with another number, as in
        images_1 and images_2, or Photos Part 1 of 2."""
        parent, _, name = folder.rpartition("/")
        shape = _DIGITS.sub("", name)
        if shape == name or _OF_PICTURES.isdisjoint(_SPACING.split(shape.lower())):
            return False
        if parent not in self._shapes:
            self._shapes[parent] = Counter(_DIGITS.sub("", _name(path)) for path in self._inside[parent])
        return self._shapes[parent][shape] > 1

    def _are_dates(self, parent: str, called: re.Pattern[str] = _ANYTHING) -> bool:
        """Whether all folders in a folder are dates, of those whose names are as given."""
        key = parent, called
        if key not in self._all_dates:
            named = (path for path in self._inside[parent] if called.fullmatch(_name(path)))
            self._all_dates[key] = all(is_date(path, abbreviated=True) for path in named)
        return self._all_dates[key]

    def _wraps_splits(self, folder: str) -> bool:
        """Whether a folder, alone in its place, holds splits that hold classes: then it is none."""
        splits = self._inside.get(folder, set()) & self._splits
        return self._is_alone(folder) and any(self._inside.get(split) for split in splits)

    def _is_alone(self, folder: str) -> bool:
        """Whether neither folders nor pictures lie next to a folder."""
        parent = folder.rpartition("/")[0]
        return self._inside[parent] == {folder} and parent not in self._holding


def _splits_among(folders: Collection[str]) -> set[str]:
    """Those of the folders in one place that are splits."""
    splits: set[str] = set()
    by_rest: dict[str, dict[str, str]] = {}
    for path in folders:
        split, rest = _split_and_rest(_name(path))
        if split:
            by_rest.setdefault(rest, {})[path] = split
    for rest, called in by_rest.items():
        if len(set(called.values())) > 1 or (not rest and len(called) == len(folders)):
            splits |= called.keys()
    return splits


def split_called(name: str) -> str | None:
    """The split that a name stands for, such as "val" for "validation", "val2017" or "val_set"; None if for
    none."""
    split, rest = _split_and_rest(name)
    return None if rest else split


def _split_and_rest(name: str) -> tuple[str | None, str]:
    """The split that is part of a name, and the other words of the name: ("train", "seg") for seg_train."""
    words = [_NUMBER.sub("", word) for word in _SPACING.split(name.lower())]
    named = [word for word in words if word in _SPLITS]
    rest = " ".join(word for word in words if word and word not in _SPLITS and word not in _FILLERS)
    return (_SPLITS[named[0]], rest) if len(named) == 1 else (None, rest)


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


def _name(path: str) -> str:
    return path.rpartition("/")[2]
