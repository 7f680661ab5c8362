"""ConSE: what the classifier sees, as a place among words."""

import numpy as np
import pytest

from imsearch_core.encoders import ClassHead
from imsearch_core.encoders.imagenet import find_class
from imsearch_core.search.likely import calibrate
from imsearch_core.vectors.unit import unit
from imsearch_core.words.conse import class_vectors, closest_class, conse
from imsearch_core.words.vectors import WordVectors, load_words


def head_of_logits() -> ClassHead:
    """A head whose logits are the embedding itself."""
    return ClassHead(np.eye(1000, dtype=np.float32), np.zeros(1000, np.float32))


def test_a_class_lies_near_the_everyday_words_for_it_whatever_imagenet_calls_it():
    words = load_words()
    classes = class_vectors(words)
    for word, name in (("sheep", "ram"), ("motorbike", "moped"), ("bike", "mountain bike")):
        assert classes[find_class(name).index] @ words.meaning(word).vector > 0.5
    names = class_vectors(words, names_only=True)
    ram, sheep = find_class("ram").index, words.meaning("sheep").vector
    assert names[ram] @ sheep < classes[ram] @ sheep


def test_a_sure_classifier_puts_a_picture_where_its_class_is_and_an_unsure_one_in_between():
    classes = class_vectors(load_words())
    logits = np.zeros((2, 1000), np.float32)
    logits[0, 284] = 100
    logits[1, [284, 897]] = 100
    sure, unsure = conse(logits, head_of_logits(), classes)
    assert sure @ classes[284] == pytest.approx(1, abs=1e-5)
    assert unsure @ classes[284] == pytest.approx(unsure @ classes[897], abs=1e-5)
    assert np.linalg.norm(unsure) == pytest.approx(1, abs=1e-5)


def test_classes_that_a_small_table_does_not_know_are_nowhere():
    words = WordVectors("two words", ["goldfish", "tabby"], np.eye(2, dtype=np.float32), "0")
    classes = class_vectors(words)
    assert classes[1].tolist() == [1, 0]
    assert not classes[0].any()
    logits = np.zeros((1, 1000), np.float32)
    logits[0, 1] = 100
    assert conse(logits, head_of_logits(), classes)[0] == pytest.approx([1, 0])


ALIKE = (
    ("tabby", "tiger cat"),
    ("golden retriever", "Labrador retriever"),
    ("ox", "ram"),
    ("park bench", "rocking chair"),
    ("studio couch", "window shade"),
    ("pot", "vase"),
    ("mountain bike", "tricycle"),
    ("moped", "crash helmet"),
    ("airliner", "wing"),
    ("speedboat", "yawl"),
)


def test_among_few_pictures_a_train_is_no_likely_school_bus_but_a_school_bus_is():
    def seeing(**classes: float) -> np.ndarray:
        names = [find_class(name.replace("_", " ")).index for name in classes]
        return np.array(list(classes.values()), np.float32) @ class_vectors(words)[names]

    words = load_words()
    few = [seeing(**{one: share, two: 1 - share}) for one, two in ALIKE for share in (0.9, 0.6, 0.4)]
    train = seeing(passenger_car=0.36, recreational_vehicle=0.22, school_bus=0.06, mobile_home=0.06)
    bus = seeing(school_bus=0.6, minibus=0.2)
    text = words.meaning("school bus").vector
    for pictures, likely in (([*few, train], []), ([*few, train, bus], [31])):
        places = unit(np.stack(pictures))
        calibration = calibrate(places.dot, words.bank, closest_class(words, words.bank))
        found = calibration.likely(places @ text, float(closest_class(words, text)))
        assert np.flatnonzero(found).tolist() == likely
