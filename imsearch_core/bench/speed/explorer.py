"""e: the running explorer: from its start to the first grid, and from a click to the new one.

The server is real, the sessions have no browser (`imsearch_core.bench.session`). A session asks for the page
with another picture as the query, and we take the time until the server has sent the whole page, without
the time that a browser needs to draw it.
"""

import contextlib
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from imsearch_core.bench.browser import running_explorer
from imsearch_core.bench.figures import Figure
from imsearch_core.bench.machine import home_in
from imsearch_core.bench.pictures import draw_photos
from imsearch_core.bench.session import Session, open_session
from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError

_PICTURES, _CLICKS, _OTHERS, _THINKING = 300, 40, 20, 3.0


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="imsearch-speed-") as temporary:
        folder, home = Path(temporary, "photos"), Path(temporary, "home")
        files = [
            file.relative_to(folder).as_posix() for file in draw_photos(folder / "made-up", 0, _PICTURES)
        ]
        with home_in(home):
            Collection.open(folder)
        started = time.perf_counter()
        environment = {"IMSEARCH_HOME": str(home), "IMSEARCH_FOLDERS": str(folder.parent)}
        with running_explorer(**environment) as address, open_session(address, fetches=False) as session:
            _click(session, folder, files[0])
            start = time.perf_counter() - started
            if not session.cells:
                raise ImsearchError("the explorer showed no picture")
            order = random.Random(0)
            alone = [_click(session, folder, order.choice(files)) for _ in range(_CLICKS)]
            with _others(address, folder, files):
                company = [_click(session, folder, order.choice(files)) for _ in range(_CLICKS)]
    figures = [Figure(f"start of the server to the first grid, {_PICTURES} pictures stored", start, "s")]
    for times, whom in ((alone, "alone"), (company, f"with {_OTHERS} others, a click each {_THINKING:g} s")):
        median, p95 = np.percentile(times, [50, 95])
        figures += [
            Figure(f"click to new grid, server, median, {whom}", float(median), "s"),
            Figure(f"click to new grid, server, p95, {whom}", float(p95), "s", "≤ 2"),
        ]
    return figures


def _click(session: Session, folder: Path, file: str) -> float:
    """Seconds until the page with this picture as the query has been sent."""
    started = time.perf_counter()
    session.show(folder=str(folder), q=file)
    return time.perf_counter() - started


@contextlib.contextmanager
def _others(address: str, folder: Path, files: list[str]) -> Iterator[None]:
    """Twenty more visitors, each clicking about every 3 seconds, while the block runs."""
    leaving = threading.Event()

    def visit(seed: int) -> None:
        chance = random.Random(seed)
        with open_session(address, fetches=False) as session:
            while not leaving.wait(chance.uniform(0, 2 * _THINKING)):
                _click(session, folder, chance.choice(files))

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
