"""Search engines: one file each, behind the `Index` protocol.

Each module in this folder but `base` and `elsewhere` is an engine with the module's name: to add one, add a
file. It has

- a dataclass `Parameters`, whose fields are made by `parameter`,
- `open_index`, which is called with contents and parameters and returns an `Index`, and
- if it is optional, `NEEDS`, the packages that it needs,
- if it reads all embeddings before it builds, `READS_FIRST`: it tells `contents.progress` about the rest,
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
from imsearch_core.index.elsewhere import build_elsewhere
from imsearch_core.progress import Progress, never_still, silent

DEFAULT_ENGINE = "exact"
_MOST_OPEN = 8
BUILT_HERE = 20_000
"""Pictures that an index is built of in this process."""

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
    """The engines opened over one collection; the latest few stay open. Threads may share it.

    While one is opened, the others can be used.
    """

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._open: OrderedDict[str, Index] = OrderedDict()
        self._lock = threading.Lock()
        self._opening: dict[str, threading.Lock] = {}

    def is_open(self, engine: str) -> bool:
        """Whether a search with an engine can begin at once."""
        with self._lock:
            return parse_engine(engine).text in self._open

    def get(self, engine: str, progress: Progress = silent) -> Index:
        """The index of an engine, opened on first use; for many pictures, another process builds it.

        Raises as `open_index` does.
        """
        text, name, _ = parse_engine(engine)
        with self._lock:
            opening = self._opening.setdefault(name, threading.Lock())
        with opening:
            index = self._latest(text)
            if index is None:
                with never_still(progress) as telling:
                    index = self._opened(text, telling)
                with self._lock:
                    self._open[text] = index
                    while len(self._open) > _MOST_OPEN:
                        self._open.popitem(last=False)
        return index

    def _opened(self, text: str, progress: Progress) -> Index:
        _, name, _ = parse_engine(text)
        many = len(self._contents.embeddings) > BUILT_HERE
        if many and name != DEFAULT_ENGINE and not self._has_any(name):
            reads_first = getattr(_module(name), "READS_FIRST", False)
            build_elsewhere(open_index, text, self._contents, progress, reads_first)
        return open_index(text, self._contents)

    def _latest(self, text: str) -> Index | None:
        with self._lock:
            if text in self._open:
                self._open.move_to_end(text)
            return self._open.get(text)

    def _has_any(self, name: str) -> bool:
        """Whether this process has the engine open with other parameters, and so perhaps its files."""
        with self._lock:
            return any(parse_engine(text).name == name for text in self._open)


def open_index(engine: str, contents: Contents) -> Index:
    """Open an engine over `contents`, reusing what it saved in their cache for the same version.

    Raises UsageError for an unknown engine or parameter, ImsearchError if it is not installed.
    """
    _, name, parameters = parse_engine(engine)
    return _module(name).open_index(contents, parameters)


@cache
def engines() -> tuple[str, ...]:
    """The names of all engines, the default first."""
    names = {module.name for module in pkgutil.iter_modules(__path__)} - {"base", "elsewhere"}
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
        choices = known[key].metadata["choices"]
        if isinstance(values[key], str) and values[key] not in choices:
            raise UsageError(f"the {key} is {value!r}: choose from {', '.join(choices)}")
    parameters = _module(name).Parameters(**values)
    given = [f"{key}={value}" for key, value in sorted(values.items()) if value != known[key].default]
    return ParsedEngine(":".join(filter(None, (name, ",".join(given)))), name, parameters)


def _module(name: str) -> ModuleType:
    if name not in engines():
        raise UsageError(f"no engine is called {name!r}: choose from {', '.join(engines())}")
    return importlib.import_module(f"{__name__}.{name}")
