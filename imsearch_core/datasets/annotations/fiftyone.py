"""FiftyOne's classifications: a JSON file with the classes, and for each picture the number of its own."""

from imsearch_core.datasets.annotations.pages import WHOLE, Object, Page, PicturesByName, Source, base_of
from imsearch_core.datasets.names import normal


def is_fiftyone(content: object) -> bool:
    return isinstance(content, dict) and "classes" in content and isinstance(content.get("labels"), dict)


def fiftyone_source(pictures: PicturesByName, file: str, content: dict) -> Source:
    classes, find = content["classes"], pictures.finder(base_of(file)).find
    pages = []
    for name, labels in content["labels"].items():
        labels = labels if isinstance(labels, list) else [labels]
        named = [classes[label] if isinstance(label, int) else label for label in labels if label is not None]
        pages.append(Page(name, find(name), [Object(normal(one), WHOLE) for one in named]))
    return Source(f"FiftyOne, {file}", pages, {normal(name) for name in classes or ()})
