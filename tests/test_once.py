"""What takes long is made once for all threads that ask for it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from imsearch_core.once import Once


def test_threads_that_ask_at_once_share_what_one_of_them_makes():
    made = []
    once = Once(lambda progress: made.append(1) or object())
    assert not once.is_made
    with ThreadPoolExecutor(4) as threads:
        values = set(threads.map(lambda _: once(), range(8)))
    assert len(values) == len(made) == 1
    assert once.is_made


def test_a_failure_is_raised_and_the_next_call_tries_again():
    attempts = []

    def make(progress):
        attempts.append(1)
        if len(attempts) == 1:
            raise OSError("the disk is away")
        progress(1, 1)
        return None

    once, steps = Once(make), []
    with pytest.raises(OSError, match="away"):
        once()
    assert once(lambda done, total: steps.append((done, total))) is None
    assert (once(), len(attempts), steps) == (None, 2, [(1, 1)])
