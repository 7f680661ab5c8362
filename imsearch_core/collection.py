"""The facade: a folder of pictures, opened for searching."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Unpack

import numpy as np
from PIL import Image

from imsearch_core.encoders import ClassHead
from imsearch_core.encoders.imagenet import Prediction, top_classes
from imsearch_core.index import DEFAULT_ENGINE, Filter
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.duplicates import DuplicateGroup
from imsearch_core.labels.facts import KnownFacts
from imsearch_core.labels.frame import frame_of
from imsearch_core.labels.quality import PoorPicture
from imsearch_core.labels.ranking import JudgedLabel
from imsearch_core.opened import OpenedFolder
from imsearch_core.phrases.class_head import Classes
from imsearch_core.phrases.space import PhraseSpace
from imsearch_core.phrases.tower import TextTower
from imsearch_core.progress import Progress, silent
from imsearch_core.projection import NeighbourMap, Projection, pca
from imsearch_core.projection.clusters import Clusters, map_clusters
from imsearch_core.search.filters import Filtering, FilterKeywords, Filters
from imsearch_core.search.heatmap import HeatMap, heat_map
from imsearch_core.search.query import Query, QueryMaker, Region, Source
from imsearch_core.search.ranking import Method
from imsearch_core.search.refined import Refined
from imsearch_core.search.results import SearchResult
from imsearch_core.search.searcher import Searcher
from imsearch_core.words.devise import Epoch
from imsearch_core.words.space import Training, WordSpace
from imsearch_core.words.vectors import Word

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_TEXT_WEIGHT = 0.5


@dataclass(eq=False, repr=False)
class Collection(OpenedFolder):
    """The pictures of one folder with their embeddings: search, classify, browse.

    Open one with `Collection.open`. Only its corrections ever change: sessions and threads may share it. Open
    the folder again to see changed files. TensorFlow is loaded only to embed a picture that is not stored.
    A method that takes a picture takes it in any form of `imsearch_core.search.query.Source`.
    """

    def __post_init__(self) -> None:
        tower = TextTower(self.load_encoder, self.contents.fingerprint) if self.preset.text else None
        self.classes = Classes(self.preset, self.own_head, tower, self.embeddings)
        """The 1000 ImageNet classes as the encoder knows them."""
        self.phrases = PhraseSpace(self.encoder_name, tower, self.contents) if tower else None
        """The pictures among phrases; None if the encoder has no text tower."""
        self.corrections = Corrections.of(self.folder, self.items)
        """What people have decided about the labels."""
        self.facts = KnownFacts(self.folder, self.contents, self.corrections, self._head_if_any)
        """Labels, problems, duplicates, sizes, dates and cameras, each found out when first asked for."""
        self.filtering = Filtering(self.contents, self.facts)
        """Which pictures pass `imsearch_core.search.filters.Filters`."""
        self.neighbour_map = NeighbourMap(self.embeddings, self.cache, self.version)
        """The pictures in 2-D, close to similar ones. `make()` computes it, `start()` in the background."""
        self.refined = Refined(self.contents)
        """The embeddings that `search(…, method="refined")` compares; `make()` makes them beforehand."""
        self._clusters = lru_cache(maxsize=2)(self._read_clusters)
        self._queries = QueryMaker(self.folder, self.contents, self.preset, self.load_encoder)
        self._searcher = Searcher(self.contents, self.classes.head, self.encoder_name, self.refined)
        self.indexes = self._searcher.indexes
        """The engines that are open; `get(engine, progress)` opens one beforehand."""

    def open_image(self, source: Source) -> Image.Image:
        """A picture as upright RGB, a large JPEG at reduced size. Raises as `query` does."""
        return self._queries.open(source)

    @property
    def head(self) -> ClassHead:
        """The class head; raises UsageError, and may take a minute the first time: see `Classes.head`."""
        return self.classes.head()

    def _head_if_any(self) -> ClassHead | None:
        return self.head if self.classes.available else None

    @cached_property
    def pca(self) -> Projection:
        """The pictures in 2-D, along the two directions in which their embeddings differ most."""
        return pca(self.embeddings)

    def clusters(self) -> Clusters | None:
        """The groups of the neighbour map, once that has been made; None before. They have looks as soon as
        the classes are known."""
        return self._clusters(self.classes.ready) if self.neighbour_map.read() else None

    def _read_clusters(self, with_looks: bool) -> Clusters:
        made, head = self.neighbour_map.read(), self.head if with_looks else None
        return map_clusters(made, self.embeddings, head, self.cache, self.version)

    def query(
        self,
        source: Source | Query,
        region: Region | None = None,
        like: Sequence[Source | Query] = (),
        unlike: Sequence[Source | Query] = (),
    ) -> Query:
        """A query with a picture, or with a `region` of it, to search with more than once.

        `like` and `unlike` are more pictures, to move the query towards and away from.
        Raises UsageError if there is no such file, ImsearchError if it is not a usable picture.
        """
        return self._queries.query(source, region, like, unlike)

    def search(
        self,
        query: Source | Query,
        k: int = 9,
        *,
        like: Sequence[Source | Query] = (),
        unlike: Sequence[Source | Query] = (),
        focus: int | str | None = None,
        method: str | None = None,
        strength: float | None = None,
        engine: str = DEFAULT_ENGINE,
        **only: Unpack[FilterKeywords],
    ) -> SearchResult:
        """The `k` nearest neighbours of a picture, without the picture itself.

        `like` and `unlike` are more pictures, to move the query towards and away from.
        With `focus`, an ImageNet class by index, WordNet id or name, the search is conditioned on
        that class (see `imsearch_core.search.focus`): by the method "focus" with a `strength` from 0
        (plain) to 1 (the class alone), or by "reweigh", the default without a strength. With a text tower,
        `focus` may be any phrase, such as "something red".
        With the method "refined" and no class, the order follows a refined similarity, and the first
        such search makes what it needs (see `imsearch_core.search.refined`); the cosines stay plain.
        `engine` may have parameters, as in "annoy:trees=200" (see `imsearch_core.index`).
        `only` pictures are found that pass every filter given: `label`, `split`, `tag`, `problem`, `taken`,
        `camera`, `name`, `min_size`, as in `photos.search(file, label="cat", taken="2019-05..2020")`. See
        `imsearch_core.search.filters.Filters`.
        Raises UsageError for an unknown class, method or engine, filters that no picture passes, k < 1, or a
        strength out of range; for an unusable picture as `query` does.
        """
        chosen = Method.of(method, self.classes.target(focus), strength)
        combined, passing = self.query(query, None, like, unlike), self._passing(only)
        found = self._searcher.by_picture(combined, k, chosen, passing, engine, self.shown_labels)
        return replace(found, folder=self.folder)

    def search_text(
        self,
        text: str,
        k: int = 9,
        *,
        query: Source | Query | None = None,
        weight: float = DEFAULT_TEXT_WEIGHT,
        **only: Unpack[FilterKeywords],
    ) -> SearchResult:
        """The `k` pictures nearest to a text such as "cat on a sofa", those that probably show it first.

        With a text tower, the text is understood as a whole (see `imsearch_core.phrases.space`), else word
        by word (`imsearch_core.words.space`). "+" and "−" join several for and against.

        With a picture as `query` as well, the cosines to it and to the text, each standardised over the
        collection, are averaged with `weight` from 0 (the picture alone) to 1 (the text alone); the
        result then holds the cosines to the picture. Compares every picture, and needs no network but the
        text tower.
        `only` is as in `search`. Raises UsageError for unknown words, filters that no picture passes, k < 1
        or a weight out of range.
        """
        space, passing = self.phrases or self.words, self._passing(only)
        asked, picture = space.query(text), None if query is None else self.query(query)
        found = self._searcher.by_text(asked, space, picture, weight, k, passing, self.shown_labels)
        return replace(found, folder=self.folder)

    def heat_map(self, source: Source, focus: int | str) -> HeatMap:
        """Where in a picture the encoder sees an ImageNet class, or with a text tower any phrase.

        Needs the network. Raises UsageError for an unknown class, ImsearchError if the encoder cannot show
        it; for an unusable picture as `query` does.
        """
        return heat_map(self.load_encoder(), self.open_image(source), self.classes.sought(focus))

    def classify(self, query: Source | Query, k: int = 5) -> list[Prediction]:
        """The `k` ImageNet classes that the encoder sees in a picture, most probable first."""
        return top_classes(self.head.logits(self.query(query).embedding), k)

    @cached_property
    def words(self) -> WordSpace:
        """The pictures among the words of the built-in table."""
        return WordSpace(self.contents, self.head, self.facts.shown_labels.learnable)

    def tags(self, source: Source | Query, k: int = 10) -> list[Word]:
        """The `k` words nearest to a picture, nearest first: of the word table, or for a text tower of the
        ImageNet classes' names and other common words. Raises UsageError for k < 1."""
        return (self.phrases or self.words).tags(self.query(source).embedding, k)

    def train_words(self, on_epoch: Callable[[Epoch], None] = lambda epoch: None) -> Training:
        """Teach text search this collection's labels, for this and every later opening.

        Raises ImsearchError if there are too few labels. See `imsearch_core.words.devise`.
        """
        return self.words.train(on_epoch)

    @property
    def shown_labels(self) -> Mapping[str, str | None]:
        """Each file's label: a person's correction if there is one, else the given label."""
        return self.facts.shown_labels.by_file()

    @property
    def label_counts(self) -> dict[str | None, int]:
        """How many pictures have each of `shown_labels`; those without a label, None, come last."""
        return self.facts.shown_labels.counts()

    def suspect_labels(self, progress: Progress = silent) -> tuple[JudgedLabel, ...]:
        """Every picture's given label judged, worst first: see `imsearch_core.labels.ranking`."""
        return self.facts.judged(progress)

    def duplicates(
        self, progress: Progress = silent, *, against: "Collection | None" = None, prefer: str | None = None
    ) -> tuple[DuplicateGroup, ...]:
        """Groups of pictures that are the same, or nearly: see `imsearch_core.labels.duplicates`.

        `against` is another collection opened with the same encoder: only pictures that it has too are found,
        and its files are named by their full paths. Of equally good copies the one in the folder `prefer` is
        kept. Raises UsageError if the encoders differ.
        """
        if against is None and prefer is None:
            return self.facts.duplicates(progress)
        return self.facts.find_duplicates(progress, None if against is None else against.facts, prefer)

    def quality_issues(self, progress: Progress = silent) -> tuple[PoorPicture, ...]:
        """Pictures that are dark, blurry, tiny and so on: see `imsearch_core.labels.quality`."""
        return self.facts.poor(progress)

    def to_frame(self, progress: Progress = silent) -> "pd.DataFrame":
        """A row for each of `items`, in their order: see `imsearch_core.labels.frame`. The map is that of
        neighbours if it has been made, else of the principal components."""
        judged, seen = self.facts.judged(progress), self.facts.signatures(progress)
        placed = self.neighbour_map.read() or self.pca
        return frame_of(self.items, self.shown_labels, self.corrections.tags, judged, seen, placed)

    def embeddings_array(self) -> np.ndarray:
        """float32 [n, d]: a copy of the embeddings of `items`, in their order."""
        return self.embeddings.rows(np.arange(len(self)))

    def _passing(self, only: FilterKeywords) -> Filter:
        return self.filtering.for_engines(Filters.of(**only))
