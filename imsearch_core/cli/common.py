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
from imsearch_core.datasets.names import shown
from imsearch_core.encoders import DEFAULT_ENCODER, fetch, find_preset, missing_files, presets
from imsearch_core.errors import ImsearchError
from imsearch_core.files import write_whole
from imsearch_core.progress import Progress
from imsearch_core.wording import counted

# Controls that only some terminals obey, and marks of writing direction.
_NOT_ESCAPED_BY_JSON = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def add_command(
    commands: argparse._SubParsersAction,
    name: str,
    help: str,
    run: Callable[[argparse.Namespace], int],
    **settings: Any,
) -> argparse.ArgumentParser:
    """A command; `run` carries it out and returns the exit code."""
    description = f"{help[0].upper()}{help[1:]}{'' if help.endswith('?') else '.'}"
    command = commands.add_parser(name, help=help, description=description, **settings)
    command.set_defaults(run=run)
    return command


def folder_command(
    commands: argparse._SubParsersAction, name: str, help: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    """A command with what `open_folder` needs, and --json."""
    command = add_command(commands, name, help, run)
    with_pictures(command)
    with_json(command)
    return command


def with_pictures(command: argparse.ArgumentParser) -> None:
    """The folder to open, the pictures to leave out, and the encoder."""
    command.add_argument("folder", metavar="FOLDER", help="a folder of photos")
    reading = command.add_argument_group("how the folder is read")
    reading.add_argument(
        "--exclude", metavar="PATTERN", action="append", default=[], help="leave out, as in a .gitignore file"
    )
    with_label_level(reading)
    with_encoder(reading)


def with_label_level(command: argparse._ActionsContainer) -> None:
    command.add_argument(
        "--label-level",
        type=int,
        metavar="N",
        help="which of the folders that hold a picture is its label: 0 is the innermost, 1 the one above it; "
        "-1 is the first below FOLDER, -2 the next. Folders named for a split such as train do not count; "
        "dates do, and are labels if N says so (default: the innermost; if that is a date or a lone folder "
        "such as images, the next one above that is neither)",
    )


def with_encoder(command: argparse._ActionsContainer) -> None:
    known = [preset.name for preset in presets()]
    names = ", ".join(
        f"{name}[:int8]" if f"{name}:int8" in known else name for name in known if ":" not in name
    )
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
    text = json.dumps(value, indent=2, ensure_ascii=not unicode, default=fields_and_properties)
    print(_NOT_ESCAPED_BY_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def fields_and_properties(value: Any) -> dict[str, Any]:
    """A dataclass as an object."""
    names = [field.name for field in fields(value)]
    names += [name for name, member in vars(type(value)).items() if isinstance(member, property)]
    return {name: getattr(value, name) for name in names}
