"""Which class and which split the folders above a picture stand for."""

import pytest

from imsearch_core.datasets import Skipped, scan
from imsearch_core.errors import UsageError


def touch(folder, *files):
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    return folder


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
        ("cat/train/a.jpg", "cat", "train"),
        ("a.jpg", None, None),
        ("Training/glioma/a.jpg", "glioma", "train"),
        ("testing/3/a.jpg", "3", "test"),
        ("evaluation/cat/a.jpg", "cat", "test"),
        ("images/a.jpg", None, None),
        ("images/train/a.jpg", None, "train"),
        ("valid/images/a.jpg", None, "val"),
        ("VOC/JPEGImages/a.jpg", None, None),
        ("2023/May/a.jpg", None, None),
        ("2023/05-May/a.jpg", None, None),
        ("2023/12 December/a.jpg", None, None),
        ("May/a.jpg", "May", None),
        ("2023 05 17/a.jpg", None, None),
        ("17.5.2023/a.jpg", None, None),
        ("March 2021/a.jpg", None, None),
        ("Photos from 2019/a.jpg", None, None),
        ("2023-05-17 Rome/a.jpg", "2023-05-17 Rome", None),
        ("2023/12-24/a.jpg", None, None),
        ("2023/W12/a.jpg", None, None),
        ("training_set/cat/a.jpg", "cat", "train"),
        ("Test images/cat/a.jpg", "cat", "test"),
        ("seg_train/cat/a.jpg", "cat", None),
        ("Fotos/2023/a.jpg", None, None),
        ("Fotos von 2019/a.jpg", None, None),
        ("2023/März/a.jpg", None, None),
        ("2023-Janvier/a.jpg", None, None),
        ("2023/05 - mai/a.jpg", None, None),
        ("enero de 2023/a.jpg", None, None),
        ("Okt 2023/a.jpg", None, None),
        ("2023年5月/a.jpg", None, None),
        ("2023/मई/a.jpg", None, None),
        ("2023-W12/a.jpg", None, None),
        ("2022-2023/a.jpg", None, None),
        ("2023/Rome/a.jpg", "Rome", None),
        ("100CANON/a.jpg", None, None),
        ("DCIM/101_0523/a.jpg", None, None),
        ("10010523/a.jpg", "10010523", None),
        ("Mai/a.jpg", "Mai", None),
        ("BMW 3 Series 2012/a.jpg", "BMW 3 Series 2012", None),
    ],
)
def test_the_folder_that_holds_a_picture_is_its_class_unless_a_split_or_date(tmp_path, file, label, split):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).touch()
    (item,) = scan(tmp_path).items
    assert (item.given_label, item.split) == (label, split)
    assert item.all_labels == ((label,) if label else ())


def test_a_class_called_like_an_abbreviated_month_of_some_language_is_a_class(tmp_path):
    touch(tmp_path, "2019/van/a.jpg", "2019/bus/b.jpg", "2020/Okt/c.jpg", "2020/Dez/d.jpg")
    assert [item.given_label for item in scan(tmp_path).items] == ["bus", "van", None, None]


def test_train_among_other_classes_is_a_class(tmp_path):
    for file in ("bus/a.jpg", "train/b.jpg"):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).touch()
    assert [(item.given_label, item.split) for item in scan(tmp_path).items] == [
        ("bus", None),
        ("train", None),
    ]


def test_folders_whose_names_differ_in_the_split_alone_are_splits(tmp_path):
    touch(tmp_path, "seg_train/seg_train/sea/a.jpg", "seg_test/seg_test/sea/b.jpg", "seg_pred/c.jpg")
    assert [(item.given_label, item.split) for item in scan(tmp_path).items] == [
        ("seg_pred", None),
        ("sea", "test"),
        ("sea", "train"),
    ]
    touch(tmp_path / "classes", "train station/a.jpg", "test tube/b.jpg")
    assert [item.given_label for item in scan(tmp_path / "classes").items] == ["test tube", "train station"]


def test_numbers_after_the_name_of_a_split_say_nothing(tmp_path):
    touch(tmp_path, "train/cat.0.jpg", "test1/1.jpg", "more/train_1/a/b.jpg", "more/train_2/c/d.jpg")
    assert [(item.file, item.given_label, item.split) for item in scan(tmp_path).items] == [
        ("more/train_1/a/b.jpg", "a", "train"),
        ("more/train_2/c/d.jpg", "c", "train"),
        ("test1/1.jpg", None, "test"),
        ("train/cat.0.jpg", None, "train"),
    ]


def test_the_class_is_above_folders_that_are_no_classes(tmp_path):
    touch(tmp_path, "cat/images/a.jpg", "dog/2023/05/b.jpg")
    assert [item.given_label for item in scan(tmp_path).items] == ["cat", "dog"]


def test_several_splits_beside_another_folder_are_splits(tmp_path):
    touch(tmp_path, "train/cat/a.jpg", "test/cat/b.jpg", "others/c.jpg")
    assert [(item.given_label, item.split) for item in scan(tmp_path).items] == [
        ("others", None),
        ("cat", "test"),
        ("cat", "train"),
    ]


@pytest.mark.parametrize("name", ["unlabeled", "Unlabelled", "no_label"])
def test_a_folder_that_says_so_gives_its_pictures_no_class_unless_its_level_is_asked_for(tmp_path, name):
    touch(tmp_path, "cat/a.jpg", f"{name}/b.jpg")
    assert {item.given_label for item in scan(tmp_path).items} == {"cat", None}
    assert {item.given_label for item in scan(tmp_path, label_level=0).items} == {"cat", name}


@pytest.mark.parametrize(
    "files",
    [
        ["HAM10000_images_part_1/a.jpg", "HAM10000_images_part_2/b.jpg"],
        ["images_001/images/a.png", "images_002/images/b.png"],
        ["iCloud Photos Part 1 of 2/Photos/a.jpg", "iCloud Photos Part 2 of 2/Photos/b.jpg"],
        ["DCIM/100MSDCF/a.jpg", "MISC/x.txt", "AVF_INFO/AVIN0001.BNP", "PRIVATE/SONY/THMBNL/C0001T01.JPG"],
        ["DCIM/DJI_001/a.jpg", "DCIM/DJI_202605011200_002/b.jpg"],
        ["Mine.photoslibrary/originals/0/0A.jpeg", "Mine.photoslibrary/originals/F/FB.jpeg"],
        ["originals/0/0A.jpeg", "originals/F/FB.jpeg"],
        ["images/default/a.jpg"],
        ["jpg/a.jpg"],
    ],
)
def test_folders_that_only_spread_pictures_are_no_classes(tmp_path, files):
    assert {item.given_label for item in scan(touch(tmp_path, *files)).items} == {None}


def test_numbered_classes_that_are_not_called_after_pictures_stay(tmp_path):
    touch(tmp_path, "part_1/a.jpg", "part_2/b.jpg", "photo 51/c.jpg", "DCIM/x/d.jpg", "originals/x/e.jpg")
    assert [item.given_label for item in scan(tmp_path).items] == ["x", "x", "part_1", "part_2", "photo 51"]


def test_images_among_other_classes_is_a_class(tmp_path):
    touch(tmp_path, "images/a.jpg", "drawings/b.jpg")
    assert [item.given_label for item in scan(tmp_path).items] == ["drawings", "images"]


@pytest.mark.parametrize(
    "name", ["@tmp", "RECYCLER", "System Volume Information", "~snapshot", "Thumbs", "@SynoFinder"]
)
def test_folders_of_systems_are_left_out_in_any_case(tmp_path, name):
    dataset = scan(touch(tmp_path, "cat/a.jpg", f"{name}/b.jpg"))
    assert [item.file for item in dataset.items] == ["cat/a.jpg"]
    assert [skipped.file for skipped in dataset.skipped] == [name]


def test_thumbnails_of_a_network_drive_are_left_out_and_named(tmp_path):
    for file in ("cat/a.jpg", "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg"):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).touch()
    dataset = scan(tmp_path)
    assert [item.file for item in dataset.items] == ["cat/a.jpg"]
    assert dataset.skipped == (Skipped("@eaDir", "a folder of the system, not of pictures"),)


def test_system_folders_of_the_same_name_are_named_once(tmp_path):
    touch(
        tmp_path, *(f"{place}@eaDir/a.jpg" for place in ("", "cat/", "dog/")), "#recycle/b.jpg", "cat/a.jpg"
    )
    assert scan(tmp_path).skipped == (
        Skipped("#recycle", "a folder of the system, not of pictures"),
        Skipped("@eaDir", "a folder of the system, not of pictures (and 2 more of this name)"),
    )


def test_what_was_understood_is_said_in_one_line(tmp_path):
    for file in ("train/cat/a.jpg", "train/dog/b.jpg", "test/cat/c.jpg"):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).touch()
    assert scan(tmp_path).understood == "2 classes from the last folder, 2 splits"
    assert scan(tmp_path / "train" / "cat").understood == "no classes"
    assert scan(touch(tmp_path / "w", "images/cat/a.jpg", "images/dog/b.jpg")).notes == (
        "2 classes from the last folder",
    )
    assert scan(touch(tmp_path / "c", "cat/a.jpg", "dog/b.jpg")).notes == ()
    (tmp_path / "w" / "labels.csv").write_text("file,label\nimages/cat/a.jpg,lion\nimages/dog/b.jpg,wolf\n")
    assert scan(tmp_path / "w").understood == "2 classes"


NESTED = ("train/animals/cat/a.jpg", "train/things/bus/b.jpg", "test/animals/c.jpg", "test/2023/d.jpg")


@pytest.mark.parametrize(
    ("level", "labels", "understood"),
    [
        (None, [None, "animals", "cat", "bus"], "3 classes from the last folder, 2 splits"),
        (0, ["2023", "animals", "cat", "bus"], "4 classes from the last folder, 2 splits"),
        (1, [None, None, "animals", "things"], "2 classes from the folder above the last, 2 splits"),
        (-1, ["2023", "animals", "animals", "things"], "3 classes from the first folder, 2 splits"),
        (-2, [None, None, "cat", "bus"], "2 classes from the second folder, 2 splits"),
    ],
)
def test_a_label_level_counts_from_the_picture_or_from_the_opened_folder(tmp_path, level, labels, understood):
    dataset = scan(touch(tmp_path, *NESTED), label_level=level)
    assert [item.given_label for item in dataset.items] == labels
    assert [item.split for item in dataset.items] == ["test", "test", "train", "train"]
    assert dataset.notes == (understood,)
    assert dataset.levels == 2


@pytest.mark.parametrize("level", [2, -3])
def test_a_label_level_beyond_all_folders_is_refused_with_those_there_are(tmp_path, level):
    with pytest.raises(UsageError, match="it must be from -2 to 1"):
        scan(touch(tmp_path, *NESTED), label_level=level)


def test_a_label_level_needs_sub_folders(tmp_path):
    with pytest.raises(UsageError, match=r"no picture in .* lies in a sub-folder"):
        scan(touch(tmp_path, "a.jpg"), label_level=0)


def test_four_digits_are_a_number_next_to_others_that_are_no_years(tmp_path):
    folder = touch(tmp_path, "0001/a.jpg", "1501/b.jpg", "2001/c.jpg")
    assert [item.given_label for item in scan(folder).items] == ["0001", "1501", "2001"]


def test_a_single_folder_around_splits_with_classes_is_none_itself(tmp_path):
    folder = touch(tmp_path, "Data/CLS/train/n01/a.jpg", "Data/CLS/train/n02/b.jpg", "Data/CLS/val/c.jpg")
    found = [(item.given_label, item.split) for item in scan(folder).items]
    assert found == [("n01", "train"), ("n02", "train"), (None, "val")]
