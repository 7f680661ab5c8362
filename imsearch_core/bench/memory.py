"""How much memory does it take to index a folder?

A file can be made to exhaust it: a picture of a few bytes that declares gigapixels, thousands of scans, or
huge metadata. The command `index` runs with an empty home, and the memory of all its processes is added up
every 50 ms; pages that they share count for each.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from imsearch_core.bench.command import FOLDER, add_bench
from imsearch_core.bench.figures import Figure
from imsearch_core.bench.machine import home_in
from imsearch_core.errors import ImsearchError

_EVERY = 0.05  # seconds


def bench_memory(folder: Path) -> list[Figure]:
    """Index `folder` from scratch. Raises ImsearchError if nothing in it can be read, or not on Linux."""
    if not Path("/proc/self/task").exists():
        raise ImsearchError("only Linux reports how much memory other processes occupy")
    command = [sys.executable, "-m", "imsearch_core", "index", str(folder), "--json"]
    with tempfile.TemporaryDirectory() as home, home_in(Path(home)):
        out, said = Path(home) / "out", Path(home) / "said"
        started, peak = time.perf_counter(), 0
        with out.open("w") as stdout, said.open("w") as stderr:
            index = subprocess.Popen(command, stdout=stdout, stderr=stderr)
            while index.poll() is None:
                peak = max(peak, _occupied(index.pid))
                time.sleep(_EVERY)
        seconds = time.perf_counter() - started
        if index.returncode:
            raise ImsearchError(f"index ended with {index.returncode}: {said.read_text().strip()}")
        report = json.loads(out.read_text())
    return [
        Figure("images", report["images"], ""),
        Figure("skipped", len(report["skipped"]), ""),
        Figure("time", seconds, "s"),
        Figure("most memory, of all processes together", peak / 1e6, "MB", "≤ 2000"),
    ]


def _occupied(pid: int) -> int:
    """Bytes that a process and its children occupy; 0 for those that have ended."""
    try:
        threads = Path(f"/proc/{pid}/task").iterdir()
        children = {int(child) for thread in threads for child in (thread / "children").read_text().split()}
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    except OSError:
        return 0
    own = int(status.get("VmRSS", "0 kB").split()[0]) * 1024
    return own + sum(map(_occupied, children))


def add(benches: argparse._SubParsersAction) -> None:
    add_bench(benches, "memory", "how much memory does indexing a folder take?", bench_memory, FOLDER)
