"""TensorFlow starts quietly: its greetings, which no log level holds back, stay off standard error."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_GREETING = re.compile(
    rb"WARNING: All log messages before absl::|[IW]\d{4} \d\d|To enable the following instr"
)


def start_tensorflow() -> None:
    """Import TensorFlow. Takes seconds the first time; its notes and warnings are dropped, errors are not."""
    if "tensorflow" in sys.modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors only; read when TensorFlow is imported
    with _without_greetings():
        import tensorflow as tf

        for gpu in tf.config.list_physical_devices("GPU"):  # else it takes all memory from other processes
            tf.config.experimental.set_memory_growth(gpu, True)


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
