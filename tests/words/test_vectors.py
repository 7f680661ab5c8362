"""Words as vectors: the built-in table, what a text means in it, and the words nearest to it."""

import numpy as np
import pytest

from imsearch_core.encoders.imagenet import class_phrases, imagenet_classes
from imsearch_core.errors import UsageError
from imsearch_core.files import SHIPPED
from imsearch_core.search.signed import MAX_CHARACTERS
from imsearch_core.words.spelling import Spellings, respelt
from imsearch_core.words.vectors import ENGINES, TABLE, WordVectors, load_words


@pytest.fixture(scope="module")
def table():
    return load_words()


@pytest.fixture
def small():
    """Five words along five axes, and one between the first two."""
    vectors = np.eye(5, dtype=np.float32)
    between = ((vectors[0] + vectors[1]) / np.sqrt(2))[None]
    words = ["cat", "dog", "ice_cream", "the", "café", "pet"]
    return WordVectors("the small table", words, np.concatenate([vectors, between]), "small")


def nearest(table, text, k=10):
    return [near.word for near in table.nearest(table.meaning(text), k)]


# The built-in table


def test_the_table_is_of_unit_vectors_and_small_enough_to_ship(table):
    assert 28_000 < len(table) < 35_000
    assert table.vectors.shape == (len(table), table.dimension)
    assert table.vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(table.vectors, axis=1), 1, atol=1e-5)
    assert sum(path.stat().st_size for path in TABLE.iterdir()) <= 6_000_000


def test_its_origin_and_licence_are_in_its_folder():
    assert "Apache License" in (TABLE / "LICENSE").read_text("utf-8")
    origin = (TABLE / "README.md").read_text("utf-8")
    assert "all-MiniLM-L6-v2" in origin
    assert "symspellpy" in origin


def test_it_has_every_word_once(table):
    assert len(set(table.words)) == len(table)
    assert all(word == word.strip().lower() for word in table.words)


def test_it_has_all_imagenet_classes_under_all_their_names_and_the_pascal_classes(table):
    assert [c.name for c in imagenet_classes() if c.name not in table] == []
    assert [phrase for phrase in class_phrases() if phrase not in table] == []
    labels = {path.split("/")[0] for path in (SHIPPED / "pascal_sentences.csv").read_text().split("\n")[1:-1]}
    assert len(labels) == 20
    assert [label for label in labels if label not in table] == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("sofa", {"couch", "furniture", "cushions", "armchair"}),
        ("ocean", {"oceans", "sea", "seas", "beach"}),
        ("bicycle", {"bike", "cycling"}),
        ("puppy", {"pup", "dog"}),
        ("doctor", {"physician", "surgeon"}),
        ("winter", {"snow", "cold"}),
        ("airplane", {"aircraft", "plane", "aeroplane"}),
        ("whisky", {"scotch", "liquor"}),
        ("happy", {"joyful", "delighted"}),
        ("dining_table", {"dinner table", "dining room"}),
    ],
)
def test_its_neighbours_are_related_words(table, word, expected):
    assert expected <= set(nearest(table, word, 12))


# Finding a word


@pytest.mark.parametrize("text", ["ice cream", "Ice-Cream", "ice_creams", " icecream ", "ICE CREAM"])
def test_a_phrase_is_found_however_it_is_written(small, text):
    assert small.find(text) == 2


@pytest.mark.parametrize(("text", "word"), [("Cats", "cat"), ("cat's", "cat"), ("CAFÉ", "café")])
def test_case_plurals_and_accents_do_not_matter(small, text, word):
    assert small.words[small.find(text)] == word


@pytest.mark.parametrize(("text", "word"), [("puppies", "puppy"), ("buses", "bus"), ("geese", "geese")])
def test_plurals_of_the_built_in_table_are_found(table, text, word):
    assert text in table
    assert word in nearest(table, text) or text == word


# What a text means


def test_phrases_of_the_table_are_one_word(small):
    assert small.meaning("cat with ice cream").plus == ("cat", "ice_cream")


def test_several_words_are_averaged_without_those_that_say_little(small):
    meaning = small.meaning("the cat and the dog")
    assert meaning.plus == ("cat", "dog")
    assert np.allclose(meaning.vector, small.vectors[5], atol=1e-6)
    assert nearest(small, "the cat and the dog", 1) == ["pet"]


def test_a_word_that_says_little_is_found_when_it_is_alone(small):
    assert small.meaning("the").plus == ("the",)


@pytest.mark.parametrize("text", ["cat − dog + ice cream", "cat - dog + ice cream", "cat -dog +ice cream"])
def test_words_are_added_and_subtracted(small, text):
    meaning = small.meaning(text)
    assert (meaning.plus, meaning.minus) == (("cat", "ice_cream"), ("dog",))
    assert np.allclose(meaning.vector, np.array([1, -1, 1, 0, 0]) / np.sqrt(3), atol=1e-6)


def test_king_minus_man_plus_woman_is_queen(table):
    assert nearest(table, "king − man + woman", 1) == ["queen"]


def test_a_hyphen_within_a_word_subtracts_nothing(small):
    assert small.meaning("ice-cream").minus == ()
    assert small.meaning("cat-dog").plus == ("cat", "dog")


def test_words_separated_by_a_space_are_not_joined(table):
    assert "around" not in table.meaning("cat on a round bed").plus


def test_unknown_words_are_named_with_close_spellings_and_the_rest_counts(table):
    meaning = table.meaning("a sofaa with a cat")
    assert meaning.plus == ("cat",)
    (unknown,) = meaning.unknown
    assert unknown.word == "sofaa"
    assert unknown.suggestions[0] == "sofa"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("elefant", "elephant"), ("giraff", "giraffe"), ("hte", "the"), ("bycicle", "bicycle")],
)
def test_the_closest_spellings_have_what_was_meant(table, typed, meant):
    assert meant in [table.words[row] for row in Spellings(table.words).closest(typed)]


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("sofa sof", "sofa sofa"),
        ("Sof on a SOF", "sofa on a sofa"),
        ("big_sof − sof's", "big_sofa − sofa's"),
        ("soft sofsof", "soft sofsof"),
    ],
)
def test_another_spelling_replaces_whole_words_only(text, becomes):
    assert respelt(text, "sof", "sofa") == becomes


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", "type a word"),
        ("  \n", "type a word"),
        ("😀🎉", "no words in “😀🎉”: type a word"),
        ("12 + 3", "no words in"),
        (" − ", "no words in"),
        ("海の写真", "script that .* does not know"),
        ("собака", "script that .* does not know"),
        ("x" * 10_000, f"10,000 characters are too many, {MAX_CHARACTERS:,} at most"),
        ("xqzzyvk", "no word of “xqzzyvk”"),
        ("catt on a sofaa", "no word of “catt on a sofaa”: did you mean"),
        ("elefant", "did you mean .*elephant"),
        ("dog − dog", "cancel each other out"),
    ],
)
def test_what_cannot_be_understood_gets_a_helpful_answer(table, text, answer):
    with pytest.raises(UsageError, match=answer):
        table.meaning(text)


# Nearest words


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_finds_the_nearest_words(small, engine, home):
    (pet,) = small.nearest(small.meaning("cat"), 1, engine)
    assert pet.word == "pet"
    assert pet.cosine == pytest.approx(np.sqrt(0.5), abs=1e-4)


def test_a_query_is_not_its_own_answer(small):
    assert "cat" not in nearest(small, "cats")
    assert len(nearest(small, "cat − dog", 100)) == len(small) - 2
