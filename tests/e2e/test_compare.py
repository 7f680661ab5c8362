"""The Compare page in a browser: figures lead to pictures, both sides answer one query."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import WAIT
from tests.e2e.looking import expect_in_url, fits, settle, visit


def open_compare(page: Page, explorer: str, folder, query: str = "") -> None:
    visit(page, f"{explorer}/compare?folder={quote(str(folder))}{query}")
    expect(page.locator(".pick")).to_have_count(12 + 1 + 9 + 9 + 12, timeout=3 * WAIT)
    settle(page)


def galleries(page: Page) -> list[list[str]]:
    """What each gallery tells a screen reader of its pictures, from top to bottom."""
    return [
        [cell.get_attribute("aria-label") for cell in one.locator(".pick").all()]
        for one in page.locator(".gallery").all()
    ]


def test_both_sides_answer_the_same_query_in_the_same_grid_and_mark_what_moved(explorer, page, pictures):
    open_compare(page, explorer, pictures, "&q=red/1.jpg")
    _, query, left, right, _ = galleries(page)
    assert len(query) == 1
    assert "red/1.jpg" in query[0]
    assert len(left) == len(right) == 9
    boxes = [
        [cell.bounding_box() for cell in gallery.locator(".pick .frame").all()]
        for gallery in page.locator(".gallery").all()[2:4]
    ]
    for ours, theirs in zip(*boxes, strict=True):
        for side in ("y", "width", "height"):
            assert ours[side] == pytest.approx(theirs[side], abs=0.5)
    files = [[label.split(", ")[1] for label in side] for side in (left, right)]
    for rank, label in enumerate(right):
        file = files[1][rank]
        moved = files[0].index(file) - rank if file in files[0] else None
        mark = "new" if moved is None else f"up {moved}" if moved > 0 else f"down {-moved}" if moved else "0"
        assert label.removesuffix(": search by this picture").endswith(mark) or moved == 0
    for rank, label in enumerate(left):
        assert ("gone" in label) == (files[0][rank] not in files[1])
    page.set_viewport_size({"width": 400, "height": 800})
    settle(page)
    assert fits(page)


def test_a_picked_neighbour_becomes_the_query_of_both_sides(explorer, page, pictures):
    open_compare(page, explorer, pictures, "&q=red/1.jpg")
    picked = galleries(page)[2][0].split(", ")[1].split(":")[0]
    page.locator(".gallery").nth(2).locator(".pick").first.click()
    expect_in_url(page, q=picked)
    expect(page.get_by_text(f"Query: {picked}")).to_be_visible()


def test_the_worst_query_opens_on_search(explorer, page, pictures):
    open_compare(page, explorer, pictures)
    worst = galleries(page)[0][0].split(", ")[1].split(":")[0]
    page.locator(".gallery").first.locator(".pick").first.click()
    expect(page.get_by_role("img", name=f"The query: {worst}")).to_be_visible()
    expect_in_url(page, q=worst)
    assert "/compare" not in page.url
