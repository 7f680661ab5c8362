"""The only place that writes embeddings to disk, and reads them back.

One folder per collection and encoder:

    rows.sqlite            what made the embeddings (fingerprint), and per file its row or why it was skipped
    embeddings-<n>.f32     float32 rows, one embedding each, append-only
    embeddings-<n>.i8      a compact copy of many rows (`imsearch_core.vectors.quantised`), with its .npz
    head.npz               the encoder's class weights, so that weighting by a class needs no network

A batch is written to the matrix first and then entered in one SQLite transaction. Killed between the
two, the next run overwrites the unentered rows: a batch is the most that is ever lost. Rows are
never reused, so a reader that holds the matrix open keeps seeing what it opened.

Everything is under a checksum. Entries are checked whenever the store is opened. So are embeddings,
unless they are so many that there is a compact copy: then each is checked when it is copied and
whenever it is read.
"""

from imsearch_core.store.embedding_store import EmbeddingStore, store_path
from imsearch_core.store.reader import Snapshot
from imsearch_core.store.writer import StoreWriter

__all__ = ["EmbeddingStore", "Snapshot", "StoreWriter", "store_path"]
