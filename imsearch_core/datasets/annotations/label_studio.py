"""Label Studio's export in JSON: a list of tasks, each about one picture."""

from collections.abc import Callable, Iterator

from imsearch_core.datasets.annotations.pages import WHOLE, Object, Page, PicturesByName, Source, polygon_area
from imsearch_core.datasets.names import normal


def is_label_studio(content: object) -> bool:
    return (
        isinstance(content, list)
        and content != []
        and all(
            isinstance(task, dict) and isinstance(task.get("data"), dict) and "annotations" in task
            for task in content
        )
    )


def label_studio_source(pictures: PicturesByName, file: str, tasks: list[dict]) -> Source:
    find = pictures.finder("").find
    return Source(f"Label Studio, {file}", [_page(find, task) for task in tasks], set())


def _page(find: Callable[[str], str | None], task: dict) -> Page:
    names = [value for value in task["data"].values() if isinstance(value, str)]
    found = ((name, picture) for name in names if (picture := find(name)))
    name, picture = next(found, (task["data"].get("image") or "a task without a picture", None))
    done = [one for one in task["annotations"] if not one.get("was_cancelled")]
    results = done[0]["result"] if done else ()  # others are of other people
    return Page(str(name), picture, [one for result in results for one in _objects(result.get("value", {}))])


def _objects(value: dict) -> Iterator[Object]:
    for key, names in value.items():
        if key == "choices":
            yield from (Object(normal(name), WHOLE) for name in names)
        elif key.endswith("labels"):  # rectanglelabels, polygonlabels …
            yield from (Object(normal(name), _area(value)) for name in names)


def _area(value: dict) -> float:
    """In parts of 10,000 of the picture."""
    if "points" in value:
        return polygon_area(value["points"])
    across, down = ("radiusX", "radiusY") if "radiusX" in value else ("width", "height")
    return float(value.get(across, 0)) * float(value.get(down, 0))
