"""A map of neighbours (t-SNE): made by another process, kept with the embeddings.

van der Maaten and Hinton, Visualizing Data using t-SNE, JMLR 2008; scikit-learn's Barnes-Hut form. It
takes seconds for 1000 pictures, so another process makes it, at low priority and on one thread: pages
stay quick, and the same embeddings give the same map.
"""

import contextlib
import io
import json
import re
import threading

import numpy as np
from threadpoolctl import threadpool_limits

from imsearch_core.errors import ImsearchError
from imsearch_core.files import read_arrays, write_arrays
from imsearch_core.index import Contents
from imsearch_core.low_priority import LowPriorityProcess, ProcessEnded
from imsearch_core.progress import Progress, silent
from imsearch_core.projection.base import Projection, in_unit_square, neighbours_kept
from imsearch_core.vectors.sampling import even_sample

FEWEST = 5  # pictures without which there is no neighbourhood to keep
LARGEST_SAMPLE = 4000  # pictures of a large collection that are placed
PERPLEXITY = 30.0
STEPS = 1000
_FORMAT = 1  # raise it when the points would come out differently


class NeighbourMap:
    """The neighbour map of one collection: ready, being made, stopped or failed. Threads may share it."""

    def __init__(self, contents: Contents) -> None:
        """The map is kept beside the embeddings."""
        self._embeddings = contents.embeddings
        self._items = even_sample(len(self._embeddings), LARGEST_SAMPLE)
        self._path = contents.cache / "neighbour-map.npz"
        self._manifest = {
            "format": _FORMAT,
            "version": contents.version,
            "items": len(self._embeddings),
            "placed": len(self._items),
            "perplexity": PERPLEXITY,
            "steps": STEPS,
        }
        self._lock = threading.Lock()
        self._ready: Projection | None = None
        self._worker: threading.Thread | None = None
        self._process: LowPriorityProcess | None = None
        self._stopped = False
        self.steps = 0
        """How many of the STEPS are done."""
        self.failure = ""
        """Why the last run gave no map; empty if it did, or was stopped."""

    @property
    def possible(self) -> bool:
        """Whether there are enough pictures for a map."""
        return len(self._items) >= FEWEST

    @property
    def working(self) -> bool:
        """Whether the map is being made now."""
        return self._worker is not None and self._worker.is_alive()

    def read(self) -> Projection | None:
        """The map, if it has been made for just these embeddings."""
        with self._lock:
            if self._ready is None:
                self._ready = self._load()
            return self._ready

    def start(self) -> None:
        """Begin to make the map in the background, unless it is there or begun."""
        if not self.possible or self.read():
            return
        with self._lock:
            if not self.working:
                self.steps, self.failure, self._stopped = 0, "", False
                self._worker = threading.Thread(target=self._run, name="neighbour map", daemon=True)
                self._worker.start()

    def stop(self) -> None:
        """End the run, if there is one; nothing of it remains."""
        with self._lock:
            self._stopped = True
            if self._process:
                self._process.stop()
        if self._worker:
            self._worker.join()

    def make(self, progress: Progress = silent) -> Projection:
        """Make the map and wait for it. Raises ImsearchError if there is none."""
        self.start()
        try:
            while self._worker and self._worker.is_alive():
                progress(self.steps, STEPS)
                self._worker.join(0.1)
        except BaseException:
            self.stop()
            raise
        if (made := self.read()) is None:
            too_few = f"it needs {FEWEST} pictures or more" if not self.possible else "it was stopped"
            raise ImsearchError(f"there is no neighbour map: {self.failure or too_few}")
        return made

    def _run(self) -> None:
        try:
            rows = self._embeddings.unit_rows(self._items)
            points = self._points(rows)
            if points is None:
                return
            made = Projection(self._items, in_unit_square(points), neighbours_kept(rows, points))
            self._save(made)
            self._ready = made
        except ImsearchError as error:
            self.failure = str(error)
        except Exception as error:  # a failure that nobody hears of would be tried again for ever
            self.failure = f"{type(error).__name__}: {error}"

    def _points(self, rows: np.ndarray) -> np.ndarray | None:
        """float32 [m, 2] from the process that computes them; None if it was stopped.

        Raises ImsearchError if it failed.
        """
        perplexity = min(PERPLEXITY, (len(rows) - 1) / 3)
        with self._lock:
            if self._stopped:
                return None
            self._process = LowPriorityProcess(compute, rows, perplexity, STEPS)
        try:
            return self._process.result(self._count)
        except ProcessEnded:
            if self._stopped:
                return None
            raise

    def _count(self, done: int, total: int) -> None:
        self.steps = done

    def _load(self) -> Projection | None:
        saved = read_arrays(self._path)
        if saved.keys() != {"manifest", "points", "kept"}:
            return None
        if json.loads(str(saved["manifest"])) != self._manifest:
            return None
        return Projection(self._items, saved["points"], float(saved["kept"]))

    def _save(self, made: Projection) -> None:
        with contextlib.suppress(OSError):  # nowhere to keep it: it serves this process
            write_arrays(self._path, manifest=json.dumps(self._manifest), points=made.points, kept=made.kept)


def compute(rows: np.ndarray, perplexity: float, steps: int, progress: Progress) -> np.ndarray:
    """float32 [m, 2]: where t-SNE places `rows` float32 [m, d]; progress is counted in steps."""
    from sklearn.manifold import TSNE

    tsne = TSNE(perplexity=perplexity, max_iter=steps, init="pca", random_state=0, verbose=2)
    # One thread leaves the other processors to the pages and fixes the order of sums.
    with threadpool_limits(1), contextlib.redirect_stdout(_StepReports(steps, progress)):
        return tsne.fit_transform(rows)


class _StepReports(io.TextIOBase):
    """Understands what scikit-learn prints after each 50 steps, the only progress it reports."""

    def __init__(self, steps: int, progress: Progress) -> None:
        self._steps, self._progress = steps, progress

    def write(self, text: str) -> int:
        if step := re.search(r"Iteration (\d+)", text):
            self._progress(min(int(step[1]), self._steps), self._steps)
        return len(text)
