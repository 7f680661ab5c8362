"""What the commands share: options, opening a folder with a progress bar, printing."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from imsearch_core.collection import Collection
from imsearch_core.datasets.builtin import ILLUSTRATED
from imsearch_core.datasets.names import shown
from imsearch_core.encoders import DEFAULT_ENCODER, fetch, find_preset, missing_files, presets
from imsearch_core.errors import ImsearchError
from imsearch_core.files import write_whole
from imsearch_core.progress import Progress
from imsearch_core.wording import counted

# Controls that only some terminals obey, and marks of writing direction.
_NOT_ESCAPED_BY_JSON = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def with_folder(command: argparse.ArgumentParser) -> None:
    """What `open_folder` needs, and JSON or words as output."""
    with_pictures(command)
    with_json(command)


def with_pictures(command: argparse.ArgumentParser) -> None:
    """The folder to open, the pictures to leave out, and the encoder."""
    command.add_argument("folder", metavar="FOLDER")
    command.add_argument(
        "--exclude", metavar="PATTERN", action="append", default=[], help="leave out, as in a .gitignore file"
    )
    with_label_level(command)
    with_encoder(command)


def with_label_level(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--label-level",
        type=int,
        metavar="N",
        help="the folder that is the label: 0 holds the picture, 1 is above that; -1 is the first below "
        "FOLDER, -2 the next. Splits such as train are no labels and not counted. Dates are counted: 2023 "
        "is a label if N says so. Without N, the label is the folder that holds the picture; if that "
        "is a date or a lone folder such as images, the next one above it that is neither",
    )


def with_encoder(command: argparse.ArgumentParser) -> None:
    names = ", ".join(preset.name for preset in presets())
    command.add_argument(
        "--encoder",
        default=DEFAULT_ENCODER,
        metavar="E",
        help=f"{names}, hub:OWNER/NAME or path:FOLDER (default: {DEFAULT_ENCODER})",
    )
    command.add_argument("--weights", metavar="FILE", help="a local Keras weights file for the encoder")


def fetch_encoder(name: str) -> None:
    """Fetch what an encoder lacks, with a progress bar on stderr, after saying there what it is."""
    if missing := missing_files(find_preset(name)):
        say(f"imsearch: {missing}", file=sys.stderr)
        with progress_bar("fetching", "bytes") as progress:
            fetch(name, progress)


def with_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")


def with_optional_folder(bench: argparse.ArgumentParser, help: str) -> None:
    """Let a measurement be told the `folder` to measure on."""
    bench.add_argument(
        "folder",
        metavar="FOLDER",
        type=Path,
        nargs="?",
        default=ILLUSTRATED.folder,
        help=f"{help} (default: the illustrated set)",
    )


def add_bench(
    benches: argparse._SubParsersAction,
    name: str,
    help: str,
    measure: Callable[[argparse.Namespace], Any],
    show: Callable[[Any], None],
) -> argparse.ArgumentParser:
    """A measurement: what `measure` returns is printed as JSON, or by `show`.

    The command fails if the measurement has `errors`.
    """

    def run(options: argparse.Namespace) -> int:
        measured = measure(options)
        if options.json:
            print_json(measured)
        else:
            show(measured)
        return 1 if getattr(measured, "errors", ()) else 0

    bench = benches.add_parser(name, help=help)
    with_json(bench)
    bench.set_defaults(run=run)
    return bench


def open_folder(options: argparse.Namespace, force: bool = False) -> Collection:
    """Open the folder with a progress bar on stderr, and print there what a person should know.

    Raises UsageError as Collection.open does, ImsearchError also if no picture in it can be read.
    """
    fetch_encoder(options.encoder)
    with progress_bar("embedding") as progress:
        photos = Collection.open(
            options.folder,
            options.encoder,
            options.weights,
            progress,
            force=force,
            exclude=options.exclude,
            label_level=options.label_level,
        )
    if not len(photos):
        first = photos.report.skipped[0]
        files = counted(len(photos.report.skipped), "file")
        raise ImsearchError(
            f"no picture in {photos.folder} can be read: {files} skipped, "
            f"the first {first.file}: {first.reason}"
        )
    for note in (*photos.report.notes, *photos.corrections.notes):
        say(f"imsearch: {note}", file=sys.stderr)
    return photos


@contextmanager
def progress_bar(doing: str, unit: str = "images") -> Iterator[Progress]:
    """Count, rate and time left on stderr, if that is a terminal."""
    with tqdm(unit=f" {unit}", unit_scale=unit == "bytes", disable=None, leave=False, desc=doing) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def write_output(path: Path, content: bytes) -> None:
    """Write a file that was asked for. Raises ImsearchError if that fails."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise ImsearchError(f"{path} cannot be written: {error.strerror}") from error


def say(line: object = "", file: TextIO | None = None) -> None:
    """Print a line, on stdout if no `file` is given, with control characters in it escaped."""
    print(shown(str(line)), file=file)


def print_json(value: Any) -> None:
    """Print `value` as JSON, in ASCII where the terminal knows no more; a dataclass as an object."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, indent=2, ensure_ascii=not unicode, default=_as_object)
    print(_NOT_ESCAPED_BY_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def _as_object(value: Any) -> dict[str, Any]:
    names = [field.name for field in fields(value)]
    names += [name for name, member in vars(type(value)).items() if isinstance(member, property)]
    return {name: getattr(value, name) for name in names}
