"""Which encoder and which similarity bring pictures of a class together, and what the refined one loses.

A refined embedding is a mean over neighbours, so we look for losses where neighbours are few:

- exact copies: COPIED pictures are in the collection twice; is the copy the first result?
- altered copies: a picture is cropped, saved as a poor JPEG, made small or mirrored, and uploaded; is the
  original the first result?
- rare classes: all but two pictures of a class are removed; does one find the other among 9?

The time of a refined search is measured against a plain one, among made-up embeddings.
"""

import argparse
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from imsearch_core.bench.command import LABELLED, add_bench
from imsearch_core.bench.figures import Figure, medians_in_turn
from imsearch_core.bench.speed.synthetic import contents_of, made_up
from imsearch_core.collection import Collection
from imsearch_core.compare.evaluate import METHODS, evaluate
from imsearch_core.compare.retrieval import Figures, Retrieval
from imsearch_core.encoders import load_encoder
from imsearch_core.index import Contents, open_index
from imsearch_core.progress import Progress, silent
from imsearch_core.search.query import Query
from imsearch_core.search.ranking import Method, Ranker
from imsearch_core.search.refined import Refined, RefinedSpace, centred
from imsearch_core.vectors.embeddings import Embeddings

ENCODERS = ("efficientnet-lite0", "efficientnet-lite2")
K = 9
COPIED = 100
ALTERED = 100
_DRAWS = 10  # pairs of a class
_REPEATS = 15
_MADE_UP = 100_000  # embeddings that searches are timed among


@dataclass(frozen=True)
class MeasuredWay:
    """One encoder with one similarity."""

    encoder: str
    method: str
    mean: Figures
    interval: Figures
    per_class: dict[str, Figures]
    largest_loss: tuple[str, float] | None
    """The class whose precision differs most from that of plain search, for the worse, and the difference;
    None for plain search."""
    exact_copies_first: float
    """Share of 0 to 1, as the following ones."""
    altered_copies_first: dict[str, float]
    """By the alteration."""
    rare_found: float


def search_times() -> list[Figure]:
    """Measure plain and refined searches for 10 in turn."""
    n = _MADE_UP
    embeddings = Embeddings(np.concatenate([*made_up(n)]), np.arange(n))
    space = RefinedSpace(
        Embeddings(centred(embeddings.rows(np.arange(n)), np.float32(0)), np.arange(n)),
        np.zeros(embeddings.dimension, np.float32),
    )
    contents = contents_of(embeddings, Path())
    index, turn = open_index("exact", contents), iter(range(1 << 30))
    ranker = Ranker(contents, lambda: None)  # no search is conditioned on a class

    def fresh() -> tuple[int, np.ndarray]:
        """An item, and its embedding scaled so that nothing is known of it."""
        i = next(turn)
        return i % n, embeddings[i % n] * np.float32(1 + 1e-4 * (i + 1))

    def refined(stored: bool) -> None:
        item, vector = fresh()
        query = Query("", None, embeddings[item], item) if stored else Query("", None, vector)
        ranker.by_refined(space, query, 10, None)

    seconds = medians_in_turn(
        _REPEATS,
        lambda: ranker.by_picture(index, fresh()[1], 10, Method(), None),
        lambda: refined(stored=True),
        lambda: refined(stored=False),
    )
    names = ("plain", "refined, with a stored picture", "refined, with another picture, already embedded")
    return [
        Figure(f"{name}: median", 1000 * taken, "ms", n=n) for name, taken in zip(names, seconds, strict=True)
    ]


def bench_retrieval(folder: Path, progress: Progress = silent) -> list[MeasuredWay]:
    """Measure every way on `folder`, whose labels.csv must list the classes present."""
    ways = []
    for encoder in ENCODERS:
        photos = Collection.open(folder, encoder, progress=progress)
        chosen = np.random.default_rng(0).permutation(len(photos))
        copied, altered = chosen[:COPIED], _altered(photos, chosen[:ALTERED])
        plain = evaluate(photos, "plain", K)
        for method in METHODS:
            found = plain if method == "plain" else evaluate(photos, method, K)
            ways.append(
                MeasuredWay(
                    encoder,
                    method,
                    found.mean,
                    found.interval,
                    found.per_class,
                    None if found is plain else _largest_loss(plain, found),
                    _exact_copies_first(photos, copied, method),
                    {
                        name: float(
                            np.mean([_first(photos, query, method) == item for item, query in queries])
                        )
                        for name, queries in altered.items()
                    },
                    _rare_found(photos, method),
                )
            )
    return ways


def _largest_loss(plain: Retrieval, refined: Retrieval) -> tuple[str, float]:
    changes = {
        label: refined.per_class[label].precision - figures.precision
        for label, figures in plain.per_class.items()
    }
    return min(changes.items(), key=lambda pair: pair[1])


def _jpeg(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=20)
    return Image.open(buffer)


def _cropped(image: Image.Image) -> Image.Image:
    width, height = image.size
    return image.crop((width // 5, height // 5, width - width // 5, height - height // 5))


ALTERATIONS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "JPEG quality 20": _jpeg,
    "quarter size": lambda image: image.resize((max(1, image.width // 4), max(1, image.height // 4))),
    "mirrored": ImageOps.mirror,
    "a fifth cut off each side": _cropped,
}


def _altered(photos: Collection, chosen: np.ndarray) -> dict[str, list[tuple[int, np.ndarray]]]:
    """By alteration: items and the embeddings float32 [d] of their altered copies."""
    encoder = load_encoder(photos.encoder_name)
    images = {item: photos.open_image(photos.items[item].file) for item in chosen.tolist()}
    return {
        name: [
            (item, encoder.embed(encoder.preset.prepare(alter(image).convert("RGB"))[None])[0])
            for item, image in images.items()
        ]
        for name, alter in ALTERATIONS.items()
    }


def _first(photos: Collection, vector: np.ndarray, method: str) -> int:
    """The item that an upload with this embedding finds first."""
    if method == "refined":
        return int(photos.refined.make().nearest_to(vector, 1, None)[0][0])
    return int(photos.embeddings.nearest(vector, 1)[0][0])


def _exact_copies_first(photos: Collection, copied: np.ndarray, method: str) -> float:
    """How many of the pictures `copied` find their copy first, 0 to 1."""
    n = len(photos)
    twice = np.concatenate([np.arange(n), copied])
    search = _searcher(photos, twice, method)
    # Both have the same embedding: which of the two comes first means nothing.
    return float(np.mean([{item, n + place} == set(search(item, 2)) for place, item in enumerate(copied)]))


def _rare_found(photos: Collection, method: str) -> float:
    """How often one of the only two pictures of a class finds the other among K, 0 to 1."""
    rng = np.random.default_rng(0)
    found = []
    for label in sorted({label for item in photos.items for label in item.all_labels}):
        having = np.array([label in item.all_labels for item in photos.items])
        for _ in range(_DRAWS if having.sum() >= 2 else 0):
            pair = rng.choice(np.flatnonzero(having), 2, replace=False)
            left = np.concatenate([pair, np.flatnonzero(~having)])
            found.append(1 in _searcher(photos, left, method)(0, K + 1))
    return float(np.mean(found))


def _searcher(photos: Collection, items: np.ndarray, method: str) -> Callable[[int, int], list[int]]:
    """Searches among these items alone: from a place among them to the nearest `k`, itself included."""
    rows = Embeddings(photos.embeddings.rows(items), np.arange(len(items)))
    if method == "plain":
        return lambda place, k: rows.nearest(rows[place], k)[0].tolist()
    of_items = [replace(photos.items[item], file=f"{place}") for place, item in enumerate(items)]
    with tempfile.TemporaryDirectory(prefix="imsearch-retrieval-") as folder:
        space = Refined(Contents(rows, of_items, {}, Path(folder), "bench")).make()
        kept = Embeddings(space.embeddings.rows(np.arange(len(items))), np.arange(len(items)))
    return lambda place, k: kept.nearest(kept[place], k)[0].tolist()


def _measure(folder: Path, progress: Progress) -> dict[str, Any]:
    return {"ways": bench_retrieval(folder, progress), "times": search_times()}


def add(benches: argparse._SubParsersAction) -> None:
    add_bench(benches, "retrieval", "which encoder and similarity find the class?", _measure, LABELLED)
