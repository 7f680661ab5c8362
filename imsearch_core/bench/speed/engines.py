"""d: the engines side by side, on ten thousand made-up embeddings; `bench engines` takes more, and photos."""

from imsearch_core.bench.engines import bench_engines
from imsearch_core.bench.figures import Figure


def run() -> list[Figure]:
    return bench_engines()
