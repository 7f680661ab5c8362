"""labels FOLDER: judge the label of every picture."""

import argparse
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imsearch_core.cli.common import folder_command, open_folder, print_json, progress_bar, say, write_output
from imsearch_core.collection import Collection
from imsearch_core.labels.ranking import JudgedLabel, LabelIssue, nothing_to_judge
from imsearch_core.spreadsheets import to_csv
from imsearch_core.wording import counted


def add(commands: argparse._SubParsersAction) -> None:
    labels = folder_command(commands, "labels", "judge the label of every picture, worst first", _labels)
    labels.add_argument("--csv", metavar="FILE", type=Path, help="also write the judgements here")


def _labels(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    with progress_bar("judging") as progress:
        judged = photos.suspect_labels(progress)
    if options.csv:
        _write_csv(options.csv, photos, judged)
    if options.json:
        print_json([_as_json(photos, one) for one in judged])
        return 0
    for one in judged:
        if one.kind not in (LabelIssue.FINE, LabelIssue.UNLABELLED):
            suggested = f" → {one.suggested}" if one.suggested not in (one.label, None) else ""
            say(f"{one.quality:.2f}  {one.kind:22}  {one.file} [{one.label}]{suggested}")
    if reason := nothing_to_judge(one.label for one in judged):
        say(reason)
    counts = Counter(one.kind for one in judged)
    say(
        f"{counted(len(judged), 'image')}: "
        + ", ".join(f"{counts[kind]} {kind}" for kind in LabelIssue if counts[kind])
    )
    return 0


def _as_json(photos: Collection, one: JudgedLabel) -> dict[str, Any]:
    """With the split, where the picture is in one."""
    split = photos.item(one.file).split
    return asdict(one) | ({"split": split} if split else {})


def _write_csv(path: Path, photos: Collection, judged: tuple[JudgedLabel, ...]) -> None:
    table = to_csv(
        ["file", "label", "suggested", "quality", "kind", "split"],
        (
            [
                one.file,
                one.label,
                one.suggested,
                None if one.quality is None else round(one.quality, 4),
                one.kind.value,
                photos.item(one.file).split,
            ]
            for one in judged
        ),
    )
    write_output(path, table)
