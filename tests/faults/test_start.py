"""The start: many sessions over all pages reach a fresh server at the same moment."""

import ast
import re
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from imsearch_core.bench.browser import running_explorer
from imsearch_core.bench.session import open_session
from imsearch_core.store.sync import MANY
from tests.conftest import ROOT, draw, draw_folder
from tests.faults.planted import plant
from tests.faults.test_server import outside, witnessed

PAGES = ("", *sorted(path.stem for path in (ROOT / "pages").glob("*.py")))


def visit(address: str, page: str, folder: Path, together: threading.Barrier) -> list[tuple[float, str]]:
    """Open a page when all others are ready to; returns what its progress bars showed."""
    with open_session(address, patience=120, fetches=False) as session:
        session.page = page
        together.wait(30)
        session.show(folder=str(folder))
        return session.progress


def visit_together(address: str, pages: Sequence[str], folder: Path) -> list[list[tuple[float, str]]]:
    together = threading.Barrier(len(pages))
    with ThreadPoolExecutor(len(pages)) as pool:
        visits = [pool.submit(visit, address, page, folder, together) for page in pages]
        return [visit.result() for visit in visits]


@pytest.mark.parametrize("script", ["app.py", *(f"pages/{page}.py" for page in PAGES[1:])])
def test_a_session_imports_the_ui_and_nothing_else(script):
    code = ast.parse((ROOT / script).read_text("utf-8")).body
    if script == "app.py":  # what is below "else" is for the server
        (choice,) = (node for node in code if isinstance(node, ast.If))
        assert ast.unparse(choice.test) == "__name__ == '__main__'"
        code = [*(node for node in code if node is not choice), *choice.body]
    nodes = [node for statement in code for node in ast.walk(statement)]
    imports = [ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    assert imports == ["from imsearch_core import ui"]


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> dict[str, str]:
    """What an explorer needs to know, with a planted folder among those that it may open."""
    base = tmp_path_factory.mktemp("start")
    settings = witnessed(base, base / "allowed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMSEARCH_HOME", settings["IMSEARCH_HOME"])
        plant(draw_folder(base / "allowed" / "planted"))
    return settings


@pytest.fixture(scope="module")
def address(settings):
    """An explorer that the first test finds fresh."""
    with running_explorer(**settings) as address:
        yield address


def test_all_pages_can_be_opened_at_the_same_moment_on_a_fresh_server(address, settings, rounds):
    folder = Path(settings["IMSEARCH_FOLDERS"], "planted")
    visit_together(address, PAGES, folder)
    for _ in range(rounds - 1):
        with running_explorer(**settings) as another:
            visit_together(another, PAGES, folder)


def test_sessions_share_a_first_embedding_which_goes_on_when_they_leave_and_asks_nobody_outside(
    address, settings
):
    folder = Path(settings["IMSEARCH_FOLDERS"], "new")
    folder.mkdir()
    for i in range(MANY + 50):
        draw(i, (24, 20)).save(folder / f"{i}.png")
    with open_session(address, patience=120) as first:
        first.begin(folder=str(folder))
        while not (done := _done(first.progress)):
            first.take_one()
    seen = visit_together(address, ("", "browse", "browse"), folder)
    assert min(_done(shown[:1]) for shown in seen) >= done
    for shown in seen:
        values = [value for value, text in shown if text.startswith("Embedding")]
        assert values == sorted(values)
    assert outside(Path(settings["WITNESS"]).parent) == []


def _done(progress: list[tuple[float, str]]) -> int:
    """How many pictures the last bar of an embedding said were done."""
    told = [re.match(r"Embedding, once: ([\d,]+) of", text) for _, text in progress]
    return max((int(match[1].replace(",", "")) for match in told if match), default=0)
