"""Labels from annotations of objects, as datasets and labelling tools keep them.

The classes of a picture are those of its objects. Its label is the class of the largest object, unless its
folder is called like one of the annotated classes. A class of the whole picture counts as the largest.

- COCO: JSON with `images`, `annotations` and `categories`, in a folder "annotations" or called so.
- Pascal VOC: an XML file for each picture, called like it.
- YOLO: a text file for each picture, called like it, and a data.yaml or classes.txt that names the classes.
  Next to a picture such a file may as well be its caption.
- LabelMe: a JSON file for each picture, called like it.
- CVAT for images: annotations.xml.
- Label Studio: project-1-at-….json.
- FiftyOne: labels.json.

XML and text files lie next to the picture or in a folder of their own, as in Annotations and JPEGImages, or
labels/train and images/train.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from imsearch_core.datasets.annotations.json_files import json_sources
from imsearch_core.datasets.annotations.pages import Object, PicturesByName, Source
from imsearch_core.datasets.annotations.voc import xml_sources
from imsearch_core.datasets.annotations.yolo import yolo_sources
from imsearch_core.datasets.names import some
from imsearch_core.wording import counted

SUFFIXES = (".json", ".xml", ".txt", ".yaml", ".yml", ".names")
"""Suffixes of the files that `read_annotations` looks at."""


class Annotated(NamedTuple):
    """What annotations say of the pictures of a folder."""

    classes: Mapping[str, str | None]
    """The label of every picture: from its folder or its largest object."""
    present: Mapping[str, tuple[str, ...]]
    """The classes of the objects in each picture that has any, the largest first."""
    notes: list[str]
    """Sentences about what was read, and about annotations and pictures that do not match."""


def read_annotations(
    folder: Path, files: Sequence[str], classes: Mapping[str, str | None], from_folders: bool = False
) -> Annotated:
    """Read the annotations among `files`, given by their paths below `folder`.

    `classes` maps every picture's file to the class of its folder. With `from_folders` that stays its label
    whatever the annotations say. Of several kinds of annotations about a picture, the first of JSON, XML
    and text counts. Raises ImsearchError, naming the file, if one is malformed.
    """
    notes: list[str] = []
    pictures = PicturesByName(folder, classes)
    sources = [
        source
        for kind in (json_sources, xml_sources, yolo_sources)
        for source in kind(pictures, files, notes)
    ]
    found: dict[str, list[Object]] = {}
    for source in sources:
        own: dict[str, list[Object]] = defaultdict(list)
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


def _about(source: Source) -> Iterator[str]:
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


def _by_size(objects: Iterable[Object]) -> tuple[str, ...]:
    """The classes of objects, that of the largest first."""
    largest: dict[str, float] = {}
    for name, area in objects:
        largest[name] = max(area, largest.get(name, 0))
    return tuple(sorted(largest, key=lambda name: -largest[name]))
