"""Embedding in another process, at low priority, so that this one can serve pages meanwhile."""

from pathlib import Path
from typing import Any

from imsearch_core.datasets import Dataset
from imsearch_core.encoders import load_encoder
from imsearch_core.low_priority import LowPriorityProcess
from imsearch_core.progress import Progress
from imsearch_core.store.embedding_store import EmbeddingStore
from imsearch_core.store.sync import dedicate_process, sync


def sync_in_background(
    store: EmbeddingStore, dataset: Dataset, encoder: str, weights: Path | None, progress: Progress
) -> None:
    """`sync` by another process, which ends with this one; the next call continues where it stopped.

    Raises ImsearchError as `sync` does, or ProcessEnded if the process was killed.
    """
    process = LowPriorityProcess(_sync, store.path, store.fingerprint, dataset, encoder, weights)
    process.result(progress)


def _sync(
    path: Path,
    fingerprint: dict[str, Any],
    dataset: Dataset,
    encoder: str,
    weights: Path | None,
    progress: Progress,
) -> None:
    dedicate_process()
    sync(EmbeddingStore(path, fingerprint), dataset, lambda: load_encoder(encoder, weights), progress)
