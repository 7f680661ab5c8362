"""How long a person waits in a real browser: from the start to the first grid, from a click to the next."""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np

from imsearch_core.bench.browser import open_browser, running_explorer
from imsearch_core.bench.command import FOLDER, add_bench, option
from imsearch_core.bench.figures import Figure
from imsearch_core.bench.machine import mean_load
from imsearch_core.collection import Collection
from imsearch_core.files import data_dir
from imsearch_core.progress import Progress, silent

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_WIDTH, _HEIGHT = 1440, 900

# A grid is there when every picture of it that can be seen has been decoded and a frame has been drawn.
_SCRIPT = """
(() => {
  const inside = (root) => {
    const found = root.querySelector(".gallery");
    if (found) return found;
    for (const node of root.querySelectorAll("*")) {
      const deeper = node.shadowRoot && inside(node.shadowRoot);
      if (deeper) return deeper;
    }
    return null;
  };
  const buttons = () => [...inside(document)?.querySelectorAll(".pick") ?? []];
  const names = () => buttons().map((button) => button.title).join("\\n");
  const visible = (image) => {
    const box = image.getBoundingClientRect();
    return box.width > 0 && box.top < innerHeight && box.bottom > 0 && !image.classList.contains("heat");
  };
  const drawn = () => [...inside(document).querySelectorAll(".pick img")].filter(visible)
    .every((image) => image.src && image.complete && image.naturalWidth > 0);
  const until = (ready) => new Promise((resolve) => {
    const done = () => resolve(performance.now());
    const look = () => requestAnimationFrame(ready() ? done : look);
    look();
  });
  window.firstGrid = () => until(() => names() && drawn());
  window.clickOn = async (place) => {
    const before = names();
    const started = performance.now();
    buttons()[place % buttons().length].click();
    return await until(() => names() && names() !== before && drawn()) - started;
  };
})();
"""


def bench_clicks(folder: Path, clicks: int = 30, progress: Progress = silent) -> list[Figure]:
    """Index `folder`, open it in a new explorer, and click on `clicks` neighbours in turn.

    Times are a person's: server, network, script, browser and drawing together.

    Raises ImsearchError if there is no browser or no server, and as Collection.open does.
    """
    with open_browser() as browser:
        photos = Collection.open(folder, progress=progress)
        environment = {"IMSEARCH_HOME": str(data_dir()), "IMSEARCH_FOLDERS": str(photos.folder)}
        path = f"/?folder={quote(str(photos.folder))}"
        with running_explorer(**environment) as address:  # fills the caches on disk
            open_page(browser, address + path)
        started = time.perf_counter()
        with running_explorer(**environment) as address:
            page, received = open_page(browser, address + path)
            warm_start_s = time.perf_counter() - started
            _settle(page)
            page_bytes = received()
            times, sizes = [], []
            for i in range(clicks):
                before = received()
                times.append(page.evaluate("place => clickOn(place)", 1 + i))
                _settle(page)
                sizes.append(received() - before)
    return [
        Figure("pictures", len(photos), ""),
        Figure("start of the server to the first grid drawn, all being stored", warm_start_s, "s"),
        Figure("click to neighbours drawn, median", statistics.median(times), "ms"),
        Figure("click to neighbours drawn, p95", percentile_95(times), "ms"),
        Figure("received for the first page, without Streamlit's own files", page_bytes / 1000, "KB"),
        Figure("received for a click, median", statistics.median(sizes) / 1000, "KB"),
        Figure("load of the last minute", mean_load(), ""),
    ]


def percentile_95(times: Sequence[float]) -> float:
    """The least of `times` [≥ 1] that 95 of 100 do not exceed."""
    return float(np.percentile(times, 95, method="inverted_cdf"))


def open_page(browser: "Browser", url: str) -> tuple["Page", Callable[[], int]]:
    """A page with its first grid drawn, and a function that counts the bytes it has received so far."""
    page = browser.new_context(viewport={"width": _WIDTH, "height": _HEIGHT}).new_page()
    page.add_init_script(_SCRIPT)
    received = _count_bytes(page)
    page.goto(url, wait_until="commit")
    page.evaluate("() => firstGrid()")
    return page, received


def _count_bytes(page: "Page") -> Callable[[], int]:
    total = 0
    streamlits_own: set[str] = set()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def requested(event: dict) -> None:
        if "/static/" in event["request"]["url"]:
            streamlits_own.add(event["requestId"])

    def loaded(event: dict) -> None:
        nonlocal total
        if event["requestId"] not in streamlits_own:
            total += event["encodedDataLength"]

    def framed(event: dict) -> None:
        nonlocal total
        payload = event["response"]["payloadData"]
        binary = event["response"]["opcode"] == 2  # given in base64
        total += len(payload) * 3 // 4 if binary else len(payload)

    wire.on("Network.requestWillBeSent", requested)
    wire.on("Network.loadingFinished", loaded)
    wire.on("Network.webSocketFrameReceived", framed)
    return lambda: total


def _settle(page: "Page") -> None:
    """Wait until the script has ended and nothing more is coming."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(400)


def add(benches: argparse._SubParsersAction) -> None:
    clicks = option("--clicks", 30, "N", "how many")
    help = "how long does a person wait, in a real browser?"
    add_bench(benches, "clicks", help, bench_clicks, FOLDER, clicks)
