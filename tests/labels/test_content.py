"""A decision is about a picture: it follows the picture, and does not pass to another of the same name."""

import os
import shutil
import sqlite3

import pytest

from imsearch_core.datasets import scan
from imsearch_core.labels import content
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.decisions import Choice, Decision
from tests.colour_encoder import open_colours
from tests.conftest import draw

SKY = Decision("blue/1.jpg", "blue", "sky", 0.02, Choice.ACCEPT)
SEA = Decision("blue/2.jpg", "blue", "sea", 0.02, Choice.RELABEL)


@pytest.fixture
def decided(pictures):
    corrections = open_colours(pictures).corrections
    corrections.decide_all([SKY], "me")
    corrections.decide_all([SEA], "me")
    return pictures


def test_a_new_picture_under_an_old_name_is_not_corrected(decided):
    draw(99).save(decided / SKY.file)
    photos = open_colours(decided)
    assert (photos.shown_labels[SKY.file], photos.shown_labels[SEA.file]) == ("blue", "sea")
    assert photos.corrections.notes == [
        "1 decision about labels not used, because another picture now has the name blue/1.jpg"
    ]
    photos.corrections.decide_all([SKY], "me")
    assert photos.shown_labels[SKY.file] == "sky"
    assert photos.corrections.notes == []


def test_a_new_picture_is_known_by_its_content_though_size_and_time_are_those_of_the_old(decided):
    path = decided / SKY.file
    before = path.stat()
    changed = bytearray(path.read_bytes())
    changed[-20] ^= 1
    path.write_bytes(changed)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert set(Corrections.of(decided).decisions) == {SEA.file}


def test_a_touched_file_keeps_its_decision_and_an_untouched_one_is_not_read_again(decided, monkeypatch):
    os.utime(decided / SKY.file, ns=(5, 5))
    read = []
    hashed = content.file_hash
    monkeypatch.setattr(content, "file_hash", lambda path: read.append(path) or hashed(path))
    assert Corrections.of(decided).decisions == {SKY.file: SKY, SEA.file: SEA}
    assert read == [decided / SKY.file]


def test_decisions_follow_renamed_pictures(decided):
    (decided / SKY.file).rename(decided / "green" / "one.jpg")
    photos = open_colours(decided)
    assert photos.shown_labels["green/one.jpg"] == "sky"
    assert photos.corrections.notes == [
        "1 decision about labels followed pictures to new names: blue/1.jpg is now green/one.jpg"
    ]


def test_a_file_that_is_away_for_a_while_finds_its_decision_again(decided):
    (decided / SKY.file).rename(decided.parent / "away.jpg")
    assert SKY.file not in open_colours(decided).shown_labels
    (decided.parent / "away.jpg").rename(decided / SKY.file)
    assert open_colours(decided).shown_labels[SKY.file] == "sky"


def test_a_renamed_dataset_finds_its_decisions_again_and_says_so(decided):
    moved = decided.rename(decided.with_name("moved"))
    photos = open_colours(moved)
    assert (photos.shown_labels[SKY.file], photos.shown_labels[SEA.file]) == ("sky", "sea")
    (note,) = photos.corrections.notes
    assert str(decided) in note
    photos.corrections.undo("me")
    assert open_colours(moved).shown_labels[SEA.file] == "blue"


def test_a_copy_of_a_dataset_does_not_take_its_decisions(decided):
    copy = decided.with_name("copy")
    shutil.copytree(decided, copy)
    assert open_colours(copy).corrections.decisions == {}


def test_a_folder_of_other_pictures_takes_no_decisions(decided):
    shutil.rmtree(decided)
    for i in range(4):
        path = decided.with_name("other") / "blue" / f"{i}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(100 + i).save(path)
    assert open_colours(decided.with_name("other")).corrections.decisions == {}


def test_decisions_of_an_older_version_are_read_and_added_to(decided):
    path = Corrections.of(decided).path
    with sqlite3.connect(path) as database:
        for column in ("size", "modified_ns", "changed_ns", "sha256", "folder"):
            database.execute(f"ALTER TABLE decisions DROP COLUMN {column}")
    database.close()
    draw(99).save(decided / SKY.file)
    corrections = Corrections.of(decided)
    assert corrections.decisions == {SKY.file: SKY, SEA.file: SEA}
    kept = Decision("red/1.jpg", "red", "red", 0.4, Choice.KEEP)
    corrections.decide_all([kept], "me")
    draw(98).save(decided / kept.file)
    assert Corrections.of(decided).decisions == {SKY.file: SKY, SEA.file: SEA}


def test_a_decision_about_one_label_level_is_not_shown_at_another(tmp_path):
    for i, file in enumerate(("animal/cat/1.jpg", "animal/dog/2.jpg", "plant/oak/3.jpg")):
        (tmp_path / file).parent.mkdir(parents=True)
        draw(i).save(tmp_path / file)

    def corrections(level: int | None) -> Corrections:
        return Corrections.of(tmp_path, scan(tmp_path, label_level=level).items)

    breed = Decision("animal/cat/1.jpg", "cat", "lynx", 0.1, Choice.RELABEL)
    kind = Decision("animal/cat/1.jpg", "animal", "plant", 0.1, Choice.ACCEPT)
    kept = Decision("animal/dog/2.jpg", "animal", "animal", 0.1, Choice.KEEP)
    corrections(None).decide_all([breed], "me")
    assert corrections(1).decisions == {}
    corrections(1).decide_all([kind, kept], "me")
    assert corrections(1).decisions == {kind.file: kind, kept.file: kept}
    assert corrections(0).decisions == corrections(-2).decisions == {breed.file: breed}
    assert corrections(0).notes == [
        "2 decisions about labels from other folders not used: see the label level"
    ]
