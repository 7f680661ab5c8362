"""The filters in a browser: chosen in one page, on in the next, in the address, and gone with a click."""

from urllib.parse import quote

from playwright.sync_api import expect

from tests.e2e.looking import in_url, settle

PATIENCE = 30_000


def test_a_filter_goes_along_from_browse_to_search_and_goes_off_with_its_chip(explorer, page, pictures):
    page.goto(f"{explorer}/browse?folder={quote(str(pictures))}")  # Search is not as another test left it
    expect(page.get_by_text("12 pictures. Pick one")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Filter").click()
    name = page.get_by_label("File name")
    name.fill("red/*")
    name.press("Enter")
    expect(page.get_by_text("4 pictures. Pick one")).to_be_visible(timeout=PATIENCE)
    chip = page.get_by_role("button", name="File: red/*")
    expect(chip).to_be_visible()
    assert in_url(page, "name") == "red/*"
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Search", exact=True).click()
    found = page.locator(".frame .there")
    expect(found).to_have_count(4, timeout=PATIENCE)
    settle(page)
    chip.click()
    expect(found).to_have_count(9, timeout=PATIENCE)
    settle(page)
    assert in_url(page, "name") is None
