"""What is installed: the wheel, its dependencies, and where it keeps what it makes."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from itertools import chain

import pytest

from imsearch_core.cli import app
from imsearch_core.cli.main import main
from imsearch_core.datasets.builtin import ILLUSTRATED
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
FOR_DEVELOPERS = {
    "playwright",  # benches that use a browser
    "onnx", "faiss", "hnswlib", "simplejpeg",  # what bench speed compares with
}  # fmt: skip
DISTRIBUTION_OF = {
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "tensorflow": "tensorflow-cpu",
    "grpc": "pymilvus",
    "milvus_lite": "milvus-lite",
    "yaml": "pyyaml",
}


def requirements(file: str) -> list[str]:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r"))]


def test_the_requirements_files_are_the_dependencies_of_the_package():
    assert requirements("requirements.txt") == PROJECT["dependencies"]
    assert requirements("requirements-milvus.txt") == PROJECT["optional-dependencies"]["milvus"]


def test_everything_that_is_imported_is_declared():
    declared = chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    names = {re.match(r"[\w-]+", requirement)[0].lower() for requirement in declared}
    ours = {"imsearch_core", *sys.stdlib_module_names}
    for path in (ROOT / "imsearch_core").rglob("*.py"):
        for module in imported_modules(path) - ours - FOR_DEVELOPERS:
            assert DISTRIBUTION_OF.get(module, module).lower() in names, f"{path} imports {module}"


def imported_modules(path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder in which a wheel of the project is unpacked, as pip does it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site-packages")
    return folder / "site-packages"


def python(installed, code: str, **environment: str) -> str:
    """What `code` prints where the wheel is installed."""
    inherited = {name: value for name, value in os.environ.items() if name != "IMSEARCH_HOME"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=installed.parent,
        env=inherited | {"PYTHONPATH": str(installed)} | environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def test_a_wheel_adds_one_package_and_nothing_beside_it(installed):
    names = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert names == {"imsearch_core"}


def test_a_wheel_has_the_pages_the_settings_and_all_data_of_a_checkout(installed):
    project = installed / "imsearch_core" / "_project"
    for file in (
        "app.py",
        ".streamlit/config.toml",
        *(f"pages/{path.name}" for path in ROOT.glob("pages/*.py")),
    ):
        assert (project / file).read_bytes() == (ROOT / file).read_bytes()
    shipped = {path.name for path in (ROOT / "data").iterdir() if is_shipped(path.name)}
    assert {path.name for path in (project / "data").iterdir()} == shipped
    illustrated = project / "data" / "illustrated"
    assert len(list(illustrated.glob("*/*.jpg"))) == len(list(ILLUSTRATED.folder.glob("*/*.jpg"))) == 1000


def is_shipped(name: str) -> bool:
    """Whether data/`name` is part of the project: what we make there is in .gitignore."""
    ignored = re.findall(r"^data/([^/\n]+)", (ROOT / ".gitignore").read_text("utf-8"), re.MULTILINE)
    return not name.startswith(".") and name not in ignored


def test_what_an_installed_imsearch_makes_lies_in_the_users_data_folder(installed, tmp_path):
    pytest.importorskip("platformdirs")
    ask = "from imsearch_core.files import data_dir; print(data_dir())"
    home = python(installed, ask, XDG_DATA_HOME=str(tmp_path), HOME=str(tmp_path))
    assert home.startswith(str(tmp_path))
    assert home.endswith("imsearch")
    assert python(installed, ask, IMSEARCH_HOME=str(tmp_path / "mine")) == str(tmp_path / "mine")


def test_an_installed_imsearch_finds_its_data(installed):
    ask = "from imsearch_core.encoders.imagenet import imagenet_indices; print(len(imagenet_indices('cat')))"
    assert int(python(installed, ask)) > 0


def test_the_app_starts_streamlit_on_the_folder_that_was_named(monkeypatch, tmp_path, capsys):
    started = []
    monkeypatch.setattr(
        app.runpy, "run_module", lambda name, run_name: started.append((name, list(sys.argv)))
    )
    monkeypatch.setattr(sys, "argv", ["imsearch"])
    monkeypatch.setenv("IMSEARCH_OPEN", "")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    assert main(["app", "photos", "--port", "8765"]) == 0
    assert os.environ["IMSEARCH_OPEN"] == str(tmp_path / "photos")
    assert started == [("streamlit", ["streamlit", "run", "app.py", "--server.port=8765"])]
    monkeypatch.setenv("IMSEARCH_LABEL_LEVEL", "")
    assert main(["app", str(tmp_path / "photos"), "--label-level", "-1"]) == 0
    assert os.environ["IMSEARCH_LABEL_LEVEL"] == "-1"
    assert (ROOT / "app.py").samefile("app.py")


def test_the_app_refuses_what_is_not_a_folder(tmp_path, capsys):
    assert main(["app", str(tmp_path / "nowhere")]) == 2
    assert "is not a folder" in capsys.readouterr().err
