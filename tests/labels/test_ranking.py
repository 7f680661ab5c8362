"""Judging labels: mistakes first, every picture explained, the same answer from disk."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from imsearch_core import Collection
from imsearch_core.datasets import Item
from imsearch_core.index import Contents
from imsearch_core.labels import probabilities, ranking
from imsearch_core.labels.ranking import LabelIssue, judge_labels, nothing_to_judge
from imsearch_core.vectors.embeddings import Embeddings
from tests.colour_encoder import open_colours


def paint(folder, label, names, channel, seed):
    """Pictures of mosaics in which one colour prevails."""
    rng = np.random.default_rng(seed)
    (folder / label).mkdir(parents=True, exist_ok=True)
    for name in names:
        patches = rng.choice([0, 255], (4, 4, 3), p=[0.7, 0.3]).astype(np.uint8)
        patches[..., channel] = rng.choice([0, 255], (4, 4), p=[0.2, 0.8])
        Image.fromarray(patches).resize((36, 36)).save(folder / label / f"{name}.png")


def paint_colours(colours):
    """Twelve reds, greens and blues; a blue is filed under red, a red has no label."""
    for c, label in enumerate(("red", "green", "blue")):
        paint(colours, label, [f"{label}-{i}" for i in range(12)], c, c)
    paint(colours, "red", ["really-blue"], 2, 3)
    paint(colours, ".", ["loose"], 0, 4)
    return colours


@pytest.fixture
def folder(tmp_path):
    return paint_colours(tmp_path / "colours")


@pytest.fixture
def photos(folder):
    return open_colours(folder)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    """The same for tests that change nothing: judged once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMSEARCH_HOME", str(tmp_path_factory.mktemp("home")))
        yield open_colours(paint_colours(tmp_path_factory.mktemp("colours")))


def judged(photos, file):
    return next(one for one in photos.suspect_labels() if one.file == file)


def test_a_mistake_comes_first_with_the_right_suggestion_and_its_neighbours(unchanged):
    worst, *others = unchanged.suspect_labels()
    assert (worst.file, worst.label, worst.suggested) == ("red/really-blue.png", "red", "blue")
    assert worst.kind is LabelIssue.WRONG
    assert sum(neighbour.label == "blue" for neighbour in worst.neighbours) >= 6
    cosines = [neighbour.cosine for neighbour in worst.neighbours]
    assert cosines == sorted(cosines, reverse=True)
    assert len(others) == len(unchanged) - 1
    qualities = [one.quality for one in (worst, *others) if one.quality is not None]
    assert qualities == sorted(qualities)
    assert all(0 <= quality <= 1 for quality in qualities)


def test_an_unlabelled_picture_comes_last_with_a_suggestion_and_without_a_quality(unchanged):
    last = unchanged.suspect_labels()[-1]
    assert (last.file, last.label, last.suggested) == ("loose.png", None, "red")
    assert (last.quality, last.kind) == (None, LabelIssue.UNLABELLED)


def test_a_label_that_is_put_right_is_fine(photos, folder):
    wrong = judged(photos, "red/really-blue.png")
    (folder / "red/really-blue.png").rename(folder / "blue/really-blue.png")
    right = judged(open_colours(folder), "blue/really-blue.png")
    assert (right.label, right.kind) == ("blue", LabelIssue.FINE)
    assert right.quality > 10 * wrong.quality


def test_judgements_are_read_from_disk_until_pictures_change(photos, folder, monkeypatch):
    first = photos.suspect_labels()
    monkeypatch.setattr(ranking, "class_probabilities", None)  # judging anew would fail
    assert open_colours(folder).suspect_labels() == first
    paint(folder, "red", ["new"], 0, 9)
    with pytest.raises(TypeError):
        open_colours(folder).suspect_labels()


def test_a_damaged_judgement_on_disk_is_made_again(photos, folder):
    first = photos.suspect_labels()
    (stored,) = photos.cache.glob("labels-*.npz")
    stored.write_bytes(stored.read_bytes()[:-100])
    assert open_colours(folder).suspect_labels() == first


def test_only_the_latest_judgements_are_kept(photos):
    for i in range(5):
        judge_labels(replace(photos.contents, version=f"version {i}"), None)
    assert len(list(photos.cache.glob("labels-*.npz"))) == 4


def test_copies_are_duplicates_and_under_another_label_a_conflict(folder):
    for source, copy in (("red/red-0", "red/again"), ("green/green-0", "blue/elsewhere")):
        (folder / f"{copy}.png").write_bytes((folder / f"{source}.png").read_bytes())
    kinds = {one.file: one.kind for one in open_colours(folder).suspect_labels()}
    assert kinds["red/red-0.png"] is kinds["red/again.png"] is LabelIssue.DUPLICATE
    assert kinds["green/green-0.png"] is kinds["blue/elsewhere.png"] is LabelIssue.CONFLICT


def test_a_conflict_concerns_the_pictures_that_differ_and_not_all_that_look_alike(tmp_path):
    """Three pictures in a row, each near the next; the first has another label than the other two."""
    angles = np.radians([0, 20, 40, *range(150, 210)])
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    labels = ["cat", "dog", "dog", *["bird"] * 60]
    items = [Item(f"{i:02}.jpg", label, (label,), 1, 1) for i, label in enumerate(labels)]
    contents = Contents(Embeddings(rows, np.arange(len(rows))), items, {}, tmp_path, "1")
    kinds = {one.file: one.kind for one in judge_labels(contents, None)}
    assert kinds["00.jpg"] is kinds["01.jpg"] is LabelIssue.CONFLICT
    assert kinds["02.jpg"] is not LabelIssue.CONFLICT


def test_a_copy_in_another_split_is_a_leak(folder):
    (folder / "red/again.png").write_bytes((folder / "red/red-0.png").read_bytes())
    photos = open_colours(folder)
    items = [
        replace(item, split="test" if item.file == "red/again.png" else "train") for item in photos.items
    ]
    contents = replace(photos.contents, items=items)
    for _ in ("judged", "read from disk"):
        kinds = {one.file: one.kind for one in judge_labels(contents, photos.head)}
        assert kinds["red/red-0.png"] is kinds["red/again.png"] is LabelIssue.LEAK
        assert LabelIssue.LEAK not in {one.kind for one in photos.suspect_labels()}


@pytest.mark.parametrize("others", [True, False])
def test_a_placeholder_in_every_class_fits_all_equally_whatever_they_are_called(tmp_path, others):
    qualities = {}
    for names in (("red", "green", "blue"), ("c", "b", "a")):
        folder = tmp_path / names[0]
        for c, name in enumerate(names):
            if others:
                paint(folder, name, range(12), c, c)
            (folder / name).mkdir(parents=True, exist_ok=True)
            for i in range(10):
                Image.new("RGB", (36, 36), "gray").save(folder / name / f"placeholder-{i}.png")
        found = [one for one in open_colours(folder).suspect_labels() if "placeholder" in one.file]
        assert {one.kind for one in found} == {LabelIssue.CONFLICT}
        for one in found:
            qualities.setdefault(names.index(one.label), set()).add(round(one.quality, 4))
    assert all(len(of_class) == 1 for of_class in qualities.values())
    if not others:
        assert qualities == {c: {0.3334} for c in range(3)}


def test_copies_of_a_mistake_do_not_confirm_each_other(folder):
    for i in range(20):
        (folder / f"red/copy-{i}.png").write_bytes((folder / "red/really-blue.png").read_bytes())
    found = [one for one in open_colours(folder).suspect_labels() if one.quality is not None]
    worst = found[:21]
    assert {one.suggested for one in worst} == {"blue"}
    assert {one.file for one in worst} == {"red/really-blue.png", *(f"red/copy-{i}.png" for i in range(20))}


def test_noise_is_an_outlier_and_an_ordinary_bird_is_not(voc20, tmp_path):
    for label in ("bird", "car", "cat", "dog"):
        (tmp_path / label).mkdir()
        for photo in sorted((voc20 / label).glob("*.jpg"))[:15]:
            shutil.copy(photo, tmp_path / label)
    for seed in range(2):
        noise = np.random.default_rng(seed).integers(0, 256, (300, 400, 3), dtype=np.uint8)
        Image.fromarray(noise).save(tmp_path / "bird" / f"noise-{seed}.png")
    found = Collection.open(tmp_path).suspect_labels()
    outliers = {one.file for one in found if one.kind is LabelIssue.OUTLIER}
    assert outliers == {"bird/noise-0.png", "bird/noise-1.png"}


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ([None, None], "no labels to judge yet"),
        (["cat", None], "one class: nothing to judge"),
        (["cat", "dog", None], None),
    ],
)
def test_too_few_classes_are_said_to_leave_nothing_to_judge(labels, reason):
    assert nothing_to_judge(labels) == reason


@pytest.mark.parametrize("members", [1, 2, 3])
def test_tiny_classes_are_judged(folder, members):
    paint(folder, "rare", [str(i) for i in range(members)], 1, 5)
    tiny = [one for one in open_colours(folder).suspect_labels() if one.label == "rare"]
    assert len(tiny) == members
    assert all(one.suggested and 0 <= one.quality <= 1 for one in tiny)


@pytest.mark.parametrize("classes", [[], ["red"], ["red", "blue"]])
def test_no_class_one_class_and_two_classes_are_judged(tmp_path, classes):
    paint(tmp_path, ".", ["loose"], 0, 0)
    for c, label in enumerate(classes):
        paint(tmp_path, label, range(5), c, c)
    found = open_colours(tmp_path).suspect_labels()
    assert len(found) == 1 + 5 * len(classes)
    assert {one.suggested for one in found} <= ({None} if len(classes) < 2 else set(classes))


def test_a_single_picture_is_judged(tmp_path):
    paint(tmp_path, "red", ["only"], 0, 0)
    (only,) = open_colours(tmp_path).suspect_labels()
    assert (only.label, only.suggested, only.neighbours) == ("red", None, ())


def test_every_kind_explains_itself_in_one_sentence():
    assert all(kind.explanation.endswith(".") for kind in LabelIssue)


def test_many_pictures_are_judged_by_a_part_of_the_others_and_the_mistake_is_still_found(folder, monkeypatch):
    for c, label in enumerate(("red", "green", "blue")):
        paint(folder, label, [f"more-{i}" for i in range(12)], c, 10 + c)
    monkeypatch.setattr(probabilities, "EXACT_UP_TO", 60)  # of 74
    monkeypatch.setattr(probabilities, "_LESSON", 30)
    photos = open_colours(folder)
    worst, *others = photos.suspect_labels()
    assert (worst.file, worst.suggested) == ("red/really-blue.png", "blue")
    assert sum(one.kind is LabelIssue.WRONG for one in others) <= 2
