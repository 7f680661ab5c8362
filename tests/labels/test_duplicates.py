"""Duplicates in three tiers, as groups."""

import shutil

import numpy as np
import pytest
from PIL import Image, ImageOps

from imsearch_core import Collection
from imsearch_core.labels import duplicates
from imsearch_core.labels.duplicates import (
    THRESHOLD,
    Pictures,
    Repeat,
    Tier,
    duplicate_groups,
    find_duplicates,
    pairs_alike,
)
from imsearch_core.pictures.signature import SIGNATURE
from imsearch_core.vectors.neighbours import nearest
from imsearch_core.vectors.pairs import pairs_above
from tests.colour_encoder import open_colours
from tests.conftest import draw


def on_circle(angles):
    """Points on a circle, given in degrees. Pictures up to 25° apart count as near-duplicates."""
    return np.stack([np.cos(np.radians(angles)), np.sin(np.radians(angles))], axis=1).astype(np.float32)


def strength_of(unit):
    cosines = unit @ unit.T - np.eye(len(unit))
    return np.where(cosines >= THRESHOLD, cosines, 0).sum(axis=1)


def grouped(unit):
    rows, others, _ = pairs_above(unit, THRESHOLD, len(unit))
    return list(duplicate_groups(unit, np.stack([rows, others], axis=1), strength_of(unit)))


def groups_of(angles):
    return sorted(group.tolist() for _, group in grouped(on_circle(angles)))


def scenes(angles, files, labels=None, splits=None):
    """The groups of pictures of which nothing but the embeddings is known."""
    none = [None] * len(files)
    known = np.zeros(len(files), SIGNATURE)
    pictures = Pictures(files, labels or none, splits or none, [1] * len(files), known, lambda i: None)
    return find_duplicates(on_circle(angles), pictures)


def test_copies_are_a_group_and_the_rest_are_in_no_group():
    assert groups_of([0, 90, 1, 180, 91, 2]) == [[0, 2, 5], [1, 4]]


def test_more_copies_than_are_compared_first_are_still_one_group():
    (group,) = scenes([0] * 100 + [90], [f"{i:03}.jpg" for i in range(101)])
    assert len(group.files) == 100


def test_a_chain_of_similar_pictures_is_not_one_group():
    unit = on_circle(range(0, 180, 20))
    groups = grouped(unit)
    assert sorted(np.concatenate([members for _, members in groups])) == list(range(9))
    for representative, members in groups:
        assert 2 <= len(members) <= 3
        assert (unit[members] @ unit[representative] >= THRESHOLD).all()


def test_a_group_begins_with_its_representative_and_shows_the_cosine_of_its_two_least_alike_pictures():
    (group,) = scenes([0, 20, 40, 180], ["left.jpg", "middle.jpg", "right.jpg", "far.jpg"])
    assert group.files == ("middle.jpg", "left.jpg", "right.jpg")
    assert group.tier is Tier.SCENE
    assert group.least_cosine == pytest.approx(np.cos(np.radians(40)), abs=1e-6)


def test_a_group_across_classes_is_a_conflict_and_one_across_splits_a_leak():
    files = [f"{letter}.jpg" for letter in "abcdef"]
    labels = ["cat", "dog", "cat", "cat", "cat", None]
    splits = ["train", "test", "train", "test", "train", None]
    kinds = {g.files[0]: g.kind for g in scenes([0, 1, 90, 91, 180, 181], files, labels, splits)}
    assert kinds == {"a.jpg": Repeat.CONFLICT, "c.jpg": Repeat.LEAK, "e.jpg": Repeat.COPY}


@pytest.mark.parametrize("k", [3, 99])
def test_pairs_are_complete_though_there_are_more_copies_than_neighbours(k):
    unit = on_circle([0] * 40 + [20, 90])
    pairs = {pair for part in pairs_alike(unit, *nearest(unit, k)) for pair in zip(*part, strict=True)}
    assert pairs == {(i, j) for i in range(41) for j in range(41) if i != j}


def test_no_pictures_alike_make_no_group():
    assert groups_of([0, 90, 180]) == []
    assert groups_of([0]) == []


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    for i in range(8):
        detailed(i).save(folder / f"other-{i}.png")
    detailed(100).save(folder / "photo.png")
    return folder


@pytest.fixture
def photo(drawn, tmp_path):
    """The folder of a picture with fine detail, among 8 others."""
    return shutil.copytree(drawn, tmp_path / "photos")


def detailed(seed):
    """Coloured patches of three sizes."""
    parts = [np.asarray(draw(3 * seed + i, (400, 300)).convert("RGB"), float) for i in range(2)]
    fine = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    parts.append(np.asarray(Image.fromarray(fine).resize((400, 300), Image.Resampling.BICUBIC), float))
    return Image.fromarray(np.mean(parts, axis=0).astype(np.uint8))


SAVED_AGAIN = {
    "small": lambda image: image.resize((100, 75)),
    "cropped": lambda image: image.crop((40, 30, 360, 270)),
    "cropped on one side": lambda image: image.crop((0, 0, 360, 270)),
    "grey": lambda image: image.convert("L"),
    "turned": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "mirrored": ImageOps.mirror,
    "framed": lambda image: ImageOps.expand(image, border=(20, 80, 20, 50), fill="white"),
}


def test_a_picture_saved_again_is_the_same_picture(tmp_path):
    for seed, (change, changed) in enumerate(SAVED_AGAIN.items()):
        detailed(seed).save(tmp_path / f"{change}.png")
        changed(detailed(seed)).save(tmp_path / f"{change}, again.jpg", quality=60)
    groups = [group for group in open_colours(tmp_path).duplicates() if group.tier is not Tier.SCENE]
    assert {group.tier for group in groups} == {Tier.PICTURE}
    assert sorted(sorted(group.files) for group in groups) == sorted(
        [f"{change}, again.jpg", f"{change}.png"] for change in SAVED_AGAIN
    )


def test_the_same_pixels_in_another_file_are_told_apart_from_the_picture_saved_again(photo):
    with Image.open(photo / "photo.png") as image:
        image.save(photo / "same.bmp")
        image.save(photo / "again.jpg", quality=60)
    tiers = {group.tier: group for group in open_colours(photo).duplicates()}
    assert set(tiers[Tier.PIXELS].files) == {"photo.png", "same.bmp"}
    assert set(tiers[Tier.PICTURE].files) == {"photo.png", "same.bmp", "again.jpg"}


def test_more_copies_than_are_compared_first_and_a_picture_saved_again_are_one_group(photo):
    for i in range(70):
        shutil.copy(photo / "photo.png", photo / f"copy-{i:02}.png")
    with Image.open(photo / "photo.png") as image:
        image.resize((200, 150)).save(photo / "again.jpg", quality=60)
    tiers = {group.tier: group for group in open_colours(photo).duplicates()}
    assert len(tiers[Tier.PIXELS].files) == 71
    assert {*tiers[Tier.PICTURE].files} == {*tiers[Tier.PIXELS].files, "again.jpg"}


def test_files_with_equal_content_are_decoded_once(photo, monkeypatch):
    decoded = []
    monkeypatch.setattr(duplicates, "pixel_hash", lambda path: decoded.append(path) or b"pixels")
    monkeypatch.setattr(duplicates, "processors", lambda: 1)
    for i in range(3):
        shutil.copy(photo / "photo.png", photo / f"copy-{i}.png")
    (group,) = [group for group in open_colours(photo).duplicates() if group.tier is Tier.PIXELS]
    assert len(group.files) == 4
    assert len(decoded) == 1


def test_two_blank_pictures_have_the_same_pixels(photo):
    for name in ("white-1.png", "white-2.png"):
        Image.new("RGB", (200, 100), "white").save(photo / name)
    (group,) = [group for group in open_colours(photo).duplicates() if group.tier is Tier.PIXELS]
    assert group.files == ("white-1.png", "white-2.png")


def test_different_pictures_in_the_same_frame_are_not_the_same_picture(photo):
    for i in range(2):
        framed = ImageOps.expand(detailed(50 + i), border=(20, 150), fill="black")
        framed.save(photo / f"framed-{i}.png")
    assert not [group for group in open_colours(photo).duplicates() if group.tier is not Tier.SCENE]


def test_the_copy_with_most_pixels_then_bytes_then_the_sharpest_then_the_preferred_is_kept():
    known = np.zeros(5, SIGNATURE)
    known["width"], known["height"] = [10, 20, 20, 20, 20], 10
    known["blur"] = [0, 0, 0.5, 0.2, 0.2]
    files, none = ["a/1", "a/2", "a/3", "a/4", "b/5"], [None] * 5
    pictures = Pictures(files, none, none, [9, 1, 5, 5, 5], known, lambda i: None)
    assert [pictures.best(those) for those in ([0, 1], [1, 2], [2, 3], [3, 4])] == [1, 2, 3, 3]
    assert pictures.best([3, 4], prefer="b") == 4


def test_reencoded_and_mirrored_photos_are_found(voc20, tmp_path):
    for folder in ("cat", "dog"):
        (tmp_path / folder).mkdir()
        for path in sorted((voc20 / folder).glob("*.jpg"))[:4]:
            (tmp_path / folder / path.name).write_bytes(path.read_bytes())
    original = sorted((tmp_path / "cat").iterdir())[0]
    with Image.open(original) as image:
        image.save(tmp_path / "dog" / "again.jpg", quality=40)
        ImageOps.mirror(image).resize((200, 150)).save(tmp_path / "dog" / "mirrored.jpg", quality=60)
    (group,) = [group for group in Collection.open(tmp_path).duplicates() if group.tier is Tier.PICTURE]
    assert set(group.files) == {f"cat/{original.name}", "dog/again.jpg", "dog/mirrored.jpg"}
    assert group.kind is Repeat.CONFLICT
    assert group.keep == f"cat/{original.name}"


@pytest.mark.parametrize("count", [1, 2])
def test_tiny_folders_have_no_duplicates(count, pictures, tmp_path):
    folder = tmp_path / "few"
    folder.mkdir()
    for i in range(count):
        (folder / f"{i}.jpg").write_bytes((pictures / "red" / f"{i}.jpg").read_bytes())
    assert len(open_colours(folder).duplicates()) <= count - 1
