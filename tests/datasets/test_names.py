"""What a file's name and first bytes say, and what a person wants left out."""

import os
import sys
import unicodedata

import pytest

from imsearch_core.datasets import Skipped, scan
from imsearch_core.datasets.names import natural, shown
from imsearch_core.errors import UsageError

JPEG = b"\xff\xd8\xff\xe0"


def files(folder, **options):
    return [item.file for item in scan(folder, **options).items]


@pytest.mark.parametrize("name", ["no_suffix", "x.jpg_large", "x.jpg?w=200", "x.jpeg2", "x.zzz"])
@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be had there")
def test_a_picture_with_an_odd_or_missing_suffix_is_found_by_its_first_bytes(tmp_path, name):
    (tmp_path / name).write_bytes(JPEG)
    (tmp_path / "notes").write_text("no picture")
    (tmp_path / "video").write_bytes(b"\0\0\0\x18ftypisom")
    assert files(tmp_path) == [name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_without_a_suffix_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert files(tmp_path) == []


@pytest.fixture
def folder(tmp_path):
    for file in ("cat/1.jpg", "cat/2.png", "raw/3.jpg", "dog/raw/4.jpg"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    return tmp_path


def test_imsearchignore_leaves_out_what_it_matches_and_says_so(folder):
    (folder / ".imsearchignore").write_text("# not yet\nraw/\n!dog/raw/\n")
    assert files(folder) == ["cat/1.jpg", "cat/2.png", "dog/raw/4.jpg"]
    assert scan(folder).notes[-1] == "left out as .imsearchignore or --exclude asks: raw"


def test_patterns_to_exclude_join_those_of_imsearchignore(folder):
    (folder / ".imsearchignore").write_text("/raw\n")
    assert files(folder, exclude=["*.png"]) == ["cat/1.jpg", "dog/raw/4.jpg"]


def test_a_malformed_pattern_is_refused(folder):
    with pytest.raises(UsageError, match="malformed"):
        scan(folder, exclude=["!"])


def test_numbers_sort_by_their_value():
    assert sorted(["a/10.jpg", "a/2.jpg", "a/1b.jpg"], key=natural) == ["a/1b.jpg", "a/2.jpg", "a/10.jpg"]


def test_pictures_are_listed_in_the_natural_order_of_their_whole_paths(tmp_path):
    names = {
        "a b.jpg", "a.jpg", "a/1.jpg", "a/2.jpg", "a/10.jpg", "a2/1b.jpg", "a2/01c.jpg", "a2/1c.jpg",
        "a10/x.jpg", "7.jpg", "7/0001.jpg", "7/0010.jpg", "7/0002.jpg", "70/1.jpg",
    }  # fmt: skip
    for file in names:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).touch()
    assert files(tmp_path) == sorted(sorted(names), key=natural)
    assert files(tmp_path / "7") == ["0001.jpg", "0002.jpg", "0010.jpg"]


def test_control_characters_are_shown_escaped():
    assert shown("a\x1b[31m\nb é") == "a\\x1b[31m\\nb é"


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be had there")
def test_a_left_out_folder_is_named_without_control_characters(tmp_path):
    (tmp_path / "\x1b").mkdir()
    (tmp_path / "\x1b" / "@eaDir").mkdir()
    assert scan(tmp_path).skipped == (Skipped("\\x1b/@eaDir", "a folder of the system, not of pictures"),)


def test_folders_whose_names_differ_only_in_form_or_blanks_are_one_class(tmp_path):
    for split, name in (("train", "café"), ("test", unicodedata.normalize("NFD", "café")), ("val", "café ")):
        (tmp_path / split / name).mkdir(parents=True)
        (tmp_path / split / name / "1.jpg").touch()
    assert {item.given_label for item in scan(tmp_path).items} == {"café"}


def test_classes_that_differ_only_in_case_stay_apart_and_are_named(tmp_path):
    for name in ("train/Cat", "test/cat", "train/dog"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "1.jpg").touch()
    dataset = scan(tmp_path)
    assert {item.given_label for item in dataset.items} == {"Cat", "cat", "dog"}
    assert dataset.notes[-1] == "classes whose names differ only in upper and lower case: Cat / cat"
