"""The page of duplicates: groups by tier, which copy to keep, and what is remembered."""

import shutil

import pytest
from PIL import Image

from imsearch_core import Collection
from tests.pages.test_pages import open_page, texts

PAGE = "pages/duplicates.py"


@pytest.fixture
def copied(pictures):
    """A folder in which a picture occurs three times, once larger than the others."""
    shutil.copy(pictures / "red" / "1.jpg", pictures / "blue" / "copy.jpg")
    with Image.open(pictures / "red" / "1.jpg") as image:
        image.resize((192, 144), Image.Resampling.BICUBIC).save(pictures / "red" / "large.jpg")
    Collection.open(pictures)
    return pictures


def press(at, label):
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception


def tags(folder):
    return dict(Collection.open(folder).corrections.tags)


def test_all_but_the_copy_to_keep_are_tagged_exclude_and_undo_takes_it_back(copied):
    at = open_page(PAGE, folder=str(copied), tier="same pixels")
    assert "1 to do" in texts(at)
    assert "conflict" in texts(at)
    press(at, "Exclude 1, keep the marked one")
    assert tags(copied) == {"red/1.jpg": ("exclude",)}
    assert "0 to do" in texts(at)
    press(at, "Undo")
    assert tags(copied) == {}
    assert (copied / "red" / "1.jpg").exists()


def test_a_group_declared_to_be_none_does_not_come_back_in_another_session(copied):
    press(open_page(PAGE, folder=str(copied), tier="same pixels"), "Not duplicates")
    (copied / "red" / "1.jpg").rename(copied / "red" / "renamed.jpg")
    at = open_page(PAGE, folder=str(copied), tier="same pixels")
    assert "0 to do" in texts(at)
    assert tags(copied) == {}
