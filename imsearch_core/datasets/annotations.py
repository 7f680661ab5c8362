"""Labels from annotations of objects: COCO, Pascal VOC and YOLO.

The classes of a picture are those of its objects. Its label is the class of the largest object, unless its
folder is called like one of the annotated classes.

- COCO: JSON with `images`, `annotations` and `categories`, in a folder "annotations" or called so.
- Pascal VOC: an XML file for each picture, called like it.
- YOLO: a text file for each picture, called like it, and a data.yaml or classes.txt that names the classes.
  Next to a picture such a file may as well be its caption.

XML and text files lie next to the picture or in a folder of their own, as in Annotations and JPEGImages, or
labels/train and images/train.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.etree import ElementTree

from imsearch_core.datasets.names import normal, some
from imsearch_core.datasets.tables import Finder
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.spreadsheets import decoded
from imsearch_core.wording import counted

SUFFIXES = (".json", ".xml", ".txt", ".yaml", ".yml", ".names")
"""Suffixes of the files that `read_annotations` looks at."""
_ANNOTATIONS = {"annotations", "annotation", "labels", "xmls"}
_PICTURES = {"jpegimages", "images", "imgs"}
_COCO_NAMES = ("annotations", "instances", "captions", "coco")
_MAYBE_COCO_NAME = "labels"  # of FiftyOne's COCO, and of labels in many other forms
_OBJECT = re.compile(r"\d+(\s+[-+.\de]+){4,}")  # a line of YOLO: a class, then a box or a polygon
_NAMES_OF_CLASSES = {"classes.txt", "obj.names", "data.yaml", "data.yml", "dataset.yaml", "dataset.yml"}


class Annotated(NamedTuple):
    """What annotations say of the pictures of a folder."""

    classes: Mapping[str, str | None]
    """The label of every picture: from its folder or its largest object."""
    present: Mapping[str, tuple[str, ...]]
    """The classes of the objects in each picture that has any, the largest first."""
    notes: list[str]
    """Sentences about what was read, and about annotations and pictures that do not match."""


class _Object(NamedTuple):
    name: str
    area: float
    """In any unit that is the same for all objects of a picture; 0 if unknown."""


class _Page(NamedTuple):
    """What an annotation says of one picture."""

    named: str
    """The picture as the annotation names it, or the annotation's own path."""
    file: str | None
    """The picture; None if there is none."""
    objects: Sequence[_Object]


@dataclass
class _Source:
    """The annotations of one kind."""

    title: str
    pages: list[_Page]
    names: set[str]
    """The classes that it declares, with or without objects."""


def read_annotations(
    folder: Path, files: Sequence[str], classes: Mapping[str, str | None], from_folders: bool = False
) -> Annotated:
    """Read the annotations among `files`, given by their paths below `folder`.

    `classes` maps every picture's file to the class of its folder. With `from_folders` that stays its label
    whatever the annotations say. Of several kinds of annotations about a picture, the first of COCO, Pascal
    VOC and YOLO counts. Raises ImsearchError, naming the file, if one is malformed.
    """
    notes: list[str] = []
    pictures = _Pictures(folder, classes)
    sources = [*_coco(pictures, files, notes), *_voc(pictures, files, notes), *_yolo(pictures, files, notes)]
    found: dict[str, list[_Object]] = {}
    for source in sources:
        own: dict[str, list[_Object]] = defaultdict(list)
        for page in source.pages:
            if page.file is not None and page.file not in found:
                own[page.file] += page.objects
        found |= own
        notes += _about(source)
    if not found:
        return Annotated(classes, {}, notes)
    present = {file: names for file, objects in found.items() if (names := _by_size(objects))}
    names = {name for source in sources for name in source.names}.union(*present.values())
    # Folders such as images and JPEGImages: they hold annotated pictures and are called like no class.
    no_classes = set() if from_folders else {classes[file] for file in found} - names
    labels = {
        file: label if label not in no_classes else next(iter(present.get(file, ())), None)
        for file, label in classes.items()
    }
    if without := [file for file in classes if file not in found]:
        notes.append(
            f"{counted(len(without), 'picture has', 'pictures have')} no annotation: {some(without)}"
        )
    return Annotated(labels, present, notes)


def _about(source: _Source) -> Iterator[str]:
    matched = [page for page in source.pages if page.file is not None]
    if matched:
        objects = Counter(one.name for page in matched for one in page.objects)
        yield (
            f"{source.title}: {counted(objects.total(), 'object')} of "
            f"{counted(len(objects), 'class', 'classes')} in {counted(len(matched), 'picture')}"
        )
    if missing := [page.named for page in source.pages if page.file is None]:
        count = counted(len(missing), "annotation matches", "annotations match")
        yield f"{source.title}: {count} no picture: {some(missing)}"


def _by_size(objects: Iterable[_Object]) -> tuple[str, ...]:
    """The classes of objects, that of the largest first."""
    largest: dict[str, float] = {}
    for name, area in objects:
        largest[name] = max(area, largest.get(name, 0))
    return tuple(sorted(largest, key=lambda name: -largest[name]))


class _Pictures:
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
        return _unique((_place(file), file) for file in self.files)

    @cached_property
    def _by_stem(self) -> dict[str, str | None]:
        return _unique((_place(file)[-1], file) for file in self.files)


def _unique(pairs: Iterable[tuple]) -> dict:
    """What each key belongs to; None if to several."""
    result = {}
    for key, value in pairs:
        result[key] = None if key in result else value
    return result


def _place(file: str) -> tuple[str, ...]:
    """A path in lower case, without its suffix and the folders that tell annotations from pictures."""
    path = PurePosixPath(file)
    above = (part.casefold() for part in path.parts[:-1])
    return (*(part for part in above if part not in _ANNOTATIONS | _PICTURES), path.stem.casefold())


def _among_annotations(file: str) -> bool:
    return any(part.casefold() in _ANNOTATIONS for part in PurePosixPath(file).parts[:-1])


# COCO


def _coco(pictures: _Pictures, files: Sequence[str], notes: list[str]) -> Iterator[_Source]:
    for file in files:
        path = PurePosixPath(file)
        if path.suffix.lower() != ".json":
            continue
        called_coco = _among_annotations(file) or any(name in path.stem.lower() for name in _COCO_NAMES)
        if not called_coco and _MAYBE_COCO_NAME not in path.stem.lower():
            continue
        try:
            content = json.loads((pictures.folder / file).read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            if not called_coco:
                notes.append(f"{file} is passed over: it is not JSON")
                continue
            raise pictures.error(file, f"it is not JSON: {error}") from error
        if not isinstance(content, dict) or not isinstance(content.get("images"), list):
            notes.append(f"{file} is passed over: it is not COCO, as it has no images")
        elif "categories" not in content:
            notes.append(f"{file} is passed over: it names no categories")
        else:
            try:
                yield _coco_source(pictures, file, content)
            except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
                raise pictures.error(file, f"it is not COCO: {error!r}") from error


def _coco_source(pictures: _Pictures, file: str, content: dict) -> _Source:
    names = {one["id"]: normal(one["name"]) for one in content["categories"]}
    objects: dict[object, list[_Object]] = defaultdict(list)
    images = {image["id"]: image["file_name"] for image in content["images"]}
    for place, one in enumerate(content.get("annotations", ()), 1):
        if one["category_id"] not in names:
            raise pictures.error(
                file, f"annotation {place} has category {one['category_id']}, which is not named"
            )
        if one["image_id"] not in images:
            raise pictures.error(
                file, f"annotation {place} is about image {one['image_id']}, which is not listed"
            )
        objects[one["image_id"]].append(_Object(names[one["category_id"]], _coco_area(one)))
    base = PurePosixPath(file).parent
    base = base.parent if base.name.casefold() in _ANNOTATIONS else base
    find = pictures.finder("" if base == PurePosixPath() else base.as_posix()).find
    pages = [_Page(name, find(name), objects[image]) for image, name in images.items()]
    return _Source(f"COCO, {file}", pages, set(names.values()))


def _coco_area(annotation: dict) -> float:
    if (area := annotation.get("area")) is None:
        *_, width, height = annotation.get("bbox") or (0, 0)
        area = width * height
    return float(area) if math.isfinite(area) else 0.0


# Pascal VOC


def _voc(pictures: _Pictures, files: Sequence[str], notes: list[str]) -> Iterator[_Source]:
    pages = []
    for file in files:
        if not file.lower().endswith(".xml"):
            continue
        picture = pictures.called_like(file)
        if picture is None and not _among_annotations(file):
            continue
        try:
            root = ElementTree.parse(pictures.folder / file).getroot()
        except (OSError, ElementTree.ParseError, ValueError, LookupError) as error:
            if not (_among_annotations(file) or _first_line(pictures.folder / file).startswith("<")):
                notes.append(f"{file} is passed over: it is not XML")
                continue
            raise pictures.error(file, f"it is not XML: {error}") from error
        if root.tag == "annotation":
            objects = [_voc_object(pictures, file, one) for one in root.iterfind("object")]
            pages.append(_Page(file, picture or pictures.alone_called_like(file), objects))
    if pages:
        yield _Source("Pascal VOC", pages, set())


def _voc_object(pictures: _Pictures, file: str, element: ElementTree.Element) -> _Object:
    name = normal(element.findtext("name", ""))
    if not name:
        raise pictures.error(file, "an object has no name")
    ends = (element.findtext(f"bndbox/{end}") for end in ("xmin", "xmax", "ymin", "ymax"))
    try:
        left, right, top, bottom = (float(end) for end in ends)
    except (TypeError, ValueError):  # no box, or not of numbers
        return _Object(name, 0.0)
    area = (right - left) * (bottom - top)
    return _Object(name, area if math.isfinite(area) else 0.0)


# YOLO


def _yolo(pictures: _Pictures, files: Sequence[str], notes: list[str]) -> Iterator[_Source]:
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
            nameless += [file] if _among_annotations(file) else []
            continue
        line = "" if among_labels else _first_line(pictures.folder / file)
        if line and not _OBJECT.fullmatch(line):
            captions.append(file)
            continue
        if source not in names:
            names[source] = _class_names(pictures, source)
        objects = list(_yolo_objects(pictures, file, names[source]))
        page = _Page(file, picture or pictures.alone_called_like(file), objects)
        (pages if objects or among_labels else blank).append(page)
    if nameless:
        count = counted(len(nameless), "text file")
        notes.append(f"YOLO: no data.yaml or classes.txt names the classes of {count}: {some(nameless)}")
    if captions:
        count = counted(len(captions), "text file is no list", "text files are no lists")
        notes.append(f"YOLO: {count} of objects, such as a caption, and not read: {some(captions)}")
    if pages:  # else a blank text is an empty caption
        names_of_classes = {name for of in names.values() for name in of.values()}
        yield _Source("YOLO", [*pages, *blank], names_of_classes)


def _first_line(file: Path) -> str:
    """The first line of a text that is not blank; "" if all are."""
    try:
        return decoded(file.read_bytes()).strip().partition("\n")[0].strip()
    except (OSError, UsageError) as error:
        return str(error)  # a text, at any rate, but not one of figures


def _class_names(pictures: _Pictures, file: str) -> dict[int, str]:
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


def _yolo_objects(pictures: _Pictures, file: str, names: Mapping[int, str]) -> Iterator[_Object]:
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
        yield _Object(name, _yolo_area(shape))


def _yolo_area(shape: Sequence[float]) -> float:
    """Of a box (centre, width, height) or a polygon (x, y, x, y …), as a share of the picture."""
    if len(shape) < 6:
        area = math.prod(shape[2:4]) if len(shape) >= 4 else 0.0
    else:
        xs, ys = shape[::2], shape[1::2]
        turned = zip(xs, ys, [*xs[1:], xs[0]], [*ys[1:], ys[0]], strict=False)
        area = abs(sum(x * next_y - next_x * y for x, y, next_x, next_y in turned)) / 2
    return area if math.isfinite(area) else 0.0
