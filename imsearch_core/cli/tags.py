"""tags FOLDER: the words nearest to a picture."""

import argparse
from dataclasses import asdict

from imsearch_core.cli.common import folder_command, open_folder, print_json, say


def add(commands: argparse._SubParsersAction) -> None:
    tags = folder_command(commands, "tags", "name the words nearest to a picture", _tags)
    tags.add_argument(
        "--query", required=True, metavar="FILE_OR_PATH", help="a file of FOLDER, or any picture"
    )
    tags.add_argument("-k", type=int, default=10, help="how many words (default: 10)")


def _tags(options: argparse.Namespace) -> int:
    tags = open_folder(options).tags(options.query, options.k)
    if options.json:
        print_json([asdict(tag) for tag in tags])
    else:
        for tag in tags:
            say(f"{tag.cosine:.4f}  {tag.word}")
    return 0
