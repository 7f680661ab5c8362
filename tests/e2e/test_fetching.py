"""An encoder that understands sentences, fetched and used in a real browser."""

from urllib.parse import urlencode

from playwright.sync_api import expect

from tests.e2e.looking import visit
from tests.encoders.hub_models import publish

NAME = "hub:someone/clip"
PATIENCE = 60_000  # milliseconds until both towers are loaded


def test_an_encoder_is_fetched_on_a_click_and_finds_pictures_by_text_and_by_phrase(
    explorer, page, pictures, hub
):
    publish(hub, "someone/clip", "clip")
    hub.faults["/someone/clip/resolve/main/onnx/text_model.onnx"] = ["trickle"]
    address = f"{explorer}/?{urlencode({'folder': pictures, 'encoder': NAME})}&"
    page.goto(address + urlencode({"text": "a red car"}))
    page.get_by_role("button", name="Fetch the encoder").click()
    expect(page.get_by_text("Fetching, MB").or_(page.get_by_text("first file"))).to_be_visible()
    expect(page.get_by_text(f"Read as a whole, by {NAME}")).to_be_visible(timeout=PATIENCE)
    visit(page, address + urlencode({"class": "something red"}))
    expect(page.get_by_text("more of something red")).to_be_visible(timeout=PATIENCE)
