"""words TEXT: the words nearest to a text; words fetch-glove: download GloVe."""

import argparse
import sys
from dataclasses import asdict

from imsearch_core.cli.common import add_command, print_json, progress_bar, say, with_json
from imsearch_core.index import DEFAULT_ENGINE
from imsearch_core.wording import counted
from imsearch_core.words.glove import ARCHIVE_URL, BUILTIN, fetch_glove, glove_folder, open_table
from imsearch_core.words.vectors import ENGINES

_FETCH = "fetch-glove"


def add(commands: argparse._SubParsersAction) -> None:
    words = add_command(
        commands,
        "words",
        "find similar words, or fetch GloVe",
        _words,
        epilog=f"words {_FETCH} [--url URL] downloads GloVe 6B into {glove_folder()}.",
    )
    words.add_argument(
        "text", metavar="TEXT", nargs="+", help="a word or several, such as ocean or king − man + woman"
    )
    words.add_argument("-k", type=int, default=10, metavar="N", help="how many words (default: 10)")
    words.add_argument(
        "--table", default=BUILTIN, metavar="T", help=f"{BUILTIN} or a GloVe text file (default: {BUILTIN})"
    )
    words.add_argument("--engine", default=DEFAULT_ENGINE, choices=ENGINES, help=f"default: {DEFAULT_ENGINE}")
    words.add_argument("--url", default=ARCHIVE_URL, help=f"with {_FETCH}: a mirror to download from")
    with_json(words)


def _words(options: argparse.Namespace) -> int:
    text = " ".join(options.text)
    return _fetch(options) if text == _FETCH else _nearest(text, options)


def _nearest(text: str, options: argparse.Namespace) -> int:
    with progress_bar("reading", unit="MB") as progress:
        opened = open_table(options.table, progress)
    if opened.note:
        say(f"imsearch: {opened.note}", file=sys.stderr)
    table = opened.table
    meaning = table.meaning(text)
    for unknown in meaning.unknown:
        meant = f": did you mean {', '.join(unknown.suggestions)}?" if unknown.suggestions else ""
        say(f"imsearch: {unknown.word!r} is not in {table.name}{meant}", file=sys.stderr)
    near = table.nearest(meaning, options.k, options.engine)
    if options.json:
        print_json([asdict(word) for word in near])
        return 0
    for word in near:
        say(f"{word.cosine:6.3f}  {word.word}")
    return 0


def _fetch(options: argparse.Namespace) -> int:
    with progress_bar("fetching", unit="MB") as progress:
        fetched = fetch_glove(options.url, progress)
    if options.json:
        print_json(
            {
                "files": [str(path) for path in fetched.files],
                "seconds": round(fetched.seconds, 3),
                "source": fetched.source,
            }
        )
        return 0
    for path in fetched.files:
        say(path)
    say(f"{counted(len(fetched.files), 'file')} of GloVe in {glove_folder()} (from {fetched.source})")
    return 0
