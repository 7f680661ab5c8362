"""Keras classifiers with random weights, their files, and downloads from a local server.

Keras is imported only where it is used, so that processes that run other tests need not start TensorFlow.
"""

import gc
import hashlib
import importlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from imsearch_core.encoders import Encoder, Preset, find_preset, fingerprint, keras_applications, load_encoder
from imsearch_core.encoders.base import centre_crop
from imsearch_core.encoders.keras_applications import _classifier, _encoder, load
from imsearch_core.errors import ImsearchError, UsageError
from tests.conftest import draw

if TYPE_CHECKING:
    import keras

pytestmark = [
    # Keras warns for each part of a foreign file that it passes over, before it refuses the file.
    pytest.mark.filterwarnings("ignore:Skipping nested container:UserWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras"),
]

SMALL = "efficientnetv2-b0"

# A network of each module of keras.applications, and what its preset must say, written down once more:
# Keras's module, embedding length, pixels. Only VGG16 is built in full: the others have few blocks.
NETWORKS = {
    "vgg16": ("vgg16", 4096, 224),
    "resnet50v2": ("resnet_v2", 2048, 224),
    "efficientnetv2-b0": ("efficientnet_v2", 1280, 224),
    "convnext-tiny": ("convnext", 768, 224),
}


@pytest.fixture(autouse=True)
def nothing_of_the_users(tmp_path, monkeypatch):
    """Weights in the real user's Keras cache, and a proxy, must not take part."""
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "user"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def shallow(preset: Preset) -> "keras.Model":
    """The preset's classifier with few blocks: what comes before and after them is the same."""
    from keras.src.applications import convnext, efficientnet_v2, resnet

    def residual_blocks(x):
        x = resnet.stack_residual_blocks_v2(x, 64, 2, name="conv2")
        return resnet.stack_residual_blocks_v2(x, 512, 2, name="conv5")

    match preset.name:
        case "convnext-tiny":
            return convnext.ConvNeXt((1, 1, 1, 1), (96, 192, 384, 768), weights=None)
        case "resnet50v2":
            return resnet.ResNet(residual_blocks, True, True, weights=None)
        case "efficientnetv2-b0":
            return efficientnet_v2.EfficientNetV2(1, 0.1, 224, name=preset.name, weights=None)
    return _classifier(preset)


@pytest.fixture(scope="module")
def small():
    """A small network with random weights."""
    import keras

    keras.utils.set_random_seed(0)
    return shallow(find_preset(SMALL))


@pytest.fixture
def built_once(small, monkeypatch) -> None:
    """The small network is not built anew for each file that it refuses."""
    monkeypatch.setattr(keras_applications, "_classifier", lambda preset: small)


@pytest.fixture
def built_shallow(monkeypatch) -> None:
    monkeypatch.setattr(keras_applications, "_classifier", shallow)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_preset_names_a_network_of_its_module_and_takes_its_preprocessing(name):
    import keras

    options = find_preset(name).options
    network = getattr(keras.applications, options["model"])
    assert options["module"] == NETWORKS[name][0]
    assert getattr(getattr(keras.applications, options["module"]), network.__name__) is network


@pytest.fixture(scope="module")
def own(small, tmp_path_factory) -> Path:
    """A weights file as Keras saves it today."""
    path = tmp_path_factory.mktemp("weights") / "own.weights.h5"
    small.save_weights(path)
    return path


def assert_like_the_classifier(encoder: Encoder, classifier: "keras.Model") -> None:
    """Logits are compared: random networks may find all classes about equally probable."""
    import keras

    module, dimension, size = NETWORKS[encoder.preset.name]
    images = np.stack([centre_crop(draw(seed, (500, 400)), size, size) for seed in range(2)])
    embeddings = encoder.embed(images)
    assert embeddings.shape == (2, dimension)
    assert embeddings.dtype == np.float32
    logits = encoder.head.logits(embeddings)

    preprocess = importlib.import_module(f"keras.applications.{module}").preprocess_input
    classifier.layers[-1].activation = keras.activations.linear
    expected = np.asarray(classifier(preprocess(images.astype(np.float32)), training=False))
    spread = expected.std(axis=-1, keepdims=True)
    np.testing.assert_allclose(logits / spread, expected / spread, atol=0.01)
    assert np.abs(expected[0] - expected[1]).max() > 0.1 * spread.max()


@pytest.mark.parametrize("name", [name for name in NETWORKS if name != SMALL])
def test_embedding_and_head_together_are_the_keras_classifier(name):
    import keras

    keras.utils.set_random_seed(1)
    classifier = shallow(find_preset(name))
    assert_like_the_classifier(_encoder(find_preset(name), None, classifier), classifier)
    if name == "vgg16":  # half a gigabyte
        keras.utils.clear_session()
        del classifier
        gc.collect()


@pytest.mark.usefixtures("built_shallow")
def test_own_weights_are_loaded_from_their_file(small, own):
    encoder = load_encoder(SMALL, own)
    kernel, bias = small.layers[-1].get_weights()
    np.testing.assert_array_equal(encoder.head.weights, kernel)
    np.testing.assert_array_equal(encoder.head.bias, bias)
    assert_like_the_classifier(encoder, small)
    assert encoder.fingerprint == fingerprint(find_preset(SMALL), own)
    assert encoder.fingerprint != fingerprint(find_preset(SMALL))
    assert load_encoder(SMALL, str(own)) is encoder


def refusal(name: str, weights: Path) -> str:
    with pytest.raises(ImsearchError) as raised:
        load_encoder(name, weights)
    return str(raised.value)


@pytest.mark.usefixtures("built_once")
@pytest.mark.parametrize("part", [0.0, 0.5, 0.99])
def test_a_truncated_weights_file_is_refused_naming_file_and_encoder(own, tmp_path, part):
    content = own.read_bytes()
    path = tmp_path / "cut.weights.h5"
    path.write_bytes(content[: int(part * len(content))])
    assert refusal(SMALL, path).startswith(f"{path} does not hold weights for {SMALL}: ")


@pytest.mark.usefixtures("built_once")
@pytest.mark.parametrize("name", ["weights.txt", "text.h5", "text.keras"])
def test_a_file_without_weights_is_refused_naming_file_and_encoder(tmp_path, name):
    path = tmp_path / name
    path.write_text("not weights\n" * 100)
    assert refusal(SMALL, path).startswith(f"{path} does not hold weights for {SMALL}: ")


def test_a_file_with_the_published_name_but_other_content_is_refused_naming_both_hashes(own, tmp_path):
    path = tmp_path / find_preset(SMALL).weights_file
    path.write_bytes(own.read_bytes())
    message = refusal(SMALL, path)
    assert message.startswith(f"{path} is not the published {path.name}: its md5 is ")
    assert hashlib.md5(own.read_bytes()).hexdigest() in message
    assert find_preset(SMALL).weights_hash in message


@pytest.mark.parametrize("missing", ["nowhere.h5", "."])
def test_a_weights_file_that_does_not_exist_is_refused_by_name(tmp_path, missing):
    with pytest.raises(UsageError) as raised:
        load_encoder(SMALL, tmp_path / missing)
    assert str(raised.value) == f"the weights file {tmp_path / missing} does not exist"


def tiny_classifier(_: Preset) -> "keras.Model":
    """A network with the small one's input and output, made in no time: what is fetched matters here."""
    import keras

    images = keras.Input((224, 224, 3))
    grid = keras.layers.Conv2D(1280, 1, 32)(images)
    return keras.Model(images, keras.layers.Dense(1000)(keras.layers.GlobalAveragePooling2D()(grid)))


@pytest.mark.usefixtures("built_once")
def test_weights_of_another_network_are_refused_naming_file_and_encoder(tmp_path):
    path = tmp_path / "tiny.weights.h5"
    tiny_classifier(find_preset(SMALL)).save_weights(path)
    assert refusal(SMALL, path).startswith(f"{path} does not hold weights for {SMALL}: ")


@dataclass
class Server:
    """A local web server that gives `content` for any path, after what `failures` holds."""

    content: bytes
    kernel: np.ndarray
    """float32 [1280, 1000]: what the content has for the last layer."""
    url: str = ""
    failures: list[str] = field(default_factory=list)
    requests: int = 0


@pytest.fixture
def server(monkeypatch, tmp_path) -> Iterator[Server]:
    monkeypatch.setattr(keras_applications, "_classifier", tiny_classifier)
    published = tiny_classifier(find_preset(SMALL))
    published.save_weights(tmp_path / "published.weights.h5")
    kernel, _ = published.layers[-1].get_weights()
    state = Server((tmp_path / "published.weights.h5").read_bytes(), kernel)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state.requests += 1
            failure = state.failures.pop(0) if state.failures else None
            if failure == "404":
                self.send_error(404)
                return
            self.send_response(200)
            if failure != "aborted, length unknown":
                self.send_header("Content-Length", str(len(state.content)))
            self.end_headers()
            self.wfile.write(state.content[: len(state.content) // 2] if failure else state.content)

        def log_message(self, *_):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{http.server_port}/weights/own.weights.h5"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def served(server) -> Preset:
    """The small preset, its published file being the one that `server` gives."""
    return replace(
        find_preset(SMALL),
        url=server.url,
        weights_file="own.weights.h5",
        weights_hash=hashlib.md5(server.content).hexdigest(),
    )


def assert_has(encoder: Encoder, kernel: np.ndarray) -> None:
    np.testing.assert_array_equal(encoder.head.weights, kernel)


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_published_weights_are_downloaded_once(server, served, home, algorithm):
    preset = replace(served, weights_hash=hashlib.new(algorithm, server.content).hexdigest())
    for _ in range(2):
        assert_has(load(preset, None), server.kernel)
    assert server.requests == 1
    assert [path.name for path in (home / "weights").iterdir()] == ["own.weights.h5"]
    assert (home / "weights" / "own.weights.h5").read_bytes() == server.content


def test_a_file_put_where_the_download_would_go_is_used(server, served, home):
    (home / "weights").mkdir()
    (home / "weights" / "own.weights.h5").write_bytes(server.content)
    assert_has(load(served, None), server.kernel)
    assert server.requests == 0


def keras_cache(content: bytes) -> Path:
    path = Path.home() / ".keras" / "models" / "own.weights.h5"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_weights_in_kerass_cache_are_used_in_place(server, served, home):
    keras_cache(server.content)
    assert_has(load(served, None), server.kernel)
    assert server.requests == 0
    assert not (home / "weights").exists()


def test_damaged_weights_in_kerass_cache_are_refused_by_name(server, served):
    path = keras_cache(server.content[:-1])
    with pytest.raises(ImsearchError) as raised:
        load(served, None)
    assert str(raised.value).startswith(f"{path} is not the published own.weights.h5: ")


def failure(preset: Preset, home: Path) -> str:
    """The message of a download that fails, which must say what to do instead."""
    with pytest.raises(ImsearchError) as raised:
        load(preset, None)
    message = str(raised.value)
    assert message.startswith(f"own.weights.h5 (29 MB) could not be downloaded from {preset.url}: ")
    assert f"put it at {home.resolve() / 'weights' / 'own.weights.h5'}, " in message
    assert "--weights" in message
    assert "efficientnet-lite0" in message
    return message


def test_a_missing_page_is_reported_with_what_to_do(server, served, home):
    server.failures = ["404"]
    assert "404" in failure(served, home)
    assert list((home / "weights").iterdir()) == []


def test_a_refused_connection_is_reported_with_what_to_do(served, home):
    failure(replace(served, url="http://127.0.0.1:1/own.weights.h5"), home)
    assert list((home / "weights").iterdir()) == []


def test_a_download_with_another_hash_is_refused_every_time(server, served, home):
    other = replace(served, weights_hash="0" * 32)
    assert "hash" in failure(other, home)
    assert "hash" in failure(other, home)
    assert server.requests == 2


@pytest.mark.parametrize("how", ["aborted", "aborted, length unknown"])
def test_the_remains_of_an_aborted_download_are_never_accepted(server, served, home, how):
    server.failures = [how, how]
    failure(served, home)
    failure(served, home)
    assert_has(load(served, None), server.kernel)
    assert server.requests == 3
    assert (home / "weights" / "own.weights.h5").read_bytes() == server.content


def test_half_a_file_left_by_a_killed_download_is_downloaded_again(server, served, home):
    (home / "weights").mkdir()
    (home / "weights" / "own.weights.h5").write_bytes(server.content[: len(server.content) // 2])
    assert_has(load(served, None), server.kernel)
    assert server.requests == 1
