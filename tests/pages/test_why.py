"""The page on approaches; the measurements themselves are tested in tests/bench."""

import pytest
from streamlit.testing.v1 import AppTest

from imsearch_core import Collection
from imsearch_core.compare.approaches import ApproachFigures
from tests.conftest import ROOT

MEASURED = [
    ApproachFigures(name, n, 2.0 * n, 0.0 if name == "pairs" else 0.5 * n, seconds * n, passes, 0.5)
    for n in (6, 12)
    for name, seconds, passes in (("classifier", 1e-3, 1), ("pairs", 0.5, n), ("embeddings", 1e-5, 0))
]


@pytest.fixture
def page(pictures, tmp_path, monkeypatch):
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(tmp_path))
    Collection.open(pictures)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page("pages/why.py")
    at.query_params["folder"] = str(pictures)
    return at.run()


def test_nothing_is_measured_before_it_is_asked_for(page):
    assert not page.exception
    assert page.main.button[0].label == "Measure, in a minute or two"
    assert len(page.dataframe) == 0


def test_each_chart_has_the_sentence_that_it_supports_and_the_figures_stay(page, monkeypatch):
    monkeypatch.setattr("imsearch_core.ui.why.bench_approaches", lambda photos, progress: iter(MEASURED))
    page.main.button[0].click().run()
    assert not page.exception
    sentences = " ".join(block.value for block in page.markdown)
    assert "**12 forward passes** and 6.0 s here, 50,000 times as long" in sentences
    assert "**6.0 s** here, growing with the collection" in sentences
    assert list(page.dataframe[0].value["one more picture"]) == ["6.0 s", "nothing to do", "6.0 s"]
    assert page.run().main.button[0].label == "Measure again"


def test_too_few_pictures_are_an_error_on_the_page(page):
    page.main.button[0].click().run()
    assert not page.exception
    assert "at least 20 pictures" in page.error[0].value
