"""A real but tiny encoder for tests of what surrounds encoders: the colours of a 4 × 4 mosaic."""

import time
from pathlib import Path

import numpy as np

from imsearch_core import Collection
from imsearch_core.datasets import scan
from imsearch_core.encoders import ClassHead, Preset
from imsearch_core.store import EmbeddingStore, store_path

PRESET = Preset(
    name="colours",
    description="Mean colours of a 4 × 4 mosaic",
    dimension=48,
    resize=36,
    crop=32,
    weights_file="none",
    weights_hash="0" * 64,
    megabytes=0,
    licence="none",
)
FINGERPRINT = {"encoder": "colours", "weights": PRESET.weights_hash, "dimension": 48}


class ColourEncoder:
    """Counts the images it embeds; `delay` seconds per batch let a test catch it at work."""

    preset = PRESET
    fingerprint = FINGERPRINT

    def __init__(self, delay: float = 0.0) -> None:
        rng = np.random.default_rng(0)
        self.head = ClassHead(
            rng.normal(size=(48, 1000)).astype(np.float32), rng.normal(size=1000).astype(np.float32)
        )
        self.delay = delay
        self.embedded = 0

    def embed(self, images: np.ndarray) -> np.ndarray:
        time.sleep(self.delay)
        self.embedded += len(images)
        mosaic = images.reshape(len(images), 4, 8, 4, 8, 3).mean(axis=(2, 4))
        return (mosaic.reshape(len(images), 48) / 255).astype(np.float32)


def open_colours(folder: Path) -> Collection:
    """Open a folder as `Collection.open` does, in a moment."""
    dataset = scan(folder)
    store = EmbeddingStore(store_path(dataset.folder, FINGERPRINT), FINGERPRINT)
    return Collection.synced(dataset, store, PRESET, ColourEncoder)
