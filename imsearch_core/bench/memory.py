"""What a process holds in memory, and a folder on disk."""

import re
import resource
import sys
from pathlib import Path


def most_memory() -> int:
    """Bytes: the most that this process has held, mapped files included."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux, `ru_maxrss` begins with what the process that started this one held
        return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def bytes_on_disk(folder: Path) -> int:
    """The sizes of all files in a folder and below, added up."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
