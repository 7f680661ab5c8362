"""What every encoder has: a preset, which also prepares pictures; an `embed` method; mostly a class head."""

import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from PIL import Image

from imsearch_core.encoders.device import Device, tensorflow_device
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import file_hash
from imsearch_core.pictures.decode import open_image

IMAGENET_CLASSES = 1000
# Raise this when a change to our own code alters embeddings, so that stored ones are made again.
EMBEDDING_VERSION = 2


@dataclass(frozen=True)
class Preset:
    """An encoder described as data, readable without loading anything."""

    name: str
    description: str
    dimension: int
    """Length of an embedding."""
    resize: int
    """Pixels that the shorter side of a picture is scaled to."""
    crop: int
    """Pixels of the central square that the network sees."""
    weights_file: str
    """Name of the published weights file."""
    weights_hash: str
    """Its published digest: MD5 (32 hex digits) or SHA-256 (64); without weights, any number of that form."""
    megabytes: int
    """Size of the weights file; 0 if there is none."""
    licence: str
    url: str | None = None
    """Where the weights are downloaded from; None if a Python package carries them."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Settings that only the encoder's own family reads."""
    text: bool = False
    """Whether the encoder has a text tower: it is then a `TextEncoder`."""

    @property
    def without_words(self) -> str:
        """Why it knows no words if it has neither classes nor a text tower: a sentence, but for its stop."""
        return f"{self.name} compares pictures with pictures alone: it knows neither classes nor words"

    def open(self, source: Path | bytes | Image.Image | np.ndarray) -> Image.Image:
        """Decode a picture as upright RGB, a large JPEG at no more pixels than `prepare` can use.

        `source` is as in `open_image`. Raises BadImage with the reason if it is not a usable picture.
        """
        return open_image(source, self.resize)

    def prepare(self, image: Image.Image) -> np.ndarray:
        """What the network sees of an RGB picture: uint8 [crop, crop, 3].

        The shorter side is scaled to `resize` (bicubic) and the central square is cut out.
        """
        return centre_crop(image, self.resize, self.crop)

    def seen_box(self, size: tuple[int, int]) -> tuple[float, float, float, float]:
        """The part that `prepare` keeps of a picture of this width and height in pixels.

        Left, top, right and bottom, as fractions of the width and height.
        """
        left, top, right, bottom = _crop_box(size, self.resize, self.crop)
        return left / size[0], top / size[1], right / size[0], bottom / size[1]

    def made_by(self, weights: Path | None) -> dict[str, Any]:
        """What determines the numbers in an embedding, apart from the name; for `fingerprint`."""
        published = weights is None or claims_published(self, weights)
        return {
            "weights": self.weights_hash if published else file_hash(weights),
            "preprocessing": f"shorter side {self.resize} bicubic, centre crop {self.crop}",
            "dimension": self.dimension,
            "libraries": {name: minor_version(name) for name in ("keras", "pillow")},
        }

    def files_version(self, weights: Path | None) -> str:
        """Changes when the files that an encoder is loaded from are replaced."""
        return "" if weights is None else str(weights.stat().st_mtime_ns)


def centre_crop(image: Image.Image, resize: int, crop: int) -> np.ndarray:
    """Scale the shorter side to `resize` (bicubic) and cut out the central `crop` × `crop` square.

    Returns uint8 [crop, crop, 3]. Only the square itself is computed, so a 1 × 5000 picture costs no
    more than any other.
    """
    box = _crop_box(image.size, resize, crop)
    return np.asarray(image.resize((crop, crop), Image.Resampling.BICUBIC, box))


def _crop_box(size: tuple[int, int], resize: int, crop: int) -> tuple[float, float, float, float]:
    """The part of a picture of this size that `centre_crop` keeps: left, top, right, bottom in pixels."""
    scale = resize / min(size)
    width, height = (max(crop, round(n * scale)) for n in size)
    left, top = (width - crop) // 2, (height - crop) // 2
    x, y = size[0] / width, size[1] / height
    return left * x, top * y, (left + crop) * x, (top + crop) * y


@dataclass(frozen=True)
class ClassHead:
    """The classifier on top of an embedding: its last dense layer."""

    weights: np.ndarray
    """float32 [d, 1000]: column c holds the class weights of ImageNet class c."""
    bias: np.ndarray
    """float32 [1000]."""

    def logits(self, embeddings: np.ndarray) -> np.ndarray:
        """float32 [..., 1000] for embeddings float32 [..., d]."""
        return embeddings @ self.weights + self.bias


class Encoder(Protocol):
    """Turns pictures into embeddings. Any object with these four members is an encoder."""

    preset: Preset
    fingerprint: dict[str, Any]
    head: ClassHead | None
    """None if the encoder was not trained as a classifier."""

    def embed(self, images: np.ndarray) -> np.ndarray:
        """float32 [n, d] for RGB images uint8 [n, crop, crop, 3]. Several threads may call it at once."""
        ...


@runtime_checkable
class TextEncoder(Protocol):
    """An encoder that also embeds texts, in the same space as pictures."""

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        """float32 [n, d] for texts; comparable by cosine similarity with embeddings of pictures."""
        ...


@runtime_checkable
class Localizer(Protocol):
    """An encoder that can also show where in a picture it sees a class."""

    def activation_map(self, images: np.ndarray, class_index: int) -> np.ndarray:
        """float32 [n, rows, columns] for RGB images uint8 [n, crop, crop, 3].

        Each cell of the grid over the square holds its evidence for the class, as a logit; negative
        values are evidence against it.
        """
        ...


class KerasEncoder:
    """An encoder around a Keras network. It can also show where it sees a class.

    `preprocess` turns uint8 images into the input of `network`, which turns that into embeddings.
    """

    def __init__(
        self,
        preset: Preset,
        weights: Path | None,
        network: Any,
        head: ClassHead,
        preprocess: Callable[[Any], Any] = lambda images: images,
    ) -> None:
        import tensorflow as tf

        if head.weights.shape != (preset.dimension, IMAGENET_CLASSES):
            raise ImsearchError(
                f"the weights for {preset.name} classify {head.weights.shape[0]} features into "
                f"{head.weights.shape[1]} classes; {preset.dimension} into {IMAGENET_CLASSES} are needed"
            )
        self.preset = preset
        self.fingerprint = fingerprint(preset, weights)
        self.head = head
        self._network, self._preprocess = network, preprocess
        self._images = tf.TensorSpec((None, preset.crop, preset.crop, 3), tf.uint8)
        self._embed = tf.function(
            lambda images: network(preprocess(images), training=False), input_signature=[self._images]
        ).get_concrete_function()  # traced now, so that no picture waits for it

    def embed(self, images: np.ndarray) -> np.ndarray:
        return self._embed(images).numpy()

    @property
    def device(self) -> Device:
        return tensorflow_device()

    def activation_map(self, images: np.ndarray, class_index: int) -> np.ndarray:
        return self._activation_map(images, self.head.weights[:, class_index]).numpy()

    @cached_property
    def _activation_map(self) -> Callable:
        """(images, class weights [d]) → evidence [n, rows, columns], made on first use.

        The evidence in a cell is the sum over channels of activation × the gradient of the class
        logit, summed over all cells. That is Grad-CAM (Selvaraju et al. 2017,
        https://arxiv.org/abs/1610.02391) times the number of cells, before its ReLU. Where the
        embedding is the mean over cells, the gradient is the class weights themselves, and this is
        the class activation map (Zhou et al. 2016, https://arxiv.org/abs/1512.04150), whose mean
        plus the bias is the logit.
        """
        import keras
        import tensorflow as tf

        # The layers after the last grid of activations. Max pooling only coarsens the grid before it.
        tail = list(
            takewhile(
                lambda operation: (
                    len(operation.output.shape) != 4 or isinstance(operation, keras.layers.MaxPooling2D)
                ),
                reversed(self._network.operations),
            )
        )
        grid = tail[-1].input
        body = keras.Model(self._network.input, grid)
        averages = all(  # dropout does nothing at inference
            isinstance(operation, keras.layers.GlobalAveragePooling2D | keras.layers.Dropout)
            for operation in tail
        )
        embedding_of = None if averages else keras.Model(grid, self._network.output)

        def evidence(images, class_weights):
            activations = body(self._preprocess(images), training=False)
            if embedding_of is None:
                return tf.linalg.matvec(activations, class_weights)
            with tf.GradientTape() as tape:
                tape.watch(activations)
                logits = tf.linalg.matvec(embedding_of(activations, training=False), class_weights)
            gradients = tf.reduce_sum(tape.gradient(logits, activations), axis=(1, 2), keepdims=True)
            return tf.reduce_sum(activations * gradients, axis=-1)

        class_weights = tf.TensorSpec((self.preset.dimension,), tf.float32)
        return tf.function(evidence, input_signature=[self._images, class_weights])


def fingerprint(preset: Preset, weights: Path | None = None) -> dict[str, Any]:
    """Everything that determines the numbers in an embedding, as plain JSON values.

    Embeddings with different fingerprints must never be compared. No model is loaded.
    """
    return {
        "encoder": preset.name,
        "embedding_version": EMBEDDING_VERSION,
        **preset.made_by(weights),
    }


def fingerprint_changes(found: dict[str, Any], expected: dict[str, Any]) -> str:
    """The differences between two fingerprints, such as "keras 3.11 → 3.12, dimension 512 → 1280"."""
    return ", ".join(
        f"{name} {found.get(name)} → {expected.get(name)}"
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    )


def claims_published(preset: Preset, weights: Path) -> bool:
    """Whether a file has the name of the published weights; if so, it must have their content."""
    return weights.name == preset.weights_file


def existing_weights(path: str | Path) -> Path:
    """The absolute path of a weights file. Raises UsageError if there is no such file."""
    found = Path(path).expanduser().resolve()
    if not found.is_file():
        raise UsageError(f"the weights file {found} does not exist")
    return found


def minor_version(package: str) -> str:
    """ "3.15" for 3.15.1: a bug-fix release must not cause everything to be embedded again."""
    return ".".join(importlib.metadata.version(package).split(".")[:2])


def check_published_file(preset: Preset, path: Path) -> None:
    """Raise ImsearchError unless `path` has the content of the published weights file of `preset`."""
    algorithm = "md5" if len(preset.weights_hash) == 32 else "sha256"
    found = file_hash(path, algorithm)
    if found != preset.weights_hash:
        raise ImsearchError(
            f"{path} is not the published {preset.weights_file}: its {algorithm} is {found}, not "
            f"{preset.weights_hash}. The file is incomplete or altered: delete it and download it again"
        )
