"""The corrected copy: every picture under its label, complete or not at all; the photos stay untouched."""

import os
from pathlib import Path

import pytest

from imsearch_core import ImsearchError, UsageError
from imsearch_core.datasets import scan
from imsearch_core.labels.corrected_copy import How, copy_corrected


@pytest.fixture
def photos(tmp_path):
    """Files with some content: what is in them does not matter here."""
    folder = tmp_path / "photos"
    for file in ("cat/1.jpg", "cat/deep/2.jpg", "dog/1.jpg", "3.jpg"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(file)
    return folder


def copied(photos: Path, corrected: dict[str, str], target: Path, how: How = How.FILES) -> dict:
    """Make a copy, read it like any dataset: label and content of each file."""
    items = scan(photos).items
    labels = {item.file: corrected.get(item.file, item.given_label) for item in items}
    copy_corrected(photos, items, labels, target, how)
    return {item.file: (item.given_label, (target / item.file).read_text()) for item in scan(target).items}


@pytest.mark.parametrize("how", How)
def test_a_corrected_picture_moves_and_the_others_keep_their_places(photos, tmp_path, how):
    before = {path: path.stat().st_mtime_ns for path in photos.rglob("*")}
    target = tmp_path / "copy"
    assert copied(photos, {"dog/1.jpg": "cat", "3.jpg": "dog"}, target, how) == {
        "cat/1.jpg": ("cat", "cat/1.jpg"),
        "cat/1-2.jpg": ("cat", "dog/1.jpg"),
        "cat/deep/2.jpg": ("deep", "cat/deep/2.jpg"),
        "dog/3.jpg": ("dog", "3.jpg"),
    }
    assert (target / "cat/1.jpg").is_symlink() == (how is How.SYMLINKS)
    assert os.path.samefile(target / "cat/1.jpg", photos / "cat/1.jpg") == (how is not How.FILES)
    assert {path: path.stat().st_mtime_ns for path in photos.rglob("*")} == before
    assert sorted(os.listdir(tmp_path)) == ["copy", "photos"]


def test_a_corrected_picture_stays_in_its_split(tmp_path):
    folder = tmp_path / "photos"
    for file in ("train/cat/1.jpg", "train/dog/2.jpg", "test/cat/3.jpg", "test/dog/4.jpg"):
        (folder / file).parent.mkdir(parents=True)
        (folder / file).write_text(file)
    assert copied(folder, {"train/cat/1.jpg": "dog"}, tmp_path / "copy") == {
        "train/dog/1.jpg": ("dog", "train/cat/1.jpg"),
        "train/dog/2.jpg": ("dog", "train/dog/2.jpg"),
        "test/cat/3.jpg": ("cat", "test/cat/3.jpg"),
        "test/dog/4.jpg": ("dog", "test/dog/4.jpg"),
    }
    splits = {item.file: item.split for item in scan(tmp_path / "copy").items}
    assert splits["train/dog/1.jpg"] == "train"
    assert splits["test/cat/3.jpg"] == "test"


@pytest.mark.parametrize(
    "label",
    [
        "../../escaped",
        "/etc",
        ".",
        "..",
        ".hidden",
        "a/b",
        "3.jpg",
        "__MACOSX",
        " ",
        "é" * 150,
        "a\\b:c*",
        "\udcff",
        "=1+1",
        "-",
    ],
)
def test_no_class_name_leads_out_of_the_copy(photos, tmp_path, label):
    target = tmp_path / "deep" / "copy"
    found = copied(photos, {"dog/1.jpg": label}, target)
    (file,) = (file for file, (_, content) in found.items() if content == "dog/1.jpg")
    assert found[file][0] == label or label == " "
    assert len(found) == 4
    assert os.listdir(target.parent) == ["copy"]


def test_classes_that_differ_in_odd_characters_stay_apart(photos, tmp_path):
    found = copied(photos, {"cat/1.jpg": "a/b", "dog/1.jpg": "a:b", "3.jpg": "a-b"}, tmp_path / "copy")
    assert found["a-b/3.jpg"] == ("a-b", "3.jpg")
    assert {label for label, _ in found.values()} == {"a/b", "a:b", "a-b", "deep"}


def test_other_classes_in_the_picture_stay_known(photos, tmp_path):
    (photos / "labels.csv").write_text("file,label,all_labels\ndog/1.jpg,dog,dog person sofa\n")
    copied(photos, {"dog/1.jpg": "person"}, tmp_path / "copy")
    (item,) = (item for item in scan(tmp_path / "copy").items if item.given_label == "person")
    assert item.all_labels == ("person", "sofa")


def test_an_empty_folder_is_filled_and_one_that_is_not_empty_is_left_alone(photos, tmp_path):
    target = tmp_path / "copy"
    target.mkdir()
    assert len(copied(photos, {}, target)) == 4
    with pytest.raises(UsageError, match="not an empty folder"):
        copied(photos, {}, target)


@pytest.mark.parametrize("place", [".", "cat", "new", ".."])
def test_the_copy_never_overlaps_the_photos(photos, place):
    with pytest.raises(UsageError, match="overlaps"):
        copied(photos, {}, photos / place)
    assert not (photos / "new").exists()


def test_a_copy_that_fails_leaves_nothing(photos, tmp_path):
    items = scan(photos).items
    (photos / "dog/1.jpg").unlink()
    with pytest.raises(ImsearchError, match="cannot be made"):
        copy_corrected(photos, items, {i.file: i.given_label for i in items}, tmp_path / "copy", How.FILES)
    assert os.listdir(tmp_path) == ["photos"]
