"""Fetching a model from a server that speaks the hub's paths, with faults."""

import hashlib
import shutil
import subprocess
import sys

import huggingface_hub.constants
import numpy as np
import pytest

from imsearch_core import download
from imsearch_core.encoders import fetch, find_preset, load_encoder, missing_files
from imsearch_core.errors import ImsearchError
from tests.conftest import ROOT
from tests.encoders.hub_models import HUB_MODELS, PICTURES, publish
from tests.local_site import Site

NAME = "hub:someone/clip"
VISION = "/someone/clip/resolve/main/onnx/vision_model.onnx"
FILES = {
    "config.json",
    "onnx/text_model.onnx",
    "onnx/vision_model.onnx",
    "preprocessor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
}


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A mirror of the hub with one model."""
    site = Site()
    publish(site, "someone/clip", "clip")
    monkeypatch.setenv("HF_ENDPOINT", site.url)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(download, "ATTEMPTS", 1)
    yield site
    site.close()


def fetched(home) -> set[str]:
    """The whole files that have arrived."""
    folder = home / "models" / "someone" / "clip"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in files if ".unchecked" not in path.name}


def test_saying_what_is_missing_asks_no_network(hub):
    assert missing_files(find_preset(NAME))
    assert missing_files(find_preset("siglip-base:int8"))
    assert hub.described == hub.requests == []


def test_a_model_is_fetched_with_progress_in_bytes_and_then_used(hub, home):
    assert missing_files(find_preset(NAME)).megabytes is None
    seen = []
    fetch(NAME, lambda done, total: seen.append((done, total)))
    total = sum(map(len, hub.files.values()))
    assert seen[0] == (0, total)
    assert seen[-1] == (total, total)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert fetched(home) == FILES
    assert missing_files(find_preset(NAME)) is None
    assert find_preset(NAME).text
    assert load_encoder(NAME).embed_texts(["a"]).shape == (1, 16)


def test_what_is_here_is_not_fetched_again(hub):
    fetch(NAME)
    asked = len(hub.requests)
    fetch(NAME)
    assert len(hub.requests) == asked


def test_a_model_of_pictures_alone_is_fetched_without_a_text_tower(hub):
    publish(hub, "someone/dino", "dinov2")
    fetch("hub:someone/dino")
    assert not find_preset("hub:someone/dino").text


def test_an_interrupted_download_goes_on_where_it_stopped(hub, home):
    hub.faults = {VISION: ["truncated", "500"]}
    with pytest.raises(ImsearchError, match="What has arrived is kept"):
        fetch(NAME)
    assert fetched(home) == FILES - {"onnx/vision_model.onnx"}
    assert missing_files(find_preset(NAME)).files == ("onnx/vision_model.onnx",)
    asked = len(hub.requests)
    fetch(NAME)
    assert hub.requests[asked:] == [VISION]
    assert hub.ranges[-1] == f"bytes={len(hub.files[VISION]) // 2}-"
    assert fetched(home) == FILES


def test_a_file_that_is_not_on_the_hub_is_named_with_what_to_do(hub, home):
    del hub.files[VISION]
    with pytest.raises(ImsearchError) as raised:
        fetch(NAME)
    assert "someone/clip has no onnx/vision_model.onnx or onnx/model.onnx on the hub" in str(raised.value)
    assert str(home / "models" / "someone" / "clip") in str(raised.value)
    assert fetched(home) == set()


def test_a_preset_needs_its_text_tower(hub):
    publish(hub, "Xenova/mobileclip_s0", "dinov2")
    with pytest.raises(ImsearchError, match=r"mobileclip_s0 has no tokenizer\.json on the hub"):
        fetch("mobileclip-s0")


def test_a_missing_precision_is_told_before_anything_is_fetched(hub):
    with pytest.raises(ImsearchError, match=r"has no onnx/vision_model_fp16\.onnx .* whether there is fp16"):
        fetch(f"{NAME}:fp16")
    assert hub.requests == []


def test_a_file_with_another_hash_is_deleted_and_named(hub, home):
    hub.hashes[VISION] = "0" * 64
    with pytest.raises(ImsearchError, match=r"vision_model\.onnx arrived damaged"):
        fetch(NAME)
    assert "onnx/vision_model.onnx" not in fetched(home)
    hub.hashes[VISION] = hashlib.sha256(hub.files[VISION]).hexdigest()
    fetch(NAME)
    assert fetched(home) == FILES


def test_a_page_in_place_of_a_file_is_not_taken_for_it(hub, home):
    hub.faults = {VISION: ["html"]}
    with pytest.raises(ImsearchError, match=r"vision_model\.onnx arrived damaged"):
        fetch(NAME)
    assert "onnx/vision_model.onnx" not in fetched(home)


def test_a_server_that_is_away_is_told_with_where_files_belong(hub, home, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(ImsearchError) as raised:
        fetch("clip-vit-b32:int8")
    assert "cannot be reached" in str(raised.value)
    assert "onnx/vision_model_quantized.onnx" in str(raised.value)
    assert str(home / "models" / "Xenova" / "clip-vit-base-patch32") in str(raised.value)


def test_the_hubs_offline_mode_forbids_fetching(hub, monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ImsearchError, match="HF_HUB_OFFLINE"):
        fetch(NAME)
    assert hub.requests == []


def test_a_model_in_the_hubs_own_cache_is_used(hub, tmp_path):
    kept = tmp_path / "cache" / "models--someone--clip"
    shutil.copytree(HUB_MODELS / "clip", kept / "snapshots" / "abc")
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("abc")
    assert missing_files(find_preset(NAME)) is None
    assert load_encoder(NAME).embed_texts(["a"]).shape == (1, 16)
    assert hub.requests == []


def test_the_command_line_says_what_it_fetches_and_then_works(hub, home):
    publish(hub, "Xenova/clip-vit-base-patch32", "clip")
    command = [sys.executable, "-m", "imsearch_core", "search", str(PICTURES), "--query", "odd.png"]
    run = subprocess.run([*command, "--encoder", "clip-vit-b32"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "clip-vit-b32 must be fetched once (608 MB, licence: MIT)" in run.stderr
    assert "grey.png" in run.stdout
    assert np.isfinite(load_encoder("clip-vit-b32").embed_texts(["a"])).all()
