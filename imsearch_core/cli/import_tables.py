"""import FOLDER TABLE: read decisions or tags that the label review has exported."""

import argparse
from pathlib import Path

from imsearch_core.cli.common import open_folder, print_json, say, with_folder
from imsearch_core.datasets.names import some
from imsearch_core.errors import UsageError
from imsearch_core.labels.corrections_csv import corrections_from_csv
from imsearch_core.labels.tags_csv import is_tags_csv, tags_from_csv


def add(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser("import", help="read a corrections.csv or a tags.csv")
    with_folder(command)
    command.add_argument(
        "table", metavar="TABLE", type=Path, help="what the label review has exported; its columns say which"
    )
    command.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    try:
        content = options.table.read_bytes()
    except OSError as error:
        raise UsageError(f"{options.table} cannot be read: {error.strerror}") from error
    photos = open_folder(options)
    try:
        if is_tags_csv(content):
            found = tags_from_csv(content, photos)
            changes = photos.corrections.tag_changes(found.tags)
            photos.corrections.add_tags(changes)
            removed = sum(change.off for change in changes)
            done = {"tags added": len(changes) - removed, "tags removed": removed}
        else:
            found = corrections_from_csv(content, photos)
            photos.corrections.add(found.decisions)
            done = {"decisions": len(found.decisions)}
    except UsageError as error:
        raise UsageError(f"{options.table}: {error}") from error
    if options.json:
        print_json(
            {name.replace(" ", "_"): count for name, count in done.items()} | {"unknown": found.unknown}
        )
        return 0
    say(", ".join(f"{name}: {count}" for name, count in done.items()))
    if found.unknown:
        say(f"not found in {photos.folder}: {some(found.unknown)}")
    return 0
