"""A text tower: embeds phrases in the space of the pictures, and keeps fixed ones on disk."""

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from imsearch_core.encoders.base import TextEncoder
from imsearch_core.files import data_dir, read_arrays, write_arrays
from imsearch_core.progress import Progress, silent
from imsearch_core.search.likely import unrelated_phrases
from imsearch_core.vectors.unit import unit

_BATCH = 16  # texts
_REMEMBERED = 256  # phrases


class TextTower:
    """The text tower of one encoder, loaded when a text is embedded. Threads may share it."""

    def __init__(self, load: Callable[[], TextEncoder], fingerprint: dict[str, Any]) -> None:
        """`fingerprint` is the encoder's: kept embeddings are those of this encoder alone."""
        self._load = load
        self._fingerprint = fingerprint
        self._lock = threading.Lock()
        self.embed = lru_cache(_REMEMBERED)(self._embed)

    def _embed(self, phrase: str) -> np.ndarray:
        """float32 [d], of length 1."""
        return self._embed_all([phrase], silent)[0]

    def kept(self, texts: Sequence[str], progress: Progress = silent) -> np.ndarray:
        """float32 [n, d], each of length 1: fixed texts, embedded once for all collections.

        `progress` counts texts while they are embedded.
        """
        with self._lock:
            found = read_arrays(self._path(texts)).get("embeddings")
            if found is None or len(found) != len(texts):
                found = self._embed_all(texts, progress)
                with suppress(OSError):  # where nothing can be written, they are made again
                    write_arrays(self._path(texts), embeddings=found)
            return found

    def are_kept(self, texts: Sequence[str]) -> bool:
        """Whether `kept` needs no network."""
        return self._path(texts).is_file()

    @cached_property
    def bank(self) -> np.ndarray:
        """float32 [b, d]: the phrases that few collections show (see `imsearch_core.search.likely`)."""
        return self.kept(unrelated_phrases())

    @cached_property
    def common(self) -> np.ndarray:
        """float32 [d]: what all texts have in common, the mean of the bank.

        CLIP's texts and pictures lie in two narrow cones (Liang et al. 2022, "Mind the gap",
        https://arxiv.org/abs/2203.02053). What a text says is its difference from the mean of its cone.
        """
        return self.bank.mean(axis=0)

    def _embed_all(self, texts: Sequence[str], progress: Progress) -> np.ndarray:
        encoder, rows = self._load(), []
        for start in range(0, len(texts), _BATCH):
            progress(start, len(texts))
            rows.append(encoder.embed_texts(texts[start : start + _BATCH]))
        progress(len(texts), len(texts))
        return unit(np.concatenate(rows).astype(np.float32, copy=False))

    def _path(self, texts: Sequence[str]) -> Path:
        key = json.dumps([self._fingerprint, list(texts)], sort_keys=True)
        return data_dir() / "texts" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npz"
