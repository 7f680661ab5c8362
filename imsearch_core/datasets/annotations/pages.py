"""What annotations of any kind give: for each picture its objects."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from imsearch_core.datasets.finder import Finder, unique
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.spreadsheets import decoded

_FOLDERS = {"annotations", "annotation", "labels", "xmls"}
_OF_PICTURES = {"jpegimages", "images", "imgs"}
WHOLE = math.inf


class Object(NamedTuple):
    name: str
    area: float
    """In any unit that is the same for all objects of a picture; 0 if unknown, WHOLE if it is the picture."""


class Page(NamedTuple):
    """What an annotation says of one picture."""

    named: str
    """The picture as the annotation names it, or the annotation's own path."""
    file: str | None
    """The picture; None if there is none."""
    objects: Sequence[Object]


@dataclass
class Source:
    """The annotations of one kind."""

    title: str
    pages: list[Page]
    names: set[str]
    """The classes that it declares, with or without objects."""


class PicturesByName:
    """Finds the picture that an annotation is about."""

    def __init__(self, folder: Path, classes: Mapping[str, str | None]) -> None:
        self.folder = folder
        self.files = classes

    def finder(self, base: str) -> Finder:
        """Finds the pictures below `base` by their names."""
        return Finder(self.folder, base, self.files)

    def called_like(self, annotation: str) -> str | None:
        """The picture whose path is that of `annotation` but for the suffix and folders such as images."""
        return self._by_place.get(_place(annotation))

    def alone_called_like(self, annotation: str) -> str | None:
        """The only picture with the name of `annotation`, wherever it lies."""
        return self._by_stem.get(_place(annotation)[-1])

    def text(self, file: str) -> str:
        try:
            return decoded((self.folder / file).read_bytes())
        except (OSError, UsageError) as error:
            raise self.error(file, str(error)) from error

    def error(self, file: str, what: str) -> ImsearchError:
        return ImsearchError(f"{self.folder / file} cannot be read: {what}")

    @cached_property
    def _by_place(self) -> dict[tuple[str, ...], str | None]:
        return unique((_place(file), file) for file in self.files)

    @cached_property
    def _by_stem(self) -> dict[str, str | None]:
        return unique((_place(file)[-1], file) for file in self.files)


def _place(file: str) -> tuple[str, ...]:
    """A path in lower case, without its suffix and the folders that tell annotations from pictures."""
    path = PurePosixPath(file)
    above = (part.casefold() for part in path.parts[:-1])
    return (*(part for part in above if part not in _FOLDERS | _OF_PICTURES), path.stem.casefold())


def among_annotations(file: str) -> bool:
    return any(part.casefold() in _FOLDERS for part in PurePosixPath(file).parts[:-1])


def base_of(file: str) -> str:
    """The folder that an annotation's names of pictures begin at: its own, or the one above "annotations"."""
    base = PurePosixPath(file).parent
    base = base.parent if base.name.casefold() in _FOLDERS else base
    return "" if base == PurePosixPath() else base.as_posix()


def first_line(file: Path) -> str:
    """The first line of a text that is not blank; "" if all are."""
    try:
        return decoded(file.read_bytes()).strip().partition("\n")[0].strip()
    except (OSError, UsageError) as error:
        return str(error)  # a text, at any rate, but not one of figures


def polygon_area(points: Sequence[Sequence[float]]) -> float:
    turned = zip(points, [*points[1:], *points[:1]], strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in turned)) / 2
