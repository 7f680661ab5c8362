"""What the README says to type works."""

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
# Run whenever these tests are: by make, which .ci/run calls.
BY_MAKE = {
    "pip install -r requirements.txt",
    "pip install -r requirements-dev.txt",
    "streamlit run app.py",
    "pytest",
}


@pytest.fixture
def my_photos(tmp_path, monkeypatch):
    """The folder of the README's examples, in the working directory."""
    for i in range(12):
        path = tmp_path / "my-photos" / ("cat" if i < 6 else "dog") / f"{i:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(i).save(path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_every_command_of_our_own_runs(my_photos):
    ours = [command for command in COMMANDS if command.startswith("python -m imsearch_core ")]
    assert len(ours) >= 5
    for command in ours:
        arguments = [sys.executable, *shlex.split(command)[1:]]
        done = subprocess.run(arguments, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        assert done.stdout


def test_every_other_command_is_what_make_runs():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in COMMANDS:
        if command.startswith("make "):
            assert f"\n{command.split()[1]}: " in makefile
        elif not command.startswith("python -m imsearch_core "):
            assert command in BY_MAKE
            words = command.split()
            assert re.search(
                rf"\$\(BIN\)/{words[0]}\b.*{re.escape(words[-1]) if words[1:] else ''}", makefile
            )


def test_the_python_example_runs(my_photos, capsys):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(example, {})
    assert len(capsys.readouterr().out.splitlines()) == 9


def test_the_table_of_encoders_is_the_presets():
    for preset in presets():
        (row,) = re.findall(rf"^\| `{preset.name}`.*$", README, re.MULTILINE)
        assert f"| {preset.dimension}" in row
        assert f"{preset.megabytes} MB" in row


def test_every_room_of_the_package_is_named():
    for path in (ROOT / "imsearch_core").iterdir():
        if path.is_dir() and not path.name.startswith("_"):
            assert f"`{path.name}/`" in README
