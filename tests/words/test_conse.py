"""ConSE: what the classifier sees, as a place among words."""

import numpy as np
import pytest

from imsearch_core.encoders import ClassHead
from imsearch_core.encoders.imagenet import find_class
from imsearch_core.words.conse import class_vectors, conse
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
