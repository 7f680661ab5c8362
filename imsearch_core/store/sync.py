"""Brings a store up to date with its folder: embeds new and changed pictures, forgets deleted ones."""

import math
import os
import time
from collections import ChainMap, deque
from collections.abc import Callable, Container, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from pathlib import Path

import numpy as np

from imsearch_core.datasets import Dataset, Item, Skipped
from imsearch_core.encoders import Encoder
from imsearch_core.encoders.device import batch_size, device_of
from imsearch_core.errors import BadImage, ImsearchError, UsageError
from imsearch_core.files import checksum
from imsearch_core.garbage import no_garbage
from imsearch_core.low_priority import ProcessEnded
from imsearch_core.pictures.decode import NOTE, UNREACHABLE
from imsearch_core.progress import Progress, silent
from imsearch_core.store.absent import absent_files
from imsearch_core.store.embedding_store import CannotWrite, EmbeddingStore
from imsearch_core.store.entries import FileStamp
from imsearch_core.store.moved import adopt_earlier
from imsearch_core.store.properties import PROPERTIES_KEPT
from imsearch_core.store.reader import Snapshot
from imsearch_core.store.writer import StoreWriter
from imsearch_core.wording import counted

BATCH = 8
"""Images embedded and stored at a time; more on a GPU."""
MANY = 150
"""Images to embed that are worth the seconds another process takes to start."""
_PROCESSORS = os.cpu_count() or 1
WORKERS = min(8, _PROCESSORS + 1)
"""Threads that each take a batch from files to embeddings; a killed run loses three batches of each at most.

One more than there are processors, for while another waits; no more than 8, because VGG16 needs 0.2 GB
for a batch.
"""

_TOLD = ["size", "modified_ns", "identity", "content"]  # what a stamp says of a file
_STORED_TOGETHER = 2  # batches: waiting for the disk takes as long as embedding a picture or two
_SAID = 256  # pictures whose properties are kept at a time; those a killed run loses are read again


@dataclass(frozen=True)
class SyncReport:
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
    defects: tuple[Skipped, ...] = ()
    """Pictures that can be searched although something is wrong with their files, and what."""
    device: str = ""
    """What embedded them, such as "CPU"; empty if nothing was embedded by this process."""
    missing: int = 0
    """Pictures that are not embedded: the disk is full or read-only, or the process was ended, if begun."""


@dataclass(frozen=True)
class _Difference:
    """What separates a store from its folder."""

    to_embed: list[Item]
    gone: list[str]
    """Stored, and deleted from the folder."""
    absent: dict[str, list[str]]
    """Stored, and away with their disk, by the reason."""
    touched: dict[str, int]
    """Stored and with the same content, but of another identity: the present one of each file."""


def sync(
    store: EmbeddingStore,
    dataset: Dataset,
    load: Callable[[], Encoder],
    progress: Progress = silent,
    embed_elsewhere: Callable[[Progress], None] | None = None,
    force: bool = False,
) -> tuple[Snapshot, SyncReport]:
    """Make `store` hold exactly the readable images of `dataset`.

    The encoder is loaded only if something must be embedded. If given, `embed_elsewhere` first embeds
    what it can when there are MANY images to embed. With `force`, everything is embedded again.

    Safe to interrupt at any moment and to run in several processes at once: the later one waits, showing
    the other's progress, then does what is left. If the store cannot be written, or the process that
    embeds is killed, the report names what is missing. Raises UsageError if the dataset has no images:
    more likely its disk is not mounted than everything deleted.
    """
    if not dataset.items:
        left_out = [*(f"{skipped.file}: {skipped.reason}" for skipped in dataset.skipped), *dataset.notes]
        raise UsageError(
            f"{dataset.folder} holds no pictures"
            + (
                f" but what was left out ({left_out[0]})"
                if left_out
                else ": put pictures into it, in one sub-folder per class if they are to have labels"
            )
        )
    started = time.perf_counter()
    adopt_earlier(store, dataset)
    if force:
        with store.writing() as writer:
            writer.remove(item.file for item in dataset.items)
    snapshot = store.read()
    difference = _compare(snapshot, dataset)
    done = _Done()
    unfinished: tuple[Skipped, ...] = ()
    if _needs_work(store, snapshot, difference):
        try:
            if embed_elsewhere and len(difference.to_embed) >= MANY:
                embed_elsewhere(progress)
                snapshot = store.read()
                difference = _compare(snapshot, dataset)
            if _needs_work(store, snapshot, difference):
                _update(store, dataset, load, progress, snapshot, difference, done)
        except (CannotWrite, ProcessEnded) as error:
            unfinished = _missing(store, dataset, error)
        snapshot = store.read()
        difference = _compare(snapshot, dataset)
    for reason, files in difference.absent.items():
        store.notes.append(
            f"{reason}: the embeddings of {counted(len(files), 'picture')} are kept until it is back"
        )
    left_out = {file for files in difference.absent.values() for file in files}
    left_out |= {*difference.gone, *(item.file for item in difference.to_embed)} if unfinished else set()
    snapshot = snapshot.without(left_out & set(snapshot.files))
    return snapshot, _report(store, dataset, snapshot, done, unfinished, time.perf_counter() - started)


def as_stored(store: EmbeddingStore, dataset: Dataset) -> tuple[Snapshot, SyncReport]:
    """What `store` holds of `dataset` by now, without what has changed since; nothing is embedded.

    The report counts the rest as missing.
    """
    started = time.perf_counter()
    snapshot = store.read()
    difference = _compare(snapshot, dataset)
    away = {file for files in difference.absent.values() for file in files}
    left_out = {*away, *difference.gone, *(item.file for item in difference.to_embed)}
    snapshot = snapshot.without(left_out & set(snapshot.files))
    report = _report(store, dataset, snapshot, _Done(), (), time.perf_counter() - started)
    return snapshot, replace(report, missing=len(difference.to_embed))


def _report(
    store: EmbeddingStore,
    dataset: Dataset,
    snapshot: Snapshot,
    done: "_Done",
    missing: tuple[Skipped, ...],
    seconds: float,
) -> SyncReport:
    skipped = (*(Skipped(file, reason) for file, reason in snapshot.reasons.items()), *missing)
    searchable = len(snapshot.files) - len(snapshot.reasons)
    return SyncReport(
        images=searchable,
        embedded=done.embedded,
        reused=searchable - done.embedded,
        removed=done.removed,
        skipped=(*dataset.skipped, *sorted(skipped, key=lambda s: s.file)),
        seconds=seconds,
        images_per_second=done.embedded / done.seconds if done.embedded else 0.0,
        device=done.device,
        notes=(*dataset.notes, *store.notes),
        missing=len(missing),
        defects=tuple(Skipped(file, defect) for file, defect in sorted(snapshot.defects.items())),
    )


@dataclass
class _Done:
    """What a run has done so far."""

    embedded: int = 0
    removed: int = 0
    seconds: float = 0.0
    """Spent on decoding, embedding and storing."""
    device: str = ""


def _needs_work(store: EmbeddingStore, snapshot: Snapshot, difference: _Difference) -> bool:
    incomplete = store.lacks_head() or store.lacks_quantised(snapshot)
    return bool(difference.to_embed or difference.gone or difference.touched or incomplete)


def _update(
    store: EmbeddingStore,
    dataset: Dataset,
    load: Callable[[], Encoder],
    progress: Progress,
    snapshot: Snapshot,
    difference: _Difference,
    done: _Done,
) -> None:
    """Embed and remove what has to be, counting it in `done`; it was `difference` by this `snapshot`."""
    total = len(difference.to_embed)

    def waiting() -> None:
        progress(total - len(_compare(store.read(), dataset).to_embed), total)

    with store.writing(waiting) as writer:
        if store.state() != snapshot.state:  # another process wrote to it
            difference = _compare(store.read(), dataset)
        if difference.gone:
            writer.remove(difference.gone)
        if difference.touched:
            writer.confirm(difference.touched)
        done.removed = len(difference.gone)
        while True:  # copying finds damage, too
            if difference.to_embed or store.lacks_head():
                progress(0, len(difference.to_embed))
                encoder = load()
                if store.lacks_head():
                    store.write_head(encoder.head)
                done.device = device_of(encoder).name if difference.to_embed else ""
                loop_started = time.perf_counter()
                for dealt_with, count in _embed(dataset, difference.to_embed, encoder, writer):
                    done.embedded += count
                    progress(dealt_with, len(difference.to_embed))
                done.seconds += time.perf_counter() - loop_started
            writer.compact()
            if not (damaged := writer.quantise()):
                break
            store.notes.append(f"{counted(damaged, 'damaged embedding')} made again")
            difference = _compare(store.read(), dataset)


def _missing(store: EmbeddingStore, dataset: Dataset, error: ImsearchError) -> tuple[Skipped, ...]:
    """The pictures that a run cut short by `error` did not embed. Raises it if nothing is stored."""
    snapshot = store.read()
    to_embed = _compare(snapshot, dataset).to_embed
    if store.lacks_head() or len(to_embed) == len(dataset.items):
        raise error
    if to_embed:
        missing = counted(len(to_embed), "picture is", "pictures are")
        store.notes.append(f"{missing} missing, not embedded yet: {error}")
    return tuple(Skipped(item.file, "not embedded yet") for item in to_embed)


@no_garbage()
def _compare(snapshot: Snapshot, dataset: Dataset) -> _Difference:
    again = {  # their disk was away for a moment, or reading was forbidden: unchanged, and yet readable now
        file
        for file, reason in snapshot.reasons.items()
        if reason.startswith(UNREACHABLE) and os.access(dataset.folder / file, os.R_OK)
    }
    to_embed, touched = [], {}
    differing = _differing(snapshot, dataset.items, again)
    for item, place in differing:
        if place < 0 or item.file in again:
            to_embed.append(item)
            continue
        size, modified_ns, identity, content = snapshot.stamps[_TOLD][place].item()
        if (size, modified_ns) != (item.size, item.modified_ns):
            to_embed.append(item)
        elif identity:  # replaced, copied, or only its permissions changed; 0 if it was not known then
            if content and content == _checksum(dataset.folder / item.file, item.identity):
                touched[item.file] = item.identity
            else:
                to_embed.append(item)
    gone = []
    if differing or len(snapshot.files) != len(dataset.items):
        present = {item.file for item in dataset.items}
        gone = [file for file in snapshot.files if file not in present]
    absent = absent_files(dataset.folder, gone)
    away = {file for files in absent.values() for file in files}
    return _Difference(to_embed, [file for file in gone if file not in away], absent, touched)


def _differing(snapshot: Snapshot, items: Sequence[Item], again: Container[str]) -> list[tuple[Item, int]]:
    """The items that are not as a snapshot has them, or are among `again`, with their places there, or -1."""
    places = snapshot.places([item.file for item in items])
    differ = places < 0  # no loop: of a million, few have changed
    if len(snapshot.stamps):
        before = snapshot.stamps[places]
        for name in ("size", "modified_ns", "identity"):
            differ |= before[name] != np.fromiter(map(attrgetter(name), items), np.int64, len(items))
    if again:
        differ |= [item.file in again for item in items]
    return [(items[i], int(places[i])) for i in np.flatnonzero(differ)]


@lru_cache(maxsize=100_000)
def _checksum(path: Path, identity: int) -> int:
    """The CRC-32 of a file, 0 if it cannot be read: it is read once while its `identity` stays."""
    try:
        return checksum(path) if path.is_file() else 0  # a pipe would keep us waiting
    except OSError:
        return 0


def dedicate_process() -> None:
    """Tell TensorFlow that this process does nothing but index; call it before an encoder is loaded.

    Batches are embedded side by side then, and an operation divided among processors as well only makes
    them wait for one another.
    """
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(max(1, _PROCESSORS // WORKERS)))


@dataclass(frozen=True)
class _Embedded:
    """A batch, taken apart."""

    good: list[FileStamp]
    embeddings: np.ndarray | None
    """float32 [n, d], a row for each good one; None if there are none."""
    bad: list[tuple[FileStamp, str]]
    defects: dict[str, str]
    """What is wrong with some of the good ones."""
    properties: list[tuple[Item, np.void]]
    """What the good ones say about themselves."""


def _embed(
    dataset: Dataset, items: list[Item], encoder: Encoder, writer: StoreWriter
) -> Iterator[tuple[int, int]]:
    """Embed and store `items`, yielding (items dealt with so far, images embedded) as they are stored."""
    preset, said = encoder.preset, []

    def embed(batch: list[Item]) -> _Embedded:
        good, squares, bad, defects, properties = [], [], [], {}, []
        for item in batch:
            try:
                image = preset.open(dataset.folder / item.file)
                if defect := image.info.get(NOTE):
                    defects[item.file] = defect
                squares.append(preset.prepare(image))
                good.append(_stamped(dataset.folder, item))
                if (said := PROPERTIES_KEPT.make(dataset.folder / item.file)) is not None:
                    properties.append((item, said))
            except BadImage as error:
                bad.append((_stamped(dataset.folder, item), str(error)))
        embeddings = encoder.embed(np.stack(squares)) if good else None
        return _Embedded(good, embeddings, bad, defects, properties)

    batches = _dealt(items, batch_size(device_of(encoder), WORKERS, least=BATCH) if items else BATCH)
    done, embedded = 0, _side_by_side(embed, batches)
    while some := list(islice(embedded, _STORED_TOGETHER)):
        good = [file for batch in some for file in batch.good]
        bad = [one for batch in some for one in batch.bad]
        if good:
            rows = np.concatenate([batch.embeddings for batch in some if batch.good])
            writer.add(good, rows, dict(ChainMap(*(batch.defects for batch in some))))
        if bad:
            writer.skip(*zip(*bad, strict=True))
        done += len(good) + len(bad)
        said += [one for batch in some for one in batch.properties]
        if len(said) >= _SAID or done == len(items):
            PROPERTIES_KEPT.keep(dataset.folder, said)
            said = []
        yield done, len(good)


def _dealt(items: list[Item], most: int) -> list[list[Item]]:
    """Batches of `most` items; a few items are dealt out evenly, so that no processor idles meanwhile."""
    size = max(1, min(most, math.ceil(len(items) / _PROCESSORS)))
    return [items[start : start + size] for start in range(0, len(items), size)]


def _stamped(folder: Path, item: Item) -> FileStamp:
    content = _checksum.__wrapped__(folder / item.file, item.identity)
    return FileStamp(item.file, item.size, item.modified_ns, item.identity, content)


def _side_by_side(embed: Callable[[list[Item]], _Embedded], batches: list[list[Item]]) -> Iterator[_Embedded]:
    """What `embed` makes of each batch, in their order, computed ahead in threads and in bounded memory."""
    with ThreadPoolExecutor(WORKERS) as pool:
        pending = deque()
        try:
            for batch in batches:
                pending.append(pool.submit(embed, batch))
                if len(pending) == 2 * WORKERS:
                    yield pending.popleft().result()
            for future in pending:
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)
