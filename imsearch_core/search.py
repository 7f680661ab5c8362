"""The facade: a folder of pictures, opened for searching."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from imsearch_core import focus as focusing
from imsearch_core.classes import ImageNetClass, Prediction, find_class, top_classes
from imsearch_core.datasets import Dataset, Item, scan
from imsearch_core.embeddings import Embeddings, best
from imsearch_core.encoders import (
    DEFAULT_ENCODER,
    Encoder,
    existing_weights,
    find_preset,
    fingerprint,
    load_encoder,
)
from imsearch_core.errors import BadImage, ImsearchError, UsageError
from imsearch_core.images import centre_crop, open_image
from imsearch_core.index import DEFAULT_ENGINE, Index, open_index
from imsearch_core.indexing import IndexReport, Progress, update
from imsearch_core.store import EmbeddingStore, store_path

METHODS = ("plain", "reweigh", "focus")
DEFAULT_STRENGTH = 0.5


@dataclass(frozen=True)
class Query:
    """A picture to search with."""

    file: str
    """Relative to the collection's folder, or where else the picture came from."""
    label: str | None
    embedding: np.ndarray
    """float32 [d]."""
    item: int | None = None
    """Its place among the collection's items; None for a picture from elsewhere."""

    def elsewhere(self) -> "Query":
        """The same picture as a query to another collection of the same encoder."""
        return replace(self, item=None)


@dataclass(frozen=True)
class Result:
    """One neighbour."""

    rank: int
    """1 for the nearest."""
    file: str
    label: str | None
    cosine: float
    """Cosine similarity to the query, -1 to 1, in the space that was searched."""
    score: float
    """What the order follows."""


@dataclass(frozen=True)
class SearchResult:
    """A query's neighbours, and how they were found."""

    query: Query
    encoder: str
    engine: str
    method: str
    """One of METHODS."""
    focus: ImageNetClass | None
    strength: float | None
    """Of the method focus, 0 to 1; None with the others."""
    milliseconds: float
    """For the search alone, the embedding of the query left out."""
    results: tuple[Result, ...]


class Collection:
    """The pictures of one folder with their embeddings: search, classify, browse.

    Open one with `Collection.open`. It never changes afterwards, so sessions and threads may share
    it; open the folder again to see changed files. TensorFlow is loaded only when a picture that
    is not stored has to be embedded.
    """

    def __init__(
        self,
        dataset: Dataset,
        store: EmbeddingStore,
        encoder_name: str,
        weights: Path | None,
        progress: Progress,
    ) -> None:
        self.folder = dataset.folder
        self.encoder = encoder_name
        self._weights = weights
        self._opening_index = threading.Lock()
        self.report: IndexReport
        snapshot, self.report = update(store, dataset, self._load_encoder, progress)
        row_of = {image.file: image.row for image in snapshot.images if image.row is not None}
        self.items: tuple[Item, ...] = tuple(item for item in dataset.items if item.file in row_of)
        """The pictures that can be searched, sorted by file."""
        rows = np.array([row_of[item.file] for item in self.items], np.int64)
        self.embeddings = Embeddings(snapshot.matrix, rows)
        self.head = store.read_head()
        self._item_of = {item.file: i for i, item in enumerate(self.items)}
        self._cache, self._version = store.path, snapshot.version
        self._indexes: dict[str, Index] = {}
        self._norms_in_class = lru_cache(maxsize=64)(
            lambda index: self.embeddings.weighted_norms(self.head.weights[:, index])
        )
        self._kin_weights = lru_cache(maxsize=64)(lambda index: focusing.kin_weights(self.head, index))

    @classmethod
    def open(
        cls,
        folder: str | Path,
        encoder: str = DEFAULT_ENCODER,
        weights: str | Path | None = None,
        progress: Progress = lambda done, total: None,
    ) -> "Collection":
        """Open `folder`, embedding what is new or changed and reusing what is stored.

        `weights` is a Keras weights file to use instead of the encoder's published one;
        `progress(done, total)` is called while images are embedded. What happened is in `.report`.
        Raises UsageError for a missing or empty folder or an unknown encoder, ImsearchError if
        weights cannot be had or embeddings cannot be written.
        """
        weights = existing_weights(weights) if weights else None
        made_by = fingerprint(find_preset(encoder), weights)
        dataset = scan(folder)
        store = EmbeddingStore(store_path(dataset.folder, made_by), made_by)
        return cls(dataset, store, encoder, weights, progress)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, file: str) -> bool:
        return file in self._item_of

    def item(self, file: str) -> Item:
        """The picture called `file`. Raises UsageError if the collection has none."""
        if file not in self._item_of:
            raise UsageError(f"{file} is not a picture of {self.folder}")
        return self.items[self._item_of[file]]

    @property
    def labels(self) -> dict[str | None, int]:
        """How many pictures bear each label, by name; None counts the unlabelled, last."""
        counts: dict[str | None, int] = {}
        for item in self.items:
            counts[item.label] = counts.get(item.label, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: (pair[0] is None, pair[0])))

    def query(self, source: "str | Path | bytes | Image.Image | Query") -> Query:
        """Make a query of a file of the collection, any other image file, its bytes, or a picture.

        A file of the collection needs no network. Raises UsageError if there is no such file,
        ImsearchError if it is not a usable picture.
        """
        if isinstance(source, Query):
            return source
        if isinstance(source, Image.Image):
            return Query("upload", None, self._embed(source.convert("RGB")))
        if isinstance(source, bytes):
            return Query("upload", None, self._embed(self._opened(source, "the upload")))
        path = Path(source).expanduser()
        item = self._item_of.get(str(source))
        if item is None:
            resolved = path.resolve()
            if resolved.is_relative_to(self.folder):
                item = self._item_of.get(resolved.relative_to(self.folder).as_posix())
        if item is not None:
            found = self.items[item]
            return Query(found.file, found.label, self.embeddings[item], item)
        if not path.is_file():
            raise UsageError(f"{source} is neither a picture in {self.folder} nor an image file")
        return Query(str(source), None, self._embed(self._opened(path, str(source))))

    def search(
        self,
        query: "str | Path | bytes | Image.Image | Query",
        k: int = 9,
        *,
        focus: int | str | None = None,
        method: str | None = None,
        strength: float | None = None,
        engine: str = DEFAULT_ENGINE,
    ) -> SearchResult:
        """The `k` nearest neighbours of a picture, itself left out.

        With `focus`, an ImageNet class by index, WordNet id or name, the search is conditioned on
        that class (see `imsearch_core.focus`): by the method "focus" with a `strength` from 0
        (plain) to 1 (the class above all), or by "reweigh", the default unless a strength is given.
        It then compares every image, whatever the engine: an index knows one space, and each class
        has its own.
        Raises UsageError for an unknown class, method or engine, k < 1, or a strength out of range.
        """
        if method is None:
            method = "plain" if focus is None else "reweigh" if strength is None else "focus"
        if method not in METHODS:
            raise UsageError(f"no search method is called {method!r}: choose from {', '.join(METHODS)}")
        if (focus is None) != (method == "plain"):
            raise UsageError("a class goes with the methods reweigh and focus, and only with them")
        if strength is not None and method != "focus":
            raise UsageError("a strength goes with the method focus, and only with it")
        if method == "focus":
            strength = DEFAULT_STRENGTH if strength is None else strength
            if not 0 <= strength <= 1:
                raise UsageError(f"the strength is {strength}: it must be from 0 to 1")
        if k < 1:
            raise UsageError(f"k is {k}: at least 1 neighbour must be asked for")
        chosen = None if focus is None else find_class(focus)
        query = self.query(query)
        index = self._index(engine)
        started = time.perf_counter()
        wanted = min(k + (query.item is not None), len(self))
        if method == "focus":
            found = focusing.focus(
                self.embeddings, query.embedding, self._kin_weights(chosen.index), strength, wanted
            )
            items, similarities, scores = found.items, found.cosines, found.scores
        elif method == "reweigh":
            weights, norms = self.head.weights[:, chosen.index], self._norms_in_class(chosen.index)
            everywhere = focusing.reweigh(self.embeddings, query.embedding, weights, norms)
            items = best(everywhere, wanted)
            similarities = scores = everywhere[items]
        else:
            items, similarities = index.query(query.embedding, wanted)
            scores = similarities
        results = self._results(items, similarities, scores, query.item, k)
        milliseconds = (time.perf_counter() - started) * 1000
        return SearchResult(
            query, self.encoder, engine, method, chosen, strength, milliseconds, tuple(results)
        )

    def classify(self, query: "str | Path | bytes | Image.Image | Query", k: int = 5) -> list[Prediction]:
        """The `k` ImageNet classes that the encoder sees in a picture, most probable first."""
        return top_classes(self.head.logits(self.query(query).embedding), k)

    def open_image(self, file: str) -> Image.Image:
        """Decode a picture of the collection. Raises ImsearchError if it has become unreadable."""
        return self._opened(self.folder / self.item(file).file, file)

    def _results(
        self, items: np.ndarray, similarities: np.ndarray, scores: np.ndarray, itself: int | None, k: int
    ) -> list[Result]:
        others = [found for found in zip(items, similarities, scores, strict=True) if found[0] != itself]
        return [
            Result(rank, self.items[i].file, self.items[i].label, float(cosine), float(score))
            for rank, (i, cosine, score) in enumerate(others[:k], start=1)
        ]

    def _index(self, engine: str) -> Index:
        with self._opening_index:
            if engine not in self._indexes:
                self._indexes[engine] = open_index(engine, self.embeddings, self._cache, self._version)
            return self._indexes[engine]

    def _load_encoder(self) -> Encoder:
        return load_encoder(self.encoder, self._weights)

    def _embed(self, image: Image.Image) -> np.ndarray:
        return embed_images(self._load_encoder(), [image])[0]

    def _opened(self, source: Path | bytes, name: str) -> Image.Image:
        try:
            return open_image(source, find_preset(self.encoder).resize)
        except BadImage as error:
            raise ImsearchError(f"{name}: {error}") from error


def embed_images(encoder: Encoder, images: Sequence[Image.Image]) -> np.ndarray:
    """float32 [n, d]: the embeddings of decoded RGB pictures."""
    preset = encoder.preset
    return encoder.embed(np.stack([centre_crop(image, preset.resize, preset.crop) for image in images]))
