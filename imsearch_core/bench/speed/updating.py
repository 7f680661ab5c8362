"""f: indexing again after adding 1 % new files."""

import tempfile
import time
from pathlib import Path

from imsearch_core.bench.pictures import draw_photos
from imsearch_core.bench.speed.figures import Figure
from imsearch_core.datasets import scan
from imsearch_core.encoders import load_encoder
from imsearch_core.store import EmbeddingStore
from imsearch_core.store.sync import sync

_FILES = 1000


def run() -> list[Figure]:
    encoder = load_encoder()
    with tempfile.TemporaryDirectory(prefix="imsearch-speed-") as temporary:
        folder = Path(temporary, "photos")
        draw_photos(folder, 0, _FILES)

        def index() -> float:
            started = time.perf_counter()
            sync(EmbeddingStore(Path(temporary, "store"), encoder.fingerprint), scan(folder), lambda: encoder)
            return time.perf_counter() - started

        everything, nothing = index(), index()
        draw_photos(folder, _FILES, _FILES // 100)
        some = index()
    return [
        Figure("f", f"indexing {_FILES} files", everything, "s"),
        Figure("f", "again, nothing new", nothing, "s"),
        Figure("f", "again, 1 % new", some, "s"),
        Figure(
            "f",
            "cost of a new file ÷ of one in the first run",
            (some - nothing) * 100 / everything,
            "×",
            "≤ 1.5",
        ),
    ]
