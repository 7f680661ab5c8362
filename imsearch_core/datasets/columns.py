"""Which columns of a table have the files and the classes: by their names, else by what is in them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from imsearch_core.datasets.names import normal
from imsearch_core.pictures.formats import SUFFIXES

FILE = (
    *("file", "file_name", "filename", "path", "image", "file_path", "image_path", "image_name", "image_id"),
)
LABEL = ("label", "class", "label_name", "class_name", "category", "choice")
LISTS = ("all_labels", "labels", "tags")
"""Of those, the last two may stand for the label as well: their first class is it."""
_ROLES = {
    **{"file": FILE, "label": LABEL, "list": LISTS, "objects": ("objects",)},
    **{"wrong": ("wrong",), "split": ("split",)},
}
_CATEGORIES = ("categories", "category", "labels", "label")
_SHOWN, _NOT_SHOWN = {"1", "1.0", "true"}, {"0", "0.0", "-1", "false", ""}
_FRACTION = re.compile(r"-?\d*[.,]\d*[1-9]\d*")  # a measurement; 1.0 is a class that was read as a number
_LOOKED_AT = 200  # rows that tell which column has the files
_MOST_WORDS = 3  # of a class, where its column is not called so
_REPEATED = 10  # rows among which classes repeat


def columns_by_name(names: Iterable[str]) -> dict[str, str]:
    """Which column has the file, the label and whatever else is read."""
    by_name = {_plain(str(name)): name for name in names}
    return {
        role: present[0]
        for role, candidates in _ROLES.items()
        if (present := [by_name[_plain(name)] for name in candidates if _plain(name) in by_name])
    }


def list_leads(columns: Mapping[str, str]) -> bool:
    """Whether the first class of a list is the label."""
    return "label" not in columns and _plain(str(columns.get("list"))) != _plain(LISTS[0])


def _plain(name: str) -> str:
    return re.sub("[ _-]", "", normal(name).lower())


def column_of_files(
    header: Sequence[str], rows: Sequence[Sequence[str]], find: Callable[[str], str | None]
) -> str | None:
    """The column most of whose cells name a picture that is found; None if there is none, or the header is
    itself a row."""
    if any(map(find, header)):
        return None
    found = Counter()
    for cells in rows[:_LOOKED_AT]:
        for name, cell in zip(header, cells):  # noqa: B905 (short rows lack their last cells)
            if find(cell):  # a number may be the class of one and the name of another
                found[name] += 2 if PurePosixPath(cell).suffix.lower() in SUFFIXES else 1
    return next((name for name, hits in found.most_common(1) if 2 * hits > len(rows[:_LOOKED_AT])), None)


def column_of_classes(others: Sequence[str], records: Sequence[Mapping[str, str]]) -> str | None:
    """The only column that is not for something else, if its cells can be classes: short and repeated."""
    if len(others) != 1:
        return None
    cells = [cell for record in records if (cell := record.get(others[0], "").strip())]
    short = sum(len(cell.split()) <= _MOST_WORDS for cell in cells)
    repeated = len(cells) < _REPEATED or len(set(cells)) < 0.9 * len(cells)
    measured = any(map(_FRACTION.fullmatch, cells))
    return others[0] if cells and 2 * short > len(cells) and repeated and not measured else None


def columns_for_each_class(others: Sequence[str], records: Sequence[Mapping[str, str]]) -> Sequence[str]:
    """The columns, if each says by 1 or 0 whether a picture shows the class that it is called after."""
    cells = {record.get(name, "").strip().lower() for record in records for name in others}
    return others if cells & _SHOWN and cells <= _SHOWN | _NOT_SHOWN else ()


def classes_marked(record: Mapping[str, str], names: Iterable[str]) -> list[str]:
    return [normal(name) for name in names if record.get(name, "").strip().lower() in _SHOWN]


def classes_of_objects(cell: object) -> list[object]:
    """The classes of objects as Hugging Face's imagefolder has them, that of the largest box first."""
    if not isinstance(cell, dict):
        return []
    names = next((cell[key] for key in _CATEGORIES if isinstance(cell.get(key), list)), [])
    boxes = cell.get("bbox")
    boxes = boxes if isinstance(boxes, list) and len(boxes) == len(names) else [()] * len(names)
    return [name for name, _ in sorted(zip(names, boxes, strict=True), key=lambda pair: -_area(pair[1]))]


def _area(box: object) -> float:
    """Of left, top, width and height; 0 if it is no such box."""
    try:
        _, _, width, height = box
        return float(width) * float(height)
    except (TypeError, ValueError):
        return 0.0
