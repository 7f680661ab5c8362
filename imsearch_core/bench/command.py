"""How a measurement becomes a command: `bench NAME` calls a function and prints the figures it returns."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from inspect import signature
from pathlib import Path
from typing import Any

from imsearch_core.cli.common import add_command, fields_and_properties, print_json, progress_bar, with_json
from imsearch_core.datasets.builtin import ILLUSTRATED

_LONGEST_CELL = 50  # characters

Argument = tuple[str, dict[str, Any]]
"""A name and the settings for `ArgumentParser.add_argument`."""


def argument(name: str, **settings: Any) -> Argument:
    return name, settings


def option(flag: str, default: Any, metavar: str, help: str, **settings: Any) -> Argument:
    """An option of the type of its default, which its help names."""
    kind = {"type": type(default), "default": default, "metavar": metavar}
    return flag, {**kind, "help": f"{help} (default: %(default)s)", **settings}


def listed(text: str) -> list[str]:
    """The parts of a text that commas separate, for the `type` of an option."""
    return [part.strip() for part in text.split(",")]


FOLDER = argument("folder", metavar="FOLDER", type=Path, help="a folder of photos")
LABELLED = argument("folder", metavar="FOLDER", type=Path, help="its labels.csv names all classes present")


def or_illustrated(folder: Argument) -> Argument:
    """The same argument, with the illustrated set as its default."""
    name, settings = folder
    help = f"{settings['help']} (default: the illustrated set)"
    return name, {**settings, "nargs": "?", "default": ILLUSTRATED.folder, "help": help}


def add_bench(
    benches: argparse._SubParsersAction,
    name: str,
    help: str,
    measure: Callable[..., Any],
    *arguments: Argument,
    doing: str = "embedding",
    unit: str = "images",
    show: Callable[[Any], None] | None = None,
) -> argparse.ArgumentParser:
    """A measurement: `measure` is called with the arguments by their names, and with a progress bar if it
    takes `progress`.

    What it returns, figures or other records or several of these by name, is printed as JSON, or by `show`.
    What it prints itself goes to stderr with --json. The command fails if there are "errors" by that name.
    """

    def run(options: argparse.Namespace) -> int:
        given = {key: value for key, value in vars(options).items() if key not in ("run", "json")}
        with contextlib.ExitStack() as stack:
            if "progress" in signature(measure).parameters:
                given["progress"] = stack.enter_context(progress_bar(doing, unit))
            if options.json:
                stack.enter_context(contextlib.redirect_stdout(sys.stderr))
            measured = measure(**given)
        (print_json if options.json else show or print_figures)(measured)
        return 1 if isinstance(measured, Mapping) and measured.get("errors") else 0

    bench = add_command(benches, name, help, run)
    for flag, settings in arguments:
        bench.add_argument(flag, **settings)
    with_json(bench)
    return bench


def print_figures(measured: Any) -> None:
    """Print each figure by its name, and records, which are dataclasses, as a table."""
    if _are_records(measured):
        _print_table(measured)
        return
    for name, value in _named(measured).items():
        if _are_records(value):
            print(f"{name}:")
            _print_table(value)
        else:
            print(f"{name}: {_text(value)}", flush=True)


def _print_table(records: Sequence[Any]) -> None:
    """A line for each record, then the lists that are too long for a cell."""
    named = [_named(record) for record in records]
    rows = [{name: _text(value) for name, value in row.items()} for row in named]
    long = [
        name
        for name, value in named[0].items()
        if not isinstance(value, str) and max(len(row[name]) for row in rows) > _LONGEST_CELL
    ]
    columns = [name for name in rows[0] if name not in long]
    table = [columns, *([row[name] for name in columns] for row in rows)]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    for cells in table:
        print("  ".join(map(str.ljust, cells, widths)).rstrip(), flush=True)
    for row, values in zip(rows, named, strict=True):
        title = [value for value in values.values() if isinstance(value, str)]
        for name in long:
            print(f"{', '.join([*title, name])}: {row[name]}")


def _named(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else fields_and_properties(value)


def _are_records(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(map(is_dataclass, value))


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value)) or "none"
    if isinstance(value, Mapping) or is_dataclass(value):
        return ", ".join(f"{name} {_text(part)}" for name, part in _named(value).items()) or "none"
    return str(value)
