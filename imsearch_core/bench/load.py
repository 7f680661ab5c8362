"""Many people at once, on every page: how long they wait, also while one of them indexes, and their memory.

Every person is a session (`imsearch_core.bench.session`) that pauses a few seconds between clicks. One more
uses a real browser, if one is installed: its waits include drawing. Everything stays on this machine.
"""

import argparse
import contextlib
import itertools
import os
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from imsearch_core.bench.browser import explorer_process, free_port, open_browser, running_explorer
from imsearch_core.bench.clicks import open_page, percentile_95
from imsearch_core.bench.command import add_bench, argument, option, or_illustrated
from imsearch_core.bench.figures import Figure
from imsearch_core.bench.machine import mean_load
from imsearch_core.bench.session import open_session
from imsearch_core.collection import Collection
from imsearch_core.datasets import scan
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import data_dir, folder_key
from imsearch_core.progress import Progress, silent

MOST_SESSIONS, MOST_MINUTES = 100, 30.0
_PAUSES = (2.0, 6.0)  # seconds between a grid and the next click
_WARM_UP = 0.25  # of the time, left out of all figures
_NEW_PICTURES = 600  # indexed by one person while the others go on
_PAGES = ("", "browse", "map", "labels", "compare")
_STAY = 3  # clicks until a person goes to the next page
_EARLY = 10  # people who come in the moment the server has started


class _People:
    """The sessions, each in a thread, and their clicks: when each was made and how long it took."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address, self._folder = address, folder
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(MOST_SESSIONS + 1)
        self._present: list[Future] = []
        self.clicks: list[tuple[float, float]] = []
        self.browser_clicks: list[tuple[float, float]] = []

    def come(self, sessions: int) -> None:
        self._present += [self._pool.submit(self._click, number) for number in range(sessions)]

    def sit_at_a_browser(self) -> None:
        self._present.append(self._pool.submit(self._click_in_browser))

    def leave(self) -> list[str]:
        """Let all go; returns what went wrong for them."""
        self._stop.set()
        return _errors_of(self._present)

    def _click(self, number: int) -> None:
        rng = random.Random(number)
        if self._stop.wait(rng.uniform(0, _PAUSES[1])):  # not all in one moment
            return
        with open_session(self._address) as session:
            for step in itertools.count(_STAY * number):  # their first pages differ
                page = _PAGES[step // _STAY % len(_PAGES)]
                stays = session.page == page and session.cells
                started = time.monotonic()
                if page == "" and stays:
                    session.click(rng.randrange(len(session.cells)))
                else:
                    session.page = page
                    session.show(folder=str(self._folder))
                if step > _STAY * number:
                    self.clicks.append((started, time.monotonic() - started))
                if self._stop.wait(rng.uniform(*_PAUSES)):
                    return

    def _click_in_browser(self) -> None:
        rng = random.Random(-1)
        try:
            with open_browser() as browser:
                page, _ = open_page(browser, f"{self._address}/?folder={self._folder}")
                while not self._stop.wait(rng.uniform(*_PAUSES)):
                    started = time.monotonic()
                    milliseconds = page.evaluate("place => clickOn(place)", rng.randrange(9))
                    self.browser_clicks.append((started, milliseconds / 1000))
        except ImsearchError:
            return  # there is no browser: the others do without
        except Exception as error:  # Playwright raises many kinds
            raise ImsearchError(f"in the browser: {error}") from error


def bench_load(
    folder: Path, sessions: int = 30, minutes: float = 3.0, progress: Progress = silent
) -> dict[str, Any]:
    """Let `sessions` people click around in `folder` for `minutes`; for the last third, one more indexes.

    The figures are without the warm-up; the browser's are to the grid drawn.

    Everything in `folder` is indexed first. What this starts also ends.
    `progress(done, total)` counts seconds. Raises UsageError beyond 100 sessions or 30 minutes,
    ImsearchError if no server comes up, and as Collection.open does.
    """
    if not (2 <= sessions <= MOST_SESSIONS and 0 < minutes <= MOST_MINUTES):
        raise UsageError(
            f"2 to {MOST_SESSIONS} sessions and up to {MOST_MINUTES:.0f} minutes can be measured"
        )
    photos = Collection.open(folder)
    seconds = 60 * minutes
    with _new_folder(photos) as (new, pictures):
        roots = os.pathsep.join((str(photos.folder), str(new)))
        environment = {"IMSEARCH_HOME": str(data_dir()), "IMSEARCH_FOLDERS": roots}
        with running_explorer(**environment) as address:
            cold, early_errors = _come_at_once(address, photos.folder)
        with explorer_process(free_port(), **environment) as (address, server):
            with open_session(address) as first:
                for first.page in _PAGES:
                    first.show(folder=str(photos.folder))
                alone = _megabytes(server.pid)
            people = _People(address, photos.folder)
            try:
                people.come(sessions)
                people.sit_at_a_browser()
                began = time.monotonic()
                _pass(began, _WARM_UP * seconds, seconds, progress)
                warm, memory = time.monotonic(), [_megabytes(server.pid)]
                _pass(began, 0.65 * seconds, seconds, progress)
                busy = time.monotonic()
                memory.append(_megabytes(server.pid))
                indexing_seconds, failure = _index(address, new)
                done = time.monotonic()
                _pass(began, seconds, seconds, progress)
            finally:
                errors = people.leave()
            later = _megabytes_of_later(address, photos.folder, sessions, server.pid)
        shutil.rmtree(data_dir() / "embeddings" / folder_key(new), ignore_errors=True)
    return {
        "errors": (*early_errors, *errors, *failure),
        "figures": [
            Figure(
                f"until {_EARLY} who came as it started had whole pages", max(cold, default=0), "s", "≤ 6"
            ),
            *_waits("a click while all only click", people.clicks, warm, busy),
            *_waits("a click while one indexes", people.clicks, busy, done),
            *_waits("in the browser, while all only click", people.browser_clicks, warm, busy),
            *_waits("in the browser, while one indexes", people.browser_clicks, busy, done),
            Figure(f"until all of a new folder of {pictures} could be searched", indexing_seconds, "s"),
            Figure("a session's memory, once all have warmed up", (memory[0] - alone) / (sessions - 1), "MB"),
            Figure("the same for as many who come after these have left", later, "MB"),
            Figure("growth of the server's memory while all only click", memory[1] - memory[0], "MB"),
            Figure("load of the last minute", mean_load(), ""),
        ],
    }


def _errors_of(people: Sequence[Future]) -> list[str]:
    return [str(error) for one in people if (error := one.exception())]


@contextlib.contextmanager
def _new_folder(photos: Collection) -> Iterator[tuple[Path, int]]:
    """A folder that nobody has opened yet, of copies of pictures, and how many there are."""
    with tempfile.TemporaryDirectory(prefix="imsearch-load-") as place:
        new = Path(place).resolve() / "new"
        some = photos.items[: min(len(photos.items), _NEW_PICTURES)]
        for item in some:
            path = new / item.file
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(photos.folder / item.file, path)
        yield new, len(scan(new).items)


def _come_at_once(address: str, folder: Path) -> tuple[tuple[float, ...], list[str]]:
    """Seconds that each early visitor waits for a whole page, and what went wrong."""

    def come(number: int) -> float:
        started = time.monotonic()
        with open_session(address) as session:
            session.page = _PAGES[number % len(_PAGES)]
            session.show(folder=str(folder))
            return time.monotonic() - started

    with ThreadPoolExecutor(_EARLY) as pool:
        people = [pool.submit(come, number) for number in range(_EARLY)]
    seconds = tuple(one.result() for one in people if not one.exception())
    return seconds, _errors_of(people)


def _megabytes_of_later(address: str, folder: Path, sessions: int, process: int) -> float:
    """What each of these sessions adds to the server's memory after others have left."""
    before = _megabytes(process)
    with contextlib.ExitStack() as all_of_them:
        for number in range(sessions):
            session = all_of_them.enter_context(open_session(address))
            session.page = _PAGES[number % len(_PAGES)]
            session.show(folder=str(folder))
        return (_megabytes(process) - before) / sessions


def _index(address: str, new: Path) -> tuple[float, list[str]]:
    started = time.monotonic()
    try:
        with open_session(address, patience=600) as session:
            session.show(folder=str(new))
            while any("searched already" in text for _, text in session.progress):  # some of it is there
                time.sleep(1)
                session.show(folder=str(new))
            if not session.cells:
                raise ImsearchError(f"no grid came of the new folder: {' '.join(session.texts)[:300]}")
    except ImsearchError as error:
        return time.monotonic() - started, [str(error)]
    return time.monotonic() - started, []


def _pass(began: float, until: float, seconds: float, progress: Progress) -> None:
    while (passed := time.monotonic() - began) < until:
        progress(int(passed), int(seconds))
        time.sleep(0.5)


def _megabytes(process: int) -> float:
    """The memory that a process occupies. Raises ImsearchError except on Linux."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError as error:
        raise ImsearchError(f"the server's memory cannot be read: {error}") from error
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _waits(what: str, clicks: Sequence[tuple[float, float]], first: float, last: float) -> list[Figure]:
    """Of the clicks made between two times; none if there were none, as without a browser."""
    waits = [1000 * took for started, took in clicks if first <= started < last]
    if not waits:
        return []
    return [
        Figure(f"{what}: how many", len(waits), ""),
        Figure(f"{what}: median", statistics.median(waits), "ms"),
        Figure(f"{what}: p95", percentile_95(waits), "ms", "≤ 700"),
        Figure(f"{what}: longest", max(waits), "ms"),
    ]


def add(benches: argparse._SubParsersAction) -> None:
    sessions = option("--sessions", 30, "N", "how many people")
    minutes = option("--minutes", 3.0, "M", "how long in all")
    folder = or_illustrated(argument("folder", metavar="FOLDER", type=Path, help="what they look at"))
    help = "how long do many people at once wait?"
    add_bench(benches, "load", help, bench_load, folder, sessions, minutes, doing="clicking", unit="seconds")
