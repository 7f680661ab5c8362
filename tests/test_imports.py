"""What may be imported where: streamlit only under ui/, TensorFlow only to embed."""

import ast
import subprocess
import sys
from collections import defaultdict
from functools import cache

from tests.conftest import ROOT
from tests.faults.planted import plant

EMBEDDING_AND_PAGES = frozenset({"tensorflow", "keras", "streamlit"})
SLOW_TO_IMPORT = EMBEDDING_AND_PAGES | {
    "altair",
    "cleanlab",
    "pandas",
    "playwright",
    "requests",
    "scipy",
    "sklearn",
}


@cache
def parsed(path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_only_the_ui_and_its_server_import_streamlit():
    importing = {
        path.relative_to(ROOT / "imsearch_core").parts[0]
        for path in (ROOT / "imsearch_core").rglob("*.py")
        if "streamlit" in imported_by(path)
    }
    assert importing == {"ui", "server.py"}


def test_no_import_circle_exists_in_the_package():
    imports = {module: modules_imported_by(module) for module in MODULES}
    while leaves := [module for module, others in imports.items() if not others & imports.keys()]:
        for module in leaves:
            del imports[module]
    assert not imports, f"modules in a circle, or importing one: {sorted(imports)}"


def module_name(path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in (ROOT / "imsearch_core").rglob("*.py")}


def modules_imported_by(module: str) -> set[str]:
    """The modules of the package that a module imports anywhere in it, also for type checking only."""
    found = set()
    for node in ast.walk(parsed(MODULES[module])):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
    return found & MODULES.keys()


def test_no_two_public_classes_share_a_name():
    places = defaultdict(list)
    for module, path in MODULES.items():
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module)
    for name, modules in places.items():
        # Each engine has its own Parameters: that is the shape of an engine's file.
        assert len(modules) == 1 or name == "Parameters", f"{name} is a class of {modules}"


def imported_by(path) -> set[str]:
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def test_importing_the_command_line_imports_nothing_slow():
    every_command = "from imsearch_core.cli import main; main._parser('')"
    assert modules_after(every_command, among=SLOW_TO_IMPORT) == set()


def test_a_command_imports_no_other():
    others = {f"imsearch_core.{name}" for name in ("report", "bench", "cli.search", "cli.words")}
    assert modules_after("from imsearch_core.cli import main; main._parser('classes')", among=others) == set()


def test_searching_weighting_and_classifying_an_indexed_folder_imports_no_tensorflow(pictures):
    plant(pictures)
    assert (
        modules_after(
            "from imsearch_core import Collection",
            f"photos = Collection.open({str(pictures)!r})",
            "assert photos.report.reused == 12",
            "photos.search('red/1.jpg', engine='annoy')",
            "photos.search('red/1.jpg', focus='Siamese cat')",
            "photos.classify('red/1.jpg')",
            "photos.train_words()",
            "photos.search_text('red')",
            "photos.tags('red/1.jpg')",
        )
        == set()
    )


def test_a_started_server_imports_the_pages_before_anyone_visits_and_nothing_to_fetch_with():
    pages = modules_after(
        "import asyncio, threading, app",
        "from streamlit import config",
        "config.set_option('server.headless', True)",
        "asyncio.run(app.start(app.app).__aenter__())",
        "[thread.join() for thread in threading.enumerate() if thread.name.startswith('pages')]",
        among=frozenset({"imsearch_core.ui.search.page", "requests"}),
    )
    assert pages == {"imsearch_core.ui.search.page"}


def modules_after(*lines: str, among: frozenset[str] = EMBEDDING_AND_PAGES) -> set[str]:
    """Which modules `among` these a fresh interpreter holds after running `lines`."""
    code = "; ".join((*lines, "import sys", "print(*sys.modules)"))
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split()) & among
