"""Search engines: one file each, behind the `Index` protocol.

Each module in this folder but `base` is an engine with the module's name: to add one, add a file. It has

- a dataclass `Parameters`, whose fields are made by `parameter`,
- a function `open_index(contents, parameters)`, and
- if it is optional, `NEEDS`, the packages that it needs,
- if it is a database, `KEEPS_ITSELF`: closing and deleting its files at any moment would break it.

An engine is written as its name, followed by the parameters that differ from their defaults:

    exact    annoy    annoy:trees=200,search_nodes=5000
"""

import importlib
import pkgutil
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import Field, fields
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

from imsearch_core.errors import UsageError
from imsearch_core.index.base import EVERYTHING, Contents, Filter, Index, parameter

DEFAULT_ENGINE = "exact"
_MOST_OPEN = 8

__all__ = [
    "DEFAULT_ENGINE",
    "EVERYTHING",
    "Contents",
    "Filter",
    "Index",
    "OpenIndexes",
    "ParsedEngine",
    "engine_name",
    "engines",
    "installed_engines",
    "keeps_itself",
    "needs",
    "open_index",
    "parameter",
    "parameter_fields",
    "parse_engine",
]


class ParsedEngine(NamedTuple):
    """An engine with its parameters."""

    text: str
    """How it is written, with parameters in alphabetical order and defaults left out."""
    name: str
    parameters: Any
    """The `Parameters` of the engine's module."""


class OpenIndexes:
    """The engines opened over one collection; the latest few stay open. Threads may share it."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._open: OrderedDict[str, Index] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, engine: str) -> Index:
        """The index of an engine, opened on first use. Raises as `open_index` does."""
        text = parse_engine(engine).text
        with self._lock:
            if text not in self._open:
                self._open[text] = open_index(text, self._contents)
            self._open.move_to_end(text)
            while len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)
            return self._open[text]


def open_index(engine: str, contents: Contents) -> Index:
    """Open an engine over `contents`, reusing what it saved in their cache for the same version.

    Raises UsageError for an unknown engine or parameter, ImsearchError if it is not installed.
    """
    _, name, parameters = parse_engine(engine)
    return _module(name).open_index(contents, parameters)


@cache
def engines() -> tuple[str, ...]:
    """The names of all engines, the default first."""
    names = {module.name for module in pkgutil.iter_modules(__path__)} - {"base"}
    return tuple(sorted(names, key=lambda name: (name != DEFAULT_ENGINE, name)))


def installed_engines() -> tuple[str, ...]:
    """The engines whose packages are installed."""
    return tuple(name for name in engines() if all(map(find_spec, needs(name))))


def needs(name: str) -> tuple[str, ...]:
    """The packages that an optional engine needs; none for the others."""
    return getattr(_module(name), "NEEDS", ())


def keeps_itself(name: str) -> bool:
    """Whether an engine is a database, which must not be opened over a folder that will be deleted."""
    return getattr(_module(name), "KEEPS_ITSELF", False)


def parameter_fields(name: str) -> tuple[Field, ...]:
    """The parameters of the engine called `name`, as made by `parameter`."""
    return fields(_module(name).Parameters)


def engine_name(name: str, values: Mapping[str, Any]) -> str:
    """How an engine with these parameters is written. Raises as `parse_engine` does."""
    return parse_engine(f"{name}:{','.join(f'{key}={value}' for key, value in values.items())}").text


def parse_engine(engine: str) -> ParsedEngine:
    """Read an engine with its parameters.

    Raises UsageError for an unknown engine or parameter, or an invalid value.
    """
    name, _, text = engine.partition(":")
    known = {field.name: field for field in parameter_fields(name)}
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
            raise UsageError(f"{key} of the engine {name} is {value!r}: it must be a whole number") from None
    parameters = _module(name).Parameters(**values)
    given = [f"{key}={value}" for key, value in sorted(values.items()) if value != known[key].default]
    return ParsedEngine(":".join(filter(None, (name, ",".join(given)))), name, parameters)


def _module(name: str) -> ModuleType:
    if name not in engines():
        raise UsageError(f"no engine is called {name!r}: choose from {', '.join(engines())}")
    return importlib.import_module(f"{__name__}.{name}")
