"""A correction is shown at once to everyone who has the folder open, and the original is kept."""

import json

import pytest

from imsearch_core import Collection
from imsearch_core.cli.main import main
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.ui.components.gallery import cell_of, cells
from tests.colour_encoder import open_colours
from tests.conftest import draw
from tests.faults.planted import plant

WRONG = Decision("blue/1.jpg", "blue", "sky", 0.02, Choice.ACCEPT)


@pytest.fixture
def photos(pictures):
    return open_colours(pictures)


def test_an_open_collection_shows_a_correction_at_once_and_the_original_after_undo(photos):
    assert photos.label_counts == {"blue": 4, "green": 4, "red": 4}
    Corrections.of(photos.folder).decide_all([WRONG], "another process")
    assert photos.label_counts == {"blue": 3, "green": 4, "red": 4, "sky": 1}
    assert photos.shown_labels["blue/1.jpg"] == "sky"
    assert photos.item("blue/1.jpg").given_label == "blue"
    Corrections.of(photos.folder).undo("another process")
    assert photos.label_counts == {"blue": 4, "green": 4, "red": 4}


def test_results_and_cells_show_the_correction_and_the_original(photos, monkeypatch):
    monkeypatch.setattr(
        "imsearch_core.ui.components.gallery.media_url", lambda webp: ""
    )  # needs a running server
    photos.corrections.decide_all([WRONG], "me")
    found = {result.file: result for result in photos.search("blue/0.jpg", k=11).results}
    assert (found["blue/1.jpg"].label, found["blue/1.jpg"].given_label) == ("sky", "blue")
    assert (found["blue/2.jpg"].label, found["blue/2.jpg"].given_label) == ("blue", "blue")
    corrected, untouched = cells(photos, ["blue/1.jpg", "blue/2.jpg"])
    assert (corrected.label, corrected.was) == ("sky", "blue")
    assert (untouched.label, untouched.was) == ("blue", "")


def test_a_missing_label_is_said_only_where_other_pictures_have_one(tmp_path):
    for i in range(3):
        draw(i).save(tmp_path / f"{i}.jpg")
    photos = open_colours(tmp_path)

    def shown() -> list[str]:
        return [cell_of(photos, photos.item(file), "", 1.0).label for file in ("0.jpg", "1.jpg")]

    assert shown() == ["", ""]
    photos.corrections.decide_all([Decision("1.jpg", None, "sky", None, Choice.RELABEL)], "me")
    assert shown() == ["no label", "sky"]


def test_a_decision_about_a_file_that_is_gone_does_no_harm(photos):
    photos.corrections.decide_all([Decision("gone.jpg", "a", "b", 0.5, Choice.ACCEPT)], "me")
    assert photos.label_counts == {"blue": 4, "green": 4, "red": 4}


def test_the_command_line_shows_both_labels(pictures, capsys):
    Collection.open(plant(pictures)).corrections.decide_all([WRONG], "me")
    main(["search", str(pictures), "--query", "blue/1.jpg"])
    assert "blue/1.jpg [sky, was blue]" in capsys.readouterr().out
    main(["search", str(pictures), "--query", "blue/0.jpg", "-k", "11"])
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "blue/1.jpg" in line)
    assert line.endswith("blue/1.jpg  sky, was blue")
    main(["search", str(pictures), "--query", "blue/1.jpg", "--json"])
    assert json.loads(capsys.readouterr().out)["query"] == {
        "file": "blue/1.jpg",
        "label": "sky",
        "given_label": "blue",
    }
