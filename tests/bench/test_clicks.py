"""What a person waits for, as the bench measures it."""

import shutil
import subprocess

import pytest

from imsearch_core.bench import browser
from imsearch_core.bench.clicks import Clicks
from imsearch_core.cli.main import main
from imsearch_core.errors import ImsearchError


def test_half_of_the_clicks_are_quicker_than_p50_and_5_of_100_slower_than_p95():
    times = tuple(float(ms) for ms in range(100, 0, -1))
    waited = Clicks(12, 1.0, times, 0, 0, 0.0)
    assert waited.p50_ms == 50.5
    assert waited.p95_ms == 95
    assert Clicks(12, 1.0, (7.0,), 0, 0, 0.0).p95_ms == 7


def test_without_a_browser_the_bench_says_what_to_install(monkeypatch, pictures, capfd):
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert main(["bench", "clicks", str(pictures)]) == 1
    assert "apt-get install chromium" in capfd.readouterr().err


def test_a_server_that_ends_at_once_is_an_error(monkeypatch):
    class Ended(subprocess.Popen):
        def __init__(self, command, **options):
            super().__init__(["true"], **options)

    monkeypatch.setattr(browser.subprocess, "Popen", Ended)
    with pytest.raises(ImsearchError, match="ended as soon as"), browser.running_explorer():
        pass
