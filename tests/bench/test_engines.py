"""The engines side by side, on little."""

import importlib.util

import numpy as np
import pytest
from PIL import Image

from imsearch_core.bench import candidates, engines
from imsearch_core.bench.crops import crop_embeddings
from imsearch_core.bench.engines import bench_engines
from imsearch_core.bench.rivals import RIVALS, open_rival
from imsearch_core.bench.speed.synthetic import contents_of, made_up
from imsearch_core.cli.main import main
from imsearch_core.vectors.embeddings import Embeddings
from tests.colour_encoder import ColourEncoder


def test_hnsw_is_measured_beside_exact_search_and_through_change_filters_and_classes(monkeypatch):
    monkeypatch.setattr(
        engines, "ENGINES", engines.ENGINES | {"exact": ["exact"], "hnsw": ["hnsw", "hnsw:ef=32"]}
    )
    monkeypatch.setattr(candidates, "QUERIES", 5)
    figures = bench_engines(400, engines=("exact", "hnsw"))
    values = {figure.what: figure.value for figure in figures}
    assert values["exact: recall at 10"] == 1
    assert values["hnsw: recall at 10"] > 0.9
    assert values["hnsw: size"] > 400 * 1280 * 2 / 1e6
    assert "hnsw:ef=32: build" not in values  # it reads the same graph
    assert values["median query, exact ÷ hnsw"] == pytest.approx(
        values["exact: median query"] / values["hnsw: median query"]
    )
    assert values["hnsw: recall at 10, one in 100"] == 1
    assert values["hnsw: recall at 9, focus"] > 0.9
    assert {figure.n for figure in figures} == {400}


@pytest.mark.parametrize("rival", ["faiss-ivf:probes=9", "faiss-hnsw:ef=64", "hnswlib:ef=64"])
def test_rivals_find_most_neighbours_with_their_cosines_and_are_read_again(tmp_path, rival):
    if not importlib.util.find_spec(RIVALS[rival.partition(":")[0]]):
        pytest.skip("its library is not installed")
    embeddings = Embeddings(np.concatenate(list(made_up(300, 32))), np.arange(300))
    contents = contents_of(embeddings, tmp_path)
    for rival_index in (open_rival(rival, contents), open_rival(rival, contents)):
        items, cosines = rival_index.query(embeddings[7] * 2, 10)
        truth, exact = embeddings.nearest(embeddings[7], 10)
        assert items[0] == 7
        assert np.isin(items, truth).mean() > 0.8
        assert cosines[0] == pytest.approx(exact[0], abs=1e-5)


def test_crops_are_the_same_every_time_and_show_what_their_photo_shows(tmp_path):
    for name in ("blue", "red"):
        Image.new("RGB", (90, 60), name).save(tmp_path / f"{name}.png")
    first, again = (np.concatenate(list(crop_embeddings(tmp_path, 21, ColourEncoder()))) for _ in range(2))
    assert np.array_equal(first, again)
    assert first.shape == (21, 48)
    channels = first.reshape(21, 16, 3).mean(axis=1)
    assert (channels[::2, 2] > 0.5).all()
    assert (channels[1::2, 0] > 0.5).all()
    assert len({*channels[::2, 2].round(4)}) > 2  # brighter and darker


def test_an_engine_that_cannot_be_measured_is_refused_with_those_that_can(capsys):
    assert main(["bench", "engines", "--engine", "exact,scann"]) == 2
    assert "'scann' to measure: choose from exact, annoy, hnsw" in capsys.readouterr().err
