"""The ImageNet classes: finding one by any of its names, and naming predictions."""

import numpy as np
import pytest

from imsearch_core.classes import find_class, imagenet_classes, search_classes, top_classes
from imsearch_core.errors import UsageError

SIAMESE = 284


def message(query: int | str) -> str:
    with pytest.raises(UsageError) as raised:
        find_class(query)
    return str(raised.value)


def indices(text: str) -> list[int]:
    return [c.index for c in search_classes(text)]


def test_there_are_1000_classes_in_order_with_one_wordnet_id_each():
    classes = imagenet_classes()
    assert [c.index for c in classes] == list(range(1000))
    assert len({c.wnid for c in classes}) == 1000
    assert not any("_" in c.name for c in classes)
    # Landmarks that any shift or re-sorting of the table would move.
    assert [(classes[i].wnid, classes[i].name) for i in (0, 284, 999)] == [
        ("n01440764", "tench"),
        ("n02123597", "Siamese cat"),
        ("n15075141", "toilet tissue"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        284,
        "284",
        " 284 ",
        "0284",
        "n02123597",
        "N02123597",
        "Siamese cat",
        "siamese_cat",
        "SIAMESE-CAT",
        "  siamese   cat  ",
    ],
)
def test_a_class_is_found_by_index_wordnet_id_or_name(query):
    assert find_class(query).index == SIAMESE


@pytest.mark.parametrize("query", ["jack-o'-lantern", "Jack O Lantern", "jack-o-lantern", "n03590841"])
def test_apostrophes_and_hyphens_in_a_name_do_not_matter(query):
    assert find_class(query).name == "jack-o'-lantern"


def test_every_class_is_found_by_its_own_index_and_wordnet_id():
    for c in imagenet_classes():
        assert find_class(c.index) is c
        assert find_class(c.wnid) is c


def test_every_class_is_found_by_its_own_name_unless_another_bears_it():
    ambiguous = set()
    for c in imagenet_classes():
        try:
            assert find_class(c.name) is c
        except UsageError:
            ambiguous.add(c.index)
    assert {find_class(i).name.lower() for i in ambiguous} == {"crane", "cardigan", "maillot"}


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("crane", (134, 517)), ("MAILLOT", (638, 639)), ("cardigan", (264, 474))],
)
def test_a_name_that_means_two_classes_is_refused_and_both_numbers_are_given(name, numbers):
    text = message(name)
    assert f"{name!r} names 2 ImageNet classes" in text
    for number in numbers:
        assert f"{number} ({find_class(number).wnid})" in text


@pytest.mark.parametrize("query", [-1, 1000, "-1", "1000", "999999999"])
def test_an_index_out_of_range_is_refused_with_the_range(query):
    assert message(query) == f"ImageNet class {query} does not exist: indices go from 0 to 999"


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [("simese cat", "Siamese cat (284)"), ("golden retreiver", "golden retriever (207)"), ("cat", "(282)")],
)
def test_a_name_that_nothing_bears_is_refused_with_close_ones(query, suggestion):
    assert message(query).startswith(f"no ImageNet class is called {query!r}: did you mean ")
    assert suggestion in message(query)


@pytest.mark.parametrize("query", ["", "   ", "xyzzyq", "'", "n99999999", "²", "9" * 5000])
def test_a_name_like_no_other_is_refused_without_suggestions(query):
    assert message(query) == f"no ImageNet class is called {query.strip()!r}"


@pytest.mark.parametrize("text", ["n02123597", "N02123597", "284", "siamese", "Siamese CAT", "siamese_cat"])
def test_a_search_finds_a_class_by_part_of_its_name_its_id_or_its_index(text):
    assert indices(text) == [SIAMESE]


def test_a_search_gives_whole_words_first_then_parts_of_words():
    names = [c.name for c in search_classes("cat")]
    whole = [name for name in names if "cat" in name.lower().split()]
    assert whole == ["tiger cat", "Persian cat", "Siamese cat", "Egyptian cat", "Madagascar cat"]
    assert names[: len(whole)] == whole
    assert "catamaran" in names[len(whole) :]
    assert indices("cat")[len(whole) :] == sorted(indices("cat")[len(whole) :])


def test_a_misspelt_search_finds_close_names_and_close_words():
    assert indices("tabbi") == [281]
    assert SIAMESE in indices("siameese")


@pytest.mark.parametrize("text", ["", "  ", "'", "xyzzyq", "1000"])
def test_a_search_for_nothing_known_finds_nothing(text):
    assert search_classes(text) == []


def test_the_top_classes_are_the_softmax_of_the_logits_best_first():
    probabilities = np.full(1000, 0.3 / 997)
    probabilities[[SIAMESE, 0, 999]] = 0.4, 0.2, 0.1
    best = top_classes(np.log(probabilities).astype(np.float32), 3)
    assert [(p.index, p.wnid, p.name) for p in best] == [
        (284, "n02123597", "Siamese cat"),
        (0, "n01440764", "tench"),
        (999, "n15075141", "toilet tissue"),
    ]
    np.testing.assert_allclose([p.probability for p in best], [0.4, 0.2, 0.1], rtol=1e-4)


def test_the_probabilities_of_all_classes_sum_to_one_and_never_rise():
    logits = np.random.default_rng(0).normal(0, 5, 1000).astype(np.float32)
    every = [p.probability for p in top_classes(logits, 1000)]
    assert len(every) == 1000
    assert sum(every) == pytest.approx(1, abs=1e-5)
    assert every == sorted(every, reverse=True)


@pytest.mark.parametrize("shift", [-1e4, 1e4])
def test_huge_logits_neither_overflow_nor_change_the_prediction(shift):
    logits = np.zeros(1000, np.float32)
    logits[7] = 10
    (best,) = top_classes(logits + np.float32(shift), 1)
    assert best.index == 7
    assert best.probability == pytest.approx(np.exp(10) / (np.exp(10) + 999), rel=1e-3)


def test_equally_probable_classes_come_in_index_order():
    assert [p.index for p in top_classes(np.zeros(1000, np.float32), 4)] == [0, 1, 2, 3]
