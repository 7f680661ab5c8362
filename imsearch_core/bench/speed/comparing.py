"""c: exact and focused search against a bare NumPy matrix-vector product, and how both grow.

Each size is measured in a fresh process, to know its memory. Memory is read after searching and before
NumPy's side loads all rows as float32. The first search also checks the compact copy, if there is one; the
disk is that of the store, as the files are empty. Every side is measured with one BLAS thread and with all of
them, and the better counts: which it is depends on who else uses the machine.
"""

import tempfile
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from imsearch_core.bench.figures import Figure, medians_in_turn
from imsearch_core.bench.machine import in_own_process, most_memory
from imsearch_core.bench.speed.synthetic import fill, open_made_up, store_of
from imsearch_core.files import bytes_on_disk
from imsearch_core.index import open_index
from imsearch_core.search import focus as focusing
from imsearch_core.vectors.embeddings import best

SIZES = (10_000, 100_000, 1_000_000)
_QUERIES = 20
_REPEATS = 7
_K = 10


def run(sizes: tuple[int, ...] = SIZES) -> list[Figure]:
    figures = []
    for n in sizes:
        with tempfile.TemporaryDirectory(prefix="imsearch-speed-") as folder:
            fill(Path(folder), n)
            figures += in_own_process(_measure, Path(folder), n, _REPEATS)
    return figures


def _measure(folder: Path, n: int, repeats: int) -> list[Figure]:
    started, worked = time.perf_counter(), time.process_time()
    snapshot = store_of(folder).read()
    opening, processor = time.perf_counter() - started, time.process_time() - worked
    del snapshot
    started = time.perf_counter()
    photos = open_made_up(folder)
    opening_folder = time.perf_counter() - started
    embeddings = photos.embeddings
    rng = np.random.default_rng(1)
    vectors = [embeddings[item] for item in rng.integers(0, n, _QUERIES)]
    kin = rng.standard_normal(embeddings.dimension).astype(np.float32)
    index = open_index("exact", photos.contents)
    turn = iter(range(1 << 30))

    def fresh() -> np.ndarray:
        """A vector that has not been searched with, so that nothing is cached."""
        i = next(turn)
        return vectors[i % _QUERIES] * np.float32(1 + 1e-4 * (i + 1))

    def exact() -> None:
        index.query(fresh(), _K)

    def focused() -> None:
        vector = fresh()
        found = focusing.focus(embeddings, embeddings.cosines_to(vector), kin, 0.5, _K)
        embeddings.cosines_of(found.items, vector)

    started = time.perf_counter()
    exact()
    first = time.perf_counter() - started
    focused()
    gigabytes = most_memory() / 1e9
    snapshot = store_of(folder).read()
    matrix = snapshot.matrix  # mapped, as ours is
    sides = (exact, focused, lambda: matrix @ fresh())
    with threadpool_limits(1, user_api="blas"):
        alone = medians_in_turn(repeats, *sides)
    exactly, with_focus, bare = np.minimum(alone, medians_in_turn(repeats, *sides)).tolist()
    lengths = np.concatenate([np.linalg.norm(matrix[i : i + 10_000], axis=1) for i in range(0, n, 10_000)])
    by_row = snapshot.rows([item.file for item in photos.items])
    shares = []
    for vector in vectors:
        truth = best((matrix @ vector / lengths)[by_row], _K)
        shares.append(np.isin(index.query(vector, _K)[0], truth).mean())
    large = n == SIZES[-1]
    rows = (
        ("bare NumPy product", 1000 * bare, "ms"),
        ("exact search", 1000 * exactly, "ms"),
        ("focused search", 1000 * with_focus, "ms"),
        ("exact ÷ NumPy", exactly / bare, "×", "≤ 1.3"),
        ("focused ÷ NumPy", with_focus / bare, "×", "≤ 3"),
        ("recall at 10 against float32", float(np.mean(shares)), "", "≥ 0.99"),
        ("opening the store", opening, "s", "≤ 2" if large else ""),
        ("opening the store, processor time", processor, "s"),  # what remains on an idle machine
        ("opening the folder", opening_folder, "s", "≤ 4" if large else ""),
        ("first search", first, "s"),
        ("memory", gigabytes, "GB", "≤ 3" if large else ""),
        ("disk", bytes_on_disk(folder) / 1e9, "GB"),
    )
    return [Figure(*row, n=n) for row in rows]
