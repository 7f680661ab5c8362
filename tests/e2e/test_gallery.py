"""The gallery in a browser: keyboard, preview, links, and how its pictures travel."""

import urllib.error
import urllib.request
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import draw
from tests.e2e.looking import expect_in_url, in_url, neighbours, settle, visit


@pytest.fixture
def search(explorer, page, pictures) -> Page:
    visit(page, f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg&k=11")
    expect(page.locator(".frame .there")).to_have_count(11)
    settle(page)
    return page


def test_the_keyboard_alone_walks_through_search(search, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cells = page.locator(".pick")
    for _ in range(40):
        page.keyboard.press("Tab")
        if cells.first.evaluate("node => node === node.getRootNode().activeElement"):
            break
    expect(cells.first).to_be_focused()
    page.keyboard.press("End")
    expect(cells.last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(cells.nth(1)).to_be_focused()

    page.keyboard.press("c")
    expect(page.get_by_text("Link copied").first).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    file = cells.nth(1).get_attribute("title")
    assert f"q={quote(file, safe='')}" in copied
    assert "region=" not in copied

    page.keyboard.press(" ")
    preview = page.get_by_role("dialog")
    expect(preview).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(preview).to_have_accessible_name(f"Preview of {neighbours(page)[2].partition(': search')[0]}")
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    expect(cells.nth(2)).to_be_focused()
    settle(page)

    liked = cells.nth(2).get_attribute("title")
    page.keyboard.press("l")
    expect(page.get_by_role("button", name=liked, exact=True)).to_be_visible()
    settle(page)
    expect(cells.nth(2)).to_be_focused()  # the one that has taken its place
    unliked = cells.nth(2).get_attribute("title")
    page.keyboard.press("u")
    expect(page.get_by_role("button", name=unliked, exact=True)).to_be_visible()
    settle(page)
    expect_in_url(page, like=liked, unlike=unliked)

    chosen = cells.nth(2).get_attribute("title")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name=f"The query: {chosen}")).to_be_visible()
    settle(page)
    expect(cells.nth(2)).to_be_focused()


def test_space_and_enter_press_the_button_of_the_preview_that_the_keyboard_is_on(search, page):
    page.locator(".pick").first.focus()
    page.keyboard.press(" ")
    unlike = page.get_by_role("button", name="Less like it")
    for _ in range(10):
        page.keyboard.press("Tab")
        if unlike.evaluate("node => node === node.getRootNode().activeElement"):
            break
    file = page.locator(".pick").first.get_attribute("title")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name=file, exact=True)).to_be_visible()
    expect_in_url(page, unlike=file)


def test_the_preview_keeps_the_keyboard_at_the_last_picture(search, page):
    cells = page.locator(".pick")
    cells.nth(9).focus()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Next picture").click()
    preview = page.get_by_role("dialog")
    names = [f"Preview of {told.partition(': search')[0]}" for told in neighbours(page)]
    expect(preview).to_have_accessible_name(names[10])
    page.keyboard.press("ArrowLeft")
    expect(preview).to_have_accessible_name(names[9])
    page.keyboard.press("Escape")
    page.keyboard.press(" ")
    chosen = cells.nth(9).get_attribute("title")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name=f"The query: {chosen}")).to_be_visible()


def test_a_tablet_and_a_phone_reach_the_settings_and_what_was_skipped(explorer, page, embed, tmp_path):
    draw(0).save(tmp_path / "0.png")
    for name in ("1.jpg", "2.exr"):
        (tmp_path / name).write_bytes(b"neither read nor empty")
    embed(tmp_path)
    visit(page, f"{explorer}/browse?folder={quote(str(tmp_path))}")
    for width in (768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator(".st-key-gear button:visible")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="2 skipped").click()
    expect(page.get_by_test_id("stPopoverBody").get_by_test_id("stDataFrame")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")


def test_on_a_phone_the_buttons_of_a_narrow_picture_lie_on_no_other(explorer, page, embed, tmp_path):
    for i in range(10):
        draw(i, (60, 96)).save(tmp_path / f"{i}.png")
    embed(tmp_path)
    page.set_viewport_size({"width": 400, "height": 800})
    visit(page, f"{explorer}/?folder={quote(str(tmp_path))}")
    expect(page.locator(".frame .there")).to_have_count(9)
    overlaps = page.locator(".cell").evaluate_all(
        """(cells) => cells.filter((cell) => [...cell.querySelectorAll(".action")].some((action) =>
          action.getBoundingClientRect().left < cell.getBoundingClientRect().left)).length"""
    )
    assert overlaps == 0


def test_below_a_narrow_picture_the_label_is_whole_and_what_has_no_room_is_not_begun(search, page):
    cut = page.locator(".gallery").evaluate(
        """(gallery) => {
          const made = [92, 150, 400].map((width) => {
            const node = gallery.querySelector(".cell").cloneNode(true);
            const [label, more] = node.querySelectorAll(".label, .more");
            label.textContent = "potted_plant";
            more.innerHTML = '<span class="label tag">#exclude</span>';
            node.style.width = `${width}px`;
            gallery.append(node);
            return [label, more, more.firstChild, node.querySelector(".figures")];
          });
          const right = (node) => node.getBoundingClientRect().right;
          const seen = made.map(([label, more, tag, figures]) => [
            label.scrollWidth <= label.clientWidth,
            tag.offsetTop - more.offsetTop < more.clientHeight,
            right(figures) <= right(figures.closest(".cell")) + 1,
          ]);
          made.forEach(([label]) => label.closest(".cell").remove());
          return seen;
        }"""
    )
    assert cut == [[True, False, True], [True, False, True], [True, True, True]]


def test_browse_has_all_pictures_under_one_scroll_bar_and_back_comes_to_the_same_place(
    explorer, page, embed, tmp_path
):
    for i in range(190):
        path = tmp_path / "few" / ("ant" if i < 100 else "bee") / f"{i:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(i, (16, 12)).save(path)
    embed(tmp_path / "few")
    visit(page, f"{explorer}/browse?folder={quote(str(tmp_path / 'few'))}")
    cells = page.locator(".pick")
    expect(cells.first).to_have_attribute("title", "ant/000.png")
    in_page = cells.count()
    assert in_page < 190

    page.get_by_label("Jump to").select_option(label="bee")
    expect(page.locator(".pick[title='bee/100.png']")).to_be_in_viewport()
    expect_in_url(page, place="101")
    page.get_by_label("Go to picture").fill("150")
    page.get_by_label("Go to picture").press("Enter")
    wanted = page.locator(".pick[title='bee/149.png']")
    expect(wanted).to_be_in_viewport()
    expect(page.locator(".pick[title='ant/000.png']")).to_have_count(0)
    expect_in_url(page, place="150")
    address = page.locator(".frame img").first.get_attribute("src")

    settle(page)
    wanted.hover()  # scrolls to it, if anything has to
    top = wanted.bounding_box()["y"]
    wanted.click()
    expect(page.get_by_role("img", name="The query: bee/149.png")).to_be_visible()
    settle(page)
    page.go_back()  # one click is one step
    expect(wanted).to_be_in_viewport()
    settle(page)
    assert wanted.bounding_box()["y"] == pytest.approx(top, abs=3)
    assert "/browse" in page.url
    wanted.focus()
    page.keyboard.press("Home")
    expect(page.locator(".pick[title='ant/000.png']")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("End")
    expect(page.locator(".pick[title='bee/189.png']")).to_be_focused()
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("190 selected", exact=True).locator("visible=true").last).to_be_visible()

    assert "few" not in address
    for other in ("small/190", "small/ant/000.png", "cells/99/0", "../../app.py"):
        with pytest.raises(urllib.error.HTTPError, match=r"40[04]"):
            urllib.request.urlopen(f"{explorer}{address.rpartition('/small')[0]}/{other}")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{explorer}/tiles/guessed/small/0")


def test_a_copied_link_gives_the_search_to_somebody_else(explorer, page, pictures):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(page, f"{explorer}/browse?folder={quote(str(pictures))}&place=2")
    page.locator(".pick[title='green/2.jpg']").focus()
    page.keyboard.press("c")
    expect(page.get_by_text("Link copied").first).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.get_by_role("img", name="The query: green/2.jpg")).to_be_visible()
    assert in_url(page, "place") is None


def test_the_preview_gets_a_sharp_picture_and_searches_by_it(search, page):
    cell = page.locator(".cell", has=page.locator("[title='green/3.jpg']"))
    cell.hover()
    cell.get_by_role("button", name="Preview").click()
    large = page.locator(".preview .large")
    small = cell.locator("img").get_attribute("src")
    expect(large).not_to_have_attribute("src", small)
    assert large.evaluate("image => image.naturalWidth") == 1280
    page.get_by_role("button", name="Search by it").click()
    expect(page.get_by_role("img", name="The query: green/3.jpg")).to_be_visible()


def test_the_grid_keeps_its_place_from_one_result_to_the_next(search, page):
    page.evaluate(
        """() => {
          const find = () => [...document.querySelectorAll("*")].map((node) => node.shadowRoot?.querySelector(
            ".gallery")).find(Boolean);
          const first = find();
          const seen = new Set();
          window.seen = { same: true, heights: seen };
          const look = () => {
            seen.add(find()?.getBoundingClientRect().height ?? 0);
            window.seen.same &&= find() === first;
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    file = page.locator(".pick").first.get_attribute("title")
    page.locator(".pick").first.click()
    expect(page.get_by_role("img", name=f"The query: {file}")).to_be_visible()
    settle(page)
    assert page.evaluate("window.seen.same")
    heights = page.evaluate("[...window.seen.heights]")
    assert min(heights) > 100
    assert len(heights) <= 2  # before and after, and nothing in between


def test_pictures_have_addresses_that_tell_nothing_and_lead_to_nothing_else(search, explorer, page):
    addresses = page.locator(".frame img").evaluate_all("images => images.map((image) => image.src)")
    assert len(set(addresses)) == 11
    assert all(address.startswith(f"{explorer}/media/") and "red" not in address for address in addresses)
    with urllib.request.urlopen(addresses[0]) as answer:
        assert answer.headers["Content-Type"] == "image/webp"
        assert len(answer.read()) < 15_000
    for path in ("red/1.jpg", "../app.py", "%2e%2e/%2e%2e/app.py", "0" * 32 + ".webp"):
        with pytest.raises(urllib.error.HTTPError, match=r"40[04]"):
            urllib.request.urlopen(f"{explorer}/media/{path}")
