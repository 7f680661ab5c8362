"""Search engines: one file each, behind the `Index` protocol.

Each module of this folder with a dataclass `Parameters` and a function
`open_index(embeddings, cache, version, parameters)` is an engine of the module's name: to add one,
add a file. An engine is named with its parameters in one word, the defaults left out:

    exact    annoy    annoy:trees=200,search_nodes=5000
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import Field, field, fields
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from imsearch_core.embeddings import Embeddings
from imsearch_core.errors import UsageError

DEFAULT_ENGINE = "exact"


class Index(Protocol):
    """Finds the items whose embeddings are most like a query."""

    def query(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The `k` nearest items to `vector` float32 [d], nearest first.

        Returns items int64 [≤ k] and their cosine similarities float32 [≤ k].
        """
        ...


def parameter(default: Any, choices: tuple, text: str) -> Any:
    """A field of an engine's `Parameters`: an int or a str, the values to offer, what it does."""
    return field(default=default, metadata={"choices": choices, "help": text})


@cache
def engines() -> tuple[str, ...]:
    """The names of all engines, the default first."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(names, key=lambda name: (name != DEFAULT_ENGINE, name)))


def parameter_fields(name: str) -> tuple[Field, ...]:
    """The parameters of the engine called `name`, as made by `parameter`."""
    return fields(_module(name).Parameters)


def engine_name(name: str, values: Mapping[str, Any]) -> str:
    """An engine with parameters as one word. Raises UsageError for an unknown engine, name or value."""
    return parse_engine(f"{name}:{','.join(f'{key}={value}' for key, value in values.items())}")[0]


def parse_engine(engine: str) -> tuple[str, str, Any]:
    """Read an engine with parameters: its one canonical word, its name alone, its `Parameters`.

    Raises UsageError for an unknown engine or parameter or a value that it cannot have.
    """
    name, _, text = engine.partition(":")
    known = {known.name: known for known in parameter_fields(name)}
    values = {}
    for pair in filter(None, text.split(",")):
        key, _, value = pair.partition("=")
        if key not in known:
            raise UsageError(
                f"the engine {name} has no parameter {key!r}: {', '.join(known) or 'it has none'}"
            )
        try:
            values[key] = type(known[key].default)(value)
        except ValueError:
            raise UsageError(f"{key} of the engine {name} is {value!r}: a whole number is needed") from None
    parameters = _module(name).Parameters(**values)
    given = [f"{key}={value}" for key, value in sorted(values.items()) if value != known[key].default]
    return ":".join(filter(None, (name, ",".join(given)))), name, parameters


def open_index(engine: str, embeddings: Embeddings, cache: Path, version: str) -> Index:
    """Open an engine over `embeddings`, reusing what it saved under `cache` for the same `version`.

    Raises UsageError for an unknown engine or parameter, ImsearchError if it is not installed.
    """
    _, name, parameters = parse_engine(engine)
    return _module(name).open_index(embeddings, cache, version, parameters)


def _module(name: str) -> ModuleType:
    if name not in engines():
        raise UsageError(f"no engine is called {name!r}: choose from {', '.join(engines())}")
    return importlib.import_module(f"{__name__}.{name}")
