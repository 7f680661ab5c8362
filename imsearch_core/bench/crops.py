"""Any number of real embeddings: of crops of photos, so that neighbours show the same thing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from imsearch_core.datasets import scan
from imsearch_core.encoders import Encoder
from imsearch_core.progress import Progress, silent

_BATCH, _WORKERS = 8, 3
_SMALLEST = 0.4  # of the photo's width and height
_BRIGHTNESS = 0.3


def crop_embeddings(
    folder: Path, n: int, encoder: Encoder, progress: Progress = silent
) -> Iterator[np.ndarray]:
    """float32 [≤ 8, d], n rows in all: a random part of each of the folder's photos, again and again.

    Each part is 0.4 to 1 of the width and height, mirrored or not, and up to 30 % darker or brighter. The
    same folder and n give the same crops. Raises UsageError as `scan` does, BadImage for a broken photo.
    """
    files = [folder / item.file for item in scan(folder).items]

    def embed(start: int) -> np.ndarray:
        numbers = range(start, min(start + _BATCH, n))
        photos = [encoder.preset.open(files[number % len(files)]) for number in numbers]
        crops = [_crop(photo, number) for photo, number in zip(photos, numbers, strict=True)]
        return encoder.embed(np.stack([encoder.preset.prepare(crop) for crop in crops]))

    with ThreadPoolExecutor(_WORKERS) as pool:
        done = 0
        for embeddings in pool.map(embed, range(0, n, _BATCH)):
            done += len(embeddings)
            progress(done, n)
            yield embeddings


def _crop(photo: Image.Image, seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    width, height = (max(1, int(side * rng.uniform(_SMALLEST, 1))) for side in photo.size)
    left, top = (int(rng.integers(0, room + 1)) for room in (photo.width - width, photo.height - height))
    part = photo.crop((left, top, left + width, top + height))
    part = ImageOps.mirror(part) if rng.random() < 0.5 else part
    return ImageEnhance.Brightness(part).enhance(1 + rng.uniform(-_BRIGHTNESS, _BRIGHTNESS))
