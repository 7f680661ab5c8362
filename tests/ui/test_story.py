"""The story of the Search page: what it points at is there, and other folders get one of their own."""

import csv

import pytest

from imsearch_core import Collection, ImsearchError
from imsearch_core.datasets.builtin import ILLUSTRATED, PASCAL
from imsearch_core.search.query import Region
from imsearch_core.ui.search import story
from imsearch_core.ui.search.examples import WRITTEN, Examples
from imsearch_core.ui.shell import frame
from tests.conftest import draw, draw_folder
from tests.faults.planted import plant
from tests.pages.test_pages import open_page, texts


@pytest.fixture
def pascal(home):
    """A few drawings in the place of the Pascal photos, which have a story of their own."""
    folder = draw_folder(home / "datasets" / PASCAL.name)
    (folder / PASCAL.opening_query).parent.mkdir()
    (folder / "red" / "0.jpg").rename(folder / PASCAL.opening_query)
    (folder / "labels.csv").write_text("file,label,all_labels\n", "utf-8")
    return plant(folder)


def button(at, label):
    return next(button for button in at.button if button.label == label)


def test_the_story_of_the_illustrated_set_points_at_the_bottle_of_its_picture():
    examples = WRITTEN[ILLUSTRATED]
    region, label = examples.region
    with (ILLUSTRATED.folder / "truth.csv").open(encoding="utf-8") as file:
        (found,) = (
            row for row in csv.DictReader(file) if (row["file"], row["class"]) == (examples.opening, label)
        )
    width, height = 400, 300
    assert region.x0 * width <= int(found["x0"]) < int(found["x1"]) <= region.x1 * width
    assert region.y0 * height <= int(found["y0"]) < int(found["y1"]) <= region.y1 * height


def test_a_labelled_folder_without_a_good_example_says_so(pictures, monkeypatch, tmp_path):
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(tmp_path))
    at = open_page(folder=str(pictures))
    next(button for button in at.button if button.label == "Show me around").click().run()
    assert not at.exception
    assert "No picture of this folder shows well what a search can do" in texts(at)


@pytest.mark.parametrize("asked", [{"name": "red"}, {"like": "red/1.jpg"}, {"unlike": "red/1.jpg"}])
def test_the_story_is_told_only_of_what_it_asks_for_and_goes_back_to_that(pascal, asked):
    at = open_page(folder=PASCAL.name, **asked)
    assert "Search by picture" not in texts(at)
    button(at, "Back to the story").click().run()
    assert "**Search by picture.**" in texts(at)
    assert not {*asked} & {*at.query_params}


def test_no_story_is_told_or_offered_before_all_pictures_are_embedded(
    pascal, pictures, monkeypatch, tmp_path
):
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(tmp_path))
    for folder, name in ((pascal, PASCAL.name), (plant(pictures), str(pictures))):
        draw(99).save(folder / "red" / "9.jpg")
        part = Collection.open(folder, embed=False)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(frame, "open_collection", lambda *which, partly, part=part: part)
            at = open_page(folder=name)
        assert "9 most similar" in texts(at)
        assert "Search by picture" not in texts(at)
        assert "Show me around" not in [button.label for button in at.button]
        promised = "You will be shown around as soon as all pictures are embedded." in texts(at)
        assert promised == (folder == pascal)


def test_a_step_whose_search_fails_counts_nothing(pascal, monkeypatch):
    def fail(*given, **more):
        raise ImsearchError("the index is gone")

    monkeypatch.setattr(Collection, "search", fail)
    at = open_page(folder=PASCAL.name)
    assert "**Search by picture.**" in texts(at)
    assert "of 9 show" not in texts(at)


def test_show_me_around_begins_with_the_example_that_is_found_and_ends_with_a_way_to_review(
    pictures, monkeypatch, tmp_path
):
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(tmp_path))
    monkeypatch.setattr(story, "find_examples", lambda photos, progress: Examples("red/1.jpg", "red"))
    at = open_page(folder=str(pictures), text="cat")
    button(at, "Show me around").click().run()
    assert at.query_params["q"] == "red/1.jpg"
    assert at.text_input(key="text").value == ""
    assert "**Search by picture.**" in texts(at)
    button(at, "Next").click().run()
    assert "2 of 2" in texts(at)
    button(at, "Open Review").click().run()
    assert not at.exception
    assert "How many pictures look like another class" in texts(at) or "No picture looks like" in texts(at)


def test_the_encoder_is_made_ready_a_step_before_it_is_needed(pictures, monkeypatch, tmp_path):
    prepared = []
    examples = Examples("red/1.jpg", "red", (1, "blue"), (Region(0.1, 0.1, 0.9, 0.9), "red"))
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(tmp_path))
    monkeypatch.setattr(story, "find_examples", lambda photos, progress: examples)
    monkeypatch.setattr(story, "prepare_encoder", prepared.append)
    at = open_page(folder=str(pictures))
    button(at, "Show me around").click().run()
    assert not prepared
    button(at, "Next").click().run()
    assert "2 of 4" in texts(at)
    assert prepared
