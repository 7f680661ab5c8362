"""The commands: `imsearch COMMAND`, or `python -m imsearch_core COMMAND`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from imsearch_core.cli.common import say
from imsearch_core.errors import ImsearchError, UsageError

# Modules of this folder, in the order of the help.
_COMMANDS = (
    *("app", "index", "search", "tags", "train", "classify", "classes", "words"),
    *("labels", "duplicates", "quality", "evaluate", "report", "export", "import_tables", "dataset", "bench"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 failed, 2 wrongly used, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):  # file names need not be valid text
        stream.reconfigure(errors="backslashreplace")
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(next(iter(arguments), "")).parse_args(arguments)
    try:
        return options.run(options)
    except ImsearchError as error:
        say(f"imsearch: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        say(file=sys.stderr)
        say("imsearch: stopped; what is embedded is stored, run again to go on", file=sys.stderr)
        return 130


def _parser(asked: str) -> argparse.ArgumentParser:
    """Of the command that is asked for, without importing the others; of all, if there is none such."""
    parser = argparse.ArgumentParser(prog="imsearch", description="Image search by embeddings.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in [asked] if asked in _COMMANDS else _COMMANDS:
        import_module(f"imsearch_core.cli.{command}").add(commands)
    return parser
