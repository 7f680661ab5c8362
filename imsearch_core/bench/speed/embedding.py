"""a: embedding JPEG files end to end, against ONNX Runtime's network alone and the tutorial's way."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from imsearch_core.bench.figures import Figure
from imsearch_core.bench.pictures import draw_photos
from imsearch_core.bench.speed.onnx_lite import lite_graph, onnx_session
from imsearch_core.compare.decoding import decoded
from imsearch_core.encoders import DEFAULT_ENCODER, load_encoder
from imsearch_core.files import PROJECT

_IMAGES = {"efficientnet-lite0": 800, "efficientnet-lite2": 240}
_DECODED, _TUTORIAL_IMAGES, _REPEATS = 320, 64, 3
_ONNX_BATCH = 32  # quicker than 16, as quick as 64


def run() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory(prefix="imsearch-speed-") as temporary:
        for name, count in _IMAGES.items():
            files = draw_photos(Path(temporary, name), 0, count)
            ours, more = _against_bare_network(name, files)
            figures += more
            if name == DEFAULT_ENCODER:
                theirs = _tutorial(files[:_TUTORIAL_IMAGES])
                figures += [
                    Figure("tutorial: VGG16, one array, predict", theirs, "images/s"),
                    Figure("ours ÷ tutorial", ours / theirs, "×", "≥ 15"),
                ]
    return figures


def _against_bare_network(name: str, files: list[Path]) -> tuple[float, list[Figure]]:
    """Our images a second, from files to a store; and all figures of that."""
    encoder = load_encoder(name)
    images = decoded(files[:_DECODED], encoder.preset)
    network = onnx_session(lite_graph(name))
    difference = np.abs(network(images[:_ONNX_BATCH]) - encoder.embed(images[:_ONNX_BATCH])).max()
    ours, bare = rates_in_turn(files[0].parent, name, network, images)
    end_to_end, best = float(np.median(ours)), float(np.median(bare))
    return end_to_end, [
        Figure(f"{name}: ours, from JPEG files to the store", end_to_end, "images/s"),
        Figure(f"{name}: ours, slowest of {_REPEATS} runs", min(ours), "images/s"),
        Figure(f"{name}: ours, fastest", max(ours), "images/s"),
        Figure(f"{name}: ONNX Runtime, network alone", best, "images/s"),
        Figure(f"{name}: largest difference of a number from ONNX Runtime's", float(difference), ""),
        Figure(f"{name}: ours ÷ ONNX Runtime's network alone", end_to_end / best, "×", "≥ 0.93"),
    ]


def rates_in_turn(
    folder: Path, encoder: str, network: Callable[[np.ndarray], np.ndarray], inputs: np.ndarray
) -> tuple[list[float], list[float]]:
    """Images a second, some times in turn: of indexing `folder`, and of a bare network given `inputs`."""
    with tempfile.TemporaryDirectory(prefix="imsearch-home-") as home:
        rates = [(_indexing_rate(folder, home, encoder), _rate(network, inputs)) for _ in range(_REPEATS)]
    ours, bare = zip(*rates, strict=True)
    return list(ours), list(bare)


def _indexing_rate(folder: Path, home: str, encoder: str) -> float:
    """Images a second of the command that people run, the encoder being loaded already.

    All pictures are embedded, whatever is stored in `home`, the folder for what we make.
    """
    command = [sys.executable, "-m", "imsearch_core", "index", str(folder), "--encoder", encoder]
    command += ["--force", "--json"]
    result = subprocess.run(
        command, cwd=PROJECT, env=os.environ | {"IMSEARCH_HOME": home}, capture_output=True, check=True
    )
    return json.loads(result.stdout)["images_per_second"]


def _rate(network: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> float:
    """Images a second."""
    started = time.perf_counter()
    for first in range(0, len(images), _ONNX_BATCH):
        network(images[first : first + _ONNX_BATCH])
    return len(images) / (time.perf_counter() - started)


def _tutorial(files: list[Path]) -> float:
    """Images a second of the tutorial's code; its weights do not matter to its speed."""
    import keras
    from keras.applications.vgg16 import VGG16, preprocess_input

    model = VGG16(weights=None)
    model = keras.Model(model.input, model.get_layer("fc2").output)
    model.predict(np.zeros((32, 224, 224, 3)), verbose=0)
    started = time.perf_counter()
    images = np.zeros((len(files), 224, 224, 3))
    for i, file in enumerate(files):
        images[i] = keras.utils.img_to_array(keras.utils.load_img(file, target_size=(224, 224)))
    model.predict(preprocess_input(images), verbose=0)
    return len(files) / (time.perf_counter() - started)
