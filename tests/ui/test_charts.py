"""What charts about labels show."""

from imsearch_core.labels.ranking import JudgedLabel, LabelIssue
from imsearch_core.ui.labels.charts import agreement_change, confusion_matrix, confusions


def judged(label, suggested):
    return JudgedLabel(f"{label}.jpg", label, suggested, 0.1, LabelIssue.WRONG, ())


def rows_of(chart):
    return chart["datasets"][chart["data"]["name"]]


def test_the_matrix_counts_the_pictures_of_each_class_that_look_like_another():
    shown, left_out = confusions(
        [
            judged("cat", "dog"),
            judged("cat", "dog"),
            judged("dog", "cat"),
            judged("cat", "cat"),
            judged("cat", None),
        ]
    )
    assert (set(shown), left_out) == ({("cat", "dog", 2), ("dog", "cat", 1)}, 0)
    assert {"label": "cat", "suggested": "dog", "pictures": 2} in rows_of(confusion_matrix(shown))


def test_of_many_classes_the_matrix_shows_those_most_often_involved():
    often = [judged(f"class {i}", f"class {i + 1}") for i in range(0, 30, 2) for _ in range(2)]
    shown, left_out = confusions([*often, judged("rare", "class 0")])
    assert (len(shown), left_out) == (15, 1)


def test_a_matrix_of_two_classes_has_room_for_its_cells_beside_the_longest_labels():
    chart = confusion_matrix([("cat", "a label as long as a sentence", 1)])
    assert chart["height"] >= 2 * 26 + 120


def test_charts_of_other_figures_have_data_of_another_name():
    one, same, other = (confusion_matrix([("cat", "dog", count)]) for count in (1, 1, 2))
    assert one == same
    assert one["data"] != other["data"]  # or the browser would keep the earlier rows


def test_classes_stand_by_how_much_their_agreement_has_changed_then_by_name():
    names = [f"class {i}" for i in range(10)]
    before = dict.fromkeys(names, 0.5)
    chart = agreement_change(before, before | {"class 7": 0.9})
    assert chart["encoding"]["y"]["sort"] == ["class 7", *(name for name in names if name != "class 7")]
