"""Every page, light and dark, examined by axe: no serious or critical issue."""

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from imsearch_core.ui.shell.frame import PAGES
from tests.e2e.looking import settle, visit

SEARCH = "/?q=red/1.jpg&class=goldfish&compare=true&like=red/2.jpg"
OTHERS = [
    *(f"/{Path(script).stem}?" for script, *_ in PAGES[1:] if Path(script).stem != "compare"),
    "/words?",
    "/duplicates?",
    "/index?tried=annoy",  # leads to Compare
]
DEAD_ENDS = ["/?folder=open", "/?folder=/gone"]


def issues(page: Page, *rules: str, within: str | None = None) -> list[str]:
    """What axe calls serious or critical, by all rules or these, one line for each element.

    `within` is a selector of the only part that is looked at, in any shadow root.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    # What passes is not listed: that costs as much as finding it out.
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    part = page.locator(within or "html").element_handle()
    found = page.evaluate("([part, options]) => axe.run(part, options)", [part, options])
    return [
        f"{rule['id']}: {node['html'][:300]} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("path", [SEARCH, *OTHERS, *DEAD_ENDS])
def test_axe_finds_nothing_serious(explorer, page, pictures, path):
    folder = "" if "folder=" in path else f"&folder={quote(str(pictures))}"
    visit(page, f"{explorer}{path}{folder}")
    page.get_by_test_id("stMain").get_by_role("button").first.wait_for()
    # A theme changes colours alone.
    for theme, rules in (("light", ()), ("dark", ("color-contrast",))):
        page.emulate_media(color_scheme=theme)
        settle(page)
        assert ("21, 24, 27" in background(page)) == (theme == "dark")  # the theme of config.toml
        assert issues(page, *rules) == []
        if path == SEARCH:
            page.locator(".pick").first.focus()
            page.keyboard.press(" ")
            page.get_by_role("dialog").wait_for()
            settle(page)
            assert issues(page, *rules, within="dialog[open]") == []  # the rest is as before
            page.keyboard.press("Escape")


def background(page: Page) -> str:
    return page.get_by_test_id("stApp").evaluate("node => getComputedStyle(node).backgroundColor")
