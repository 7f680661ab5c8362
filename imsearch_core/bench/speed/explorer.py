"""e: the running explorer: from its start to the first grid, and from a click to the new one.

A real server, and sessions that speak Streamlit's own protocol to it over WebSockets: what a browser
sends when a picture is picked is sent, and the time until the server has sent the whole page is taken.
What a browser then needs to draw it is not in these figures.
"""

import contextlib
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from imsearch_core.bench.pictures import draw_photos
from imsearch_core.bench.speed.figures import Figure
from imsearch_core.errors import ImsearchError
from imsearch_core.files import PROJECT
from imsearch_core.search import Collection
from imsearch_core.ui.visitor import Visitor

_PICTURES, _CLICKS, _OTHERS, _THINKING = 300, 40, 20, 3.0


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="imsearch-speed-") as temporary:
        folder, home = Path(temporary, "photos"), Path(temporary, "home")
        files = [
            file.relative_to(folder).as_posix() for file in draw_photos(folder / "made-up", 0, _PICTURES)
        ]
        with _home(home):
            Collection.open(folder)
        started = time.perf_counter()
        with server(folder, home) as address:
            visitor = Visitor(address, folder)
            _, pictures = visitor.show(files[0])
            start = time.perf_counter() - started
            if not pictures:
                raise ImsearchError("the explorer showed no picture")
            order = random.Random(0)
            alone = [visitor.show(order.choice(files))[0] for _ in range(_CLICKS)]
            with others(address, folder, files):
                company = [visitor.show(order.choice(files))[0] for _ in range(_CLICKS)]
            visitor.close()
    figures = [Figure("e", f"start of the server to the first grid, {_PICTURES} pictures stored", start, "s")]
    for times, whom in ((alone, "alone"), (company, f"with {_OTHERS} others, a click each {_THINKING:g} s")):
        median, p95 = np.percentile(times, [50, 95])
        figures += [
            Figure("e", f"click to new grid, server, median, {whom}", float(median), "s"),
            Figure("e", f"click to new grid, server, p95, {whom}", float(p95), "s", "≤ 2"),
        ]
    return figures


@contextlib.contextmanager
def server(folder: Path, home: Path) -> Iterator[str]:
    """The explorer, running and answering; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    environment = os.environ | {"IMSEARCH_HOME": str(home), "IMSEARCH_FOLDERS": str(folder.parent)}
    process = subprocess.Popen(
        [
            *command,
            f"--server.port={port}",
            "--server.enableXsrfProtection=false",
            "--server.enableCORS=false",
        ],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://localhost:{port}"
        for _ in range(600):
            if process.poll() is not None:
                raise ImsearchError("the explorer's server ended: run `streamlit run app.py` to see why")
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def others(address: str, folder: Path, files: list[str]) -> Iterator[None]:
    """Twenty more visitors, each with a click every 3 seconds or so, while the block runs."""
    leaving = threading.Event()

    def visit(seed: int) -> None:
        chance, session = random.Random(seed), Visitor(address, folder)
        while not leaving.wait(chance.uniform(0, 2 * _THINKING)):
            session.show(chance.choice(files))
        session.close()

    visitors = [threading.Thread(target=visit, args=(seed,)) for seed in range(1, _OTHERS + 1)]
    for visitor in visitors:
        visitor.start()
    try:
        time.sleep(2 * _THINKING)  # until all have come
        yield
    finally:
        leaving.set()
        for visitor in visitors:
            visitor.join()


@contextlib.contextmanager
def _home(home: Path) -> Iterator[None]:
    before = os.environ.get("IMSEARCH_HOME")
    os.environ["IMSEARCH_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["IMSEARCH_HOME"]
        else:
            os.environ["IMSEARCH_HOME"] = before
