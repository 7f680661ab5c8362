"""What Compare says there is more of."""

from types import SimpleNamespace

import pytest

from imsearch_core.encoders.imagenet import Prediction, find_class
from imsearch_core.ui.search.neighbours import gain

CATS = [f"cat/{i}.jpg" for i in range(9)]
BOTTLES = [f"bottle/{i}.jpg" for i in range(9)]


def photos(labels: dict[str, tuple[str, ...]], guesses: dict[str, str]) -> SimpleNamespace:
    """Pictures with all labels known of each, the first as shown, and with what each looks like."""

    def classify(file: str) -> list[Prediction]:
        seen = find_class(guesses.get(file, "teapot"))
        return [Prediction(seen.index, seen.wnid, seen.name, 0.9)]

    return SimpleNamespace(
        item=lambda file: SimpleNamespace(all_labels=labels[file]),
        shown_labels={file: known[0] for file, known in labels.items()},
        classify=classify,
    )


def results(files: list[str]) -> SimpleNamespace:
    return SimpleNamespace(results=[SimpleNamespace(file=file) for file in files])


def test_a_class_is_counted_by_the_label_that_means_it_whatever_is_guessed():
    labels = dict.fromkeys(CATS, ("cat",)) | dict.fromkeys(BOTTLES, ("bottle",))
    labels[CATS[0]] = "cat", "bottle"  # in the background
    guesses = dict.fromkeys(BOTTLES, "water bottle") | {BOTTLES[0]: "wine bottle"}
    told = gain(photos(labels, guesses), find_class("wine bottle"), results(BOTTLES), results(CATS))
    assert told == ["bottle 1 → 9"]


def test_of_several_labels_the_one_that_means_least_else_is_counted():
    labels = dict.fromkeys(CATS, ("cat",)) | dict.fromkeys(BOTTLES, ("tabby", "cat"))
    told = gain(photos(labels, {}), find_class("tabby"), results(BOTTLES), results(CATS))
    assert told == ["tabby 0 → 9"]


def test_among_pictures_of_one_label_what_they_look_like_is_counted():
    labels = dict.fromkeys(CATS + BOTTLES, ("cat",))
    guesses = dict.fromkeys([*CATS[:1], *BOTTLES[:5]], "Siamese cat")
    told = gain(photos(labels, guesses), find_class("Siamese cat"), results(BOTTLES), results(CATS))
    assert told == ["Siamese cat 1 → 5"]


@pytest.mark.parametrize("guesses", [{}, dict.fromkeys(CATS, "Siamese cat")])
def test_of_what_there_is_no_more_nothing_is_said(guesses):
    labels = dict.fromkeys(CATS + BOTTLES, ("cat",))
    told = gain(photos(labels, guesses), find_class("Siamese cat"), results(BOTTLES), results(CATS))
    assert told == []
