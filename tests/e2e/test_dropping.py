"""What is dropped on a page: the browser never leaves the explorer for it."""

import base64
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import expect_in_url, settle, visit

_DROP = """([kind, text, content]) => {
  const data = new DataTransfer();
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  if (kind === "file") data.items.add(new File([bytes], text, { type: "image/jpeg" }));
  else data.setData(kind, text);
  const told = { bubbles: true, cancelable: true, dataTransfer: data };
  const at = document.querySelector("[data-testid=stMain]");
  return ["dragover", "drop"].map((name) => !at.dispatchEvent(new DragEvent(name, told)));
}"""

# A panel that is drawn again hears nothing of the file that it was just given.
_LOSE_ONE = "addEventListener('change', (event) => event.stopPropagation(), { capture: true, once: true })"


def drop(page: Page, kind: str, text: str, content: bytes = b"") -> None:
    assert page.evaluate(_DROP, [kind, text, base64.b64encode(content).decode()]) == [True, True]


@pytest.fixture
def mapped(explorer, page, pictures):
    """The map, from which a dropped picture has to lead to Search."""
    visit(page, f"{explorer}/map?folder={quote(str(pictures))}&layout=PCA")
    return page


def test_a_dropped_picture_is_searched_with_on_any_page_and_another_file_is_refused_kindly(mapped, pictures):
    mapped.evaluate(_LOSE_ONE)
    drop(mapped, "file", "mine.jpg", (pictures / "green" / "2.jpg").read_bytes())
    expect(mapped.get_by_text("Uploaded; links can’t include it")).to_be_visible(timeout=60_000)
    expect(mapped.get_by_role("img", name="The query: mine.jpg")).to_be_visible()
    settle(mapped)
    drop(mapped, "file", "notes.txt", b"nothing")
    expect(mapped.get_by_text("not a picture in a known format")).to_be_visible()


@pytest.mark.parametrize("kind", ["text/plain", "text/uri-list"])
def test_a_dropped_path_is_opened(mapped, pictures, kind):
    path = (pictures / "green").as_uri() if kind == "text/uri-list" else str(pictures / "green")
    drop(mapped, kind, path)
    expect_in_url(mapped, folder=path)
    expect(mapped.get_by_text("4 pictures. Pick one")).to_be_visible(timeout=60_000)


def test_what_is_neither_gets_a_sentence_and_so_does_a_folder_whose_place_no_browser_tells(mapped):
    drop(mapped, "text/plain", "some words")
    said = mapped.get_by_role("status").filter(
        has_text="Drop a picture to search with it, or the path of a folder"
    )
    expect(said).to_be_visible()
    mapped.evaluate("DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true })")
    drop(mapped, "file", "album")
    expect(mapped.get_by_text("Browsers do not say where a dropped folder lies")).to_be_visible()
    mapped.goto("about:blank")  # the next test shall have real entries
