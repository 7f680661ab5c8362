"""Starts an explorer and a browser to look at it: for measurements, screenshots and tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from imsearch_core.errors import ImsearchError
from imsearch_core.files import PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_PATIENCE = 30.0  # seconds until a server must answer, or have ended


@contextmanager
def open_browser() -> Iterator["Browser"]:
    """An installed Chromium, without a window. Raises ImsearchError if it or Playwright is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise ImsearchError("Playwright is not installed: pip install -r requirements-dev.txt") from None
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise ImsearchError("no browser is installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def running_explorer(**environment: str) -> Iterator[str]:
    """The address of an explorer on a free port, which ends with the block.

    `environment` is added to ours. Raises ImsearchError if the server does not come up.
    """
    with explorer_process(free_port(), **environment) as (address, _):
        yield address


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def explorer_process(port: int, **environment: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """As `running_explorer`, on a given port, together with the server process."""
    options = (
        "--server.headless=true",
        f"--server.port={port}",
        "--server.fileWatcherType=none",
        "--client.showErrorDetails=full",  # a failed measurement or test says why
    )
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *options],
        cwd=PROJECT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        wait_for(f"{address}/_stcore/health", server)
        yield address, server
    finally:
        server.terminate()
        try:
            server.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(url: str, server: subprocess.Popen) -> None:
    """Wait until a server answers. Raises ImsearchError if it has ended, or takes too long."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ImsearchError("the explorer ended as soon as it was started: streamlit run app.py says why")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise ImsearchError(f"{url} does not answer")
