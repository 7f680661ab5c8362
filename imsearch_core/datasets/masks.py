"""Masks: pictures that say, pixel by pixel, what other pictures of a dataset show, or how far away it is."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from imsearch_core.datasets.layout import split_called

_SURE = {
    *(
        "mask",
        "masks",
        "annot",
        "gt",
        "gtfine",
        "gtcoarse",
        "groundtruth",
        "groundtruths",
        "trimap",
        "trimaps",
    ),
    *("seg", "segm", "segmentation", "segmentations", "segmentationclass", "segmentationobject", "segmask"),
    *("segmap", "segmaps", "matte", "mattes", "depth", "depths", "disparity", "labelids", "instanceids"),
}
"""Words that say so, wherever they begin or end a name."""
_SURE |= {split + word for split in ("train", "val", "test", "default") for word in ("annot", "masks")}
_OF_FOLDERS = _SURE | {
    *("label", "labels", "annotation", "annotations", "panoptic", "semantic", "instance", "instances"),
    *("alpha", "alphas", "normals", "viz"),
}
"""These say so of folders, and of files whose pixels are as they were drawn."""
_LOSSLESS = {".png", ".tif", ".tiff", ".bmp", ".gif", ".pgm", ".pfm"}
_OF_PICTURES = {
    *(
        "image",
        "images",
        "img",
        "imgs",
        "photo",
        "photos",
        "picture",
        "pictures",
        "jpegimages",
        "leftimg8bit",
    ),
    *("rgb", "color", "colour", "input", "inputs", "frame", "frames", "jpg", "jpeg", "png", "tif", "tiff"),
}
_PARTS = ("annot", "mask", "seg", "gt", "truth", "trimap", "matte", "depth", "dispar", "label", "instance")
_PARTS += ("panoptic", "semantic", "alpha", "normals", "viz")
"""Each word for a mask contains one of these."""
_SPACING = re.compile(r"[-_. ]+")
_NO_DIGITS = str.maketrans("", "", "0123456789")
_MOST = 0.9
"""A folder holds masks if so many of its pictures are called like others; those lack their picture."""


class Masks(NamedTuple):
    """What was recognised."""

    folders: dict[str, int]
    """Folders of masks, and how many pictures are in each."""
    files: list[str]
    """Masks that lie among pictures."""

    def hold(self, folder: str) -> bool:
        """Whether a folder is one of masks, or lies in one."""
        return any(above in self.folders for above in _with_those_above(folder))


def find_masks(pictures: Iterable[tuple[str, Iterable[str]]]) -> Masks:
    """The masks among pictures: the files in each folder that holds any, all by their paths.

    A mask is called so, or lies in a folder that is, and another picture is called like it, but for such
    words, suffixes and splits: x_mask.png beside x.jpg, masks/x.png beside images/x.jpg or x.jpg,
    train_masks/x_seg.png for train/x.jpg. Where several folders hold images and masks, names do not matter.
    """
    files_in: dict[str, list[str]] = defaultdict(list)
    for folder, files in pictures:
        files_in[folder] += files
    unit_of: dict[str, str] = {}
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for folder in files_in:
        place, unit_of[folder] = _place(folder)
        alike[place].append(folder)
    pairs = Counter(_name(unit) for folders in alike.values() for unit in _beside_images(folders, unit_of))
    all_in, masks_in, beside = Counter(), Counter(), []
    for folders in alike.values():
        plain = {folder: _suspects(folder, files_in[folder]) for folder in folders if not unit_of[folder]}
        known = set()
        if plain and (len(plain) < len(folders) or any(plain.values())):
            pictures_in = {folder: {*files_in[folder]}.difference(plain[folder]) for folder in plain}
            known = {_names(file)[0] for files in pictures_in.values() for file in files}
        beside += [file for files in plain.values() for file in files if not known.isdisjoint(_names(file))]
        in_pairs = {unit for unit in _beside_images(folders, unit_of) if pairs[_name(unit)] > 1}
        for folder in folders:
            if unit := unit_of[folder]:
                called_alike = (
                    unit in in_pairs or not known.isdisjoint(_names(file)) for file in files_in[folder]
                )
                all_in[unit] += len(files_in[folder])
                masks_in[unit] += sum(called_alike)
    found = {unit: count for unit, count in all_in.items() if masks_in[unit] >= _MOST * count}
    return Masks(found, beside)


def _beside_images(folders: Iterable[str], unit_of: Mapping[str, str]) -> set[str]:
    """Of folders that are called alike, those of masks next to one called after pictures."""
    images = {
        _above(folder)
        for folder in folders
        if folder and not unit_of[folder] and not _bare(_words(_name(folder)), _OF_FOLDERS)[0]
    }
    return {unit for folder in folders if (unit := unit_of[folder]) and _above(unit) in images}


def _place(folder: str) -> tuple[tuple[str, ...], str]:
    """What a folder's path says but for masks, pictures and splits; and that part of the path which ends with
    the last folder called after masks, "" if none is."""
    place, unit = [], ""
    parts = folder.split("/")
    for depth, part in enumerate(parts, 1):
        words, is_mask = _bare(_words(part), _OF_FOLDERS)
        place.append(" ".join(word for word in words if not _is_split(word)))
        unit = "/".join(parts[:depth]) if is_mask else unit
    return tuple(filter(None, place)), unit


def _is_split(word: str) -> bool:
    return word == "default" or bool(split_called(word))  # as CVAT calls the only one


def _suspects(folder: str, files: list[str]) -> list[str]:
    """The files in a folder that are called after masks."""
    # Looking at each name of a million would take seconds.
    names = "\n".join(["", *files]).replace(f"\n{folder}/", "\n").translate(_NO_DIGITS)
    shapes = "\n".join(set(names.split("\n"))).lower()
    if not any(part in shapes for part in _PARTS):
        return []
    return [file for file in files if any(is_mask for _, is_mask in _readings(file))]


def _names(file: str) -> list[str]:
    """A file's name without words for masks and pictures; and if it ends with a number, which tells several
    masks of a picture apart, also without that."""
    return [" ".join(words) for words, _ in _readings(file)]


def _readings(file: str) -> Iterator[tuple[list[str], bool]]:
    stem, dot, suffix = _name(file).lower().rpartition(".")
    masks = _OF_FOLDERS if dot + suffix in _LOSSLESS else _SURE
    words = _words(stem)
    yield _bare(words, masks)
    if words[-1].isdecimal():
        yield _bare(words[:-1], masks)


def _words(name: str) -> list[str]:
    return _SPACING.sub(" ", name.lower()).replace("ground truth", "groundtruth").split(" ")


def _bare(words: list[str], masks: Collection[str]) -> tuple[list[str], bool]:
    """What is left without the words for masks and pictures at both ends, and whether one was for masks."""
    start, end = 0, len(words)
    while end > start and (words[end - 1] in masks or words[end - 1] in _OF_PICTURES or not words[end - 1]):
        end -= 1
    while start < end and (words[start] in masks or words[start] in _OF_PICTURES or not words[start]):
        start += 1
    return words[start:end], not masks.isdisjoint(words[:start] + words[end:])


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _with_those_above(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = _above(folder)


def _above(path: str) -> str:
    return path.rpartition("/")[0]
