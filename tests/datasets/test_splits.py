"""Which class and which split the folders above a picture stand for."""

import pytest

from imsearch_core.datasets import Skipped, scan


@pytest.mark.parametrize(
    ("file", "label", "split"),
    [
        ("train/cat/a.jpg", "cat", "train"),
        ("valid/dog/b.jpg", "dog", "val"),
        ("train/a.jpg", None, "train"),
        ("images/cat/c.jpg", "cat", None),
        ("2023/05/d.jpg", None, None),
        ("2023-05-17/d.jpg", None, None),
        ("7/digit.jpg", "7", None),
        ("a.jpg", None, None),
    ],
)
def test_the_folder_that_holds_a_picture_is_its_class_unless_a_split_or_date(tmp_path, file, label, split):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).touch()
    (item,) = scan(tmp_path).items
    assert (item.given_label, item.split) == (label, split)
    assert item.all_labels == ((label,) if label else ())


def test_train_among_other_classes_is_a_class(tmp_path):
    for file in ("bus/a.jpg", "train/b.jpg"):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).touch()
    assert [(item.given_label, item.split) for item in scan(tmp_path).items] == [
        ("bus", None),
        ("train", None),
    ]


def test_thumbnails_of_a_network_drive_are_left_out_and_named(tmp_path):
    for file in ("cat/a.jpg", "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg"):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).touch()
    dataset = scan(tmp_path)
    assert [item.file for item in dataset.items] == ["cat/a.jpg"]
    assert dataset.skipped == (Skipped("@eaDir", "a folder of the system, not of pictures"),)


def test_what_was_understood_is_said_in_one_line(tmp_path):
    for file in ("train/cat/a.jpg", "train/dog/b.jpg", "test/cat/c.jpg"):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).touch()
    assert scan(tmp_path).understood == "2 classes from the last folder, 2 splits"
    assert scan(tmp_path / "train" / "cat").understood == "no classes"
