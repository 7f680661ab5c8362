"""Signatures are kept, and made again only for what has changed."""

import os

import numpy as np
import pytest

from imsearch_core.datasets import scan
from imsearch_core.pictures import signature as made
from imsearch_core.pictures.thumbnails import thumbnail_of
from imsearch_core.store import signatures as kept
from imsearch_core.store.signatures import signatures_of
from tests.conftest import draw


@pytest.fixture
def counted(monkeypatch):
    """The files whose signatures are made."""
    files = []

    def counting(path):
        files.append(path.name)
        return made.signature(path)

    monkeypatch.setattr(kept, "signature", counting)
    return files


def of(folder):
    dataset = scan(folder)
    return signatures_of(dataset.folder, dataset.items)


def test_only_new_and_changed_pictures_are_opened_again(pictures, counted):
    first = of(pictures)
    assert len(counted) == 12
    counted.clear()
    assert np.array_equal(of(pictures), first)
    assert counted == []
    draw(77, (50, 40)).save(pictures / "red" / "1.jpg")
    draw(78).save(pictures / "red" / "new.jpg")
    again = of(pictures)
    assert sorted(counted) == ["1.jpg", "new.jpg"]
    assert (again["width"][9], again["height"][9]) == (50, 40)


def test_the_signature_and_thumbnail_of_a_file_replaced_by_one_of_its_size_and_time_are_made_again(pictures):
    path = pictures / "red" / "1.jpg"
    before, (old,) = path.stat(), (item for item in scan(pictures).items if item.file == "red/1.jpg")
    first = of(pictures), thumbnail_of(pictures, old.file, old.version, 48)
    path.write_bytes((pictures / "blue" / "1.jpg").read_bytes().ljust(before.st_size, b"\0"))
    os.truncate(path, before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    new = next(item for item in scan(pictures).items if item.file == "red/1.jpg")
    assert (new.size, new.modified_ns) == (old.size, old.modified_ns)
    assert thumbnail_of(pictures, new.file, new.version, 48) != first[1]
    changed = of(pictures) != first[0]
    assert changed.tolist() == [item.file == "red/1.jpg" for item in scan(pictures).items]


def test_damaged_signatures_are_made_again(pictures, counted, home):
    first = of(pictures)
    (path,) = (home / "signatures").glob("*.sqlite")
    for damage in (b"", b"not a database" * 1000):
        path.write_bytes(damage)
        assert np.array_equal(of(pictures), first)
    assert len(counted) == 36


def test_an_unreadable_picture_has_an_empty_signature_until_it_can_be_read(pictures, counted):
    dataset = scan(pictures)
    (pictures / "red" / "1.jpg").rename(pictures / "away.jpg")
    found = signatures_of(dataset.folder, dataset.items)
    assert np.flatnonzero(found["width"] == 0).tolist() == [9]
    (pictures / "away.jpg").rename(pictures / "red" / "1.jpg")
    assert signatures_of(dataset.folder, dataset.items)["width"].min() == 96
