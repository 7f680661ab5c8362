"""The facade: a folder of pictures, opened for searching."""

import contextlib
import hashlib
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from PIL import Image

from imsearch_core.datasets import Dataset, Item, scan
from imsearch_core.encoders import (
    DEFAULT_ENCODER,
    Encoder,
    existing_weights,
    find_preset,
    fingerprint,
    load_encoder,
)
from imsearch_core.encoders.imagenet import Prediction, find_class, top_classes
from imsearch_core.errors import BadImage, ImsearchError, UsageError
from imsearch_core.index import DEFAULT_ENGINE, Contents, Index, open_index, parse_engine
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.duplicates import DuplicateGroup, find_duplicates
from imsearch_core.labels.ranking import JudgedLabel, judge_labels
from imsearch_core.pictures.decode import centre_crop, open_image
from imsearch_core.progress import Progress, silent
from imsearch_core.projection import NeighbourMap, Projection, pca
from imsearch_core.search.heatmap import HeatMap, heat_map, overlay
from imsearch_core.search.query import Query, Region, combine
from imsearch_core.search.ranking import Method, Ranked, Ranker
from imsearch_core.search.results import Result, SearchResult, results_of
from imsearch_core.store import EmbeddingStore, store_path
from imsearch_core.store.background import sync_in_background
from imsearch_core.store.sync import SyncReport, sync
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.words.devise import Epoch
from imsearch_core.words.space import Training, WordSpace, labels_name
from imsearch_core.words.vectors import Word, load_words

Source = str | Path | bytes | Image.Image | Query
"""A picture: a file of the collection, the path of another, a file's content, or decoded."""

DEFAULT_TEXT_WEIGHT = 0.5
_OPEN_INDEXES = 8


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
        embed_elsewhere: Callable[[Progress], None] | None = None,
        force: bool = False,
    ) -> None:
        self.folder = dataset.folder
        self.encoder_name = encoder_name
        self._weights = weights
        self._opening_index = threading.Lock()
        self.report: SyncReport
        snapshot, self.report = sync(store, dataset, self._load_encoder, progress, embed_elsewhere, force)
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
        self._ranker = Ranker(self.contents, self.head)
        self.neighbour_map = NeighbourMap(self.embeddings, self.cache, self.version)
        """The pictures in 2-D, near what they resemble; `make()` makes it, or `start()` in the background."""

    @classmethod
    def open(
        cls,
        folder: str | Path,
        encoder: str = DEFAULT_ENCODER,
        weights: str | Path | None = None,
        progress: Progress = silent,
        within: Sequence[Path] = (),
        give_way: bool = False,
        force: bool = False,
    ) -> "Collection":
        """Open `folder`, embedding what is new or changed and reusing what is stored.

        `weights` is a Keras weights file to use instead of the encoder's published one;
        `progress(done, total)` is called while images are embedded. What happened is in `.report`.
        `within`, if given, are the folders that links in `folder` may lead to; others are skipped.
        With `give_way`, a process of low priority embeds when there is much to embed. With `force`,
        everything is embedded again: for files that changed while their size and time stayed the same.
        Raises UsageError for a missing or empty folder or an unknown encoder, ImsearchError if
        weights cannot be had or embeddings cannot be written.
        """
        weights = existing_weights(weights) if weights else None
        made_by = fingerprint(find_preset(encoder), weights)
        dataset = scan(folder, within)
        store = EmbeddingStore(store_path(dataset.folder, made_by), made_by)
        embed_elsewhere = partial(sync_in_background, store, dataset, encoder, weights) if give_way else None
        return cls(dataset, store, encoder, weights, progress, embed_elsewhere, force)

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
                item.file: decisions[item.file].corrected if item.file in decisions else item.given_label
                for item in self.items
            }
            self._shown = version, labels
        return self._shown[1]

    @property
    def label_counts(self) -> dict[str | None, int]:
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
            return Query(found.file, found.given_label, self.embeddings[item], item)
        cut = self._embedded(found.file, self.open_image(found.file), region)
        return replace(cut, label=found.given_label, item=item)

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
        that class (see `imsearch_core.search.focus`): by the method "focus" with a `strength` from 0
        (plain) to 1 (the class above all), or by "reweigh", the default unless a strength is given.
        `engine` may bear parameters, as in "annoy:trees=200" (see `imsearch_core.index`).
        With a `label`, only pictures that were given it are found, whatever has been corrected since.
        Raises UsageError for an unknown class, method, label or engine, k < 1, or a strength out of range.
        """
        chosen = Method.of(method, focus, strength)
        if k < 1:
            raise UsageError(f"k is {k}: at least 1 neighbour must be asked for")
        self._check_label(label)
        query = combine(
            self.query(query), [self.query(other) for other in like], [self.query(other) for other in unlike]
        )
        engine, index = self._index(engine)
        labels = self.shown_labels
        started = time.perf_counter()
        wanted = min(k + len(query.excluded), len(self))
        found = self._ranker.by_picture(index, query.embedding, wanted, chosen, label)
        results = self._results(found, k, query.excluded, labels)
        return SearchResult(
            query,
            self.encoder_name,
            engine,
            chosen.name,
            chosen.focus,
            chosen.strength,
            _milliseconds_since(started),
            results,
        )

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
        self._check_label(label)
        asked = self.words.query(text)
        picture = None if query is None else self.query(query)
        excluded = picture.excluded if picture else frozenset()
        labels = self.shown_labels
        started = time.perf_counter()
        likeness = self.words.cosines_to(asked.vector)
        embedding = picture.embedding if picture else None
        found = self._ranker.by_text(likeness, embedding, weight, k + len(excluded), label)
        results = self._results(found, k, excluded, labels)
        return SearchResult(
            picture,
            self.encoder_name,
            DEFAULT_ENGINE,
            "conse and devise" if self.words.trained else "conse",
            None,
            None,
            _milliseconds_since(started),
            results,
            asked,
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
                item.all_labels
                if shown[item.file] == item.given_label
                else tuple(filter(None, [shown[item.file]]))
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
        progress: Progress = silent,
        labels: Mapping[str, str] | None = None,
    ) -> tuple[JudgedLabel, ...]:
        """Every picture's label judged, worst first: see `imsearch_core.labels.ranking`.

        `labels` replaces the given label of some files.
        """
        return judge_labels(self, progress, labels)

    def duplicates(self, progress: Progress = silent) -> tuple[DuplicateGroup, ...]:
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

    def _results(
        self, found: Ranked, k: int, excluded: frozenset[int], labels: Mapping[str, str | None]
    ) -> tuple[Result, ...]:
        return results_of(found, k, excluded, self._ranker.sampled, self.items, labels)

    def _check_label(self, label: str | None) -> None:
        """Raises UsageError if no picture was given the label."""
        if label is None or len(self.contents.labelled(label)):
            return
        known = sorted({item.given_label for item in self.items if item.given_label is not None})
        raise UsageError(
            f"no picture of {self.folder} was given the label {label!r}: "
            + (f"choose from {', '.join(known[:20])}" if known else "none has a label")
            + (f" and {len(known) - 20} more" if len(known) > 20 else "")
        )

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
        return load_encoder(self.encoder_name, self._weights)

    def _embedded(self, name: str, image: Image.Image, region: Region | None) -> Query:
        image = region.crop(image) if region else image
        return Query(name, None, embed_images(self._load_encoder(), [image])[0], region=region)

    def _opened(self, source: Path | bytes, name: str) -> Image.Image:
        try:
            return open_image(source, find_preset(self.encoder_name).resize)
        except BadImage as error:
            raise ImsearchError(f"{name}: {error}") from error


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


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
