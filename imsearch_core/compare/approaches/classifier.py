"""The end-to-end classifier: one output per picture of the collection, so that its scores are a search."""

import time

import numpy as np

from imsearch_core.encoders import import_keras

_RIGHT_ENOUGH = 0.95
_MOST_EPOCHS = 40


class Classifier:
    """A small convolutional network trained until it tells the collection's pictures apart."""

    name = "classifier"
    queries = 100
    passes = 1

    def __init__(self, pictures: np.ndarray) -> None:
        """`pictures`: uint8 [n, side, side, 3]."""
        self._pictures = pictures
        self._prepare_seconds = 0.0

    def prepare(self) -> float:
        import_keras()
        import keras

        n, side = len(self._pictures), self._pictures.shape[1]
        keras.utils.set_random_seed(0)
        layers = keras.layers
        self._network = keras.Sequential(
            [
                keras.Input((side, side, 3), dtype="uint8"),
                layers.Rescaling(1 / 127.5, -1),
                layers.Conv2D(16, 3, 2, activation="relu"),
                layers.Conv2D(32, 3, 2, activation="relu"),
                layers.Conv2D(64, 3, 2, activation="relu"),
                layers.Flatten(),
                layers.Dense(n),
            ]
        )
        self._network.compile(
            "adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
        )
        started = time.perf_counter()
        for _ in range(_MOST_EPOCHS):
            trained = self._network.fit(self._pictures, np.arange(n), verbose=0)
            if trained.history["accuracy"][-1] >= _RIGHT_ENOUGH:
                break
        self._prepare_seconds = time.perf_counter() - started
        return self._prepare_seconds

    def add(self) -> float:
        """The output layer has no place for another picture: all of the training again."""
        return self._prepare_seconds

    def scores(self, query: int) -> np.ndarray:
        return np.asarray(self._network(self._pictures[query : query + 1], training=False))[0]
