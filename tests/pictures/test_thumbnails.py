"""Thumbnails, cached on disk."""

import io
import os

import pytest
from PIL import Image

from imsearch_core.pictures import thumbnails
from imsearch_core.pictures.thumbnails import UNREADABLE, prune, thumbnail_of, thumbnails_of

FIRST, NEXT = (500, 1, 7), (500, 1, 8)  # versions that only differ in the file's identity


def kept(home):
    return sorted(path for path in (home / "thumbnails").rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def restart():
    """Forget what is in memory, as a new process does; call it to do so again."""
    thumbnails._latest.forget()
    return thumbnails._latest.forget


def test_a_thumbnail_fits_and_keeps_the_shape(pictures):
    small = thumbnail_of(pictures, "red/1.jpg", FIRST, 48)
    with Image.open(io.BytesIO(small.content)) as image:
        assert (image.format, image.size) == ("WEBP", (48, 36))
    assert small.ratio == pytest.approx(96 / 72)


def test_after_a_restart_a_thumbnail_comes_from_disk_even_if_the_picture_is_gone(pictures, home, restart):
    before = thumbnail_of(pictures, "red/1.jpg", FIRST, 48)
    restart()
    (pictures / "red" / "1.jpg").unlink()
    assert thumbnail_of(pictures, "red/1.jpg", FIRST, 48) == before
    assert len(kept(home)) == 1


def test_file_names_in_the_cache_do_not_reveal_the_pictures_names(pictures, home):
    thumbnail_of(pictures, "red/1.jpg", FIRST, 48)
    assert "red" not in str(kept(home)[0].relative_to(home))


def test_a_changed_picture_or_another_size_gets_a_new_thumbnail(pictures, home):
    first = thumbnail_of(pictures, "red/1.jpg", FIRST, 48)
    (pictures / "blue" / "2.jpg").replace(pictures / "red" / "1.jpg")
    assert thumbnail_of(pictures, "red/1.jpg", NEXT, 48) != first
    assert thumbnail_of(pictures, "red/1.jpg", NEXT, 32).content != first.content
    assert len(kept(home)) == 3


@pytest.mark.parametrize("damage", [b"", b"RIFF", b"RIFF\x00\x00\x00\x00WEBP", b"\0" * 400])
def test_a_damaged_cache_file_is_replaced(pictures, home, restart, damage):
    before = thumbnail_of(pictures, "red/1.jpg", FIRST, 48)
    kept(home)[0].write_bytes(damage)
    restart()
    assert thumbnail_of(pictures, "red/1.jpg", FIRST, 48) == before
    assert kept(home)[0].read_bytes().startswith(before.content)


def test_an_unreadable_picture_is_tried_again_once_it_is_back(pictures):
    (pictures / "red" / "1.jpg").rename(pictures / "away.jpg")
    assert thumbnail_of(pictures, "red/1.jpg", FIRST, 48) is UNREADABLE
    (pictures / "away.jpg").rename(pictures / "red" / "1.jpg")
    assert thumbnail_of(pictures, "red/1.jpg", FIRST, 48).content


def test_thumbnails_are_made_even_if_the_cache_cannot_be_written(pictures, home):
    (home / "thumbnails").write_text("a file where a folder should be")
    assert thumbnail_of(pictures, "red/1.jpg", FIRST, 48).content


def test_many_thumbnails_come_in_the_order_requested(pictures):
    files = [(f"{label}/{i}.jpg", FIRST) for label in ("red", "blue", "green") for i in range(4)]
    together = thumbnails_of(pictures, files, 48)
    assert together == [thumbnail_of(pictures, *file, 48) for file in files]
    assert len({small.content for small in together}) == 12


def test_the_least_recently_used_thumbnails_are_deleted_first(pictures, home, restart):
    thumbnail_of(pictures, "red/0.jpg", FIRST, 48)
    first = kept(home)[0]
    os.utime(first, ns=(1, 1))
    thumbnail_of(pictures, "red/1.jpg", FIRST, 48)
    second = next(path for path in kept(home) if path != first)
    os.utime(second, ns=(2, 2))
    restart()
    thumbnail_of(pictures, "red/0.jpg", FIRST, 48)  # used again, and so the younger
    prune(first.stat().st_size + second.stat().st_size - 1)
    assert kept(home) == [first]
    prune(0)
    assert kept(home) == []
