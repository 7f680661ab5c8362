"""The orders of Browse, and where one can jump to."""

import numpy as np

from imsearch_core.ui.browse import in_turn, sections_of


def test_classes_in_turn_show_one_picture_of_each_before_the_second_of_any():
    labels = ["a", "a", "b", None, None, "b"]
    assert in_turn(np.array([0, 1, 2, 3, 4]), labels).tolist() == [0, 2, 3, 1, 4]
    assert in_turn(np.array([], int), labels).tolist() == []


def test_one_jumps_to_folders_and_in_a_single_folder_to_first_letters():
    assert sections_of(["cat/a.jpg", "cat/b.jpg", "dog/a.jpg"]) == [("cat", 0), ("dog", 2)]
    assert sections_of(["ant.jpg", "apple.jpg", "bee.jpg"]) == [("A", 0), ("B", 2)]
    assert sections_of(["ant.jpg"]) == []
    years = [f"{year}/{day}/1.jpg" for year in (2019, 2020) for day in range(600)]
    assert sections_of(years) == [("2019", 0), ("2020", 600)]
