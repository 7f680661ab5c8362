"""The measurements, on a part of the illustrated set: what they claim holds there too."""

import csv
from collections import defaultdict

import numpy as np
import pytest
from PIL import Image

from imsearch_core import Collection, UsageError
from imsearch_core.bench import retrieval
from imsearch_core.bench.different import bench_different
from imsearch_core.bench.focus import bench_focus
from imsearch_core.bench.labels import bench_labels
from imsearch_core.bench.map import bench_map
from imsearch_core.bench.words import DRAWS, SIZES, bench_words
from imsearch_core.compare import approaches
from imsearch_core.compare.approaches import bench_approaches
from imsearch_core.encoders.imagenet import imagenet_indices
from tests.conftest import ROOT, copy_illustrated, draw


@pytest.fixture(scope="module")
def drawn_home(tmp_path_factory):
    """A home beside six illustrated pictures of each class."""
    folder = tmp_path_factory.mktemp("drawn-home")
    copy_illustrated(folder / "illustrated", per_class=6)
    return folder


@pytest.fixture
def drawings(drawn_home, monkeypatch):
    monkeypatch.setenv("IMSEARCH_HOME", str(drawn_home))
    return Collection.open(drawn_home / "illustrated")


def test_heat_maps_peak_inside_the_object_of_four_scenes_in_five(drawings):
    objects = defaultdict(list)
    with (drawings.folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            objects[row["file"]].append(row)
    inside = []
    for file, (truth, *others) in list(objects.items())[::2]:
        if others:
            continue
        right = set(imagenet_indices(truth["class"]))
        recognised = [c.index for c in drawings.classify(file) if c.index in right]
        if not recognised:
            continue
        size = np.array(drawings.open_image(file).size)
        x, y = drawings.heat_map(file, recognised[0]).peak * size
        x0, y0, x1, y1 = (int(truth[name]) for name in ("x0", "y0", "x1", "y1"))
        inside.append(x0 <= x <= x1 and y0 <= y <= y1)
    assert len(inside) > 20
    assert np.mean(inside) >= 0.8


def test_the_refined_similarity_finds_more_of_the_class_and_its_losses_are_measured(drawings, monkeypatch):
    for name, value in (("ENCODERS", ("efficientnet-lite0",)), ("COPIED", 10), ("ALTERED", 4), ("_DRAWS", 1)):
        monkeypatch.setattr(retrieval, name, value)
    plain, refined = retrieval.bench_retrieval(drawings.folder)
    assert (plain.method, refined.method) == ("plain", "refined")
    assert refined.mean.average_precision > plain.mean.average_precision
    assert plain.exact_copies_first == 1
    assert plain.altered_copies_first.keys() == retrieval.ALTERATIONS.keys()
    label, change = refined.largest_loss
    before, after = (way.per_class[label].precision for way in (plain, refined))
    assert change == after - before
    assert all(
        one.precision - plain.per_class[name].precision >= change for name, one in refined.per_class.items()
    )
    for way in (plain, refined):
        assert way.mean.queries == len(drawings)
        assert all(0 <= share <= 1 for share in (way.rare_found, *way.altered_copies_first.values()))
    assert plain.altered_copies_first["mirrored"] >= 0.75


def test_focus_beats_reweighing_and_every_way_is_measured(drawings):
    measured = bench_focus(drawings.folder)
    by_name = {way.method: way for way in measured["ways"]}
    assert measured["cases"] > 15
    assert list(by_name) == [
        "plain", "reweigh", "focus 0.25", "focus 0.5", "focus 0.75", "focus 1", "crop", "logit alone",
    ]  # fmt: skip
    assert by_name["focus 0.5"].precision > by_name["reweigh"].precision
    assert by_name["focus 1"].cosine < by_name["focus 0.5"].cosine < by_name["plain"].cosine
    for way in measured["ways"]:
        low, high = way.precision_interval
        assert low <= way.precision <= high


def test_a_folder_without_several_classes_in_a_picture_cannot_be_measured(pictures):
    with pytest.raises(UsageError, match="several classes"):
        bench_focus(pictures)


def test_the_neighbour_map_keeps_far_more_than_pca_and_both_more_than_chance(drawings):
    measured = bench_map(drawings.folder)
    by_pca, neighbours = measured["maps"]
    assert measured["chance"] < by_pca.kept < neighbours.kept <= 1
    assert neighbours.kept > 0.4
    assert 0.5 < by_pca.trustworthiness < neighbours.trustworthiness <= 1


def test_a_handful_of_pictures_gives_no_measurement_of_maps(pictures):
    with pytest.raises(UsageError, match="19 are needed"):
        bench_map(pictures)


@pytest.fixture
def eager():
    """Keras takes each step as it is: making a graph of it takes longer than a few steps do."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.usefixtures("eager")
@pytest.mark.filterwarnings("ignore:Even though the `tf.config:UserWarning")
def test_a_pair_network_passes_once_per_picture_and_only_a_classifier_is_trained_again(tmp_path, monkeypatch):
    monkeypatch.setattr(approaches, "_HALVINGS", 0)
    monkeypatch.setattr("imsearch_core.compare.approaches.pairs._STEPS", 5)
    monkeypatch.setattr("imsearch_core.compare.approaches.classifier._MOST_EPOCHS", 5)
    for i in range(24):
        path = tmp_path / "made" / ("patches" if i < 12 else "plain") / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = draw(i) if i < 12 else Image.new("RGB", (96, 72), (20 * i - 240, 128, 128))
        picture.save(path)
    steps = []
    measured = list(bench_approaches(Collection.open(path.parents[1]), lambda *step: steps.append(step)))
    assert [m.pictures for m in measured] == [24] * 3
    assert steps == [(done, 3) for done in range(4)]
    classifier, pairs, embeddings = measured[-3:]
    assert (classifier.passes, pairs.passes, embeddings.passes) == (1, 24, 0)
    assert classifier.add_seconds == classifier.prepare_seconds
    assert pairs.add_seconds == 0
    assert embeddings.add_seconds < classifier.add_seconds
    assert embeddings.query_seconds < pairs.query_seconds
    assert embeddings.precision > 0.8
    assert all(0 <= m.precision <= 1 for m in measured)


def test_a_handful_of_pictures_is_too_few_to_compare_approaches(pictures):
    with pytest.raises(UsageError, match="at least 20"):
        list(bench_approaches(Collection.open(pictures)))


def test_words_find_pictures_and_pictures_words(drawings, tmp_path):
    captions = tmp_path / "captions.csv"
    rows = [f"{item.file},A {item.given_label} by itself.|" for item in drawings.items[::20]]
    rows.append("elsewhere.jpg,A cat.")
    captions.write_text("\n".join(["file,captions", *rows]), "utf-8")
    absent = ("typewriter", "qwxyzzy", "A monk rings a bell.")
    bench = bench_words(drawings.folder, captions, absent=absent)
    names, conse, devise, blend = bench["ways"]
    assert [way.way for way in (names, conse, devise, blend)] == ["names", "conse", "devise", "blend"]
    assert {way.table for way in (names, conse, devise, blend)} == {"the built-in table"}
    assert "person" in conse.classes
    assert conse.class_precision > 0.5  # 6 of 9 are as good as it gets
    assert conse.tags > names.tags
    assert blend.class_precision > 0.5
    for way in (names, conse, devise, blend):
        assert 0 <= way.tags <= 1
        assert way.recall[10] == 1  # of six photos, one's own is among the first ten
    by_size = {(row.way, row.pictures): row for row in bench["likely"]}
    sizes = [size for size in SIZES if size < len(drawings)]
    assert list(by_size) == [(way.way, size) for way in bench["ways"] for size in (*sizes, len(drawings))]
    for (_, size), row in by_size.items():
        draws = 1 if size == len(drawings) else DRAWS
        assert row.absent_phrases[1] == row.absent_sentences[1] == draws  # the other phrase is no word
        assert row.absent_classes[1] > 0 or size >= 100  # so many show every class
        for likely, all_ in (
            row.absent_phrases,
            row.absent_sentences,
            row.absent_classes,
            row.names,
            row.likely_right,
            row.captions,
        ):
            assert 0 <= likely <= all_
    assert by_size["conse", len(drawings)].names[1] > 15


def test_a_text_tower_is_measured_by_its_own_texts(tmp_path, pictures):
    encoder = f"path:{ROOT / 'tests' / 'encoders' / 'hub_models' / 'clip'}"
    photos = Collection.open(pictures, encoder)
    captions = {item.file: f"patches number {i}" for i, item in enumerate(photos.items)}
    rows = ["file,captions", *(f"{file},{caption}" for file, caption in captions.items())]
    (tmp_path / "captions.csv").write_text("\n".join(rows), "utf-8")
    ranks = []
    for file, caption in captions.items():
        cosines = photos.phrases.cosines_to(photos.phrases.query(caption).vector)
        order = np.argsort(-cosines, kind="stable")
        ranks.append(order.tolist().index(photos.contents.item_of[file]))
    (tower,) = bench_words(pictures, tmp_path / "captions.csv", encoder=encoder)["ways"]
    assert (tower.table, tower.way) == (photos.encoder_name, "phrase")
    assert tower.recall == {k: pytest.approx(np.mean(np.array(ranks) < k)) for k in (1, 5, 10)}


def test_captions_in_another_shape_are_refused(drawings, tmp_path):
    (tmp_path / "captions.csv").write_text("picture,text\na.jpg,A cat\n", "utf-8")
    with pytest.raises(UsageError, match="columns file and captions"):
        bench_words(drawings.folder, tmp_path / "captions.csv")


def test_pictures_made_to_be_different_are_hardly_ever_taken_for_copies(drawings):
    pictures, _, processors, memory, groups = bench_different(drawings.folder, 500)
    assert pictures.value == 500
    assert processors.met
    assert memory.met
    assert groups.value < 10


def test_a_folder_with_too_few_pictures_of_a_class_cannot_show_how_labels_are_found(pictures):
    with pytest.raises(UsageError, match="two classes with 10 pictures each"):
        bench_labels(pictures)
