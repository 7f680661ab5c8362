"""Finds the embeddings of a folder that was renamed, moved or copied."""

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

from imsearch_core.datasets import Dataset
from imsearch_core.errors import ImsearchError
from imsearch_core.files import atomic_folder, private_folder
from imsearch_core.store.embedding_store import EmbeddingStore
from imsearch_core.store.entries import read_entries
from imsearch_core.store.reader import connect, database_path

_SAMPLED = 20  # pictures, at least where there are so many
_SAME = 0.9  # share of pictures with the same name, size and time that makes it the same folder


def earlier_store(dataset: Dataset, own: Path) -> Path | None:
    """The store, other than `own`, of a folder with the same pictures, by the same encoder.

    Pictures are the same if they have the same path within the folder, size and time of modification.
    The name of the store's parent is the `folder_key` of the earlier place. None if there is none.
    """
    best, most = None, _SAME * len(dataset.items)
    for store in own.parent.parent.glob(f"*/{own.name}"):
        if store != own and (same := _same(dataset, store)) >= most:
            best, most = store, same
    return best


def adopt_earlier(store: EmbeddingStore, dataset: Dataset) -> None:
    """Begin a store that does not exist with a copy of an earlier one, if there is one, and note it."""
    if database_path(store.path).exists():
        return
    earlier = earlier_store(dataset, store.path)
    if earlier is None:
        return
    try:
        private_folder(store.path.parent)
        with (
            EmbeddingStore(earlier, store.fingerprint).writing(),  # nobody changes it meanwhile
            atomic_folder(store.path, 0o700) as copy,
        ):
            for file in earlier.iterdir():
                if file.name == "head.npz" or file.name.startswith(("rows.sqlite", "embeddings-")):
                    shutil.copy2(file, copy)
    except (OSError, ImsearchError):  # no room, or another process was quicker: embedding works without
        pass
    else:
        store.notes.append("the embeddings were found at an earlier place of this folder and copied")


def _knows_some(database: sqlite3.Connection, dataset: Dataset) -> bool:
    """Whether a store has entries for half of a few pictures: only then are all its entries worth reading."""
    sample = dataset.items[:: max(1, len(dataset.items) // _SAMPLED)]
    find = "SELECT 1 FROM images WHERE file = ?"
    found = (database.execute(find, (os.fsencode(item.file),)).fetchone() for item in sample)
    return 2 * sum(row is not None for row in found) >= len(sample)


def _same(dataset: Dataset, store: Path) -> int:
    """How many pictures of `dataset` a store knows; 0 if it clearly holds others."""
    try:
        with contextlib.closing(connect(store)) as database:
            if not _knows_some(database, dataset):
                return 0
            entries = read_entries(database)
    except (sqlite3.Error, ValueError):
        return 0
    stamps = zip(entries.stamps["size"].tolist(), entries.stamps["modified_ns"].tolist(), strict=True)
    known = dict(zip(entries.files, stamps, strict=True))
    return sum(known.get(item.file) == (item.size, item.modified_ns) for item in dataset.items)
