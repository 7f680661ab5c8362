"""search FOLDER: find the neighbours of a picture."""

import argparse
from dataclasses import asdict
from typing import Any

from imsearch_core.cli.common import open_folder, print_json, with_folder
from imsearch_core.index import DEFAULT_ENGINE, engines
from imsearch_core.labels.corrections import with_original
from imsearch_core.queries import Region
from imsearch_core.search import METHODS, SearchResult


def add(commands: argparse._SubParsersAction) -> None:
    search = commands.add_parser("search", help="find the neighbours of a picture")
    with_folder(search)
    search.add_argument(
        "--query", required=True, metavar="FILE_OR_PATH", help="a file of FOLDER, or any picture"
    )
    search.add_argument("-k", type=int, default=9, help="how many neighbours (default: 9)")
    search.add_argument(
        "--class", dest="focus", metavar="C", help="weight by an ImageNet class: index, wnid or name"
    )
    search.add_argument(
        "--region", metavar="X0,Y0,X1,Y1", help="search with a part of the picture, in fractions"
    )
    search.add_argument("--like", nargs="+", default=[], metavar="FILE", help="more pictures to move towards")
    search.add_argument("--unlike", nargs="+", default=[], metavar="FILE", help="pictures to move away from")
    search.add_argument("--method", choices=METHODS[1:], help="how the class counts (default: reweigh)")
    search.add_argument("--strength", type=float, metavar="S", help="of focus, 0 (plain) to 1 (default: 0.5)")
    search.add_argument("--label", metavar="L", help="find only pictures that were given this label")
    search.add_argument(
        "--engine", default=DEFAULT_ENGINE, help=f"{' or '.join(engines())} (default: {DEFAULT_ENGINE})"
    )
    search.set_defaults(run=_search)


def _search(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    region = Region.parse(options.region) if options.region else None
    found = photos.search(
        photos.query(options.query, region),
        options.k,
        like=options.like,
        unlike=options.unlike,
        focus=options.focus,
        method=options.method,
        strength=options.strength,
        label=options.label,
        engine=options.engine,
    )
    given = found.query.label
    label = given if found.query.item is None else photos.shown_labels[found.query.file]
    if options.json:
        print_json(_search_json(found, label))
        return 0
    weighted = f", {found.method} {found.focus.name} ({found.focus.index})" if found.focus else ""
    label = with_original(label, given)
    print(f"{found.query.file} [{label}]{weighted}: {found.milliseconds:.1f} ms, {found.engine}")
    for result in found.results:
        corrected = with_original(result.label, result.given) if result.label != result.given else ""
        print(f"{result.rank:3}  {result.cosine:.4f}  {result.file}  {corrected}".rstrip())
    return 0


def _search_json(found: SearchResult, label: str | None) -> dict[str, Any]:
    return {
        "query": _without_repetition({"file": found.query.file, "label": label, "given": found.query.label}),
        "encoder": found.encoder,
        "engine": found.engine,
        "method": found.method,
        "class": asdict(found.focus) if found.focus else None,
        "strength": found.strength,
        "milliseconds": round(found.milliseconds, 3),
        "results": [_without_repetition(asdict(result)) for result in found.results],
    }


def _without_repetition(picture: dict[str, Any]) -> dict[str, Any]:
    """The given label is named only where a person has corrected it."""
    return {k: v for k, v in picture.items() if k != "given" or v != picture["label"]}
