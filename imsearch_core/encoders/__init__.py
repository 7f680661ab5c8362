"""Encoders: ImageNet classifiers that turn pictures into embeddings.

Each module in this folder with a `PRESETS` tuple and a `load(preset, weights)` function is a family
of encoders: to add one, add a file. The modules import TensorFlow only inside `load`, so presets can
be listed and fingerprinted without it.
"""

import importlib
import pkgutil
import threading
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType

from imsearch_core.encoders.base import ClassHead, Encoder, Preset, existing_weights, fingerprint
from imsearch_core.encoders.tensorflow_start import start_tensorflow
from imsearch_core.errors import UsageError

DEFAULT_ENCODER = "efficientnet-lite0"

__all__ = [
    "DEFAULT_ENCODER",
    "ClassHead",
    "Encoder",
    "Preset",
    "existing_weights",
    "find_preset",
    "fingerprint",
    "import_keras",
    "load_encoder",
    "presets",
]


@cache
def _families() -> dict[str, tuple[Preset, ModuleType]]:
    modules = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    return {preset.name: (preset, module) for module in modules for preset in getattr(module, "PRESETS", ())}


def presets() -> tuple[Preset, ...]:
    """Every preset, the default first."""
    known = [preset for preset, _ in _families().values()]
    return tuple(sorted(known, key=lambda preset: preset.name != DEFAULT_ENCODER))


def find_preset(name: str) -> Preset:
    """The preset called `name`. Raises UsageError, with a list of all names, if there is none."""
    try:
        return _families()[name][0]
    except KeyError:
        raise UsageError(f"no encoder is called {name!r}: choose from {', '.join(_families())}") from None


def load_encoder(name: str = DEFAULT_ENCODER, weights: str | Path | None = None) -> Encoder:
    """Load an encoder, once per process, with its ImageNet weights or those in a local file.

    Raises UsageError for an unknown name; ImsearchError, with a remedy, if the weights are missing or
    damaged or do not fit.
    """
    preset = find_preset(name)
    if weights is None:
        path, modified_ns = None, 0
    else:
        path = existing_weights(weights)
        modified_ns = path.stat().st_mtime_ns
    with _loading:
        return _loaded(preset.name, path, modified_ns)


def import_keras() -> None:
    """Import TensorFlow and Keras, which import each other: two threads that start at different ends fail."""
    with _loading:
        start_tensorflow()
        import keras  # noqa: F401


_loading = threading.Lock()


@lru_cache(maxsize=2)
def _loaded(name: str, weights: Path | None, modified_ns: int) -> Encoder:
    preset, family = _families()[name]
    return family.load(preset, weights)
