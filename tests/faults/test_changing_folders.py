"""Folders that go, come back and change while they are indexed, and clocks that are wrong."""

import os
import threading

import pytest

from imsearch_core.store.sync import BATCH
from tests.conftest import draw
from tests.faults.harm import index, store_of
from tests.stored import content


def at_batch(number: int, act) -> object:
    """A progress function that calls `act` once, when that many batches are done."""
    acts = iter([act])

    def progress(done: int, total: int) -> None:
        if done >= number * BATCH:
            next(acts, lambda: None)()

    return progress


def test_a_folder_that_vanishes_in_the_middle_is_whole_again_when_it_is_back(many):
    undisturbed = content(index(many)[0])
    for path in store_of(many).path.iterdir():
        path.unlink()
    away = many.with_name("away")
    _, report = index(many, progress=at_batch(1, lambda: many.rename(away)))
    assert 0 < len(report.skipped) < 200
    assert {skipped.reason for skipped in report.skipped} == {"cannot be read: No such file or directory"}
    away.rename(many)
    snapshot, report = index(many)
    assert (report.skipped, report.images) == ((), 200)
    assert content(snapshot) == undisturbed


def test_pictures_that_change_vanish_or_come_meanwhile_are_right_after_the_next_run(many):
    def change() -> None:
        for i in range(150, 160):
            draw(1000 + i, (24, 20)).save(many / f"{i}.png")
        for i in range(160, 170):
            (many / f"{i}.png").unlink()
        for i in range(170, 180):
            whole = (many / f"{i}.png").read_bytes()
            (many / f"{i}.png").write_bytes(whole[: len(whole) // 2])  # being copied
        draw(5, (24, 20)).save(many / "new.png")

    index(many, progress=at_batch(1, change))
    for i in range(170, 180):
        draw(i, (24, 20)).save(many / f"{i}.png")
    snapshot, report = index(many)
    assert (report.skipped, report.images) == ((), 191)
    for path in store_of(many).path.iterdir():
        path.unlink()
    assert content(snapshot) == content(index(many)[0])


def test_a_picture_that_may_be_read_at_last_is_tried_again_though_it_has_not_changed(many):
    hidden = many / "target"
    (many / "link.png").symlink_to(hidden)
    assert [skipped.file for skipped in index(many)[1].skipped] == ["link.png"]
    encoder_needed = []
    index(many, progress=lambda *step: encoder_needed.append(step))
    assert encoder_needed == []
    os.link(many / "000.png", hidden)
    os.utime(hidden, ns=(0, 0))
    assert index(many)[1].skipped == ()


def test_two_runs_over_a_folder_that_changes_all_the_while_end_in_agreement(many):
    stop = threading.Event()

    def change() -> None:
        for turn in range(10_000):
            if stop.wait(0.001):
                return
            draw(2000 + turn, (24, 20)).save(many / f"{turn % 200:03}.png")

    changing = threading.Thread(target=change)
    runs = [threading.Thread(target=index, args=(many,)) for _ in range(2)]
    changing.start()
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    stop.set()
    changing.join()
    snapshot, report = index(many)
    assert (report.images, report.notes) == (200, ())
    for path in store_of(many).path.iterdir():
        path.unlink()
    assert content(snapshot) == content(index(many)[0])


@pytest.mark.parametrize(
    "nanoseconds",
    [-1, -(10**18), (1 << 63) - 1, 1 << 63, 10**22],
    ids=["1969", "1938", "2262", "2262+", "318857"],
)
def test_any_time_a_clock_may_give_is_kept_and_its_change_seen(many, nanoseconds):
    path = many / "000.png"
    index(many)
    os.utime(path, ns=(nanoseconds, nanoseconds))
    if path.stat().st_mtime_ns != nanoseconds:
        pytest.skip(f"this file system keeps {path.stat().st_mtime_ns} instead")
    assert index(many)[1].embedded == 1
    assert index(many)[1].embedded == 0
    os.utime(path, ns=(nanoseconds - 10**9, nanoseconds - 10**9))  # the clock goes backwards
    assert index(many)[1].embedded == 1
