"""evaluate FOLDER: how well pictures of the same class find each other."""

import argparse
from dataclasses import asdict
from typing import Any

from imsearch_core.cli.common import folder_command, open_folder, print_json, progress_bar, say
from imsearch_core.compare.evaluate import METHODS, evaluate
from imsearch_core.compare.retrieval import Figures


def add(commands: argparse._SubParsersAction) -> None:
    command = folder_command(
        commands, "evaluate", "judge searches by the labels: precision, recall, mAP", _evaluate
    )
    command.add_argument("--method", choices=METHODS, default="plain", help="how to search (default: plain)")
    command.add_argument("-k", type=int, default=9, help="neighbours to judge (default: 9)")


def _evaluate(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    with progress_bar("searching with every picture") as progress:
        found = evaluate(photos, options.method, options.k, progress)
    if options.json:
        low_and_high = _named(found.interval, found.k)
        del low_and_high["queries"]
        per_class = {label: _named(figures, found.k) for label, figures in found.per_class.items()}
        print_json(_named(found.mean, found.k) | {"interval": low_and_high, "per_class": per_class})
        return 0
    say(f"{photos.encoder_name}, {options.method}: {found.mean.queries} queries, with 95 % intervals")
    intervals = _named(found.interval, found.k)
    for name, value in _named(found.mean, found.k).items():
        if name != "queries":
            low, high = intervals[name]
            say(f"{name:16} {value:.3f}  [{low:.3f}, {high:.3f}]")
    width = max(map(len, found.per_class))
    say()
    say(f"{'class':{width}}  queries  P@{found.k:<4} R@{found.k:<4} mAP")
    for label, figures in sorted(found.per_class.items(), key=lambda pair: pair[1].precision):
        say(
            f"{label:{width}}  {figures.queries:7}  {figures.precision:.3f}  {figures.recall:.3f}  "
            f"{figures.average_precision:.3f}"
        )
    return 0


def _named(figures: Figures, k: int) -> dict[str, Any]:
    """The figures under the names that the command prints."""
    values = asdict(figures)
    return {
        f"precision_at_{k}": values["precision"],
        f"recall_at_{k}": values["recall"],
        "map": values["average_precision"],
        "queries": values["queries"],
    }
