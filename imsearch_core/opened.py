"""A folder of pictures, opened: what is in it, the embedding of each picture, and how they were made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from imsearch_core.datasets import Dataset, Item, scan
from imsearch_core.encoders import (
    DEFAULT_ENCODER,
    ClassHead,
    Encoder,
    Preset,
    existing_weights,
    find_preset,
    fingerprint,
    load_encoder,
)
from imsearch_core.errors import UsageError
from imsearch_core.index import Contents
from imsearch_core.pictures.decode import UNREACHABLE
from imsearch_core.progress import Progress, silent
from imsearch_core.store import EmbeddingStore, store_path
from imsearch_core.store.background import sync_in_background
from imsearch_core.store.reader import Snapshot
from imsearch_core.store.sync import SyncReport, as_stored, sync
from imsearch_core.vectors.embeddings import Embeddings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(eq=False, repr=False)
class OpenedFolder:
    """The pictures of one folder with their embeddings. Open one with `open`."""

    dataset: Dataset
    """The pictures as they were listed, those that cannot be read included."""
    preset: Preset
    """The encoder that embedded them, as the list of encoders describes it."""
    load_encoder: Callable[[], Encoder]
    own_head: ClassHead | None
    """The class head that the encoder was trained with; None if there is none."""
    contents: Contents
    """The pictures that can be searched, and their embeddings: what an engine is opened over."""
    report: SyncReport
    """What was done to embed them, and what was skipped."""
    store_state: tuple
    """See `imsearch_core.store.embedding_store.EmbeddingStore.state`."""

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
        exclude: Sequence[str] = (),
        label_level: int | None = None,
        frame: "pd.DataFrame | None" = None,
        embed: bool = True,
        earlier: Self | None = None,
    ) -> Self:
        """Open `folder`, embedding what is new or changed and reusing what is stored.

        `encoder` is the name of a preset, "hub:OWNER/NAME" or "path:FOLDER" (see `imsearch_core.encoders`);
        `weights` is a Keras weights file to use instead of the encoder's published one;
        `progress(done, total)` is called while pictures are embedded. `.report` says what was done.
        `within`, if given, are the folders that links in `folder` may lead to; others are skipped.
        `exclude` are patterns, as in a .gitignore file, of pictures to leave out. `label_level` says which
        folder above a picture is its label: see `imsearch_core.datasets.layout.Layout`.
        `frame` is a table of labels that overrides all others: a row for each picture, in the columns of a
        labels.csv (file, label, all_labels, split; see docs/data.md).
        With `give_way`, a process of low priority embeds when there is much to embed. With `force`,
        everything is embedded again. Without `embed`, nothing is: only what is stored by now can be searched,
        while another process embeds, say; `.report.missing` counts the rest.
        `earlier` is another opening of the folder: it is returned if nothing has changed since.
        Raises UsageError for a missing or empty folder, an empty name (which would be the current folder),
        an impossible label level or an unknown encoder; ImsearchError if the weights are not available or
        embeddings cannot be written; of these, NotFetched if the encoder's files must be fetched first, as
        `imsearch_core.encoders.fetch` does.
        """
        weights = existing_weights(weights) if weights else None
        preset = find_preset(encoder)
        made_by = fingerprint(preset, weights)
        dataset = scan(folder, within, exclude, label_level, frame)
        store = EmbeddingStore(store_path(dataset.folder, made_by), made_by)
        if earlier and not force and earlier._still_holds(dataset, store):
            return earlier
        load = partial(load_encoder, encoder, weights)
        if not embed:
            return cls._of(dataset, store, preset, load, *as_stored(store, dataset))
        embed_elsewhere = partial(sync_in_background, store, dataset, encoder, weights) if give_way else None
        return cls.synced(dataset, store, preset, load, progress, embed_elsewhere, force)

    @classmethod
    def synced(
        cls,
        dataset: Dataset,
        store: EmbeddingStore,
        preset: Preset,
        load: Callable[[], Encoder],
        progress: Progress = silent,
        embed_elsewhere: Callable[[Progress], None] | None = None,
        force: bool = False,
    ) -> Self:
        """Open the pictures of a dataset that was listed before: see `imsearch_core.store.sync.sync`."""
        synced = sync(store, dataset, load, progress, embed_elsewhere, force)
        return cls._of(dataset, store, preset, load, *synced)

    @classmethod
    def _of(
        cls,
        dataset: Dataset,
        store: EmbeddingStore,
        preset: Preset,
        load: Callable[[], Encoder],
        snapshot: Snapshot,
        report: SyncReport,
    ) -> Self:
        return cls(
            dataset=dataset,
            preset=preset,
            load_encoder=load,
            own_head=store.read_head(),
            contents=Contents.stored(dataset.items, snapshot, store.fingerprint, store.path),
            report=report,
            store_state=snapshot.state,
        )

    def _still_holds(self, dataset: Dataset, store: EmbeddingStore) -> bool:
        """Whether opening this `dataset` would find what was found here: all that can be read is embedded,
        there was nothing to say about the store, and neither files nor store have changed since."""
        return (
            self.cache == store.path
            and self.store_state == store.state()
            and self.report.notes == self.dataset.notes
            and not self.report.missing
            and not any(skipped.reason.startswith(UNREACHABLE) for skipped in self.report.skipped)
            and self.dataset.is_as(dataset)
        )

    @property
    def folder(self) -> Path:
        return self.dataset.folder

    @property
    def label_level(self) -> int | None:
        """Which folder above a picture is its label; None if not asked for."""
        return self.dataset.label_level

    @property
    def levels(self) -> int:
        """How many folders there are above a picture."""
        return self.dataset.levels

    @property
    def items(self) -> tuple[Item, ...]:
        """The pictures that can be searched, sorted by file."""
        return self.contents.items

    @property
    def embeddings(self) -> Embeddings:
        """The embedding of each of `items`."""
        return self.contents.embeddings

    @property
    def encoder_name(self) -> str:
        return self.preset.name

    @property
    def cache(self) -> Path:
        """The folder for files derived from these embeddings."""
        return self.contents.cache

    @property
    def version(self) -> str:
        """Changes with the embeddings."""
        return self.contents.version

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, file: str) -> bool:
        return file in self.contents.item_of

    def is_as(self, other: "OpenedFolder") -> bool:
        """Whether another opening of the folder has found the same: pictures, embeddings and notes."""
        mine, theirs = self.report, other.report
        return (
            self.version == other.version
            and self.contents.items == other.contents.items
            and (mine.skipped, mine.defects, mine.notes) == (theirs.skipped, theirs.defects, theirs.notes)
        )

    def item(self, file: str) -> Item:
        """The picture called `file`. Raises UsageError if there is none in the collection."""
        if file not in self:
            raise UsageError(f"{file} is not a picture of {self.folder}")
        return self.items[self.contents.item_of[file]]
