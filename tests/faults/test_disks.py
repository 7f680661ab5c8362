"""Disks that are full, or may only be read: said plainly, nothing lost, resumed once there is room."""

import re
import shutil
import subprocess

import pytest

from imsearch_core import ImsearchError, UsageError
from imsearch_core.labels.decisions import Choice, Decision
from tests.colour_encoder import open_colours
from tests.conftest import draw
from tests.faults.harm import LARGE, harm, index
from tests.stored import content

DECISION = Decision("000.png", None, "patch", None, Choice.RELABEL)


@pytest.fixture(autouse=True)
def large(monkeypatch):
    monkeypatch.setattr("imsearch_core.vectors.quantised.QUANTISE_ABOVE", LARGE)


def test_files_that_cannot_grow_end_a_run_kindly_and_the_next_one_resumes(many, home, rounds):
    told = harm("starve", many, rounds)
    assert {told_of["status"] >> 8 for told_of in told} <= {0, 2}
    assert any(told_of["status"] for told_of in told)
    assert [told_of["notes"] for told_of in told] == [[]] * rounds
    resumed = content(index(many)[0])
    assert not list(home.rglob(".*"))  # no half-written file is left
    shutil.rmtree(home / "embeddings")
    assert resumed == content(index(many)[0])


def test_a_full_disk_is_named_and_what_is_on_it_stays(many, small_disk, monkeypatch, rounds):
    undisturbed = content(index(many)[0])
    monkeypatch.setenv("IMSEARCH_HOME", str(small_disk))
    for free in range(20_000, 20_000 + 7000 * rounds, 7000):
        (small_disk / "ballast").write_bytes(b"")
        room = shutil.disk_usage(small_disk).free
        (small_disk / "ballast").write_bytes(bytes(max(room - free, 0)))
        try:
            told = index(many)[1].notes[0]
        except ImsearchError as error:  # nothing is stored yet
            told = str(error)
        assert re.search(f"{small_disk}.*(No space left|full)", told)
    (small_disk / "ballast").unlink()
    photos = open_colours(many)
    assert photos.report.notes == ()
    assert content(index(many)[0]) == undisturbed
    photos.corrections.decide_all([DECISION], "me")
    room = shutil.disk_usage(small_disk).free
    (small_disk / "ballast").write_bytes(bytes(room))
    with pytest.raises(ImsearchError, match="Free some space"):
        photos.corrections.add(Decision(f"{i}" * 99, None, "x", None, Choice.KEEP) for i in range(999))
    assert photos.corrections.decisions == {DECISION.file: DECISION}
    assert photos.search("000.png", engine="annoy").results  # with no room to keep its index


def test_a_disk_that_may_only_be_read_is_searched_and_refuses_what_would_be_lost(
    many, small_disk, monkeypatch, tmp_path
):
    monkeypatch.setenv("IMSEARCH_HOME", str(small_disk))
    open_colours(many).corrections.decide_all([DECISION], "me")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    photos = open_colours(many)
    assert photos.shown_labels["000.png"] == "patch"
    for engine in ("exact", "annoy"):
        assert len(photos.search("000.png", engine=engine).results) == 9
    with pytest.raises(ImsearchError, match=f"{small_disk}.*set IMSEARCH_HOME"):
        photos.corrections.decide_all([DECISION], "me")
    (many / "001.png").unlink()
    draw(0).save(many / "new.png")
    photos = open_colours(many)
    assert (len(photos), [skipped.file for skipped in photos.report.skipped]) == (199, ["new.png"])
    assert "001.png" not in photos
    assert re.match(f"1 picture is missing.*{small_disk}.*set IMSEARCH_HOME", photos.report.notes[0])


def test_photos_that_may_only_be_read_are_indexed_like_any_others(many, small_disk):
    shutil.copytree(many, small_disk, dirs_exist_ok=True)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert index(small_disk)[1].embedded == 200


def test_an_unmounted_disk_of_photos_forgets_nothing(many, small_disk):
    shutil.copytree(many, small_disk, dirs_exist_ok=True)
    index(small_disk)
    subprocess.run(["umount", small_disk], check=True)
    with pytest.raises(UsageError, match="holds no pictures"):
        index(small_disk)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", small_disk], check=True)
    for file in many.iterdir():
        shutil.copy2(file, small_disk)
    assert index(small_disk)[1].reused == 200
