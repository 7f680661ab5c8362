"""quality FOLDER: find pictures that are dark, bright, blurry, tiny, oddly shaped, near-empty or grey."""

import argparse
from collections import Counter
from dataclasses import asdict

from imsearch_core.cli.common import folder_command, open_folder, print_json, progress_bar, say
from imsearch_core.labels.quality import QualityIssue
from imsearch_core.wording import counted


def add(commands: argparse._SubParsersAction) -> None:
    folder_command(commands, "quality", "find pictures that are dark, blurry, tiny or near-empty", _quality)


def _quality(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    with progress_bar("measuring") as progress:
        issues = photos.quality_issues(progress)
    if options.json:
        print_json([asdict(one) for one in issues])
        return 0
    for one in issues:
        say(f"{one.issue:18} {one.figure:8.3f}  {one.file}")
    counts = Counter(one.issue for one in issues)
    found = ", ".join(f"{counts[issue]} {issue}" for issue in QualityIssue if counts[issue])
    say(f"{counted(len(photos), 'image')}: {found or 'no issue'}")
    return 0
