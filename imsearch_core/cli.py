"""The command line: python -m imsearch_core index | search | classify | classes | dataset | bench."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from imsearch_core.bench.drawings import bench_drawings
from imsearch_core.bench.focus import bench_focus
from imsearch_core.classes import note_about, search_classes, top_classes
from imsearch_core.datasets.builtin import ILLUSTRATED, PASCAL
from imsearch_core.datasets.illustrated import draw_dataset
from imsearch_core.datasets.pascal import CREDITS, PHOTOS, fetch_pascal
from imsearch_core.encoders import DEFAULT_ENCODER, load_encoder, presets
from imsearch_core.errors import BadImage, ImsearchError, UsageError
from imsearch_core.images import open_image
from imsearch_core.index import DEFAULT_ENGINE, engines
from imsearch_core.indexing import BATCH, IndexReport, Progress
from imsearch_core.queries import Region
from imsearch_core.search import METHODS, Collection, SearchResult, embed_images


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
        "--region", metavar="X0,Y0,X1,Y1", help="search with a part of the picture, in fractions"
    )
    search.add_argument("--like", nargs="+", default=[], metavar="FILE", help="more pictures to move towards")
    search.add_argument("--unlike", nargs="+", default=[], metavar="FILE", help="pictures to move away from")
    search.add_argument("--method", choices=METHODS[1:], help="how the class counts (default: reweigh)")
    search.add_argument("--strength", type=float, metavar="S", help="of focus, 0 (plain) to 1 (default: 0.5)")
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

    dataset = commands.add_parser("dataset", help="draw or fetch a built-in dataset")
    datasets = dataset.add_subparsers(required=True, metavar="DATASET")
    illustrated = datasets.add_parser(ILLUSTRATED.name, help="draw 1000 pictures in 20 classes")
    illustrated.set_defaults(run=_illustrated)
    pascal = datasets.add_parser(PASCAL.name, help="fetch the 1000 Pascal Sentences photos")
    pascal.add_argument(
        "--from-voc", metavar="DIR", help="a local copy of PASCAL VOC 2008-2012 to take them from"
    )
    pascal.add_argument("--url", help="a mirror of the authors' page, or of the VOC archive (.tar)")
    pascal.set_defaults(run=_pascal)

    bench = commands.add_parser("bench", help="measure")
    benches = bench.add_subparsers(required=True, metavar="WHAT")
    drawings = benches.add_parser("drawings", help="does the encoder see what the illustrated set shows?")
    drawings.add_argument(
        "--photos", metavar="FOLDER", type=Path, help="labelled real photos to compare with"
    )
    drawings.set_defaults(run=_bench_drawings)

    focus = benches.add_parser("focus", help="does conditioning on a class find it?")
    focus.add_argument("folder", metavar="FOLDER", type=Path, help="with the classes present in labels.csv")
    focus.set_defaults(run=_bench_focus)

    for command in (index, search, classify, classes, illustrated, pascal, drawings, focus):
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
    region = Region.parse(options.region) if options.region else None
    found = photos.search(
        photos.query(options.query, region),
        options.k,
        like=options.like,
        unlike=options.unlike,
        focus=options.focus,
        method=options.method,
        strength=options.strength,
        engine=options.engine,
    )
    if options.json:
        _print_json(_search_json(found))
        return 0
    weighted = f", {found.method} {found.focus.name} ({found.focus.index})" if found.focus else ""
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
        "strength": found.strength,
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
    if note := note_about(options.text):
        print(f"imsearch: {note}", file=sys.stderr)
    found = search_classes(options.text)
    if options.json:
        _print_json([asdict(c) for c in found])
    else:
        for c in found:
            print(f"{c.index:3}  {c.wnid}  {c.name}")
    if not found:
        print(f"imsearch: no ImageNet class is like {options.text!r}", file=sys.stderr)
    return 0 if found else 1


def _illustrated(options: argparse.Namespace) -> int:
    with _progress_bar("drawing") as progress:
        drawn = draw_dataset(ILLUSTRATED.folder, progress=progress)
    if options.json:
        _print_json(
            {
                "folder": str(drawn.folder),
                "images": drawn.images,
                "classes": drawn.classes,
                "seconds": round(drawn.seconds, 3),
            }
        )
    else:
        print(f"{drawn.images} pictures in {drawn.classes} classes, in {drawn.seconds:.1f} s: {drawn.folder}")
    return 0


def _pascal(options: argparse.Namespace) -> int:
    with _progress_bar("fetching") as progress:
        report = fetch_pascal(PASCAL.folder, from_voc=options.from_voc, url=options.url, progress=progress)
    if options.json:
        _print_json(
            {
                "folder": str(report.folder),
                "images": report.images,
                "missing": [asdict(missing) for missing in report.missing],
                "seconds": round(report.seconds, 3),
                "source": report.source,
            }
        )
        return 0
    for missing in report.missing:
        print(f"missing {missing.file}: {missing.reason}")
    print(f"{report.images} of {PHOTOS} photos are in {report.folder} (from {report.source})")
    print(CREDITS)
    return 0


def _bench_drawings(options: argparse.Namespace) -> int:
    with _progress_bar("embedding") as progress:
        seen = bench_drawings(options.photos, progress)
    if options.json:
        _print_json([asdict(row) for row in seen])
        return 0
    print(f"{'class':14} {'neighbours':>10} {'photos':>10} {'recognised':>10}")
    for row in seen:
        figures = (row.neighbours, row.photos, row.recognised)
        print(f"{row.label:14} " + " ".join(f"{'-' if f is None else f'{f:.2f}':>10}" for f in figures))
    return 0


def _bench_focus(options: argparse.Namespace) -> int:
    with _progress_bar("embedding") as progress:
        cases, ways = bench_focus(options.folder, progress)
    if options.json:
        _print_json({"cases": cases, "ways": [asdict(way) for way in ways]})
        return 0
    print(f"{cases} cases, 95 % intervals\n{'method':12} {'P@9':>20} {'mean cosine':>20}")
    for way in ways:
        figures = ((way.precision, way.precision_interval), (way.cosine, way.cosine_interval))
        print(f"{way.method:12} " + " ".join(f"{v:.3f} [{lo:.3f}, {hi:.3f}]" for v, (lo, hi) in figures))
    return 0


def _open(options: argparse.Namespace) -> Collection:
    """Open the folder with a progress bar on stderr, and say there what a person should know."""
    with _progress_bar("embedding") as progress:
        photos = Collection.open(options.folder, options.encoder, options.weights, progress)
    _print_notes(photos.report)
    return photos


@contextmanager
def _progress_bar(doing: str) -> Iterator[Progress]:
    """Count, rate and time left on stderr, if that is a terminal."""
    with tqdm(unit=" images", disable=None, leave=False, desc=doing) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _print_notes(report: IndexReport) -> None:
    for note in report.notes:
        print(f"imsearch: {note}", file=sys.stderr)


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
