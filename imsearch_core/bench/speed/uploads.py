"""j: from an uploaded picture to its neighbours, in a process that has just started, and once it is warm."""

import tempfile
import time
from pathlib import Path

import numpy as np

from imsearch_core.bench.figures import Figure
from imsearch_core.bench.machine import home_in, in_own_process
from imsearch_core.bench.pictures import draw_photos
from imsearch_core.collection import Collection
from imsearch_core.encoders import DEFAULT_ENCODER

_ENCODER, _STORED, _UPLOADS, _PROCESSES = DEFAULT_ENCODER, 300, 20, 3


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="imsearch-speed-") as temporary:
        folder, home = Path(temporary, "photos"), Path(temporary, "home")
        draw_photos(folder, 0, _STORED)
        draw_photos(Path(temporary, "uploads"), _STORED, _UPLOADS)
        with home_in(home):
            Collection.open(folder, _ENCODER)
            arguments = (_ENCODER, folder, Path(temporary, "uploads"))
            measured = [in_own_process(_measure, *arguments) for _ in range(_PROCESSES)]
    first = [times[0] for times in measured]
    warm = np.percentile([seconds for times in measured for seconds in times[1:]], [50, 5, 95])
    return [
        Figure("upload to neighbours, fresh process, median", float(np.median(first)), "s", "≤ 4"),
        Figure("the same, slowest", max(first), "s"),
        Figure("upload to neighbours, warm, median", 1000 * float(warm[0]), "ms", "≤ 150"),
        Figure("the same, quickest 5 of 100", 1000 * float(warm[1]), "ms"),
        Figure("the same, slowest 5 of 100", 1000 * float(warm[2]), "ms"),
    ]


def _measure(encoder: str, folder: Path, uploads: Path) -> list[float]:
    """Seconds of each search with a picture that is not stored, in this process."""
    photos = Collection.open(folder, encoder)
    times = []
    for file in sorted(uploads.iterdir()):
        content = file.read_bytes()
        started = time.perf_counter()
        photos.search(content)
        times.append(time.perf_counter() - started)
    return times
