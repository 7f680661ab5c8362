"""DeViSE: a map from embeddings to words, learnt from labels."""

import numpy as np
import pytest

from imsearch_core.errors import ImsearchError
from imsearch_core.vectors.unit import unit
from imsearch_core.words.devise import split, targets, train
from imsearch_core.words.vectors import load_words

LABELS = ("cat", "dining_table", "train")


def example(n: int, dimension: int) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """Embeddings of length 1 around one direction per label, and the labels."""
    rng = np.random.default_rng(0)
    kinds = rng.integers(0, len(LABELS), n)
    centres = rng.normal(size=(len(LABELS), dimension))
    rows = unit(centres[kinds] + 0.3 * rng.normal(size=(n, dimension))).astype(np.float32)
    return rows, [(LABELS[kind],) for kind in kinds]


@pytest.mark.parametrize(("n", "dimension"), [(60, 80), (200, 30)])
def test_held_out_pictures_come_to_lie_at_their_labels_words(n, dimension):
    rows, labels = example(n, dimension)
    wanted = targets(load_words(), labels)
    held_out = split(n) == 0
    told = []
    head, epochs = train(rows, wanted, held_out, told.append)
    assert told == epochs
    assert [epoch.number for epoch in epochs] == list(range(1, len(epochs) + 1))
    assert epochs[-1].loss < epochs[0].loss
    places = head.place(rows[held_out])
    assert np.sum(places * wanted[held_out], axis=1).mean() > 0.9
    assert np.linalg.norm(places, axis=1) == pytest.approx(1, abs=1e-5)


def test_labels_that_mean_nothing_stop_training_early():
    rows, labels = example(100, 50)
    shuffled = [labels[i] for i in np.random.default_rng(1).permutation(100)]
    _, epochs = train(rows, targets(load_words(), shuffled), split(100) == 0)
    assert len(epochs) < 30


def test_a_label_of_several_words_lies_at_their_mean_and_unknown_ones_nowhere():
    words = load_words()
    table, unknown, both = targets(words, [("dining_table",), ("qqzzx",), ("cat", "dog")])
    assert table == pytest.approx(words.meaning("dining table").vector, abs=1e-5)
    assert not unknown.any()
    cat, dog = (words.meaning(word).vector for word in ("cat", "dog"))
    assert both == pytest.approx((cat + dog) / np.linalg.norm(cat + dog), abs=1e-5)


def test_one_label_alone_or_a_handful_of_pictures_teach_nothing():
    rows, labels = example(40, 20)
    words = load_words()
    with pytest.raises(ImsearchError, match="too little to train on"):
        train(rows, targets(words, [("cat",)] * 40), split(40) == 0)
    with pytest.raises(ImsearchError, match="too little to train on"):
        train(rows[:6], targets(words, labels[:6]), split(6) == 0)
