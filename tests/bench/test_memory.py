"""How much memory indexing takes: of all processes together."""

import sys

import pytest

from imsearch_core.bench import memory
from imsearch_core.bench.memory import bench_memory
from imsearch_core.errors import ImsearchError
from tests.conftest import ROOT

_INDEX = """
import subprocess, sys, time
held = subprocess.Popen([sys.executable, "-c", "held = b'x' * 150_000_000; import time; time.sleep(1)"])
held.wait()
print('{"images": 3, "skipped": [{}]}')
"""


@pytest.fixture
def index(tmp_path, monkeypatch):
    """Has another script run instead of the command."""

    def replace(script: str) -> None:
        (tmp_path / "index").write_text(f"#!{sys.executable}\n{script}")
        (tmp_path / "index").chmod(0o700)
        monkeypatch.setattr(memory.sys, "executable", str(tmp_path / "index"))

    return replace


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much memory others occupy")
def test_the_memory_of_all_processes_is_added_up(index):
    index(_INDEX.replace("sys.executable", repr(sys.executable)))
    images, skipped, _, memory = bench_memory(ROOT)
    assert (images.value, skipped.value, memory.met) == (3, 1, True)
    assert 150 < memory.value < 300


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much memory others occupy")
def test_a_folder_that_cannot_be_indexed_is_said(index):
    index("import sys; sys.exit('no picture')")
    with pytest.raises(ImsearchError, match="index ended with 1: no picture"):
        bench_memory(ROOT)
