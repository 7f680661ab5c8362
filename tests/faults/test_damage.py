"""Bits that flip and files that are cut off, anywhere in what we keep: found and mended, never believed."""

import itertools
import os
import random
from pathlib import Path

import numpy as np
import pytest

from imsearch_core import Collection, ImsearchError
from imsearch_core.labels import corrections as corrections_module
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.pictures import thumbnails
from imsearch_core.pictures.thumbnails import UNREADABLE, thumbnail_of
from imsearch_core.projection import Projection
from imsearch_core.words.glove import load_glove
from tests.colour_encoder import open_colours
from tests.conftest import draw_folder
from tests.faults.harm import LARGE

SEARCHES = ({}, {"engine": "annoy"}, {"focus": 284}, {"focus": 284, "strength": 0.5}, {"label": "red"})


def damaged(content: bytes, rng: random.Random) -> bytes:
    """The content of a file with one bit flipped, cut off, or with a piece of it zeroed."""
    start = rng.randrange(len(content))
    how = rng.choice(["flip", "flip", "cut", "zero"])
    if how == "cut":
        return content[:start]
    if how == "zero":
        return content[:start] + bytes(len(content[start : start + 64])) + content[start + 64 :]
    return content[:start] + bytes([content[start] ^ 1 << rng.randrange(8)]) + content[start + 1 :]


def answers(photos: Collection) -> list:
    """What the collection says to all kinds of searches; cosines to the digits that order does not change."""
    found = [photos.search("red/1.jpg", **search).results for search in SEARCHES]
    return [
        *([(r.file, r.label, pytest.approx(r.cosine, abs=1e-5)) for r in results] for results in found),
        [skipped.reason for skipped in photos.report.skipped],
    ]


@pytest.fixture
def photos(tmp_path) -> Path:
    folder = draw_folder(tmp_path / "photos")
    (folder / "red" / "broken.jpg").write_bytes(b"no picture")
    return folder


@pytest.mark.parametrize("large", [False, True], ids=["small store", "store with a compact copy"])
def test_damage_anywhere_in_a_store_changes_no_answer(photos, home, monkeypatch, rounds, large):
    monkeypatch.setattr("imsearch_core.vectors.quantised.QUANTISE_ABOVE", 1000 if large else LARGE * 1000)
    right = answers(open_colours(photos))
    kept = {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and path.name != "lock"}
    names = {"rows.sqlite", "embeddings-0.f32", "head.npz", "annoy-50-0.ann", "annoy-50-0.json"}
    stores = [path for path in kept if path.parent.name != "properties"]
    assert len(kept) == len(stores) + 1
    assert {path.name for path in stores} == names | (
        {"embeddings-0.i8", "embeddings-0.npz"} if large else set()
    )
    rng = random.Random(0)
    for path, _ in itertools.product(sorted(kept), range(4 * rounds)):
        for file, content in kept.items():
            file.write_bytes(content)
        path.write_bytes(damaged(kept[path], rng))
        assert patiently(photos) == right, path.name


def patiently(photos: Path) -> list:
    """What the collection answers, opened again each time that it asks for that."""
    for _ in range(4):
        try:
            return answers(open_colours(photos))
        except ImsearchError as error:
            if "open the folder again" not in str(error):
                raise
    raise AssertionError("it is never mended")


@pytest.mark.parametrize("seed", range(4))
def test_lost_embeddings_are_made_again_and_that_is_said(photos, home, seed):
    open_colours(photos)
    (matrix,) = home.rglob("embeddings-0.f32")
    flipped = bytearray(matrix.read_bytes())
    flipped[random.Random(seed).randrange(len(flipped))] ^= 4
    matrix.write_bytes(flipped)
    report = open_colours(photos).report
    assert report.embedded == 1
    assert report.notes == ("1 damaged embedding made again",)
    assert open_colours(photos).report.notes == ()


def test_damage_in_a_kept_map_gives_that_map_or_none(photos, home, rounds):
    neighbours = open_colours(photos).neighbour_map
    points = np.random.default_rng(0).random((12, 2), np.float32)
    neighbours._save(Projection(np.arange(12), points, 0.5))
    (path,) = home.rglob("neighbour-map.npz")
    whole, rng, lost = path.read_bytes(), random.Random(0), 0
    for _ in range(100 * rounds):
        path.write_bytes(damaged(whole, rng))
        made = open_map(photos).read() if lost < 3 else neighbours._load()
        lost += made is None
        assert made is None or (np.array_equal(made.points, points) and made.kept == 0.5)
    assert lost > 50


def open_map(photos: Path):
    return open_colours(photos).neighbour_map


def test_damage_in_a_kept_thumbnail_is_never_shown(photos, home, rounds):
    right = thumbnail_of(photos, "red/1.jpg", (1, 1, 1), 48)
    (path,) = (file for file in home.rglob("*.webp"))
    whole, rng = path.read_bytes(), random.Random(0)
    for _ in range(20 * rounds):
        path.write_bytes(damaged(whole, rng))
        thumbnails._latest.forget()
        assert thumbnail_of(photos, "red/1.jpg", (1, 1, 1), 48) == right
        assert path.read_bytes() == whole
    path.write_bytes(damaged(whole, rng))
    thumbnails._latest.forget()
    (photos / "red" / "1.jpg").unlink()
    assert thumbnail_of(photos, "red/1.jpg", (1, 1, 1), 48) == UNREADABLE


def test_damage_in_kept_judgements_of_labels_changes_none(photos, home, rounds):
    collection = open_colours(photos)
    right = collection.suspect_labels()
    (kept,) = collection.cache.glob("labels-*.npz")
    whole, rng = kept.read_bytes(), random.Random(0)
    for _ in range(4 * rounds):
        kept.write_bytes(damaged(whole, rng))
        assert collection.suspect_labels() == right


def test_damage_in_kept_words_is_read_from_their_file_again(tmp_path, home, rounds):
    vectors = np.random.default_rng(0).normal(size=(50, 8))
    lines = [" ".join([f"word{i}", *map(str, row)]) for i, row in enumerate(vectors)]
    path = tmp_path / "glove.txt"
    path.write_text("\n".join(lines), "utf-8")
    right = load_glove(path).table
    kept = [file for file in (home / "words" / "glove").rglob("*") if file.is_file()]
    assert len(kept) == 3
    rng = random.Random(0)
    for file, _ in itertools.product(kept, range(4 * rounds)):
        file.write_bytes(damaged(file.read_bytes(), rng))
        again = load_glove(path).table
        assert again.words == right.words
        assert np.array_equal(again.vectors, right.vectors)


def test_a_corrections_file_half_written_is_as_before_or_set_aside_whole(tmp_path, rounds):
    corrections = Corrections.of(tmp_path)
    decisions = {f"{i}.jpg": Decision(f"{i}.jpg", "cat", "dog", 0.5, Choice.ACCEPT) for i in range(200)}
    corrections.add(decisions.values())
    whole, rng = corrections.path.read_bytes(), random.Random(0)
    for turn in range(5 * rounds):
        content = whole[: rng.randrange(1, len(whole))] if turn % 2 else damaged(whole, rng)
        before = len(corrections.notes)
        corrections.path.write_bytes(content)
        os.utime(corrections.path, ns=(turn, turn))
        corrections_module._read.cache_clear()  # another process opens the folder
        found = corrections.decisions
        if len(corrections.notes) > before:
            assert found == {}
            kept = Path(corrections.notes[-1].rsplit(" ", 1)[-1])
            assert kept.read_bytes() == content
        else:
            assert not whole.startswith(content) or found == decisions
            # a bit of a name or a label cannot be told from what was typed
            assert len(found.keys() & decisions.keys()) >= 190
        corrections.decide_all([Decision("new.jpg", "cat", "dog", 0.5, Choice.ACCEPT)], "me")
        assert "new.jpg" in corrections.decisions


def test_any_flipped_bit_in_the_head_of_a_corrections_file_leaves_the_folder_usable(photos, rounds):
    """There stand the tables' names: with one letter wrong, no statement makes sense any more."""
    corrections = Corrections.of(photos)
    corrections.decide_all([Decision("red/1.jpg", "red", "rose", 0.5, Choice.ACCEPT)], "me")
    whole, rng = corrections.path.read_bytes(), random.Random(1)
    schema = whole.index(b"CREATE TABLE decisions")
    for _ in range(10 * rounds):
        content = bytearray(whole)
        content[rng.randrange(schema, schema + 700)] ^= 1 << rng.randrange(8)
        corrections.path.write_bytes(content)
        assert len(open_colours(photos).label_counts) in (3, 4)
