"""COCO: one JSON file with images, annotations and categories."""

import math
from collections import defaultdict

from imsearch_core.datasets.annotations.pages import Object, Page, PicturesByName, Source, base_of
from imsearch_core.datasets.names import normal


def is_coco(content: object) -> bool:
    return isinstance(content, dict) and isinstance(content.get("images"), list) and "categories" in content


def coco_source(pictures: PicturesByName, file: str, content: dict) -> Source:
    names = {one["id"]: normal(one["name"]) for one in content["categories"]}
    objects: dict[object, list[Object]] = defaultdict(list)
    images = {image["id"]: image.get("file_name") or image["coco_url"] for image in content["images"]}
    for place, annotation in enumerate(content.get("annotations", ()), 1):
        image = annotation["image_id"]
        if image not in images:
            raise pictures.error(file, f"annotation {place} is about image {image}, which is not listed")
        for one in annotation.get("segments_info", [annotation]):  # a panoptic one has several objects
            if one["category_id"] not in names:
                raise pictures.error(
                    file, f"annotation {place} has category {one['category_id']}, which is not named"
                )
            objects[image].append(Object(names[one["category_id"]], _coco_area(one)))
    find = pictures.finder(base_of(file)).find
    pages = [Page(name, find(name), objects[image]) for image, name in images.items()]
    return Source(f"COCO, {file}", pages, set(names.values()))


def _coco_area(annotation: dict) -> float:
    if (area := annotation.get("area")) is None:
        *_, width, height = annotation.get("bbox") or (0, 0)
        area = width * height
    return float(area) if math.isfinite(area) else 0.0
