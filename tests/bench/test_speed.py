"""The speed measurements, on little: what they compare does the same on both sides."""

import numpy as np
import onnx
import pytest
from PIL import Image

from imsearch_core.bench.figures import Figure
from imsearch_core.bench.machine import machine
from imsearch_core.bench.speed import (
    PARTS,
    comparing,
    decoding,
    embedding,
    explorer,
    onnx_clip,
    onnx_mobileclip,
    sentences,
    uploads,
)
from imsearch_core.bench.speed.charts import draw_charts
from imsearch_core.bench.speed.synthetic import contents_of, made_up
from imsearch_core.cli.main import main
from imsearch_core.compare.engines import measure_engines
from imsearch_core.encoders import load_encoder
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.sampling import random_sample
from tests.encoders.hub_models import HUB_MODELS


@pytest.mark.parametrize(("goal", "met"), [("≥ 15", True), ("≤ 1.3", False), ("", None)])
def test_a_figure_knows_whether_its_goal_is_met(goal, met):
    assert Figure("ours", 20, "×", goal).met is met


def test_growth_is_measured_and_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(comparing, "_REPEATS", 1)
    figures = comparing.run((200, 400))
    values = {(figure.what, figure.n): figure.value for figure in figures}
    assert values["recall at 10 against float32", 200] == 1
    assert values["disk", 400] - values["disk", 200] > 200 * 4 * 1280 / 1e9
    assert all(value > 0 for value in values.values())
    engines = [
        Figure(f"annoy:trees={t}: {w}", 0.5, "") for t in (1, 2) for w in ("recall at 10", "median query")
    ]
    draw_charts({"c": figures, "d": engines}, tmp_path)
    for name in ("growth.png", "engines.png"):
        with Image.open(tmp_path / name) as picture:
            assert picture.width > 600


def test_the_explorer_is_started_and_clicked_on_alone_and_in_company(monkeypatch):
    for name, value in {"_PICTURES": 12, "_CLICKS": 2, "_OTHERS": 1, "_THINKING": 0.2}.items():
        monkeypatch.setattr(explorer, name, value)
    start, *clicks = explorer.run()
    assert [figure.unit for figure in (start, *clicks)] == ["s"] * 5
    assert 0 < clicks[0].value <= clicks[1].value


def test_models_with_a_text_tower_are_measured_at_both_precisions(monkeypatch):
    little = {
        "_SIDE": 64,
        "_TOKENS": 9,
        "_VOCABULARY": 50,
        "_LAYERS": 1,
        "_VISION_WIDTH": 64,
        "_TEXT_WIDTH": 64,
    }
    for name, value in little.items():
        monkeypatch.setattr(onnx_clip, name, value)
    little |= {"_WIDTHS": (8, 16, 16, 32), "_DEPTHS": (1, 1, 1, 1)}
    for name in little.keys() - {"_LAYERS", "_VISION_WIDTH"}:
        monkeypatch.setattr(onnx_mobileclip, name, little[name])
    for module, name, value in (
        (sentences, "_IMAGES", 12),
        (sentences, "_TEXTS", 1),
        (embedding, "_REPEATS", 1),
    ):
        monkeypatch.setattr(module, name, value)
    figures = sentences.run()
    assert [figure.unit for figure in figures] == [*["images/s", "images/s", "×", "ms"] * 2, ""] * 2
    assert all(figure.value > 0 for figure in figures)
    assert ["int8" in figure.what for figure in figures] == ([False] * 4 + [True] * 5) * 2
    assert all(figure.value > 0.98 for figure in figures[8::9])


def test_a_text_of_any_length_means_the_same_whatever_it_is_padded_to(tmp_path, monkeypatch):
    for name, value in {"_SIDE": 32, "_VOCABULARY": 50, "_LAYERS": 2}.items():
        monkeypatch.setattr(onnx_clip, name, value)
    onnx_clip.write_clip(tmp_path / "model")
    encoder = load_encoder(f"path:{tmp_path / 'model'}")
    alone = encoder.embed_texts(["a photo of a cat"])
    beside_a_longer_one = encoder.embed_texts(["a photo of a cat", "a cat of a photo of a cat of a cat"])
    np.testing.assert_allclose(beside_a_longer_one[:1], alone, atol=1e-5)


def test_int8_weights_are_signed_but_in_graphs_that_convolve(tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_clip, "_VOCABULARY", 50)
    monkeypatch.setattr(onnx_clip, "_LAYERS", 1)
    onnx_clip.write_clip(tmp_path / "model")
    for name, kind in (("vision_model", onnx.TensorProto.UINT8), ("text_model", onnx.TensorProto.INT8)):
        graph = onnx.load(tmp_path / "model" / "onnx" / f"{name}_quantized.onnx").graph
        products = {node.input[1] for node in graph.node if node.op_type == "MatMulInteger"}
        assert {weights.data_type for weights in graph.initializer if weights.name in products} == {kind}


def test_engines_are_compared_with_exact_search_and_bear_the_cost_of_what_they_share():
    embeddings = Embeddings(np.concatenate(list(made_up(3000, 64))), np.arange(3000))
    engines = [
        "exact",
        "exact:precision=int8",
        "annoy:trees=3,search_nodes=10",
        "annoy:trees=3,search_nodes=9999",
    ]
    rows = measure_engines(engines, contents_of(embeddings, None), random_sample(3000, 20))
    exact, int8, hasty, thorough = rows
    assert exact.recall == int8.recall == 1
    assert hasty.recall < thorough.recall
    assert thorough.recall > 0.95
    assert (hasty.build_seconds, hasty.megabytes) == (thorough.build_seconds, thorough.megabytes)
    assert hasty.megabytes > 0.5 > exact.megabytes


def test_made_up_embeddings_are_non_negative_sparse_and_clustered():
    rows = np.concatenate(list(made_up(12_000, 32)))
    assert rows.shape == (12_000, 32)
    assert rows.min() == 0
    assert 0.2 < (rows == 0).mean() < 0.9


def test_onnx_runtime_computes_the_very_embeddings():
    from imsearch_core.bench.speed.onnx_lite import lite_graph, onnx_session

    images = np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3), np.uint8)
    assert np.abs(onnx_session(lite_graph())(images) - load_encoder().embed(images)).max() < 1e-3


def test_pillow_and_simplejpeg_decode_the_same_pixels(monkeypatch):
    monkeypatch.setattr(decoding, "_REPEATS", 1)
    monkeypatch.setattr(decoding, "_SIDES", {"little": (500, 375)})
    pillow, simple, ratio = (figure.value for figure in decoding.run())
    assert ratio == pytest.approx(pillow / simple)


def test_the_first_upload_loads_the_encoder_and_later_ones_are_quick(monkeypatch):
    little = {"_ENCODER": f"path:{HUB_MODELS / 'clip'}", "_STORED": 12, "_UPLOADS": 3, "_PROCESSES": 1}
    for name, value in little.items():
        monkeypatch.setattr(uploads, name, value)
    first, _, warm, quick, slow = (figure.value for figure in uploads.run())
    assert quick <= warm <= slow < 1000 * first


def test_a_part_that_is_none_is_refused(capsys):
    assert main(["bench", "speed", "--part", "a,x"]) == 2
    assert ", ".join(PARTS) in capsys.readouterr().err


def test_the_machine_is_named():
    assert {"system", "processors", "numpy"} <= set(machine())
