"""Pages with hostile names, labels and links: shown as they stand, never a traceback."""

import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from imsearch_core import Collection
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.ui.components.filters import IN_URL
from imsearch_core.ui.shell.frame import PAGES
from imsearch_core.ui.shell.text import plain, sendable
from imsearch_core.ui.words.door import OPEN
from tests.conftest import ROOT, draw_folder
from tests.faults.planted import MARKUP, NAMES, hostile_folder, plant

SOURCES = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "imsearch_core" / "ui").rglob("*.py")]
# Everything that a page reads from the link, and what somebody may write there.
PARAMETERS = sorted(
    {"like", "unlike", "words", *OPEN, *IN_URL.values()}
    | {
        name
        for path in SOURCES
        for name in re.findall(
            r'from_url\("(\w+)"|key="(\w+)",\s*bind="query-params"|choose_several\(\s*"\w+",[^"]*?,\s*"(\w+)"',
            path.read_text("utf-8"),
        )
        for name in filter(None, name)
    }
)
VALUES = (
    *NAMES, MARKUP, "", " ", "0", "-1", "1e9", "nan", "inf", "None", "true", "../../../etc/passwd", "/etc",
    "{}", "[]", "[1]", "a" * 5000, "0,0,1,1", "nan,nan,nan,nan", "0,0,inf,1", "%00", "\0",
    "annoy:trees=9999999", "exact:x=1", "goldfish (1)", "fine", "Quality", "Neighbours",
)  # fmt: skip
FIXED = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "phases": [Phase.generate],
}  # the same cases each time
ONE_FOLDER = [HealthCheck.function_scoped_fixture]  # is meant: no example changes it


@pytest.fixture(autouse=True)
def allowed(tmp_path, monkeypatch):
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(tmp_path))


def run(page: str, folder: object, url: dict[str, str | list[str]]) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page(page)
    for name, value in {"folder": str(folder), **url}.items():
        at.query_params[name] = list(map(sendable, [value] if isinstance(value, str) else value))
    at.run()
    assert not at.exception, (page, url, at.exception)
    return at


@pytest.mark.parametrize("page", [page for page, _, _ in PAGES])
def test_every_page_shows_a_hostile_collection_as_text(tmp_path, page):
    folder = plant(hostile_folder(tmp_path / "hostile"))
    photos = Collection.open(folder)
    photos.corrections.decide_all(
        [Decision(photos.items[0].file, None, f"new {MARKUP}", None, Choice.RELABEL)], "me"
    )
    urls = [{}, {"sort": "Label fit", "agreement": "true"}] if "browse" in page else [{}]
    if "labels" in page:
        urls = [{"below": below} for below in ("Confusions", "Before and after", "Export and import")]
        urls += [{"view": view} for view in ("Duplicates", "Quality", "Decided")]
    if page == "app.py":
        urls += [{"q": file} for file in NAMES] + [
            {"class": MARKUP},
            {"like": list(NAMES)},
        ]
    for url in urls:
        at = run(page, folder, {"layout": "PCA", **url})
        for element in (*at.markdown, *at.caption, *at.title, *at.toast, *at.error, *at.info):
            assert not active(element.value), element.value
        for element in (*at.button, *at.toggle):
            assert not active(element.label), element.label
        for group in at.button_group:
            assert not [option for option in group.options if active(option)]


def active(markdown: str) -> re.Match | None:
    """What markdown would make of a text beyond letters: a tag, a picture, a link, a formula, a directive."""
    unescaped = re.sub(r"\\[^\w\s]", "", re.sub(r":material/\w+:", "", markdown))
    return re.search(r"<\w|\]\(|\$[^$]+\$|:red\[", unescaped)


@pytest.fixture
def planted(tmp_path):
    return plant(draw_folder(tmp_path / "photos"))


@settings(max_examples=10, suppress_health_check=ONE_FOLDER, **FIXED)
@given(
    page=st.sampled_from([page for page, _, _ in PAGES]),
    url=st.dictionaries(
        st.sampled_from(PARAMETERS),
        st.lists(st.sampled_from(VALUES) | st.text(), min_size=1, max_size=3),
        max_size=6,
    ),
)
def test_no_link_makes_a_page_fail(planted, page, url):
    run(page, planted, {"layout": "PCA"} | url)


def test_the_names_in_links_are_all_known_here():
    pills = {"labels", "tags", "problems", "kind", "repeat"}
    assert pills | {"q", "region", "folder", "at", "k", "class", "encoder", "words"} <= set(PARAMETERS)


@settings(max_examples=200, **FIXED)
@given(st.text())
def test_plain_text_has_nothing_that_markdown_acts_on(text):
    assert not active(plain(text))
