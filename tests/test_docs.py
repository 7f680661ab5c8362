"""What the README and docs/ say to type works, and what they point to is there."""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import imsearch_core
from imsearch_core import presets
from imsearch_core.cli.main import main
from imsearch_core.files import data_dir
from imsearch_core.labels.ranking import LabelIssue
from imsearch_core.search.results import SearchResult
from tests.conftest import ROOT, draw
from tests.encoders.hub_models import HUB_MODELS

README = ROOT / "README.md"
EXTENDING = ROOT / "docs" / "extending.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
NEEDS_INTERNET = "python -m imsearch_core dataset pascal"
OURS = "python -m imsearch_core "
# Run whenever these tests are: by make, which .ci/run calls.
BY_MAKE = {
    "pip install -r requirements.txt",
    "pip install -r requirements-dev.txt",
    "streamlit run app.py",
    "pytest",
}


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


def commands(page: Path) -> list[str]:
    return [line.split("#")[0].strip() for block in blocks(page, "sh") for line in block.splitlines()]


COMMANDS = sorted({command for page in PAGES if page != EXTENDING for command in commands(page)})
NEW_FILES = [
    (example, found[1])
    for example in blocks(EXTENDING, "python")
    if (found := re.match("# (imsearch_core/.*)", example))
]
EXAMPLES = [example for page in PAGES if page != EXTENDING for example in blocks(page, "python")]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where the examples are typed, with the folders that they name."""
    folder = tmp_path_factory.mktemp("docs")
    for i in range(12):
        path = folder / "my-photos" / ("cat" if i < 6 else "dog") / f"{i:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(i).save(path)
    for name, seeds in (("my-archive", range(20, 26)), ("new-batch", range(24, 28))):  # two are in both
        for i in seeds:
            path = folder / name / f"{i}.jpg"
            path.parent.mkdir(exist_ok=True)
            draw(i).save(path)
    (folder / "tags.csv").write_text("file,tags\ncat/0001.jpg,keep\n")
    voc = folder / "VOCdevkit" / "VOC2012" / "JPEGImages"
    voc.mkdir(parents=True)
    draw(0).save(voc / "2008_000112.jpg")
    return folder


@pytest.fixture
def there(place, home, monkeypatch):
    """One home for all examples, so that pictures are embedded once; no way to the internet."""
    monkeypatch.chdir(place)
    monkeypatch.setenv("IMSEARCH_HOME", str(place / "home"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # nobody listens there
    return place


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command.startswith(OURS) and command != NEEDS_INTERNET]
)
def test_a_command_of_our_own_runs(there, command, capsys):
    code = main(shlex.split(command.removeprefix(OURS)))
    printed = capsys.readouterr()
    assert code == 0, printed.err
    assert printed.out


@pytest.mark.usefixtures("one_attempt")
def test_the_command_that_needs_the_internet_says_so_in_one_sentence(there, home, monkeypatch, capsys):
    assert NEEDS_INTERNET in COMMANDS
    monkeypatch.setenv("IMSEARCH_HOME", str(home))
    assert main(shlex.split(NEEDS_INTERNET.removeprefix(OURS))) == 1
    said = capsys.readouterr().err
    assert re.fullmatch(r"imsearch: no Pascal photo could be fetched .* with --from-voc DIR.*\n", said)


def test_every_other_command_is_what_make_runs():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in COMMANDS:
        if command.startswith("make "):
            assert f"\n{command.split()[1]}: " in makefile
        elif not command.startswith(OURS):
            assert command in BY_MAKE
            words = command.split()
            last = re.escape(words[-1]) if words[1:] else ""
            assert re.search(rf"\$\(BIN\)/{words[0]}\b.*{last}", makefile)


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_python_example_runs(there, example, capsys):
    exec(compile(example, "example", "exec"), {})
    assert len(capsys.readouterr().out.splitlines()) == 9


def test_the_example_of_a_hub_model_runs_when_its_files_are_here(there, capsys):
    files = {example for example, _ in NEW_FILES}
    (example,) = [example for example in blocks(EXTENDING, "python") if example not in files]
    repository = re.search(r'encoder="hub:(.*?)"', example)[1]
    shutil.copytree(HUB_MODELS / "clip", data_dir() / "models" / repository)
    exec(compile(example, "example", "exec"), {})
    assert len(capsys.readouterr().out.splitlines()) == 9


@pytest.fixture(scope="module")
def extended(place, tmp_path_factory):
    """A copy of the project, made of links, with the files that docs/extending.md adds."""
    copy = tmp_path_factory.mktemp("extended")
    (copy / "imsearch_core").mkdir()
    for folder in (copy, copy / "imsearch_core"):
        for original in (ROOT / folder.relative_to(copy)).iterdir():
            if not (original.name.startswith((".", "__pycache__")) or (folder / original.name).exists()):
                (folder / original.name).symlink_to(original)
    for example, file in NEW_FILES:
        assert len(example.splitlines()) <= 60
        path = copy / file
        if path.parent.is_symlink():
            originals = list(path.parent.resolve().glob("*.py"))
            path.parent.unlink()
            path.parent.mkdir()
            for original in originals:
                (path.parent / original.name).symlink_to(original)
        path.write_text(example, "utf-8")
    (copy / "my-photos").symlink_to(place / "my-photos")
    return copy


@pytest.mark.parametrize("command", commands(EXTENDING))
def test_an_encoder_and_an_engine_are_a_file_each(extended, home, command):
    program, *arguments = shlex.split(command)
    without_workers = ["-m", "pytest", "-n0", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [sys.executable, *(without_workers if program == "pytest" else []), *arguments],
        cwd=extended,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    if program == "pytest":
        assert int(re.search(r"(\d+) passed", run.stdout)[1]) >= 6 + 1  # of the engine, of the preset
    else:
        assert len(run.stdout.splitlines()) == 1 + 9
        assert arguments[-1] == "colour-histogram" or "ball_tree" in run.stdout


def test_the_notebook_runs_and_shows_pictures(there):
    notebook = json.loads((ROOT / "docs" / "searching.ipynb").read_text("utf-8"))
    names, shown = {}, []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            lines = ast.parse("".join(cell["source"])).body
            exec(compile(ast.Module(lines[:-1], []), "cell", "exec"), names)
            shown.append(eval(compile(ast.Expression(lines[-1].value), "cell", "eval"), names))
    grids = [value._repr_html_() for value in shown if isinstance(value, SearchResult)]
    assert [grid.count("<img ") for grid in grids] == [7, 7, 7, 6]  # the text has no picture as its query
    assert (there / "report.html").stat().st_size > 10_000
    assert (there / "neighbours.png").stat().st_size > 10_000


def test_the_table_of_encoders_is_the_presets():
    page = EXTENDING.read_text("utf-8")
    for preset in presets():
        (row,) = re.findall(rf"^\| `{preset.name.partition(':')[0]}`.*$", page, re.MULTILINE)
        assert f"| {preset.dimension}" in row
        assert f"{preset.megabytes} MB" in row


def test_the_table_of_kinds_is_those_that_labels_are_judged_to_be():
    page = (ROOT / "docs" / "labels.md").read_text("utf-8")
    table = page[page.index("| kind |") : page.index("\n\nIn the review")]
    assert re.findall(r"^\| ([^|]*) \|", table, re.MULTILINE)[1:] == [str(kind) for kind in LabelIssue]


def test_every_room_of_the_package_is_named():
    readme = README.read_text("utf-8")
    for path in (ROOT / "imsearch_core").iterdir():
        if path.is_dir() and not path.name.startswith("_"):
            assert f"`{path.name}/`" in readme


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_whatever_a_page_points_to_is_there(page):
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)]*)\)", text):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target
    for path in re.findall(r"`((?:imsearch_core|tests|docs|pages|data)/[\w/.]+\.\w+)`", text):
        assert (ROOT / path).exists(), path


def test_every_page_of_docs_is_reached_from_the_readme_and_every_picture_is_shown():
    readme = README.read_text("utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert f"(docs/{page.name})" in readme
    shown = "".join(page.read_text("utf-8") for page in PAGES)
    kept = re.findall(r"^!docs/(.*)$", (ROOT / ".gitignore").read_text("utf-8"), re.MULTILINE)
    for picture in (*kept, *(path.name for path in (ROOT / "docs").glob("*.[jp]*g"))):
        assert f"{picture})" in shown


def test_the_readme_is_read_in_two_minutes_and_its_picture_loads_at_once():
    readme = README.read_text("utf-8")
    assert len(readme.splitlines()) <= 110
    (picture,) = re.findall(r"!\[.*\]\((.*)\)", readme)
    assert (ROOT / picture).stat().st_size <= 200_000


def test_every_figure_of_the_readme_stands_where_it_is_measured():
    rows = re.findall(r"^\|(.*)\| \[bench \w+\]\((.*)\) \|$", README.read_text("utf-8"), re.MULTILINE)
    assert len(rows) >= 5
    for row, page in rows:
        measured = (ROOT / page).read_text("utf-8")
        for figure in re.findall(r"\d+\.\d+|\d+(?= ms)", row):
            assert re.search(rf"(?<![\d.]){figure}(?![\d.])", measured), (figure, page)


def test_the_version_is_the_same_everywhere():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert imsearch_core.__version__ == version
    (latest, *_) = re.findall(r"^## \[(\d.*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert latest == version
