"""What the commands share: options, opening a folder with a progress bar, printing."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from imsearch_core.collection import Collection
from imsearch_core.encoders import DEFAULT_ENCODER, presets
from imsearch_core.progress import Progress


def with_folder(command: argparse.ArgumentParser) -> None:
    """The folder to open, the encoder to open it with, and JSON or words as output."""
    command.add_argument("folder", metavar="FOLDER")
    with_encoder(command)


def with_encoder(command: argparse.ArgumentParser) -> None:
    names = ", ".join(preset.name for preset in presets())
    command.add_argument(
        "--encoder", default=DEFAULT_ENCODER, metavar="E", help=f"{names} (default: {DEFAULT_ENCODER})"
    )
    command.add_argument("--weights", metavar="FILE", help="a local Keras weights file for the encoder")
    with_json(command)


def with_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")


def add_bench(
    benches: argparse._SubParsersAction, name: str, help: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """A measurement that can print JSON; `run` measures, prints and returns the exit code."""
    bench = benches.add_parser(name, help=help)
    with_json(bench)
    bench.set_defaults(run=run)
    return bench


def open_folder(options: argparse.Namespace, force: bool = False) -> Collection:
    """Open the folder with a progress bar on stderr, and say there what a person should know."""
    with progress_bar("embedding") as progress:
        photos = Collection.open(options.folder, options.encoder, options.weights, progress, force=force)
    for note in (*photos.report.notes, *photos.corrections.notes):
        print(f"imsearch: {note}", file=sys.stderr)
    return photos


@contextmanager
def progress_bar(doing: str, unit: str = "images") -> Iterator[Progress]:
    """Count, rate and time left on stderr, if that is a terminal."""
    with tqdm(unit=f" {unit}", disable=None, leave=False, desc=doing) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
