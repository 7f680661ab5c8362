"""Fixtures for all tests: a home of their own, small pictures on disk, and the reference photos."""

import contextlib
import csv
import gc
import hashlib
import os
import shutil
import sqlite3
import sys
from functools import cache, lru_cache, wraps
from pathlib import Path
from weakref import WeakKeyDictionary

import absl.logging
import numpy as np
import pytest
from PIL import Image
from streamlit.components.v2 import manifest_scanner
from threadpoolctl import threadpool_limits
from xdist.scheduler import LoadFileScheduling

from imsearch_core import download, encoders
from imsearch_core.datasets import pascal
from imsearch_core.datasets.builtin import ILLUSTRATED
from imsearch_core.encoders.base import KerasEncoder

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Where several processes share the processors, OpenBLAS's threads wait for each other by spinning: products
# take five times as much of a processor. The variable is for libraries and processes that start later.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")  # TensorFlow's spin as well
threadpool_limits(1, user_api="blas")
# pymilvus, when imported, has all log handlers closed, and TensorFlow's closes its stream: not pytest's.
absl.logging.get_absl_handler().python_handler.stream = sys.__stderr__

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT.parent / "shared"  # real photos with ground truth; not part of the project
_BROWSER = "tests/e2e/"
# About half of the browser tests, with all whose explorer starts TensorFlow: they share one.
_ONE_BROWSER = tuple(f"{_BROWSER}test_{name}.py" for name in (
    "accessibility", "compare", "dropping", "fetching", "map", "selection", "walk",
))  # fmt: skip
# Tests of these files start TensorFlow, which costs seconds in every process that does.
_TENSORFLOW = tuple(f"tests/{file}" for file in (
    "test_reference_photos", "bench/test_benches", "bench/test_command", "bench/test_speed", "cli/",
    "encoders/test_keras", "encoders/test_efficientnet", "encoders/test_presets", "encoders/test_device",
    "labels/test_ranking", "labels/test_duplicates", "pages/", "test_docs", "search/test_heatmap",
    "test_collection", "ui/test_story", "vectors/test_quantised",
))  # fmt: skip
# Tests of these files wait for servers and other processes: they begin while others compute.
_WAITING = tuple(f"tests/{file}" for file in ("datasets/test_pascal", "faults/test_s", "test_low_"))


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=1, help="how often tests/faults does each kind of harm")


@pytest.fixture
def rounds(request) -> int:
    """How often to do harm: once by default, more often on request."""
    return request.config.getoption("--rounds")


def pytest_xdist_auto_num_workers() -> int:
    """Two workers more than there are processors: browser tests wait more than they compute."""
    return (os.cpu_count() or 1) + 2


def pytest_collection_modifyitems(items) -> None:
    """What takes longest begins first: tests in a browser, those that start TensorFlow, those that wait."""
    items.sort(
        key=lambda item: (
            not item.nodeid.startswith(_BROWSER),
            not _starts_tensorflow(item.nodeid),
            not item.nodeid.startswith(_WAITING),
        )
    )


def pytest_collection_finish() -> None:
    """What was imported for the tests stays to the end: looking for garbage in it takes seconds in all."""
    gc.freeze()


def _starts_tensorflow(nodeid: str) -> bool:
    return nodeid.startswith(_TENSORFLOW)


class _FilesAndBrowsers(LoadFileScheduling):
    """The tests of a file go to one worker; those in a browser to two, each with an explorer.

    A worker goes on with files like its first, as long as there are any, so that few start TensorFlow.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        if not file.startswith(_BROWSER):
            return file
        return "one browser" if file in _ONE_BROWSER else "another browser"

    def _assign_work_unit(self, node) -> None:
        if begun := self.assigned_work[node]:
            started = any(map(_starts_tensorflow, begun))
            alike = [scope for scope in self.workqueue if _starts_tensorflow(scope) == started]
            if alike:
                self.workqueue.move_to_end(alike[0], last=False)
        super()._assign_work_unit(node)


def pytest_runtest_setup(item) -> None:
    """Where several workers share the processors, those with a browser come first: they take longest."""
    if "PYTEST_XDIST_WORKER" in os.environ and not item.nodeid.startswith(_BROWSER):
        os.setpriority(os.PRIO_PROCESS, 0, 10)


def pytest_xdist_make_scheduler(config, log) -> LoadFileScheduling:
    return _FilesAndBrowsers(config, log)


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """Everything that the product writes goes to a fresh folder."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("IMSEARCH_HOME", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def components_found_once():
    """Streamlit looks through every installed package at each run of an `AppTest`: a fifth of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def disks_not_waited_for():
    """What tests write need not outlast a power failure."""
    connect = sqlite3.connect

    def connect_unsynced(*arguments, **options):
        database = connect(*arguments, **options)
        with contextlib.suppress(sqlite3.Error):  # it is damaged or locked, as a test wants it
            database.execute("PRAGMA synchronous = OFF")
        return database

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda file: None)
        patch.setattr(sqlite3, "connect", connect_unsynced)
        yield


@pytest.fixture(scope="session", autouse=True)
def embedded_once():
    """A network sees each picture once, however many tests embed it: every test has a new home."""
    embed, known = KerasEncoder.embed, WeakKeyDictionary()

    @wraps(embed)
    def remembered(encoder, images):
        of_encoder = known.setdefault(encoder, {})
        pictures = [hashlib.sha256(image.tobytes()).digest() for image in images]
        new = [i for i, picture in enumerate(pictures) if picture not in of_encoder]
        if new:
            embeddings = embed(encoder, images[new])
            of_encoder.update((pictures[i], row) for i, row in zip(new, embeddings, strict=True))
        return np.stack([of_encoder[picture] for picture in pictures])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KerasEncoder, "embed", remembered)
        # Networks stay loaded while tests go from one to another.
        patch.setattr(encoders, "_loaded", lru_cache(maxsize=8)(encoders._loaded.__wrapped__))
        yield


@pytest.fixture
def embedded_anew(monkeypatch):
    """The network sees every picture each time that it is embedded."""
    monkeypatch.setattr(KerasEncoder, "embed", KerasEncoder.embed.__wrapped__)


@pytest.fixture
def one_attempt(monkeypatch):
    """Where there is no network, nothing is tried again."""
    monkeypatch.setattr(download, "ATTEMPTS", 1)
    monkeypatch.setattr(pascal, "ATTEMPTS", 1)


@pytest.fixture(scope="session")
def voc20():
    """681 real photos in 20 classes with labels.csv."""
    return _reference("photos/voc20")


@pytest.fixture(scope="session")
def imagenet100():
    """100 real photos, one per tenth ImageNet class, with labels.csv."""
    return _reference("photos/imagenet100")


@pytest.fixture(scope="session")
def cases():
    """Files that comparable tools failed on, with a README of what is right."""
    return _reference("cases")


def _reference(path: str) -> Path:
    folder = REFERENCE / path
    if not folder.is_dir():
        pytest.skip(f"the reference photos are not at {folder}")
    return folder


def draw(seed: int, size: tuple[int, int] = (96, 72)) -> Image.Image:
    """A picture of coloured patches, another one for each seed."""
    patches = np.random.default_rng(seed).integers(0, 256, (3, 4, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC)


def copy_illustrated(folder: Path, per_class: int) -> Path:
    """Fill a new folder with the first pictures of every class of the illustrated set, and its tables."""
    chosen = [
        path.relative_to(ILLUSTRATED.folder).as_posix()
        for label in sorted(ILLUSTRATED.folder.iterdir())
        if label.is_dir()
        for path in sorted(label.glob("*.jpg"))[:per_class]
    ]
    for file in chosen:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ILLUSTRATED.folder / file, folder / file)
    for table in ("labels.csv", "truth.csv"):
        with (ILLUSTRATED.folder / table).open(encoding="utf-8", newline="") as source:
            header, *rows = csv.reader(source)
        with (folder / table).open("w", encoding="utf-8", newline="") as copy:
            csv.writer(copy).writerows([header, *(row for row in rows if row[0] in set(chosen))])
    return folder


@pytest.fixture
def pictures(tmp_path):
    """A folder of 3 classes × 4 pictures."""
    return draw_folder(tmp_path / "pictures")


def draw_folder(folder: Path) -> Path:
    """Fill a new folder with 3 classes × 4 pictures."""
    for c, label in enumerate(("blue", "green", "red")):
        (folder / label).mkdir(parents=True)
        for i in range(4):
            draw(10 * c + i).save(folder / label / f"{i}.jpg")
    return folder
