"""Building an index in a process of low priority, so that the one that serves pages stays quick."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from imsearch_core.index.base import Contents
from imsearch_core.low_priority import LowPriorityProcess
from imsearch_core.progress import Progress
from imsearch_core.vectors.embeddings import Embeddings


def build_elsewhere(
    open_index: Callable[[str, Contents], object], engine: str, contents: Contents, progress: Progress
) -> None:
    """Have `open_index(engine, contents)` called by another process, which leaves what it saves in the cache.

    Progress counts the embeddings that the engine reads. Raises ImsearchError as `open_index` does.
    """
    LowPriorityProcess(_build, open_index, engine, contents).result(progress)


def _build(
    open_index: Callable[[str, Contents], object], engine: str, contents: Contents, progress: Progress
) -> None:
    open_index(engine, replace(contents, embeddings=_Counted(contents.embeddings, progress)))


class _Counted(Embeddings):
    """Embeddings that tell how many of them have been read."""

    def __init__(self, embeddings: Embeddings, progress: Progress) -> None:
        self.__dict__.update(embeddings.__dict__)
        self._progress, self._read = progress, 0

    def rows(self, items: np.ndarray) -> np.ndarray:
        self._read = min(self._read + len(items), len(self))
        self._progress(self._read, len(self))
        return super().rows(items)
