"""What the README says to type works."""

import os
import re
import shlex
import subprocess
import sys

import pytest

from imsearch_core import presets
from tests.conftest import ROOT, draw

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line.split("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
OURS = [command for command in COMMANDS if command.startswith("python -m imsearch_core ")]
NEEDS_INTERNET = "python -m imsearch_core dataset pascal"
# Run whenever these tests are: by make, which .ci/run calls.
BY_MAKE = {
    "pip install -r requirements.txt",
    "pip install -r requirements-dev.txt",
    "streamlit run app.py",
    "pytest",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs a Python command line where the README's examples would: my-photos and VOCdevkit lie there."""
    folder = tmp_path_factory.mktemp("readme")
    for i in range(12):
        path = folder / "my-photos" / ("cat" if i < 6 else "dog") / f"{i:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(i).save(path)
    voc = folder / "VOCdevkit" / "VOC2012" / "JPEGImages"
    voc.mkdir(parents=True)
    draw(0).save(voc / "2008_000112.jpg")
    environment = {
        **os.environ,
        "IMSEARCH_HOME": str(folder / "home"),
        "PYTHONPATH": str(ROOT),
        "HTTP_PROXY": "http://127.0.0.1:9",  # nobody listens there: offline for certain
    }
    return lambda *arguments, **variables: subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment | variables,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("command", [command for command in OURS if command != NEEDS_INTERNET])
def test_a_command_of_our_own_runs(run, command):
    done = run(*shlex.split(command)[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_command_that_needs_the_internet_says_so_in_one_sentence(run, home):
    assert NEEDS_INTERNET in OURS
    done = run(*shlex.split(NEEDS_INTERNET)[1:], IMSEARCH_HOME=str(home))
    assert done.returncode == 1
    assert re.fullmatch(r"imsearch: no Pascal photo could be fetched .* with --from-voc DIR.*\n", done.stderr)


def test_every_other_command_is_what_make_runs():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in COMMANDS:
        if command.startswith("make "):
            assert f"\n{command.split()[1]}: " in makefile
        elif command not in OURS:
            assert command in BY_MAKE
            words = command.split()
            assert re.search(
                rf"\$\(BIN\)/{words[0]}\b.*{re.escape(words[-1]) if words[1:] else ''}", makefile
            )


def test_the_python_example_runs(run):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = run("-c", example)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 9


def test_the_table_of_encoders_is_the_presets():
    for preset in presets():
        (row,) = re.findall(rf"^\| `{preset.name}`.*$", README, re.MULTILINE)
        assert f"| {preset.dimension}" in row
        assert f"{preset.megabytes} MB" in row


def test_every_room_of_the_package_is_named():
    for path in (ROOT / "imsearch_core").iterdir():
        if path.is_dir() and not path.name.startswith("_"):
            assert f"`{path.name}/`" in README


def test_the_contact_sheet_is_small_enough_to_load_at_once():
    (picture,) = re.findall(r"!\[.*\]\((.*)\)", README)
    assert (ROOT / picture).stat().st_size <= 200_000
