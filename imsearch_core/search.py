"""The facade: a folder of pictures, opened for searching."""

import contextlib
import hashlib
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from imsearch_core import focus as focusing
from imsearch_core import overfetch
from imsearch_core.classes import ImageNetClass, Prediction, find_class, top_classes
from imsearch_core.datasets import Dataset, Item, scan
from imsearch_core.embeddings import Embeddings, best, best_of
from imsearch_core.encoders import (
    DEFAULT_ENCODER,
    Encoder,
    existing_weights,
    find_preset,
    fingerprint,
    load_encoder,
)
from imsearch_core.errors import BadImage, ImsearchError, UsageError
from imsearch_core.heatmap import HeatMap, heat_map, overlay
from imsearch_core.images import centre_crop, open_image
from imsearch_core.index import DEFAULT_ENGINE, Contents, Index, open_index, parse_engine
from imsearch_core.indexing import IndexReport, Progress, update
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.duplicates import DuplicateGroup, find_duplicates
from imsearch_core.labels.ranking import JudgedLabel, judge_labels
from imsearch_core.projection import NeighbourMap, Projection, pca
from imsearch_core.queries import Query, Region, combine
from imsearch_core.store import EmbeddingStore, store_path
from imsearch_core.words.devise import Epoch
from imsearch_core.words.space import Training, WordSpace, labels_name
from imsearch_core.words.text import TextQuery
from imsearch_core.words.vectors import Word, load_words

Source = str | Path | bytes | Image.Image | Query
"""A picture: a file of the collection, the path of another, a file's content, or decoded."""

METHODS = ("plain", "reweigh", "focus")
DEFAULT_STRENGTH = 0.5
DEFAULT_TEXT_WEIGHT = 0.5
_SAMPLE = 10_000  # items that percentiles are counted over: all of a smaller collection
_SAME = 1e-6  # cosines this close differ by rounding alone
_OPEN_INDEXES = 8


@dataclass(frozen=True)
class Result:
    """One neighbour."""

    rank: int
    """1 for the nearest."""
    file: str
    label: str | None
    """A person's correction where there is one, else the given label."""
    given: str | None
    """The label it came with."""
    cosine: float
    """Cosine similarity to the query, -1 to 1, in the space that was searched."""
    score: float
    """What the order follows."""
    percentile: float
    """How many of 100 other pictures are less like the query than this one; among a fixed random
    10,000 of them if the collection is larger."""


@dataclass(frozen=True)
class SearchResult:
    """A query's neighbours, and how they were found."""

    query: Query | None
    """None when only a text was searched for."""
    encoder: str
    engine: str
    method: str
    """One of METHODS; of a text "conse", or "conse and devise" after training on the labels."""
    focus: ImageNetClass | None
    strength: float | None
    """Of the method focus, 0 to 1; None with the others."""
    milliseconds: float
    """For the search alone, the embedding of the query left out."""
    results: tuple[Result, ...]
    text: TextQuery | None = None
    text_weight: float | None = None
    """Of a picture and a text: 0 (the picture alone) to 1 (the text alone)."""


@dataclass(frozen=True)
class _Ranked:
    """What one method finds, best first, the query and pictures that shall be left out still among it."""

    items: np.ndarray
    """int64 [n]."""
    cosines: np.ndarray
    """float32 [n]: to the query, in the space that was searched; `scores` are what the order follows."""
    scores: np.ndarray
    sampled: np.ndarray | None
    """float32: the cosines of a sample of the collection, for percentiles; None if they are not known yet."""


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
        row_of = snapshot.row_of()
        self.items: tuple[Item, ...] = tuple(item for item in dataset.items if item.file in row_of)
        """The pictures that can be searched, sorted by file."""
        rows = np.fromiter((row_of[item.file] for item in self.items), np.int64, len(self.items))
        self.embeddings = Embeddings(snapshot.matrix, rows, snapshot.quantised, snapshot.check)
        self.head = store.read_head()
        self._item_of = {item.file: i for i, item in enumerate(self.items)}
        self.cache, self.version = store.path, snapshot.version
        self._made_by = hashlib.sha256(repr(sorted(store.fingerprint.items())).encode()).hexdigest()
        """The folder for what is made of these embeddings, and a name that changes with them."""
        self.corrections = Corrections.of(self.folder)
        """What a person has decided about the labels; the only thing here that changes."""
        self._shown: tuple[object, Mapping[str, str | None]] = (object(), {})
        self.contents = Contents(self.embeddings, self.items, store.fingerprint, self.cache, self.version)
        """What an engine is opened over."""
        self._known_labels: tuple[object, tuple[str, list[tuple[str, ...]]]] | None = None
        self._indexes: OrderedDict[str, Index] = OrderedDict()
        self._sampled = _sample(len(self.items))
        self.neighbour_map = NeighbourMap(self.embeddings, self.cache, self.version)
        """The pictures in 2-D, near what they resemble; `make()` makes it, or `start()` in the background."""
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
        within: Sequence[Path] = (),
    ) -> "Collection":
        """Open `folder`, embedding what is new or changed and reusing what is stored.

        `weights` is a Keras weights file to use instead of the encoder's published one;
        `progress(done, total)` is called while images are embedded. What happened is in `.report`.
        `within`, if given, are the folders that links in `folder` may lead to; others are skipped.
        Raises UsageError for a missing or empty folder or an unknown encoder, ImsearchError if
        weights cannot be had or embeddings cannot be written.
        """
        weights = existing_weights(weights) if weights else None
        made_by = fingerprint(find_preset(encoder), weights)
        dataset = scan(folder, within)
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
    def shown_labels(self) -> Mapping[str, str | None]:
        """Each file's label: a person's correction where there is one, else the given label."""
        version = self.corrections.version
        if self._shown[0] != version:
            decisions = self.corrections.decisions
            labels = {
                item.file: decisions[item.file].corrected if item.file in decisions else item.label
                for item in self.items
            }
            self._shown = version, labels
        return self._shown[1]

    @property
    def labels(self) -> dict[str | None, int]:
        """How many pictures bear each label, by name, corrections counted; None, last, the unlabelled."""
        counts = Counter(self.shown_labels.values())
        return dict(sorted(counts.items(), key=lambda pair: (pair[0] is None, pair[0])))

    @cached_property
    def pca(self) -> Projection:
        """The pictures in 2-D, by the two directions in which their embeddings differ most."""
        return pca(self.embeddings)

    def query(self, source: Source, region: Region | None = None) -> Query:
        """Make a query of a file of the collection, any other image file, its bytes, or a picture.

        A whole file of the collection needs no network; a `region` is cut out and embedded. Raises
        UsageError if there is no such file, ImsearchError if it is not a usable picture.
        """
        if isinstance(source, Query):
            return source
        if isinstance(source, Image.Image):
            return self._embedded("upload", source.convert("RGB"), region)
        if isinstance(source, bytes):
            return self._embedded("upload", self._opened(source, "the upload"), region)
        item = self._find(source)
        if item is None:
            return self._embedded(
                str(source), self._opened(_existing(source, self.folder), str(source)), region
            )
        found = self.items[item]
        if region is None:
            return Query(found.file, found.label, self.embeddings[item], item)
        cut = self._embedded(found.file, self.open_image(found.file), region)
        return replace(cut, label=found.label, item=item)

    def search(
        self,
        query: Source,
        k: int = 9,
        *,
        like: Sequence[Source] = (),
        unlike: Sequence[Source] = (),
        focus: int | str | None = None,
        method: str | None = None,
        strength: float | None = None,
        label: str | None = None,
        engine: str = DEFAULT_ENGINE,
    ) -> SearchResult:
        """The `k` nearest neighbours of a picture, itself left out.

        `like` and `unlike` are more pictures to move the query towards and away from.
        With `focus`, an ImageNet class by index, WordNet id or name, the search is conditioned on
        that class (see `imsearch_core.focus`): by the method "focus" with a `strength` from 0
        (plain) to 1 (the class above all), or by "reweigh", the default unless a strength is given.
        It then compares every image, as an index knows one space and each class has its own; only with
        engines made for more images than that (`Index.over_fetch`) it compares candidates.
        `engine` may bear parameters, as in "annoy:trees=200" (see `imsearch_core.index`).
        With a `label`, only pictures that were given it are found, whatever has been corrected since.
        Raises UsageError for an unknown class, method, label or engine, k < 1, or a strength out of range.
        """
        method, strength = _method_of(method, focus, strength)
        if k < 1:
            raise UsageError(f"k is {k}: at least 1 neighbour must be asked for")
        chosen = None if focus is None else find_class(focus)
        among = self._bearing(label)
        query = combine(
            self.query(query), [self.query(other) for other in like], [self.query(other) for other in unlike]
        )
        engine, index = self._index(engine)
        labels = self.shown_labels
        started = time.perf_counter()
        wanted = min(k + len(query.excluded), len(self))
        vector = query.embedding
        if method == "plain":
            found = self._plain(index, vector, wanted, label, engine)
        elif method == "reweigh":
            found = self._reweighed(index, vector, chosen.index, wanted, label, among)
        else:
            found = self._focused(index, vector, chosen.index, strength, wanted, label, among)
        background = self._background(query, found.sampled)
        results = self._results(
            found.items, found.cosines, found.scores, labels, background, query.excluded, k
        )
        milliseconds = (time.perf_counter() - started) * 1000
        return SearchResult(query, self.encoder, engine, method, chosen, strength, milliseconds, results)

    def _plain(
        self, index: Index, vector: np.ndarray, wanted: int, label: str | None, engine: str
    ) -> _Ranked:
        items, similarities = index.query(vector, wanted, label)
        compares_all = engine == DEFAULT_ENGINE
        sampled = self.embeddings.cosines_to(vector)[self._sampled] if compares_all else None
        return _Ranked(items, similarities, similarities, sampled)

    def _reweighed(
        self,
        index: Index,
        vector: np.ndarray,
        class_index: int,
        wanted: int,
        label: str | None,
        among: np.ndarray | None,
    ) -> _Ranked:
        weights = self.head.weights[:, class_index]
        if index.over_fetch:
            items = overfetch.candidates_of_reweigh(index, vector, weights, wanted, label)
            sampled = focusing.reweigh(self._sample, vector, weights)
        else:
            norms = self._norms_in_class(class_index)
            everywhere = focusing.reweigh(self.embeddings, vector, weights, norms)
            items = best_of(everywhere, self.embeddings.candidates(wanted), among)
            sampled = everywhere[self._sampled]
        exact = focusing.reweigh(self.embeddings.subset(items), vector, weights)
        order = best(exact, wanted)
        return _Ranked(items[order], exact[order], exact[order], sampled)

    def _focused(
        self,
        index: Index,
        vector: np.ndarray,
        class_index: int,
        strength: float,
        wanted: int,
        label: str | None,
        among: np.ndarray | None,
    ) -> _Ranked:
        kin = self._kin_weights(class_index)
        if index.over_fetch:
            found = overfetch.focus(
                index, self.embeddings, self._sample, vector, kin, strength, wanted, label
            )
            return _Ranked(found.items, found.cosines, found.scores, None)
        everywhere = self.embeddings.cosines_to(vector)
        found = focusing.focus(self.embeddings, everywhere, kin, strength, wanted, among)
        cosines = self.embeddings.cosines_of(found.items, vector)
        return _Ranked(found.items, cosines, found.scores, everywhere[self._sampled])

    def search_text(
        self,
        text: str,
        k: int = 9,
        *,
        query: Source | None = None,
        weight: float = DEFAULT_TEXT_WEIGHT,
        label: str | None = None,
    ) -> SearchResult:
        """The `k` pictures nearest to a text such as "cat on a sofa": see `imsearch_core.words.space`.

        With a picture as `query` too, likeness to it and to the text, each standardised over the
        collection, are averaged with `weight` from 0 (the picture alone) to 1 (the text alone);
        the cosines are then those to the picture. Compares every picture, and needs no network.
        `label` is as in `search`. Raises UsageError, fit to be shown, if no word of the text is known,
        for an unknown label, k < 1 or a weight out of range.
        """
        if k < 1:
            raise UsageError(f"k is {k}: at least 1 picture must be asked for")
        if not 0 <= weight <= 1:
            raise UsageError(f"the weight of the text is {weight}: it must be from 0 to 1")
        among = self._bearing(label)
        wanted = self.words.query(text)
        picture = None if query is None else self.query(query)
        labels = self.shown_labels
        started = time.perf_counter()
        everywhere = scores = self.words.cosines_to(wanted.vector)
        excluded = frozenset[int]()
        if picture:
            excluded, likeness = picture.excluded, self.embeddings.cosines_to(picture.embedding)
            both = [focusing.standardised(part, part) for part in (likeness, everywhere)]
            scores, everywhere = (1 - weight) * both[0] + weight * both[1], likeness
        items = best_of(scores, k + len(excluded), among)
        background = self._sorted_sample(everywhere[self._sampled], excluded)
        results = self._results(items, everywhere[items], scores[items], labels, background, excluded, k)
        milliseconds = (time.perf_counter() - started) * 1000
        return SearchResult(
            picture,
            self.encoder,
            DEFAULT_ENGINE,
            "conse and devise" if self.words.trained else "conse",
            None,
            None,
            milliseconds,
            results,
            wanted,
            weight if picture else None,
        )

    def tags(self, source: Source, k: int = 10) -> list[Word]:
        """The `k` words nearest to a picture in word space, nearest first."""
        if k < 1:
            raise UsageError(f"k is {k}: at least 1 word must be asked for")
        return self.words.tags(self.query(source).embedding, k)

    def train_words(self, on_epoch: Callable[[Epoch], None] = lambda epoch: None) -> Training:
        """Teach text search this collection's labels, for this and every later opening.

        Raises ImsearchError if there are too few labels. See `imsearch_core.words.devise`.
        """
        return self.words.train(on_epoch)

    @cached_property
    def words(self) -> WordSpace:
        """The pictures among the words of the built-in table."""
        return WordSpace(
            load_words(), self.embeddings, self.head, self.cache / "words.npz", self._made_by, self._taught
        )

    def _taught(self) -> tuple[str, list[tuple[str, ...]]]:
        """Every class known to be in each picture, corrections counted, and a name that changes with them."""
        version = self.corrections.version
        if self._known_labels is None or self._known_labels[0] != version:
            shown = self.shown_labels
            labels = [
                item.labels if shown[item.file] == item.label else tuple(filter(None, [shown[item.file]]))
                for item in self.items
            ]
            name = labels_name(self.version, [item.file for item in self.items], labels)
            self._known_labels = version, (name, labels)
        return self._known_labels[1]

    def classify(self, query: Source, k: int = 5) -> list[Prediction]:
        """The `k` ImageNet classes that the encoder sees in a picture, most probable first."""
        return top_classes(self.head.logits(self.query(query).embedding), k)

    def suspect_labels(
        self,
        progress: Progress = lambda done, total: None,
        labels: Mapping[str, str] | None = None,
    ) -> tuple[JudgedLabel, ...]:
        """Every picture's label judged, worst first: see `imsearch_core.labels.ranking`.

        `labels` replaces the given label of some files.
        """
        return judge_labels(self, progress, labels)

    def duplicates(self, progress: Progress = lambda done, total: None) -> tuple[DuplicateGroup, ...]:
        """Groups of pictures that show nearly the same, the most alike first."""
        return find_duplicates(self, progress)

    def open_image(self, file: str) -> Image.Image:
        """Decode a picture of the collection. Raises ImsearchError if it has become unreadable."""
        return self._opened(self.folder / self.item(file).file, file)

    def find_in(self, file: str, focus: int | str) -> HeatMap:
        """Where in a picture of the collection the encoder sees a class. Raises as `heat_map` does."""
        return self._heat_of(self.open_image(file), focus)

    def heat_map(self, source: str | bytes, focus: int | str, longest_side: int) -> bytes:
        """A WebP of a picture with the places where the encoder sees a class lit up.

        `source` is a file of the collection or an image file's content. The WebP fits a square
        of `longest_side` pixels. Needs the network. Raises UsageError for an unknown class or file,
        ImsearchError if the picture is unusable or the encoder cannot tell.
        """
        upload = isinstance(source, bytes)
        image = self._opened(source, "the upload") if upload else self.open_image(source)
        return overlay(image, self._heat_of(image, focus), longest_side)

    def _heat_of(self, image: Image.Image, focus: int | str) -> HeatMap:
        return heat_map(self._load_encoder(), image, find_class(focus).index)

    def _background(self, query: Query, sampled: np.ndarray | None) -> np.ndarray:
        """The cosines of the sampled items that may be results, rising, to count percentiles over."""
        sampled = self._sample.cosines_to(query.embedding) if sampled is None else sampled
        return self._sorted_sample(sampled, query.excluded)

    def _sorted_sample(self, sampled: np.ndarray, excluded: frozenset[int]) -> np.ndarray:
        return np.sort(sampled[~np.isin(self._sampled, list(excluded))])

    def _results(
        self,
        items: np.ndarray,
        similarities: np.ndarray,
        scores: np.ndarray,
        labels: Mapping[str, str | None],
        background: np.ndarray,
        excluded: frozenset[int],
        k: int,
    ) -> tuple[Result, ...]:
        """The first `k` of `items` not excluded; `background` is what percentiles are counted over."""
        kept = ~np.isin(items, list(excluded))
        items, similarities, scores = items[kept][:k], similarities[kept][:k], scores[kept][:k]
        percentiles = 100 * np.searchsorted(background, similarities - _SAME) / max(len(background) - 1, 1)
        return tuple(
            Result(rank, item.file, labels[item.file], item.label, *map(float, figures))
            for rank, (item, *figures) in enumerate(
                zip([self.items[i] for i in items], similarities, scores, percentiles, strict=True), 1
            )
        )

    @cached_property
    def _sample(self) -> Embeddings:
        return self.embeddings.subset(self._sampled)

    def _bearing(self, label: str | None) -> np.ndarray | None:
        """int64: the items that were given a label; None for no label. Raises UsageError if none was."""
        if label is None:
            return None
        items = self.contents.labelled(label)
        if not len(items):
            known = sorted({item.label for item in self.items if item.label is not None})
            raise UsageError(
                f"no picture of {self.folder} was given the label {label!r}: "
                + (f"choose from {', '.join(known[:20])}" if known else "none has a label")
                + (f" and {len(known) - 20} more" if len(known) > 20 else "")
            )
        return items

    def _find(self, source: str | Path) -> int | None:
        """The item that a name within the folder, or a path to it, means."""
        item = self._item_of.get(str(source))
        if item is None:
            with contextlib.suppress(OSError, RuntimeError, ValueError):  # nonsense is no path to an item
                resolved = Path(source).expanduser().resolve()
                if resolved.is_relative_to(self.folder):
                    item = self._item_of.get(resolved.relative_to(self.folder).as_posix())
        return item

    def _index(self, engine: str) -> tuple[str, Index]:
        """An engine's canonical name, and the engine over this collection, opened when first asked for."""
        engine = parse_engine(engine)[0]
        with self._opening_index:
            if engine not in self._indexes:
                self._indexes[engine] = open_index(engine, self.contents)
            self._indexes.move_to_end(engine)
            while len(self._indexes) > _OPEN_INDEXES:
                self._indexes.popitem(last=False)
            return engine, self._indexes[engine]

    def _load_encoder(self) -> Encoder:
        return load_encoder(self.encoder, self._weights)

    def _embedded(self, name: str, image: Image.Image, region: Region | None) -> Query:
        image = region.crop(image) if region else image
        return Query(name, None, embed_images(self._load_encoder(), [image])[0], region=region)

    def _opened(self, source: Path | bytes, name: str) -> Image.Image:
        try:
            return open_image(source, find_preset(self.encoder).resize)
        except BadImage as error:
            raise ImsearchError(f"{name}: {error}") from error


def _method_of(
    method: str | None, focus: int | str | None, strength: float | None
) -> tuple[str, float | None]:
    """The search method and its strength, defaults filled in. Raises UsageError if they contradict."""
    if method is None:
        method = "plain" if focus is None else "reweigh" if strength is None else "focus"
    if method not in METHODS:
        raise UsageError(f"no search method is called {method!r}: choose from {', '.join(METHODS)}")
    if (focus is None) != (method == "plain"):
        raise UsageError("a class goes with the methods reweigh and focus, and only with them")
    if method != "focus":
        if strength is not None:
            raise UsageError("a strength goes with the method focus, and only with it")
        return method, None
    strength = DEFAULT_STRENGTH if strength is None else strength
    if not 0 <= strength <= 1:
        raise UsageError(f"the strength is {strength}: it must be from 0 to 1")
    return method, strength


def _sample(n: int) -> np.ndarray:
    """int64 [≤ _SAMPLE]: a fixed random choice of n items, rising; all of them if they are few."""
    if n <= _SAMPLE:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, _SAMPLE, replace=False))


def _existing(source: str | Path, folder: Path) -> Path:
    """`source` as the path of a file. Raises UsageError if it is none."""
    try:
        path = Path(source).expanduser()
        if path.is_file():
            return path
    except (OSError, RuntimeError, ValueError):  # too long, an unknown user's home, a null character
        pass
    raise UsageError(f"{source} is neither a picture in {folder} nor an image file")


def embed_images(encoder: Encoder, images: Sequence[Image.Image]) -> np.ndarray:
    """float32 [n, d]: the embeddings of decoded RGB pictures."""
    preset = encoder.preset
    return encoder.embed(np.stack([centre_crop(image, preset.resize, preset.crop) for image in images]))
