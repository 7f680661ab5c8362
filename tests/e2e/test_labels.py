"""A person reviews labels with the keyboard, in two tabs, and while the server dies."""

import signal
from collections import Counter
from pathlib import Path
from urllib.parse import quote, urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from imsearch_core import Collection
from imsearch_core.bench.browser import explorer_process, free_port
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.corrections_csv import corrections_from_csv
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.labels.ranking import LabelIssue
from tests.e2e.looking import fits, settle, visit
from tests.e2e.test_accessibility import issues


@pytest.fixture(scope="module")
def shades(tmp_path_factory):
    """Twelve reds and twelve blues; two of each lie with the others."""
    folder = tmp_path_factory.mktemp("reviewed") / "shades"
    rng = np.random.default_rng(0)
    for label, other, channel in (("red", "blue", 0), ("blue", "red", 2)):
        (folder / label).mkdir(parents=True, exist_ok=True)
        (folder / other).mkdir(parents=True, exist_ok=True)
        for i in range(12):
            patches = rng.integers(0, 90, (3, 4, 3), dtype=np.uint8)
            patches[..., channel] = rng.integers(160, 256, (3, 4))
            place = folder / (other if i < 2 else label) / f"{label}-{i}.png"
            Image.fromarray(patches).resize((96, 72), Image.Resampling.BICUBIC).save(place)
    return folder


@pytest.fixture(autouse=True)
def home(explorer_home, monkeypatch):
    """This process looks where the server writes."""
    monkeypatch.setenv("IMSEARCH_HOME", str(explorer_home))
    return explorer_home


@pytest.fixture(scope="module")
def server(explorer, shades, embed):
    embed(shades)
    return explorer


@pytest.fixture
def fresh(shades):
    """The reviewed folder, with nothing decided yet."""
    Corrections.of(shades).path.unlink(missing_ok=True)
    return shades


def review(page: Page, server: str, folder: Path, **more: str) -> None:
    """Open the review of every picture, the worst first."""
    url = [("folder", str(folder)), *(("kind", kind.value) for kind in LabelIssue), *more.items()]
    visit(page, f"{server}/labels?{urlencode(url)}")
    expect(page.locator(".desk")).to_have_count(1)  # the one before may still be there
    expect(page.locator(".desk .picture img")).to_be_visible(timeout=60_000)


def present(page: Page) -> str:
    return page.locator(".desk .file").inner_text()


def decided(page: Page, number: int) -> None:
    """Wait until so many are decided, and all of that is saved."""
    expect(page.locator(".desk .figures")).to_contain_text(f"{number} of 24 decided", timeout=60_000)
    expect(page.locator(".desk")).to_have_attribute("data-pending", "0", timeout=60_000)


def test_ten_labels_are_decided_with_the_keyboard_kept_exported_and_imported_elsewhere(
    server, page, fresh, embed, tmp_path_factory
):
    review(page, server, fresh)
    wanted = {}
    for keys, choice in ((["a"], Choice.ACCEPT), (["k"], Choice.KEEP), (["s"], Choice.SKIP)) * 3:
        wanted[present(page)] = choice
        for key in keys:
            page.keyboard.press(key)
    wanted[present(page)] = Choice.RELABEL
    page.keyboard.press("o")
    page.keyboard.type("Rcu purple")
    page.keyboard.press("Enter")
    decided(page, 10)
    decisions = Corrections.of(fresh).decisions
    assert {file: decision.choice for file, decision in decisions.items()} == wanted
    assert "Rcu purple" in {decision.corrected for decision in decisions.values()}

    page.keyboard.press("u")
    decided(page, 9)
    page.keyboard.press("k")
    decided(page, 10)
    kept = dict(Corrections.of(fresh).decisions)
    assert len(kept) == 10

    review(page, server, fresh, below="Export and import")
    with page.expect_download() as download:
        page.get_by_role("button", name="corrections.csv, 10 rows").click()
    exported = Path(download.value.path()).read_bytes()
    assert corrections_from_csv(exported, kept).by_file == kept

    copy = tmp_path_factory.mktemp("copied") / "shades"
    for file in fresh.rglob("*.png"):
        place = copy / file.relative_to(fresh)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read_bytes())
    embed(copy)
    review(page, server, copy, below="Export and import")
    page.locator("input[type=file]").set_input_files(
        {"name": "corrections.csv", "mimeType": "text/csv", "buffer": exported}
    )
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("10 decisions imported.")).to_be_visible()
    decided(page, 10)
    assert Corrections.of(copy).decisions == kept


def test_keys_pressed_while_the_server_says_nothing_are_taken_and_survive_a_reload(server, answers, fresh):
    page = answers.page
    review(page, server, fresh)
    answers.hold()
    page.keyboard.type("kkkkkkkkkkksakkkkkkk", delay=20)
    expect(page.locator(".desk .figures")).to_contain_text("20 of 24 decided")
    answers.release()
    page.reload()
    decided(page, 20)
    choices = Counter(decision.choice for decision in Corrections.of(fresh).decisions.values())
    assert choices == {Choice.KEEP: 18, Choice.SKIP: 1, Choice.ACCEPT: 1}


def test_undo_shows_the_picture_again_at_once_though_the_server_says_nothing(server, answers, fresh):
    page = answers.page
    review(page, server, fresh)
    first = present(page)
    page.keyboard.press("k")
    decided(page, 1)
    answers.hold()
    page.keyboard.press("k")
    page.keyboard.press("u")
    page.keyboard.press("u")
    assert present(page) == first
    expect(page.locator(".desk .figures")).to_contain_text("0 of 24 decided")
    answers.release()
    decided(page, 0)
    assert not Corrections.of(fresh).decisions


def test_who_leaves_the_desk_gives_up_the_few_pictures_that_are_being_loaded_ahead(server, own_page, fresh):
    page, held, given_up = own_page, [], set()
    visit(page, f"{server}/?folder=open")
    page.route("**/media/**", lambda route: held.append(route))
    page.on("requestfailed", lambda request: given_up.add(request.url))
    review(page, server, fresh)
    ahead = loaded_ahead(page, held)
    assert 0 < len(ahead) <= 4
    page.get_by_role("link", name="Compare").click()
    settle(page)
    assert ahead <= given_up
    page.unroute_all(behavior="ignoreErrors")


def loaded_ahead(page: Page, asked: list[Route]) -> set[str]:
    """The pictures that were asked for and are not on the page."""
    shown = page.locator(".desk img").evaluate_all("images => images.map((image) => image.src)")
    return {route.request.url for route in asked} - {*shown}


def test_two_tabs_do_not_overwrite_or_undo_each_others_decisions(server, page, own_page, fresh):
    other = own_page
    for tab in (page, other):
        review(tab, server, fresh)
    first = present(page)
    assert present(other) == first
    page.keyboard.press("a")
    decided(page, 1)
    other.keyboard.press("ArrowRight")
    second = present(other)
    assert second != first
    other.keyboard.press("k")
    decided(other, 2)
    page.keyboard.press("u")
    expect(page.locator(".desk .file")).to_have_text(first)
    decided(page, 1)
    assert {file: d.choice for file, d in Corrections.of(fresh).decisions.items()} == {second: Choice.KEEP}


def test_a_server_killed_in_the_middle_loses_no_decision(browser, page, home, fresh):
    port, places = free_port(), {"IMSEARCH_HOME": str(home), "IMSEARCH_FOLDERS": str(fresh.parent.parent)}
    with explorer_process(port, **places) as (address, process):
        review(page, address, fresh)
        page.keyboard.type("kkk", delay=60)
        process.send_signal(signal.SIGSTOP)  # from here on it answers nothing
        page.keyboard.type("kk", delay=60)
        expect(page.locator(".desk .saving")).to_contain_text("not saved yet", timeout=15_000)
        process.kill()
        process.wait()
    with explorer_process(port, **places):
        decided(page, 5)
        assert len(Corrections.of(fresh).decisions) == 5


def test_a_cell_of_the_matrix_chooses_its_pictures(server, page, fresh):
    review(page, server, fresh)
    cell = page.locator("[data-testid=stVegaLiteChart] .mark-rect path").first
    cell.scroll_into_view_if_needed()
    cell.click(force=True)
    page.wait_for_url(lambda url: "suggested=" in url and "label=" in url)
    expect(page.get_by_role("button", name="looks like")).to_be_visible()
    expect(page.locator(".desk .figures")).to_contain_text("0 of 2 decided")
    page.get_by_role("button", name="looks like").click()
    page.wait_for_url(lambda url: "suggested=" not in url)


def test_browse_and_search_show_a_correction_at_once(server, page, fresh):
    review(page, server, fresh)
    file = present(page)
    page.keyboard.press("o")
    page.keyboard.type("purple")
    page.keyboard.press("Enter")
    decided(page, 1)
    visit(page, f"{server}/browse?folder={quote(str(fresh))}")
    was = file.split("/")[0]
    expect(page.locator(f'[title="{file}"]')).to_contain_text(f"purple, was {was}")
    expect(page.get_by_text("purple 1", exact=True)).to_be_visible()


def test_classes_named_like_properties_of_javascript_objects_break_no_chart(server, page, embed, shades):
    odd = shades.with_name("odd")
    for path in shades.rglob("*.png"):
        place = odd / {"red": "constructor", "blue": "__proto__"}[path.parent.name] / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    embed(odd)
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    for below in ("Confusions", "Before and after"):
        review(page, server, odd, below=below)
        chart = page.get_by_test_id("stVegaLiteChart")
        for label in ("constructor", "__proto__"):
            expect(chart.get_by_text(label).first).to_be_visible(timeout=30_000)
    assert errors == []


def open_grid(page: Page, server: str, folder: Path) -> None:
    visit(page, f"{server}/labels?{urlencode({'folder': str(folder), 'view': 'Grid'})}")
    expect(page.locator(".review .case img").first).to_be_visible(timeout=60_000)


def saved(page: Page, folder: Path) -> dict[str, Choice]:
    """What is decided, when all of it is saved."""
    expect(page.locator(".review")).to_have_attribute("data-pending", "0", timeout=30_000)
    return {file: decision.choice for file, decision in Corrections.of(folder).decisions.items()}


def files(page: Page, group: int) -> list[str]:
    return [cell.get_attribute("title") for cell in page.locator(".group").nth(group).locator(".case").all()]


def test_a_group_is_accepted_without_what_was_unticked_kept_undone_as_a_whole_and_one_of_it_renamed(
    server, page, fresh
):
    open_grid(page, server, fresh)
    group = page.locator(".group").first
    together = files(page, 0)
    group.locator(".case").first.focus()
    for key in ("ArrowRight", "x"):
        page.keyboard.press(key)
    expect(group.get_by_role("button", name=f"Accept {len(together) - 1}")).to_be_visible()
    page.keyboard.press("a")
    assert files(page, 0) == [together[1]]
    accepted = {file: Choice.ACCEPT for file in together if file != together[1]}
    assert saved(page, fresh) == accepted
    page.keyboard.press("k")
    assert saved(page, fresh) == accepted | {together[1]: Choice.KEEP}
    expect(page.locator(".group").first.locator(".case").first).to_be_focused()  # the next group's turn
    page.keyboard.press("u")
    assert saved(page, fresh) == accepted
    page.get_by_role("button", name="Undo").click()
    assert saved(page, fresh) == {}
    assert sorted(files(page, 0)) == sorted(together)
    first = files(page, 0)[0]
    page.locator(".case").first.focus()
    page.keyboard.press("o")
    page.keyboard.type("purple")
    page.keyboard.press("Enter")
    assert saved(page, fresh) == {first: Choice.RELABEL}


def test_a_range_is_unticked_with_shift_and_a_group_is_accepted_down_to_a_line(server, page, fresh):
    open_grid(page, server, fresh)
    place = max(range(page.locator(".group").count()), key=lambda group: len(files(page, group)))
    cells = page.locator(".group").nth(place).locator(".case")
    together = files(page, place)
    cells.nth(1).click()
    cells.nth(3).click(modifiers=["Shift"])
    ticked = [cell.get_attribute("aria-checked") for cell in cells.all()]
    assert ticked == ["true", "false", "false", "false"] + ["true"] * (len(together) - 4)
    cells.nth(1).focus()
    page.keyboard.press("l")
    page.keyboard.press("a")
    page.reload()
    expect(page.locator(".review .case img").first).to_be_visible(timeout=60_000)
    assert saved(page, fresh) == dict.fromkeys(together[:2], Choice.KEEP)


def test_desk_and_grid_fit_a_phone_and_axe_finds_nothing_serious_in_the_grid(server, page, fresh):
    page.set_viewport_size({"width": 400, "height": 800})
    review(page, server, fresh)
    assert fits(page)
    open_grid(page, server, fresh)
    assert fits(page)
    page.locator(".case").first.click()
    assert issues(page) == []
    page.emulate_media(color_scheme="dark")
    settle(page)
    assert issues(page, "color-contrast") == []


def test_decisions_are_listed_with_their_session_and_undone_row_by_row(server, page, fresh):
    Corrections.of(fresh).decide_all(
        [Decision(f"blue/blue-{i}.png", "blue", "blue", 0.5, Choice.KEEP) for i in (2, 3, 4)], "abcdef"
    )
    visit(page, f"{server}/labels?{urlencode({'folder': str(fresh), 'view': 'Decided'})}")
    expect(page.get_by_text("3 decisions. Select rows")).to_be_visible(timeout=60_000)
    page.get_by_placeholder("File or class").fill("blue-3")
    page.get_by_placeholder("File or class").press("Enter")
    expect(page.get_by_text("1 decision. Select rows")).to_be_visible()
    settle(page)
    table = page.get_by_test_id("stDataFrame")
    box = table.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 52)  # the first row's tick: the table is painted
    page.get_by_role("button", name="Undo 1").click()
    expect(page.get_by_text("1 decision. Select rows")).to_be_hidden()
    assert set(Corrections.of(fresh).decisions) == {"blue/blue-2.png", "blue/blue-4.png"}


@pytest.fixture(scope="module")
def copied(shades, embed, server):
    """Six pictures, each of them twice, and a dark one."""
    folder = shades.with_name("copied")
    for i in range(6):
        picture = shades / "red" / f"red-{i + 2}.png"
        for label in ("cat", "dog"):
            (folder / label).mkdir(parents=True, exist_ok=True)
            (folder / label / f"{i}.png").write_bytes(picture.read_bytes())
    with Image.open(shades / "blue" / "blue-2.png") as image:
        image.point(lambda level: level // 8).save(folder / "dog" / "dark.png")
    embed(folder)
    return folder


def test_copies_and_poor_pictures_are_decided_with_one_key_each_though_the_server_says_nothing(
    server, answers, copied
):
    page, log = answers.page, Collection.open(copied).corrections
    url = {"folder": str(copied), "view": "Duplicates", "tier": "same pixels"}
    visit(page, f"{server}/labels?{urlencode(url)}")
    figures, desk = page.locator(".copies .figures"), page.locator(".copies")
    expect(page.locator(".copies .group")).to_have_count(6, timeout=60_000)
    groups = [
        [cell.get_attribute("title") for cell in group.locator(".case").all()]
        for group in page.locator(".copies .group").all()
    ]
    answers.hold()
    for key in ("a", "n", "ArrowRight", "a", "2", "a", "u"):
        page.keyboard.press(key)
    expect(figures).to_have_text("3 of 6 decided")
    answers.release()
    expect(desk).to_have_attribute("data-pending", "0", timeout=30_000)
    others = [max(groups[0]), groups[2][0]]  # of equal ones, the first by name is kept
    assert log.tags == dict.fromkeys(others, ("exclude",))
    page.reload()
    expect(figures).to_have_text("3 of 6 decided", timeout=60_000)
    page.keyboard.press("l")
    page.keyboard.press("u")
    page.keyboard.press("u")  # the third group, from before the reload
    page.keyboard.press("u")  # what were not duplicates
    expect(figures).to_have_text("1 of 6 decided", timeout=30_000)
    expect(desk).to_have_attribute("data-pending", "0", timeout=30_000)
    assert log.tags == {others[0]: ("exclude",)}

    assert issues(page) == []
    cells = page.locator(".copies .cell")
    cells.nth(0).hover(position={"x": 9, "y": 9})
    page.mouse.down()
    cells.nth(1).hover(position={"x": 60, "y": 60})
    page.mouse.up()
    expect(page.get_by_text("2 selected", exact=True).locator("visible=true").last).to_be_visible()

    page.get_by_test_id("stMain").get_by_text("Quality", exact=True).click()
    poor = page.locator(".review:not(.copies)")
    expect(poor.locator(".group").first.locator(".case img")).to_be_visible(timeout=60_000)
    assert files(page, 0) == ["dog/dark.png"]
    assert issues(page) == []
    page.keyboard.press("a")
    expect(poor.locator(".head").first).not_to_have_text("Dark")
    expect(poor).to_have_attribute("data-pending", "0", timeout=30_000)
    assert log.tags["dog/dark.png"] == ("exclude",)
