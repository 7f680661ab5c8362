"""What every encoder has: a preset that describes it, an `embed` method, a class head."""

import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import file_hash

IMAGENET_CLASSES = 1000
# Raise it when a change to our own code alters embeddings, so that stored ones are made again.
EMBEDDING_VERSION = 1


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
    """Its published digest: MD5 (32 digits) or SHA-256 (64); without weights, any number of that form."""
    megabytes: int
    """Size of the weights file; 0 if there is none."""
    licence: str
    url: str | None = None
    """Where the weights are downloaded from; None if a Python package carries them."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What only the encoder's own family needs."""


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
    """Turns pictures into embeddings; whatever has these four members is one."""

    preset: Preset
    fingerprint: dict[str, Any]
    head: ClassHead

    def embed(self, images: np.ndarray) -> np.ndarray:
        """float32 [n, d] for RGB images uint8 [n, crop, crop, 3]; called from several threads at once."""
        ...


@runtime_checkable
class Localizer(Protocol):
    """What an encoder may have besides: it tells where in a picture it sees a class."""

    def activation_map(self, images: np.ndarray, class_index: int) -> np.ndarray:
        """float32 [n, rows, columns] for RGB images uint8 [n, crop, crop, 3].

        Each cell of the grid over the square gives its evidence for the class as a logit; where
        it is negative, it speaks against the class.
        """
        ...


class KerasEncoder:
    """An encoder around a Keras network; it also tells where it sees a class.

    `network` maps what `preprocess` makes of uint8 images to embeddings.
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

    def activation_map(self, images: np.ndarray, class_index: int) -> np.ndarray:
        return self._activation_map(images, self.head.weights[:, class_index]).numpy()

    @cached_property
    def _activation_map(self) -> Callable:
        """(images, class weights [d]) → evidence [n, rows, columns], made when first asked for.

        The evidence in a cell is the sum over channels of activation × the gradient of the class
        logit, summed over all cells. That is Grad-CAM (Selvaraju et al. 2017,
        https://arxiv.org/abs/1610.02391) times the number of cells, before its ReLU. Where the
        embedding is the mean over cells, the gradient is the class weights themselves, and this is
        the class activation map (Zhou et al. 2016, https://arxiv.org/abs/1512.04150), whose mean
        plus the bias is the logit.
        """
        import keras
        import tensorflow as tf

        # What follows the last grid of activations. Pooling only coarsens the grid before it.
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
        averages = all(  # dropout does nothing outside training
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
    """All that decides what an embedding's numbers are, as plain JSON values.

    Embeddings with different fingerprints must never be compared. Loads no model.
    """
    return {
        "encoder": preset.name,
        "weights": preset.weights_hash
        if weights is None or claims_published(preset, weights)
        else file_hash(weights),
        "preprocessing": f"shorter side {preset.resize} bicubic, centre crop {preset.crop}",
        "dimension": preset.dimension,
        "embedding_version": EMBEDDING_VERSION,
        "libraries": {name: _minor_version(name) for name in ("keras", "pillow")},
    }


def fingerprint_changes(found: dict[str, Any], expected: dict[str, Any]) -> str:
    """What differs between two fingerprints, as "keras 3.11 → 3.12, dimension 512 → 1280"."""
    return ", ".join(
        f"{name} {found.get(name)} → {expected.get(name)}"
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    )


def claims_published(preset: Preset, weights: Path) -> bool:
    """Whether a file bears the published weights' name: it is refused if it has other content."""
    return weights.name == preset.weights_file


def existing_weights(path: str | Path) -> Path:
    """`path` as a user gave it, made absolute. Raises UsageError if there is no such file."""
    found = Path(path).expanduser().resolve()
    if not found.is_file():
        raise UsageError(f"the weights file {found} does not exist")
    return found


def _minor_version(package: str) -> str:
    """ "3.15" for 3.15.1: releases that only fix bugs must not cost a re-indexing."""
    return ".".join(importlib.metadata.version(package).split(".")[:2])


def check_published_file(preset: Preset, path: Path) -> None:
    """Raise ImsearchError unless the content of `path` is the published weights file of `preset`."""
    algorithm = "md5" if len(preset.weights_hash) == 32 else "sha256"
    found = file_hash(path, algorithm)
    if found != preset.weights_hash:
        raise ImsearchError(
            f"{path} is not the published {preset.weights_file}: its {algorithm} is {found}, not "
            f"{preset.weights_hash}. It is truncated or altered: delete it and get it again"
        )
