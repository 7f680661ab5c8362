"""Collections of the default encoder without its network: indexed at once, by their colours."""

import csv
import os
from pathlib import Path

import numpy as np
from PIL import Image

from imsearch_core.datasets import scan
from imsearch_core.encoders import DEFAULT_ENCODER, ClassHead, find_preset, fingerprint
from imsearch_core.store import EmbeddingStore, store_path
from imsearch_core.store.sync import sync
from tests.conftest import draw

MARKUP = '<img src=x onerror="alert(1)">'
DRAWN = "**bold** _it_ $x^2$ ~~no~~ :material_delete: -> :red[red].png"
NAMES = (
    f"a{MARKUP}.png",
    "<script>alert(1)</script>",
    "quotes ' \" ` ;-- \\.png",
    "new\nline\ttab\r.png",
    "🐈‍⬛ \u202ereversed\u202c \u200f.png",
    "ü" * 125 + ".png",
    DRAWN,
    "![picture](http://127.0.0.1:9/x.png) [link](javascript:alert(1)).png",
    "..%2f..%2fetc%2fpasswd.png",
    "... .png",
    "-rf --help.png",
    "null\u2028separator\x7f\x1b[31m.png",
    os.fsdecode(b"not utf-8 \xff\xfe.png"),
)


class _Colours:
    preset = find_preset(DEFAULT_ENCODER)
    fingerprint = fingerprint(find_preset(DEFAULT_ENCODER), None)

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        dimension = self.preset.dimension
        self._mixing = rng.normal(size=(4 * 4 * 3, dimension)).astype(np.float32)
        weights, bias = (np.abs(rng.normal(size=shape)) for shape in ((dimension, 1000), 1000))
        self.head = ClassHead(weights.astype(np.float32), bias.astype(np.float32))

    def embed(self, images: np.ndarray) -> np.ndarray:
        mosaic = np.stack([Image.fromarray(image).resize((4, 4), Image.Resampling.BOX) for image in images])
        return np.maximum(mosaic.reshape(len(images), -1) / np.float32(255) @ self._mixing, 0)


def plant(folder: Path) -> Path:
    """Index a folder for the default encoder, under the present home."""
    made_by = _Colours.fingerprint
    sync(EmbeddingStore(store_path(folder.resolve(), made_by), made_by), scan(folder), _Colours)
    return folder


def hostile_folder(folder: Path) -> Path:
    """Pictures whose names, folders and labels are made to break out of wherever they are shown."""
    folder.mkdir(parents=True)
    for i, name in enumerate(NAMES):
        label = folder / name.removesuffix(".png").replace("/", "∕")
        label.mkdir()
        for j in range(2):
            draw(10 * i + j, (24, 20)).save(label / f"{j}.png")
        file = folder / (name.replace("/", "∕").removesuffix(".png") + ".png")
        draw(i, (24, 20)).save(file)
    (folder / f"broken {MARKUP}.png").write_bytes(b"x")
    named = str(NAMES[1]).replace("/", "∕") + ".png"
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ["file", "label", "all_labels"],
                ["0/../x.png", MARKUP, f"<b> ../.. {MARKUP}"],
                [named, "two\nlines <svg onload=alert(1)>", f"{MARKUP} ../../etc"],
                [f"{named.removesuffix('.png')}/0.png", "../../escaped", ""],
            ]
        )
    return folder
