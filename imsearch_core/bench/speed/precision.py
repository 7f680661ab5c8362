"""i: the default network in whole numbers of 8 bits, by ONNX Runtime, against 32-bit floats.

Weights are scaled by output channel, activations by their range over pictures. A preset
would be worth it at 1.6 times the speed, with 0.97 of the 9 nearest neighbours in common.
"""

import tempfile
from pathlib import Path

import numpy as np

from imsearch_core.bench.figures import Figure, medians_in_turn
from imsearch_core.bench.speed.onnx_lite import lite_graph, onnx_session
from imsearch_core.compare.decoding import decoded
from imsearch_core.datasets import scan
from imsearch_core.datasets.builtin import ILLUSTRATED
from imsearch_core.encoders import DEFAULT_ENCODER, find_preset
from imsearch_core.vectors.embeddings import Embeddings

_IMAGES, _RANGED, _BATCH, _REPEATS, _K = 320, 64, 8, 7, 9


def run() -> list[Figure]:
    preset = find_preset(DEFAULT_ENCODER)
    items = scan(ILLUSTRATED.folder).items
    files = [ILLUSTRATED.folder / item.file for item in items[:: max(1, len(items) // _IMAGES)]]
    images = decoded(files, preset)
    with tempfile.TemporaryDirectory(prefix="imsearch-speed-") as folder:
        quantised = onnx_session(_quantised(Path(folder), images[:: len(images) // _RANGED]))
    exact = onnx_session(lite_graph())
    slow, fast = medians_in_turn(_REPEATS, lambda: exact(images[:_BATCH]), lambda: quantised(images[:_BATCH]))
    nearest = [
        _nearest(np.concatenate([side(part) for part in _batches(images)])) for side in (exact, quantised)
    ]
    shared = np.mean([np.isin(one, other).mean() for one, other in zip(*nearest, strict=True)])
    return [
        Figure("float32, network alone", _BATCH / slow, "images/s"),
        Figure("int8, network alone", _BATCH / fast, "images/s"),
        Figure("int8 ÷ float32", slow / fast, "×", "≥ 1.6"),
        Figure("nearest 9 in common", float(shared), "", "≥ 0.97"),
    ]


def _batches(images: np.ndarray) -> list[np.ndarray]:
    return [images[first : first + _BATCH] for first in range(0, len(images), _BATCH)]


def _nearest(rows: np.ndarray) -> list[np.ndarray]:
    """The nearest of each row, without the row itself."""
    embeddings = Embeddings(rows, np.arange(len(rows)))
    return [embeddings.nearest(row, _K + 1)[0][1:] for row in rows]


def _quantised(folder: Path, images: np.ndarray) -> bytes:
    """The network with 8-bit weights and activations, whose ranges are taken from `images`."""
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):
        def __init__(self) -> None:
            self._left = iter([{"images": part} for part in _batches(images)])

        def get_next(self) -> dict[str, np.ndarray] | None:
            return next(self._left, None)

    plain, prepared, done = (folder / f"{name}.onnx" for name in ("plain", "prepared", "done"))
    plain.write_bytes(lite_graph())
    quant_pre_process(plain, prepared, skip_symbolic_shape=True)
    quantize_static(
        prepared,
        done,
        Reader(),
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    return done.read_bytes()
