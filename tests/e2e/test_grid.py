"""The grid of the review alone, without a server."""

import pytest

from imsearch_core.ui.components.files import SHARED, text_of

_DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
_GRID = """(answers) => {
  const place = document.body.appendChild(document.createElement("div"));
  place.attachShadow({ mode: "open" }).innerHTML = '<div class="review"></div>';
  window.asked = [];
  const setStateValue = (_, work) => { window.turn = work.turn; window.asked.push(work.wanted); };
  window.show = (images) => {
    const sent = (one) => (images.includes(one.file) ? { ...one, image: answers.dot } : one);
    const data = { ...answers, cases: answers.cases.map(sent), turn: window.turn ?? 0 };
    window.grid({ data, parentElement: place.shadowRoot, setStateValue });
  };
  window.show([]);
}"""


@pytest.fixture
def grid(own_page):
    """A page with a grid of three pictures of one group, none of which the server has sent."""
    script = text_of(*(SHARED / name for name in ("grid/grid.js", "outbox.js", "picker.js", "nodes.js")))
    script = script.replace("export default function", "window.grid = function")
    own_page.add_script_tag(type="module", content=script)
    cases = [{"file": f"{i}.jpg", "label": "cat", "group": 0} for i in range(3)]
    group = {"title": "cat", "suggested": "dog", "note": "", "sure": False, "excludes": False}
    answer = {"log": "log", "turn": 0, "acknowledged": [], "problem": "", "classes": ["cat"], "sure": 0}
    answer |= {"cases": cases, "groups": [group], "counts": {"left": 3, "decided": 0}, "dot": _DOT}
    own_page.wait_for_function("!!window.grid")
    own_page.evaluate(_GRID, answer)
    return own_page


def test_pictures_that_a_busy_server_has_not_sent_are_asked_for_until_they_come(grid):
    grid.wait_for_function("window.asked.at(-1)?.length === 3")
    grid.evaluate("show(['0.jpg'])")
    grid.wait_for_function("window.asked.at(-1).join() === '1.jpg,2.jpg'")
    grid.evaluate("show(['0.jpg', '1.jpg', '2.jpg'])")
    times = grid.evaluate("window.asked.length")
    grid.wait_for_timeout(400)
    assert grid.evaluate("window.asked.length") == times
