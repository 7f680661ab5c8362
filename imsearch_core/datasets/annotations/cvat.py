"""CVAT for images: one XML file with the objects and tags of all pictures."""

from xml.etree import ElementTree

from imsearch_core.datasets.annotations.pages import (
    WHOLE,
    Object,
    Page,
    PicturesByName,
    Source,
    base_of,
    polygon_area,
)
from imsearch_core.datasets.names import normal


def cvat_source(pictures: PicturesByName, file: str, root: ElementTree.Element) -> Source:
    base = base_of(file)
    finders = [pictures.finder(folder) for folder in (base, f"{base}/images".lstrip("/"))]
    pages = []
    for image in root.iterfind("image"):
        name = image.get("name", "")
        found = next((picture for finder in finders if (picture := finder.find(name))), None)
        pages.append(Page(name, found, [_object(pictures, file, one) for one in image if one.get("label")]))
    return Source(
        f"CVAT, {file}", pages, {normal(name.text or "") for name in root.iterfind("meta//label/name")}
    )


def _object(pictures: PicturesByName, file: str, element: ElementTree.Element) -> Object:
    try:
        return Object(normal(element.get("label", "")), _area(element))
    except ValueError as error:
        raise pictures.error(file, f"a {element.tag} has no such place: {error}") from error


def _area(element: ElementTree.Element) -> float:
    match element.tag:
        case "tag":
            return WHOLE
        case "box":
            left, top, right, bottom = (float(element.get(end, 0)) for end in ("xtl", "ytl", "xbr", "ybr"))
            return abs((right - left) * (bottom - top))
        case "ellipse" | "mask":
            across, down = ("rx", "ry") if element.tag == "ellipse" else ("width", "height")
            return float(element.get(across, 0)) * float(element.get(down, 0))
        case "polygon":
            points = [point.split(",") for point in element.get("points", "").split(";")]
            return polygon_area([(float(x), float(y)) for x, y in points])
    return 0.0
