"""A tiny encoder with a text tower that knows the words for colours."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from imsearch_core import Collection
from imsearch_core.datasets import scan
from imsearch_core.store import EmbeddingStore, store_path
from tests.colour_encoder import FINGERPRINT, PRESET, ColourEncoder

COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 200, 40),
    "blue": (30, 40, 220),
    "yellow": (230, 220, 30),
}
_CELLS = 16
_NOISE, _NOISE_OF_OTHERS = 0.03, 0.25


class ColourWordEncoder(ColourEncoder):
    """Embeds a text as a picture of its colours, mixed; one without colours as a random mosaic."""

    preset = replace(PRESET, name="colour-words", text=True)
    fingerprint = FINGERPRINT | {"encoder": "colour-words"}

    def __init__(self) -> None:
        super().__init__()
        self.head = None
        self.texts: list[str] = []

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += texts
        return np.stack([self._embed_text(text) for text in texts])

    def _embed_text(self, text: str) -> np.ndarray:
        known = [COLOURS[word] for word in text.lower().split() if word in COLOURS]
        colour = np.mean(known, axis=0) / 255 if known else np.full(3, 0.5)
        noise = np.random.default_rng(zlib.crc32(text.encode())).normal(
            0, _NOISE if known else _NOISE_OF_OTHERS, (_CELLS, 3)
        )
        return (colour + noise).reshape(-1).astype(np.float32)


def draw_colours(folder: Path, per_colour: int = 4, leave_out: str = "yellow") -> Path:
    """Fill a new folder with plain pictures, a sub-folder for each colour but one."""
    rng = np.random.default_rng(0)
    for name, colour in COLOURS.items():
        if name == leave_out:
            continue
        (folder / name).mkdir(parents=True)
        for i in range(per_colour):
            pixels = np.clip(np.array(colour) + rng.normal(0, 12, (8, 8, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).resize((48, 48)).save(folder / name / f"{i}.png")
    return folder


def open_with(encoder: ColourEncoder, folder: Path) -> Collection:
    """Open a folder with an encoder as `Collection.open` does."""
    dataset = scan(folder)
    store = EmbeddingStore(store_path(dataset.folder, encoder.fingerprint), encoder.fingerprint)
    return Collection.synced(dataset, store, encoder.preset, lambda: encoder)
