"""Near-duplicates as groups."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from imsearch_core import Collection
from imsearch_core.labels.duplicates import duplicate_groups
from imsearch_core.labels.neighbours import nearest


def groups_of(angles, k=3):
    """Groups of points on a circle, given in degrees."""
    unit = np.stack([np.cos(np.radians(angles)), np.sin(np.radians(angles))], axis=1).astype(np.float32)
    return [group.tolist() for group in duplicate_groups(*nearest(unit, k))]


def test_copies_are_one_group_and_the_rest_in_none():
    assert groups_of([0, 90, 1, 180, 91, 2]) == [[0, 2, 5], [1, 4]]


def test_more_copies_than_neighbours_are_one_group_still():
    assert groups_of([0] * 40 + [90]) == [list(range(40))]


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
