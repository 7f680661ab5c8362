"""Classifiers from keras.applications that end in a dense layer.

The embedding is the input of that layer, and the class weights are its kernel. For VGG16 the embedding is
the output of `fc2`, 4096-d.
"""

from pathlib import Path

from imsearch_core.encoders.base import (
    ClassHead,
    KerasEncoder,
    Preset,
    check_published_file,
    claims_published,
)
from imsearch_core.encoders.tensorflow_start import start_tensorflow
from imsearch_core.errors import ImsearchError
from imsearch_core.files import data_dir, private_folder

_URL = "https://storage.googleapis.com/tensorflow/keras-applications/"
_LICENCE = "Apache-2.0 (Keras); ImageNet's terms for the weights"

PRESETS = (
    Preset(
        name="vgg16",
        description="The tutorial's network, 4096-d fc2, 71 % top-1; large and slow",
        dimension=4096,
        resize=256,
        crop=224,
        weights_file="vgg16_weights_tf_dim_ordering_tf_kernels.h5",
        weights_hash="64373286793e3c8b2b4e3219cbf3544b",
        megabytes=528,
        licence="CC BY 4.0 (Visual Geometry Group, Oxford)",
        url=_URL + "vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5",
        options={"module": "vgg16", "model": "VGG16"},
    ),
    Preset(
        name="resnet50v2",
        description="A classic residual network, 76 % top-1",
        dimension=2048,
        resize=256,
        crop=224,
        weights_file="resnet50v2_weights_tf_dim_ordering_tf_kernels.h5",
        weights_hash="3ef43a0b657b3be2300d5770ece849e0",
        megabytes=98,
        licence=_LICENCE,
        url=_URL + "resnet/resnet50v2_weights_tf_dim_ordering_tf_kernels.h5",
        options={"module": "resnet_v2", "model": "ResNet50V2"},
    ),
    Preset(
        name="efficientnetv2-b0",
        description="Modern and small, 79 % top-1",
        dimension=1280,
        resize=256,
        crop=224,
        weights_file="efficientnetv2-b0.h5",
        weights_hash="21ecbf6da12460d5c40bb2f29ceb2188",
        megabytes=29,
        licence=_LICENCE,
        url=_URL + "efficientnet_v2/efficientnetv2-b0.h5",
        options={"module": "efficientnet_v2", "model": "EfficientNetV2B0"},
    ),
    Preset(
        name="efficientnetv2-s",
        description="The most accurate one, 84 % top-1; sees 384 × 384 pixels",
        dimension=1280,
        resize=384,
        crop=384,
        weights_file="efficientnetv2-s.h5",
        weights_hash="e1d88a8495beba45748fedd0cecbe016",
        megabytes=88,
        licence=_LICENCE,
        url=_URL + "efficientnet_v2/efficientnetv2-s.h5",
        options={"module": "efficientnet_v2", "model": "EfficientNetV2S"},
    ),
    Preset(
        name="convnext-tiny",
        description="A modern convolutional network, 81 % top-1",
        dimension=768,
        resize=256,
        crop=224,
        weights_file="convnext_tiny.h5",
        weights_hash="8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff",
        megabytes=110,
        licence=_LICENCE,
        url=_URL + "convnext/convnext_tiny.h5",
        options={"module": "convnext", "model": "ConvNeXtTiny"},
    ),
)


def load(preset: Preset, weights: Path | None) -> KerasEncoder:
    """Build the network with the published weights (downloaded once) or those in the file `weights`.

    Raises ImsearchError if the download fails, or the file is damaged or altered or for another network.
    """
    start_tensorflow()
    path = _checked(preset, weights) if weights else _published_weights(preset)
    classifier = _classifier(preset)
    try:
        classifier.load_weights(path)
    except Exception as error:  # h5py, zipfile and Keras raise many types of error for a wrong file
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise ImsearchError(f"{path} does not hold weights for {preset.name}: {reason[0]}") from error
    return _encoder(preset, weights, classifier)


def _encoder(preset: Preset, weights: Path | None, classifier) -> KerasEncoder:
    import keras

    dense = next(layer for layer in reversed(classifier.layers) if isinstance(layer, keras.layers.Dense))
    kernel, bias = dense.get_weights()
    network = keras.Model(classifier.input, dense.input)
    module = getattr(keras.applications, preset.options["module"])

    def preprocess(images):
        return module.preprocess_input(keras.ops.cast(images, "float32"))

    return KerasEncoder(preset, weights, network, ClassHead(kernel, bias), preprocess)


def _classifier(preset: Preset):
    import keras

    return getattr(keras.applications, preset.options["model"])(weights=None)


def _checked(preset: Preset, weights: Path) -> Path:
    """A user's own file. If it has the published file's name, it must have its content too."""
    if claims_published(preset, weights):
        check_published_file(preset, weights)
    return weights


def _published_weights(preset: Preset) -> Path:
    """The published file: our copy, else the one in Keras's cache, else downloaded."""
    import keras

    path = data_dir() / "weights" / preset.weights_file
    cached = Path.home() / ".keras" / "models" / preset.weights_file
    if not path.exists() and cached.is_file():
        return _checked(preset, cached)
    try:
        private_folder(path.parent)
        downloaded = keras.utils.get_file(
            preset.weights_file,
            origin=preset.url,
            file_hash=preset.weights_hash,
            cache_dir=str(data_dir()),
            cache_subdir="weights",
        )
    except Exception as error:  # get_file raises a bare Exception whenever the connection fails
        raise ImsearchError(
            f"{preset.weights_file} ({preset.megabytes} MB) could not be downloaded from {preset.url}: "
            f"{error}. Download it on a machine with internet access and put it at {path}, or name it with "
            f"--weights, or use the encoder efficientnet-lite0, which needs no download"
        ) from error
    return Path(downloaded)
