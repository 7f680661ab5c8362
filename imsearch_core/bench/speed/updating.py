"""f: indexing again after adding 1 % new files."""

import tempfile
import time
from pathlib import Path

import numpy as np

from imsearch_core.bench.figures import Figure
from imsearch_core.bench.pictures import draw_photos
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

        def index() -> np.ndarray:
            """Seconds, and processor seconds."""
            started, used = time.perf_counter(), time.process_time()
            sync(EmbeddingStore(Path(temporary, "store"), encoder.fingerprint), scan(folder), lambda: encoder)
            return np.array([time.perf_counter() - started, time.process_time() - used])

        all_of_them, none = index(), index()
        draw_photos(folder, _FILES, _FILES // 100)
        a_few = index()
    everything, nothing, some = (taken.tolist()[0] for taken in (all_of_them, none, a_few))
    ratio, of_processor = ((a_few - none) * 100 / all_of_them).tolist()
    return [
        Figure(f"indexing {_FILES} files", everything, "s"),
        Figure("again, nothing new", nothing, "s"),
        Figure("again, 1 % new", some, "s"),
        Figure("cost of a new file ÷ of one in the first run", ratio, "×", "≤ 1.5"),
        Figure("the same in processor time, whatever else runs", of_processor, "×"),
    ]
