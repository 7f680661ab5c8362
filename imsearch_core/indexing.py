"""Brings a store up to date with its folder: embeds what is new or changed, drops what went."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from imsearch_core.datasets import Dataset, Item, Skipped
from imsearch_core.encoders import Encoder
from imsearch_core.errors import BadImage, UsageError
from imsearch_core.images import UNREACHABLE, centre_crop, open_image
from imsearch_core.store import EmbeddingStore, Snapshot

BATCH = 32
"""Images embedded and stored at a time: the most that a killed run loses."""

Progress = Callable[[int, int], None]
"""Called with (images done, images to do), first with 0 done before the encoder is loaded."""


@dataclass(frozen=True)
class IndexReport:
    """What an indexing run did."""

    images: int
    """Images that can be searched now."""
    embedded: int
    """Images embedded by this run; `reused` were stored already, `removed` dropped."""
    reused: int
    removed: int
    skipped: tuple[Skipped, ...]
    seconds: float
    """For everything, loading the encoder included."""
    images_per_second: float
    """Embedded images by the time that decoding, embedding and storing took; 0 if there were none."""
    notes: tuple[str, ...]
    """What a person should know, such as why stored embeddings were not used."""


@dataclass(frozen=True)
class _Difference:
    """What separates a store from its folder."""

    to_embed: list[Item]
    gone: list[str]


def update(
    store: EmbeddingStore,
    dataset: Dataset,
    load: Callable[[], Encoder],
    progress: Progress = lambda done, total: None,
) -> tuple[Snapshot, IndexReport]:
    """Make `store` hold exactly the readable images of `dataset`.

    The encoder is loaded only if something must be embedded. Safe to interrupt at any moment and to
    run in several processes at once: the later one waits, showing the other's progress, then does
    what is left. Raises UsageError if the dataset has no images: that is more likely a folder that
    is not mounted than one to forget.
    """
    if not dataset.items:
        raise UsageError(f"{dataset.folder} holds no pictures: expected one sub-folder of pictures per class")
    started = time.perf_counter()
    snapshot = store.read()
    difference = _compare(snapshot, dataset)
    embedded, removed, loop_seconds = 0, 0, 0.0
    incomplete = store.read_head() is None or store.lacks_quantised(snapshot)
    if difference.to_embed or difference.gone or incomplete:
        total = len(difference.to_embed)

        def waiting() -> None:
            progress(total - len(_compare(store.read(), dataset).to_embed), total)

        with store.writing(waiting) as writer:
            difference = _compare(store.read(), dataset)
            writer.remove(difference.gone)
            removed = len(difference.gone)
            while True:  # copying finds damage, too
                if difference.to_embed or store.read_head() is None:
                    progress(0, len(difference.to_embed))
                    encoder = load()
                    store.write_head(encoder.head)
                    loop_started = time.perf_counter()
                    for done, count in _embed(dataset, difference.to_embed, encoder, writer):
                        embedded += count
                        progress(done, len(difference.to_embed))
                    loop_seconds += time.perf_counter() - loop_started
                writer.compact()
                if not (damaged := writer.quantise()):
                    break
                store.notes.append(
                    f"{damaged} stored embeddings are damaged: those images are embedded again"
                )
                difference = _compare(store.read(), dataset)
        snapshot = store.read()
    skipped = tuple(Skipped(file, reason) for file, reason in snapshot.reasons.items())
    searchable = len(snapshot.files) - len(skipped)
    report = IndexReport(
        images=searchable,
        embedded=embedded,
        reused=searchable - embedded,
        removed=removed,
        skipped=(*dataset.skipped, *sorted(skipped, key=lambda s: s.file)),
        seconds=time.perf_counter() - started,
        images_per_second=embedded / loop_seconds if embedded else 0.0,
        notes=tuple(store.notes),
    )
    return snapshot, report


def _compare(snapshot: Snapshot, dataset: Dataset) -> _Difference:
    stamps = zip(snapshot.stamps["size"].tolist(), snapshot.stamps["modified_ns"].tolist(), strict=True)
    stored = dict(zip(snapshot.files, stamps, strict=True))
    present = {item.file for item in dataset.items}
    for file, reason in snapshot.reasons.items():
        # Their disk was away for a moment, or they were forbidden: unchanged, and yet they can be read now.
        if reason.startswith(UNREACHABLE) and os.access(dataset.folder / file, os.R_OK):
            stored.pop(file)
    return _Difference(
        [item for item in dataset.items if stored.get(item.file) != (item.size, item.modified_ns)],
        [file for file in snapshot.files if file not in present],
    )


def _embed(dataset: Dataset, items: list[Item], encoder: Encoder, writer) -> Iterator[tuple[int, int]]:
    """Embed and store `items`, yielding (items dealt with so far, images embedded) per batch."""
    preset = encoder.preset

    def prepare(item: Item) -> np.ndarray | BadImage:
        try:
            return centre_crop(
                open_image(dataset.folder / item.file, preset.resize), preset.resize, preset.crop
            )
        except BadImage as error:
            return error

    done = 0
    for batch in _batches(_decoded_ahead(prepare, items)):
        good = [(item, image) for item, image in batch if not isinstance(image, BadImage)]
        bad = [(item, str(error)) for item, error in batch if isinstance(error, BadImage)]
        if good:
            embeddings = encoder.embed(np.stack([image for _, image in good]))
            writer.add([(item.file, item.size, item.modified_ns) for item, _ in good], embeddings)
        if bad:
            writer.skip(
                [(item.file, item.size, item.modified_ns) for item, _ in bad], [reason for _, reason in bad]
            )
        done += len(batch)
        yield done, len(good)


def _decoded_ahead(prepare: Callable, items: Iterable[Item]) -> Iterator[tuple[Item, np.ndarray | BadImage]]:
    """Decode in threads a few batches ahead of the network, in order and in bounded memory."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        pending = deque()
        try:
            for item in items:
                pending.append((item, pool.submit(prepare, item)))
                if len(pending) > 3 * BATCH:
                    first, future = pending.popleft()
                    yield first, future.result()
            for item, future in pending:
                yield item, future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _batches(pairs: Iterator) -> Iterator[list]:
    batch = []
    for pair in pairs:
        batch.append(pair)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
