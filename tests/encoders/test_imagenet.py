"""The ImageNet classes: finding one by any word for it, and naming predictions."""

import json
from collections import Counter

import numpy as np
import pytest

from imsearch_core.encoders.imagenet import (
    find_class,
    imagenet_classes,
    imagenet_indices,
    note_about,
    search_classes,
    top_classes,
    ways_to_name,
)
from imsearch_core.errors import UsageError
from imsearch_core.files import SHIPPED

SIAMESE = 284
CATS = [281, 282, 283, 284, 285]
WORDS = json.loads((SHIPPED / "imagenet_synonyms.json").read_text("utf-8"))
PASCAL = json.loads((SHIPPED / "imagenet_of_class.json").read_text("utf-8"))


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


def test_every_class_is_found_by_its_own_name_unless_another_has_it_too():
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
    [
        ("simese cat", "Siamese cat (284)"),
        ("golden retreiver", "golden retriever (207)"),
        ("elefant", "African elephant (386)"),
    ],
)
def test_an_unknown_name_is_refused_with_similar_ones(query, suggestion):
    assert message(query).startswith(f"no ImageNet class is called {query!r}: did you mean ")
    assert suggestion in message(query)


@pytest.mark.parametrize("query", ["", "   ", "xyzzyq", "'", "n99999999", "²", "9" * 5000])
def test_a_name_that_resembles_none_is_refused_without_suggestions(query):
    assert message(query) == f"no ImageNet class is called {query.strip()!r}"


@pytest.mark.parametrize("text", ["n02123597", "N02123597", "284", "siamese", "Siamese CAT", "siamese_cat"])
def test_a_search_finds_a_class_by_part_of_its_name_its_id_or_its_index(text):
    assert indices(text) == [SIAMESE]


def test_a_search_gives_meanings_then_whole_words_of_names_then_of_synonyms_then_beginnings():
    found = indices("cat")
    assert found[:5] == CATS
    assert find_class(found[5]).name == "Madagascar cat"
    assert found.index(286) < found.index(387) < found.index(484)  # "wild cat", "bear cat", catamaran
    assert len(found) == len(set(found))


def test_a_name_comes_before_a_synonym_and_a_synonym_before_an_everyday_meaning():
    assert indices("missile")[:2] == [657, 744]
    assert indices("plane")[:3] == [726, 404, 895]
    assert indices("coach")[:4] == [705, 779, 654, 874]


@pytest.mark.parametrize(
    ("text", "number"),
    [("tabbi", 281), ("siameese", SIAMESE), ("zeebra", 340), ("telivision", 851), ("aligator", 50)],
)
def test_a_misspelt_search_finds_close_names_and_close_words(text, number):
    assert indices(text)[0] == number


@pytest.mark.parametrize(
    ("text", "number"), [("televis", 851), ("siam", SIAMESE), ("pussyc", 281), ("bloodho", 163), ("kat", 299)]
)
def test_a_search_finds_beginnings_of_words_or_else_ends(text, number):
    assert number in indices(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("puppy", range(151, 269)),
        ("dog", range(151, 269)),
        ("kitty", CATS),
        ("kitten", CATS),
        ("plane", [404, 895]),
        ("aeroplane", [404, 895]),
        ("airplane", [404, 895]),
        ("telly", [851, 664, 782]),
        ("TV", [851, 664, 782]),
        ("couch", [831]),
        ("sofa", [831]),
        ("settee", [831]),
        ("lorry", [555, 569, 675, 717, 864, 867]),
        ("truck", [555, 569, 675, 717, 864, 867]),
        ("bike", [671, 444]),
        ("motorbike", [665, 670]),
        ("sheep", [348, 349]),
        ("lamb", [348, 349]),
        ("cow", [345, 346]),
        ("boat", [472, 554, 625, 814, 914, 484, 780, 871]),
        ("ship", [510, 628, 403]),
        ("flower pot", [738]),
        ("pot plant", [738]),
        ("bunny", [330, 332]),
        ("horse", [339]),
        ("pony", [339]),
        ("piglet", [341, 342]),
        ("monkey", range(370, 383)),
        ("ape", [365, 366, 367]),
        ("bear", [294, 295, 296, 297]),
        ("panda", [387, 388]),
        ("frog", [30, 31, 32]),
        ("snake", range(52, 69)),
        ("spider", range(72, 78)),
        ("butterfly", range(321, 327)),
        ("duck", [97, 98]),
        ("chicken", [7, 8]),
        ("owl", [24]),
        ("turtle", range(33, 38)),
        ("dinosaur", [51]),
        ("elephant", [385, 386]),
        ("car", [436, 511, 817]),
        ("taxi", [468]),
        ("tram", [829]),
        ("train", [466, 547, 820]),
        ("chair", [423, 559, 765]),
        ("bed", [564, 831]),
        ("wardrobe", [894]),
        ("fridge", [760]),
        ("cooker", [827]),
        ("hoover", [882]),
        ("rubbish", [412]),
        ("dustbin", [412]),
        ("mug", [504]),
        ("nappy", [529]),
        ("jumper", [474, 841]),
        ("trousers", [608]),
        ("trainers", [770]),
        ("jewelry", [679]),
        ("apple", [948]),
        ("courgette", [939]),
        ("burger", [933]),
        ("maize", [987]),
        ("toadstool", [992, 947]),
        ("guitar", [402, 546]),
        ("piano", [579, 881]),
        ("mobile", [487]),
        ("camera", [732, 759]),
        ("axe", [596]),
        ("gun", [413, 763, 764]),
        ("football", [805]),
        ("lighthouse", [437]),
        ("supermarket", [582]),
        ("bridge", [821, 839, 888]),
        ("beach", [978]),
        ("mountain", [970]),
        ("handbag", [748]),
        ("flower", [985, 986]),
    ],
)
def test_an_everyday_word_leads_to_its_classes(text, expected):
    assert set(expected) <= set(indices(text)[: len(expected) + 1])


@pytest.mark.parametrize("label", [label for label in PASCAL if label != "person"])
def test_every_pascal_label_leads_to_one_of_its_classes(label):
    assert set(imagenet_indices(label)) & set(indices(label.replace("_", " "))[:10])


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("cats", "cat"),
        ("buses", "bus"),
        ("puppies", "puppy"),
        ("mice", "mouse"),
        ("wolves", "wolf"),
        ("watches", "watch"),
        ("vases", "vase"),
        ("Shoes", "shoe"),
        ("cookers", "cooker"),
        ("Siamese cats", "siamese cat"),
        ("hot dogs", "hotdog"),
        ("men", "man"),
        ("children", "child"),
    ],
)
def test_a_plural_means_what_its_singular_means(plural, singular):
    assert indices(plural)[:1] == indices(singular)[:1] != []


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("television system", 851),
        ("Tinca tinca", 0),
        ("Siamese", SIAMESE),
        ("day bed", 831),
        ("POLAR BEAR", 296),
        ("ladybird", 301),
        ("pig", 341),
        ("tee-shirt", 610),
        ("fridge", 760),
        ("firetruck", 555),
        ("ashbin", 412),
        ("bow-tie", 457),
        ("golden retrievers", 207),
        ("sunglasses", 837),
        ("sunglass", 836),
    ],
)
def test_a_class_is_found_by_a_synonym_that_means_it_alone(query, number):
    assert find_class(query).index == number


@pytest.mark.parametrize(
    ("word", "choices"),
    [
        ("cat", "5 ImageNet classes: give one of the numbers 281 (tabby), 282 (tiger cat)"),
        ("panther", "2 ImageNet classes: give one of the numbers 286 (cougar), 290 (jaguar)"),
        ("sun glasses", "2 ImageNet classes: give one of the numbers 836 (sunglass), 837 (sunglasses)"),
    ],
)
def test_a_word_that_means_several_classes_is_refused_and_they_are_named(word, choices):
    assert message(word).startswith(f"{word!r} names {choices}")


def test_only_a_few_of_many_choices_are_listed():
    assert message("puppies").startswith(
        "'puppies' names 118 ImageNet classes: give one of the numbers 151 ("
    )
    assert message("puppies").endswith("156 (Blenheim spaniel) and 112 more")


@pytest.mark.parametrize(
    "text",
    [
        "person",
        "people",
        "man",
        "Women",
        "child",
        "boys",
        "girl",
        "human",
        "face",
        "baby",
        "doctor",
        "firemen",
    ],
)
def test_a_search_for_people_says_that_there_are_none_and_gives_related_classes(text):
    assert note_about(text) == "ImageNet has no class for people; these are near."
    assert len(indices(text)) >= 2
    assert message(text).startswith("ImageNet has no class for people; these are near: ")


def test_near_a_person_are_the_three_classes_that_show_one_then_clothes():
    assert indices("person") == [981, 982, 983, 610, 834, 400, 652]


@pytest.mark.parametrize("text", ["", "cat", "scuba diver", "groom", "manhole cover", "xyzzyq"])
def test_a_search_for_anything_else_says_nothing_about_people(text):
    assert note_about(text) is None


def synonyms(index):
    """What means this class alone, but for its name."""
    _, *others = ways_to_name()[index]
    return tuple(text for text, classes in others if classes == 1)


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (0, ("Tinca tinca",)),
        (SIAMESE, ("Siamese",)),
        (6, ()),
        (760, ("icebox", "fridge", "freezer")),
    ],
)
def test_the_synonyms_of_a_class_are_its_synset_then_everyday_words_for_it_alone(index, expected):
    assert synonyms(index) == expected


def test_no_synonym_is_empty_or_repeated_or_the_name_itself():
    for c in imagenet_classes():
        names = [name.lower() for name in (c.name, *synonyms(c.index))]
        assert all(name and name == name.strip() for name in names)
        assert len(set(names)) == len(names), names


def test_every_class_is_found_by_each_of_its_synonyms():
    for c in imagenet_classes():
        for name in synonyms(c.index):
            assert c.index in indices(name), name


def test_every_index_in_the_table_of_words_exists():
    known = {str(c.index) for c in imagenet_classes()}
    assert set(WORDS["synsets"]) <= known
    for group, spans in (WORDS["everyday"] | WORDS["people"]).items():
        ends = [span.split("-") for span in spans]
        assert ends, group
        assert {end for pair in ends for end in pair} <= known, group
        assert all(int(pair[0]) < int(pair[1]) for pair in ends if len(pair) > 1), group


def test_no_everyday_word_is_in_two_groups_or_has_a_class_twice():
    words = Counter(
        word.lower() for group in WORDS["everyday"] | WORDS["people"] for word in group.split(", ")
    )
    assert words.most_common(1)[0][1] == 1
    for group in WORDS["everyday"] | WORDS["people"]:
        found = indices(group.split(", ")[0])
        assert len(found) == len(set(found)) > 0, group


@pytest.mark.parametrize("text", ["", "  ", "'", "xyzzyq", "1000"])
def test_a_search_for_something_unknown_finds_nothing(text):
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
