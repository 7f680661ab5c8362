"""The refined similarity: what it computes, what is kept on disk, and how searches use it."""

import shutil

import numpy as np
import pytest

from imsearch_core import ImsearchError, UsageError
from imsearch_core.search import refined
from imsearch_core.search.query import Region
from imsearch_core.search.refined import augmented, centred, rooted
from imsearch_core.vectors.neighbours import nearest
from tests.colour_encoder import open_colours
from tests.conftest import draw


@pytest.fixture
def many(tmp_path):
    """40 pictures in two classes."""
    for number in range(40):
        folder = tmp_path / "many" / ("a" if number < 20 else "b")
        folder.mkdir(parents=True, exist_ok=True)
        draw(number % 35).save(folder / f"{number:02}.png")
    return tmp_path / "many"


@pytest.fixture
def compared(monkeypatch):
    """How many rows were compared with all others, one entry for each time."""
    counts = []

    def counted(unit, k, progress, of=None):
        counts.append(len(unit) if of is None else len(of))
        return nearest(unit, k, progress, of)

    monkeypatch.setattr("imsearch_core.vectors.neighbours.nearest", counted)
    return counts


@pytest.fixture
def large(monkeypatch):
    """Every collection counts as large."""
    monkeypatch.setattr("imsearch_core.search.refined_files.is_large", lambda size: True)


def everything(photos) -> np.ndarray:
    return photos.refined.make().embeddings.rows(np.arange(len(photos)))


def by_definition(photos, mean=None) -> np.ndarray:
    """The refined embeddings, computed step by step for one picture after the other."""
    roots = [
        np.sign(x) * np.sqrt(np.abs(x) / np.abs(x).sum())
        for x in photos.embeddings.rows(np.arange(len(photos)))
    ]
    mean = np.mean(roots, axis=0) if mean is None else mean
    unit = np.array([(root - mean) / np.linalg.norm(root - mean) for root in roots])
    cosines = unit @ unit.T
    result = []
    for row in cosines:
        near = np.argsort(-row, kind="stable")[:10]  # itself included
        sums = (np.maximum(row[near], 0)[:, None] ** 2 * unit[near]).sum(axis=0)
        result.append(sums / np.linalg.norm(sums))
    return np.array(result)


def test_each_picture_is_the_weighted_mean_of_its_ten_nearest(many):
    photos = open_colours(many)
    np.testing.assert_allclose(everything(photos), by_definition(photos), atol=1e-5)


def test_the_root_keeps_signs_zeros_and_length():
    root = rooted(np.float32([[4, -1, 0, 4], [0, 0, 0, 0]]))
    np.testing.assert_allclose(root, [[2 / 3, -1 / 3, 0, 2 / 3], [0, 0, 0, 0]], atol=1e-6)
    assert centred(np.zeros((1, 2), np.float32), np.zeros(2, np.float32)).tolist() == [[0, 0]]


def test_neighbours_that_point_away_do_not_count():
    row, near = np.float32([[1, 0]]), np.float32([[[0.6, 0.8], [-1, 0]]])
    mixed = augmented(row, near, np.float32([[0.6, -1]]))[0]
    expected = np.array([1 + 0.36 * 0.6, 0.36 * 0.8])
    np.testing.assert_allclose(mixed, expected / np.linalg.norm(expected), atol=1e-6)


def test_the_order_follows_the_refined_score_and_the_cosines_are_plain(many):
    photos = open_colours(many)
    query = photos.items[3].file
    found = photos.search(query, 39, method="refined")
    space = by_definition(photos)
    scores = np.delete(space @ space[3], 3)
    np.testing.assert_allclose([result.score for result in found], -np.sort(-scores), atol=1e-5)
    cosine_of = {result.file: result.cosine for result in photos.search(query, 39)}
    assert {result.file: pytest.approx(result.cosine, abs=1e-6) for result in found} == cosine_of
    assert [result.file for result in found] != list(cosine_of)
    assert (found.method, found.focus, found.strength) == ("refined", None, None)
    plain_percentiles = {result.file: result.percentile for result in photos.search(query, 39)}
    assert {result.file: result.percentile for result in found} == plain_percentiles


def test_a_plain_search_stays_the_default_and_makes_nothing(many):
    photos = open_colours(many)
    assert photos.search(photos.items[0].file).method == "plain"
    assert photos.refined.read() is None


def test_a_label_filters_before_ranking(many):
    photos = open_colours(many)
    every = [result.file for result in photos.search("a/00.png", 39, method="refined")]
    filtered = [result.file for result in photos.search("a/00.png", 9, method="refined", label="b")]
    assert filtered == [file for file in every if file.startswith("b/")][:9]


def test_an_upload_a_region_and_pictures_for_and_against_can_be_searched_with(many):
    photos = open_colours(many)
    upload = (many / "a" / "05.png").read_bytes()
    assert photos.search(upload, method="refined").results[0].file == "a/05.png"
    part = photos.query("a/05.png", Region(0, 0, 0.5, 1))
    whole = [result.file for result in photos.search("a/05.png", method="refined")]
    assert [result.file for result in photos.search(part, method="refined")] != whole
    moved = photos.search("a/05.png", method="refined", like=["b/30.png"], unlike=["a/06.png"])
    assert {"a/05.png", "b/30.png", "a/06.png"}.isdisjoint(result.file for result in moved)
    assert len(moved) == 9
    assert photos.search(upload, 3, method="refined", label="b").results[0].file.startswith("b/")


def test_a_class_and_the_refined_similarity_exclude_each_other(many):
    with pytest.raises(UsageError, match="refined take none"):
        open_colours(many).search("a/00.png", method="refined", focus="Siamese cat")


@pytest.mark.parametrize("count", [1, 2, 5])
def test_collections_of_few_pictures_are_searched_too(tmp_path, count):
    for number in range(count):
        draw(number).save(tmp_path / f"{number}.png")
    photos = open_colours(tmp_path)
    assert len(photos.search("0.png", method="refined")) == count - 1


def test_what_was_made_is_read_again_and_nothing_compared(many, compared):
    first = everything(open_colours(many))
    photos = open_colours(many)
    assert photos.refined.read() is not None
    np.testing.assert_array_equal(everything(photos), first)
    assert compared == [40]


def test_after_adding_pictures_only_they_are_compared_with_all_and_the_result_is_as_made_anew(many, compared):
    mean = open_colours(many).refined.make().mean
    for number in (50, 51):
        draw(number).save(many / "b" / f"{number}.png")
    photos = open_colours(many)
    assert photos.refined.read() is None
    np.testing.assert_allclose(everything(photos), by_definition(photos, mean), atol=1e-5)
    assert compared == [40, 2]


def test_after_removing_and_changing_pictures_the_result_is_as_made_anew(many, compared):
    mean = open_colours(many).refined.make().mean
    (many / "a" / "03.png").unlink()
    draw(77).save(many / "a" / "04.png")
    (many / "b" / "39.png").rename(many / "a" / "000.png")
    photos = open_colours(many)
    np.testing.assert_allclose(everything(photos), by_definition(photos, mean), atol=1e-5)
    assert compared[0] == 40
    assert compared[1] < 39


def test_once_most_pictures_are_new_the_mean_is_taken_anew(many, compared):
    open_colours(many).refined.make()
    for number in range(100, 145):
        draw(number).save(many / "b" / f"{number}.png")
    photos = open_colours(many)
    np.testing.assert_allclose(everything(photos), by_definition(photos), atol=1e-5)
    assert compared == [40, 85]


def test_once_most_pictures_are_gone_the_mean_is_taken_anew(many):
    open_colours(many).refined.make()
    shutil.rmtree(many / "b")
    (many / "a" / "00.png").unlink()
    photos = open_colours(many)
    np.testing.assert_allclose(everything(photos), by_definition(photos), atol=1e-5)


@pytest.mark.parametrize("harmed", ["refined.npz", "refined-*.f32"])
@pytest.mark.parametrize("harm", [lambda content: content[: len(content) // 2], lambda content: b""])
def test_a_damaged_file_is_made_anew(many, harmed, harm):
    photos = open_colours(many)
    expected = everything(photos)
    path = next(photos.cache.glob(harmed))
    path.write_bytes(harm(path.read_bytes()))
    np.testing.assert_allclose(everything(open_colours(many)), expected, atol=1e-6)


def test_a_changed_byte_is_noticed(many):
    photos = open_colours(many)
    expected = everything(photos)
    path = next(photos.cache.glob("refined-*.f32"))
    content = bytearray(path.read_bytes())
    content[1000] ^= 0x40
    path.write_bytes(content)
    np.testing.assert_allclose(everything(open_colours(many)), expected, atol=1e-6)


def test_a_large_collection_is_compared_by_a_compact_copy(many, large):
    photos = open_colours(many)
    space = photos.refined.make()
    assert [path.suffix for path in sorted(photos.cache.glob("refined-*"))] == [".f32", ".i8", ".npz"]
    items, scores = space.nearest_to_item(0, 9, None)
    expected = by_definition(photos)
    np.testing.assert_allclose(scores, -np.sort(-(expected @ expected[0]))[:9], atol=1e-5)
    np.testing.assert_allclose(scores, (expected @ expected[0])[items], atol=1e-5)


def test_damage_in_a_large_collection_is_named_when_it_is_read_and_mended_at_the_next_opening(many, large):
    photos = open_colours(many)
    photos.refined.make()
    path = next(photos.cache.glob("refined-*.f32"))
    content = bytearray(path.read_bytes())
    content[0] ^= 0x40
    path.write_bytes(content)
    with pytest.raises(ImsearchError, match="open the folder again"):
        open_colours(many).search("a/00.png", method="refined")
    assert len(open_colours(many).search("a/00.png", method="refined")) == 9


def test_only_the_latest_is_kept(many):
    for number in (50, 51):
        open_colours(many).refined.make()
        draw(number).save(many / "b" / f"{number}.png")
    photos = open_colours(many)
    photos.refined.make()
    assert len([*photos.cache.glob("refined-*")]) == 1
    assert (photos.cache / str(np.load(photos.cache / "refined.npz")["matrix"])).exists()


def test_where_nothing_can_be_kept_it_serves_this_process(many, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(refined, "save", full)
    photos = open_colours(many)
    assert len(photos.search("a/00.png", method="refined")) == 9
    np.testing.assert_allclose(everything(photos), by_definition(photos), atol=1e-5)
    assert not [*photos.cache.glob("refined-*")]


def test_of_many_pictures_they_are_made_by_another_process(many, compared, monkeypatch):
    monkeypatch.setattr(refined, "EXACT_UP_TO", 20)
    photos, told = open_colours(many), []
    made = photos.refined.make(lambda done, total: told.append((done, total)))
    assert compared == []
    assert told[-1] == (3000, 3000)
    np.testing.assert_allclose(made.embeddings.rows(np.arange(40)), by_definition(photos), atol=1e-5)
