"""The facade: open a folder, search it, weight it, classify."""

import os
import shutil

import numpy as np
import pytest
from PIL import Image

from imsearch_core import Collection, ImsearchError, UsageError
from tests.colour_encoder import open_colours
from tests.conftest import draw


@pytest.fixture
def photos(pictures):
    shutil.copy(pictures / "red" / "1.jpg", pictures / "blue" / "copy.jpg")
    return open_colours(pictures)


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_folder_name_is_not_the_current_folder(name, pictures, monkeypatch):
    monkeypatch.chdir(pictures)
    with pytest.raises(UsageError, match="name is empty"):
        Collection.open(name)


def test_neighbours_are_ranked_by_cosine_without_the_query_itself(photos):
    found = photos.search("red/1.jpg", k=5)
    assert [r.rank for r in found.results] == [1, 2, 3, 4, 5]
    assert "red/1.jpg" not in [r.file for r in found.results]
    cosines = [r.cosine for r in found.results]
    assert cosines == sorted(cosines, reverse=True)
    assert all(r.score == r.cosine for r in found.results)
    assert (found.query.file, found.query.label) == ("red/1.jpg", "red")
    assert found.method == "plain"


def test_an_identical_copy_under_another_name_is_found_first(photos):
    first = photos.search("red/1.jpg").results[0]
    assert (first.file, first.label) == ("blue/copy.jpg", "blue")
    assert first.cosine == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("engine", ["exact", "annoy"])
def test_asking_for_more_than_there_are_gives_all_others(photos, engine):
    assert len(photos.search("red/1.jpg", k=500, engine=engine).results) == len(photos) - 1


@pytest.mark.parametrize("name", [284, "284", "n02123597", "Siamese cat", "siamese_CAT"])
def test_a_class_may_be_given_by_index_wnid_or_name(photos, name):
    found = photos.search("red/1.jpg", focus=name)
    assert (found.focus.index, found.method) == (284, "reweigh")


def test_weighted_search_gives_the_tutorials_cosines(photos):
    found = photos.search("red/1.jpg", k=20, focus=284)
    weighted = np.stack([photos.embeddings[i] for i in range(len(photos))]) * photos.head.weights[:, 284]
    unit = weighted / np.linalg.norm(weighted, axis=1, keepdims=True)
    query = [item.file for item in photos.items].index("red/1.jpg")
    expected = {item.file: cosine for item, cosine in zip(photos.items, unit @ unit[query], strict=True)}
    assert len(found.results) == len(photos) - 1
    for result in found.results:
        assert result.cosine == pytest.approx(expected[result.file], abs=1e-5)


@pytest.mark.parametrize("engine", ["exact", "annoy"])
def test_a_percentile_is_the_share_of_other_pictures_that_are_less_similar(photos, engine):
    query = photos.query("red/1.jpg")
    found = photos.search(query, k=20, engine=engine, unlike=["green/2.jpg"]).results
    query = photos.search(query, unlike=["green/2.jpg"]).query
    everywhere = np.delete(photos.embeddings.cosines_to(query.embedding), list(query.excluded))
    assert len(found) == len(everywhere)
    for result in found:
        less = np.count_nonzero(everywhere < result.cosine - 1e-6)
        assert result.percentile == pytest.approx(100 * less / (len(everywhere) - 1))


def test_percentiles_of_a_large_collection_are_counted_over_a_sample(photos, monkeypatch):
    monkeypatch.setattr("imsearch_core.search.ranking._SAMPLE", 6)
    few = open_colours(photos.folder)
    percentiles = [result.percentile for result in few.search("red/1.jpg", k=20).results]
    assert percentiles == sorted(percentiles, reverse=True)
    assert 3 < len(set(percentiles)) <= 7
    assert percentiles == [r.percentile for r in few.search("red/1.jpg", k=20, engine="annoy").results]


@pytest.mark.parametrize("method", ["reweigh", "focus"])
def test_conditioned_search_is_the_same_through_every_engine(photos, method):
    exact, annoy = (
        photos.search("red/1.jpg", focus=5, method=method, engine=engine).results
        for engine in ("exact", "annoy")
    )
    assert exact == annoy


def test_a_strength_asks_for_the_method_focus_and_0_is_the_plain_search(photos):
    found = photos.search("red/1.jpg", focus=284, strength=0)
    assert (found.method, found.strength) == ("focus", 0)
    assert found.results == photos.search("red/1.jpg").results


@pytest.mark.parametrize("way", [{}, {"focus": 284}, {"focus": 284, "strength": 0.5}, {"engine": "annoy"}])
def test_with_a_label_only_pictures_that_bear_it_are_found(photos, way):
    found = photos.search("red/1.jpg", label="green", **way)
    assert sorted(r.file for r in found.results) == [f"green/{i}.jpg" for i in range(4)]
    everything = photos.search("red/1.jpg", k=100, **way).results
    assert [r.file for r in found.results] == [r.file for r in everything if r.label == "green"]


@pytest.mark.parametrize("form", ["name", "loose name", "path", "relative path", "bytes", "image", "query"])
def test_a_query_may_be_a_name_or_a_path_or_a_picture(photos, form, monkeypatch):
    monkeypatch.chdir(photos.folder.parent)
    path = photos.folder / "green" / "2.jpg"
    source = {
        "name": "green/2.jpg",
        "loose name": "./green//../green/2.jpg",
        "path": path,
        "relative path": f"{photos.folder.name}/green/2.jpg",
        "bytes": path.read_bytes(),
        "image": Image.open(path),
        "query": photos.query("green/2.jpg"),
    }[form]
    found = photos.search(source, k=3)
    assert found.query.item == (None if form in ("bytes", "image") else 7)
    files = [r.file for r in found.results]
    if form in ("bytes", "image"):
        assert files[0] == "green/2.jpg"
        assert found.results[0].cosine == pytest.approx(1, abs=1e-3)
    else:
        assert "green/2.jpg" not in files


def test_a_picture_from_elsewhere_finds_the_one_that_equals_it(photos, tmp_path):
    draw(12).save(tmp_path / "elsewhere.png")  # drawn as green/2.jpg was
    found = photos.search(tmp_path / "elsewhere.png")
    assert found.results[0].file == "green/2.jpg"
    assert found.query.label is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"query": "red/9.jpg"}, "neither a picture"),
        ({"query": "red/1.jpg", "k": 0}, "at least 1"),
        ({"query": "red/1.jpg", "focus": "Siamese kat"}, "Siamese cat"),
        ({"query": "red/1.jpg", "focus": 1000}, "0 to 999"),
        ({"query": "red/1.jpg", "engine": "faiss"}, "exact, annoy"),
        ({"query": "red/1.jpg", "label": "gren"}, "blue, green, red"),
        ({"query": "red/1.jpg", "method": "magic"}, "plain, refined, reweigh, focus"),
        ({"query": "red/1.jpg", "method": "focus"}, "class"),
        ({"query": "red/1.jpg", "focus": 3, "strength": 1.5}, "from 0 to 1"),
        ({"query": "red/1.jpg", "focus": 3, "method": "reweigh", "strength": 0.5}, "strength"),
        ({"query": "red/1.jpg", "method": "reweigh"}, "class"),
        ({"query": "red/1.jpg", "focus": 3, "method": "plain"}, "class"),
    ],
)
def test_a_wrong_request_is_refused_with_a_remedy(photos, arguments, message):
    with pytest.raises(UsageError, match=message):
        photos.search(**arguments)


def test_a_broken_query_picture_is_named_with_the_reason(photos, tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(ImsearchError, match=r"broken\.jpg: not a picture"):
        photos.search(tmp_path / "broken.jpg")


def test_classes_come_most_probable_first_and_agree_with_the_network(photos):
    stored = photos.classify("red/1.jpg", k=1000)
    probabilities = [p.probability for p in stored]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-4)
    anew = photos.classify((photos.folder / "red/1.jpg").read_bytes(), k=3)
    assert [p.index for p in anew] == [p.index for p in stored[:3]]


def test_the_collection_knows_its_labels(photos):
    assert photos.label_counts == {"blue": 5, "green": 4, "red": 4}
    assert "red/1.jpg" in photos
    assert photos.item("red/1.jpg").given_label == "red"
    with pytest.raises(UsageError, match=r"red/9\.jpg"):
        photos.item("red/9.jpg")


def test_a_flat_folder_has_no_labels_and_can_be_searched(tmp_path):
    for i in range(3):
        draw(i).save(tmp_path / f"{i}.png")
    photos = open_colours(tmp_path)
    assert photos.label_counts == {None: 3}
    assert photos.search("0.png").results[0].label is None


def test_collections_of_different_encoders_are_not_mixed(pictures, home):
    photos = Collection.open(pictures)
    assert photos.report.embedded == 12
    stores = list(home.glob("embeddings/*/*"))
    assert [store.name for store in stores] == ["efficientnet-lite0-57934424"]
    with pytest.raises(UsageError, match="efficientnet-lite0"):
        Collection.open(photos.folder, encoder="vgg19")


def test_the_example_in_the_package_works(photos, monkeypatch, tmp_path):
    """The facade as imsearch_core's docstring shows it, on a folder of that name."""
    import imsearch_core

    (tmp_path / "my-photos" / "bottle").mkdir(parents=True)
    for i in range(12):
        draw(i).save(tmp_path / "my-photos" / "bottle" / f"{i:04}.jpg")
    monkeypatch.chdir(tmp_path)
    source = [line[4:] for line in imsearch_core.__doc__.splitlines() if line.startswith(">>> ")]
    namespace = {}
    for line in source[:-1]:
        exec(line, namespace)
    results = eval(source[-1], namespace)
    assert len(source) == 4
    assert len(results) == 9


def test_an_opening_that_found_nothing_new_is_as_the_one_before(tmp_path):
    (tmp_path / "red").mkdir()
    for seed, name in enumerate("ab"):
        draw(seed).save(tmp_path / "red" / f"{name}.png")
    before = open_colours(tmp_path)
    assert before.is_as(open_colours(tmp_path))
    (tmp_path / "red" / "b.png").rename(tmp_path / "red" / "c.png")
    assert not before.is_as(open_colours(tmp_path))


def test_an_opening_is_the_earlier_one_until_a_file_or_the_store_changes(pictures):
    first = Collection.open(pictures)
    assert Collection.open(pictures, earlier=first) is first
    os.utime(pictures / "red" / "0.jpg", ns=(1, 1))
    second = Collection.open(pictures, earlier=first)
    assert second is not first
    assert Collection.open(pictures, earlier=second) is second
    (pictures / "labels.csv").write_text("file,label\nred/0.jpg,blue\n")
    relabelled = Collection.open(pictures, earlier=second)
    assert relabelled.item("red/0.jpg").given_label == "blue"
    assert Collection.open(pictures, earlier=relabelled, force=True) is not relabelled
    assert Collection.open(pictures, earlier=relabelled) is not relabelled  # embedded again meanwhile


@pytest.mark.parametrize("file", ["rows.sqlite", "embeddings-0.f32", "head.npz"])
def test_an_opening_whose_store_was_damaged_since_is_not_used_again(pictures, file):
    first = Collection.open(pictures)
    content = (first.cache / file).read_bytes()
    (first.cache / file).write_bytes(content[: len(content) // 2])
    again = Collection.open(pictures, earlier=first)
    assert again is not first
    assert len(again) == 12


def test_an_opening_that_could_not_read_a_picture_is_not_used_once_that_can_be_read(pictures):
    (pictures / "link.jpg").symlink_to(pictures.parent / "elsewhere.jpg")
    first = Collection.open(pictures)
    assert len(first) == 12
    draw(50).save(pictures.parent / "elsewhere.jpg")
    assert len(Collection.open(pictures, earlier=first)) == 13
