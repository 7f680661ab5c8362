"""duplicates FOLDER: find pictures that occur more than once."""

import argparse
from collections import Counter
from dataclasses import asdict

from imsearch_core.cli.common import folder_command, open_folder, print_json, progress_bar, say
from imsearch_core.labels.duplicates import DuplicateGroup, Repeat, Tier
from imsearch_core.wording import counted


def add(commands: argparse._SubParsersAction) -> None:
    duplicates = folder_command(
        commands, "duplicates", "find pictures that occur more than once", _duplicates
    )
    duplicates.add_argument("--against", metavar="OTHER", help="find only what the folder OTHER has as well")
    duplicates.add_argument(
        "--prefer", metavar="SUBFOLDER", help="of equally good copies, keep those in here"
    )


def _duplicates(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    other = None
    if options.against is not None:
        other = open_folder(argparse.Namespace(**{**vars(options), "folder": options.against}))
    with progress_bar("comparing") as progress:
        groups = photos.duplicates(progress, against=other, prefer=options.prefer)
    if options.json:
        print_json([_as_json(group) for group in groups])
        return 0
    for group in groups:
        names = ", ".join(f"{file} (keep)" if file == group.keep else file for file in group.files)
        kind = "" if group.kind is Repeat.COPY else f" ({group.kind})"
        say(f"{group.tier}{kind}  {group.least_cosine:.4f}  {names}")
    counts = Counter(group.tier for group in groups)
    found = ", ".join(f"{counts[tier]} {tier}" for tier in Tier if counts[tier]) or "none"
    say(f"{counted(len(groups), 'group')} of duplicates among {counted(len(photos), 'image')}: {found}")
    return 0


def _as_json(group: DuplicateGroup) -> dict:
    return asdict(group) | {"least_cosine": round(group.least_cosine, 6)}
