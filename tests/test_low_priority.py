"""Work in another process: its result, errors and progress arrive, and it ends with the one that asked."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from imsearch_core import UsageError
from imsearch_core.low_priority import LowPriorityProcess, ProcessEnded
from tests.conftest import ROOT
from tests.low_priority_tasks import count, fail, last_for_ever, refuse


def is_alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def test_a_result_and_every_step_arrive_whatever_the_function_prints():
    steps = []
    pid, niceness = LowPriorityProcess(count, 3).result(lambda *step: steps.append(step))
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert pid != os.getpid()
    assert niceness > os.nice(0)


def test_an_error_arrives_with_its_type_and_message():
    with pytest.raises(UsageError, match=r"^no such 🐈 folder$"):
        LowPriorityProcess(refuse, "no such 🐈 folder").result()
    with pytest.raises(Exception, match="KeyError: 'of no kind of ours'"):
        LowPriorityProcess(fail).result()


def test_a_killed_process_is_reported_as_killed():
    with pytest.raises(ProcessEnded, match="killed, perhaps for lack of memory"):
        LowPriorityProcess(last_for_ever).result(lambda pid, _: os.kill(pid, signal.SIGKILL))


def test_a_process_ends_when_its_progress_is_no_longer_wanted():
    pids = []

    def leave(pid: int, total: int) -> None:
        pids.append(pid)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        LowPriorityProcess(last_for_ever).result(leave)
    assert not is_alive(pids[0])


def test_a_process_ends_when_the_one_that_started_it_is_killed():
    code = (
        "from imsearch_core.low_priority import LowPriorityProcess; "
        "from tests.low_priority_tasks import last_for_ever; "
        "LowPriorityProcess(last_for_ever).result(lambda pid, total: print(pid, flush=True))"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    for _ in range(600):
        if not is_alive(pid):
            break
        time.sleep(0.05)
    assert not is_alive(pid)
