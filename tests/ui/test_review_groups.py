"""How doubtful labels are put into groups of one proposal."""

from imsearch_core.labels.ranking import JudgedLabel, LabelIssue
from imsearch_core.ui.components.grid import Group, groups_of


def judged(
    file: str, label: str | None, suggested: str | None, kind: LabelIssue = LabelIssue.WRONG
) -> JudgedLabel:
    return JudgedLabel(file, label, suggested, 0.1, kind, ())


def test_pictures_with_the_same_proposal_are_a_group_and_rare_proposals_of_one_class_are_another():
    chairs = [judged(f"{i}.jpg", "chair", "cat") for i in range(3)]
    rare = [judged("cow.jpg", "cow", "cat"), judged("sofa.jpg", "sofa", "cat")]
    alone = [judged("bus.jpg", "bus", "train")]
    assert groups_of([*chairs, *rare, *alone]) == {
        **{one.file: Group("chair", "cat") for one in chairs},
        **{one.file: Group("2 classes", "cat") for one in rare},
        "bus.jpg": Group("bus", "train"),
    }


def test_what_is_least_known_to_be_right_comes_first_and_what_looks_right_last():
    groups = groups_of(
        [
            judged("fine.jpg", "cat", "cat", LabelIssue.FINE),
            judged("both.jpg", "cat", "dog", LabelIssue.SECONDARY),
            judged("wrong.jpg", "cat", "dog"),
            judged("new.jpg", None, "dog", LabelIssue.UNLABELLED),
            judged("odd.jpg", "cat", None, LabelIssue.OUTLIER),
        ]
    )
    assert list(groups) == ["wrong.jpg", "new.jpg", "odd.jpg", "both.jpg", "fine.jpg"]
    assert groups["fine.jpg"] == Group("cat", None, sure=True)
    assert groups["odd.jpg"] == Group("cat", None)
    assert groups["both.jpg"].note
    assert groups["new.jpg"].title == "2 classes"  # no label and cat, each with one picture for dog


def test_nothing_is_folded_away_of_what_was_asked_for():
    (group,) = groups_of([judged("fine.jpg", "cat", "cat", LabelIssue.FINE)], folds=False).values()
    assert group == Group("cat", None)
