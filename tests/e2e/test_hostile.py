"""Names and labels full of markup, on every page of a real browser: nothing of it comes to life."""

from urllib.parse import quote

import pytest

from imsearch_core import Collection
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.ui.shell.frame import PAGES
from tests.e2e.looking import visit
from tests.faults.planted import DRAWN, MARKUP, hostile_folder, plant

# What the names and labels would have put on the page, shadow roots included.
_INJECTED = """
() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((node) =>
    [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
  return all(document).filter((node) =>
    node.matches('img[src="x"], [onerror], [onload], a[href^="javascript:"], img[src*="127.0.0.1:9"]')
    || (node.matches("script") && node.textContent.includes("alert(1)"))
  ).map((node) => node.outerHTML.slice(0, 200));
}
"""


@pytest.fixture
def folder(explorer, explorer_home, tmp_path, monkeypatch):
    """A hostile folder that is indexed, with a decision in it."""
    monkeypatch.setenv("IMSEARCH_HOME", str(explorer_home))
    folder = plant(hostile_folder(tmp_path / "photos"))
    photos = Collection.open(folder)
    photos.corrections.decide_all([Decision(photos.items[0].file, None, MARKUP, None, Choice.RELABEL)], "me")
    return folder


@pytest.fixture
def heard(page):
    """What the page says in dialogs, and whom it asks."""
    heard = []

    def dialog(opened):
        heard.append(opened.message)
        opened.dismiss()

    def request(asked):
        if "127.0.0.1:9" in asked.url:
            heard.append(asked.url)

    page.on("dialog", dialog)
    page.on("request", request)
    yield heard
    page.remove_listener("dialog", dialog)
    page.remove_listener("request", request)


def test_no_page_takes_a_name_for_markup(explorer, page, folder, heard):
    for path in (*(path for path, _, _ in PAGES), "pages/words.py", "pages/duplicates.py"):
        name = "" if path == "app.py" else path.removeprefix("pages/").removesuffix(".py")
        settings = {"": f"q={quote(MARKUP)}&k=60", "browse": "agreement=true", "map": "layout=PCA"}
        visit(page, f"{explorer}/{name}?folder={quote(str(folder))}&{settings.get(name, '')}")
        assert page.get_by_test_id("stException").count() == 0, path
        assert page.evaluate(_INJECTED) == [], path
        if name == "browse":
            shown = page.get_by_test_id("stMain").inner_text().replace("\u2060", "")
            assert f"{DRAWN.removesuffix('.png')} 2" in shown  # neither icons, nor arrows, nor colours
    for below in ("Confusions", "Before and after", "Export and import"):
        visit(page, f"{explorer}/labels?folder={quote(str(folder))}&below={quote(below)}")
        assert page.evaluate(_INJECTED) == [], below
    assert heard == []
