"""The commands: `imsearch COMMAND`, or `python -m imsearch_core COMMAND`."""

import argparse
import sys
from collections.abc import Sequence

from imsearch_core.cli import (
    app,
    bench,
    classes,
    classify,
    dataset,
    duplicates,
    evaluate,
    export,
    import_tables,
    index,
    labels,
    quality,
    report,
    search,
    tags,
    train,
    words,
)
from imsearch_core.cli.common import say
from imsearch_core.errors import ImsearchError, UsageError

_COMMANDS = (
    *(app, index, search, tags, train, classify, classes, words),
    *(labels, duplicates, quality, evaluate, report, export, import_tables, dataset, bench),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 failed, 2 wrongly used, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):  # file names need not be valid text
        stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except ImsearchError as error:
        say(f"imsearch: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        say(file=sys.stderr)
        say("imsearch: stopped; what is embedded is stored, run again to go on", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="imsearch", description="Image search by embeddings.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add(commands)
    return parser
