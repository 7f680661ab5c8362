"""A home of its own for a measurement."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def home_in(folder: Path) -> Iterator[None]:
    """Within the block, what is stored goes into `folder`."""
    before = os.environ.get("IMSEARCH_HOME")
    os.environ["IMSEARCH_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["IMSEARCH_HOME"]
        else:
            os.environ["IMSEARCH_HOME"] = before
