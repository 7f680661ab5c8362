"""How good it is on real photos with known contents; skipped where those photos are absent."""

import io
from dataclasses import fields

import numpy as np
import pytest
from PIL import Image

from imsearch_core import Collection
from imsearch_core.bench.focus import bench_focus
from imsearch_core.bench.labels import bench_labels
from imsearch_core.bench.words import ABSENT, bench_words
from imsearch_core.compare.evaluate import evaluate
from imsearch_core.datasets.builtin import PASCAL
from imsearch_core.progress import silent
from imsearch_core.ui.search.examples import WRITTEN, find_examples
from tests.conftest import REFERENCE
from tests.pictures.test_colour import ADOBE_RGB, PROPHOTO, in_profile

THE_TUTORIALS_QUERY = "bottle/2008_000112.jpg"  # a cat next to a bottle


@pytest.fixture(scope="module")
def voc20_home(tmp_path_factory):
    """Where the embeddings of voc20 are kept for this file."""
    return tmp_path_factory.mktemp("voc20-home")


@pytest.fixture(scope="module")
def photos(voc20, voc20_home):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMSEARCH_HOME", str(voc20_home))
        opened = Collection.open(voc20)
    assert opened.report.skipped == ()
    return opened


def showing(photos, results, label: str) -> int:
    """How many of the results show a class, in the foreground or elsewhere."""
    return sum(label in photos.item(result.file).all_labels for result in results)


@pytest.mark.parametrize("engine", ["exact", "annoy"])
def test_the_cat_next_to_a_bottle_finds_cats(photos, engine):
    assert showing(photos, photos.search(THE_TUTORIALS_QUERY, engine=engine).results, "cat") >= 8


@pytest.mark.parametrize("engine", ["exact", "annoy"])
def test_weighted_by_siamese_cat_it_finds_only_cats_and_more_that_are_labelled_cat(photos, engine):
    plain = photos.search(THE_TUTORIALS_QUERY, engine=engine).results
    weighted = photos.search(THE_TUTORIALS_QUERY, focus="Siamese cat", engine=engine).results
    assert showing(photos, weighted, "cat") == 9
    filed = [sum(result.label == "cat" for result in results) for results in (plain, weighted)]
    assert filed[0] < filed[1]


def test_the_examples_that_a_folder_is_shown_with_make_their_point(photos):
    examples = find_examples(photos, silent)
    index, label = examples.more_of
    plain, more = (
        photos.search(examples.opening, **how).results for how in ({}, {"focus": index, "strength": 0.5})
    )
    assert showing(photos, plain, examples.shows) == 9
    assert showing(photos, more, label) >= max(6, showing(photos, plain, label) + 3)
    for text, label in (examples.text, WRITTEN[PASCAL].text):
        found = photos.search_text(text)
        assert showing(photos, found.results, label) == 9
        assert found.likely  # or the page would say that none clearly shows it


def test_focus_finds_the_class_far_more_often_and_still_resembles_the_query(
    photos, voc20, voc20_home, monkeypatch
):
    monkeypatch.setenv("IMSEARCH_HOME", str(voc20_home))
    ways = bench_focus(voc20, with_crop=False)["ways"]
    by_name = {way.method: way for way in ways}
    plain, reweigh, focus = (by_name[name] for name in ("plain", "reweigh", "focus 0.5"))
    assert focus.precision >= reweigh.precision + 0.25
    assert focus.cosine >= 0.85 * plain.cosine
    assert by_name["focus 1"].precision >= by_name["logit alone"].precision


def test_words_find_photos_and_captions_their_own(photos, voc20, voc20_home, monkeypatch):
    monkeypatch.setenv("IMSEARCH_HOME", str(voc20_home))
    captions, absent = (
        REFERENCE / "reference" / "pascal_sentences.csv",
        ABSENT.read_text("utf-8").splitlines(),
    )
    bench = bench_words(voc20, captions, absent=absent)
    names, conse, devise, blend = bench["ways"]
    assert blend.class_precision >= 0.88
    assert blend.synonym_precision >= 0.9
    assert blend.recall[10] >= 0.28
    assert blend.tags >= 0.9
    assert blend.recall[10] > max(*(way.recall[10] for way in (names, conse, devise)))
    for row in bench["likely"]:
        if row.way in ("conse", "blend"):
            share = {field.name: _share(getattr(row, field.name)) for field in fields(row)[2:]}
            assert share["absent_phrases"] <= 0.1
            assert share["absent_sentences"] <= 0.11
            assert share["names"] >= (0.9 if row.pictures > 36 else 0.86)
            assert share["captions"] >= (0.9 if row.way == "blend" else 0.7)


def _share(count: tuple[int, int]) -> float:
    return count[0] / max(count[1], 1)


def test_planted_wrong_labels_are_found_better_than_by_a_probe_or_the_neighbours(
    photos, voc20, voc20_home, monkeypatch
):
    monkeypatch.setenv("IMSEARCH_HOME", str(voc20_home))
    bench = bench_labels(voc20)
    assert (bench["images"], bench["classes"]) == (394, 13)
    precision = {(row.planted, row.method): row.average_precision for row in bench["found"]}
    for planted, least in (("uniform", 0.94), ("look-alikes", 0.92)):
        assert precision[planted, "ours"] >= least
        assert precision[planted, "ours"] > precision[planted, "cleanlab on a probe"]
        assert precision[planted, "ours"] > precision[planted, "neighbour vote"]


def test_exact_and_annoy_agree_on_all_nine_neighbours(photos):
    for item in photos.items[::20]:
        exact, annoy = (photos.search(item.file, engine=engine).results for engine in ("exact", "annoy"))
        assert [r.file for r in exact] == [r.file for r in annoy]


def test_four_in_five_neighbours_share_a_class_and_more_if_refined_in_nearly_every_class(photos):
    plain, refined = evaluate(photos), evaluate(photos, "refined")
    assert plain.mean.queries == 681
    assert plain.mean.precision >= 0.79
    assert refined.mean.precision >= 0.83
    for label, figures in plain.per_class.items():
        assert refined.per_class[label].precision >= figures.precision - 0.02


@pytest.mark.parametrize(
    ("profile", "least"), [(PROPHOTO, 0.99), (ADOBE_RGB, 0.995)], ids=["ProPhoto", "Adobe RGB"]
)
def test_a_photo_stored_in_a_wide_colour_space_embeds_like_its_srgb_twin(photos, profile, least):
    for file in [item.file for item in photos.items[::85]]:
        with Image.open(photos.folder / file) as photo:
            stored = in_profile(photo.convert("RGB"), profile, "RGB")
        buffer = io.BytesIO()
        stored.save(buffer, "TIFF", icc_profile=profile)
        twin, other = photos.query(file).embedding, photos.query(buffer.getvalue()).embedding
        assert twin @ other / np.linalg.norm(twin) / np.linalg.norm(other) > least, file
