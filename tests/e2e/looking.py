"""What tests see of the explorer in a browser."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect


def neighbours(page: Page) -> list[str]:
    """What the gallery tells a screen reader of each picture, in order."""
    return [cell.get_attribute("aria-label") for cell in page.locator(".pick").all()]


def settle(page: Page) -> None:
    """Wait until the script has run and the browser shows what it said."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(300)


def in_url(page: Page, name: str) -> str | None:
    return parse_qs(urlsplit(page.url).query).get(name, [None])[0]


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    main = page.get_by_test_id("stMain")
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth") and main.evaluate(
        "node => node.scrollWidth <= node.clientWidth"
    )
