"""Pictures made from others: masks, which say for each pixel what it shows or how far it is, and previews.

Here, all are called masks.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from imsearch_core.datasets.layout import split_called

# fmt: off
_SURE = {
    "mask", "masks", "annot", "gt", "gtfine", "gtcoarse", "groundtruth", "groundtruths", "trimap",
    "trimaps", "matte", "mattes", "depth", "depths", "disparity", "seg", "segm", "segmentation",
    "segmentations", "segmentationclass", "segmentationobject", "segmask", "segmap", "segmaps",
    "segmim", "labelids", "instanceids", "thumb", "thumbs", "thumbnail", "thumbnails", "preview",
    "previews",
}
"""Words that say so, wherever they begin or end a name."""
_SURE |= {split + word for split in ("train", "val", "test", "default") for word in ("annot", "masks")}
_OF_FOLDERS = _SURE | {
    "label", "labels", "annotation", "annotations", "panoptic", "semantic", "instance", "instances",
    "stuffthingmaps", "alpha", "alphas", "normals", "viz",
}
"""These say so of folders, and of files whose pixels are as they were drawn."""
_LOSSLESS = {".png", ".tif", ".tiff", ".bmp", ".gif", ".pgm", ".pfm"}
_OF_PICTURES = {
    "image", "images", "img", "imgs", "photo", "photos", "picture", "pictures", "jpegimages",
    "leftimg8bit", "rgb", "color", "colour", "input", "inputs", "frame", "frames", "jpg", "jpeg",
    "png", "tif", "tiff",
}
_PARTS = (
    "annot", "mask", "seg", "gt", "truth", "trimap", "matte", "depth", "dispar", "label",
    "instance", "panoptic", "semantic", "alpha", "normals", "viz", "thumb", "preview",
)
"""Each word for a mask contains one of these."""
# fmt: on
_SPACING = re.compile(r"[-_. ]+")
_NO_DIGITS = str.maketrans("", "", "0123456789")
_MOST = 0.9
"""A folder holds masks if so many of its pictures are called like others; those lack their picture."""

_Place = tuple[str, ...]
"""What a folder's path says but for masks, pictures and splits."""


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
    train_masks/x_seg.png for train/x.jpg, masks/cat/x.png for pets/images/cat/x.jpg. Where several folders
    hold images and masks, names do not matter.
    """
    files_in: dict[str, list[str]] = defaultdict(list)
    for folder, files in pictures:
        files_in[folder] += files
    plain: dict[_Place, list[str]] = defaultdict(list)
    masked: dict[_Place, list[tuple[str, str]]] = defaultdict(list)
    for folder in files_in:
        place, unit = _place(folder)
        if unit:
            masked[place].append((unit, folder))
        else:
            plain[place].append(folder)
    suspects = {
        folder: _suspects(folder, files_in[folder]) for folders in plain.values() for folder in folders
    }

    def names(folders: Iterable[str]) -> set[str]:
        pictures_in = ({*files_in[folder]}.difference(suspects[folder]) for folder in folders)
        return {_names(file)[0] for files in pictures_in for file in files}

    beside = []
    for folders in plain.values():
        if called_so := [file for folder in folders for file in suspects[folder]]:
            known = names(folders)
            beside += [file for file in called_so if not known.isdisjoint(_names(file))]
    return Masks(_folders_of_masks(files_in, plain, masked, names), beside)


def _folders_of_masks(
    files_in: Mapping[str, list[str]],
    plain: Mapping[_Place, list[str]],
    masked: Mapping[_Place, list[tuple[str, str]]],
    names: Callable[[Iterable[str]], set[str]],
) -> dict[str, int]:
    """Of the folders called after masks, those that hold any, and how many pictures are in each."""
    if not masked:
        return {}
    ending: dict[_Place, list[str]] = defaultdict(list)
    for place, folders in plain.items():
        for start in range(max(1, len(place))):
            ending[place[start:]] += folders
    beside_images = {
        unit
        for place, folders in masked.items()
        for unit, _ in folders
        if any(
            _is_called_after_pictures(folder) and _above(folder) == _above(unit)
            for folder in plain.get(place, ())
        )
    }
    pairs = Counter(map(_name, beside_images))
    all_in, masks_in = Counter(), Counter()
    for place, folders in masked.items():
        known = names(ending.get(place, ()))
        for unit, folder in folders:
            all_in[unit] += len(files_in[folder])
            if unit in beside_images and pairs[_name(unit)] > 1:
                masks_in[unit] += len(files_in[folder])
            else:
                masks_in[unit] += sum(not known.isdisjoint(_names(file)) for file in files_in[folder])
    return {unit: count for unit, count in all_in.items() if masks_in[unit] >= _MOST * count}


def _is_called_after_pictures(folder: str) -> bool:
    return bool(folder) and not _bare(_words(_name(folder)), _OF_FOLDERS)[0]


def _place(folder: str) -> tuple[_Place, str]:
    """And that part of the path which ends with the last folder called after masks, "" if none is."""
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
