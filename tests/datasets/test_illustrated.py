"""The drawn picture set: its plan, its files, and that what it says about itself is true."""

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from random import Random

import numpy as np
import pytest
from PIL import Image

from imsearch_core.datasets.folder import scan
from imsearch_core.datasets.illustrated import OPENING_QUERY, draw_dataset, is_drawn
from imsearch_core.datasets.illustrated.make import MARK_FILE, TRUTH_FILE
from imsearch_core.datasets.illustrated.plan import (
    ALONE,
    BACKGROUND,
    COMPANY,
    GUESTS,
    LOOK_ALIKES,
    WRONG,
    Recipe,
    homes,
    mates,
    plan,
)
from imsearch_core.datasets.illustrated.registry import CLASSES, kinds
from imsearch_core.datasets.illustrated.scene import compose, realise
from imsearch_core.datasets.illustrated.toolkit.brush import Brush
from imsearch_core.errors import UsageError
from imsearch_core.files import PROJECT, file_hash


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hashes(folder):
    return {str(file.relative_to(folder)): file_hash(file) for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """One picture of every class."""
    folder = tmp_path_factory.mktemp("drawn") / "set"
    calls = []
    made = draw_dataset(
        folder, per_class=1, seed=3, workers=2, progress=lambda done, total: calls.append((done, total))
    )
    return made, calls


def test_the_files_lie_by_class_with_their_labels(drawn):
    made, calls = drawn
    files = sorted(str(file.relative_to(made.folder)) for file in made.folder.rglob("*.jpg"))
    assert files == [f"{name}/0001.jpg" for name in sorted(kinds())]
    assert made.images == made.classes == len(kinds())
    assert made.seconds > 0
    assert calls == [(done, made.images) for done in range(made.images + 1)]
    for file in files:
        with Image.open(made.folder / file) as image:
            assert image.format == "JPEG"
            assert min(image.size) >= 260
            assert max(image.size) in (380, 400)
    assert not list(made.folder.parent.glob(".*"))


def test_the_folder_is_read_as_any_other(drawn):
    made, _ = drawn
    dataset = scan(made.folder)
    assert [item.label for item in dataset.items] == sorted(kinds())
    assert all(item.labels for item in dataset.items)


def test_labels_agree_with_the_truth(drawn):
    made, _ = drawn
    present = defaultdict(dict)
    for row in rows(made.folder / TRUTH_FILE):
        area = float(row["area"])
        assert 0 < area <= 1
        present[row["file"]][row["class"]] = max(area, present[row["file"]].get(row["class"], 0))
        assert row["label"] == row["file"].split("/")[0]
        assert row["wrong"] in ("0", "1")
        with Image.open(made.folder / row["file"]) as image:
            assert 0 <= int(row["x0"]) < int(row["x1"]) <= image.width
            assert 0 <= int(row["y0"]) < int(row["y1"]) <= image.height
    for row in rows(made.folder / "labels.csv"):
        areas = present[row["file"]]
        assert row["all_labels"].split() == sorted(areas, key=lambda name: -areas[name])
        assert row["label"] == row["file"].split("/")[0]


def test_pictures_show_what_was_planned(drawn):
    made, _ = drawn
    labels = {row["file"]: row["all_labels"].split() for row in rows(made.folder / "labels.csv")}
    for recipe in plan(1, 3):
        shown = labels[recipe.file]
        assert (recipe.label in shown) == (recipe.kind != WRONG)
        if recipe.kind in (ALONE, COMPANY):
            assert shown[0] == recipe.label
        elif recipe.kind == BACKGROUND:
            assert shown[0] != recipe.label


def test_no_two_pictures_look_like_copies(drawn):
    made, _ = drawn
    small = []
    for file in made.folder.rglob("*.jpg"):
        with Image.open(file) as image:
            small.append(np.asarray(image.convert("RGB").resize((16, 12)), np.float32))
    for label in ("cat", "car"):
        for number in range(1, 6):
            pixels, _ = realise(Recipe(label, number, ALONE, label), 0)
            small.append(np.asarray(Image.fromarray(pixels).resize((16, 12)), np.float32))
    for i, one in enumerate(small):
        for other in small[:i]:
            assert np.abs(one - other).mean() > 8


def test_the_bytes_do_not_depend_on_the_number_of_workers(drawn, tmp_path):
    made, _ = drawn
    alone = draw_dataset(tmp_path / "set", per_class=1, seed=3, workers=1)
    assert hashes(alone.folder) == hashes(made.folder)


def test_another_seed_gives_another_plan_and_other_pictures():
    assert plan(50, 0) == plan(50, 0) != plan(50, 1)
    recipe = Recipe("cat", 1, ALONE, "cat")
    first, second = realise(recipe, 0)[0], realise(recipe, 1)[0]
    assert first.shape != second.shape or (first != second).any()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_plan_keeps_its_quotas(seed):
    recipes = plan(50, seed)
    total = len(recipes)
    count = Counter(recipe.kind for recipe in recipes)
    assert total == 50 * len(kinds())
    assert len({recipe.file for recipe in recipes}) == total
    assert 0.30 <= (count[COMPANY] + count[BACKGROUND]) / total <= 0.37
    assert 0.10 <= count[BACKGROUND] / total <= 0.15
    assert count[WRONG] == round(0.03 * total)
    wrong = [recipe for recipe in recipes if recipe.kind == WRONG]
    assert all(recipe.lead != recipe.label and not recipe.partner for recipe in wrong)
    assert max(Counter(recipe.label for recipe in wrong).values()) <= 2
    near = sum(any({r.label, r.lead} <= set(group) for group in LOOK_ALIKES) for r in wrong)
    assert abs(near - len(wrong) / 2) <= 1
    for recipe in recipes:
        if recipe.kind in (COMPANY, BACKGROUND):
            assert homes(recipe.lead, recipe.partner)
            assert recipe.label in (recipe.lead, recipe.partner)


def test_company_is_mutual():
    for label, kind in kinds().items():
        for other in kind.companions:
            if other != label and homes(label, other):
                assert other in mates(label, True)
                assert label in mates(other, False)


@pytest.mark.parametrize("label", CLASSES)
def test_every_home_has_its_views(label):
    kind = kinds()[label]
    assert kind.where.keys() <= set(kind.views)
    for place, surface in (*kind.homes, *GUESTS.get(label, ())):
        assert kind.views_at(place, surface)


def test_views_keep_to_their_element():
    bird, plane, boat = kinds()["bird"], kinds()["aeroplane"], kinds()["boat"]
    assert "swim" in bird.views_at("lake", "water")
    assert {"swim", "soar"}.isdisjoint(bird.views_at("garden", "grass"))
    assert set(bird.views_at("open_sky", "sky")) == {"soar"}
    assert set(plane.views_at("open_sky", "sky")).isdisjoint(plane.views_at("airfield", "runway"))
    assert "liner side" in boat.views_at("sea", "water")
    assert "liner side" not in boat.views_at("lake", "water")


@pytest.mark.parametrize(
    ("label", "view", "part"), [("dining_table", "farm", "chair"), ("boat", "dinghy side", "person")]
)
def test_what_is_drawn_within_a_sprite_is_told(label, view, part):
    sprites = [kinds()[label].draw(Brush(Random(seed)), view) for seed in range(6)]
    parts = [(sprite.box, name, box) for sprite in sprites for name, box in sprite.parts]
    assert part in {name for _, name, _ in parts}
    for (left, top, right, bottom), _, (x0, y0, x1, y1) in parts:
        assert left - 1 <= x0 < x1 <= right + 1
        assert top - 1 <= y0 < y1 <= bottom + 1


@pytest.mark.parametrize("label", ["dining_table", "chair", "sofa"])
def test_furniture_has_seats_within_it(label):
    kind = kinds()[label]
    sprites = [
        kind.draw(Brush(Random(seed)), view) for seed in range(3) for view in dict.fromkeys(kind.views)
    ]
    assert any(sprite.seats for sprite in sprites)
    for sprite in sprites:
        for x, y, width in sprite.seats:
            assert sprite.box[0] < x < sprite.box[2]
            assert sprite.box[1] < y < 0 < width


@pytest.mark.parametrize(("lead", "partner"), [("horse", "person"), ("boat", "person"), ("cow", "person")])
def test_a_companion_keeps_its_head_and_its_distance(lead, partner):
    settings = [compose(lead, partner, Random(seed)) for seed in range(6)]
    assert any(settings)
    for setting in filter(None, settings):
        first, second = setting.cast
        x0, y0, x1, y1 = first.extent()
        u0, v0, u1, v1 = second.extent()
        assert v0 >= -0.03 * setting.place.frame.h
        if lead != "boat":
            common = max(0, min(x1, u1) - max(x0, u0)) * max(0, min(y1, v1) - max(y0, v0))
            assert common <= 0.151 * min(first.size, second.size)


@pytest.mark.parametrize("recipe", [r for r in plan(50, 0) if r.kind == WRONG][:4], ids=lambda r: r.file)
def test_a_wrong_label_is_nowhere_in_the_picture(recipe):
    _, objects = realise(recipe, 0)
    assert recipe.label not in {thing.label for thing in objects}
    assert objects[0].label == recipe.lead


def test_the_opening_query_shows_a_cat_and_a_smaller_bottle():
    recipe = next(recipe for recipe in plan(50, 0) if recipe.file == OPENING_QUERY)
    assert (recipe.kind, recipe.lead, recipe.partner) == (BACKGROUND, "cat", "bottle")
    _, (cat, bottle) = realise(recipe, 0)
    assert (cat.label, bottle.label) == ("cat", "bottle")
    assert 0.03 <= bottle.area <= 0.10 < cat.area


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_an_interrupted_run_leaves_nothing_and_the_next_succeeds(tmp_path, stop):
    folder = tmp_path / "set"

    def progress(done, total):
        if done:
            raise stop

    with pytest.raises(stop):
        draw_dataset(folder, per_class=1, workers=1, progress=progress)
    assert not list(tmp_path.iterdir())
    assert not is_drawn(folder)


def test_what_a_killed_run_left_behind_is_cleaned_up(tmp_path):
    folder = tmp_path / "set"
    code = (
        "import sys; from imsearch_core.datasets.illustrated import draw_dataset as draw; draw(sys.argv[1])"
    )
    run = subprocess.Popen([sys.executable, "-c", code, folder], cwd=PROJECT)
    waited = time.monotonic() + 60
    while not list(tmp_path.glob(".set.drawing-*/*/*.jpg")) and time.monotonic() < waited:
        time.sleep(0.1)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert list(tmp_path.glob(".set.drawing-*"))
    assert not folder.exists()

    class EnoughError(Exception):
        pass

    def progress(done, total):
        raise EnoughError

    with pytest.raises(EnoughError):
        draw_dataset(folder, per_class=1, workers=1, progress=progress)
    assert not list(tmp_path.iterdir())


def test_a_complete_set_is_used_again_untouched(drawn):
    made, _ = drawn
    before = {file: os.stat(file).st_mtime_ns for file in made.folder.rglob("*")}
    again = draw_dataset(made.folder, per_class=1, seed=3)
    assert (again.images, again.seconds) == (made.images, 0)
    assert {file: os.stat(file).st_mtime_ns for file in made.folder.rglob("*")} == before
    assert is_drawn(made.folder, 1, 3)
    assert not is_drawn(made.folder, 2)
    assert not is_drawn(made.folder, seed=4)


@pytest.mark.parametrize("name", ["cat/0001.jpg", "labels.csv", TRUTH_FILE, MARK_FILE])
def test_a_set_with_a_file_missing_is_not_complete(drawn, name):
    made, _ = drawn
    file = made.folder / name
    aside = made.folder.parent / "aside"
    file.rename(aside)
    try:
        assert not is_drawn(made.folder)
    finally:
        aside.rename(file)


@pytest.mark.parametrize(
    "content",
    [b"", b"file,label\n\xff", b"label,file\n" + b"cat\n" * len(CLASSES)],
    ids=["empty", "no UTF-8", "lines cut short"],
)
def test_a_set_whose_labels_are_damaged_is_not_complete(drawn, tmp_path, content):
    folder = tmp_path / "set"
    shutil.copytree(drawn[0].folder, folder)
    (folder / "labels.csv").write_bytes(content)
    assert not is_drawn(folder)


def test_a_set_whose_labels_are_no_text_is_drawn_again(drawn, tmp_path):
    folder = tmp_path / "set"
    shutil.copytree(drawn[0].folder, folder)
    (folder / "labels.csv").write_bytes(b"file,label\n\xff")
    draw_dataset(folder, per_class=1, seed=3, workers=2)
    assert hashes(folder) == hashes(drawn[0].folder)


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path, pictures):
    before = hashes(pictures)
    with pytest.raises(UsageError, match="something else"):
        draw_dataset(pictures)
    assert hashes(pictures) == before


def test_the_command_line_makes_a_small_sheet_of_a_folder(drawn, tmp_path):
    made, _ = drawn
    sheet = tmp_path / "sheet.jpg"
    command = [sys.executable, "-m", "imsearch_core.datasets.illustrated.sheet"]
    subprocess.run([*command, "--from", made.folder, "-n", "1", "-o", sheet], cwd=PROJECT, check=True)
    with Image.open(sheet) as image:
        assert image.width == 2 * 80
    assert sheet.stat().st_size <= 200_000
