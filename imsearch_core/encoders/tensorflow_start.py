"""TensorFlow starts quietly, and without what we do not need.

Its greetings, which no log level holds back, stay off standard error.
"""

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.abc import MetaPathFinder

from imsearch_core.garbage import no_garbage

_GREETING = re.compile(
    rb"WARNING: All log messages before absl::|[IW]\d{4} \d\d|To enable the following instr"
)
# Keras does without these if they are not installed. Importing them takes as long as half of TensorFlow.
_UNNEEDED = {"sklearn", "pandas"}


def start_tensorflow() -> None:
    """Import TensorFlow. Takes seconds the first time; its notes and warnings are dropped, errors are not."""
    if "tensorflow" in sys.modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors only; read when TensorFlow is imported
    with _without_greetings(), _without_unneeded(), no_garbage():
        import tensorflow as tf

        for gpu in tf.config.list_physical_devices("GPU"):  # else it takes all memory from other processes
            tf.config.experimental.set_memory_growth(gpu, True)


class _NotInstalled(MetaPathFinder):
    """Says that packages are not installed, to one thread; others import them meanwhile."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(self, name: str, *_: object) -> None:
        if name in _UNNEEDED and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"{name} is not needed by Keras", name=name)


@contextmanager
def _without_unneeded() -> Iterator[None]:
    finder = _NotInstalled()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextmanager
def _without_greetings() -> Iterator[None]:
    """Keep back what is written to file descriptor 2, and write it afterwards, the greetings left out."""
    try:
        sys.stderr.flush()
        stderr = os.dup(2)
    except (OSError, AttributeError):  # there is no standard error
        yield
        return
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            with suppress(OSError):
                sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            said.seek(0)
            for line in said:
                if not _GREETING.match(line):
                    os.write(2, line)
