"""What may be imported where: streamlit only under ui/, TensorFlow only to embed."""

import ast
import subprocess
import sys

from imsearch_core import Collection
from tests.conftest import ROOT


def test_only_the_ui_imports_streamlit():
    offenders = [
        path.relative_to(ROOT)
        for path in (ROOT / "imsearch_core").rglob("*.py")
        if "ui" not in path.relative_to(ROOT / "imsearch_core").parts and "streamlit" in imported_by(path)
    ]
    assert offenders == []


def imported_by(path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def test_importing_the_package_imports_neither_tensorflow_nor_streamlit():
    assert modules_after("import imsearch_core, imsearch_core.cli.main") == set()


def test_searching_weighting_and_classifying_an_indexed_folder_imports_no_tensorflow(pictures):
    Collection.open(pictures)
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


def modules_after(*lines: str) -> set[str]:
    """Which of the heavy modules a fresh interpreter holds after running `lines`."""
    code = "; ".join(lines) + "; import sys; print(*{'tensorflow', 'keras', 'streamlit'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())
