"""What is written to the home is its owner's alone."""

import os
import sys

import pytest

from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.pictures.thumbnails import thumbnail_of
from tests.colour_encoder import open_colours


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_folders_and_files_of_the_home_are_readable_by_their_owner_alone(pictures, home, monkeypatch):
    monkeypatch.setattr("imsearch_core.vectors.quantised.QUANTISE_ABOVE", 0)
    before = os.umask(0o022)
    try:
        photos = open_colours(pictures)
        photos.corrections.decide_all([Decision("red/0.jpg", "red", "blue", None, Choice.RELABEL)], "me")
        photos.search("red/0.jpg", engine="annoy")
        photos.neighbour_map._save(photos.pca)
        thumbnail_of(photos.folder, "red/0.jpg", (0, 0, 0), 64)
    finally:
        os.umask(before)
    modes = {path.relative_to(home).as_posix(): path.stat().st_mode & 0o777 for path in home.rglob("*")}
    assert len(modes) > 8
    assert {name: oct(mode) for name, mode in modes.items() if mode not in (0o600, 0o700)} == {}
