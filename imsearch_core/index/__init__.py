"""Search engines: one file each, behind the `Index` protocol.

Each module of this folder with a dataclass `Parameters` and a function `open_index(contents,
parameters)` is an engine of the module's name: to add one, add a file. `NEEDS` names the packages of
one that is optional. An engine is named with its parameters in one word, the defaults left out:

    exact    annoy    annoy:trees=200,search_nodes=5000
"""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.errors import UsageError
from imsearch_core.vectors.embeddings import Embeddings

DEFAULT_ENGINE = "exact"


@dataclass(frozen=True)
class Contents:
    """What an engine is opened over."""

    embeddings: Embeddings
    items: Sequence[Item]
    """The picture of each embedding, in the same order."""
    fingerprint: dict[str, Any]
    """What made the embeddings; see `imsearch_core.encoders.fingerprint`."""
    cache: Path
    """A folder that an engine may keep files in."""
    version: str
    """Changes whenever the embeddings do."""

    def labelled(self, label: str | None) -> np.ndarray | None:
        """int64: the items that bear a label, ascending, empty if none does; None, all, for no label."""
        return None if label is None else self._by_label.get(label, np.empty(0, np.int64))

    @cached_property
    def _by_label(self) -> dict[str | None, np.ndarray]:
        found: dict[str | None, list[int]] = {}
        for i, item in enumerate(self.items):
            found.setdefault(item.given_label, []).append(i)
        return {label: np.array(items, np.int64) for label, items in found.items()}


class Index(Protocol):
    """Finds the items whose embeddings are most like a query."""

    candidates_per_result: int
    """Candidates, for each result wanted, that a search conditioned on a class takes from this engine.
    0 if such a search compares every image instead."""

    def query(self, vector: np.ndarray, k: int, label: str | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The `k` items nearest to `vector` float32 [d], nearest first; of those that bear `label`, if given.

        Returns items int64 [≤ k] and their cosine similarities float32 [≤ k].
        """
        ...


def parameter(default: Any, choices: tuple, text: str, at_query: bool = False) -> Any:
    """A field of an engine's `Parameters`: an int or a str, the values to offer, what it does.

    One that counts `at_query` changes nothing that is built.
    """
    return field(default=default, metadata={"choices": choices, "help": text, "at_query": at_query})


@cache
def engines() -> tuple[str, ...]:
    """The names of all engines, the default first."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(names, key=lambda name: (name != DEFAULT_ENGINE, name)))


def installed_engines() -> tuple[str, ...]:
    """The engines to offer: those whose packages, if they need any of their own, are installed."""
    return tuple(name for name in engines() if all(map(find_spec, needs(name))))


def needs(name: str) -> tuple[str, ...]:
    """The packages that the engine called `name` needs beyond ours: those of an outside service."""
    return getattr(_module(name), "NEEDS", ())


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


def open_index(engine: str, contents: Contents) -> Index:
    """Open an engine over `contents`, reusing what it saved in their cache for the same version.

    Raises UsageError for an unknown engine or parameter, ImsearchError if it is not installed.
    """
    _, name, parameters = parse_engine(engine)
    return _module(name).open_index(contents, parameters)


def _module(name: str) -> ModuleType:
    if name not in engines():
        raise UsageError(f"no engine is called {name!r}: choose from {', '.join(engines())}")
    return importlib.import_module(f"{__name__}.{name}")
