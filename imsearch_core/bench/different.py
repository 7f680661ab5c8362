"""How long does looking for copies take among pictures that are all different, so that none is found quickly?

Each made-up picture joins the upper part of one photo of a folder and the lower part of another, cropped and
perhaps mirrored: horizons stay where they are in photos, and what looks alike is not the same. Its embedding
is a mixture of theirs, and noise that varies as the photos do. Nothing is decoded: signatures are made while
a folder is indexed.
"""

import argparse
import random
import time
from pathlib import Path

import numpy as np
from PIL import Image

from imsearch_core.bench.command import FOLDER, add_bench, option
from imsearch_core.bench.figures import Figure
from imsearch_core.bench.machine import in_own_process, most_memory
from imsearch_core.collection import Collection
from imsearch_core.errors import UsageError
from imsearch_core.labels.duplicates import Pictures, find_duplicates
from imsearch_core.pictures.signature import SIDE, SIGNATURE
from imsearch_core.progress import Progress, silent

_SIDE = 256  # pixels that crops are taken from
_NOISE = 0.7  # standard deviations of the photos
_BATCH = 4096
_SIZES = ((640, 480), (1024, 768), (1600, 1200), (4000, 3000))


def bench_different(folder: Path, pictures: int, progress: Progress = silent) -> list[Figure]:
    """Look for copies among so many pictures made from those of `folder`. Goals are for 100,000.

    Raises UsageError if it has fewer than two pictures.
    """
    if len(Collection.open(folder, progress=progress)) < 2:
        raise UsageError(f"{folder} needs at least two pictures")
    return in_own_process(_measured, folder, pictures)


def _measured(folder: Path, pictures: int) -> list[Figure]:
    photos = Collection.open(folder)
    rng = np.random.default_rng(0)
    first = rng.integers(0, len(photos), pictures)
    second = (first + rng.integers(1, len(photos), pictures)) % len(photos)
    unit = _embeddings(photos.embeddings.unit_rows(np.arange(len(photos))), first, second, rng)
    known = _signatures(photos, first, second)
    files, none = [f"{i:06}.jpg" for i in range(pictures)], [None] * pictures
    made = Pictures(files, none, none, [1] * pictures, known, lambda picture: None)
    started, used = time.perf_counter(), time.process_time()
    groups = find_duplicates(unit, made)
    seconds, of_processors = time.perf_counter() - started, time.process_time() - used
    return [
        Figure("pictures", pictures, ""),
        Figure("time", seconds, "s"),
        Figure("processor time, of all threads", of_processors, "s", "≤ 360"),  # three minutes of each of two
        Figure("most memory, embeddings included", most_memory() / 1e6, "MB", "≤ 2000"),
        Figure("groups, of pictures made of the same two", len(groups), ""),
    ]


def _embeddings(
    real: np.ndarray, first: np.ndarray, second: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """float32 [n, d] of length 1, from `real` float32 [m, d] and two rows of it for each."""
    varies = np.float32(_NOISE / np.sqrt(len(real))) * (real - real.mean(axis=0))
    unit = np.empty((len(first), real.shape[1]), np.float32)
    for start in range(0, len(first), _BATCH):
        some = slice(start, start + _BATCH)
        share = rng.uniform(0.2, 0.8, (len(first[some]), 1)).astype(np.float32)
        noise = rng.standard_normal((len(first[some]), len(real)), np.float32) @ varies
        mixed = np.maximum(share * real[first[some]] + (1 - share) * real[second[some]] + noise, 0)
        unit[some] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return unit


def _signatures(photos: Collection, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """SIGNATURE [n], without the measures of quality: one of fifty pictures lies on a black screen."""
    grey = []
    for item in photos.items:
        grey.append(photos.open_image(item.file).convert("L"))
        grey[-1].thumbnail((_SIDE, _SIDE))
    rng = random.Random(0)
    found = np.zeros(len(first), SIGNATURE)
    down = np.linspace(-1, 1, SIDE, dtype=np.float32)[:, None]
    for one, upper, lower in zip(found, first, second, strict=True):
        share = 1 / (1 + np.exp(4 * (down - rng.uniform(-0.4, 0.4))))
        joined = share * _crop(grey[upper], rng) + (1 - share) * _crop(grey[lower], rng)
        one["whole"] = one["inner"] = joined
        one["width"], one["height"] = rng.choice(_SIZES)
        if not rng.randrange(50):
            one["whole"] = 0
            one["whole"][SIDE // 4 : -SIDE // 4] = joined[::2]
    return found


def _crop(image: Image.Image, rng: random.Random) -> np.ndarray:
    """float32 [SIDE, SIDE]: a part of an image, perhaps mirrored."""
    width, height = (side * rng.uniform(0.45, 0.95) for side in image.size)
    left, top = rng.uniform(0, image.width - width), rng.uniform(0, image.height - height)
    box = (left, top, left + width, top + height)
    part = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box, reducing_gap=2)
    return np.asarray(part, np.float32)[:, :: rng.choice((1, -1))]


def add(benches: argparse._SubParsersAction) -> None:
    pictures = option("--pictures", 100_000, "N", "how many are made up")
    help = "how long does it take to find no copies?"
    add_bench(benches, "different", help, bench_different, FOLDER, pictures)
