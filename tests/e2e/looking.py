"""What tests see of the explorer in a browser."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


def neighbours(page: Page) -> list[str]:
    """What the gallery tells a screen reader of each picture, in order."""
    return [cell.get_attribute("aria-label") for cell in page.locator(".pick").all()]


PATIENCE = 60_000  # milliseconds for what a page may have to find out first

# Whether no script has run for 0.3 s: one that has been asked for may not have begun.
_SETTLED = """() => {
  const idle = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning";
  window.idleSince = idle ? (window.idleSince ?? performance.now()) : undefined;
  return idle && performance.now() - window.idleSince > 300;
}"""


def settle(page: Page) -> None:
    """Wait until the script has run and the browser shows what it said."""
    page.evaluate("window.idleSince = undefined")
    # Not looked at in every frame: drawing them costs more than the script.
    page.wait_for_function(_SETTLED, polling=50, timeout=PATIENCE)


# As a link within the explorer or the browser's Back does; ends when the server has been asked.
# A browser that is behind may learn of a run only when it is over: then nothing is seen of it.
_GO = """(url) => new Promise((asked) => {
  const app = document.querySelector("[data-testid=stApp]");
  const watch = new MutationObserver(() => {
    if (app.dataset.testScriptState === "notRunning") return;
    watch.disconnect();
    asked();
  });
  watch.observe(app, { attributes: true });
  history.pushState(null, "", url);
  dispatchEvent(new PopStateEvent("popstate"));
  setTimeout(asked, 3000);
})"""


def visit(page: Page, url: str) -> None:
    """Open an address of the explorer, in the session that the tab has, if any.

    Its scripts are not loaded again. What a session remembers and no address says (what is selected, say)
    stays: `goto` begins a new one.
    """
    if urlsplit(page.url)[:2] == urlsplit(url)[:2]:  # scheme and host
        settle(page)
        page.evaluate(_GO, url)
    else:
        page.goto(url)
        page.get_by_test_id("stApp").wait_for()
    settle(page)


def in_url(page: Page, name: str) -> str | None:
    return parse_qs(urlsplit(page.url).query).get(name, [None])[0]


def expect_in_url(page: Page, **values: str | None) -> None:
    """Wait until the link has these values; None for a name that it is to be without."""
    page.wait_for_url(lambda url: all(in_url(page, name) == value for name, value in values.items()))


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    main = page.get_by_test_id("stMain")
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth") and main.evaluate(
        "node => node.scrollWidth <= node.clientWidth"
    )


class Answers:
    """What the server sends to a page, to be held back. Made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._holding = False
        self._held: list[bytes] = []
        page.route_web_socket("**/_stcore/stream", self._relay)

    def _relay(self, browser: WebSocketRoute) -> None:
        self._browser = browser
        browser.connect_to_server().on_message(
            lambda message: self._held.append(message) if self._holding else browser.send(message)
        )

    def hold(self) -> None:
        self._holding = True

    def release(self) -> None:
        while self._held:  # more may come meanwhile
            self._browser.send(self._held.pop(0))
        self._holding = False

    def wait_for_runs(self, count: int) -> None:
        """Wait until the server has run the script so often since `hold`."""
        for _ in range(300):
            kinds = [ForwardMsg.FromString(message).WhichOneof("type") for message in self._held]
            if kinds.count("script_finished") >= count:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"the script did not run {count} times in 30 s")
