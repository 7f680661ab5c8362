"""The orders of Browse."""

from imsearch_core.ui.browse import in_turn


def test_classes_in_turn_show_one_picture_of_each_before_the_second_of_any():
    labels = {"a1": "a", "a2": "a", "b1": "b", "x1": None, "x2": None}
    assert in_turn(["a1", "a2", "b1", "x1", "x2"], labels) == ["a1", "b1", "x1", "a2", "x2"]
