"""What the operating system says of this process and of the machine."""

import os
import re
import sys
from pathlib import Path

from imsearch_core.errors import ImsearchError


def most_memory() -> int:
    """Bytes: the most that this process has held, mapped files included. Raises ImsearchError on Windows."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux, `ru_maxrss` starts from what the parent process held
        return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1])
    try:
        import resource
    except ImportError:
        raise ImsearchError("this system does not say how much memory a process has held") from None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def mean_load() -> float:
    """The mean number of runnable processes over the last minute; NaN on Windows."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
