"""Folders of masks: pictures that say, pixel by pixel, what other pictures of a dataset show."""

from collections.abc import Iterable
from pathlib import PurePosixPath

_CALLED = {"segmentationclass", "segmentationobject", "trimaps", "ground_truth"}
_CALLED_BESIDE_PICTURES = {"mask", "masks", "gt", "labels"}
"""These may be classes, too, but not next to a folder called "images"."""
_PICTURES = {"images", "image", "imgs", "img", "photos", "pictures", "jpegimages"}
_ENDINGS = ("_mask", "-mask", "_gt", "_seg")


def mask_folders(pictures: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """The folders of masks, given the files in each folder that holds any, all by their paths.

    A folder is one by its name, and if each of its files is called like a picture elsewhere, but for the
    suffix and an ending such as "_mask".
    """
    pictures = list(pictures)
    folders = {above for folder, _ in pictures for above in _with_those_above(folder)}
    beside_pictures = {PurePosixPath(folder).parent for folder in folders if _name(folder) in _PICTURES}
    called = [
        folder
        for folder in sorted(folders)
        if _name(folder) in _CALLED
        or (_name(folder) in _CALLED_BESIDE_PICTURES and PurePosixPath(folder).parent in beside_pictures)
    ]
    if not called:
        return []
    stems: dict[str | None, set[str]] = {folder: set() for folder in (*called, None)}
    for folder, files in pictures:
        above = _with_those_above(folder)
        stems[next((mask for mask in called if mask in above), None)].update(map(_stem, files))
    return [folder for folder in called if stems[folder] and stems[folder] <= stems[None]]


def _with_those_above(folder: str) -> list[str]:
    path = PurePosixPath(folder)
    return [each.as_posix() for each in (path, *path.parents)]


def _name(folder: str) -> str:
    return PurePosixPath(folder).name.lower()


def _stem(file: str) -> str:
    stem = PurePosixPath(file).stem.lower()
    return next((stem.removesuffix(ending) for ending in _ENDINGS if stem.endswith(ending)), stem)
