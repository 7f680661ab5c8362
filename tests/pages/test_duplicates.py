"""Duplicates as a view of the review: what is listed, and that their former address leads there."""

import shutil

import pytest
from PIL import Image

from imsearch_core import Collection
from imsearch_core.labels.not_duplicates import NotDuplicates
from tests.conftest import draw
from tests.pages.test_pages import open_page, texts

PAGE = "pages/labels.py"


@pytest.fixture
def copied(pictures):
    """A folder in which a picture occurs three times, once larger than the others."""
    shutil.copy(pictures / "red" / "1.jpg", pictures / "blue" / "copy.jpg")
    with Image.open(pictures / "red" / "1.jpg") as image:
        image.resize((192, 144), Image.Resampling.BICUBIC).save(pictures / "red" / "large.jpg")
    Collection.open(pictures)
    return pictures


def tiers(folder, **url):
    """The tiers to choose from, with how many groups each has."""
    at = open_page(PAGE, folder=str(folder), view="Duplicates", **url)
    return at.session_state["tier"], next(
        group.options for group in at.button_group if "Same pixels" in str(group.options)
    )


def test_groups_are_counted_by_tier_and_those_that_are_no_duplicates_do_not_come_back(copied):
    chosen, options = tiers(copied, tier="same pixels")
    assert (chosen, options[0]) == ("same pixels", "Same pixels 1")
    NotDuplicates.of(copied).declare(["red/1.jpg", "blue/copy.jpg"])
    (copied / "red" / "1.jpg").rename(copied / "red" / "renamed.jpg")
    assert tiers(copied)[1][0] == "Same pixels 0"


def test_a_table_of_duplicates_is_offered_only_if_there_are_any(copied, tmp_path):
    def offered(folder):
        at = open_page(PAGE, folder=str(folder), view="Duplicates")
        return [button.proto.label for button in at.get("download_button")]

    assert offered(copied) == ["duplicates.csv"]
    (tmp_path / "single").mkdir()
    draw(1).save(tmp_path / "single" / "one.png")
    assert offered(tmp_path / "single") == []


def test_the_former_page_of_duplicates_leads_to_the_view(copied):
    at = open_page("pages/duplicates.py", folder=str(copied), tier="same pixels")
    assert at.query_params["view"] == "Duplicates"
    assert "The files decode to the same pixels" in texts(at)
