"""bench milvus: what searching through Milvus costs and loses."""

import argparse
from dataclasses import asdict
from pathlib import Path

from imsearch_core.bench.milvus import bench_milvus
from imsearch_core.cli.common import add_bench, print_json, progress_bar


def add(benches: argparse._SubParsersAction) -> None:
    milvus = add_bench(benches, "milvus", "what does searching through Milvus cost and lose?", _run)
    milvus.add_argument("folder", metavar="FOLDER", type=Path)


def _run(options: argparse.Namespace) -> int:
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
            f"{row.method:8} {row.candidates_per_result:10} {row.recall:9.3f} {row.milliseconds:10.2f} "
            f"{row.exact_milliseconds:9.2f}"
        )
    return 0
