"""dataset NAME: fetch a built-in dataset."""

import argparse
from dataclasses import asdict

from imsearch_core.cli.common import print_json, progress_bar, say, with_json
from imsearch_core.datasets.builtin import PASCAL, PASCAL_CREDITS, PASCAL_PHOTOS


def add(commands: argparse._SubParsersAction) -> None:
    dataset = commands.add_parser("dataset", help="fetch a built-in dataset")
    datasets = dataset.add_subparsers(required=True, metavar="DATASET")
    pascal = datasets.add_parser(PASCAL.name, help="fetch the 1000 Pascal Sentences photos")
    pascal.add_argument(
        "--from-voc", metavar="DIR", help="take them from this local copy of PASCAL VOC 2008-2012"
    )
    pascal.add_argument(
        "--url", help="download from a mirror of the authors' page, or of the VOC archive (.tar)"
    )
    with_json(pascal)
    pascal.set_defaults(run=_pascal)


def _pascal(options: argparse.Namespace) -> int:
    from imsearch_core.datasets.pascal import fetch_pascal  # with requests: other commands do without

    with progress_bar("fetching") as progress:
        report = fetch_pascal(PASCAL.folder, from_voc=options.from_voc, url=options.url, progress=progress)
    if options.json:
        print_json(
            {
                "folder": str(report.folder),
                "images": report.images,
                "missing": [asdict(missing) for missing in report.missing],
                "seconds": round(report.seconds, 3),
                "source": report.source,
            }
        )
        return 0
    for missing in report.missing:
        say(f"missing {missing.file}: {missing.reason}")
    say(f"{report.images} of {PASCAL_PHOTOS} photos are in {report.folder} (from {report.source})")
    say(PASCAL_CREDITS)
    return 0
