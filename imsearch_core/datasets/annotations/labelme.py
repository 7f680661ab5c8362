"""LabelMe: a JSON file for each picture, called like it, with shapes and with flags of the whole picture."""

import math

from imsearch_core.datasets.annotations.pages import WHOLE, Object, Page, PicturesByName, Source, polygon_area
from imsearch_core.datasets.names import normal


def is_labelme(content: object) -> bool:
    return isinstance(content, dict) and isinstance(content.get("shapes"), list) and "imagePath" in content


def labelme_source(pictures: PicturesByName, file: str, content: dict) -> Source:
    picture = pictures.called_like(file) or pictures.alone_called_like(file)
    flags = [Object(normal(name), WHOLE) for name, is_set in (content.get("flags") or {}).items() if is_set]
    shapes = [Object(normal(shape["label"]), _area(shape)) for shape in content["shapes"]]
    return Source("LabelMe", [Page(file, picture, flags + shapes)], set())


def _area(shape: dict) -> float:
    points, kind = shape.get("points", ()), shape.get("shape_type") or "polygon"
    if kind == "circle":
        return math.pi * math.dist(*points) ** 2
    if kind in ("rectangle", "mask") and len(points) == 2:
        (left, top), (right, bottom) = points
        return abs((right - left) * (bottom - top))
    return polygon_area(points) if kind == "polygon" else 0.0
