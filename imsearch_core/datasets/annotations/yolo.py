"""YOLO: a text file for each picture, called like it, and one that names the classes."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from imsearch_core.datasets.annotations.pages import (
    Object,
    Page,
    PicturesByName,
    Source,
    among_annotations,
    first_line,
    polygon_area,
)
from imsearch_core.datasets.names import normal, some
from imsearch_core.wording import counted

_OBJECT = re.compile(r"\d+(\s+[-+.\de]+){4,}")  # a line of YOLO: a class, then a box or a polygon
_NAMES_OF_CLASSES = {"classes.txt", "obj.names", "data.yaml", "data.yml", "dataset.yaml", "dataset.yml"}


def yolo_sources(pictures: PicturesByName, files: Sequence[str], notes: list[str]) -> Iterator[Source]:
    named_in = {
        PurePosixPath(file).parent: file
        for file in files
        if PurePosixPath(file).name.lower() in _NAMES_OF_CLASSES
    }
    names: dict[str, dict[int, str]] = {}
    pages, nameless, captions, blank = [], [], [], []
    for file in files:
        if not file.lower().endswith(".txt") or PurePosixPath(file).name.lower() in _NAMES_OF_CLASSES:
            continue
        picture = pictures.called_like(file)
        among_labels = "labels" in PurePosixPath(file.lower()).parts[:-1]
        if picture is None and not among_labels:
            continue
        source = next((named_in[above] for above in PurePosixPath(file).parents if above in named_in), None)
        if source is None:
            nameless += [file] if among_annotations(file) else []
            continue
        line = "" if among_labels else first_line(pictures.folder / file)
        if line and not _OBJECT.fullmatch(line):
            captions.append(file)
            continue
        if source not in names:
            names[source] = _class_names(pictures, source)
        objects = list(_yolo_objects(pictures, file, names[source]))
        page = Page(file, picture or pictures.alone_called_like(file), objects)
        (pages if objects or among_labels else blank).append(page)
    if nameless:
        count = counted(len(nameless), "text file")
        notes.append(f"YOLO: no data.yaml or classes.txt names the classes of {count}: {some(nameless)}")
    if captions:
        count = counted(len(captions), "text file is no list", "text files are no lists")
        notes.append(f"YOLO: {count} of objects, such as a caption, and not read: {some(captions)}")
    if pages:  # else a blank text is an empty caption
        names_of_classes = {name for of in names.values() for name in of.values()}
        yield Source("YOLO", [*pages, *blank], names_of_classes)


def _class_names(pictures: PicturesByName, file: str) -> dict[int, str]:
    """The classes by number: the lines of a text file, or `names` of a YAML file."""
    import yaml

    text = pictures.text(file)
    if not file.lower().endswith((".yaml", ".yml")):
        return dict(enumerate(normal(line) for line in text.splitlines() if line.strip()))
    try:
        names = yaml.safe_load(text)["names"]
        pairs = names.items() if isinstance(names, dict) else enumerate(names)
        return {int(number): _scalar(name) for number, name in pairs}
    except (yaml.YAMLError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise pictures.error(file, f"it lists no names of classes: {error}") from error


def _scalar(name: object) -> str:
    if isinstance(name, list | dict):  # aliases can make it endless in print
        raise TypeError("a name is a list")
    return normal(str(name))


def _yolo_objects(pictures: PicturesByName, file: str, names: Mapping[int, str]) -> Iterator[Object]:
    for line, text in enumerate(pictures.text(file).splitlines(), 1):
        if not text.strip():
            continue
        number, *figures = text.split()
        try:
            shape = [float(figure) for figure in figures]
            name = names[int(number)]
        except ValueError:
            raise pictures.error(file, f"line {line} is not a class and figures: {text[:60]!r}") from None
        except LookupError:
            raise pictures.error(file, f"line {line} has class {number}, which is not named") from None
        yield Object(name, _yolo_area(shape))


def _yolo_area(shape: Sequence[float]) -> float:
    """Of a box (centre, width, height) or a polygon (x, y, x, y …), as a share of the picture."""
    if len(shape) < 6:
        area = math.prod(shape[2:4]) if len(shape) >= 4 else 0.0
    else:
        area = polygon_area(list(zip(shape[::2], shape[1::2], strict=False)))
    return area if math.isfinite(area) else 0.0
