"""The story of the Search page: what it points at is there, and other folders get one of their own."""

import csv

from imsearch_core.datasets.builtin import ILLUSTRATED
from imsearch_core.ui.search.examples import WRITTEN
from tests.pages.test_pages import open_page, texts


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
