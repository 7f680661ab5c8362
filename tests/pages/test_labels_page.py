"""The label review and what Browse knows of labels, run by Streamlit's own test harness."""

import pytest

from imsearch_core import Collection
from imsearch_core.datasets import scan
from imsearch_core.labels.decisions import Choice, Decision
from tests.pages.test_pages import open_page, texts

PAGE = "pages/labels.py"
WRONG = Decision("blue/1.jpg", "blue", "sky", 0.02, Choice.ACCEPT)


@pytest.fixture
def reviewed(indexed):
    Collection.open(indexed).corrections.decide_all([WRONG], "me")
    return indexed


def test_before_and_after_counts_decisions_and_changes(reviewed):
    at = open_page(PAGE, folder=str(reviewed), below="Before and after")
    assert "1 decision (1 accept), 1 label changed" in texts(at)
    assert [metric.label for metric in at.metric] == ["Labels as given", "Corrected"]


def test_a_corrected_copy_is_made_where_it_may_be(reviewed, tmp_path):
    at = open_page(PAGE, folder=str(reviewed), below="Export and import")
    assert "Make a report (HTML)" in [button.label for button in at.button]
    at.text_input(key="copy_to").set_value(str(tmp_path / "copy"))
    next(button for button in at.button if button.label == "Make the copy").click().run()
    assert not at.exception
    assert "The copy is in" in at.success[0].value
    assert {item.given_label for item in scan(tmp_path / "copy").items} == {"blue", "green", "red", "sky"}
    for place, message in (
        ("/etc/copy", "is not allowed"),
        (str(reviewed), "overlaps"),
        ("\0", "not a path"),
    ):
        at.text_input(key="copy_to").set_value(place)
        next(button for button in at.button if button.label == "Make the copy").click().run()
        assert message in texts(at)


def test_an_import_with_bad_rows_names_them_and_changes_nothing(reviewed):
    at = open_page(PAGE, folder=str(reviewed), below="Export and import")
    table = b"file,label,corrected,quality,decision\nred/1.jpg,red,,0.1,accept\nred/2.jpg,red,red,,keep\n"
    at.file_uploader[0].set_value(("corrections.csv", table, "text/csv")).run()
    assert "Line 2:" in texts(at).replace("\\", "")
    assert list(Collection.open(reviewed).corrections.decisions) == [WRONG.file]


def test_an_import_names_the_files_that_are_not_here(reviewed):
    at = open_page(PAGE, folder=str(reviewed), below="Export and import")
    table = b"file,label,corrected,quality,decision\ngone.jpg,red,red,,keep\nred/2.jpg,red,red,,keep\n"
    at.file_uploader[0].set_value(("corrections.csv", table, "text/csv")).run()
    assert [list(frame.value["file"]) for frame in at.dataframe] == [["gone.jpg"]]
    next(button for button in at.button if button.label == "Import").click().run()
    assert set(Collection.open(reviewed).corrections.decisions) == {WRONG.file, "red/2.jpg"}


def test_tags_are_imported_after_it_was_said_what_changes(reviewed):
    log = Collection.open(reviewed).corrections
    log.tag(["red/1.jpg"], "exclude", "me")
    at = open_page(PAGE, folder=str(reviewed), below="Export and import")
    table = b"file,label,given_label,tags,split\nred/1.jpg,red,red,,\nred/2.jpg,red,red,keep; mine,\n"
    at.file_uploader[0].set_value(("tags.csv", table, "text/csv")).run()
    assert "Tags of 2 pictures: 2 to add, 1 to remove" in texts(at)
    next(button for button in at.button if button.label == "Import").click().run()
    assert log.tags == {"red/2.jpg": ("keep", "mine")}


def test_the_review_shows_only_what_has_a_tag(reviewed):
    log = Collection.open(reviewed).corrections
    log.tag([WRONG.file], "mine", "me")
    log.decide_all([Decision("red/2.jpg", "red", "red", None, Choice.KEEP)], "me")
    at = open_page(PAGE, folder=str(reviewed), view="Decided", tags="mine")
    assert "1 decision. Select rows" in texts(at)


@pytest.mark.parametrize(
    "url",
    [{"at": "../../etc/passwd", "label": "<b>", "suggested": "$x$", "kind": "no kind"}, {"skipped": "true"}],
)
def test_nonsense_in_the_link_and_an_empty_queue_are_no_trouble(reviewed, url):
    at = open_page(PAGE, folder=str(reviewed), **url)
    assert not at.error


def test_a_folder_without_labels_can_be_reviewed(tmp_path, reviewed):
    flat = tmp_path / "flat"
    flat.mkdir()
    for file in (reviewed / "red").iterdir():
        (flat / file.name).write_bytes(file.read_bytes())
    for below in ("Confusions", "Before and after"):
        assert not open_page(PAGE, folder=str(flat), below=below).error


def test_browse_sorts_by_label_fit_filters_doubtful_labels_and_counts_corrections(reviewed):
    at = open_page("pages/browse.py", folder=str(reviewed))
    assert "sky 1" in at.button_group[0].options
    at.selectbox(key="sort").set_value("Label fit").run()
    assert not at.exception
    at.query_params["problems"] = "doubtful label"
    at.run()
    assert not at.exception
    assert "12 pictures. Pick one" not in texts(at)


def test_browse_shows_how_far_neighbours_agree(reviewed):
    at = open_page("pages/browse.py", folder=str(reviewed), agreement="true")
    assert "share its label" in texts(at)
