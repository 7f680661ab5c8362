"""What encoders compute on, and how many pictures they take at a time. No GPU is needed: one is feigned."""

import os

import numpy as np
import onnxruntime
import pytest

from imsearch_core.encoders import device, load_encoder
from imsearch_core.encoders.device import PROCESSORS, Device, batch_size, device_of, providers
from imsearch_core.encoders.onnx_graph import Graph
from tests.colour_encoder import ColourEncoder, open_colours

CARD = Device("NVIDIA A10G", 23028 << 20)


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """A function that has NVIDIA's tool say something; there is none before."""
    monkeypatch.setenv("PATH", str(tmp_path))
    device._gpu.cache_clear()

    def says(text: str) -> None:
        tool = tmp_path / "nvidia-smi"
        tool.write_text(f"#!/bin/sh\necho '{text}'\n")
        tool.chmod(0o755)

    yield says
    device._gpu.cache_clear()


@pytest.mark.skipif(os.name == "nt", reason="the feigned tool is a shell script")
def test_a_gpu_that_tensorflow_sees_is_named_with_its_memory(driver, monkeypatch):
    encoder = load_encoder()
    assert device_of(encoder) == PROCESSORS
    monkeypatch.setattr("tensorflow.config.list_physical_devices", lambda kind: [kind])
    driver("NVIDIA A10G, 23028")
    assert device_of(encoder) == CARD


@pytest.mark.parametrize("said", [None, "", "no devices were found"])
def test_a_gpu_of_another_maker_is_used_in_small_batches(driver, monkeypatch, said):
    monkeypatch.setattr("tensorflow.config.list_physical_devices", lambda kind: [kind])
    if said is not None:
        driver(said)
    assert device.tensorflow_device() == Device("GPU")
    assert batch_size(Device("GPU"), workers=3, least=8) == 8


def test_onnx_runtime_takes_cuda_first_where_it_is_and_never_another_provider():
    assert providers(["TensorrtExecutionProvider", "CPUExecutionProvider", "CUDAExecutionProvider"]) == [
        "CUDAExecutionProvider",
        "CPUExecutionProvider",
    ]
    assert providers(onnxruntime.get_available_providers()) == ["CPUExecutionProvider"]


@pytest.mark.skipif(os.name == "nt", reason="the feigned tool is a shell script")
def test_a_graph_says_what_it_really_runs_on(driver, monkeypatch):
    class Session:
        def __init__(self, path, options, wanted):
            self.used = wanted

        def get_providers(self):
            return self.used

    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    monkeypatch.setattr(
        onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"]
    )
    driver("NVIDIA A10G, 23028")
    graph = Graph("a.onnx")
    assert graph.device == CARD
    graph._loaded.used = ["CPUExecutionProvider"]  # CUDA's libraries were not found
    assert graph.device == PROCESSORS


@pytest.mark.parametrize(
    ("gigabytes", "workers", "pictures"), [(0, 3, 8), (1, 8, 8), (4, 8, 16), (24, 8, 96), (80, 3, 256)]
)
def test_the_batch_grows_with_the_memory_of_the_gpu(gigabytes, workers, pictures):
    memory = gigabytes << 30 or None
    assert batch_size(Device("some", memory), workers, least=8) == pictures


def test_a_folder_is_embedded_in_the_batches_of_the_device_which_is_named(pictures, monkeypatch):
    sizes = []

    class OnCard(ColourEncoder):
        device = Device("some card", 80 << 30)

        def embed(self, images: np.ndarray) -> np.ndarray:
            sizes.append(len(images))
            return super().embed(images)

    monkeypatch.setattr("tests.colour_encoder.ColourEncoder", OnCard)
    monkeypatch.setattr("imsearch_core.store.sync._PROCESSORS", 1)
    report = open_colours(pictures).report
    assert sizes == [12]
    assert (report.embedded, report.device) == (12, "some card")
    assert open_colours(pictures).report.device == ""
