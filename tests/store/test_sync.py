"""Indexing: embeds what is new, once; survives odd files, kills and company."""

import contextlib
import errno
import os
import random
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imsearch_core.datasets import Skipped, scan
from imsearch_core.errors import UsageError
from imsearch_core.low_priority import LowPriorityProcess
from imsearch_core.store import EmbeddingStore, moved, store_path
from imsearch_core.store.reader import database_path
from imsearch_core.store.sync import BATCH, as_stored, sync
from tests.colour_encoder import FINGERPRINT, ColourEncoder
from tests.conftest import ROOT, draw
from tests.stored import content, row_of


def store_of(folder: Path) -> EmbeddingStore:
    return EmbeddingStore(store_path(folder.resolve(), FINGERPRINT), FINGERPRINT)


def index(folder: Path, encoder: ColourEncoder | None = None, progress=lambda done, total: None):
    dataset = scan(folder)
    store = EmbeddingStore(store_path(dataset.folder, FINGERPRINT), FINGERPRINT)
    return sync(store, dataset, lambda: encoder or ColourEncoder(), progress)


def embedding_of(folder: Path) -> dict[str, bytes]:
    snapshot, _ = index(folder)
    return content(snapshot)


def counts(report) -> tuple[int, int, int, int]:
    return report.images, report.embedded, report.reused, report.removed


def test_the_first_run_embeds_all_and_the_second_none(pictures):
    assert counts(index(pictures)[1]) == (12, 12, 0, 0)
    encoder = ColourEncoder()
    assert counts(index(pictures, encoder)[1]) == (12, 0, 12, 0)
    assert encoder.embedded == 0


def test_what_is_stored_can_be_read_while_the_rest_is_not_embedded(pictures):
    snapshot, report = as_stored(store_of(pictures), scan(pictures))
    assert (len(snapshot.files), report.images, report.missing) == (0, 0, 12)
    index(pictures)
    draw(99).save(pictures / "blue" / "new.png")
    (pictures / "green" / "3.jpg").unlink()
    os.utime(pictures / "red" / "0.jpg", ns=(1, 1))
    snapshot, report = as_stored(store_of(pictures), scan(pictures))
    assert sorted(row_of(snapshot)) == [
        f"{label}/{i}.jpg"
        for label in ("blue", "green", "red")
        for i in range(4)
        if (label, i) not in {("green", 3), ("red", 0)}
    ]
    assert (counts(report), report.missing, report.skipped) == ((10, 0, 10, 0), 2, ())


def test_only_new_changed_and_removed_files_cost_anything(pictures):
    index(pictures)
    os.utime(pictures / "red" / "0.jpg", ns=(1, 1))
    draw(99).save(pictures / "blue" / "new.png")
    (pictures / "green" / "3.jpg").unlink()
    encoder = ColourEncoder()
    assert counts(index(pictures, encoder)[1]) == (12, 2, 10, 1)
    assert encoder.embedded == 2


def test_a_clock_going_backwards_does_not_hide_a_change(pictures):
    index(pictures)
    draw(50).save(pictures / "red" / "0.jpg")
    os.utime(pictures / "red" / "0.jpg", ns=(1, 1))
    assert index(pictures)[1].embedded == 1


def test_an_embedding_belongs_to_its_own_file(pictures):
    (pictures / "blue" / "1.jpg").write_bytes(b"broken")
    encoder = ColourEncoder()
    stored = embedding_of(pictures)
    assert len(stored) == 11
    for file, embedding in stored.items():
        with Image.open(pictures / file) as image:
            side = image.height * 32 / 36
            box = ((image.width - side) / 2, (image.height - side) / 2)
            crop = image.resize((32, 32), Image.Resampling.BICUBIC, (*box, box[0] + side, box[1] + side))
        expected = encoder.embed(np.asarray(crop)[None])[0]
        assert np.abs(np.frombuffer(embedding, np.float32) - expected).max() < 0.05, file


def test_progress_starts_at_nothing_and_ends_at_everything(pictures):
    seen = []
    index(pictures, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 12)
    assert seen[-1] == (12, 12)


def test_an_empty_folder_is_refused_and_what_was_stored_is_kept(pictures):
    """A disk that is not mounted looks just like that."""
    index(pictures)
    away = pictures.with_name("away")
    pictures.rename(away)
    pictures.mkdir()
    with pytest.raises(UsageError, match="holds no pictures"):
        index(pictures)
    pictures.rmdir()
    away.rename(pictures)
    assert counts(index(pictures)[1]) == (12, 0, 12, 0)


def test_the_photo_folder_is_never_written_to(pictures, home):
    before = sorted(pictures.rglob("*"))
    times = [path.stat().st_mtime_ns for path in before]
    index(pictures)
    assert sorted(pictures.rglob("*")) == before
    assert [path.stat().st_mtime_ns for path in before] == times
    assert any(home.rglob("rows.sqlite"))


def test_a_deleted_class_head_is_made_again(pictures, home):
    index(pictures)
    (head,) = home.rglob("head.npz")
    head.unlink()
    assert counts(index(pictures)[1]) == (12, 0, 12, 0)
    assert head.exists()


def make_odd_files(folder: Path) -> tuple[set[str], set[str]]:
    """Fill a folder with readable and broken pictures; returns the names of both."""
    odd = folder / "odd"
    odd.mkdir(parents=True)
    picture = draw(1, (300, 200))
    picture.save(folder / "whole.jpg")
    whole = (folder / "whole.jpg").read_bytes()
    (folder / "whole.jpg").unlink()
    bad = {
        "empty.jpg": b"",
        "one byte.png": b"\x89",
        "text.jpg": b"these are not pixels",
        "page.png": b"<!DOCTYPE html><html>404</html>",
        "script<img src=x>.jpg": b"<script>alert(1)</script>",
        "new\nline.jpg": b"?",
        "ünï🐈.webp": b"RIFF\0\0\0\0WEBPVP8 ",
        "header only.gif": b"GIF89a",
        "zeros.bmp": bytes(1000),
        "archive.tiff": b"PK\x03\x04" + bytes(100),
        "photo.heic": b"\0\0\0\x18ftypheic" + bytes(50),
        "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "photoshop.psd": b"8BPS" + bytes(60),
        "half a tiff.tif": b"II*\0\x08\0\0\0\xff\xff",
        "bomb.png": _png_bomb(),
        os.fsdecode(b"not utf-8 \xff.jpg"): b"broken",
        "x" * 251 + ".jpg": b"",
    }
    for length in (10, 100, 500, 1000, len(whole) // 2, 3 * len(whole) // 4):
        bad[f"cut at {length}.jpg"] = whole[:length]
    for suffix in ("png", "webp", "gif", "tiff", "bmp"):
        path = folder / f"whole.{suffix}"
        picture.save(path)
        content = path.read_bytes()
        path.unlink()
        bad[f"half.{suffix}"] = content[: len(content) // 2]
    for name, content in bad.items():
        (odd / name).write_bytes(content)
    os.mkfifo(odd / "pipe.jpg")
    (odd / "dangling.jpg").symlink_to(folder / "nowhere.jpg")
    bad_names = {*bad, "pipe.jpg", "dangling.jpg"}
    good = {
        "grey.png": picture.convert("L"),
        "palette.gif": picture.convert("P"),
        "alpha.webp": picture.convert("RGBA"),
        "cmyk.jpg": picture.convert("CMYK"),
        "sixteen.png": Image.fromarray(np.arange(40000, dtype=np.uint16).reshape(200, 200)),
        "floats.tiff": Image.fromarray(np.linspace(0, 1, 10000, dtype=np.float32).reshape(100, 100)),
        "line.png": picture.resize((1, 4000)),
        "dot.bmp": picture.resize((1, 1)),
        "UPPER.JPG": picture,
    }
    for name, image in good.items():
        image.save(odd / name)
    picture.save(odd / "a png called.jpg", "PNG")
    (odd / ".hidden.jpg").write_bytes(b"")
    (odd / "notes.txt").write_text("not a picture")
    return {*good, "a png called.jpg"}, bad_names


def _png_bomb() -> bytes:
    """A few bytes that declare 60 000 × 60 000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def test_every_broken_file_of_a_messy_folder_is_named_with_a_reason(tmp_path):
    good, bad = make_odd_files(tmp_path / "mess")
    assert len(bad) >= 30
    snapshot, report = index(tmp_path / "mess")
    skipped = {s.file.removeprefix("odd/"): s.reason for s in report.skipped}
    assert set(skipped) == bad
    assert all(skipped.values())
    assert {file.removeprefix("odd/") for file in row_of(snapshot)} == good
    assert skipped["empty.jpg"] == "the file is empty"
    assert "too large" in skipped["bomb.png"]
    assert skipped["pipe.jpg"] == "not a regular file"


def test_broken_files_are_not_tried_again_until_they_change(tmp_path):
    _, bad = make_odd_files(tmp_path / "mess")
    index(tmp_path / "mess")
    again = index(tmp_path / "mess")[1]
    assert again.embedded == 0
    assert len(again.skipped) == len(bad)
    draw(3).save(tmp_path / "mess" / "odd" / "empty.jpg")
    mended = index(tmp_path / "mess")[1]
    assert (mended.embedded, len(mended.skipped)) == (1, len(bad) - 1)


# Disks that are away, full or read-only


@pytest.mark.parametrize("how", ["dangling link", "empty"])
def test_a_class_folder_that_is_away_keeps_its_embeddings_and_is_named(many, tmp_path, how):
    draw(99).save(many / "here.jpg")
    before = embedding_of(many)
    version = index(many)[0].version
    (many / "class").rename(tmp_path / "elsewhere")
    if how == "dangling link":
        (many / "class").symlink_to(tmp_path / "unplugged")
    else:
        (many / "class").mkdir()
    snapshot, report = index(many)
    assert row_of(snapshot).keys() == {"here.jpg"}
    assert snapshot.version != version
    assert (report.images, report.removed) == (1, 0)
    assert report.skipped == ((Skipped("class", "a link to nothing"),) if how == "dangling link" else ())
    assert re.match(f"class is (a link to nothing|empty): .* of {6 * BATCH} pictures are kept", *report.notes)
    (many / "class").unlink() if how == "dangling link" else (many / "class").rmdir()
    (tmp_path / "elsewhere").rename(many / "class")
    snapshot, report = index(many)
    assert (report.embedded, report.notes) == (0, ())
    assert content(snapshot) == before


def test_a_class_folder_that_cannot_be_listed_keeps_its_embeddings_and_is_named(pictures, monkeypatch):
    before = embedding_of(pictures)
    scandir = os.scandir

    def failing(path):
        if Path(path).name == "red":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return scandir(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", failing)
        _, report = index(pictures)
    assert (report.images, report.removed) == (8, 0)
    assert report.skipped == (Skipped("red", "cannot be listed: Input/output error"),)
    assert (
        "red cannot be listed (Input/output error): the embeddings of 4 pictures are kept" in report.notes[0]
    )
    encoder = ColourEncoder()
    assert counts(index(pictures, encoder)[1]) == (12, 0, 12, 0)
    assert embedding_of(pictures) == before


def test_a_deleted_class_folder_and_one_that_was_cleared_of_a_few_are_forgotten(pictures):
    index(pictures)
    shutil.rmtree(pictures / "red")
    for file in (pictures / "blue").iterdir():
        file.unlink()
    assert counts(index(pictures)[1]) == (4, 0, 4, 8)


def test_when_the_process_that_embeds_is_killed_what_it_stored_is_opened_and_the_rest_named(
    many, monkeypatch
):
    monkeypatch.setattr("imsearch_core.store.sync.MANY", 2)
    draw(99).save(many / "0.jpg")
    encoder = ColourEncoder()
    sync(store_of(many), scan(many), lambda: encoder)
    for file in ("1.jpg", "2.jpg"):
        draw(98).save(many / file)

    def killed(progress) -> None:
        LowPriorityProcess(die).result(progress)

    _, report = sync(store_of(many), scan(many), refuse_to_load, embed_elsewhere=killed)
    assert (report.images, [skipped.file for skipped in report.skipped]) == (
        6 * BATCH + 1,
        ["1.jpg", "2.jpg"],
    )
    assert "2 pictures are missing" in report.notes[0]
    assert counts(index(many)[1]) == (6 * BATCH + 3, 2, 6 * BATCH + 1, 0)


def die(progress) -> None:
    os.abort()


def refuse_to_load() -> ColourEncoder:
    raise AssertionError("this process must not embed")


# Content that changed in secret, and folders that moved


def replace_content(path: Path, another: Image.Image) -> None:
    """Put another picture of the same size and time of modification in a file's place."""
    before = path.stat()
    another.save(path, quality=20)
    path.write_bytes(path.read_bytes().ljust(before.st_size, b"\0")[: before.st_size])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def without_identities(folder: Path) -> None:
    """Make the store one of an older version, whose entries know only size and time."""
    with contextlib.closing(sqlite3.connect(database_path(store_of(folder).path))) as database, database:
        for name, stamp in database.execute("SELECT file, stamp FROM images").fetchall():
            old = stamp[:28] + zlib.crc32(stamp[:28], zlib.crc32(name)).to_bytes(4, "little")
            database.execute("UPDATE images SET stamp = ? WHERE file = ?", (old, name))
        database.execute("UPDATE facts SET value = '2' WHERE name = 'format'")


def test_a_file_replaced_by_another_of_the_same_size_and_time_is_embedded_again(pictures):
    old = embedding_of(pictures)
    replace_content(pictures / "red" / "0.jpg", draw(77))
    snapshot, report = index(pictures)
    assert counts(report) == (12, 1, 11, 0)
    assert [file for file, kept in content(snapshot).items() if kept != old[file]] == ["red/0.jpg"]


def test_files_that_were_only_copied_or_given_other_permissions_are_not_embedded_again(pictures):
    old = embedding_of(pictures)
    (pictures / "red" / "0.jpg").chmod(0o600)
    shutil.copy2(pictures / "red" / "1.jpg", pictures / "copy")
    os.replace(pictures / "copy", pictures / "red" / "1.jpg")
    snapshot, report = index(pictures)
    assert counts(report) == (12, 0, 12, 0)
    assert content(snapshot) == old
    known = dict(zip(snapshot.files, snapshot.stamps["identity"].tolist(), strict=True))
    assert known == {item.file: item.identity for item in scan(pictures).items}


def test_a_skipped_file_that_was_replaced_in_secret_is_tried_again(pictures):
    path = pictures / "red" / "0.jpg"
    path.write_bytes(b"x" * 20_000)
    assert counts(index(pictures)[1])[0] == 11
    replace_content(path, draw(77))
    assert counts(index(pictures)[1])[:2] == (12, 1)


def test_the_store_of_an_older_version_is_used_and_compared_by_size_and_time(pictures):
    old = embedding_of(pictures)
    without_identities(pictures)
    encoder = ColourEncoder()
    snapshot, report = index(pictures, encoder)
    assert (counts(report), report.notes, encoder.embedded) == ((12, 0, 12, 0), (), 0)
    assert content(snapshot) == old
    draw(99).save(pictures / "red" / "new.png")
    assert counts(index(pictures)[1]) == (13, 1, 12, 0)
    assert counts(index(pictures)[1]) == (13, 0, 13, 0)
    replace_content(pictures / "red" / "0.jpg", draw(77))
    assert index(pictures)[1].embedded == 0
    assert sync(store_of(pictures), scan(pictures), ColourEncoder, force=True)[1].embedded == 13


def test_a_damaged_entry_of_an_older_version_is_noticed(pictures):
    index(pictures)
    without_identities(pictures)
    with contextlib.closing(sqlite3.connect(database_path(store_of(pictures).path))) as database, database:
        (stamp,) = database.execute("SELECT stamp FROM images WHERE file = ?", (b"red/0.jpg",)).fetchone()
        damaged = stamp[:8] + bytes([stamp[8] ^ 1]) + stamp[9:]
        database.execute("UPDATE images SET stamp = ? WHERE file = ?", (damaged, b"red/0.jpg"))
    assert counts(index(pictures)[1])[:2] == (12, 1)


def test_a_picture_with_a_defect_is_embedded_and_named_at_every_opening(pictures):
    path = pictures / "red" / "0.jpg"
    path.write_bytes(path.read_bytes()[:-2])
    defects = (Skipped("red/0.jpg", "the end of the file is missing"),)
    for embedded in (12, 0):
        report = index(pictures)[1]
        assert (report.images, report.embedded, report.skipped) == (12, embedded, ())
        assert report.defects == defects
    path.chmod(0o600)
    assert index(pictures)[1].defects == defects
    draw(3).save(path)
    assert index(pictures)[1].defects == ()


def test_a_damaged_note_on_a_defect_is_noticed(pictures):
    path = pictures / "red" / "0.jpg"
    path.write_bytes(path.read_bytes()[:-2])
    index(pictures)
    with contextlib.closing(sqlite3.connect(database_path(store_of(pictures).path))) as database, database:
        database.execute("UPDATE images SET reason = 'all is well' WHERE reason IS NOT NULL")
    report = index(pictures)[1]
    assert report.embedded == 1
    assert [defect.reason for defect in report.defects] == ["the end of the file is missing"]


def test_a_copied_folder_finds_its_embeddings(pictures, tmp_path):
    index(pictures)
    shutil.copytree(pictures, tmp_path / "copy")  # with the same times
    assert counts(index(tmp_path / "copy")[1]) == (12, 0, 12, 0)


def test_a_folder_that_moved_finds_its_embeddings_and_says_so(pictures, tmp_path):
    before = embedding_of(pictures)
    moved = pictures.rename(tmp_path / "elsewhere")
    draw(55).save(moved / "new.jpg")
    snapshot, report = index(moved)
    assert (report.embedded, report.reused) == (1, 12)
    assert "an earlier place of this folder" in report.notes[0]
    assert {file: kept for file, kept in content(snapshot).items() if file != "new.jpg"} == before
    assert index(moved)[1].notes == ()


def test_entries_of_folders_with_other_pictures_are_not_read(pictures, tmp_path, monkeypatch):
    index(pictures)
    other = tmp_path / "other"
    other.mkdir()
    for i in range(3):
        draw(i).save(other / f"{i}.png")

    def refuse(database):
        raise AssertionError("these entries must not be read")

    monkeypatch.setattr(moved, "read_entries", refuse)
    assert counts(index(other)[1]) == (3, 3, 0, 0)


def test_a_folder_of_other_pictures_with_the_same_names_finds_nothing(pictures, tmp_path):
    index(pictures)
    other = tmp_path / "other"
    shutil.copytree(pictures, other, copy_function=shutil.copy)  # with new times
    assert counts(index(other)[1]) == (12, 12, 0, 0)


# Other processes

_SLOW_RUN = """
import sys
from pathlib import Path
from imsearch_core.datasets import scan
from imsearch_core.store import EmbeddingStore, store_path
from imsearch_core.store.sync import sync
from tests.colour_encoder import FINGERPRINT, ColourEncoder
folder = Path(sys.argv[1])
store = EmbeddingStore(store_path(folder, FINGERPRINT), FINGERPRINT)
encoder = ColourEncoder(delay=0.02)
_, report = sync(store, scan(folder), lambda: encoder, lambda done, total: print(done, flush=True))
print("embedded", report.embedded, flush=True)
"""


@pytest.fixture
def many(tmp_path):
    folder = tmp_path / "many"
    (folder / "class").mkdir(parents=True)
    for i in range(6 * BATCH):
        draw(i, (48, 40)).save(folder / "class" / f"{i:04}.jpg")
    return folder


def start(folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", _SLOW_RUN, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_a_run_killed_at_any_moment_is_resumed_and_keeps_what_it_has_reported(many, home):
    undisturbed = embedding_of(many)
    shutil.rmtree(home / "embeddings")
    rng = random.Random(0)
    reported = 0
    for _ in range(6):
        run = start(many)
        run.stdout.readline()  # the encoder is being loaded
        time.sleep(rng.uniform(0, 0.12))
        run.kill()
        done = [int(line) for line in run.stdout.read().split() if line.isdigit()]
        run.wait()
        reported += max(done, default=0)
    dataset = scan(many)
    store = EmbeddingStore(store_path(dataset.folder, FINGERPRINT), FINGERPRINT)
    kept = len(store.read().files)
    assert reported <= kept
    assert store.notes == []
    snapshot, report = index(many)
    assert report.embedded == len(undisturbed) - kept
    assert content(snapshot) == undisturbed


def test_two_processes_share_the_work_and_corrupt_nothing(many, home):
    runs = [start(many) for _ in range(3)]
    outputs = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    embedded = [int(output.split()[-1]) for output in outputs]
    assert sorted(embedded) == [0, 0, 6 * BATCH]
    shared = embedding_of(many)
    shutil.rmtree(home / "embeddings")
    assert shared == embedding_of(many)


@pytest.mark.parametrize(
    ("new", "processors", "sizes"),
    [(10, 2, [5, 5]), (3, 2, [2, 1]), (1, 4, [1]), (17, 2, [8, 8, 1]), (12, 64, [1] * 12)],
)
def test_a_few_new_pictures_are_dealt_out_evenly_among_the_processors(
    tmp_path, monkeypatch, new, processors, sizes
):
    monkeypatch.setattr("imsearch_core.store.sync._PROCESSORS", processors)
    for i in range(new):
        draw(i, (24, 20)).save(tmp_path / f"{i}.png")
    given = []

    class Noted(ColourEncoder):
        def embed(self, images):
            given.append(len(images))
            return super().embed(images)

    index(tmp_path, Noted())
    assert sorted(given, reverse=True) == sizes


def test_an_interrupted_run_keeps_what_it_did_and_frees_the_store(pictures, many):
    class StopError(BaseException):
        """As Streamlit ends a script: not an Exception."""

    kept = []

    def stop(done: int, total: int) -> None:
        if done >= 2 * BATCH:
            kept.append(done)
            raise StopError

    with pytest.raises(StopError):
        index(many, progress=stop)
    assert counts(index(many)[1]) == (6 * BATCH, 6 * BATCH - kept[0], kept[0], 0)
