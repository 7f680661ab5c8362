"""An encoder that understands sentences, fetched and used in a real browser."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from imsearch_core.bench.browser import running_explorer
from tests.encoders.hub_models import publish
from tests.local_site import Site

NAME = "hub:someone/clip"
PATIENCE = 60_000  # milliseconds: a server of its own starts, and loads both towers


@pytest.fixture
def address(pictures, tmp_path):
    """An explorer whose hub is on this machine, and slow with the largest file."""
    site = Site()
    publish(site, "someone/clip", "clip")
    site.faults["/someone/clip/resolve/main/onnx/text_model.onnx"] = ["trickle"]
    folders = {"IMSEARCH_HOME": str(tmp_path), "IMSEARCH_FOLDERS": str(pictures)}
    with running_explorer(HF_ENDPOINT=site.url, **folders) as address:
        yield f"{address}/?{urlencode({'folder': pictures, 'encoder': NAME})}&"
    site.close()


def test_an_encoder_is_fetched_on_a_click_and_finds_pictures_by_text_and_by_phrase(own_page, address):
    expect.set_options(timeout=PATIENCE)
    own_page.set_default_timeout(PATIENCE)
    own_page.goto(address + urlencode({"text": "a red car"}))
    own_page.get_by_role("button", name="Fetch the encoder").click()
    expect(own_page.get_by_text("Fetching, MB").or_(own_page.get_by_text("first file"))).to_be_visible()
    expect(own_page.get_by_text(f"Understood as a whole, by {NAME}")).to_be_visible()
    own_page.goto(address + urlencode({"class": "something red", "weighted": "true"}))
    expect(own_page.get_by_text("focus on something red")).to_be_visible()
