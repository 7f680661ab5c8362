"""search FOLDER: find the neighbours of a picture, of a text, or of both."""

import argparse
import sys
from dataclasses import asdict
from typing import Any

from imsearch_core.cli.common import folder_command, open_folder, print_json, progress_bar, say
from imsearch_core.cli.filters import filters_of, with_filters
from imsearch_core.collection import DEFAULT_TEXT_WEIGHT, Collection
from imsearch_core.errors import UsageError
from imsearch_core.index import DEFAULT_ENGINE, engines
from imsearch_core.labels.decisions import with_original
from imsearch_core.search.query import Query, Region, TextQuery
from imsearch_core.search.ranking import METHODS, Phrase, Target
from imsearch_core.search.results import Result, SearchResult


def add(commands: argparse._SubParsersAction) -> None:
    search = folder_command(commands, "search", "find pictures like a picture, by a text, or both", _search)
    search.add_argument("--query", metavar="FILE_OR_PATH", help="a file of FOLDER, or any picture")
    search.add_argument("--text", metavar="T", help="what to look for, such as 'cat on a sofa'")
    search.add_argument(
        "--text-weight",
        type=float,
        metavar="W",
        help=f"with --query: 0 is the picture alone, 1 the text alone (default: {DEFAULT_TEXT_WEIGHT})",
    )
    search.add_argument("-k", type=int, default=9, help="how many neighbours (default: 9)")
    search.add_argument(
        "--class",
        dest="focus",
        metavar="C",
        help="favour an ImageNet class (index, WordNet id or name), or any phrase if the encoder reads text",
    )
    search.add_argument(
        "--region",
        metavar="X0,Y0,X1,Y1",
        help="search with a part of the picture: fractions of its width and height",
    )
    search.add_argument("--like", nargs="+", default=[], metavar="FILE", help="more pictures to resemble")
    search.add_argument("--unlike", nargs="+", default=[], metavar="FILE", help="pictures not to resemble")
    search.add_argument(
        "--method", choices=METHODS, help="plain or refined; with --class, reweigh (the default) or focus"
    )
    search.add_argument(
        "--strength",
        type=float,
        metavar="S",
        help="for focus: from 0, plain, to 1, the class alone (default: 0.5)",
    )
    with_filters(search)
    search.add_argument(
        "--engine",
        default=DEFAULT_ENGINE,
        help=f"{', '.join(engines())}; with parameters as in annoy:trees=200 (default: {DEFAULT_ENGINE})",
    )


def _search(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    found = _search_text(photos, options) if options.text is not None else _search_picture(photos, options)
    query = found.query
    given = query.label if query else None
    label = given if query is None or query.item is None else photos.shown_labels[query.file]
    if found.text and found.text.hint:
        say(f"imsearch: {found.text.hint}", file=sys.stderr)
    if options.json:
        print_json(_search_json(found, label))
        return 0
    weighted = f", {found.method} {_named(found.focus)}" if found.focus else ""
    weighted = ", refined" if found.method == "refined" else weighted
    asked = [f"“{found.text.text}” ({_told(found.text)})"] if found.text else []
    asked += [f"{query.file} [{with_original(label, given)}]"] if query else []
    say(f"{' and '.join(asked)}{weighted}: {found.milliseconds:.1f} ms, {found.engine}")
    if found.likely == 0:
        say("No picture clearly shows this; the nearest are")
    for result in found.results:
        if result.likely is False and found.likely == result.rank - 1 > 0:
            say("Less likely")
        corrected = (
            with_original(result.label, result.given_label) if result.label != result.given_label else ""
        )
        say(f"{result.rank:3}  {result.cosine:.4f}  {result.file}  {corrected}".rstrip())
    return 0


def _search_picture(photos: Collection, options: argparse.Namespace) -> SearchResult:
    if options.query is None:
        raise UsageError("give a picture with --query, a text with --text, or both")
    if options.text_weight is not None:
        raise UsageError("--text-weight goes with --text")
    if options.method == "refined":
        with progress_bar("refining, once") as progress:
            photos.refined.make(progress)
    return photos.search(
        _picture(photos, options),
        options.k,
        focus=options.focus,
        method=options.method,
        strength=options.strength,
        engine=options.engine,
        **filters_of(options),
    )


def _search_text(photos: Collection, options: argparse.Namespace) -> SearchResult:
    if options.focus or options.method or options.strength is not None or options.engine != DEFAULT_ENGINE:
        raise UsageError("--class, --method, --strength and --engine go with a picture, not with a text")
    if options.query is None and (options.region or options.like or options.unlike):
        raise UsageError("--region, --like and --unlike go with a picture: give it with --query")
    if options.query is None and options.text_weight is not None:
        raise UsageError("--text-weight weighs the text against a picture: give it with --query")
    if photos.phrases is None and photos.words.notice:
        say(f"imsearch: {photos.words.notice}", file=sys.stderr)
    query = None if options.query is None else _picture(photos, options)
    weight = DEFAULT_TEXT_WEIGHT if options.text_weight is None else options.text_weight
    return photos.search_text(options.text, options.k, query=query, weight=weight, **filters_of(options))


def _picture(photos: Collection, options: argparse.Namespace) -> Query:
    region = Region.parse(options.region) if options.region else None
    return photos.query(options.query, region, options.like, options.unlike)


def _told(text: TextQuery) -> str:
    return ", ".join(f"{word.word}: {word.status}" for word in text.words) or text.understood


def _named(target: Target) -> str:
    return f"“{target.name}”" if isinstance(target, Phrase) else f"{target.name} ({target.index})"


def _search_json(found: SearchResult, label: str | None) -> dict[str, Any]:
    query: dict[str, Any] = {}
    if found.text:
        query["text"] = found.text.text
        query["understood"] = found.text.understood
        query["words"] = [asdict(word) for word in found.text.words]
    if found.query:
        query |= _without_repetition(
            {"file": found.query.file, "label": label, "given_label": found.query.label}
        )
    if found.text_weight is not None:
        query["text_weight"] = found.text_weight
    return {
        "query": query,
        "encoder": found.encoder_name,
        "engine": found.engine,
        "method": found.method,
        "class": _class_json(found.focus) if found.focus else None,
        "strength": found.strength,
        "milliseconds": round(found.milliseconds, 3),
        **({} if found.likely is None else {"likely": found.likely}),
        "results": [_result_json(result) for result in found.results],
    }


def _class_json(target: Target) -> dict[str, Any]:
    """A class; for a phrase has neither index nor WordNet id."""
    if isinstance(target, Phrase):
        return {"index": None, "wnid": None, "name": target.name}
    return asdict(target)


def _result_json(result: Result) -> dict[str, Any]:
    """The split is named only where there is one, `likely` only where a text alone was searched for."""
    named = _without_repetition(asdict(result))
    return {k: v for k, v in named.items() if k not in ("split", "likely") or v is not None}


def _without_repetition(picture: dict[str, Any]) -> dict[str, Any]:
    """The given label is named only where a person has corrected it."""
    return {k: v for k, v in picture.items() if k != "given_label" or v != picture["label"]}
