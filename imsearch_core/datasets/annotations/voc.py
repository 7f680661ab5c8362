"""Pascal VOC: an XML file for each picture, called like it; and CVAT's one file for all."""

import math
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from imsearch_core.datasets.annotations.cvat import cvat_source
from imsearch_core.datasets.annotations.pages import (
    Object,
    Page,
    PicturesByName,
    Source,
    among_annotations,
    first_line,
)
from imsearch_core.datasets.names import normal

_CVAT = "annotations.xml"


def xml_sources(pictures: PicturesByName, files: Sequence[str], notes: list[str]) -> Iterator[Source]:
    pages = []
    for file in files:
        if not file.lower().endswith(".xml"):
            continue
        picture = pictures.called_like(file)
        if picture is None and not (among_annotations(file) or file.lower().endswith(_CVAT)):
            continue
        try:
            root = ElementTree.parse(pictures.folder / file).getroot()
        except (OSError, ElementTree.ParseError, ValueError, LookupError) as error:
            if not (among_annotations(file) or first_line(pictures.folder / file).startswith("<")):
                notes.append(f"{file} is passed over: it is not XML")
                continue
            raise pictures.error(file, f"it is not XML: {error}") from error
        if root.tag == "annotation":
            objects = [_voc_object(pictures, file, one) for one in root.iterfind("object")]
            pages.append(Page(file, picture or pictures.alone_called_like(file), objects))
        elif root.tag == "annotations":
            if root.find("track") is None:
                yield cvat_source(pictures, file, root)
            else:
                notes.append(f"{file} is passed over: it is about a video")
    if pages:
        yield Source("Pascal VOC", pages, set())


def _voc_object(pictures: PicturesByName, file: str, element: ElementTree.Element) -> Object:
    name = normal(element.findtext("name", ""))
    if not name:
        raise pictures.error(file, "an object has no name")
    ends = (element.findtext(f"bndbox/{end}") for end in ("xmin", "xmax", "ymin", "ymax"))
    try:
        left, right, top, bottom = (float(end) for end in ends)
    except (TypeError, ValueError):  # no box, or not of numbers
        return Object(name, 0.0)
    area = (right - left) * (bottom - top)
    return Object(name, area if math.isfinite(area) else 0.0)
