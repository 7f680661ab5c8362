"""How long does it take to clean the labels of a folder? A scripted person does it in a browser, on a copy.

The script knows which classes each picture shows (labels.csv) and works down the review's grid as people do:
it looks at every picture of a group, unticks what does not belong, accepts the rest, keeps labels that were
right, and types a class where neither label is. Each look, key and click takes as long as a person needs:
keys and clicks as in the keystroke-level model (Card, Moran and Newell 1980, doi.org/10.1145/358886.358895),
a look as long as a glance at one of many small pictures. Then keys are pressed on the desk, five a second,
and the page is reloaded at once. In the end the log must hold exactly what was pressed, and no photo may
have changed.
"""

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from imsearch_core.bench.browser import open_browser, running_explorer
from imsearch_core.bench.command import LABELLED, add_bench, or_illustrated
from imsearch_core.bench.figures import Figure
from imsearch_core.bench.machine import mean_load
from imsearch_core.datasets import Item, scan
from imsearch_core.errors import UsageError
from imsearch_core.files import file_hash, folder_key
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.decisions import Choice

if TYPE_CHECKING:
    from playwright.sync_api import Page

_LOOK, _KEY, _CLICK = 0.4, 0.28, 1.3  # seconds; a click is pointing (1.1) and pressing (0.2)
_PACE = 0.2  # seconds between keys on the desk
_WRONG = 0.1  # of the labels
_PATIENCE = 600_000  # milliseconds until the folder is embedded and judged
# The first group, when its pictures are there: null until then, and no files when nothing doubtful is left.
_GROUP = """() => {
  const grid = [...document.querySelectorAll("*")].map((node) => node.shadowRoot?.querySelector(".review"));
  const review = grid.find(Boolean);
  if (review?.querySelector(".doubtful > .over")) return { suggested: null, files: [] };
  const group = review?.querySelector(".doubtful .group");
  const cells = [...(group?.querySelectorAll(".case") ?? [])];
  const there = (cell) => cell.querySelector("img")?.complete || cell.innerText.includes("readable");
  if (!cells.length || !cells.every(there)) return null;
  const suggested = group.querySelector(".head .suggested")?.textContent ?? null;
  return { suggested, files: cells.map((cell) => cell.title) };
}"""


def bench_clean(folder: Path) -> dict[str, Any]:
    """Clean a copy of `folder` in which a tenth of the labels was made wrong.

    Raises UsageError for a folder with fewer than two classes, ImsearchError if there is no browser or no
    server.
    """
    items = [item for item in scan(folder).items if item.all_labels]
    if len({item.given_label for item in items}) < 2:
        raise UsageError(f"{folder} needs labels of at least two classes")
    with tempfile.TemporaryDirectory(prefix="imsearch-clean-") as place:
        home, copy = Path(place).resolve() / "home", Path(place).resolve() / "photos"
        shown = copy_with_mistakes(folder, items, copy)
        environment = {"IMSEARCH_HOME": str(home), "IMSEARCH_FOLDERS": str(copy)}
        with open_browser() as browser, running_explorer(**environment) as address:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            return clean_copy(page, address, home, copy, shown)


def clean_copy(
    page: "Page",
    address: str,
    home: Path,
    copy: Path,
    shown: Mapping[str, tuple[str, ...]],
    pace: float = 1.0,
    fast_seconds: float = 60.0,
) -> dict[str, Any]:
    """As `bench_clean`, in an explorer that runs at `address` and writes to `home`.

    `copy` is a folder per class, `shown` the classes in each of its files. A person's times are multiplied by
    `pace`; 0 is as fast as the browser allows. Keys are pressed on the desk for `fast_seconds`.
    """
    before = _photos(copy)
    person = _Person(page, shown, pace)
    minutes = person.clean(f"{address}/labels?folder={quote(str(copy))}&view=Grid")
    log = Corrections(home / "corrections" / f"{folder_key(copy)}.sqlite", copy, scan(copy).items)
    decisions = dict(log.decisions)
    labels = {file: _given(file) for file in shown}
    after = labels | {file: decision.corrected for file, decision in decisions.items()}
    desk = f"{address}/labels?folder={quote(str(copy))}&kind=fine"
    fast = _press_fast(page, desk, round(fast_seconds / _PACE))
    kept = sum(d.choice is Choice.KEEP for f, d in log.decisions.items() if f not in decisions)
    told = {file: decision.corrected for file, decision in decisions.items()}
    # Decisions that the log lacks or has different, or that nobody made; and of those made with fast keys.
    lost = len(person.said.items() ^ told.items()) + fast - kept
    changed = len(before.items() ^ _photos(copy).items())
    counts = {"inputs lost": lost, "photos changed": changed}
    return {
        "errors": tuple(f"{count} {what}" for what, count in counts.items() if count),
        "figures": [
            Figure("pictures", len(shown), ""),
            Figure("classes", len(set(labels.values())), ""),
            Figure("from the first group shown to the last decision saved", minutes, "minutes"),
            Figure("pictures looked at, each time", person.looked_at, ""),
            Figure("keystrokes", person.keystrokes, ""),
            Figure("clicks", person.clicks, ""),
            Figure("labels that name a class shown, before", _right(labels, shown), ""),
            Figure("labels that name a class shown, after", _right(after, shown), ""),
            Figure("fast keys", fast, ""),
            Figure("load of the last minute", mean_load(), ""),
        ],
    }


def copy_with_mistakes(folder: Path, items: list[Item], copy: Path) -> dict[str, tuple[str, ...]]:
    """Copy pictures into a folder per class, a tenth of them into a wrong one.

    Returns the classes shown in each copied file, the main one first.
    """
    rng = random.Random(0)
    classes = sorted({label for item in items for label in item.all_labels})
    mistaken = set(rng.sample(range(len(items)), max(1, round(_WRONG * len(items)))))
    shown = {}
    for i, item in enumerate(items):
        label = item.given_label
        if i in mistaken:
            label = rng.choice([other for other in classes if other not in (*item.all_labels, label)])
        file = f"{label}/{i:05}{Path(item.file).suffix}"
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / item.file, copy / file)
        main = item.given_label if item.given_label in item.all_labels else item.all_labels[0]
        shown[file] = (main, *(other for other in item.all_labels if other != main))
    return shown


def _photos(folder: Path) -> dict[str, str]:
    return {str(path): file_hash(path) for path in folder.rglob("*") if path.is_file()}


def _right(labels: Mapping[str, str | None], shown: Mapping[str, tuple[str, ...]]) -> float:
    return sum(labels[file] in classes for file, classes in shown.items()) / len(shown)


class _Person:
    """Works down the grid, knowing the classes `shown` in each file."""

    def __init__(self, page: "Page", shown: Mapping[str, tuple[str, ...]], pace: float) -> None:
        self._page, self._shown, self._pace = page, shown, pace
        self.looked_at = self.keystrokes = self.clicks = 0
        self.said: dict[str, str] = {}
        """The label that each file was given."""

    def clean(self, url: str) -> float:
        """Decide about every doubtful picture; returns the minutes it took."""
        self._page.goto(url)
        self._page.wait_for_selector(".review .group, .review .over", timeout=_PATIENCE)
        started = time.monotonic()
        while files := (group := self._group())["files"]:
            self._decide(group["suggested"], files)
        self._page.wait_for_selector('.review[data-pending="0"]', timeout=_PATIENCE)
        return (time.monotonic() - started) / 60

    def _group(self) -> dict[str, Any]:
        """The first group, when its pictures are there; one without files when nothing is left."""
        return self._page.wait_for_function(_GROUP, timeout=_PATIENCE).json_value()

    def _decide(self, suggested: str | None, files: list[str]) -> None:
        self._look(len(files))
        right = {file: self._label(file, suggested) for file in files}
        accepted = [file for file in files if right[file] == suggested]
        others = [file for file in files if right[file] not in (suggested, _given(file))]
        if accepted:
            for file in files:
                if file not in accepted:
                    self._click(file)
            self._press("a")
        for file in others:
            self._click(file)
            self._press("o", *right[file], "Enter")
        if any(right[file] == _given(file) for file in files):
            self._press("k")
        self.said |= right

    def _label(self, file: str, suggested: str | None) -> str:
        """The given label if it is right, else the suggestion if that is, else the picture's main class."""
        return next(
            (label for label in (_given(file), suggested) if label in self._shown[file]), self._shown[file][0]
        )

    def _look(self, pictures: int) -> None:
        self.looked_at += pictures
        self._take(_LOOK * pictures)

    def _click(self, file: str) -> None:
        self.clicks += 1
        self._take(_CLICK)
        self._page.locator(f'.review .case[title="{file}"]').click()

    def _press(self, *keys: str) -> None:
        for key in keys:
            self.keystrokes += 1
            self._take(_KEY)
            self._page.keyboard.press(key)

    def _take(self, seconds: float) -> None:
        self._page.wait_for_timeout(1000 * seconds * self._pace)


def _given(file: str) -> str:
    return Path(file).parent.name


def _press_fast(page: "Page", url: str, keys: int) -> int:
    """Keep label after label on the desk, five a second, and reload at once; how many there were to keep."""
    page.goto(url)
    page.wait_for_selector(".desk .picture img, .desk .over", timeout=_PATIENCE)
    left = page.locator(".desk .figures").inner_text().split()
    keys = min(keys, int(left[2]) - int(left[0]))
    page.keyboard.type("k" * keys, delay=1000 * _PACE)
    page.reload()
    page.wait_for_selector('.desk[data-pending="0"]', timeout=_PATIENCE)
    return keys


def add(benches: argparse._SubParsersAction) -> None:
    help = "how long does it take to clean wrong labels?"
    add_bench(benches, "clean", help, bench_clean, or_illustrated(LABELLED))
