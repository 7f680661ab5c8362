"""Near-duplicates as groups."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from imsearch_core import Collection
from imsearch_core.labels.duplicates import THRESHOLD, duplicate_groups, find_duplicates, pairs_alike
from imsearch_core.vectors.neighbours import nearest


def on_circle(angles):
    """Points on a circle, given in degrees. Pictures up to 25° apart count as near-duplicates."""
    return np.stack([np.cos(np.radians(angles)), np.sin(np.radians(angles))], axis=1).astype(np.float32)


def groups_of(angles, k=3):
    unit = on_circle(angles)
    return sorted(group.tolist() for _, group in duplicate_groups(unit, *nearest(unit, k)))


def test_copies_are_a_group_and_the_rest_are_in_no_group():
    assert groups_of([0, 90, 1, 180, 91, 2]) == [[0, 2, 5], [1, 4]]


def test_more_copies_than_neighbours_are_still_one_group():
    assert groups_of([0] * 40 + [90]) == [list(range(40))]


def test_a_chain_of_similar_pictures_is_not_one_group():
    unit = on_circle(range(0, 180, 20))
    groups = list(duplicate_groups(unit, *nearest(unit, 3)))
    assert sorted(np.concatenate([members for _, members in groups])) == list(range(9))
    for representative, members in groups:
        assert 2 <= len(members) <= 3
        assert (unit[members] @ unit[representative] >= THRESHOLD).all()


def test_a_group_shows_the_cosine_of_its_two_least_alike_pictures():
    files = ["left.jpg", "middle.jpg", "right.jpg", "far.jpg"]
    (group,) = find_duplicates(on_circle([0, 20, 40, 180]), files, [None] * 4)
    assert group.files == ("left.jpg", "middle.jpg", "right.jpg")
    assert group.representative == "middle.jpg"
    assert group.cosine == pytest.approx(np.cos(np.radians(40)), abs=1e-6)


def test_a_group_across_splits_is_a_leak():
    unit, files = on_circle([0, 1, 90, 91]), ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    splits = ["train", "test", "train", None]
    leak, other = find_duplicates(unit, files, ["cat"] * 4, splits)
    assert (leak.files, leak.splits, leak.leaks) == (("a.jpg", "b.jpg"), ("train", "test"), True)
    assert not other.leaks


@pytest.mark.parametrize("k", [3, 99])
def test_pairs_are_complete_though_there_are_more_copies_than_neighbours(k):
    unit = on_circle([0] * 40 + [20, 90])
    pairs = {pair for part in pairs_alike(unit, *nearest(unit, k)) for pair in zip(*part, strict=True)}
    assert pairs == {(i, j) for i in range(41) for j in range(41) if i != j}


def test_no_pictures_alike_make_no_group():
    assert groups_of([0, 90, 180]) == []
    assert groups_of([0]) == []


def test_reencoded_and_mirrored_photos_are_found(voc20, tmp_path):
    for folder in ("cat", "dog"):
        (tmp_path / folder).mkdir()
        for path in sorted((voc20 / folder).glob("*.jpg"))[:4]:
            (tmp_path / folder / path.name).write_bytes(path.read_bytes())
    original = sorted((tmp_path / "cat").iterdir())[0]
    with Image.open(original) as image:
        image.save(tmp_path / "dog" / "again.jpg", quality=85)
        ImageOps.mirror(image).save(tmp_path / "dog" / "mirrored.jpg")
    (group,) = Collection.open(tmp_path).duplicates()
    assert group.files == (f"cat/{original.name}", "dog/again.jpg", "dog/mirrored.jpg")
    assert group.labels == ("cat", "dog", "dog")
    assert 0.9 < group.cosine <= 1


@pytest.mark.parametrize("count", [1, 2])
def test_tiny_folders_have_no_duplicates(count, pictures, tmp_path):
    folder = tmp_path / "few"
    folder.mkdir()
    for i in range(count):
        (folder / f"{i}.jpg").write_bytes((pictures / "red" / f"{i}.jpg").read_bytes())
    assert len(Collection.open(folder).duplicates()) <= count - 1
