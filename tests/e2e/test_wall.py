"""A wall of a million pictures: higher than browsers let an element be."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from imsearch_core.ui.components.gallery import Cell, as_sent
from imsearch_core.ui.components.wall import CSS, HTML, JS
from imsearch_core.ui.components.wall.tiles import BLOCK

COUNT = 1_000_000
PAGE = f"""
<style>body {{ margin: 0 }} main {{ height: 100vh; overflow: auto; padding: 0 16px }} {CSS}</style>
<main data-testid="stMain"><div style="height: 300px">Browse</div>
<div id="host" style="container-type: inline-size">{HTML}</div><div style="height: 200px"></div></main>
<script type="module">
  import show from "./wall.js";
  const data = {{
    address: "/tiles", turn: 1, version: "", count: {COUNT}, block: {BLOCK}, sections: [],
    selected: [], selectionTurn: 0, judging: false, search: "/",
  }};
  const parentElement = document.querySelector("#host");
  parentElement.host = parentElement;
  show({{ data: [data], parentElement, setTriggerValue() {{}} }});
</script>
"""


def answer(route: Route) -> None:
    """The page, its script, and cells of any block."""
    path = route.request.url.partition("//wall.test")[2].partition("?")[0]
    if "/cells/" in path:
        first = int(path.rpartition("/")[2])
        shapes = (0.7, 1.0, 1.5, 1.78)
        cells = [
            as_sent(Cell(Path(), f"{i:07}.jpg", (0, 0, 0), "", shapes[i % 4], "cat"))
            for i in range(first, min(first + BLOCK, COUNT))
        ]
        route.fulfill(body=json.dumps(cells), content_type="application/json")
    elif path.endswith(".js"):
        route.fulfill(body=JS, content_type="text/javascript")
    else:
        route.fulfill(body=f"<!doctype html><html><body>{PAGE}</body></html>", content_type="text/html")


@pytest.fixture
def wall(own_page, request) -> Page:
    own_page.set_viewport_size({"width": getattr(request, "param", 400), "height": 900})
    own_page.route("http://wall.test/**", answer)
    own_page.goto("http://wall.test/")
    own_page.wait_for_selector(".cell")
    return own_page


def in_view(page: Page) -> list[int]:
    """The numbers of the pictures that can be seen, once they have come and nothing moves."""
    page.wait_for_timeout(500)
    page.wait_for_function("![...document.querySelectorAll('.block.coming')].some(seen)")
    return page.evaluate("[...document.querySelectorAll('.cell')].filter(seen).map((cell) => cell.place)")


def scroll_to(page: Page, share: float) -> None:
    """Drag the scroll bar to a place, from 0 to 1."""
    page.evaluate("share => { main.scrollTop = share * (main.scrollHeight - main.clientHeight) }", share)


@pytest.fixture(autouse=True)
def helpers(own_page):
    own_page.add_init_script(
        """Object.defineProperty(window, "main", { get: () => document.querySelector("main") });
        window.seen = (node) => {
          const { top, bottom } = node.getBoundingClientRect();
          return bottom > 100 && top < innerHeight;
        };"""
    )


@pytest.mark.parametrize("wall", [400, 1440], indirect=True)
def test_the_last_of_a_million_pictures_is_reached_by_the_scroll_bar_and_the_first_again(wall):
    assert in_view(wall)[0] == 0
    scroll_to(wall, 1)
    assert in_view(wall)[-1] == COUNT - 1
    last = wall.locator(".cell").last.bounding_box()
    assert last["y"] + last["height"] < 900  # whole, above what follows the wall
    scroll_to(wall, 0)
    assert in_view(wall)[0] == 0


def test_the_scroll_bar_leads_to_the_same_share_of_a_million_pictures(wall):
    for share in (0.5, 0.9, 0.25):
        scroll_to(wall, share)
        seen = in_view(wall)
        assert seen == list(range(seen[0], seen[-1] + 1))
        # The first and the last are not squeezed, so that these are not quite the same.
        assert seen[0] / COUNT == pytest.approx(share, abs=0.1)


def test_one_jumps_to_any_of_a_million_pictures(wall):
    for number in (777_777, 12, 1_000_000, 500_001):
        wall.get_by_label("Go to picture").fill(str(number))
        wall.get_by_label("Go to picture").press("Enter")
        assert number - 1 in in_view(wall)


@pytest.mark.parametrize("start", [0, 0.37, 1])
def test_the_wheel_moves_a_million_pictures_by_as_much_as_it_turns(wall, start):
    scroll_to(wall, start)
    middle = in_view(wall)[len(in_view(wall)) // 2]
    wall.mouse.move(200, 500)
    step = -120 if start == 1 else 120
    place = "place => document.querySelectorAll('.cell').values().find((c) => c.place === place)"
    before = wall.evaluate(f"({place})({middle}).getBoundingClientRect().top")
    for _ in range(2):
        wall.mouse.wheel(0, step)
        wall.wait_for_timeout(400)
    after = wall.evaluate(f"({place})({middle}).getBoundingClientRect().top")
    assert after - before == pytest.approx(-2 * step, abs=2)


def test_one_scrolls_on_and_on_without_a_gap_among_a_million_pictures(wall):
    scroll_to(wall, 0.5)
    wall.mouse.move(200, 500)
    at = in_view(wall)
    for _ in range(6):
        wall.mouse.wheel(0, 700)
        seen = in_view(wall)
        assert seen[0] <= at[-1] + 1
        assert seen[-1] > at[-1]
        at = seen


def test_the_keyboard_goes_to_the_ends_of_a_million_pictures(wall):
    wall.locator(".pick").first.focus()
    wall.keyboard.press("End")
    wall.wait_for_function(f"document.activeElement.closest('.cell')?.place === {COUNT - 1}")
    assert in_view(wall)[-1] == COUNT - 1
    scroll_to(wall, 0.3)
    assert COUNT - 1 not in in_view(wall)
    wall.keyboard.press("ArrowLeft")  # from the picture that has the focus, far away
    assert COUNT - 2 in in_view(wall)
    wall.keyboard.press("Home")
    wall.wait_for_function("document.activeElement.closest('.cell')?.place === 0")
    assert in_view(wall)[0] == 0
