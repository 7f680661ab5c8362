"""Encoders: networks that turn pictures into embeddings.

Each module in this folder with a `PRESETS` tuple and a `load(preset, weights)` function is a family
of encoders: to add one, add a file. The modules import TensorFlow and ONNX Runtime only inside
functions, so presets can be listed without them. A family may also have `find(name)`, which gives the
preset of a name, or None, where names are more than those in the list.
"""

import importlib
import pkgutil
import threading
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType

from imsearch_core.encoders.base import (
    ClassHead,
    Encoder,
    Preset,
    TextEncoder,
    existing_weights,
    fingerprint,
)
from imsearch_core.encoders.hub import MissingFiles, NotFetched
from imsearch_core.encoders.tensorflow_start import start_tensorflow
from imsearch_core.errors import UsageError
from imsearch_core.progress import Progress, silent

DEFAULT_ENCODER = "efficientnet-lite0"

__all__ = [
    "DEFAULT_ENCODER",
    "ClassHead",
    "Encoder",
    "MissingFiles",
    "NotFetched",
    "Preset",
    "TextEncoder",
    "existing_weights",
    "fetch",
    "find_preset",
    "fingerprint",
    "import_keras",
    "load_encoder",
    "missing_files",
    "presets",
]


@cache
def _modules() -> tuple[ModuleType, ...]:
    """The families."""
    modules = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    return tuple(module for module in modules if hasattr(module, "PRESETS"))


@cache
def presets() -> tuple[Preset, ...]:
    """Every preset, the default first."""
    known = [preset for module in _modules() for preset in module.PRESETS]
    return tuple(sorted(known, key=lambda preset: preset.name != DEFAULT_ENCODER))


def find_preset(name: str) -> Preset:
    """The preset called `name`, or of the model at a place: "hub:OWNER/NAME" or "path:FOLDER".

    Raises UsageError, with a list of all names, if there is none; for a place as the family's `find` does.
    """
    return _find(name)[0]


def _find(name: str) -> tuple[Preset, ModuleType]:
    for module in _modules():
        if found := module.find(name) if hasattr(module, "find") else _listed(name, module):
            return found, module
    names = ", ".join(preset.name for preset in presets())
    raise UsageError(f"no encoder is called {name!r}: choose from {names}, hub:OWNER/NAME, path:FOLDER")


def _listed(name: str, module: ModuleType) -> Preset | None:
    return next((preset for preset in module.PRESETS if preset.name == name), None)


def missing_files(preset: Preset) -> MissingFiles | None:
    """What must be fetched before an encoder can be used; None if nothing. Asks no network.

    The classifiers of Keras need no asking: they are fetched when they are loaded.
    """
    return getattr(preset, "missing", None)


def fetch(name: str, progress: Progress = silent) -> None:
    """Fetch the missing files of an encoder, if there are any; `progress` counts bytes.

    Raises UsageError for an unknown name; ImsearchError, with a remedy, if they cannot be had.
    """
    preset = find_preset(name)
    if missing_files(preset):
        preset.fetch(progress)


def load_encoder(name: str = DEFAULT_ENCODER, weights: str | Path | None = None) -> Encoder:
    """Load an encoder, once per process, with its published weights or those in a local file.

    Raises UsageError for an unknown name; ImsearchError, with a remedy, if its files are missing or
    damaged or do not fit. NotFetched is one of these.
    """
    path = None if weights is None else existing_weights(weights)
    version = find_preset(name).files_version(path)
    with _loading:
        return _loaded(name, path, version)


def import_keras() -> None:
    """Import TensorFlow and Keras, which import each other: two threads that start at different ends fail."""
    with _loading:
        start_tensorflow()
        import keras  # noqa: F401


_loading = threading.Lock()


@lru_cache(maxsize=2)
def _loaded(name: str, weights: Path | None, version: str) -> Encoder:
    preset, family = _find(name)
    return family.load(preset, weights)
