"""A folder of pictures: what is listed, under which label, and what is passed over."""

import errno
import os
import sys
from pathlib import Path

import pytest

from imsearch_core.datasets import Item, Skipped, scan
from imsearch_core.errors import UsageError


def touch(folder: Path, *files: str) -> Path:
    """Make files of one byte; scanning does not open them."""
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def files(folder: Path) -> list[str]:
    return [item.file for item in scan(folder).items]


def labels(folder: Path) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    return {item.file: (item.given_label, item.all_labels) for item in scan(folder).items}


def test_the_first_folder_is_the_class(pictures):
    dataset = scan(pictures)
    assert dataset.folder == pictures.resolve()
    assert dataset.skipped == ()
    assert [(i.file, i.given_label, i.all_labels) for i in dataset.items] == [
        (f"{label}/{n}.jpg", label, (label,)) for label in ("blue", "green", "red") for n in range(4)
    ]


def test_an_item_carries_the_files_size_and_time(tmp_path):
    path = tmp_path / "x.jpg"
    path.write_bytes(b"12345")
    os.utime(path, ns=(1, 1_600_000_000_123_456_789))
    assert scan(tmp_path).items == (Item("x.jpg", None, (), 5, path.stat().st_mtime_ns),)


def test_a_flat_folder_has_no_labels(tmp_path):
    assert labels(touch(tmp_path, "b.jpg", "a.png")) == {"a.png": (None, ()), "b.jpg": (None, ())}


def test_a_nested_picture_belongs_to_the_folder_that_holds_it(tmp_path):
    touch(tmp_path, "cat/siamese/young/1.jpg", "cat/2.jpg", "3.jpg")
    assert labels(tmp_path) == {
        "3.jpg": (None, ()),
        "cat/2.jpg": ("cat", ("cat",)),
        "cat/siamese/young/1.jpg": ("young", ("young",)),
    }


def test_items_are_sorted_by_their_whole_name_and_numbers_by_value(tmp_path):
    # By folders and files apart, "a/1.jpg" would come before "a-b/1.jpg", and "B" after "a".
    touch(tmp_path, "a/1.jpg", "a-b/1.jpg", "a.jpg", "B/1.jpg", "10.jpg", "9.jpg")
    assert files(tmp_path) == ["9.jpg", "10.jpg", "B/1.jpg", "a-b/1.jpg", "a.jpg", "a/1.jpg"]


def test_hidden_files_and_what_macos_adds_to_archives_are_passed_over(tmp_path):
    touch(tmp_path, "cat/1.jpg", "cat/.2.jpg", "cat/._1.jpg", ".hidden/3.jpg", "cat/.thumbs/4.jpg")
    touch(tmp_path, "__MACOSX/cat/1.jpg", "cat/__MACOSX/1.jpg")
    assert files(tmp_path) == ["cat/1.jpg"]


def test_pictures_that_are_in_icloud_alone_are_named_once_in_each_folder(tmp_path):
    touch(
        tmp_path,
        "cat/1.jpg",
        "cat/.2.jpg.icloud",
        "cat/.3.HEIC.icloud",
        "cat/.x.mov.icloud",
        "dog/.4.jpg.icloud",
    )
    dataset = scan(tmp_path)
    assert [item.file for item in dataset.items] == ["cat/1.jpg"]
    assert [(skipped.file, skipped.reason) for skipped in dataset.skipped] == [
        ("cat/2.jpg", "in iCloud alone: download it (and 1 more in this folder)"),
        ("dog/4.jpg", "in iCloud alone: download it"),
    ]


def test_of_a_library_of_apples_photos_only_the_originals_are_listed(tmp_path):
    library = touch(
        tmp_path / "Mine.photoslibrary",
        *("originals/0/0A.jpeg", "resources/derivatives/0/0A_1_105_c.jpeg", "database/x.jpg"),
    )
    assert files(tmp_path) == ["Mine.photoslibrary/originals/0/0A.jpeg"]
    assert files(library) == ["originals/0/0A.jpeg"]
    left_out = [(skipped.file, skipped.reason) for skipped in scan(library).skipped]
    assert left_out == [
        ("database", "a folder of the system, not of pictures"),
        ("resources", "a folder of the system, not of pictures"),
    ]


def test_a_hidden_folder_can_itself_be_scanned(tmp_path):
    assert files(touch(tmp_path / ".photos", "1.jpg")) == ["1.jpg"]


def test_files_that_are_no_pictures_are_not_listed(tmp_path):
    touch(tmp_path, "cat/1.jpg", "cat/notes.txt", "cat/clip.mp4", "cat/jpg", "cat/x.jpg.part", "Thumbs.db")
    assert files(tmp_path) == ["cat/1.jpg"]


@pytest.mark.parametrize("suffix", ["jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff"])
def test_pictures_are_known_by_their_suffix_in_any_case(tmp_path, suffix):
    names = [f"a.{suffix}", f"b.{suffix.upper()}", f"c.{suffix.capitalize()}"]
    assert files(touch(tmp_path, *names)) == names


@pytest.mark.parametrize("suffix", ["heic", "HEIF", "avif", "jp2", "psd", "svg", "ico"])
def test_pictures_of_formats_that_we_cannot_read_are_listed_to_be_named_later(tmp_path, suffix):
    assert files(touch(tmp_path, f"x.{suffix}")) == [f"x.{suffix}"]


def test_a_folder_called_like_a_picture_is_still_a_folder(tmp_path):
    assert labels(touch(tmp_path, "cat.jpg/1.jpg")) == {"cat.jpg/1.jpg": ("cat.jpg", ("cat.jpg",))}


def test_a_link_back_up_is_not_followed_round_and_round(tmp_path):
    touch(tmp_path, "cat/deep/1.jpg")
    (tmp_path / "cat/deep/up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "cat/self").symlink_to(".", target_is_directory=True)
    assert files(tmp_path) == ["cat/deep/1.jpg"]


def test_links_to_folders_and_files_are_followed(tmp_path):
    elsewhere = touch(tmp_path / "elsewhere", "1.jpg", "2.jpg")
    folder = touch(tmp_path / "photos", "dog/3.jpg")
    (folder / "cat").symlink_to(elsewhere, target_is_directory=True)
    (folder / "tom").symlink_to(elsewhere, target_is_directory=True)
    (folder / "link.jpg").symlink_to(elsewhere / "1.jpg")
    assert files(folder) == ["cat/1.jpg", "cat/2.jpg", "dog/3.jpg", "link.jpg", "tom/1.jpg", "tom/2.jpg"]
    assert scan(folder).items[3].size == 1


def test_a_linked_folder_is_scanned_where_it_really_lies(tmp_path):
    touch(tmp_path / "photos", "1.jpg")
    (tmp_path / "link").symlink_to("photos", target_is_directory=True)
    assert scan(tmp_path / "link") == scan(tmp_path / "photos")


def test_a_dangling_link_is_listed_so_that_it_can_be_reported(tmp_path):
    (tmp_path / "gone.jpg").symlink_to("nowhere.jpg")
    assert scan(tmp_path).items == (Item("gone.jpg", None, (), 0, 0),)


def test_a_link_to_a_folder_that_is_away_is_named(tmp_path):
    (tmp_path / "dog").mkdir()
    (tmp_path / "dog/1.jpg").touch()
    (tmp_path / "cat").symlink_to("/nowhere/cat")
    dataset = scan(tmp_path)
    assert [item.file for item in dataset.items] == ["dog/1.jpg"]
    assert dataset.skipped == (Skipped("cat", "a link to nothing"),)


def test_a_link_to_itself_is_treated_like_a_dangling_one(tmp_path):
    touch(tmp_path, "1.jpg")
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    (tmp_path / "loop").symlink_to("loop")
    assert files(tmp_path) == ["1.jpg", "loop.jpg"]


def closed(folder: Path) -> Path:
    """Take all permissions from `folder`, or skip the test if that closes nothing to this user."""
    folder.chmod(0)
    if os.access(folder, os.R_OK):
        pytest.skip("this user may read everything")
    return folder


def test_an_unreadable_sub_folder_is_skipped_with_a_reason(tmp_path):
    touch(tmp_path, "cat/1.jpg", "dog/2.jpg")
    folder = closed(tmp_path / "dog")
    dataset = scan(tmp_path)
    folder.chmod(0o755)
    assert [item.file for item in dataset.items] == ["cat/1.jpg"]
    assert [(s.file, s.reason) for s in dataset.skipped] == [("dog", "cannot be listed: Permission denied")]


def test_a_sub_folder_on_a_failing_disk_is_skipped_with_a_reason(tmp_path, monkeypatch):
    touch(tmp_path, "cat/1.jpg", "dog/2.jpg")
    scandir = os.scandir

    def failing(path):
        if Path(path).name == "dog":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", failing)
    dataset = scan(tmp_path)
    assert [item.file for item in dataset.items] == ["cat/1.jpg"]
    assert [(s.file, s.reason) for s in dataset.skipped] == [("dog", "cannot be listed: Input/output error")]


@pytest.mark.parametrize("inside", ["", "sub"])
def test_an_unreadable_folder_is_refused(tmp_path, inside):
    folder = closed(touch(tmp_path / "photos", "sub/1.jpg"))
    with pytest.raises(UsageError, match="Permission denied"):
        scan(folder / inside)
    folder.chmod(0o755)


@pytest.mark.parametrize(
    "name",
    [
        b"new\nline.jpg",
        b"quote\"s and 'more'.jpg",
        b"comma, semicolon; tab\t.jpg",
        b"back\\slash.jpg",
        "smile 😀 ñ 猫.jpg".encode(),
        b"%20 & <b>.jpg",
        b" space.jpg",
        b"x" * 251 + b".jpg",
        b"latin-1 caf\xe9.jpg",
    ],
)
def test_any_name_that_a_file_can_have_leads_back_to_the_file(tmp_path, name):
    try:
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(b"12")
    except OSError:
        pytest.skip("this file system does not allow the name")
    (item,) = scan(tmp_path).items
    assert os.fsencode(item.file) == name
    assert (tmp_path / item.file).read_bytes() == b"12"


def test_an_empty_folder_has_no_items(tmp_path):
    dataset = scan(tmp_path)
    assert (dataset.items, dataset.skipped) == ((), ())


def test_a_folder_may_be_given_as_text_with_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    touch(tmp_path / "photos", "1.jpg")
    assert scan("~/photos").folder == (tmp_path / "photos").resolve()


def test_a_missing_folder_is_refused_by_name(tmp_path):
    with pytest.raises(UsageError) as raised:
        scan(tmp_path / "nowhere")
    assert str(raised.value) == f"{tmp_path / 'nowhere'} is not a folder"


def test_a_file_in_place_of_a_folder_is_refused_by_name(tmp_path):
    touch(tmp_path, "x.jpg")
    with pytest.raises(UsageError) as raised:
        scan(tmp_path / "x.jpg")
    assert str(raised.value) == f"{tmp_path / 'x.jpg'} is not a folder"


@pytest.mark.parametrize("name", ["a" * 5000, "nul\0byte", "~nobody-of-this-name/photos", "loop"])
def test_an_impossible_folder_is_refused_by_name(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    with pytest.raises(UsageError) as raised:
        scan(name)
    assert f"{name} is not a folder" in str(raised.value)


def write_labels(folder: Path, content: str | bytes) -> Path:
    touch(folder, "cat/1.jpg", "cat/2.jpg", "dog/3.jpg", "4.jpg")
    (folder / "labels.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def test_labels_csv_overrides_the_folder_and_adds_the_classes_present(tmp_path):
    write_labels(
        tmp_path,
        "file,label,all_labels\ncat/1.jpg,dog,dog person\ncat/2.jpg,,cat sofa\n4.jpg,horse,\n",
    )
    assert labels(tmp_path) == {
        "4.jpg": ("horse", ("horse",)),
        "cat/1.jpg": ("dog", ("dog", "person")),
        "cat/2.jpg": ("cat", ("cat", "sofa")),
        "dog/3.jpg": ("dog", ("dog",)),
    }


@pytest.mark.parametrize(
    "content",
    [
        "\ufefffile,label,all_labels\ncat/1.jpg,tiger,tiger\n",
        "file,label\r\ncat/1.jpg,tiger\r\n",
        'source,label,file,width\nweb,tiger,"cat/1.jpg",640\n',
        "file,label\ncat/1.jpg,tiger,one,cell,too,many\n\n",
        'file,label\n"cat/1.jpg","tiger"\nno such file.jpg,lion\n',
    ],
    ids=["BOM", "Windows lines", "other columns", "extra cells and empty lines", "rows without file"],
)
def test_labels_csv_is_read_as_spreadsheets_write_it(tmp_path, content):
    found = labels(write_labels(tmp_path, content))
    assert found["cat/1.jpg"] == ("tiger", ("tiger",))
    assert found["cat/2.jpg"] == ("cat", ("cat",))
    assert list(found) == ["4.jpg", "cat/1.jpg", "cat/2.jpg", "dog/3.jpg"]


def test_labels_csv_may_have_neither_labels_nor_all_labels(tmp_path):
    found = labels(write_labels(tmp_path, "file\ncat/1.jpg\n4.jpg\n"))
    assert found["cat/1.jpg"] == ("cat", ("cat",))
    assert found["4.jpg"] == (None, ())


def test_names_with_commas_quotes_and_lines_are_labelled_by_their_quoted_form(tmp_path):
    name = 'a, "b"\nc.jpg'
    write_labels(tmp_path, 'file,label\n"a, ""b""\nc.jpg",odd\n')
    touch(tmp_path, name)
    assert labels(tmp_path)[name] == ("odd", ("odd",))


def test_a_folder_called_labels_csv_is_just_a_folder(tmp_path):
    assert labels(touch(tmp_path, "labels.csv/1.jpg")) == {
        "labels.csv/1.jpg": ("labels.csv", ("labels.csv",))
    }


def test_a_labels_csv_in_one_of_several_class_folders_does_not_count(tmp_path):
    touch(tmp_path, "cat/1.jpg", "dog/2.jpg")
    (tmp_path / "cat/labels.csv").write_text("file,label\n1.jpg,lion\n")
    assert labels(tmp_path)["cat/1.jpg"] == ("cat", ("cat",))


def test_a_table_in_a_single_folder_around_everything_is_read(tmp_path):
    touch(tmp_path, "images/photos/cat/1.jpg", "images/photos/dog/2.jpg")
    (tmp_path / "images/labels.csv").write_text("file,label\nphotos/cat/1.jpg,lion\n")
    (tmp_path / "images/photos/metadata.csv").write_text("file_name,label\ncat/1.jpg,puma\ndog/2.jpg,wolf\n")
    assert labels(tmp_path) == {
        "images/photos/cat/1.jpg": ("puma", ("puma",)),
        "images/photos/dog/2.jpg": ("wolf", ("wolf",)),
    }


@pytest.mark.skipif(sys.platform == "win32", reason="paths are shorter there")
def test_a_deep_tree_is_walked_to_its_end(tmp_path):
    deep = "/".join(["d"] * 200)
    assert files(touch(tmp_path, f"{deep}/1.jpg")) == [f"{deep}/1.jpg"]


def test_the_real_photos_have_twenty_classes_and_their_known_labels(voc20):
    items = {item.file: item for item in scan(voc20).items}
    assert len(items) == 681
    assert len({item.given_label for item in items.values()}) == 20
    assert items["bottle/2008_000112.jpg"].all_labels == ("bottle", "cat")
    assert all(item.file.split("/")[0] == item.given_label for item in items.values())
