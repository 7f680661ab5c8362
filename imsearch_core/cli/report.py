"""report FOLDER: write what is in a folder, and what is doubtful, to one HTML file."""

import argparse
import time
from pathlib import Path

from imsearch_core.cli.common import folder_command, open_folder, print_json, progress_bar, say, write_output
from imsearch_core.errors import UsageError
from imsearch_core.wording import counted


def add(commands: argparse._SubParsersAction) -> None:
    report = folder_command(commands, "report", "write a report on a folder as one HTML file", _report)
    where = Path("report.html")
    report.add_argument("-o", "--output", metavar="FILE", type=Path, default=where, help=f"default: {where}")
    report.add_argument("--query", metavar="FILE", help="the picture to show a search with (default: picked)")
    report.add_argument(
        "--focus", metavar="CLASS", help="the class to focus that search on (default: picked)"
    )
    report.add_argument("--show-paths", action="store_true", help="let it name folders of this machine")


def _report(options: argparse.Namespace) -> int:
    from imsearch_core.report import make_report  # jinja2 is slow to import

    if options.output.is_dir():
        raise UsageError(f"{options.output} is a folder: name a file with -o")
    photos = open_folder(options)
    started = time.perf_counter()
    with progress_bar("writing the report", "%") as progress:
        made = make_report(
            photos,
            query=options.query,
            focus=options.focus,
            show_paths=options.show_paths,
            repeat_with=_repeat_with(options),
            progress=progress,
        )
    write_output(options.output, made)
    seconds = time.perf_counter() - started
    if options.json:
        print_json(
            {
                "file": str(options.output),
                "images": len(photos),
                "bytes": len(made),
                "seconds": round(seconds, 3),
            }
        )
        return 0
    say(f"{options.output}: {counted(len(photos), 'image')}, {len(made) / 1e6:.1f} MB, in {seconds:.1f} s")
    return 0


def _repeat_with(options: argparse.Namespace) -> list[str]:
    words = [word for pattern in options.exclude for word in ("--exclude", pattern)]
    return words + (["--weights", options.weights] if options.weights else [])
