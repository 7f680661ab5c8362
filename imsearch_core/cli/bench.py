"""bench NAME: measure. Each measurement adds its own command."""

import argparse
from importlib import import_module

# Modules of `imsearch_core.bench`.
_BENCHES = (
    *("approaches", "clean", "clicks", "different", "duplicates", "engines", "focus", "labels", "large"),
    *("load", "map", "memory", "milvus", "quality", "retrieval", "speed", "words"),
)


def add(commands: argparse._SubParsersAction) -> None:
    bench = commands.add_parser("bench", help="measure speed, memory and quality")
    benches = bench.add_subparsers(required=True, metavar="WHAT")
    for measurement in _BENCHES:
        import_module(f"imsearch_core.bench.{measurement}").add(benches)
