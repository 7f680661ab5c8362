"""The map in a browser: look, select, search."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import in_url, settle, visit


@pytest.fixture
def canvas(explorer, page, pictures):
    """The map with nothing selected."""
    visit(page, f"{explorer}/map?folder={quote(str(pictures))}&layout=PCA")
    if (clear := page.get_by_role("button", name="Clear")).is_visible():
        clear.click()
    expect(page.get_by_text("Draw around points to select")).to_be_visible(timeout=90_000)
    settle(page)
    return page.locator("canvas")


def drag_around_most(page: Page, canvas) -> None:
    """All but what lies under the tools."""
    box = canvas.bounding_box()
    left, top = box["x"] + 4, box["y"] + 60
    right, bottom = box["x"] + box["width"] - 60, box["y"] + box["height"] - 4
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom)):
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def test_the_keyboard_goes_from_picture_to_picture_shows_and_selects_them(page, canvas):
    canvas.focus()
    page.keyboard.press("ArrowRight")
    tip = page.locator(".tip")
    expect(tip.locator("img")).to_be_visible()
    expect(tip.locator(".file")).to_contain_text(".jpg")
    first = tip.locator(".file").inner_text()
    assert tip.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 selected")).to_be_visible()
    settle(page)
    canvas.focus()
    for key in ("ArrowLeft", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    expect(tip.locator(".file")).not_to_have_text(first)
    page.keyboard.press("a")
    expect(page.get_by_text("12 selected")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Draw around points to select")).to_be_visible()


def test_the_pointer_over_a_point_shows_its_picture_and_a_click_selects_it(page, canvas):
    canvas.focus()
    page.keyboard.press("ArrowRight")  # finds a point for us
    tip = page.locator(".tip")
    expect(tip.locator(".file")).to_contain_text(".jpg")
    file = tip.locator(".file").inner_text()
    x, y = canvas.evaluate("node => { const c = node.closest('.map').chart; return c.at(c.hovered); }")
    canvas.blur()
    expect(tip).to_be_hidden()
    canvas.hover(position={"x": x + 2, "y": y})
    expect(tip.locator(".file")).to_have_text(file)
    expect(tip.get_by_role("img", name=file)).to_be_visible()
    box = canvas.bounding_box()
    page.mouse.click(*(sum(pair) for pair in zip((box["x"], box["y"]), (x + 2, y), strict=True)))
    expect(page.get_by_text("1 selected")).to_be_visible()
    expect(page.locator(".pick")).to_have_count(1)
    assert page.locator(".pick").get_attribute("title") == file


def test_the_map_does_not_overflow_a_phone(page, canvas):
    page.set_viewport_size({"width": 400, "height": 800})
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert canvas.bounding_box()["width"] < 400


def test_a_drag_around_pictures_gives_a_grid_and_a_search_with_all_of_them(page, canvas):
    drag_around_most(page, canvas)
    said = page.get_by_role("heading", name="selected")
    expect(said).to_be_visible()
    count = int(said.inner_text().split()[0])
    assert count > 3
    expect(page.locator(".pick")).to_have_count(count)
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text(re.compile(r"^\d+ most similar$"))).to_be_visible()
    settle(page)
    assert in_url(page, "q")
    assert page.url.count("like=") == min(count - 1, 8)


def test_a_class_of_the_legend_is_highlighted_and_a_drag_then_selects_only_that(page, canvas):
    page.get_by_role("button", name="red 4").click()
    expect(page.get_by_role("button", name="red 4")).to_have_attribute("aria-pressed", "true")
    canvas.focus()
    page.keyboard.press("a")
    expect(page.locator(".pick")).to_have_count(4)
    page.get_by_role("button", name="Review these").click()
    expect(page.get_by_text("Only the 4 selected")).to_be_visible(timeout=30_000)
    expect(page.locator(".review")).to_contain_text("0 of 4 decided")


def test_another_collection_does_not_move_on_to_the_places_of_the_one_before(page, canvas):
    placed = canvas.evaluate(
        """async (node) => {
          const { chart } = node.closest(".map");
          const [before, after] = [chart.points.map((value) => value / 2), chart.points];
          chart.moveTo(before, true); // the same pictures on another map
          chart.moveTo(after, false); // other pictures
          await new Promise((resolve) => setTimeout(resolve, 1200));
          return chart.points === after;
        }"""
    )
    assert placed


def test_names_on_the_map_are_shortened_and_stay_inside_it(page, canvas):
    texts = canvas.evaluate(
        """async (node) => {
          const { chart } = node.closest(".map");
          const [pen, told] = [node.getContext("2d"), []];
          pen.fillText = (text, x) => told.push([text, x, pen.measureText(text).width / 2]);
          const names = ["blue".repeat(20), "green".repeat(20), "none", "none"];
          chart.levels = [{ names, members: chart.members }];
          chart.pan(-0.45 * chart.scale, 0);
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return told;
        }"""
    )
    width = canvas.bounding_box()["width"]
    assert texts
    assert all(len(text) <= 32 for text, _, _ in texts)
    assert all(half <= x <= width - half for _, x, half in texts)


def test_the_legend_is_beside_the_map_and_names_and_pictures_follow_the_zoom(page, canvas):
    legend = page.get_by_role("button", name="red 4").bounding_box()
    stage = canvas.bounding_box()
    assert legend["x"] >= stage["x"] + stage["width"]
    assert legend["y"] < stage["y"] + stage["height"] / 2
    named, pictures = canvas.evaluate(
        """(node) => {
          const { chart } = node.closest(".map");
          chart.levels = ["coarse", "middle", "fine"].map((name) => ({ names: [name], members: [[0]] }));
          const named = [300, 500, 1500].map((pixels) => {
            chart.zoom(pixels / chart.scale);
            return chart.level.names[0];
          });
          return [named, chart.root.querySelector(".pictures").getAttribute("aria-pressed")];
        }"""
    )
    assert named == ["coarse", "middle", "fine"]
    assert pictures == "false"
    expect(page.get_by_role("button", name="Pictures")).to_have_attribute("aria-pressed", "true")


def test_a_view_without_pictures_offers_the_way_back(page, canvas):
    back = page.get_by_role("button", name="Show all pictures")
    expect(back).to_be_hidden()
    canvas.evaluate("(node) => node.closest('.map').chart.pan(5000, 0)")
    back.click()
    expect(back).to_be_hidden()
    assert canvas.evaluate("(node) => node.closest('.map').chart.inView") == 12


def test_two_fingers_zoom_and_select_nothing(page, canvas):
    zoomed, selected = canvas.evaluate(
        """(node) => {
          const { chart } = node.closest(".map");
          const [zoom, selected] = [chart.view.zoom, []];
          Object.assign(chart, { send: (name) => selected.push(name), selected: new Set([1, 2]) });
          node.setPointerCapture = () => {}; // these fingers touch no screen
          const { left, top } = node.getBoundingClientRect();
          const finger = (kind, pointerId, x) =>
            node.dispatchEvent(new PointerEvent(kind, { pointerId, clientX: left + x, clientY: top + 200 }));
          finger("pointerdown", 1, 200);
          finger("pointerdown", 2, 300);
          for (const x of [180, 150, 120, 100]) finger("pointermove", 1, x);
          finger("pointerup", 2, 300);
          finger("pointerup", 1, 100);
          return [chart.view.zoom / zoom, selected];
        }"""
    )
    assert zoomed == pytest.approx(2, rel=0.01)
    assert selected == []
    page.goto("about:blank")  # this map and that of the tests before are no longer as they were
