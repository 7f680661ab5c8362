"""g: a vision-language model from JPEG files, against ONNX Runtime's bare rate; a text; at fp32 and int8."""

import tempfile
from pathlib import Path

import numpy as np

from imsearch_core.bench.figures import Figure, medians_in_turn
from imsearch_core.bench.pictures import draw_photos
from imsearch_core.bench.speed.embedding import rates_in_turn
from imsearch_core.bench.speed.onnx_clip import write_clip
from imsearch_core.bench.speed.onnx_lite import onnx_session
from imsearch_core.bench.speed.onnx_mobileclip import write_mobileclip
from imsearch_core.compare.decoding import decoded
from imsearch_core.encoders import load_encoder

_MODELS = {"MobileCLIP-S0": write_mobileclip, "CLIP ViT-B/32": write_clip}
_IMAGES, _TEXTS = 40, 20


def run() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory(prefix="imsearch-speed-") as temporary:
        folder = Path(temporary, "photos")
        files = draw_photos(folder, 0, _IMAGES)
        for title, write in _MODELS.items():
            model = Path(temporary, title.replace("/", ""))
            write(model)
            embeddings = []
            for precision in ("fp32", "int8"):
                found, rows = _measured(f"path:{model}:{precision}", files, f"{title} {precision}")
                figures += found
                embeddings.append(rows / np.linalg.norm(rows, axis=1, keepdims=True))
            cosine = float((embeddings[0] * embeddings[1]).sum(axis=1).mean())
            figures.append(Figure(f"{title}, cosine of int8 to fp32, on average", cosine, ""))
    return figures


def _measured(encoder_name: str, files: list[Path], title: str) -> tuple[list[Figure], np.ndarray]:
    """The figures of one model in the hub's layout, and its embeddings of `files`."""
    encoder = load_encoder(encoder_name)
    preset = encoder.preset
    network = onnx_session(preset.files.folder / preset.files.vision)
    pixels = preset.preparation.input_of(decoded(files, preset))
    ours, bare = rates_in_turn(files[0].parent, encoder_name, network, pixels)
    end_to_end, best = float(np.median(ours)), float(np.median(bare))
    (seconds,) = medians_in_turn(_TEXTS, lambda: encoder.embed_texts(["a photo of a cat"]))
    return [
        Figure(f"{title}, from JPEG files to the store", end_to_end, "images/s"),
        Figure(f"{title}, ONNX Runtime, network alone", best, "images/s"),
        Figure(f"{title}, ours ÷ ONNX Runtime's network alone", end_to_end / best, "×", "≥ 0.85"),
        Figure(f"{title}, a text", 1000 * seconds, "ms", "≤ 50"),
    ], network(pixels)
