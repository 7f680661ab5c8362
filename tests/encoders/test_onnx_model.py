"""Models in the hub's ONNX layout: the same embeddings as by `transformers`, and helpful errors."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

from imsearch_core import Collection
from imsearch_core.compare.approaches.embeddings import Embedded
from imsearch_core.encoders import TextEncoder, find_preset, fingerprint, load_encoder, missing_files
from imsearch_core.encoders import onnx_model as family
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.pictures.decode import open_image
from tests.conftest import draw
from tests.encoders.hub_models import HUB_MODELS, PICTURES, expected
from tests.test_imports import modules_after

HEAVY = frozenset({"onnxruntime", "tokenizers", "tensorflow", "keras"})


def named(model: str) -> str:
    return f"path:{HUB_MODELS / model}"


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)


def embedded(name: str, files: list[Path]) -> np.ndarray:
    encoder = load_encoder(name)
    return encoder.embed(np.stack([encoder.preset.prepare(encoder.preset.open(file)) for file in files]))


@pytest.fixture
def model(tmp_path):
    """A copy of the tiny CLIP, to damage."""
    return Path(shutil.copytree(HUB_MODELS / "clip", tmp_path / "clip"))


@pytest.mark.parametrize("model", ["clip", "siglip", "dinov2"])
def test_pictures_of_any_shape_and_mode_are_embedded_as_by_transformers(model):
    reference = expected(model)["pictures"]
    found = embedded(named(model), [PICTURES / file for file in reference])
    assert cosines(found, np.array(list(reference.values()))).min() >= 0.9999
    assert (
        cosines(found[:-1], found[1:]).max() < 0.99
    )  # the pictures differ, so the comparison says something


@pytest.mark.parametrize("model", ["clip", "siglip"])
def test_texts_empty_long_and_in_any_script_are_embedded_as_by_transformers(model):
    texts, reference = zip(*expected(model)["texts"], strict=True)
    found = load_encoder(named(model)).embed_texts(texts)
    assert {"", "日本の猫"} <= set(texts)
    assert max(map(len, texts)) > 500
    assert cosines(found, np.array(reference)).min() >= 0.9999
    assert cosines(found[:-1], found[1:]).max() < 0.99


@pytest.mark.parametrize("model", ["clip", "siglip"])
def test_a_text_is_embedded_the_same_alone_as_beside_a_longer_one(model):
    encoder = load_encoder(named(model))
    alone, beside = encoder.embed_texts(["a cat"])[0], encoder.embed_texts(["a cat", "snow " * 30])[0]
    assert np.abs(alone - beside).max() < 1e-4 * np.abs(alone).max()


def test_a_large_picture_is_reduced_no_further_than_the_embedding_bears(tmp_path):
    preset = find_preset(named("siglip"))
    draw(4, (1600, 1200)).save(tmp_path / "large.jpg", quality=95)
    reduced = preset.open(tmp_path / "large.jpg")
    assert 10 * 32 <= min(reduced.size) < 1200
    whole = preset.prepare(open_image(tmp_path / "large.jpg")).astype(int)
    assert np.abs(preset.prepare(reduced) - whole).max() <= 2


def test_a_model_with_a_text_tower_says_so_before_it_is_loaded():
    assert [find_preset(named(name)).text for name in ("clip", "siglip", "dinov2")] == [True, True, False]
    assert isinstance(load_encoder(named("clip")), TextEncoder)
    assert not isinstance(load_encoder(named("dinov2")), TextEncoder)
    assert load_encoder(named("clip")).head is None


def test_a_folder_is_indexed_and_searched_by_picture_and_the_stored_embeddings_are_used_again():
    first = Collection.open(PICTURES, named("clip"))
    assert first.report.embedded == len(expected("clip")["pictures"])
    again = Collection.open(PICTURES, named("clip"))
    assert again.report.reused == first.report.embedded
    assert again.classes.available  # from texts
    assert again.search("odd.png", k=3).results == first.search("odd.png", k=3).results


def test_the_approaches_are_compared_with_a_models_own_preparation():
    photos = Collection.open(PICTURES, named("siglip"))
    approach = Embedded(photos, list(photos.items))
    assert approach.prepare() > 0
    assert approach.scores(0).argmax() == 0


def test_browsing_what_is_indexed_and_saying_what_is_missing_imports_nothing_heavy():
    Collection.open(PICTURES, named("clip"))
    lines = (
        "import imsearch_core.encoders as e",
        "assert e.missing_files(e.find_preset('clip-vit-b32')).megabytes == 608",
        "from imsearch_core import Collection",
        f"photos = Collection.open({str(PICTURES)!r}, {named('clip')!r})",
        "assert photos.report.embedded == 0",
        "photos.search('odd.png')",
    )
    assert modules_after(*lines, among=HEAVY) == set()


@pytest.mark.parametrize("preset", family.PRESETS, ids=lambda preset: preset.name)
def test_a_preset_says_what_it_costs_and_where_its_files_belong(preset, home):
    missing = missing_files(find_preset(preset.name))
    assert missing.folder.is_relative_to(home)
    assert missing.megabytes == preset.megabytes > 0
    assert missing.licence == preset.licence
    assert f"{preset.megabytes} MB" in str(missing)
    assert any(name.endswith("_quantized.onnx") for name in missing.files) == preset.name.endswith(":int8")
    assert any("text_model" in name for name in missing.files) == preset.text


def test_nothing_is_fetched_by_opening_a_folder(monkeypatch):
    monkeypatch.setattr(family.HubModel, "fetch", lambda *_: pytest.fail("asked the network"))
    with pytest.raises(
        ImsearchError, match="mobileclip-s0 must be fetched once \\(218 MB, licence: Apple"
    ) as raised:
        Collection.open(PICTURES, "mobileclip-s0")
    assert raised.value.missing.encoder == "mobileclip-s0"


def test_files_put_in_place_by_hand_are_used(home):
    folder = home / "models" / "Xenova" / "dinov2-small"
    shutil.copytree(HUB_MODELS / "dinov2", folder)
    assert missing_files(find_preset("dinov2-small")) is None
    assert np.array_equal(
        embedded("dinov2-small", [PICTURES / "odd.png"]), embedded(named("dinov2"), [PICTURES / "odd.png"])
    )


def test_a_precision_is_part_of_the_name_and_of_the_fingerprint(model):
    shutil.copy(model / "onnx" / "vision_model.onnx", model / "onnx" / "vision_model_quantized.onnx")
    full, int8 = find_preset(f"path:{model}"), find_preset(f"path:{model}:int8")
    assert (full.text, int8.text) == (True, False)
    assert int8.name == f"{full.name}:int8"
    assert fingerprint(full) != fingerprint(int8)


def test_the_fingerprint_holds_the_hash_of_every_file_used(model):
    name = f"path:{model}"
    before = fingerprint(find_preset(name))
    assert set(before["files"]) == {
        "config.json",
        "onnx/text_model.onnx",
        "onnx/vision_model.onnx",
        "preprocessor_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    for file in before["files"]:
        content = (model / file).read_bytes()
        changed = onnx.load_from_string(content) if file.endswith(".onnx") else None
        if changed:
            changed.doc_string = "changed"
        (model / file).write_bytes(changed.SerializeToString() if changed else content + b"\n")
        after = fingerprint(find_preset(name))
        assert {other for other in before["files"] if before["files"][other] != after["files"][other]} == {
            file
        }
        assert before["weights"] != after["weights"]
        before = after


def test_a_moved_model_keeps_its_fingerprint(model, tmp_path):
    before = fingerprint(find_preset(f"path:{model}"))
    (tmp_path / "elsewhere").mkdir()
    moved = model.rename(tmp_path / "elsewhere" / "clip")
    assert fingerprint(find_preset(f"path:{moved}")) == before


def test_a_replaced_model_is_loaded_anew(model):
    before = load_encoder(f"path:{model}").fingerprint
    config = json.loads((model / "preprocessor_config.json").read_text())
    (model / "preprocessor_config.json").write_text(json.dumps(config | {"resample": 2}))
    assert load_encoder(f"path:{model}").fingerprint != before


def test_weights_beside_a_graph_are_part_of_the_model(model):
    path = model / "onnx" / "vision_model.onnx"
    graph = onnx.load(path)
    onnx.save(graph, path, save_as_external_data=True, location="vision_model.onnx_data", size_threshold=0)
    assert "onnx/vision_model.onnx_data" in fingerprint(find_preset(f"path:{model}"))["files"]
    file = PICTURES / "odd.png"
    assert np.array_equal(embedded(f"path:{model}", [file]), embedded(named("clip"), [file]))


def test_damaged_facts_are_found_out_again(model, home):
    before = fingerprint(find_preset(f"path:{model}"))
    (kept,) = (home / "model-facts").iterdir()
    kept.write_text('{"stamps": 7}')
    assert fingerprint(find_preset(f"path:{model}")) == before


@pytest.mark.parametrize(
    "name", ["path:/nowhere", "hub:nobody", "hub:a/b/c", "hub:../../etc", "clip-vit-b32:int4"]
)
def test_a_name_that_cannot_be_meant_is_refused(name):
    with pytest.raises(UsageError):
        find_preset(name)


def test_weights_of_another_kind_are_refused_with_what_to_write_instead(tmp_path):
    (tmp_path / "own.h5").write_bytes(b"1")
    with pytest.raises(UsageError, match="--encoder path:FOLDER"):
        load_encoder(named("clip"), tmp_path / "own.h5")


def refused(name: str, doing=lambda encoder: encoder.embed_texts(["a"])) -> str:
    with pytest.raises(ImsearchError) as raised:
        doing(load_encoder(name))
    return str(raised.value)


def test_a_folder_without_a_model_is_refused_with_the_file_that_is_missing(tmp_path):
    reason = refused(f"path:{tmp_path}")
    assert f"{tmp_path / 'preprocessor_config.json'} does not exist" in reason
    assert "onnx/vision_model.onnx" in reason


def test_a_missing_precision_is_told_with_those_that_are_there(model):
    reason = refused(f"path:{model}:fp16")
    assert "vision_model_fp16.onnx" in reason
    assert "vision_model.onnx: name another precision" in reason


def test_a_text_tower_without_its_tokenizer_is_refused(model):
    (model / "tokenizer.json").unlink()
    assert f"{model / 'tokenizer.json'} does not exist" in refused(f"path:{model}")


@pytest.mark.parametrize(
    ("gone", "missing"),
    [
        (["onnx/text_model.onnx"], "onnx/text_model.onnx is missing in {}; put it there"),
        (
            ["onnx/text_model.onnx", "tokenizer.json"],
            "onnx/text_model.onnx and tokenizer.json are missing in {}; put them there",
        ),
    ],
)
def test_a_missing_text_tower_is_told_with_where_it_belongs(model, gone, missing):
    for file in gone:
        (model / file).unlink()
    preset = find_preset(f"path:{model}")
    assert not preset.text
    for sentence in (preset.without_words, preset.description):
        assert sentence.endswith(f"cannot read texts: {missing.format(model)}")


@pytest.mark.parametrize("config", [None, {"model_type": "clip_vision_model"}])
def test_a_model_that_is_for_pictures_alone_is_not_said_to_lack_anything(model, config):
    (model / "onnx" / "text_model.onnx").unlink()
    (model / "config.json").unlink()
    if config:
        (model / "config.json").write_text(json.dumps(config))
    preset = find_preset(f"path:{model}")
    assert preset.without_words.endswith("pictures alone: it knows neither classes nor words")
    assert "It has no text tower" in preset.description


@pytest.mark.parametrize("file", ["onnx/vision_model.onnx", "onnx/text_model.onnx", "tokenizer.json"])
def test_a_truncated_file_is_named_with_what_to_do(model, file):
    content = (model / file).read_bytes()
    (model / file).write_bytes(content[: len(content) // 2])
    reason = refused(f"path:{model}")
    assert str(model / file) in reason
    assert "etch it again" in reason


def test_a_graph_of_both_towers_in_one_is_refused(model):
    shutil.copy(model / "onnx" / "text_model.onnx", model / "onnx" / "vision_model.onnx")
    assert "asks for the input input_ids" in refused(f"path:{model}")


def test_a_graph_for_pictures_of_another_size_is_told_with_the_size_given(model):
    path = model / "preprocessor_config.json"
    config = json.loads(path.read_text())
    smaller = {"size": {"shortest_edge": 24}, "crop_size": {"height": 24, "width": 24}}
    path.write_text(json.dumps(config | smaller))
    assert "vision_model.onnx cannot be used with pixel_values [1, 3, 24, 24]" in refused(f"path:{model}")


def test_a_graph_in_the_place_of_the_text_tower_is_refused(model):
    shutil.copy(model / "onnx" / "vision_model.onnx", model / "onnx" / "text_model.onnx")
    assert "text_model.onnx asks for the input pixel_values" in refused(f"path:{model}")


def test_a_missing_package_is_told_with_the_line_that_installs_it(model, monkeypatch):
    find_spec = family.require.__globals__["find_spec"]
    monkeypatch.setitem(
        family.require.__globals__, "find_spec", lambda name: name != "tokenizers" and find_spec(name)
    )
    assert "pip install tokenizers" in refused(f"path:{model}")
