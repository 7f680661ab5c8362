"""The first five minutes: the story, the browser's Back, what the session remembers, what one takes away."""

import csv
import io
from urllib.parse import quote

import pytest
from PIL import Image
from playwright.sync_api import expect

from imsearch_core.datasets.builtin import PASCAL
from tests.conftest import draw_folder
from tests.e2e.looking import expect_in_url, in_url, settle, visit


@pytest.fixture(scope="module")
def drawings(explorer_home, embed):
    """A few drawings in the place of the Pascal photos."""
    folder = draw_folder(explorer_home / "datasets" / PASCAL.name)
    (folder / PASCAL.opening_query).parent.mkdir()
    (folder / "red" / "0.jpg").rename(folder / PASCAL.opening_query)
    (folder / "labels.csv").write_text("file,label,all_labels\n", "utf-8")
    embed(folder)


@pytest.fixture
def told(explorer, drawings, page):
    """A page at the beginning of the story, in a session that has not seen it."""
    page.goto("about:blank")
    visit(page, f"{explorer}/?folder={PASCAL.name}")
    expect(page.get_by_text("1 of 4")).to_be_visible(timeout=60_000)
    return page


def test_the_story_drives_the_real_controls_says_what_they_found_and_can_be_hidden(told):
    page = told
    titles = ("Search by picture.", "Focus on a class.", "Search by text.", "Review.")
    for number, title in enumerate(titles, 1):
        expect(page.get_by_text(f"{number} of 4")).to_be_visible()
        expect(page.get_by_text(title).first).to_be_visible()
        if number == 3:
            expect(page.get_by_label("Search by text")).to_have_value("ship at sea")
            expect(page.get_by_text("0 of 9 show boat.")).to_be_visible()
        settle(page)
        if number < 4:
            page.get_by_role("button", name="Next").click()
    for _ in range(2):
        page.get_by_role("button", name="Back", exact=False).first.click()
        settle(page)
    expect(page.get_by_role("heading", name="of 9 replaced")).to_be_visible()
    expect_in_url(page, story="2", compare="true", **{"class": "pop bottle"})
    page.get_by_role("button", name="close icon").click()
    expect(page.get_by_text("2 of 4")).to_have_count(0)


def test_the_browsers_back_takes_away_what_a_click_added(explorer, page, pictures):
    visit(page, f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    cells = page.locator(".pick")
    liked = cells.nth(0).get_attribute("title")
    cells.nth(0).focus()
    page.keyboard.press("l")
    expect(page.get_by_role("button", name=liked, exact=True)).to_be_visible()
    settle(page)
    other = cells.nth(0).get_attribute("title")
    cells.nth(0).click()
    expect(page.get_by_role("img", name=f"The query: {other}")).to_be_visible()
    settle(page)
    while in_url(page, "q") == other:
        page.go_back()
        settle(page)
    expect(page.get_by_role("img", name="The query: red/1.jpg")).to_be_visible()
    settle(page)
    while in_url(page, "like"):
        page.go_back()
        settle(page)
    expect(page.get_by_role("button", name=liked, exact=True)).to_have_count(0)


def test_earlier_queries_are_one_click_away(explorer, page, pictures):
    visit(page, f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    page.locator(".pick").first.click()
    expect(page.get_by_role("img", name="The query: red/1.jpg")).to_have_count(0)
    settle(page)
    page.get_by_role("button", name="History").click()
    page.get_by_test_id("stPopoverBody").locator('.pick[title="red/1.jpg"]').click()
    expect(page.get_by_role("img", name="The query: red/1.jpg")).to_be_visible()
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)  # it would cover the results


def test_results_are_taken_away_as_a_table_and_a_picture_and_the_folder_as_a_report(explorer, page, pictures):
    visit(page, f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert [row["file"] for row in rows] == [c.get_attribute("title") for c in page.locator(".pick").all()]
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture for a slide (PNG)").click()
    assert Image.open(download.value.path()).format == "PNG"
    page.get_by_role("button", name="Make a report (HTML)").click()
    ready = page.get_by_role("button", name="Download the report")
    expect(ready).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        ready.click()
    assert download.value.suggested_filename == "pictures.html"
    assert b"<title>pictures: report</title>" in download.value.path().read_bytes()
