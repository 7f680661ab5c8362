"""bench WHAT: measure. Every measurement is a pair of functions here and a file in `imsearch_core/bench`."""

import argparse
from dataclasses import asdict
from pathlib import Path

from imsearch_core.bench.approaches import bench_approaches
from imsearch_core.bench.clicks import bench_clicks
from imsearch_core.bench.drawings import bench_drawings
from imsearch_core.bench.focus import bench_focus
from imsearch_core.bench.glove import bench_glove
from imsearch_core.bench.labels import bench_labels
from imsearch_core.bench.map import bench_map
from imsearch_core.bench.milvus import bench_milvus
from imsearch_core.cli import bench_load, bench_speed, bench_words
from imsearch_core.cli.common import open_folder, print_json, progress_bar, with_folder, with_json


def add(commands: argparse._SubParsersAction) -> None:
    bench = commands.add_parser("bench", help="measure")
    benches = bench.add_subparsers(required=True, metavar="WHAT")
    for add_bench in (
        _add_approaches,
        _add_clicks,
        _add_drawings,
        _add_focus,
        _add_glove,
        _add_labels,
        _add_map,
        _add_milvus,
        bench_load.add,
        bench_speed.add,
        bench_words.add,
    ):
        add_bench(benches)


def _add_approaches(benches: argparse._SubParsersAction) -> None:
    approaches = benches.add_parser("approaches", help="embeddings against what the tutorial rejects")
    with_folder(approaches)
    approaches.set_defaults(run=_approaches)


def _approaches(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    with progress_bar("measuring", unit="approaches") as progress:
        measured = list(bench_approaches(photos, progress))
    if options.json:
        print_json([asdict(row) for row in measured])
        return 0
    print(f"{'approach':12} pictures  prepare s  add one s  search ms  passes  P@9")
    for row in measured:
        print(
            f"{row.approach:12} {row.pictures:8} {row.prepare_seconds:10.2f} {row.add_seconds:10.3f} "
            f"{row.query_seconds * 1000:10.3f} {row.passes:7} {row.precision:.2f}"
        )
    return 0


def _add_drawings(benches: argparse._SubParsersAction) -> None:
    drawings = benches.add_parser("drawings", help="does the encoder see what the illustrated set shows?")
    drawings.add_argument(
        "--photos", metavar="FOLDER", type=Path, help="labelled real photos to compare with"
    )
    with_json(drawings)
    drawings.set_defaults(run=_drawings)


def _drawings(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        seen = bench_drawings(options.photos, progress)
    if options.json:
        print_json([asdict(row) for row in seen])
        return 0
    print(f"{'class':14} {'neighbours':>10} {'photos':>10} {'recognised':>10}")
    for row in seen:
        figures = (row.neighbours, row.photos, row.recognised)
        print(f"{row.label:14} " + " ".join(f"{'-' if f is None else f'{f:.2f}':>10}" for f in figures))
    return 0


def _add_focus(benches: argparse._SubParsersAction) -> None:
    focus = benches.add_parser("focus", help="does conditioning on a class find it?")
    focus.add_argument("folder", metavar="FOLDER", type=Path, help="with the classes present in labels.csv")
    with_json(focus)
    focus.set_defaults(run=_focus)


def _focus(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        cases, ways = bench_focus(options.folder, progress)
    if options.json:
        print_json({"cases": cases, "ways": [asdict(way) for way in ways]})
        return 0
    print(f"{cases} cases, 95 % intervals\n{'method':12} {'P@9':>20} {'mean cosine':>20}")
    for way in ways:
        figures = ((way.precision, way.precision_interval), (way.cosine, way.cosine_interval))
        print(f"{way.method:12} " + " ".join(f"{v:.3f} [{lo:.3f}, {hi:.3f}]" for v, (lo, hi) in figures))
    return 0


def _add_glove(benches: argparse._SubParsersAction) -> None:
    glove = benches.add_parser("glove", help="how fast does a file of GloVe's shape load?")
    glove.add_argument("--words", type=int, default=400_000, metavar="N", help="default: 400000")
    glove.add_argument("--dimension", type=int, default=300, metavar="D", help="default: 300")
    with_json(glove)
    glove.set_defaults(run=_glove)


def _glove(options: argparse.Namespace) -> int:
    with progress_bar("writing the file", unit="words") as progress:
        loads = bench_glove(options.words, options.dimension, progress)
    if options.json:
        print_json([asdict(load) for load in loads])
        return 0
    for load in loads:
        print(
            f"{load.time:6} {load.words:,} words in {load.seconds:.2f} s ({load.processor_seconds:.2f} s of "
            f"computing), a search in "
            f"{load.first_search_seconds:.2f} s, {load.peak_bytes / 1e9:.2f} GB at most"
        )
    return 0


def _add_labels(benches: argparse._SubParsersAction) -> None:
    labels = benches.add_parser("labels", help="are wrong labels found?")
    labels.add_argument("folder", metavar="FOLDER", type=Path, help="with the classes present in labels.csv")
    labels.add_argument(
        "--flip", type=float, default=0.1, metavar="SHARE", help="of labels made wrong (default: 0.1)"
    )
    with_json(labels)
    labels.set_defaults(run=_labels)


def _labels(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        bench = bench_labels(options.folder, options.flip, progress)
    if options.json:
        print_json(asdict(bench))
        return 0
    print(f"{bench.images} images of {bench.classes} classes, {options.flip:.0%} wrong labels planted")
    print(f"{'wrong labels':34} {'method':20} average precision")
    for row in bench.found:
        deviation = "" if row.deviation is None else f" ± {row.deviation:.3f}"
        print(f"{row.planted:34} {row.method:20} {row.average_precision:.3f}{deviation}")
    return 0


def _add_map(benches: argparse._SubParsersAction) -> None:
    measured = benches.add_parser("map", help="what do the maps keep of the neighbourhoods?")
    measured.add_argument("folder", metavar="FOLDER", type=Path)
    with_json(measured)
    measured.set_defaults(run=_map)


def _map(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        by_chance, maps = bench_map(options.folder, progress)
    if options.json:
        print_json({"chance": by_chance, "maps": [asdict(measured) for measured in maps]})
        return 0
    print(f"kept: of a picture's 9 nearest, those among its 9 nearest on the map; by chance {by_chance:.3f}")
    print(f"{'map':12} {'placed':>8} {'kept':>8} {'trustworthiness':>16} {'seconds':>8}")
    for m in maps:
        print(f"{m.method:12} {m.placed:8,} {m.kept:8.3f} {m.trustworthiness:16.3f} {m.seconds:8.1f}")
    return 0


def _add_milvus(benches: argparse._SubParsersAction) -> None:
    milvus = benches.add_parser("milvus", help="what does searching through Milvus cost and lose?")
    milvus.add_argument("folder", metavar="FOLDER", type=Path)
    with_json(milvus)
    milvus.set_defaults(run=_milvus)


def _milvus(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        filling, rows = bench_milvus(options.folder, progress)
    if options.json:
        print_json({"filling": asdict(filling), "searches": [asdict(row) for row in rows]})
        return 0
    print(
        f"{filling.images} images × {filling.dimension}: inserted at {filling.images_per_second:.0f}/s, "
        f"opened unchanged in {filling.reopen_seconds:.2f} s, {filling.bytes_per_image:.0f} bytes per image\n"
        f"{'method':8} over-fetch  recall@9  median ms  exact ms"
    )
    for row in rows:
        print(
            f"{row.method:8} {row.over_fetch:10} {row.recall:9.3f} {row.milliseconds:10.2f} "
            f"{row.exact_milliseconds:9.2f}"
        )
    return 0


def _add_clicks(benches: argparse._SubParsersAction) -> None:
    clicks = benches.add_parser("clicks", help="how long does a person wait, in a real browser?")
    clicks.add_argument("folder", metavar="FOLDER", type=Path)
    clicks.add_argument("--clicks", type=int, default=30, metavar="N")
    clicks.add_argument("-k", type=int, default=9, metavar="N", help="neighbours shown (default: 9)")
    with_json(clicks)
    clicks.set_defaults(run=_clicks)


def _clicks(options: argparse.Namespace) -> int:
    with progress_bar("embedding") as progress:
        waited = bench_clicks(options.folder, options.clicks, options.k, progress)
    if options.json:
        print_json(asdict(waited) | {"p50_ms": waited.p50_ms, "p95_ms": waited.p95_ms})
        return 0
    print(f"{waited.pictures:,} pictures, {waited.neighbours} neighbours; load {waited.load:.1f}")
    print(f"start of the server to the first grid: {waited.warm_start_s:.1f} s")
    print(f"click to the new grid: p50 {waited.p50_ms:.0f} ms, p95 {waited.p95_ms:.0f} ms")
    at_first, per_click = (count / 1000 for count in (waited.page_bytes, waited.click_bytes))
    print(f"over the wire: {at_first:.0f} KB at first, {per_click:.0f} KB a click")
    return 0
