"""Are poor pictures found? Photos of a folder are degraded, each in one way, and judged with the rest.

Precision is the share of degraded pictures among those found, counting only these and the original photos:
an original that has the issue counts as wrong. Dim pictures have half the brightness of a photo and are not
dark.
"""

import argparse
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from imsearch_core.bench.command import FOLDER, add_bench
from imsearch_core.datasets import scan
from imsearch_core.errors import UsageError
from imsearch_core.labels.quality import QualityIssue, quality_issues
from imsearch_core.pictures.decode import open_image
from imsearch_core.pictures.signature import SIGNATURE, signature

PHOTOS = 50
_DIM = "dim"


@dataclass(frozen=True)
class FoundIssue:
    """How well one kind of poor picture was found."""

    issue: str
    recall: float
    """Of the degraded ones, 0 to 1."""
    precision: float
    """Of those found, 0 to 1; 1 if none was."""
    wrong: int
    """Found, but not degraded in this way."""


def _at(brightness: float, offset: float = 0.0) -> Callable[[Image.Image], Image.Image]:
    return lambda image: image.point(lambda level: round(offset + brightness * level))


def _strip(image: Image.Image) -> Image.Image:
    return image.crop((0, 0, image.width, max(1, image.width // 5)))


def _plain(image: Image.Image) -> Image.Image:
    return Image.new("RGB", image.size, image.resize((1, 1)).getpixel((0, 0)))


DEGRADED: dict[str, Callable[[Image.Image], Image.Image]] = {
    QualityIssue.DARK: _at(0.15),
    QualityIssue.BRIGHT: _at(0.08, 235),
    QualityIssue.BLURRY: lambda image: image.filter(ImageFilter.GaussianBlur(max(image.size) / 80)),
    QualityIssue.TINY: lambda image: image.resize((64, 48)),
    QualityIssue.ODD_RATIO: _strip,
    QualityIssue.EMPTY: _plain,
    QualityIssue.GREY: lambda image: image.convert("L"),
    _DIM: _at(0.5),
}


def bench_quality(folder: Path, photos: int = PHOTOS) -> dict[str, Any]:
    """Degrade `photos` pictures of `folder` in every way of DEGRADED and look for them among all of it.

    `images` are those of each kind.

    Raises UsageError if the folder has no pictures.
    """
    dataset = scan(folder)
    if not dataset.items:
        raise UsageError(f"{folder} holds no pictures")
    paths = [dataset.folder / item.file for item in dataset.items]
    made = [("", signature(path)) for path in paths]
    rng = random.Random(0)
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "copy.jpg"
        for kind, degrade in DEGRADED.items():
            for path in rng.sample(paths, min(photos, len(paths))):
                degrade(open_image(path)).save(copy, quality=90)
                made.append((kind, signature(copy)))
    kinds = [kind for kind, _ in made]
    flagged = quality_issues([str(i) for i in range(len(made))], np.array([s for _, s in made], SIGNATURE))
    found = []
    for issue in QualityIssue:
        named = [kinds[int(one.file)] for one in flagged if one.issue is issue]
        right = [kind == issue for kind in named if kind in (issue, "")]
        found.append(
            FoundIssue(
                issue,
                sum(right) / kinds.count(issue),
                sum(right) / len(right) if right else 1.0,
                len(right) - sum(right),
            )
        )
    dark = sum(kinds[int(one.file)] == _DIM for one in flagged if one.issue is QualityIssue.DARK)
    return {"images": min(photos, len(paths)), "dim_called_dark": dark, "found": found}


def add(benches: argparse._SubParsersAction) -> None:
    add_bench(benches, "quality", "are poor pictures found?", bench_quality, FOLDER)
