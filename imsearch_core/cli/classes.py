"""classes TEXT: look up ImageNet classes."""

import argparse
import sys
from dataclasses import asdict

from imsearch_core.cli.common import add_command, print_json, say, with_json
from imsearch_core.encoders.imagenet import note_about, search_classes


def add(commands: argparse._SubParsersAction) -> None:
    classes = add_command(commands, "classes", "look up ImageNet classes", _classes)
    classes.add_argument("text", metavar="TEXT", help="part of a name, a WordNet id or an index")
    with_json(classes)


def _classes(options: argparse.Namespace) -> int:
    if note := note_about(options.text):
        say(f"imsearch: {note}", file=sys.stderr)
    found = search_classes(options.text)
    if options.json:
        print_json([asdict(c) for c in found])
    else:
        for c in found:
            say(f"{c.index:3}  {c.wnid}  {c.name}")
    if not found:
        say(f"imsearch: no ImageNet class is like {options.text!r}", file=sys.stderr)
    return 0 if found else 1
