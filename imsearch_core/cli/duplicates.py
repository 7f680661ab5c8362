"""duplicates FOLDER: find pictures that occur more than once."""

import argparse
from dataclasses import asdict

from imsearch_core.cli.common import open_folder, print_json, progress_bar, with_folder


def add(commands: argparse._SubParsersAction) -> None:
    duplicates = commands.add_parser("duplicates", help="find pictures that occur more than once")
    with_folder(duplicates)
    duplicates.set_defaults(run=_duplicates)


def _duplicates(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    with progress_bar("comparing") as progress:
        groups = photos.duplicates(progress)
    if options.json:
        print_json([asdict(group) for group in groups])
        return 0
    for group in groups:
        leak = " (in several splits)" if group.leaks else ""
        print(f"{group.cosine:.4f}  {', '.join(group.files)}{leak}")
    print(f"{len(groups)} groups of near-duplicates among {len(photos)} images")
    return 0
