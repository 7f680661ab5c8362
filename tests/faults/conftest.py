"""Folders to harm, and disks to harm them with."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import draw

if os.name != "posix":  # these tests fork, send signals, mount disks and limit memory
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def many(tmp_path) -> Path:
    """A folder of 200 small pictures: 25 batches."""
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(200):
        draw(i, (24, 20)).save(folder / f"{i:03}.png")
    return folder


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a megabyte; skips where none can be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("no small disk can be mounted here: that takes root and the right to mount")
    yield place
    subprocess.run(["umount", "-l", place], check=True)
