"""`kill -9` at any moment of indexing: the next run resumes, and ends as if nothing had been."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from imsearch_core.store.reader import connect
from tests.conftest import ROOT
from tests.faults.harm import LARGE, harm, index, store_of
from tests.stored import content, row_of

_HOLDS_THE_STORE = """
import sys, time
from pathlib import Path
from tests.faults.harm import store_of
with store_of(Path(sys.argv[1])).writing():
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def large(monkeypatch):
    monkeypatch.setattr("imsearch_core.vectors.quantised.QUANTISE_ABOVE", LARGE)


def test_killed_again_and_again_the_store_ends_equal_to_an_undisturbed_one(many, home, rounds):
    told = harm("kill", many, rounds)
    assert [told_of["notes"] for told_of in told] == [[]] * rounds  # never taken for damaged
    assert any(told_of["status"] == signal.SIGKILL for told_of in told)
    resumed, report = index(many)
    assert report.notes == ()
    kept = content(resumed)
    norms = resumed.quantised.norms[list(row_of(resumed).values())]
    shutil.rmtree(home / "embeddings")
    undisturbed, _ = index(many)
    assert kept == content(undisturbed)
    assert norms.tolist() == undisturbed.quantised.norms[list(row_of(undisturbed).values())].tolist()


def test_what_a_kill_in_mid_commit_leaves_is_undone_and_costs_no_other_embedding(many, home):
    before = content(index(many)[0])
    store = store_of(many)
    with store.writing():
        pass
    database = connect(store.path)
    database.execute("PRAGMA cache_size = 1")  # pages go to the file before the commit, as if it had begun
    database.execute("BEGIN IMMEDIATE")
    database.execute("DELETE FROM images WHERE file < '150'")
    database.execute("UPDATE images SET stamp = zeroblob(1000)")
    for file in store.path.glob("rows.sqlite*"):
        shutil.copy(file, home)
    database.execute("ROLLBACK")
    database.close()
    assert (home / "rows.sqlite-journal").exists()
    for file in home.glob("rows.sqlite*"):
        file.rename(store.path / file.name)
    snapshot, report = index(many)
    assert (report.notes, report.embedded) == ((), 0)
    assert content(snapshot) == before


def test_whoever_waits_takes_over_from_one_that_is_killed(many):
    command = [sys.executable, "-c", _HOLDS_THE_STORE, str(many)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        told = []

        def waiting(done: int, total: int) -> None:
            if not told:
                os.kill(holder.pid, signal.SIGKILL)
            told.append(time.monotonic())

        assert index(many, progress=waiting)[1].embedded == 200
        holder.wait()
    assert holder.returncode == -signal.SIGKILL
