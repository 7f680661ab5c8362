"""A value that takes long to make: made when first asked for, then kept."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from imsearch_core.progress import Progress, silent

Made = TypeVar("Made")


class Once(Generic[Made]):
    """What `make(progress)` returns, made by the first call and returned by every one. Threads may share it.

    If making it fails, the next call tries again.
    """

    def __init__(self, make: Callable[[Progress], Made]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: list[Made] = []

    @property
    def is_made(self) -> bool:
        """Whether a call returns at once."""
        return bool(self._made)

    def __call__(self, progress: Progress = silent) -> Made:
        """The value. Raises what making it raises."""
        with self._lock:
            if not self._made:
                self._made.append(self._make(progress))
            return self._made[0]
