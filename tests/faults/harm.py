"""Indexing in processes of their own, to be killed or starved: run as a script, so that forks are cheap.

python -m tests.faults.harm kill|starve FOLDER ROUNDS: harms ROUNDS runs over FOLDER at fixed random moments
or sizes, and prints a JSON list, for each round what the store held afterwards and what was said of it.
"""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

from imsearch_core.datasets import scan
from imsearch_core.errors import ImsearchError
from imsearch_core.store import EmbeddingStore, store_path
from imsearch_core.store.sync import sync
from imsearch_core.vectors import quantised
from tests.colour_encoder import FINGERPRINT, ColourEncoder

ROOT = Path(__file__).resolve().parents[2]  # not from conftest.py, which imports Streamlit
LARGE = 20_000  # bytes from which a store gets its compact copy: that is harmed, too


def harm(how: str, folder: Path, rounds: int) -> list[dict]:
    """Run this file as a script; returns what it tells."""
    command = [sys.executable, "-m", "tests.faults.harm", how, str(folder), str(rounds)]
    told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, timeout=60 + 5 * rounds, check=True)
    return json.loads(told.stdout)


def index(folder: Path, encoder: ColourEncoder | None = None, progress=lambda done, total: None):
    """Bring the store of a folder up to date, as `Collection.open` does."""
    return sync(store_of(folder), scan(folder), lambda: encoder or ColourEncoder(), progress)


def store_of(folder: Path) -> EmbeddingStore:
    return EmbeddingStore(store_path(folder.resolve(), FINGERPRINT), FINGERPRINT)


def _harm(how: str, folder: Path, rounds: int) -> list[dict]:
    rng = random.Random(0)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told = []
    for _ in range(rounds):
        # Some are new again: there is something to embed, and in time to give back.
        for path in rng.sample(files, len(files) // 2):
            os.utime(path, ns=(rng.randrange(1 << 60),) * 2)
        pid = os.fork()
        if not pid:
            os._exit(_run(how, folder, rng.randrange(50_000)))
        if how == "kill":
            time.sleep(rng.uniform(0, 0.25))
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        store = store_of(folder)
        kept = len(store.read().files)
        told.append({"status": status, "kept": kept, "notes": store.notes})
    return told


def _run(how: str, folder: Path, size: int) -> int:
    if how == "starve":  # no file may grow beyond that: writing fails as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        _, report = index(folder, ColourEncoder(delay=0.01 if how == "kill" else 0))
    except ImsearchError as error:
        return 2 if "Free some space" in str(error) else 3
    return 2 if any("Free some space" in note for note in report.notes) else 0


if __name__ == "__main__":
    quantised.QUANTISE_ABOVE = LARGE
    print(json.dumps(_harm(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
