"""The command line: python -m imsearch_core index | search | classify | classes."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from imsearch_core.classes import search_classes, top_classes
from imsearch_core.encoders import DEFAULT_ENCODER, find_preset, load_encoder, presets
from imsearch_core.errors import BadImage, ImsearchError, UsageError
from imsearch_core.images import open_image
from imsearch_core.index import DEFAULT_ENGINE, engines
from imsearch_core.indexing import BATCH, IndexReport
from imsearch_core.search import Collection, SearchResult, embed_images


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 failed, 2 wrongly used, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):  # file names need not be valid text
        stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except ImsearchError as error:
        print(f"imsearch: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        print("\nimsearch: stopped; what is embedded is stored, run again to go on", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m imsearch_core", description="Image search by embeddings."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    index = commands.add_parser("index", help="embed the pictures of a folder that are new or changed")
    index.add_argument("folder", metavar="FOLDER")
    index.set_defaults(run=_index)

    search = commands.add_parser("search", help="find the neighbours of a picture")
    search.add_argument("folder", metavar="FOLDER")
    search.add_argument(
        "--query", required=True, metavar="FILE_OR_PATH", help="a file of FOLDER, or any picture"
    )
    search.add_argument("-k", type=int, default=9, help="how many neighbours (default: 9)")
    search.add_argument(
        "--class", dest="focus", metavar="C", help="weight by an ImageNet class: index, wnid or name"
    )
    search.add_argument(
        "--engine", default=DEFAULT_ENGINE, help=f"{' or '.join(engines())} (default: {DEFAULT_ENGINE})"
    )
    search.set_defaults(run=_search)

    classify = commands.add_parser("classify", help="name the ImageNet classes that the encoder sees")
    classify.add_argument("images", nargs="+", metavar="IMAGE")
    classify.add_argument("-k", type=int, default=5, help="how many classes (default: 5)")
    classify.set_defaults(run=_classify)

    for command in (index, search, classify):
        names = ", ".join(preset.name for preset in presets())
        command.add_argument(
            "--encoder", default=DEFAULT_ENCODER, metavar="E", help=f"{names} (default: {DEFAULT_ENCODER})"
        )
        command.add_argument("--weights", metavar="FILE", help="a local Keras weights file for the encoder")

    classes = commands.add_parser("classes", help="look up ImageNet classes")
    classes.add_argument("text", metavar="TEXT", help="part of a name, a WordNet id or an index")
    classes.set_defaults(run=_classes)

    for command in (index, search, classify, classes):
        command.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _index(options: argparse.Namespace) -> int:
    report = _open(options).report
    if options.json:
        _print_json(
            {
                "images": report.images,
                "embedded": report.embedded,
                "reused": report.reused,
                "removed": report.removed,
                "skipped": [asdict(skipped) for skipped in report.skipped],
                "seconds": round(report.seconds, 3),
                "images_per_second": round(report.images_per_second, 1),
            }
        )
        return 0
    for skipped in report.skipped:
        print(f"skipped {skipped.file}: {skipped.reason}")
    print(
        f"{report.images} images: {report.embedded} embedded, {report.reused} reused, "
        f"{report.removed} removed, {len(report.skipped)} skipped, in {report.seconds:.1f} s"
        + (f" ({report.images_per_second:.0f} images/s)" if report.embedded else "")
    )
    return 0


def _search(options: argparse.Namespace) -> int:
    photos = _open(options)
    found = photos.search(options.query, options.k, focus=options.focus, engine=options.engine)
    if options.json:
        _print_json(_search_json(found))
        return 0
    weighted = f", weighted by {found.focus.name} ({found.focus.index})" if found.focus else ""
    label = found.query.label or "no label"
    print(f"{found.query.file} [{label}]{weighted}: {found.milliseconds:.1f} ms, {found.engine}")
    for result in found.results:
        print(f"{result.rank:3}  {result.cosine:.4f}  {result.file}")
    return 0


def _search_json(found: SearchResult) -> dict[str, Any]:
    return {
        "query": {"file": found.query.file, "label": found.query.label},
        "encoder": found.encoder,
        "engine": found.engine,
        "method": found.method,
        "class": asdict(found.focus) if found.focus else None,
        "milliseconds": round(found.milliseconds, 3),
        "results": [asdict(result) for result in found.results],
    }


def _classify(options: argparse.Namespace) -> int:
    if options.k < 1:
        raise UsageError(f"-k is {options.k}: at least 1 class must be asked for")
    for name in options.images:
        if not Path(name).exists():
            raise UsageError(f"{name} does not exist")
    encoder = load_encoder(options.encoder, options.weights)
    found, failed = [], 0
    for start in range(0, len(options.images), BATCH):
        names, images = [], []
        for name in options.images[start : start + BATCH]:
            try:
                images.append(open_image(Path(name), encoder.preset.resize))
                names.append(name)
            except BadImage as error:
                print(f"imsearch: {name}: {error}", file=sys.stderr)
                failed += 1
        if images:
            logits = encoder.head.logits(embed_images(encoder, images))
            found += [(name, top_classes(row, options.k)) for name, row in zip(names, logits, strict=True)]
    if options.json:
        _print_json([{"file": name, "classes": [asdict(c) for c in classes]} for name, classes in found])
    else:
        for name, classes in found:
            print(name)
            for c in classes:
                print(f"  {c.probability:6.1%}  {c.name} ({c.index})")
    return 1 if failed else 0


def _classes(options: argparse.Namespace) -> int:
    found = search_classes(options.text)
    if options.json:
        _print_json([asdict(c) for c in found])
    else:
        for c in found:
            print(f"{c.index:3}  {c.wnid}  {c.name}")
    if not found:
        print(f"imsearch: no ImageNet class is like {options.text!r}", file=sys.stderr)
    return 0 if found else 1


def _open(options: argparse.Namespace) -> Collection:
    """Open the folder with a progress bar on stderr, and say there what a person should know."""
    find_preset(options.encoder)
    with tqdm(unit=" images", disable=None, leave=False, desc="embedding") as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        photos = Collection.open(options.folder, options.encoder, options.weights, progress)
    _print_notes(photos.report)
    return photos


def _print_notes(report: IndexReport) -> None:
    for note in report.notes:
        print(f"imsearch: {note}", file=sys.stderr)


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
