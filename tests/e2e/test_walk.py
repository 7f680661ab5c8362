"""A person's way through the explorer, with mouse and keyboard."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.conftest import draw_folder
from tests.e2e.looking import Answers, expect_in_url, fits, in_url, neighbours, settle


def test_from_browsing_to_a_link_that_gives_the_same_results_to_somebody_else(
    explorer, page, browser, pictures
):
    page.goto(f"{explorer}/browse?folder={quote(str(pictures))}")
    page.locator(".pick[title='green/2.jpg']").click()

    expect(page.get_by_text("9 most similar", exact=True)).to_be_visible()
    expect(page.locator(".pick")).to_have_count(9)
    expect_in_url(page, q="green/2.jpg")
    plain = neighbours(page)
    assert not any("green/2.jpg" in text for text in plain)

    page.get_by_role("combobox", name="More of").fill("siamese")
    page.get_by_role("option", name="Siamese cat (284)").click()
    expect(page.get_by_text("9 most similar, more of Siamese cat")).to_be_visible()
    expect(page.locator(".pick")).to_have_count(9)
    page.wait_for_url(re.compile("class="))
    settle(page)
    weighted = neighbours(page)
    assert weighted != plain

    somebody_else = browser.new_context().new_page()
    somebody_else.goto(page.url)
    expect(somebody_else.get_by_text("9 most similar, more of Siamese cat")).to_be_visible(timeout=30_000)
    expect(somebody_else.locator(".pick")).to_have_count(9)
    assert neighbours(somebody_else) == weighted
    somebody_else.context.close()


def test_a_click_on_a_neighbour_makes_it_the_query(explorer, page, pictures):
    page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    first = page.locator(".pick").first
    file = first.get_attribute("title")
    first.click()
    expect(page.get_by_role("img", name=f"The query: {file}")).to_be_visible()
    expect_in_url(page, q=file)


def test_arrow_keys_move_and_enter_searches(explorer, page, pictures):
    page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    cells = page.locator(".pick")
    cells.first.focus()
    page.keyboard.press("ArrowRight")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cells.nth(1)).not_to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(cells.first).to_be_focused()
    file = cells.first.get_attribute("title")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name=f"The query: {file}")).to_be_visible()


def test_the_weighting_and_the_folder_stay_when_the_page_changes(explorer, page, pictures):
    page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg&class=goldfish+(1)&k=4")
    expect(page.get_by_text("4 most similar, more of goldfish")).to_be_visible()
    page.get_by_role("link", name="Browse").click()
    expect(page.get_by_text("12 pictures. Pick one")).to_be_visible()
    page.locator(".pick[title='blue/3.jpg']").click()
    expect(page.get_by_role("img", name="The query: blue/3.jpg")).to_be_visible()
    expect(page.get_by_text("4 most similar, more of goldfish")).to_be_visible()


def test_a_hostile_file_name_is_shown_as_text(explorer, own_page, embed, tmp_path):
    pictures = draw_folder(tmp_path / "hostile")
    (pictures / "blue").rename(pictures / ("long" * 40))
    name = '<img src=x onerror=alert(1)> **bold** $x$ "q".jpg'
    (pictures / "red" / "1.jpg").rename(pictures / "red" / name)
    embed(pictures)
    dialogs = []
    own_page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    own_page.goto(f"{explorer}/?folder={quote(str(pictures))}&q={quote('red/' + name)}")
    expect(own_page.get_by_text(f"red/{name}", exact=True)).to_be_visible()
    expect(own_page.locator(".pick")).to_have_count(9)
    assert dialogs == []
    own_page.set_viewport_size({"width": 400, "height": 800})
    assert fits(own_page)


def test_nothing_overflows_on_a_phone(explorer, page, pictures):
    page.set_viewport_size({"width": 400, "height": 800})
    for path in ("/", "/browse"):
        page.goto(f"{explorer}{path}?folder={quote(str(pictures))}")
        page.locator(".pick").first.wait_for()
        assert fits(page)


def test_a_region_is_drawn_with_the_mouse_moved_with_the_keyboard_and_taken_away(explorer, page, pictures):
    page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    settle(page)  # from here on nothing moves
    picture = page.get_by_role("application")
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.8, steps=4)
    page.mouse.up()
    expect(page.get_by_text("9 most similar to this part")).to_be_visible(timeout=30_000)
    page.wait_for_url(lambda url: in_url(page, "region"))
    drawn = [float(value) for value in in_url(page, "region").split(",")]
    assert drawn == pytest.approx([0.1, 0.2, 0.6, 0.8], abs=0.02)

    settle(page)
    picture.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: in_url(page, "region") not in (None, ",".join(f"{v:g}" for v in drawn)))
    moved = [float(value) for value in in_url(page, "region").split(",")]
    assert moved == pytest.approx([drawn[0] + 0.02, drawn[1], drawn[2] + 0.02, drawn[3]], abs=0.002)

    settle(page)
    picture.focus()
    page.keyboard.press("Escape")
    expect(page.get_by_text("9 most similar", exact=True)).to_be_visible()
    expect_in_url(page, region=None)


def test_more_and_less_like_this_are_chips_that_can_be_removed(explorer, page, pictures):
    page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    cells = page.locator(".pick")
    liked, unliked = (cells.nth(i).get_attribute("title") for i in (0, 1))
    cells.nth(0).focus()
    page.keyboard.press("l")
    expect(page.get_by_role("button", name=liked, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=f"More like {liked}")).to_have_count(0)
    settle(page)
    page.get_by_role("button", name=f"Less like {unliked}").click()
    expect(page.get_by_role("button", name=unliked, exact=True)).to_be_visible()
    settle(page)
    expect_in_url(page, like=liked, unlike=unliked)

    page.get_by_role("button", name=liked, exact=True).click()
    expect(page.get_by_role("button", name=f"More like {liked}")).to_be_visible()
    expect_in_url(page, like=None, unlike=unliked)


def test_the_beginning_of_a_name_and_enter_pick_the_class(explorer, page, pictures):
    page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    page.get_by_role("combobox", name="More of").fill("siam")
    page.keyboard.press("Enter")
    expect(page.get_by_text("9 most similar, more of Siamese cat")).to_be_visible()
    expect_in_url(page, **{"class": "Siamese cat (284)"})


def test_an_everyday_word_leads_to_a_class_with_one_click(explorer, page, pictures):
    page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    page.get_by_role("combobox", name="More of").fill("telly")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="television (851)").click()
    expect(page.get_by_text("more of television")).to_be_visible()
    expect_in_url(page, **{"class": "television (851)"})


def test_words_find_pictures_and_a_click_on_one_searches_by_it(explorer, page, pictures):
    page.goto(f"{explorer}/?folder={quote(str(pictures))}")
    box = page.get_by_role("textbox", name="Search by text")
    box.fill("red cat")
    box.press("Enter")
    expect(page.get_by_text("9 most similar to “red cat”")).to_be_visible()
    expect(page.locator(".pick")).to_have_count(9)
    settle(page)
    expect_in_url(page, text="red cat")
    file = page.locator(".pick").first.get_attribute("title")
    page.locator(".pick").first.click()
    expect(page.get_by_text("9 most similar", exact=True)).to_be_visible()
    settle(page)
    expect_in_url(page, q=file, text=None)


def test_an_answer_to_an_earlier_key_does_not_take_a_region_back(explorer, own_page, pictures):
    answers = Answers(own_page)
    own_page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg&region=0,0,0.5,0.5")
    expect(own_page.get_by_text("9 most similar to this part")).to_be_visible()
    settle(own_page)
    picture = own_page.get_by_role("application")
    answers.hold()
    picture.press("ArrowRight")
    answers.wait_for_runs(1)
    picture.press("ArrowRight")
    answers.release()
    picture.press("ArrowRight")
    expect_in_url(own_page, region="0.06,0,0.56,0.5")


def test_what_was_shown_before_is_shown_again_though_the_server_is_behind(explorer, own_page, pictures):
    answers = Answers(own_page)
    own_page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    own_page.get_by_role("button", name="Options").click()
    neighbours = own_page.get_by_role("slider", name="Number of pictures")
    for key, count in (("End", 11), ("Home", 1)):
        neighbours.press(key)
        expect(own_page.locator(".pick")).to_have_count(count)
        settle(own_page)
    answers.hold()
    neighbours.press("ArrowRight")
    answers.wait_for_runs(1)
    neighbours.press("End")
    answers.wait_for_runs(2)
    answers.release()
    expect(own_page.locator(".pick")).to_have_count(11)
    expect(own_page.get_by_role("dialog", name="Connection error")).to_have_count(0)


_WATCH_SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((shift) => {
    if (!shift.hadRecentInput) window.shifted += shift.value;
  })).observe({ type: "layout-shift" });
}"""


def test_nothing_moves_by_itself_on_a_walk_through_the_pages(explorer, page, pictures):
    page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")

    def walk() -> None:
        settle(page)
        page.locator(".pick").nth(1).click()
        settle(page)
        page.get_by_role("link", name="Browse").click()
        page.get_by_role("button", name="green 4").click()
        settle(page)
        for name in ("Map", "Review"):
            page.get_by_role("link", name=name).click()
            page.wait_for_url(re.compile("/map|/labels"))
            settle(page)
        page.keyboard.press("k")
        settle(page)

    walk()  # the browser loads the code of every widget; until then Streamlit keeps places of another size
    page.get_by_role("link", name="Search", exact=True).click()
    settle(page)
    page.evaluate(_WATCH_SHIFTS)
    walk()
    shifted = page.evaluate("window.shifted")
    print(f"Cumulative layout shift of the walk: {shifted:.4f}")
    assert shifted <= 0.02


def test_a_finger_held_on_a_picture_gets_what_can_be_done_with_it(explorer, browser, pictures):
    phone = browser.new_context(viewport={"width": 400, "height": 800}, has_touch=True)
    page = phone.new_page()
    page.goto(f"{explorer}/?folder={quote(str(pictures))}&q=red/1.jpg")
    settle(page)
    first = page.locator(".pick").first
    expect(first).to_be_in_viewport()  # results begin in the first screen
    expect(page.locator(".actions").first).to_be_hidden()
    touch = {"pointerType": "touch", "bubbles": True, "composed": True}
    first.dispatch_event("pointerdown", touch)
    preview = page.get_by_role("dialog")
    expect(preview).to_be_visible()
    first.dispatch_event("pointerup", touch)
    preview.get_by_role("button", name="Select").click()
    preview.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name=f"Select {first.get_attribute('title')}")).to_be_visible()
    expect(page.get_by_role("img", name="The query: red/1.jpg")).to_have_count(1)
    phone.close()
