"""The set that ships: its pictures, and that its two tables agree with them."""

import csv
from collections import Counter

from imsearch_core.datasets import scan
from imsearch_core.datasets.builtin import ILLUSTRATED


def rows(name: str) -> list[dict[str, str]]:
    with (ILLUSTRATED.folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_illustrated_set_has_fifty_pictures_in_each_of_twenty_classes():
    dataset = scan(ILLUSTRATED.folder)
    assert sorted(Counter(item.given_label for item in dataset.items).values()) == [50] * 20
    assert dataset.skipped == ()
    assert ILLUSTRATED.is_there


def test_its_tables_name_every_picture_and_agree_on_what_it_shows():
    files = {item.file for item in scan(ILLUSTRATED.folder).items}
    labels = {row["file"]: row for row in rows("labels.csv")}
    shown = {}
    for row in rows("truth.csv"):
        shown.setdefault(row["file"], []).append(row["class"])
        assert row["label"] == labels[row["file"]]["label"] == row["file"].split("/")[0]
        assert int(row["x0"]) < int(row["x1"])
        assert int(row["y0"]) < int(row["y1"])
        assert 0 < float(row["area"]) <= 1
    assert labels.keys() == shown.keys() == files
    for file, classes in shown.items():
        assert labels[file]["all_labels"].split() == list(dict.fromkeys(classes))


def test_labels_planted_wrong_are_those_of_classes_that_are_not_shown():
    wrong = {row["file"]: row for row in rows("truth.csv") if row["wrong"] == "1"}
    assert len(wrong) == 30
    for row in rows("labels.csv"):
        assert (row["label"] not in row["all_labels"].split()) == (row["file"] in wrong)
        assert row["wrong"] == ("1" if row["file"] in wrong else "")
