"""Screenshots of every page, light and dark, at three widths: make screenshots."""

import sys
from pathlib import Path

from imsearch_core import Collection
from imsearch_core.bench.browser import open_browser, running_explorer
from imsearch_core.datasets.builtin import ILLUSTRATED
from imsearch_core.ui.shell.frame import PAGES

WIDTHS = {1440: 900, 1024: 768, 400: 800}
FOCUSED = "&story=2&class=wine+bottle"
VIEWS = {
    "search": "/?",
    "focus": f"/?{FOCUSED}",
    "side-by-side": f"/?{FOCUSED}&compare=true",
    **{Path(script).stem: f"/{Path(script).stem}?" for script, *_ in PAGES[1:]},
    "grid": "/labels?view=Grid",
    "duplicates": "/labels?view=Duplicates",
    "decided": "/labels?view=Decided",
    "open": "/?folder=open",
    "dead-end": "/?folder=/gone",
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    Collection.open(ILLUSTRATED.folder)
    with open_browser() as browser, running_explorer() as address:
        for theme in ("light", "dark"):
            for width, height in WIDTHS.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
                )
                context.set_default_timeout(180_000)  # some pages compute at their first visit
                for name, path in VIEWS.items():
                    page = context.new_page()
                    dataset = "" if "folder=" in path else f"&folder={ILLUSTRATED.name}"
                    page.goto(f"{address}{path}{dataset}")
                    page.get_by_test_id("stMain").get_by_role("button").first.wait_for()
                    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
                    page.wait_for_timeout(1000)  # charts and pictures are drawn
                    page.screenshot(
                        path=folder / f"{name}-{theme}-{width}.jpg",
                        type="jpeg",
                        quality=80,
                        animations="disabled",
                    )
                    page.close()
                context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots"))
