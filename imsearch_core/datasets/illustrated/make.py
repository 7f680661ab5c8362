"""Draws the whole set into a folder: pictures by class, labels.csv for search, truth.csv for checks.

The drawing is done by separate Python processes that import nothing of the caller's: the renderer
holds the interpreter's lock, so that threads would not help, and a pool of processes would run the
caller's script again in each of them, which a Streamlit page cannot bear.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from imsearch_core.datasets.folder import LABELS_FILE
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import PROJECT, read_json

from .plan import Recipe, plan
from .registry import CLASSES

TRUTH_FILE = "truth.csv"
MARK_FILE = "drawn.json"  # says that a folder is ours, and of which set
VERSION = 2  # raise it when the drawings change: sets drawn before are then drawn anew
MOST_WORKERS = 8


@dataclass(frozen=True)
class DrawnSet:
    """A complete set on disk; ``seconds`` is the time it took to draw, 0 if it was there."""

    folder: Path
    images: int
    classes: int
    seconds: float


@dataclass(frozen=True)
class TruthRow:
    """One object of one picture, a row of truth.csv.

    The box is in pixels, ``area`` the visible share of the picture; ``wrong`` is 1 where the
    folder's label was planted although the picture does not show it.
    """

    file: str
    label: str
    class_: str
    x0: int
    y0: int
    x1: int
    y1: int
    area: float
    wrong: int


TRUTH_COLUMNS = ("file", "label", "class", "x0", "y0", "x1", "y1", "area", "wrong")


def is_drawn(folder: Path, per_class: int | None = None, seed: int | None = None) -> bool:
    """Whether ``folder`` holds a complete set: of these parameters, as far as they are given."""
    mark = _mark(folder)
    if mark is None or mark["version"] != VERSION or not (folder / TRUTH_FILE).is_file():
        return False
    if (per_class or mark["per_class"], mark["seed"] if seed is None else seed) != (
        mark["per_class"],
        mark["seed"],
    ):
        return False
    try:
        with (folder / LABELS_FILE).open(encoding="utf-8", newline="") as file:
            files = [row["file"] for row in csv.DictReader(file)]
        return len(files) == mark["images"] and all((folder / file).is_file() for file in files)
    except (OSError, ValueError, KeyError, TypeError, csv.Error):  # damaged, in whatever way
        return False


def draw_dataset(
    folder: Path,
    *,
    per_class: int = 50,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> DrawnSet:
    """Draw ``per_class`` pictures of every class into ``folder``, unless they are there already.

    The folder appears all at once when everything is drawn. An exception out of ``progress`` (done,
    total) ends the drawing and leaves nothing behind. The same ``per_class`` and ``seed`` give the
    same bytes, whatever the number of ``workers`` (processes; by default one per processor).
    Raises UsageError if ``folder`` holds something else, ImsearchError if drawing or writing fails.
    """
    folder = Path(folder).expanduser().resolve()
    if per_class < 1 or (workers is not None and workers < 1):
        raise UsageError("a set needs at least one picture per class and one worker")
    if is_drawn(folder, per_class, seed):
        return DrawnSet(folder, per_class * len(CLASSES), len(CLASSES), 0.0)
    if folder.exists() and _mark(folder) is None and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and holds something else: give a new or empty folder")
    recipes, started = plan(per_class, seed), time.monotonic()
    count = min(workers or min(os.cpu_count() or 1, MOST_WORKERS), len(recipes))
    try:
        with _workshop(folder) as made:
            mark = {"version": VERSION, "per_class": per_class, "seed": seed, "images": len(recipes)}
            (made / MARK_FILE).write_text(json.dumps(mark) + "\n", "utf-8")
            for label in CLASSES:
                (made / label).mkdir()
            rows = _draw_all(made, recipes, per_class, seed, count, progress)
            _write_tables(made, recipes, rows)
            _replace(made, folder)
    except OSError as error:
        raise ImsearchError(f"{folder} cannot be written: {error.strerror or error}") from error
    return DrawnSet(folder, len(recipes), len(CLASSES), time.monotonic() - started)


def _mark(folder: Path) -> dict | None:
    """What `MARK_FILE` says; None where there is none or it is not one of ours."""
    mark = read_json(folder / MARK_FILE)
    names = ("version", "per_class", "seed", "images")
    return mark if isinstance(mark, dict) and all(isinstance(mark.get(n), int) for n in names) else None


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A new hidden folder beside ``folder``, removed at the end unless it has been moved away.

    It is locked while we work in it, so that what a killed process left behind can be told apart
    from what another is drawing, and removed.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{folder.name}.drawing-"
    for left in folder.parent.glob(f"{prefix}*"):
        with _locked(left) as free:
            if free:
                shutil.rmtree(left, ignore_errors=True)
    with contextlib.ExitStack() as stack:
        while True:
            made = folder.parent / f"{prefix}{uuid.uuid4().hex}"
            made.mkdir()
            stack.callback(shutil.rmtree, made, ignore_errors=True)
            if stack.enter_context(_locked(made)) and made.is_dir():  # else another took it for left behind
                break
        yield made


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Hold a folder's lock; False if somebody else has it, or the folder is gone."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except OSError:
            free = False
        yield free
    finally:
        os.close(handle)


def _draw_all(
    made: Path,
    recipes: list[Recipe],
    per_class: int,
    seed: int,
    count: int,
    progress: Callable[[int, int], None],
) -> list[list[TruthRow]]:
    """Have ``count`` processes draw all recipes; returns the truth about each."""
    jobs: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, list[TruthRow]] | str] = queue.SimpleQueue()
    for job in range(len(recipes)):
        jobs.put(job)
    path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", f"{__package__}.worker", str(made), str(per_class), str(seed)]
    processes: list[subprocess.Popen[str]] = []
    threads: list[threading.Thread] = []
    rows: list[list[TruthRow]] = [[] for _ in recipes]
    try:
        for _ in range(count):
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
            )
            processes.append(process)
            threads.append(threading.Thread(target=_attend, args=(process, jobs, done), daemon=True))
            threads[-1].start()
        progress(0, len(recipes))
        for number in range(1, len(recipes) + 1):
            result = done.get()
            if isinstance(result, str):
                raise ImsearchError(f"drawing the pictures failed: {result}")
            job, rows[job] = result
            progress(number, len(recipes))
    finally:
        for process in processes:
            process.kill()
        for process, thread in zip(processes, threads, strict=False):
            process.wait()
            thread.join()
            for pipe in (process.stdin, process.stdout, process.stderr):
                with contextlib.suppress(OSError):
                    pipe.close()
    return rows


def _attend(process: subprocess.Popen[str], jobs: queue.SimpleQueue, done: queue.SimpleQueue) -> None:
    """Give one process job after job and pass on what it answers, until there are no more."""
    with contextlib.suppress(queue.Empty):
        while True:
            job = jobs.get_nowait()
            try:
                process.stdin.write(f"{job}\n")
                process.stdin.flush()
                answer = process.stdout.readline()
                rows = [TruthRow(**row) for row in json.loads(answer)]
            except (OSError, ValueError):
                lines = process.stderr.read().strip().splitlines()
                done.put(lines[-1] if lines else "a drawing process ended unexpectedly")
                return
            done.put((job, rows))


def _write_tables(made: Path, recipes: list[Recipe], rows: list[list[TruthRow]]) -> None:
    """Write truth.csv, then labels.csv."""
    with (made / TRUTH_FILE).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(TRUTH_COLUMNS)
        table.writerows(astuple(row) for things in rows for row in things)
    with (made / LABELS_FILE).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("file", "label", "all_labels"))
        for recipe, things in zip(recipes, rows, strict=True):
            present = dict.fromkeys(row.class_ for row in things)
            table.writerow((recipe.file, recipe.label, " ".join(present)))


def _replace(made: Path, folder: Path) -> None:
    """Put ``made`` in the place of ``folder``, which is missing, empty or an older set of ours."""
    if folder.exists() and any(folder.iterdir()):
        old = made.with_name(f"{made.name}-old")
        os.replace(folder, old)
        os.replace(made, folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        os.replace(made, folder)


def truth_rows(recipe: Recipe, objects: list) -> list[dict]:
    """The truth about one picture as plain dictionaries, the most prominent object first."""
    return [
        asdict(
            TruthRow(
                recipe.file, recipe.label, thing.label, *thing.box, round(thing.area, 5), int(recipe.wrong)
            )
        )
        for thing in objects
    ]
