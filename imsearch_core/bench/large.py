"""What a folder of a hundred thousand pictures costs: time, memory, and the longest wait without progress.

The folder is made once and kept: small JPEGs cut from the illustrated pictures, with ten links to each, in a
hundred sub-folders. The embedding of each is that of the picture it was cut from, plus noise: little between
links to the same cut, more between cuts. Each step runs in a fresh process.
"""

import argparse
import os
import resource
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from imsearch_core.bench.command import add_bench, listed, option
from imsearch_core.bench.machine import in_own_process, most_memory
from imsearch_core.collection import Collection
from imsearch_core.datasets import scan
from imsearch_core.datasets.builtin import ILLUSTRATED
from imsearch_core.encoders import DEFAULT_ENCODER, find_preset, fingerprint
from imsearch_core.errors import UsageError
from imsearch_core.files import data_dir
from imsearch_core.index import DEFAULT_ENGINE, installed_engines
from imsearch_core.progress import Progress, silent
from imsearch_core.store import EmbeddingStore, store_path
from imsearch_core.vectors.neighbours import nearest

_FOLDERS, _LINKS, _SIDE = 100, 10, 64
_BATCH = 2000
_VISITS = 5
_MADE = ("labels-*", "refined*", "annoy-*", "hnsw*")  # saved files that the steps make again
_CUTS_APART, _LINKS_APART = 1.2, 0.2  # noise, in standard deviations of the originals


@dataclass(frozen=True)
class LargeStep:
    """What one step took."""

    name: str
    seconds: float
    most_seconds: float | None
    """The goal, if there is one."""
    cpu_seconds: float
    """Of all threads and processes: on a busy machine more telling than `seconds`."""
    peak_megabytes: float
    """Of the largest process; shared embeddings count in each."""
    most_megabytes: float | None
    silent_seconds: float
    """The longest time in which no progress bar moved."""
    found: str
    """The result, in a few words."""

    @property
    def met(self) -> bool:
        """Whether both goals are met, and progress was reported at least every two seconds."""
        quick = self.most_seconds is None or self.seconds <= self.most_seconds
        small = self.most_megabytes is None or self.peak_megabytes <= self.most_megabytes
        return quick and small and self.silent_seconds <= 2


def _visits(folder: Path, progress: Progress) -> str:
    """What each of some more visitors of a folder that is open takes."""
    photos, taken = Collection.open(folder), []
    before = most_memory()
    for visit in range(_VISITS):
        progress(visit, _VISITS)
        started = time.perf_counter()
        Collection.open(folder, earlier=photos)
        taken.append(time.perf_counter() - started)
    return f"{np.median(taken):.2f} s and {(most_memory() - before) / _VISITS / 1e6:.1f} MB for each visitor"


def _refined(folder: Path, progress: Progress) -> str:
    photos = Collection.open(folder)
    photos.refined.make(progress)
    plain, refined = (_query_seconds(photos, method) for method in (None, "refined"))
    return (
        f"a query takes {refined / plain:.2f} × a plain one ({1000 * refined:.0f} and {1000 * plain:.0f} ms)"
    )


def _query_seconds(photos: Collection, method: str | None) -> float:
    """The median of nine searches, each by another picture."""
    taken = []
    for item in photos.items[:: max(1, len(photos) // 9)][:9]:
        query = photos.query(item.file)
        started = time.perf_counter()
        photos.search(query, method=method)
        taken.append(time.perf_counter() - started)
    return float(np.median(taken))


def _neighbours(folder: Path, progress: Progress) -> str:
    """How many of the exact neighbours approximate search finds, for an even sample."""
    photos = Collection.open(folder)
    unit = photos.embeddings.unit_rows(np.arange(len(photos)))
    some = np.arange(0, len(unit), max(1, len(unit) // 1000))
    found, _ = nearest(unit, 15, progress)
    exact, _ = nearest(unit, 15, progress, some)
    shared = [len(np.intersect1d(*pair)) for pair in zip(found[some], exact, strict=True)]
    return f"recall of 15 neighbours {np.sum(shared) / exact.size:.4f}"


def _duplicates(folder: Path, progress: Progress) -> str:
    return f"{len(Collection.open(folder).duplicates(progress)):,} groups"


def _doubtful(folder: Path, progress: Progress) -> str:
    judged = Collection.open(folder).suspect_labels(progress)
    return f"{sum(one.kind.is_doubtful for one in judged):,} doubtful"


def _engine(engine: str, folder: Path, progress: Progress) -> str:
    Collection.open(folder).indexes.get(engine, progress)
    return "built and opened"


# The step, and the most seconds and the most megabytes it may take for a hundred thousand pictures.
_STEPS: dict[str, tuple[Callable[[Path, Progress], str], float | None, float | None]] = {
    "listing": (lambda folder, _: f"{len(scan(folder).items):,} pictures", 0.6, None),
    "opening": (lambda folder, _: f"{len(Collection.open(folder)):,} embeddings", 1.5, None),
    "visits": (_visits, None, None),
    "neighbours": (_neighbours, None, None),
    "labels": (_doubtful, 60, 2000),
    "duplicates": (_duplicates, 180, 2000),
    "refined": (_refined, None, 2000),
    **{name: (partial(_engine, name), None, None) for name in installed_engines() if name != DEFAULT_ENGINE},
}


def bench_large(pictures: int, steps: Sequence[str], progress: Progress = silent) -> list[LargeStep]:
    """Measure these steps on a folder of so many pictures; what an earlier run saved is deleted.

    Goals are for 100,000 pictures on 2 idle cores.

    Raises UsageError for unknown steps or fewer than a thousand pictures.
    """
    if unknown := [step for step in steps if step not in _STEPS]:
        raise UsageError(f"there is no step {unknown[0]!r}: choose from {', '.join(_STEPS)}")
    if pictures < _FOLDERS * _LINKS:
        raise UsageError(f"{pictures} pictures are too few: make it {_FOLDERS * _LINKS} or more")
    folder = large_folder(pictures, progress)
    return [in_own_process(_measured, step, folder) for step in steps]


def _measured(step: str, folder: Path) -> LargeStep:
    run, most_seconds, most_megabytes = _STEPS[step]
    store = store_path(folder, fingerprint(find_preset(DEFAULT_ENCODER), None))
    for kept in (file for made in _MADE for file in store.glob(made)):
        kept.unlink()
    shutil.rmtree(store / "milvus.db", ignore_errors=True)
    moved, longest, furthest = time.perf_counter(), 0.0, -1.0

    def hear(done: int, total: int) -> None:
        nonlocal moved, longest, furthest
        if done / max(total, 1) > furthest:
            longest, moved = max(longest, time.perf_counter() - moved), time.perf_counter()
            furthest = done / max(total, 1)

    started, used = moved, _cpu_seconds()
    found = run(folder, hear)
    longest = max(longest, time.perf_counter() - moved)
    return LargeStep(
        step,
        time.perf_counter() - started,
        most_seconds,
        _cpu_seconds() - used,
        _peak_megabytes(),
        most_megabytes,
        longest,
        found,
    )


def _cpu_seconds() -> float:
    """Of this process, and of its children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _peak_megabytes() -> float:
    """The most memory that this process or one of its children has occupied."""
    return max(most_memory(), 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1e6


def large_folder(pictures: int, progress: Progress = silent) -> Path:
    """A folder of so many pictures with stored embeddings; made if it is missing."""
    folder = data_dir() / "large" / str(pictures)
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _cut(folder / "pictures", pictures, progress)
        (folder / "complete").touch()
    _embed(folder / "pictures", progress)
    return folder / "pictures"


def _cut(folder: Path, pictures: int, progress: Progress) -> None:
    """Write the JPEGs; `cut(i)` of the originals is linked as the files i·_LINKS to (i + 1)·_LINKS − 1."""
    originals = [ILLUSTRATED.folder / item.file for item in scan(ILLUSTRATED.folder).items]
    cuts = pictures // _LINKS
    for cut in range(cuts):
        original = cut * len(originals) // cuts
        place = folder / f"{original * _FOLDERS // len(originals):02}"
        place.mkdir(parents=True, exist_ok=True)
        first = place / f"{cut:06}-0.jpg"
        with Image.open(originals[original]) as image:
            _part_of(image.convert("RGB"), cut).save(first, quality=85)
        for link in range(1, _LINKS):
            os.link(first, place / f"{cut:06}-{link}.jpg")
        progress(cut + 1, cuts)


def _part_of(image: Image.Image, seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    width, height = (side * rng.uniform(0.4, 0.7) for side in image.size)
    left, top = rng.uniform(0, image.width - width), rng.uniform(0, image.height - height)
    box = (left, top, left + width, top + height)
    return image.resize((_SIDE, _SIDE), Image.Resampling.BILINEAR, box=box, reducing_gap=2)


def _embed(folder: Path, progress: Progress) -> None:
    """Store made-up embeddings, unless they are stored already."""
    dataset, originals = scan(folder), Collection.open(ILLUSTRATED.folder)
    made_by = fingerprint(find_preset(DEFAULT_ENCODER), None)
    store = EmbeddingStore(store_path(dataset.folder, made_by), made_by)
    if len(store.read().files) == len(dataset.items):
        return
    store.write_head(originals.head)
    real, items = originals.embeddings_array(), dataset.items
    with store.writing() as writer:
        for start in range(0, len(items), _BATCH):
            some = items[start : start + _BATCH]
            writer.add(
                [(item.file, item.size, item.modified_ns, item.identity) for item in some],
                _made_up([Path(item.file).stem for item in some], real, len(items) // _LINKS),
            )
            progress(start + len(some), len(items))
        writer.quantise()


def _made_up(names: list[str], real: np.ndarray, cuts: int) -> np.ndarray:
    """float32 [n, d]: for files called "cut-link", the embedding of the original and noise.

    Noise varies as `real` float32 [m, d] do; negative numbers are cut off.
    """
    rng_of = np.random.default_rng
    numbers = [tuple(map(int, name.split("-"))) for name in names]
    mixed = [
        _CUTS_APART * rng_of(cut).standard_normal(len(real), np.float32)
        + _LINKS_APART * rng_of((cut, link + 1)).standard_normal(len(real), np.float32)
        for cut, link in numbers
    ]
    noise = np.stack(mixed) @ (real - real.mean(axis=0)) / np.float32(np.sqrt(len(real)))
    return np.maximum(real[[cut * len(real) // cuts for cut, _ in numbers]] + noise, 0)


def add(benches: argparse._SubParsersAction) -> None:
    pictures = option("--pictures", 100_000, "N", "how many")
    parts = option("--part", ",".join(_STEPS), "P,P", "which steps", type=listed, dest="steps")
    help = "what does a folder of 100,000 pictures cost?"
    add_bench(benches, "large", help, bench_large, pictures, parts, doing="making", unit="pictures")
