"""h: decoding JPEG files with Pillow, as we do, against simplejpeg; both use libjpeg-turbo."""

import io
import tempfile
from pathlib import Path

import numpy as np
import simplejpeg
from PIL import Image

from imsearch_core.bench.figures import Figure, medians_in_turn
from imsearch_core.bench.pictures import draw_photos

_SIDES = {"0.2 megapixels": (500, 375), "12 megapixels": (4000, 3000)}
_SHORTER = 512  # twice what the default encoder scales a picture to, as `open_image` asks for
_REPEATS = 9


def run() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory(prefix="imsearch-speed-") as folder:
        photo = Image.open(draw_photos(Path(folder), 0, 1)[0]).copy()
    for name, size in _SIDES.items():
        content = io.BytesIO()
        photo.resize(size).save(content, "JPEG", quality=90)
        taken = [1000 * seconds for seconds in medians_in_turn(_REPEATS, *_sides(content.getvalue()))]
        figures += [
            Figure(f"{name}: Pillow", taken[0], "ms"),
            Figure(f"{name}: simplejpeg", taken[1], "ms"),
            Figure(f"{name}: Pillow ÷ simplejpeg", taken[0] / taken[1], "×", "≤ 1.1"),
        ]
    return figures


def _sides(content: bytes) -> tuple:
    def pillow() -> np.ndarray:
        image = Image.open(io.BytesIO(content))
        image.draft("RGB", (_SHORTER, _SHORTER))
        return np.asarray(image)

    def simple() -> np.ndarray:
        return simplejpeg.decode_jpeg(content, "RGB", min_height=_SHORTER, min_width=_SHORTER)

    assert np.array_equal(pillow(), simple())
    return pillow, simple
