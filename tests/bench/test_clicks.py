"""What a person waits for, as the bench measures it."""

import shutil
import subprocess

import pytest

from imsearch_core.bench import browser
from imsearch_core.bench.clicks import percentile_95
from imsearch_core.cli.main import main
from imsearch_core.errors import ImsearchError


def test_5_of_100_clicks_are_slower_than_p95():
    assert percentile_95([float(ms) for ms in range(100, 0, -1)]) == 95
    assert percentile_95([7.0]) == 7


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
