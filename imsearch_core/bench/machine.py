"""Where a measurement runs: facts about the machine, fresh processes, a temporary home."""

import os
import platform
import re
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from imsearch_core.errors import ImsearchError


def home_in(folder: Path) -> AbstractContextManager:
    """Within the block, everything that is stored goes into `folder`."""
    return patch.dict(os.environ, IMSEARCH_HOME=str(folder))


def in_own_process(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function in a fresh process, where nothing is imported or cached, and return its result."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *arguments).result()


def most_memory() -> int:
    """The peak memory of this process in bytes, mapped files included. Raises ImsearchError on Windows."""
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


def machine() -> dict[str, str]:
    """What figures depend on, in words."""
    facts = {"system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"}
    facts["processors"] = f"{os.cpu_count()}, {_processor()}"
    if hasattr(os, "sysconf"):
        facts["memory"] = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    facts["load"] = f"{mean_load():.1f} runnable in the minute before the start"
    facts["numpy"] = np.__version__
    return facts


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()
