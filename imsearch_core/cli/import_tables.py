"""import FOLDER TABLE: read decisions or tags that the label review has exported."""

import argparse
from pathlib import Path

from imsearch_core.cli.common import folder_command, open_folder, print_json, say
from imsearch_core.datasets.names import some
from imsearch_core.errors import UsageError
from imsearch_core.labels.imports import read_import


def add(commands: argparse._SubParsersAction) -> None:
    command = folder_command(commands, "import", "import decisions or tags from a CSV file", _import)
    command.add_argument(
        "table", metavar="TABLE", type=Path, help="a corrections.csv or tags.csv that the review exported"
    )


def _import(options: argparse.Namespace) -> int:
    try:
        content = options.table.read_bytes()
    except OSError as error:
        raise UsageError(f"{options.table} cannot be read: {error.strerror}") from error
    photos = open_folder(options)
    try:
        found = read_import(content, photos, photos.corrections)
    except UsageError as error:
        raise UsageError(f"{options.table}: {error}") from error
    found.save()
    done = {"decisions": len(found.decisions)}
    if found.tagged is not None:
        added = len(found.tag_changes) - found.tags_removed
        done = {"tags added": added, "tags removed": found.tags_removed}
    if options.json:
        print_json(
            {name.replace(" ", "_"): count for name, count in done.items()} | {"unknown": found.unknown}
        )
        return 0
    say(", ".join(f"{name}: {count}" for name, count in done.items()))
    if found.unknown:
        say(f"not found in {photos.folder}: {some(found.unknown)}")
    return 0
