"""The report in a browser without a network."""

import pytest
from playwright.sync_api import expect

from imsearch_core.report import make_report
from tests.colour_encoder import open_colours
from tests.conftest import draw_folder
from tests.e2e.test_accessibility import issues


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The report about 3 classes × 4 pictures, one class with markup in its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMSEARCH_HOME", str(tmp_path_factory.mktemp("home")))
        folder = draw_folder(tmp_path_factory.mktemp("reported") / "pictures")
        (folder / "green").rename(folder / "<img src=x onerror=alert(1)>")
        path = folder.with_name("report.html")
        path.write_bytes(make_report(open_colours(folder)))
    return path.as_uri()


@pytest.fixture
def offline(browser):
    """A page of its own, without a network, that keeps what it asks for and what goes wrong in it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    page.asked, page.wrong = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda message: page.wrong.append(message.text))
    page.on("dialog", lambda dialog: page.wrong.append(dialog.message))
    yield page
    context.close()


def test_the_report_opens_without_a_network_in_both_themes_and_every_width(address, offline):
    for theme in ("light", "dark"):
        offline.emulate_media(color_scheme=theme)
        offline.goto(address)
        for width in (1440, 1024, 400):
            offline.set_viewport_size({"width": width, "height": 900})
            assert offline.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert issues(offline) == []
    assert {url for url in offline.asked if not url.startswith("data:")} == {address}
    assert offline.wrong == []
    broken = (
        "[...document.images].filter(image => image.src && image.getAttribute('src') && !image.naturalWidth)"
    )
    assert offline.evaluate(f"{broken}.length") == 0


def test_the_map_shows_the_picture_under_the_pointer_and_under_the_arrow_keys(address, offline):
    offline.goto(address)
    shown = offline.locator("#map-shown")
    expect(shown).to_be_hidden()
    offline.locator("#group-1 > g").first.hover(force=True)
    expect(shown).to_contain_text("blue/")
    offline.locator("#map-box").focus()
    offline.keyboard.press("ArrowRight")
    first = shown.inner_text()
    offline.keyboard.press("ArrowRight")
    assert shown.inner_text() != first
    offline.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    assert offline.wrong == []


def test_a_class_of_the_map_is_seen_alone(address, offline):
    offline.goto(address)
    button = offline.get_by_role("button", name="red 4")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    offline.locator("#map-box").focus()
    seen = set()
    for _ in range(5):
        offline.keyboard.press("ArrowRight")
        seen.add(offline.locator("#map-shown").inner_text())
    assert len(seen) == 4
    assert all(text.strip().startswith("red · red/") for text in seen)


def test_the_report_prints_without_what_only_a_screen_can_do(address, offline):
    offline.goto(address)
    offline.emulate_media(media="print")
    expect(offline.get_by_role("navigation")).to_be_hidden()
    expect(offline.get_by_role("img", name="red").first).to_be_visible()
    assert offline.pdf(format="A4").startswith(b"%PDF")
