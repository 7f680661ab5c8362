"""The Siamese pair network: two pictures in, their similarity out, so a search takes a pass per picture.

One tower sees both pictures (Bromley et al. 1993; the head that judges the pair as in Koch, Zemel and
Salakhutdinov 2015, "Siamese Neural Networks for One-shot Image Recognition").
"""

import time

import numpy as np

from imsearch_core.encoders import import_keras

_STEPS = 60
_BATCH = 64


class Pairs:
    """A small network trained to tell whether two pictures bear the same label."""

    name = "pairs"
    queries = 20

    def __init__(self, pictures: np.ndarray, labels: list[str | None]) -> None:
        """`pictures`: uint8 [n, side, side, 3]; `labels`: theirs."""
        self._pictures = pictures
        self.passes = len(pictures)
        self._labels = np.array([str(label) for label in labels])

    def prepare(self) -> float:
        import_keras()
        import keras

        side = self._pictures.shape[1]
        keras.utils.set_random_seed(0)
        layers = keras.layers
        tower = keras.Sequential(
            [
                layers.Rescaling(1 / 127.5, -1),
                layers.Conv2D(16, 3, 2, activation="relu"),
                layers.Conv2D(32, 3, 2, activation="relu"),
                layers.Conv2D(64, 3, 2, activation="relu"),
                layers.GlobalAveragePooling2D(),
            ]
        )
        left, right = (keras.Input((side, side, 3), dtype="uint8") for _ in range(2))
        apart = keras.ops.abs(tower(left) - tower(right))
        alike = layers.Dense(1)(layers.Dense(32, activation="relu")(apart))
        self._network = keras.Model([left, right], alike)
        self._network.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
        rng = np.random.default_rng(0)
        started = time.perf_counter()
        for _ in range(_STEPS):
            first, second = self._draw_pairs(rng)
            same = (self._labels[first] == self._labels[second]).astype(np.float32)[:, None]
            self._network.train_on_batch([self._pictures[first], self._pictures[second]], same)
        return time.perf_counter() - started

    def add(self) -> float:
        """Nothing to do: the network compares whatever it is given."""
        return 0.0

    def scores(self, query: int) -> np.ndarray:
        found = []
        for start in range(0, len(self._pictures), _BATCH):
            candidates = self._pictures[start : start + _BATCH]
            queries = np.broadcast_to(self._pictures[query], candidates.shape)
            found.append(self._network.predict_on_batch([queries, candidates])[:, 0])
        return np.concatenate(found)

    def _draw_pairs(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Two int64 [_BATCH]: pairs of pictures, half of them of one label."""
        first = rng.integers(0, len(self._labels), _BATCH)
        second = rng.integers(0, len(self._labels), _BATCH)
        for i in range(_BATCH // 2):
            second[i] = rng.choice(np.flatnonzero(self._labels == self._labels[first[i]]))
        return first, second
