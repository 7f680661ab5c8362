"""bench WHAT: measure. One file per measurement; the measuring itself is in `imsearch_core.bench`."""

import argparse

from imsearch_core.cli.bench import (
    approaches,
    clicks,
    focus,
    glove,
    labels,
    load,
    map,
    milvus,
    speed,
    words,
)

_BENCHES = (approaches, clicks, focus, glove, labels, load, map, milvus, speed, words)


def add(commands: argparse._SubParsersAction) -> None:
    bench = commands.add_parser("bench", help="measure")
    benches = bench.add_subparsers(required=True, metavar="WHAT")
    for measurement in _BENCHES:
        measurement.add(benches)
