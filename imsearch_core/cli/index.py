"""index FOLDER: embed the pictures that are new or changed."""

import argparse
from dataclasses import asdict

from imsearch_core.cli.common import folder_command, open_folder, print_json, say
from imsearch_core.store.sync import dedicate_process
from imsearch_core.wording import counted


def add(commands: argparse._SubParsersAction) -> None:
    index = folder_command(
        commands, "index", "embed the pictures of a folder that are new or changed", _index
    )
    index.add_argument("--force", action="store_true", help="embed every picture again, changed or not")


def _index(options: argparse.Namespace) -> int:
    """Exit code 1 if pictures could not be embedded; why is among the notes on stderr."""
    dedicate_process()
    report = open_folder(options, force=options.force).report
    failed = 1 if report.missing else 0
    if options.json:
        print_json(
            {
                "images": report.images,
                "embedded": report.embedded,
                "reused": report.reused,
                "removed": report.removed,
                "skipped": [asdict(skipped) for skipped in report.skipped],
                "seconds": round(report.seconds, 3),
                "images_per_second": round(report.images_per_second, 1),
            }
            | ({"defects": [asdict(defect) for defect in report.defects]} if report.defects else {})
        )
        return failed
    for skipped in report.skipped:
        say(f"skipped {skipped.file}: {skipped.reason}")
    for defect in report.defects:
        say(f"read {defect.file}, with a defect: {defect.reason}")
    say(
        f"{counted(report.images, 'image')}: {report.embedded} embedded, {report.reused} reused, "
        f"{report.removed} removed, {len(report.skipped)} skipped, in {report.seconds:.1f} s"
        + (f" ({report.images_per_second:.0f} images/s on {report.device})" if report.embedded else "")
    )
    return failed
