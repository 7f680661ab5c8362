"""A person selects pictures where they are shown, and decides about all of them."""

import csv
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.decisions import Choice
from tests.e2e.looking import settle, visit
from tests.e2e.test_accessibility import issues


@pytest.fixture
def log(explorer, explorer_home, pictures, monkeypatch):
    """The explorer's log about `pictures`, with nothing in it."""
    monkeypatch.setenv("IMSEARCH_HOME", str(explorer_home))
    corrections = Corrections.of(pictures)
    corrections.path.unlink(missing_ok=True)
    yield corrections
    corrections.path.unlink(missing_ok=True)


def browse(page: Page, explorer: str, folder: Path, path: str = "browse?") -> None:
    """Open a page with nothing selected."""
    visit(page, f"{explorer}/{path}&folder={quote(str(folder))}")
    expect(page.locator(".pick img").first).to_be_visible(timeout=60_000)
    for clear in page.get_by_role("button", name="Clear").all():
        clear.click()
        settle(page)


def selected(page: Page, number: int) -> None:
    expect(page.get_by_text(f"{number} selected", exact=True).locator("visible=true").last).to_be_visible()
    settle(page)


def test_pictures_are_selected_with_clicks_and_drags_of_the_mouse_and_labelled_at_once(
    explorer, page, pictures, log
):
    browse(page, explorer, pictures)
    cells = page.locator(".pick")
    cells.nth(1).click(modifiers=["ControlOrMeta"])
    cells.nth(3).click(modifiers=["Shift"])
    selected(page, 3)
    page.get_by_role("button", name="Label as…").click()
    page.get_by_role("combobox", name="Class").fill("purple")
    page.get_by_role("combobox", name="Class").press("Enter")
    page.get_by_role("button", name="Label 3 as a new class").click()
    expect(page.get_by_text("3 labelled purple")).to_be_visible()
    assert {d.corrected for d in log.decisions.values()} == {"purple"}
    assert {d.choice for d in log.decisions.values()} == {Choice.RELABEL}
    assert len(log.decisions) == 3
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert not log.decisions

    cells.nth(0).hover(position={"x": 9, "y": 60})
    page.mouse.down()
    cells.nth(1).hover(position={"x": 60, "y": 90})
    page.mouse.up()
    selected(page, 2)
    assert "/browse?" in page.url  # a drag does not search
    page.keyboard.down("Control")
    cells.nth(3).hover(position={"x": 9, "y": 60})
    page.mouse.down()
    cells.nth(3).hover(position={"x": 60, "y": 90})
    page.mouse.up()
    page.keyboard.up("Control")
    selected(page, 3)


def test_pictures_are_selected_with_the_keyboard_tagged_filtered_and_exported(explorer, page, pictures, log):
    browse(page, explorer, pictures)
    page.locator(".pick").first.focus()
    for key in ("x", "ArrowRight", "x"):
        page.keyboard.press(key)
    selected(page, 2)
    page.get_by_role("button", name="Tag…").click()
    page.get_by_role("combobox", name="Tag").fill("exclude")
    page.get_by_role("combobox", name="Tag").press("Enter")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("2 tagged exclude")).to_be_visible()
    assert set(log.tags.values()) == {("exclude",)}
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export these").click()
    rows = list(csv.DictReader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
    assert {row["file"]: row["tags"] for row in rows} == dict.fromkeys(log.tags, "exclude")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("combobox", name="Tags").click()
    page.get_by_role("option", name="exclude (2)").click()
    expect(page.locator(".pick")).to_have_count(2)


def test_all_results_of_a_search_are_selected_with_a_and_reviewed(explorer, page, pictures, log):
    browse(page, explorer, pictures, "?q=red/1.jpg&k=5")
    page.locator(".pick").first.focus()
    page.keyboard.press("a")
    selected(page, 5)
    expect(page.locator(".note.said")).to_have_count(0)
    page.wait_for_timeout(400)  # it fades
    assert issues(page) == []
    page.get_by_role("button", name="Review these").click()
    expect(page.get_by_text("Only the 5 selected")).to_be_visible(timeout=30_000)
    expect(page.locator(".review .case")).to_have_count(5)
