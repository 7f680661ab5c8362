"""The real app in a real browser: Debian's chromium, driven by Playwright."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from imsearch_core.bench.browser import open_browser, running_explorer
from imsearch_core.errors import ImsearchError
from tests.conftest import draw, draw_folder
from tests.e2e.looking import Answers
from tests.faults.planted import plant
from tests.local_site import Site

WAIT = 20_000  # milliseconds that the server may take on a busy machine
WINDOW = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items):
    """A browser on a busy machine may be too slow: what fails is tried once more, and the summary says so."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser():
    with ExitStack() as until_the_end:
        expect.set_options(timeout=WAIT)
        try:
            opened = until_the_end.enter_context(open_browser())
        except ImsearchError as error:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
        yield opened


@pytest.fixture(scope="session")
def context(browser):
    """One browser context for all tests, which loads the explorer's scripts once."""
    opened = browser.new_context(viewport=WINDOW)
    opened.set_default_timeout(WAIT)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def tab(context):
    return context.new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report


@pytest.fixture
def page(tab, request):
    """The one tab of all tests: a new one would compile the explorer's scripts again, for seconds.

    It stays as the test leaves it, so that the next one can go on from there with `visit`.
    """
    tab.bring_to_front()  # another test's tab in front would hold back what changes with the theme
    tab.set_viewport_size(WINDOW)
    tab.emulate_media(color_scheme="light")
    yield tab
    tab.evaluate(
        "location.protocol.startsWith('http') && [sessionStorage, localStorage].map((s) => s.clear())"
    )
    if request.node.failed:
        tab.goto("about:blank")


@pytest.fixture(scope="session")
def answers(context):
    """Another tab of all tests, `answers.page`, for those that hold back what the server sends to it."""
    return Answers(context.new_page())


@pytest.fixture
def own_page(context):
    """A tab for one test."""
    opened = context.new_page()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """A folder of 3 classes × 4 pictures, one of them large, for all tests; not to be changed."""
    folder = draw_folder(tmp_path_factory.mktemp("explored") / "pictures")
    draw(23, (1600, 1200)).save(folder / "green" / "3.jpg")
    return folder


@pytest.fixture(scope="session")
def explorer_home(tmp_path_factory):
    """Where the explorer of all tests writes."""
    return tmp_path_factory.mktemp("explorer-home")


@pytest.fixture(autouse=True)
def default_settings(explorer_home):
    """The explorer remembers settings; no test starts with those of another."""
    (explorer_home / "settings.json").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def embed(explorer_home):
    """Embeds a folder for the explorer, by colours: neither it nor we have to start the network."""

    def embed(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("IMSEARCH_HOME", str(explorer_home))
            plant(folder)

    return embed


@pytest.fixture(scope="session")
def hub():
    """Where the explorer of all tests fetches encoders: on this machine."""
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="session")
def explorer(browser, pictures, explorer_home, embed, hub, tmp_path_factory):
    """The address of an explorer, running for all tests, on which `pictures` is indexed."""
    embed(pictures)
    folders = {
        "IMSEARCH_HOME": str(explorer_home),
        "IMSEARCH_FOLDERS": str(tmp_path_factory.getbasetemp()),
    }
    with running_explorer(HF_ENDPOINT=hub.url, **folders) as address:
        yield address
