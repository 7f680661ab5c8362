"""The problems that pictures can be filtered by."""

from imsearch_core.labels.problems import DOUBTFUL, POOR, problems_by_file, undecided
from imsearch_core.labels.quality import PoorPicture, QualityIssue
from imsearch_core.labels.ranking import JudgedLabel, LabelIssue


def judged(file, kind):
    return JudgedLabel(file, "cat", "dog", 0.1, kind, ())


def test_a_file_has_its_problems_by_name_and_in_general_unless_its_label_was_decided_about():
    labels = [
        judged("a.jpg", LabelIssue.WRONG),
        judged("b.jpg", LabelIssue.WRONG),
        judged("c.jpg", LabelIssue.FINE),
    ]
    poor = [PoorPicture("b.jpg", QualityIssue.DARK, 0.2), PoorPicture("b.jpg", QualityIssue.TINY, 40)]
    found = problems_by_file(labels, poor)
    assert found == {
        "a.jpg": {DOUBTFUL, "probably wrong"},
        "b.jpg": {DOUBTFUL, "probably wrong", POOR, "dark", "tiny"},
    }
    assert undecided(found, ["a.jpg", "b.jpg", "c.jpg"]) == {"a.jpg": set(), "b.jpg": {POOR, "dark", "tiny"}}
