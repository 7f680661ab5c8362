"""How work tells how far it is."""

import time
from itertools import pairwise

import pytest

from imsearch_core import progress
from imsearch_core.progress import never_still, part


@pytest.fixture
def clock(monkeypatch):
    """The time in seconds, as [now]."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_parts_of_parts_are_counted_in_thousandths():
    heard = []
    part(part(lambda *step: heard.append(step), 1, 2), 3, 4)(1, 2)
    assert heard == [(1875, 2000)]


def test_work_that_tells_nothing_goes_on_at_its_pace_so_far_and_slower_towards_the_end(clock):
    heard = []
    moving = progress._Moving(lambda *step: heard.append(step))
    moving.tell(0, 100_000)
    clock[0] += 10
    moving.tell(20_000, 100_000)
    for _ in range(200):
        clock[0] += 1
        moving.go_on()
    shares = [done for done, _ in heard[1:]]
    steps = [later - earlier for earlier, later in pairwise(shares)]
    assert steps[0] == pytest.approx(0.8 * 2000, rel=0.02)
    assert all(later <= earlier + 1 for earlier, later in pairwise(steps))
    assert shares[-1] < 100_000
    assert {total for _, total in heard} == {100_000}


def test_an_estimate_is_not_taken_back_and_news_are_passed_on_at_once(clock):
    heard = []
    moving = progress._Moving(lambda *step: heard.append(step))
    moving.tell(0, 1000)
    for _ in range(5):
        clock[0] += 1
        moving.go_on()
    assert heard[-1][0] == pytest.approx(49, abs=2)
    moving.tell(10, 1000)
    assert heard[-1][0] >= 47
    moving.tell(500, 1000)
    assert heard[-1] == (500, 1000)
    clock[0] += 0.1
    moving.go_on()
    assert heard[-1] == (500, 1000)


def test_a_bar_moves_by_itself_until_the_work_ends_or_fails(monkeypatch):
    monkeypatch.setattr(progress, "_STILL", 0.005)
    heard = []

    def work() -> None:
        with never_still(lambda *step: heard.append(step)):
            deadline = time.monotonic() + 10
            while len(heard) < 3 and time.monotonic() < deadline:
                time.sleep(0.005)
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        work()
    assert len(heard) >= 3
    at_the_end = len(heard)
    time.sleep(0.05)
    assert len(heard) == at_the_end
