"""The report: what it says of a folder, that it is one file, and that names in it do no harm."""

import os
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from imsearch_core.cli.main import main
from imsearch_core.datasets import scan
from imsearch_core.encoders.imagenet import find_class
from imsearch_core.errors import UsageError
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.labels.duplicates import DuplicateGroup, Repeat, Tier
from imsearch_core.report import make_report
from imsearch_core.report.demonstration import demonstrate
from imsearch_core.report.findings import copies_of, doubts_of, evidence
from imsearch_core.report.overview import overview_of
from imsearch_core.report.points import Point, name_groups
from tests.colour_encoder import open_colours
from tests.conftest import copy_illustrated, draw, draw_folder
from tests.faults.planted import plant

MARKUP = "<img src=x onerror=alert(1)>"


class Seen(HTMLParser):
    """The elements of a page, the text in it, and where it would load something from."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.pieces: list[str] = []
        self.feed(html)
        self.text = " ".join(" ".join(self.pieces).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if self.tags and self.tags[-1] not in ("script", "style"):
            self.pieces.append(data)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A collection with something of everything, and the report about it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMSEARCH_HOME", str(tmp_path_factory.mktemp("home")))
        folder = tmp_path_factory.mktemp("somewhere") / "my pictures"
        draw_folder(folder / "train")
        draw(40).save(folder / "train" / "red" / f"{MARKUP}.jpg")
        (folder / "train" / MARKUP).mkdir()
        for seed in range(50, 53):
            draw(seed).save(folder / "train" / MARKUP / f"{seed}.png")
        (folder / "test" / "blue").mkdir(parents=True)
        draw(0).save(folder / "test" / "blue" / "copy.jpg")  # a leak from train/blue/0.jpg
        (folder / "train" / "green" / "copy.jpg").write_bytes((folder / "train/red/1.jpg").read_bytes())
        (folder / "train" / "red" / "broken.jpg").write_bytes(b"x")
        draw(60).save(os.fsencode(folder) + b"/train/red/\xff.jpg")
        photos = open_colours(folder)
        for file, label, choice in (
            ("train/red/2.jpg", "blue", Choice.RELABEL),
            ("train/red/\udcff.jpg", "red", Choice.KEEP),
        ):
            photos.corrections.decide_all([Decision(file, "red", label, 0.5, choice)], "someone")
        yield photos, make_report(photos).decode("utf-8")


@pytest.fixture
def few(tmp_path):
    """Four pictures in two classes: too few for a map of neighbours, which takes seconds."""
    for seed, label in enumerate(("blue", "blue", "red", "red")):
        (tmp_path / "few" / label).mkdir(parents=True, exist_ok=True)
        draw(seed).save(tmp_path / "few" / label / f"{seed}.jpg")
    return tmp_path / "few"


@pytest.fixture(scope="module")
def seen(made):
    return Seen(made[1])


def test_it_says_what_the_set_is(made, seen):
    assert f"{len(made[0])} pictures in 4 classes." in seen.text
    assert "JPEG 16, PNG 3" in seen.text
    assert "96 × 72 to 96 × 72" in seen.text
    assert "Class train test Pictures" in seen.text
    assert "blue 5 1 6" in seen.text
    assert "not a picture in a known format: train/red/broken.jpg" in seen.text


def test_it_shows_leaks_and_decisions(seen):
    assert "Leaks between splits 1 group" in seen.text
    assert "blue test test/blue/copy.jpg" in seen.text
    assert "2 made by people: 1 given another label, 1 label kept." in seen.text
    assert "blue was red train/red/2.jpg" in seen.text


def test_it_loads_nothing_and_runs_only_its_own_script(made, seen):
    page = made[1]
    sources = [value for name, value in seen.attributes if name in ("src", "href", "srcset", "poster")]
    assert len(sources) > 40
    assert all(value.startswith(("data:image/webp;base64,", "#")) for value in sources if value)
    assert "link" not in seen.tags
    assert "@import" not in page
    assert "url(" not in page
    assert seen.tags.count("script") == 2  # the data of the map, and what shows it
    assert re.search(r"default-src 'none'; img-src data:; .*; script-src 'sha256-[\w+/]{43}='", page)


def test_markup_in_names_is_text(made, seen):
    assert f"{MARKUP}.jpg" in seen.text
    assert MARKUP not in made[1]
    assert not any(name.startswith("on") for name, _ in seen.attributes)


def test_names_that_are_not_valid_text_are_escaped(seen):
    assert r"\udcff.jpg" in seen.text


def test_no_folder_of_the_machine_is_named_unless_asked(made):
    photos, page = made
    assert str(photos.folder.parent) not in page
    assert "imsearch report &#39;my pictures&#39; -o report.html --encoder colours" in page
    assert str(photos.folder) in make_report(photos, show_paths=True).decode()


def test_a_reason_or_note_that_names_a_folder_is_cut_short(few):
    photos = open_colours(few)
    notes = (f"read {few}/labels.csv", "see /srv/private/deep/file.txt for more")
    photos.report = replace(photos.report, notes=notes)
    page = make_report(photos).decode()
    assert "read few/labels.csv" in page
    assert "see …/file.txt for more" in page
    assert "/srv" not in page


def test_progress_goes_from_0_to_100_percent_and_never_back(few):
    steps = []
    make_report(open_colours(few), progress=lambda done, total: steps.append((done, total)))
    assert steps[0] == (0, 100)
    assert steps[-1] == (100, 100)
    assert steps == sorted(steps)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_folder_of_few_unlabelled_pictures_has_a_report(tmp_path, count):
    for i in range(count):
        draw(i).save(tmp_path / f"{i}.jpg")
    page = Seen(make_report(open_colours(tmp_path)).decode())
    assert f"{count} picture" in page.text
    assert "no two pictures share one" in page.text
    assert ("map-box" in dict(page.attributes).values()) <= (count > 1)


def test_the_search_is_the_one_asked_for(few):
    photos = open_colours(few)
    shown = demonstrate(photos, "red/3.jpg", "Siamese cat")
    assert (shown.plain.query.file, shown.focused.focus.name) == ("red/3.jpg", "Siamese cat")
    assert shown.focused.strength == 0.5
    assert "Like this, but Siamese cat" in Seen(make_report(photos, focus="Siamese cat").decode()).text
    with pytest.raises(UsageError):
        make_report(photos, query="red/9.jpg")


def test_the_search_that_is_picked_shows_more_of_the_class_once_it_is_focused(tmp_path):
    photos = open_colours(copy_illustrated(tmp_path, 8))
    picked = demonstrate(photos)
    query = photos.item(picked.plain.query.file)
    label = re.fullmatch(r"show (\w+), by their labels", picked.shows)[1]
    assert label in query.all_labels
    assert label != query.given_label
    for found, count in ((picked.plain, picked.before), (picked.focused, picked.after)):
        assert sum(label in photos.item(result.file).all_labels for result in found) == count
    others = [
        demonstrate(photos, item.file, picked.focused.focus.index).gain
        for item in photos.items
        if label in item.all_labels and item.given_label != label
    ]
    assert picked.gain >= max(others)


def test_a_class_that_no_label_names_is_judged_by_what_the_encoder_sees(pictures):
    photos = open_colours(pictures)
    shown = demonstrate(photos, "red/1.jpg", 284)
    seen = [284 in {one.index for one in photos.classify(result.file, 5)} for result in shown.focused]
    assert shown.after == sum(seen)
    assert find_class(284).name in shown.shows


def test_what_somebody_has_decided_is_no_longer_to_do(made):
    photos, _ = made
    judged = photos.suspect_labels()
    doubts = doubts_of(judged, {})
    first = doubts[0].to_do[0]
    decided = {first.file: Decision(first.file, first.label, first.label, first.quality, Choice.KEEP)}
    after = doubts_of(judged, decided)[0]
    assert (len(after.to_do), after.decided) == (len(doubts[0].to_do) - 1, 1)
    assert first not in after.to_do


def test_evidence_counts_the_neighbours_that_have_the_suggested_label(made):
    judged = next(one for one in made[0].suspect_labels() if one.suggested and one.neighbours)
    says = evidence(judged)
    count, total, label = re.fullmatch(r"(\d+) of (\d+) nearest say (.+)", says).groups()
    assert int(total) == len(judged.neighbours)
    assert int(count) == sum(near.label == label for near in judged.neighbours)


def test_copies_are_told_apart_by_the_harm_they_do():
    def group(name: str, kind: Repeat) -> DuplicateGroup:
        return DuplicateGroup(Tier.PICTURE, (f"{name}/0.jpg", f"{name}/1.jpg"), f"{name}/0.jpg", 0.99, kind)

    leak, conflict, copy = (group(kind, kind) for kind in (Repeat.LEAK, Repeat.CONFLICT, Repeat.COPY))
    assert {kind.title: kind.groups for kind in copies_of([copy, conflict, leak])} == {
        "Copies with different labels": (conflict,),
        "Leaks between splits": (leak,),
        "Other copies": (copy,),
    }


def test_the_overview_counts_classes_by_the_labels_as_corrected(made):
    photos, _ = made
    overview = overview_of(photos)
    assert overview.splits == ("train", "test")
    counts = {row.name: row.in_splits for row in overview.classes}
    assert counts["blue"] == (5, 1)  # with train/red/2.jpg
    assert sum(row.total for row in overview.classes) == len(scan(photos.folder).items) - 1


def test_the_command_writes_the_file_and_says_how_large_it_is(few, tmp_path, capsys):
    output = tmp_path / "out.html"
    assert main(["report", str(plant(few)), "-o", str(output), "--exclude", "blue"]) == 0
    assert re.search(rf"{output}: 2 images, \d+\.\d MB, in", capsys.readouterr().out)
    page = Seen(output.read_text("utf-8"))
    assert page.text.startswith("few: report")
    assert "--encoder efficientnet-lite0 --exclude blue" in page.text


def test_the_command_refuses_a_folder_as_its_output_before_it_works(pictures, tmp_path, capsys):
    assert main(["report", str(pictures), "-o", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err


def test_names_on_the_map_are_not_written_over_each_other():
    points = (*(Point("a", 500, 500, 0) for _ in range(2)), *(Point("b", 505, 505, 1) for _ in range(3)))
    groups = name_groups(["cat", "dog", "gone"], (*points, Point("c", 3, 900, 3)))
    assert [(group.name, group.count, group.named) for group in groups] == [
        ("cat", 2, False),
        ("dog", 3, True),
        ("gone", 0, False),
        ("no label", 1, False),
    ]
    assert name_groups(["aeroplane"], (Point("a", 3, 900, 0),))[0].x >= 50  # not cut off at the edge
