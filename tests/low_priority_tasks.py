"""What test_low_priority.py has another process do: a module that imports nothing slow."""

import os
import time

from imsearch_core import UsageError


def count(steps: int, progress) -> tuple[int, int]:
    for done in range(steps + 1):
        print("a library prints this")
        os.write(1, b"and a library in C this")
        progress(done, steps)
    return os.getpid(), os.nice(0) if hasattr(os, "nice") else 0


def refuse(reason: str, progress) -> None:
    raise UsageError(reason)


def fail(progress) -> None:
    raise KeyError("of no kind of ours")


def last_for_ever(progress) -> None:
    progress(os.getpid(), 1)
    while True:
        time.sleep(60)
