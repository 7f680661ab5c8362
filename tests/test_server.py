"""What the server adds to the page that Streamlit serves."""

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.testclient import TestClient

from imsearch_core.server import OurPage

BROWSER = {"accept": "text/html,*/*", "accept-encoding": "gzip"}
ASKED = []


async def streamlit(scope, receive, send):
    """Answers as Streamlit does: a page, or a file of plain text."""
    ASKED.append(dict(scope["headers"]))
    kind = PlainTextResponse if scope["path"] == "/notes.txt" else HTMLResponse
    body = "<head></head><body>é</body>"
    await kind(body, headers={"etag": '"of the file"'})(scope, receive, send)


@pytest.fixture
def client():
    return TestClient(OurPage(streamlit))


def test_a_page_has_our_style_from_its_first_element_on(client):
    page = client.get("/browse", headers=BROWSER)
    assert page.text.endswith("</body>")
    assert "é<style>" in page.text
    assert ".st-key-bar {" in page.text
    assert "max-width: none" in page.text
    assert "history.pushState" in page.text
    assert int(page.headers["content-length"]) == len(page.content)


def test_a_page_is_never_taken_for_unchanged_though_streamlits_file_is(client):
    page = client.get("/", headers=BROWSER | {"if-none-match": '"of the file"'})
    assert "etag" not in page.headers
    assert not {b"if-none-match", b"accept-encoding"} & ASKED[-1].keys()


def test_what_is_no_page_passes_unchanged(client):
    text = client.get("/notes.txt", headers=BROWSER)
    assert (text.text, text.headers["etag"]) == ("<head></head><body>é</body>", '"of the file"')
    script = client.get("/index.js", headers={"accept": "*/*"})
    assert "<style>" not in script.text
