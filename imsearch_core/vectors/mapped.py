"""Reading from mapped files: the system ends a process that reads past the end of one cut short."""

import os
from collections.abc import Callable

import numpy as np

from imsearch_core.errors import ImsearchError


def guard_of(array: np.ndarray) -> Callable[[], None]:
    """A check to call before each read of `array`: raises ImsearchError if its file was cut short.

    Does nothing for an array in memory, or when the file was replaced or deleted: the mapping then
    keeps the old content. A file that is cut short during a read cannot be caught.
    """
    if not isinstance(array, np.memmap):
        return lambda: None
    path, opened, end = array.filename, os.stat(array.filename), array.offset + array.nbytes

    def guard() -> None:
        try:
            now = os.stat(path)
        except OSError:
            return
        if now.st_ino == opened.st_ino and now.st_size < end:
            raise ImsearchError(
                f"{path} was cut short by another program: open the folder again to embed what is lost"
            )

    return guard
