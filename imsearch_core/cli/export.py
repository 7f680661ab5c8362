"""export FOLDER: write labels, tags and splits in a form that other tools read."""

import argparse
from pathlib import Path

from imsearch_core.cli.common import folder_command, open_folder, print_json, progress_bar, say
from imsearch_core.labels.exports import Format
from imsearch_core.labels.exports import export as write
from imsearch_core.wording import counted


def add(commands: argparse._SubParsersAction) -> None:
    export = folder_command(commands, "export", "write labels and tags for other tools", _export)
    export.add_argument("--to", required=True, type=Path, metavar="PATH", help="a new folder or file")
    export.add_argument("--format", required=True, choices=[*Format], help="what to write")
    export.add_argument("--without", metavar="TAG", help="leave out pictures with this tag, such as exclude")
    export.add_argument("--embeddings", action="store_true", help="with parquet: add the embeddings")


def _export(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    with progress_bar("judging") as progress:
        frame = photos.to_frame(progress)
    chosen = [options.without not in tags for tags in frame["tags"]]
    embeddings = photos.embeddings_array()[chosen] if options.embeddings else None
    write(frame[chosen], photos.folder, options.to, Format(options.format), embeddings)
    if options.json:
        print_json({"to": str(options.to), "format": options.format, "images": sum(chosen)})
    else:
        say(f"{counted(sum(chosen), 'image')} as {options.format} in {options.to}")
    return 0
