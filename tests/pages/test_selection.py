"""What can be done with selected pictures, run by Streamlit's own test harness."""

import shutil
from math import floor

from imsearch_core import Collection
from tests.pages.test_pages import open_page, texts

BROWSE = "pages/browse.py"
CHOSEN = ["blue/1.jpg", "red/2.jpg"]


def folder_of(at):
    """The folder in the link: text until the page runs, then a list."""
    folder = at.query_params["folder"]
    return folder if isinstance(folder, str) else folder[0]


def select(at, files):
    at.session_state["selected_in"] = {folder_of(at): files}


def selected(at):
    return at.session_state["selected_in"][folder_of(at)]


def box(at, label):
    """The box for a number with this label."""
    return next(box for box in at.number_input if box.label == label)


def press(at, label):
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception


def test_labels_are_kept_and_tags_given_to_all_that_are_selected_and_the_last_step_is_undone(indexed):
    log = Collection.open(indexed).corrections
    at = open_page(BROWSE, folder=str(indexed))
    assert "Keep" not in [button.label for button in at.button]
    select(at, CHOSEN)
    at.run()
    press(at, "Keep")
    assert {file: decision.corrected for file, decision in log.decisions.items()} == {
        "blue/1.jpg": "blue",
        "red/2.jpg": "red",
    }
    at.selectbox(key="tag_for_selected").set_value("exclude").run()
    press(at, "Add")
    assert log.tags == dict.fromkeys(CHOSEN, ("exclude",))
    press(at, "Undo")
    assert log.tags == {}
    assert set(log.decisions) == set(CHOSEN)


def test_browse_shows_only_what_has_a_tag(indexed):
    Collection.open(indexed).corrections.tag(CHOSEN, "exclude", "me")
    assert "2 pictures. Pick one" in texts(open_page(BROWSE, folder=str(indexed), tags="exclude"))


def test_every_picture_above_a_cosine_is_selected_however_few_are_shown(indexed):
    photos = Collection.open(indexed)
    found = photos.search("red/1.jpg", 11).results
    least = round(found[4].cosine - 0.01, 2)
    at = open_page("app.py", folder=str(indexed), q="red/1.jpg", k="1")
    assert box(at, "Cosine at least").value == floor(100 * found[0].cosine) / 100  # as those that are shown
    box(at, "Cosine at least").set_value(least).run()
    press(at, "Select all of these")
    expected = [result.file for result in found if result.cosine >= least]
    assert len(expected) >= 5
    assert selected(at) == expected
    box(at, "Cosine at least").set_value(1.0).run()
    press(at, "Select all of these")
    assert selected(at) == []
    assert "No picture has a cosine of 1.00 or more" in texts(at)


def test_with_a_text_those_that_are_like_the_text_are_selected_and_likeness_is_not_explained(indexed):
    at = open_page("app.py", folder=str(indexed), q="red/1.jpg", text="red", k="3")
    found = Collection.open(indexed).search_text("red", 12).results
    least = box(at, "Cosine at least").value
    press(at, "Select all of these")
    assert selected(at) == [result.file for result in found if result.cosine >= least]
    assert len(selected(at)) >= 3
    panels = [panel.proto.popover.label for panel in at.get("popover")]
    assert "Select" in panels
    assert "Why are two pictures alike?" not in panels


def test_pictures_of_the_same_names_in_another_folder_are_not_selected(indexed, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(indexed, other)
    Collection.open(other)
    at = open_page(BROWSE, folder=str(indexed))
    select(at, CHOSEN)
    at.session_state["only_selected"] = True
    assert "2 pictures. Pick one" in texts(at.run())
    at.query_params["folder"] = str(other)
    assert "12 pictures. Pick one" in texts(at.run())
    at.query_params["folder"] = str(indexed)
    assert "2 pictures. Pick one" in texts(at.run())
