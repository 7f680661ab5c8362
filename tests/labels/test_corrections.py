"""A person's decisions: kept whatever happens, by any number of people, for files of any name."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imsearch_core import ImsearchError, UsageError
from imsearch_core.datasets import scan
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.corrections_csv import corrections_from_csv, corrections_to_csv
from imsearch_core.labels.decisions import Choice, Decision, as_label, with_original
from tests.conftest import ROOT

WRONG = Decision("bottle/1.jpg", "bottle", "cat", 0.02, Choice.ACCEPT)
RIGHT = Decision("bottle/2.jpg", "bottle", "bottle", 0.4, Choice.KEEP)
OTHER = Decision("bottle/1.jpg", "bottle", "dog", 0.02, Choice.RELABEL)
ALL = (WRONG, RIGHT, Decision("dog/3.jpg", None, "dog", None, Choice.ACCEPT))

# Names as file systems have them: any bytes but "/" and NUL.
names = st.binary(min_size=1, max_size=20).map(lambda raw: os.fsdecode(raw.translate(None, b"/\0")) or "x")


@pytest.fixture
def corrections(tmp_path):
    return Corrections.of(tmp_path / "photos")


def test_a_decision_is_there_when_the_folder_is_opened_again(corrections, tmp_path):
    assert corrections.decisions == {}
    corrections.decide_all([WRONG], "me")
    assert Corrections.of(tmp_path / "photos").decisions == {WRONG.file: WRONG}
    assert Corrections.of(tmp_path / "other").decisions == {}


def test_nothing_is_written_before_the_first_decision(corrections, home):
    assert corrections.decisions == {}
    assert corrections.version is None
    assert corrections.undo("me") == ()
    assert corrections.decisions == {}


def test_the_latest_decision_counts_and_each_changes_the_version(corrections):
    versions = {corrections.version}
    for decision in (WRONG, OTHER, RIGHT):
        corrections.decide_all([decision], "me")
        versions.add(corrections.version)
    assert len(versions) == 4
    assert corrections.decisions == {OTHER.file: OTHER, RIGHT.file: RIGHT}


def test_a_file_put_back_in_place_is_read_anew_though_it_has_as_many_rows(corrections, tmp_path):
    elsewhere = Corrections.of(tmp_path / "elsewhere")
    elsewhere.decide_all([RIGHT], "me")
    corrections.decide_all([WRONG], "me")
    assert corrections.decisions == {WRONG.file: WRONG}
    corrections.path.write_bytes(elsewhere.path.read_bytes())  # the same file to the system
    assert corrections.decisions == {RIGHT.file: RIGHT}


def test_undo_goes_back_one_by_one_through_ones_own_decisions(corrections):
    for decision in (WRONG, RIGHT, OTHER):
        corrections.decide_all([decision], "me")
    assert corrections.undo("me") == (OTHER.file,)
    assert corrections.decisions == {WRONG.file: WRONG, RIGHT.file: RIGHT}
    assert corrections.undo("me") == (RIGHT.file,)
    assert corrections.undo("me") == (WRONG.file,)
    assert corrections.undo("me") == ()
    assert corrections.decisions == {}


def test_undo_leaves_what_others_have_decided(corrections):
    corrections.decide_all([WRONG], "me")
    corrections.decide_all([OTHER], "you")
    assert corrections.undo("me") == (WRONG.file,)
    assert corrections.decisions == {OTHER.file: OTHER}
    assert corrections.undo("me") == ()
    assert corrections.undo("you") == (OTHER.file,)
    assert corrections.decisions == {}


def test_undo_leaves_what_was_imported(corrections):
    corrections.add(ALL)
    assert corrections.undo("me") == ()
    assert len(corrections.decisions) == 3


def test_a_decision_sent_twice_is_entered_once(corrections):
    corrections.decide_all([WRONG], "me", "first")
    corrections.decide_all([RIGHT], "me", "second")
    version = corrections.version
    corrections.decide_all([WRONG], "me", "first")
    assert corrections.version == version
    assert corrections.undo("me", "third") == (RIGHT.file,)
    assert corrections.undo("me", "third") == (RIGHT.file,)
    assert corrections.decisions == {WRONG.file: WRONG}


def test_decisions_of_many_at_once_all_arrive(corrections):
    def decide(who: int) -> None:
        for i in range(10):
            corrections.decide_all(
                [Decision(f"{who}/{i}.jpg", "a", "b", 0.5, Choice.ACCEPT)], f"reviewer {who}"
            )

    threads = [threading.Thread(target=decide, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(corrections.decisions) == 40


def test_a_process_killed_in_the_middle_loses_no_decision_it_had_made(corrections, home):
    code = f"""
import itertools
from pathlib import Path
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.decisions import Choice, Decision
corrections = Corrections(Path({str(corrections.path)!r}))
for i in itertools.count():
    corrections.decide_all([Decision(f"{{i}}.jpg", "a", "b", 0.5, Choice.ACCEPT)], "me")
    print(i, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        for _ in range(20):
            last = int(other.stdout.readline())
        other.kill()
    assert corrections.decisions.keys() >= {f"{i}.jpg" for i in range(last + 1)}
    assert corrections.notes == []
    corrections.decide_all([WRONG], "me")
    assert WRONG.file in corrections.decisions


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_set_aside_and_said(corrections, content):
    corrections.path.parent.mkdir(parents=True)
    corrections.path.write_bytes(content)
    assert corrections.decisions == {}
    (note,) = corrections.notes
    kept = note.rsplit(" ", 1)[-1]
    with open(kept, "rb") as file:
        assert file.read() == content
    corrections.decide_all([WRONG], "me")
    assert corrections.decisions == {WRONG.file: WRONG}
    assert corrections.notes == [note]


def test_damage_in_the_middle_is_found_when_it_is_read(corrections):
    corrections.add(Decision(f"{i:04}.jpg", "a", "b", 0.5, Choice.ACCEPT) for i in range(500))
    with corrections.path.open("r+b") as file:
        file.seek(5 * 4096)
        file.write(b"\xff" * 4096)
    assert corrections.decisions == {}
    assert len(corrections.notes) == 1


def test_text_that_cannot_be_decoded_is_damage_too(corrections):
    corrections.decide_all([WRONG], "me")
    content = corrections.path.read_bytes()
    assert content.count(b"accept") == 1
    corrections.path.write_bytes(content.replace(b"accept", b"\xffccept"))
    assert corrections.decisions == {}
    assert len(corrections.notes) == 1


def test_an_empty_file_left_by_a_crash_before_the_first_decision_is_not_damage(corrections):
    corrections.path.parent.mkdir(parents=True)
    corrections.path.touch()
    assert corrections.decisions == {}
    assert corrections.notes == []


@pytest.mark.parametrize("how", ["truncate", "replace"])
def test_a_file_that_was_emptied_is_set_aside_and_said(corrections, how):
    corrections.decide_all([WRONG], "me")
    if how == "truncate":
        os.truncate(corrections.path, 0)
    else:
        corrections.path.unlink()
        corrections.path.touch()
    assert corrections.decisions == {}
    (note,) = corrections.notes
    assert "all corrections of labels are lost" in note
    corrections.decide_all([RIGHT], "me")
    assert corrections.decisions == {RIGHT.file: RIGHT}
    assert corrections.notes == [note]


def test_a_place_that_cannot_be_written_to_is_named(corrections):
    corrections.path.mkdir(parents=True)
    with pytest.raises(ImsearchError, match=r"corrections.*IMSEARCH_HOME"):
        corrections.decide_all([WRONG], "me")


def test_a_name_that_no_file_can_have_is_refused(corrections):
    with pytest.raises(UsageError, match="not a name"):
        corrections.decide_all([Decision("\ud800.jpg", "a", "b", 0.5, Choice.ACCEPT)], "me")


@pytest.mark.parametrize("text", ["", "  ", "x" * 101, "two\nlines", "nul\0"])
def test_nonsense_is_refused_as_a_class_name(text):
    with pytest.raises(UsageError):
        as_label(text)


def test_a_corrected_label_is_shown_with_the_original():
    assert with_original("cat", "bottle") == "cat, was bottle"
    assert with_original("cat", None) == "cat, was no label"
    assert with_original("cat", "cat") == "cat"
    assert with_original(None, None) == "no label"


# corrections.csv


def test_the_table_has_the_agreed_columns():
    table = corrections_to_csv([RIGHT, WRONG], {WRONG.file: "train", RIGHT.file: None})
    assert table.decode("utf-8-sig").splitlines() == [
        "file,label,corrected,quality,decision,split",
        "bottle/1.jpg,bottle,cat,0.02,accept,train",
        "bottle/2.jpg,bottle,bottle,0.4,keep,",
    ]


@settings(max_examples=15, deadline=None)
@given(files=st.sets(names, max_size=4), label=names, quality=st.none() | st.floats(0, 1))
def test_any_name_survives_saving_exporting_and_importing(tmp_path_factory, files, label, quality):
    corrections = Corrections(tmp_path_factory.mktemp("odd") / "c.sqlite")
    decisions = {file: Decision(file, label, label, quality, Choice.KEEP) for file in files}
    corrections.add(decisions.values())
    assert corrections.decisions == decisions
    imported = corrections_from_csv(corrections_to_csv(corrections.decisions.values(), {}), files)
    assert imported.by_file == decisions


def test_bad_rows_are_named_with_their_lines():
    table = "\n".join(
        [
            "file,label,corrected,quality,decision",
            '"bottle/\n1.jpg",bottle,cat,0.02,accept',
            "bottle/2.jpg,bottle,cat,0.4,keep",
            "bottle/3.jpg,bottle,,0.4,relabel",
            "bottle/4.jpg,bottle,cat,2,accept",
            "bottle/5.jpg,bottle,cat,nan,accept",
            "bottle/6.jpg,bottle,cat,0.1,maybe",
            ",bottle,cat,0.1,accept",
            "bottle/8.jpg,bottle",
            "bottle/9.jpg,bottle,cat,0.1,accept,more",
            "bottle/0.jpg,bottle,cat,,accept",
            "bottle/0.jpg,bottle,cat,,accept",
        ]
    )
    with pytest.raises(UsageError) as refused:
        corrections_from_csv(table.encode(), set())
    lines = [part.split(":")[0] for part in str(refused.value).split("; ")]
    assert lines == [f"line {n}" for n in (4, 5, 6, 7, 8, 9, 10, 11, 13)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no column file"),
        (b"file,label\n", "no column corrected, quality, decision"),
        (b"\xff\xfe\x00", "line 1 is not UTF-16"),
        (b'file,label,corrected,quality,decision\n"a', "line 2 is not CSV"),
    ],
)
def test_another_table_is_refused(content, message):
    with pytest.raises(UsageError, match=message):
        corrections_from_csv(content, set())


def test_a_table_in_another_encoding_is_refused_with_the_line(cases):
    with pytest.raises(UsageError, match="line 2 is not UTF-8"):
        corrections_from_csv((cases / "corrections-cp1252.csv").read_bytes(), {"cat/00.jpg"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_any_spreadsheet_makes_of_the_table_is_read(encoding, delimiter):
    table = corrections_to_csv([WRONG, RIGHT], {}).decode("utf-8-sig").replace(",", delimiter)
    found = corrections_from_csv(table.encode(encoding), {WRONG.file, RIGHT.file})
    assert found.by_file == {WRONG.file: WRONG, RIGHT.file: RIGHT}


def test_a_table_without_splits_from_an_earlier_version_is_read():
    table = b"file,label,corrected,quality,decision\nbottle/1.jpg,bottle,cat,0.02,accept\n"
    assert corrections_from_csv(table, {WRONG.file}).by_file == {WRONG.file: WRONG}


def test_names_that_a_spreadsheet_would_run_are_defused_and_read_back():
    decision = Decision("=cmd.jpg", "-x", "@home", 0.5, Choice.RELABEL)
    table = corrections_to_csv([decision], {})
    assert table.splitlines()[1] == b"'=cmd.jpg,'-x,'@home,0.5,relabel,"
    assert corrections_from_csv(table, {"=cmd.jpg"}).by_file == {"=cmd.jpg": decision}


def test_unknown_files_are_named_and_the_others_read():
    imported = corrections_from_csv(corrections_to_csv(ALL, {}), {WRONG.file, RIGHT.file})
    assert imported.by_file == {WRONG.file: WRONG, RIGHT.file: RIGHT}
    assert imported.unknown == ("dog/3.jpg",)


def test_a_step_is_undone_as_a_whole_and_sent_twice_undoes_nothing_more(corrections):
    corrections.decide_all([RIGHT], "me")
    corrections.decide_all([WRONG, ALL[2]], "me", "step")
    corrections.decide_all([WRONG, ALL[2]], "me", "step")
    assert set(corrections.decisions) == {d.file for d in ALL}
    for _ in range(2):
        assert corrections.undo("me", "back") == (WRONG.file, ALL[2].file)
        assert corrections.decisions == {RIGHT.file: RIGHT}
    assert corrections.undo("me", "back again") == (RIGHT.file,)


def test_the_history_says_who_decided_and_any_of_it_can_be_taken_back(corrections):
    before = datetime.now(UTC).replace(microsecond=0)
    corrections.decide_all([WRONG], "me", "first")
    corrections.decide_all([OTHER, RIGHT], "you", "second")
    assert [(entry.event, entry.reviewer, entry.decision) for entry in corrections.history] == [
        ("second/1", "you", RIGHT),
        ("second", "you", OTHER),
        ("first", "me", WRONG),
    ]
    assert all(before <= entry.when <= datetime.now(UTC) for entry in corrections.history)
    assert corrections.take_back(["second"], "back") == (OTHER.file,)
    assert corrections.decisions == {WRONG.file: WRONG, RIGHT.file: RIGHT}
    assert corrections.take_back(["first", "second", "no such event"]) == (WRONG.file,)
    assert corrections.decisions == {RIGHT.file: RIGHT}


def test_tags_are_added_removed_undone_and_change_no_decision(corrections, tmp_path):
    corrections.decide_all([WRONG], "me")
    corrections.tag([WRONG.file, "dog/3.jpg"], "exclude", "me", "tagged")
    corrections.tag([WRONG.file], " my own ", "me")
    again = Corrections.of(tmp_path / "photos")
    assert again.tags == {WRONG.file: ("exclude", "my own"), "dog/3.jpg": ("exclude",)}
    assert again.decisions == {WRONG.file: WRONG}
    corrections.tag(["dog/3.jpg"], "exclude", "me", off=True)
    assert corrections.tags == {WRONG.file: ("exclude", "my own")}
    assert corrections.undo("me") == ("dog/3.jpg",)
    assert corrections.tags["dog/3.jpg"] == ("exclude",)
    with pytest.raises(UsageError, match="1 to 100"):
        corrections.tag([WRONG.file], " ", "me")


def test_a_tag_follows_its_picture_and_does_not_pass_to_a_new_one_of_that_name(pictures):
    corrections = Corrections.of(pictures, scan(pictures).items)
    corrections.tag(["red/1.jpg", "red/2.jpg"], "exclude", "me")
    (pictures / "red/1.jpg").rename(pictures / "blue/moved.jpg")
    (pictures / "red/2.jpg").write_bytes((pictures / "green/1.jpg").read_bytes())
    assert Corrections.of(pictures, scan(pictures).items).tags == {"blue/moved.jpg": ("exclude",)}


def test_a_log_of_an_older_version_is_read_and_written_to(corrections):
    corrections.decide_all([WRONG], "me")
    with contextlib.closing(sqlite3.connect(corrections.path)) as database, database:
        database.execute("ALTER TABLE decisions DROP COLUMN step")
        database.execute("UPDATE decisions SET event = 'old'")
    assert corrections.decisions == {WRONG.file: WRONG}
    assert corrections.undo("me") == (WRONG.file,)
    assert corrections.decisions == {}


def test_a_step_can_be_named_for_undo_and_one_that_was_taken_back_takes_nothing_else(corrections):
    corrections.decide_all([WRONG], "me", "first")
    corrections.decide_all([RIGHT], "me", "second")
    corrections.take_back(["second"])
    assert corrections.undo("me", step="second") == ()
    assert corrections.decisions == {WRONG.file: WRONG}
    assert corrections.undo("me", step="first") == (WRONG.file,)
