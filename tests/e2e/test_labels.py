"""A person reviews labels with the keyboard, in two tabs, and while the server dies."""

import signal
from pathlib import Path
from urllib.parse import quote, urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from imsearch_core import Collection
from imsearch_core.bench.browser import explorer_process, free_port, running_explorer
from imsearch_core.labels.corrections import Choice, Corrections
from imsearch_core.labels.corrections_csv import corrections_from_csv
from imsearch_core.labels.ranking import LabelIssue


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


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("review-home")


@pytest.fixture(scope="module", autouse=True)
def ours(home):
    """This process looks where the server writes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMSEARCH_HOME", str(home))
        yield


@pytest.fixture(scope="module")
def server(browser, home, shades, ours):
    Collection.open(shades).suspect_labels()
    with running_explorer(IMSEARCH_HOME=str(home), IMSEARCH_FOLDERS=str(shades.parent.parent)) as address:
        yield address


@pytest.fixture
def fresh(shades):
    """The reviewed folder, with nothing decided yet."""
    Corrections.of(shades).path.unlink(missing_ok=True)
    return shades


def review(page: Page, server: str, folder: Path, **more: str) -> None:
    """Open the review of every picture, the worst first."""
    url = [("folder", str(folder)), *(("kind", kind.value) for kind in LabelIssue), *more.items()]
    page.goto(f"{server}/labels?{urlencode(url)}")
    expect(page.locator(".desk .picture img")).to_be_visible(timeout=60_000)


def present(page: Page) -> str:
    return page.locator(".desk .file").inner_text()


def decided(page: Page, number: int) -> None:
    expect(page.locator(".desk .figures")).to_contain_text(f"{number} of 24 decided", timeout=30_000)


def test_ten_labels_are_decided_with_the_keyboard_kept_exported_and_imported_elsewhere(
    server, page, fresh, tmp_path_factory
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

    page.reload()
    decided(page, 10)
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
    assert {d.file: d for d in corrections_from_csv(exported, kept).decisions} == kept

    copy = tmp_path_factory.mktemp("copied") / "shades"
    for file in fresh.rglob("*.png"):
        place = copy / file.relative_to(fresh)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read_bytes())
    review(page, server, copy, below="Export and import")
    page.locator("input[type=file]").set_input_files(
        {"name": "corrections.csv", "mimeType": "text/csv", "buffer": exported}
    )
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("10 decisions imported.")).to_be_visible()
    decided(page, 10)
    assert Corrections.of(copy).decisions == kept


def test_keys_pressed_faster_than_the_server_answers_are_all_taken(server, page, fresh):
    review(page, server, fresh)
    page.keyboard.type("kkkkkkkk", delay=20)
    decided(page, 8)
    assert len(Corrections.of(fresh).decisions) == 8


def test_two_tabs_do_not_overwrite_or_undo_each_others_decisions(server, page, browser, fresh):
    other = browser.new_context().new_page()
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
    assert {file: d.choice for file, d in Corrections.of(fresh).decisions.items()} == {second: Choice.KEEP}
    other.context.close()


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


def test_the_review_fits_a_phone(server, page, fresh):
    page.set_viewport_size({"width": 400, "height": 800})
    review(page, server, fresh)
    assert page.get_by_test_id("stMain").evaluate("node => node.scrollWidth <= node.clientWidth")


def test_browse_and_search_show_a_correction_at_once(server, page, fresh):
    review(page, server, fresh)
    file = present(page)
    page.keyboard.press("o")
    page.keyboard.type("purple")
    page.keyboard.press("Enter")
    decided(page, 1)
    page.goto(f"{server}/browse?folder={quote(str(fresh))}")
    was = file.split("/")[0]
    expect(page.locator(f'[title="{file}"]')).to_contain_text(f"purple, was {was}")
    expect(page.get_by_text("purple 1", exact=True)).to_be_visible()


def test_classes_named_like_properties_of_javascript_objects_break_no_chart(server, page, shades):
    odd = shades.with_name("odd")
    for path in shades.rglob("*.png"):
        place = odd / {"red": "constructor", "blue": "__proto__"}[path.parent.name] / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
    Collection.open(odd)
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    for below in ("Confusions", "Before and after"):
        review(page, server, odd, below=below)
        chart = page.get_by_test_id("stVegaLiteChart")
        for label in ("constructor", "__proto__"):
            expect(chart.get_by_text(label).first).to_be_visible(timeout=30_000)
    assert errors == []
