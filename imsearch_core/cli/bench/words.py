"""bench words: do words find pictures, and pictures words?"""

import argparse
from dataclasses import asdict
from pathlib import Path

from imsearch_core.bench.words import RECALL_AT, TAGS, Found, bench_words
from imsearch_core.cli.common import print_json, progress_bar, with_json
from imsearch_core.words.glove import load_glove


def add(benches: argparse._SubParsersAction) -> None:
    words = benches.add_parser("words", help="do words find pictures, and pictures words?")
    words.add_argument("folder", metavar="FOLDER", type=Path, help="with the classes present in labels.csv")
    words.add_argument("--captions", metavar="CSV", type=Path, help="columns file and captions, joined by |")
    words.add_argument("--glove", metavar="FILE", type=Path, help="a GloVe text file to measure too")
    with_json(words)
    words.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    tables = []
    if options.glove:
        with progress_bar("reading", unit="words") as progress:
            tables = [load_glove(options.glove, progress).table]
    with progress_bar("embedding") as progress:
        found = bench_words(options.folder, options.captions, tables, progress)
    if options.json:
        print_json([{**asdict(row), **_word_means(row)} for row in found])
        return 0
    captions = f"caption R@{RECALL_AT}"
    print(f"{'table':20} {'way':8} {'class P@9':>10} {'synonym P@9':>12} {f'tags@{TAGS}':>8} {captions:>12}")
    for row in found:
        figures = zip((*_word_means(row).values(), row.tags, row.captions), (10, 12, 8, 12), strict=True)
        print(
            f"{row.table:20} {row.way:8} "
            + " ".join(f"{'-' if f is None else f'{f:.3f}':>{width}}" for f, width in figures)
        )
    for row in found:
        for kind in ("classes", "synonyms"):
            each = ", ".join(f"{word} {p:.2f}" for word, p in getattr(row, kind).items())
            print(f"\n{row.table}, {row.way}, {kind}: {each}")
    return 0


def _word_means(row: Found) -> dict[str, float | None]:
    return {"class_precision": row.class_precision, "synonym_precision": row.synonym_precision}
