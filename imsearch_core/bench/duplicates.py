"""Are copies found? Some photos of a folder are saved again in many ways and looked for among all of them.

A copy is found if a group of the tier "same picture" or "same pixels" holds it and its original. Precision is
the share of members of these groups that show the same picture as their representative. Files of the folder
that are equal byte for byte count as one picture.
"""

import argparse
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from imsearch_core.bench.command import FOLDER, add_bench, option
from imsearch_core.bench.machine import home_in
from imsearch_core.collection import Collection
from imsearch_core.datasets import scan
from imsearch_core.errors import UsageError
from imsearch_core.files import file_hash
from imsearch_core.labels.duplicates import Tier
from imsearch_core.pictures.decode import open_image
from imsearch_core.progress import Progress, silent

PHOTOS = 200
_ORIGINALS = "originals"


@dataclass(frozen=True)
class FoundCopies:
    """How many copies of one kind were found."""

    kind: str
    copies: int
    recall: float
    """0 to 1."""


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    return image.resize(tuple(max(1, round(side * factor)) for side in image.size), Image.Resampling.LANCZOS)


def _cropped(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = image.size
    return image.crop(
        (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
    )


def _on_a_screen(image: Image.Image) -> Image.Image:
    """Across a black screen twice as high as wide."""
    height = max(2 * image.width, image.height)
    screen = Image.new("RGB", (image.width, height), "black")
    screen.paste(image, (0, (height - image.height) // 2))
    return screen


def _marked(image: Image.Image) -> Image.Image:
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    font = ImageFont.load_default(size=max(10, image.width // 9))
    place = (image.width // 10, round(0.42 * image.height))
    ImageDraw.Draw(layer).text(place, "© SAMPLE PHOTO", font=font, fill=(255, 255, 255, 140))
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def _same(image: Image.Image) -> Image.Image:
    return image


# Kind: what is done to the picture, the suffix it is saved with, and the quality.
KINDS: dict[str, tuple[Callable[[Image.Image], Image.Image], str, int]] = {
    "same pixels, PNG": (_same, "png", 0),
    "JPEG 40": (_same, "jpg", 40),
    "JPEG 60": (_same, "jpg", 60),
    "JPEG 90": (_same, "jpg", 90),
    "WebP 75": (_same, "webp", 75),
    "25 % size": (lambda image: _scaled(image, 0.25), "jpg", 85),
    "half size, JPEG 60": (lambda image: _scaled(image, 0.5), "jpg", 60),
    "200 % size": (lambda image: _scaled(image, 2), "jpg", 85),
    "5 % cropped on each side": (lambda image: _cropped(image, 0.05, 0.05, 0.05, 0.05), "jpg", 90),
    "10 % cropped on each side": (lambda image: _cropped(image, 0.1, 0.1, 0.1, 0.1), "jpg", 90),
    "10 % cropped right and below": (lambda image: _cropped(image, 0, 0, 0.1, 0.1), "jpg", 90),
    "grey": (lambda image: image.convert("L"), "jpg", 90),
    "turned by 90°": (lambda image: image.transpose(Image.Transpose.ROTATE_90), "jpg", 90),
    "mirrored": (ImageOps.mirror, "jpg", 90),
    "on a black screen": (_on_a_screen, "jpg", 85),
    "white border": (lambda image: ImageOps.expand(image, image.width // 16, "white"), "jpg", 85),
    "watermark": (_marked, "jpg", 85),
}


def bench_duplicates(folder: Path, photos: int = PHOTOS, progress: Progress = silent) -> dict[str, Any]:
    """Save `photos` pictures of `folder` again in every way of KINDS and look for them among all of it.

    `images` counts originals and copies; recall and precision are 0 to 1, precision 1 if no group was found.

    Raises UsageError if the folder has no pictures.
    """
    dataset = scan(folder)
    if not dataset.items:
        raise UsageError(f"{folder} holds no pictures")
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "photos"
        root.mkdir()
        picture_of = {}  # by file: what it shows
        shown = [file_hash(dataset.folder / item.file) for item in dataset.items]
        for number, item in enumerate(dataset.items):
            original = root / _ORIGINALS / f"{number:06}{Path(item.file).suffix}"
            original.parent.mkdir(exist_ok=True)
            original.symlink_to(dataset.folder / item.file)
            picture_of[original.relative_to(root).as_posix()] = shown[number]
        chosen = random.Random(0).sample(range(len(dataset.items)), min(photos, len(dataset.items)))
        for kind, (change, suffix, quality) in KINDS.items():
            (root / kind).mkdir()
            for number in chosen:
                copy = root / kind / f"{number:06}.{suffix}"
                image = open_image(dataset.folder / dataset.items[number].file)
                change(image).save(copy, quality=quality)
                picture_of[copy.relative_to(root).as_posix()] = shown[number]
        with home_in(root.with_name("home")):
            collection = Collection.open(root, progress=progress)
            groups = [group for group in collection.duplicates() if group.tier is not Tier.SCENE]
    right = [picture_of[file] == picture_of[group.files[0]] for group in groups for file in group.files[1:]]
    found = {
        file
        for group in groups
        for file in group.files
        if any(
            other.startswith(f"{_ORIGINALS}/") and picture_of[other] == picture_of[file]
            for other in group.files
        )
    }
    kinds = tuple(
        FoundCopies(kind, len(those), float(np.mean([file in found for file in those])))
        for kind in KINDS
        if (those := [file for file in picture_of if file.startswith(f"{kind}/")])
    )
    recall = np.average([kind.recall for kind in kinds], weights=[kind.copies for kind in kinds])
    precision = float(np.mean(right)) if right else 1.0
    return {"images": len(collection), "recall": float(recall), "precision": precision, "kinds": kinds}


def add(benches: argparse._SubParsersAction) -> None:
    photos = option("--photos", PHOTOS, "N", "how many are saved again")
    add_bench(benches, "duplicates", "are copies found?", bench_duplicates, FOLDER, photos)
